"""The difference between two versions lists what really changed, and nothing else."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load
from tests.monitors.formats import any_format, operations
from workbench.core.db import db
from workbench.core.errors import WorkbenchError
from workbench.evidence.operations import remove_link
from workbench.monitors import operations as monitors
from workbench.monitors.adopting.comparing import compare, number_changes, text_changes
from workbench.monitors.adopting.document import Document, Listing, Part, monitor_parts
from workbench.monitors.building import build_blocks
from workbench.monitors.changes import What, differences
from workbench.monitors.contents import MonitorWords, SectionWords, TableWords, TextWords, to_json, written
from workbench.monitors.format import Format, Text, add_block
from workbench.monitors.models import Monitor
from workbench.vision.models import Goal, Plan


def visible(format_: Format) -> Format:
    """What a reader sees of it: nothing hidden."""
    return Format(
        sections=tuple(
            section.model_copy(update={"blocks": tuple(b for b in section.blocks if not b.hidden)})
            for section in format_.sections
            if not section.hidden
        )
    )


def document(format_: Format) -> Document:
    """Each block says what its options are."""
    words = MonitorWords(
        council="Almere",
        title="Monitor",
        language="nl",
        read_on=date(2026, 1, 1),
        sections=tuple(
            SectionWords(
                id=section.id,
                name=section.title,
                value_id=section.value_id,
                items=tuple(TextWords(id=b.id, text=b.model_dump_json()) for b in section.blocks),
            )
            for section in format_.sections
        ),
    )
    return Document(tuple(monitor_parts(words)))


@given(any_format(), st.data())
def test_exactly_what_people_changed_is_listed(before: Format, data: st.DataObject) -> None:
    after = before
    for _time in range(data.draw(st.integers(0, 4))):
        try:
            after = data.draw(operations(after))(after)
        except WorkbenchError:
            continue
    before, after = visible(before), visible(after)
    listed = [(change.what, change.part.key) for change in compare(document(before), document(after))]
    changed = [
        (item.what, f"{'block' if hasattr(item.part, 'kind') else 'section'}-{item.part.id}")
        for item in differences(before, after)
    ]
    assert listed == changed


@given(any_format())
def test_without_a_change_the_list_is_empty(format_: Format) -> None:
    assert compare(document(visible(format_)), document(visible(format_))) == []


texts = st.dictionaries(st.sampled_from(["name", "sentence", "text"]), st.text(max_size=9))


@given(texts, texts)
def test_of_a_text_every_field_that_differs_is_told_with_both_texts(
    before: dict[str, str], after: dict[str, str]
) -> None:
    told = {change.field: (change.before, change.after) for change in text_changes(before, after)}
    fields = {name: (before.get(name, ""), after.get(name, "")) for name in {*before, *after}}
    assert told == {name: pair for name, pair in fields.items() if pair[0] != pair[1]}


def table(*rows: tuple[str, ...]) -> dict[str, Any]:
    return to_json(TableWords(caption="Inwoners", columns=("Periode", "Almere", "Status"), rows=rows))


def test_of_a_table_each_number_that_was_revised_came_or_went_is_told() -> None:
    before = table(("2022", "10", "definitief"), ("2023", "11", "voorlopig"), ("2021", "9", "definitief"))
    after = table(("2022", "10", "definitief"), ("2023", "12", "definitief"), ("2024", "13", "voorlopig"))
    told = [(c.row, c.column, c.before, c.after) for c in number_changes(before, after)]
    assert told == [
        ("2023", "Almere", "11", "12"),
        ("2023", "Status", "voorlopig", "definitief"),
        ("2024", "Almere", "", "13"),
        ("2024", "Status", "", "voorlopig"),
        ("2021", "Almere", "9", ""),
        ("2021", "Status", "definitief", ""),
    ]
    assert list(number_changes(before, before)) == []
    assert len(list(number_changes(None, after))) == 6


@given(st.lists(st.tuples(*[st.sampled_from(["a", "b", ""])] * 3), max_size=6))
def test_rows_of_one_name_are_held_apart(rows: list[tuple[str, ...]]) -> None:
    assert list(number_changes(table(*rows), table(*rows))) == []


def test_a_list_that_differs_in_one_line_is_told_as_changed() -> None:
    before, after = (
        Document((Part.of("skips", Listing(kind="skips", title="Overgeslagen", lines=lines)),))
        for lines in (("Stap 5: geen tijd",), ("Stap 5: geen tijd", "Stap 7: nog geen begroting"))
    )
    [change] = compare(before, after)
    assert change.what is What.CHANGED
    assert change.texts[0].after.endswith("nog geen begroting")


# --- On the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(cast: Cast, client: Client) -> Plan:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    for slug in ("inwoners", "huishoudensgrootte"):
        make_link(goal, slug)
    load("inwoners", ("GM0034", "2023JJ00", 217_000.0, "final", None), ("GM0034", "2024JJ00", 220_000.0, "provisional", None))  # fmt: skip
    build_blocks()
    publish()
    adopt(client, cast, plan)
    return plan


def publish() -> Monitor:
    db.expire_all()
    monitor = db.scalars(sa.select(Monitor)).one()
    if monitor.published != monitor.draft:
        monitors.publish(monitor, monitor.draft, None)
    db.commit()
    return monitor


def adopt(client: Client, cast: Cast, plan: Plan, **fields: str) -> None:
    page = client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/vaststellen", confirmed="y", **fields)
    assert page.status == 200, page.words


def difference(client: Client, plan: Plan, before: str = "1.0", after: str = "nu") -> str:
    return client.page(f"/almere/vastgesteld/{plan.id}/verschil?van={before}&tot={after}").words


def test_straight_after_adopting_nothing_changed(client: Client, cast: Cast, plan: Plan) -> None:
    assert "Er is niets veranderd." in difference(client, plan)


def test_revised_numbers_and_changed_words_are_told_and_nothing_that_stayed(
    client: Client, cast: Cast, plan: Plan
) -> None:
    load("inwoners", ("GM0034", "2023JJ00", 217_000.0, "final", None), ("GM0034", "2024JJ00", 229_888.0, "final", None))  # fmt: skip
    db.scalars(sa.select(Goal)).one().sentence = "zij om de hoek hulp vinden"
    db.commit()
    monitor = publish()
    monitors.shape(
        monitor,
        monitor.draft,
        lambda it: add_block(it, Text(id=uuid4(), text="Dit is nieuw."), it.sections[0].id),
        {"what": "added"},
        None,
    )
    build_blocks()
    publish()
    page = client.page(f"/almere/vastgesteld/{plan.id}/verschil")
    words = page.words
    assert page.soup is not None
    numbers = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
    assert [row for row in numbers if "Almere" in row] == ["2024 Almere 220.000 229.888"]
    assert not [row for row in numbers if row.startswith("2023")]
    assert "weg: in erbij: om de weg: buurt erbij: hoek hulp" in words
    assert "Tekst: Dit is nieuw. Dit is erbij gekomen. In het deel Nabijheid." in words
    headings = [heading.get_text(" ", strip=True) for heading in page.soup.select("main .wb-card h2")]
    assert [heading for heading in headings if heading.startswith("Figuur")] == [
        "Figuur: Inwoners op 1 januari"
    ]
    check = client.page(f"/almere/trajecten/{plan.id}/vaststellen")
    assert "220.000 229.888" in check.words
    adopt(client, cast, plan, size="klein", reason="Het CBS herzag het cijfer over 2024.")
    told = difference(client, plan, "1.0", "1.1")
    assert "220.000 229.888" in told
    assert "Het CBS herzag het cijfer over 2024." in told
    assert "229.888 220.000" in difference(client, plan, "1.1", "1.0")
    assert "Er is niets veranderd." in difference(client, plan, "1.1", "nu")
    assert client.page(f"/almere/vastgesteld/{plan.id}/1.1").status == 200
    assert "nieuwere versie" in client.page(f"/almere/vastgesteld/{plan.id}/1.0").words


def test_a_new_version_counts_before_the_point_and_needs_a_reason(
    client: Client, cast: Cast, plan: Plan
) -> None:
    to = f"/almere/trajecten/{plan.id}/vaststellen"
    refused = client.as_(cast.clerk).submit(to, confirmed="y", size="nieuw")
    assert refused.status == 422
    assert "waarom de raad opnieuw vaststelt" in refused.words
    adopt(client, cast, plan, size="nieuw", reason="Een nieuwe raad.")
    assert client.page(f"/almere/vastgesteld/{plan.id}/2.0").status == 200


def test_a_figure_that_was_only_fetched_again_stands_apart(client: Client, cast: Cast, plan: Plan) -> None:
    before = Document(
        (
            Part.of(f"section-{UUID(int=1)}", {"kind": "section", "name": "Nabijheid"}),
            Part.of(f"block-{UUID(int=2)}", {"kind": "figure", "subject": "Inwoners", "source": ["1 mei"]}),
        )
    )
    after = Document((before.parts[0], Part.of(f"block-{UUID(int=2)}", {"kind": "figure", "subject": "Inwoners", "source": ["2 mei"]})))  # fmt: skip
    [change] = compare(before, after)
    assert change.is_only_fetched


def test_a_choice_that_is_not_there_is_a_404(client: Client, cast: Cast, plan: Plan) -> None:
    for query in ("van=9.9", "van=1.0&tot=2.0", "van=nu&tot=1.0", "van=x&tot=nu"):
        assert client.get(f"/almere/vastgesteld/{plan.id}/verschil?{query}").status_code == 404


def test_who_may_not_see_all_of_the_living_monitor_compares_versions_only(
    client: Client, cast: Cast, plan: Plan
) -> None:
    client.as_(cast.officer)
    assert client.get(f"/almere/vastgesteld/{plan.id}/verschil?van=1.0&tot=nu").status_code == 404
    assert client.get(f"/almere/vastgesteld/{plan.id}/verschil").status_code == 200


def test_a_figure_that_was_taken_away_is_told_as_gone(client: Client, cast: Cast, plan: Plan) -> None:
    from workbench.evidence.models import Link

    link = next(link for link in db.scalars(sa.select(Link)) if link.reason)
    remove_link(link)
    publish()
    build_blocks()
    publish()
    assert "Dit staat er niet meer in." in difference(client, plan)
    assert (
        "Dit cijfer hoort niet meer bij dit doel." in client.page(f"/almere/trajecten/{plan.id}/spoor").words
    )


def test_a_part_gives_the_same_bytes_every_time() -> None:
    listing = Listing(kind="focus", title="In beeld", lines=("één", "twee"))
    assert Part.of("focus", listing).content == written(listing) == Part.of("focus", to_json(listing)).content
