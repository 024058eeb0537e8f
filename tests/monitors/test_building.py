"""Making blocks for links and documents for blocks: once each, again only when something changed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import forget_figures, load
from workbench.core.cards import save_card
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_for
from workbench.evidence.measuring.models import Aiming, Measuring, Side
from workbench.evidence.operations import remove_link
from workbench.indicators.models import CouncilArea, Series
from workbench.indicators.operations import move_to
from workbench.indicators.queries import find_indicator, search
from workbench.monitors import building
from workbench.monitors.building import build_blocks
from workbench.monitors.format import (
    Figure,
    Format,
    Section,
    Table,
    add_block,
    change_block,
    hide_block,
    key_of,
)
from workbench.monitors.models import BlockDocument, Monitor
from workbench.monitors.operations import format_of, publish, shape
from workbench.monitors.queries import newest_changes, stored_by_plan
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.operations import change_goal


def documents() -> dict[tuple[str, str], BlockDocument]:
    """(link id, language) -> document, read afresh."""
    db.flush()
    db.expire_all()
    return {
        (str(document.link_id), document.language): document
        for document in db.scalars(sa.select(BlockDocument))
    }


def draft() -> Format:
    """The format of the one monitor there is, as stored."""
    db.flush()
    monitor = db.scalars(sa.select(Monitor)).one()
    return format_of(monitor, monitor.draft)


def figures_in(section: Section) -> list[UUID]:
    return [block.id for block in section.blocks if isinstance(block, Figure)]


def touch(slug: str) -> None:
    """Let the figures of an indicator have changed just now."""
    db.commit()
    with as_platform():
        found = next(item for item in search("")[1] if item.slug == slug)
        db.execute(
            sa.update(Series)
            .where(Series.indicator_id == found.id)
            .values(changed_at=datetime.now(UTC) + timedelta(seconds=1))
        )


@pytest.fixture
def value(cast: Cast) -> Value:
    return make_value(make_plan())


def test_each_link_gets_one_block_in_the_section_of_its_value(value: Value) -> None:
    goal = make_goal(value)
    links = [make_link(goal, slug) for slug in ("inwoners", "huishoudensgrootte")]
    assert build_blocks() == 2
    [section] = [section for section in draft().sections if section.value_id]
    assert section.value_id == value.id
    assert [block.link_id for block in section.blocks if isinstance(block, Figure)] == [
        link.id for link in links
    ]
    assert set(documents()) == {(str(link.id), language) for link in links for language in ("nl", "en")}


def test_a_goal_of_two_values_has_its_blocks_under_the_older_one(value: Value) -> None:
    younger = make_value(db.get_one(Plan, value.plan_id), "Vrijheid")
    goal = make_goal(younger)
    change_goal(goal, None, goal.version, values=[younger, value])
    make_link(goal)
    build_blocks()
    [section] = [section for section in draft().sections if figures_in(section)]
    assert section.value_id == value.id


def test_building_twice_builds_nothing_twice(value: Value) -> None:
    make_link(make_goal(value))
    assert build_blocks() == 1
    before = {key: (document.id, document.built_at) for key, document in documents().items()}
    assert build_blocks() == 0
    assert {key: (document.id, document.built_at) for key, document in documents().items()} == before


def test_a_document_holds_words_table_and_drawing_in_its_own_language(value: Value) -> None:
    link = make_link(make_goal(value))
    build_blocks()
    found = documents()
    for language in ("nl", "en"):
        document = found[str(link.id), language]
        content = document.content
        assert content["state"] == "ready"
        assert content["title"]
        assert content["sentence"]
        assert content["svg"].startswith("<svg")
        assert content["table_html"].count("<tr") > 4
        assert document.chart is not None
    assert found[str(link.id), "nl"].version != found[str(link.id), "en"].version


def test_only_figures_that_changed_are_built_again(value: Value) -> None:
    goal = make_goal(value)
    changed, same = make_link(goal, "huishoudensgrootte"), make_link(goal, "stedelijkheid")
    build_blocks()
    before = {key: document.built_at for key, document in documents().items()}
    touch("huishoudensgrootte")
    assert build_blocks() == 1
    after = {key: document.built_at for key, document in documents().items()}
    assert after[str(changed.id), "nl"] > before[str(changed.id), "nl"]
    assert after[str(same.id), "nl"] == before[str(same.id), "nl"]
    assert build_blocks() == 0


def test_figures_that_were_fetched_again_without_a_change_give_a_new_day_of_fetching_and_are_no_news(
    value: Value,
) -> None:
    goal = make_goal(value)
    fetched, other = make_link(goal, "huishoudensgrootte"), make_link(goal, "stedelijkheid")
    build_blocks()
    before = documents()[str(fetched.id), "nl"].data_changed_at
    plan = db.get_one(Plan, value.plan_id)
    news = [view.link.id for view in newest_changes(stored_by_plan(plan.id)[plan.id], "nl")]
    db.commit()
    with as_platform():
        series = [item.id for item in find_indicator("huishoudensgrootte").series]
        moment = datetime(2031, 5, 1, 12, tzinfo=UTC)
        db.execute(sa.update(Series).where(Series.id.in_(series)).values(fetched_at=moment))
    assert build_blocks() == 1
    assert build_blocks() == 0
    document = documents()[str(fetched.id), "nl"]
    assert "opgehaald op 1 mei 2031" in document.content["source"]
    assert document.data_changed_at == before
    assert (
        [view.link.id for view in newest_changes(stored_by_plan(plan.id)[plan.id], "nl")]
        == news
        == [other.id, fetched.id]
    )


def test_a_revised_figure_gives_another_version_and_equal_figures_the_same(value: Value) -> None:
    link = make_link(make_goal(value), "huishoudensgrootte")
    build_blocks()
    first = documents()[str(link.id), "nl"].version
    touch("huishoudensgrootte")
    build_blocks()
    assert documents()[str(link.id), "nl"].version == first
    load("huishoudensgrootte", ("GM0034", "2020JJ00", 9.9, "final", None))
    build_blocks()
    assert documents()[str(link.id), "nl"].version != first


def test_a_goal_that_moves_to_another_value_takes_its_block_along(value: Value) -> None:
    goal = make_goal(value)
    link = make_link(goal)
    build_blocks()
    [block] = draft().drawn
    other = make_value(db.get_one(Plan, value.plan_id), "Vrijheid")
    change_goal(goal, None, goal.version, values=[other])
    build_blocks()
    [section] = [section for section in draft().sections if figures_in(section)]
    assert figures_in(section) == [block.id], "the address of a block stays"
    assert section.value_id == other.id
    assert (str(link.id), "nl") in documents()


def test_a_figure_without_a_source_is_a_block_that_says_so(value: Value) -> None:
    slug = next(found.slug for found in search("")[1] if not found.series)
    link = make_link(make_goal(value), slug)
    assert build_blocks() == 1
    document = documents()[str(link.id), "nl"]
    assert document.content["state"] == "missing"
    assert "nog niet gekoppeld" in document.content["state_text"]
    assert document.chart is None
    assert build_blocks() == 0


def test_a_source_without_figures_about_us_is_a_block_that_says_so(value: Value) -> None:
    forget_figures("stedelijkheid")
    load("stedelijkheid", ("GM0758", "2020JJ00", 3.0, "final", None))
    link = make_link(make_goal(value), "stedelijkheid")
    build_blocks()
    content = documents()[str(link.id), "nl"].content
    assert content["state"] == "missing"
    assert "Almere" in content["state_text"]


def test_a_link_that_is_removed_takes_its_block_and_documents_along(value: Value) -> None:
    link = make_link(make_goal(value))
    build_blocks()
    remove_link(link)
    db.flush()
    build_blocks()
    assert documents() == {}
    assert draft().drawn == []


def test_every_block_is_built_for_its_own_council_only(cast: Cast, value: Value) -> None:
    make_link(make_goal(value))
    here, there = cast.almere.id, cast.breda.id
    db.commit()
    act_for(db, there)
    assert build_blocks() == 0
    act_for(db, here)
    assert build_blocks() == 1
    assert "Almere" in str([document.content for document in documents().values()])


def test_a_council_without_an_area_builds_nothing_and_does_so_later(value: Value) -> None:
    make_link(make_goal(value))
    area = db.scalars(sa.select(CouncilArea)).one()
    area.valid_until = datetime(2020, 1, 1, tzinfo=UTC).date()
    assert build_blocks() == 0
    area.valid_until = None
    assert build_blocks() == 1


def test_a_council_that_goes_on_with_another_area_gets_the_figures_of_that_one(value: Value) -> None:
    make_link(make_goal(value))
    build_blocks()
    assert "Almere" in str([document.content for document in documents().values()])
    move_to("GM0758", datetime.now(UTC).date())
    db.flush()
    assert build_blocks() == 1
    content = str([document.content for document in documents().values()])
    assert "Breda" in content
    assert "Almere" not in content
    assert build_blocks() == 0


def test_other_options_in_the_draft_are_another_document_beside_the_published_one(value: Value) -> None:
    link = make_link(make_goal(value))
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    publish(monitor, monitor.draft, None)
    [block] = draft().drawn
    before = documents()[str(link.id), "nl"]
    seen = (before.id, before.built_at)
    later = block.model_copy(update={"from_year": 2022})
    shape(monitor, monitor.draft, lambda it: change_block(it, later), {"what": "changed"}, None)
    assert build_blocks() == 1
    assert build_blocks() == 0
    found = list(db.scalars(sa.select(BlockDocument).where(BlockDocument.language == "nl")))
    assert {document.block_id for document in found} == {block.id}
    assert {document.key for document in found} == {key_of(block), key_of(later)}
    assert seen in {(document.id, document.built_at) for document in found}, (
        "what is published was left alone"
    )
    rows = {document.key: document.content["table_html"].count("<tr") for document in found}
    assert rows[key_of(later)] < rows[key_of(block)]
    publish(monitor, monitor.draft, None)
    assert build_blocks() == 0
    left = db.scalars(sa.select(BlockDocument.key).where(BlockDocument.language == "nl")).all()
    assert left == [key_of(later)], "what no format in use asks for is gone"


def test_how_a_block_is_folded_or_hidden_builds_nothing_again(value: Value) -> None:
    make_link(make_goal(value))
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    [block] = draft().drawn
    opened = block.model_copy(update={"table_open": True, "hidden": True})
    assert shape(monitor, monitor.draft, lambda it: change_block(it, opened), {"what": "changed"}, None)
    assert build_blocks() == 0


def test_a_table_has_no_drawing_and_no_chart(value: Value) -> None:
    link = make_link(make_goal(value))
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    table = Table(id=uuid4(), link_id=link.id, show_band=False)
    [section, *_closing] = draft().sections
    shape(monitor, monitor.draft, lambda it: add_block(it, table, section.id), {"what": "added"}, None)
    assert build_blocks() == 1
    stored = db.scalars(
        sa.select(BlockDocument).where(BlockDocument.block_id == table.id, BlockDocument.language == "nl")
    ).one()
    assert (stored.chart, stored.content["svg"]) == (None, "")
    assert "Mediaan" not in stored.content["table_html"]
    assert "Mediaan" in documents_of(section)[0].content["table_html"]


def documents_of(section: Section) -> list[BlockDocument]:
    ids = figures_in(section)
    query = sa.select(BlockDocument).where(BlockDocument.block_id.in_(ids), BlockDocument.language == "nl")
    return list(db.scalars(query))


def test_a_monitor_that_somebody_shaped_no_longer_follows_its_plan(value: Value) -> None:
    goal = make_goal(value)
    make_link(goal)
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    [block] = draft().drawn
    shape(monitor, monitor.draft, lambda it: hide_block(it, block.id, True), {"what": "hidden"}, None)
    make_link(goal, "stedelijkheid")
    assert build_blocks() == 0
    assert [found.id for found in draft().drawn] == [block.id]


def test_an_aim_and_a_limit_that_the_council_sets_are_in_the_figure(value: Value) -> None:
    link = make_link(make_goal(value))
    key = (str(link.id), "nl")
    build_blocks()
    assert build_blocks() == 0
    measuring = Measuring(link_id=link.id)
    db.add(measuring)
    set_ = {"aiming": Aiming.AIM, "aims": "2028: 250000", "signal_side": Side.ABOVE, "signal_limit": 300000.0}
    save_card(measuring, set_, by=None)
    db.commit()
    db.expire_all()
    assert build_blocks() == 1
    content = documents()[key].content
    assert "De streefwaarde voor 2028 is 250.000." in content["sentence"]
    assert "De signaalgrens ligt boven 300.000." in content["sentence"]
    assert "250.000" in content["table_html"]
    assert "streefwaarde" in content["svg"]
    save_card(measuring, {"aiming": Aiming.FOLLOW, "signal_side": None, "signal_limit": None}, by=None)
    db.commit()
    assert build_blocks() == 1
    assert "streefwaarde" not in documents()[key].content["svg"]


def test_a_crash_halfway_leaves_the_old_documents(value: Value, monkeypatch: pytest.MonkeyPatch) -> None:
    link = make_link(make_goal(value))
    build_blocks()
    version = documents()[str(link.id), "nl"].version
    make_link(db.scalars(sa.select(Goal)).one(), "stedelijkheid")
    db.commit()

    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(building.document, "build", broken)
    with pytest.raises(RuntimeError):
        build_blocks()
    db.rollback()
    assert {key: item.version for key, item in documents().items()}[str(link.id), "nl"] == version
