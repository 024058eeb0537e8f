"""Parts that were drawn before are never old, and never another council's."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_event, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load, series_of
from workbench.accounts.models import Role
from workbench.comparison.operations import decide
from workbench.core import remembered
from workbench.core.db import as_platform, db
from workbench.core.remembered import remembered as part
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import Kind
from workbench.indicators.models import Area, Indicator, RegionMembership
from workbench.indicators.operations import set_area
from workbench.monitors.building import build_blocks
from workbench.sources.models import MetadataChange, MetadataKind, RefreshRun, TableSeries

PAGE = "/almere/cijfers/inwoners"


def test_a_part_is_made_once_for_the_same_facts_and_apart_for_each_council(cast: Cast) -> None:
    made = []

    def make() -> str:
        made.append(str(db.info["council_id"]))
        return made[-1]

    act_for(db, cast.almere.id)
    assert part(make, "figures", 1) == part(make, "figures", 1) == str(cast.almere.id)
    act_for(db, cast.breda.id)
    assert part(make, "figures", 1) == str(cast.breda.id)
    assert part(make, "figures", 2) == str(cast.breda.id)
    assert part(make, "catalogue", 1) == str(cast.breda.id)
    assert made == [str(cast.almere.id)] + 3 * [str(cast.breda.id)]


def test_memory_has_an_end(cast: Cast) -> None:
    made = []
    for number in [*range(remembered.MOST + 1), 0, remembered.MOST]:
        part(lambda number=number: made.append(number), "figures", number)
    assert made == [*range(remembered.MOST + 1), 0], "the oldest went, the newest stayed"


def test_a_second_visit_asks_less_and_shows_the_same(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    client.as_(cast.clerk)
    first, asked = client.get(PAGE).text, len(query_count)
    query_count.clear()
    second = client.get(PAGE).text
    assert len(query_count) <= 6 < asked  # who reads, the version, and what the council knows of it itself
    assert _main(first) == _main(second)


def _main(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def test_new_figures_show_at_the_next_visit(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    assert "213.411" not in client.get(PAGE).text
    load("inwoners", ("GM0034", "2024JJ00", 213_411.0, "final", None), at=datetime.now(UTC))
    assert "213.411" in client.get(PAGE).text
    assert "213.411" in client.get("/almere/cijfers?q=inwoners").text


def test_another_description_or_name_of_an_area_shows_at_the_next_visit(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    client.get(PAGE), client.get("/almere/cijfers?q=inwoners")
    db.commit()
    with as_platform():
        db.execute(sa.update(Indicator).where(Indicator.slug == "inwoners").values(caveats=["Let nu op."]))
        db.execute(sa.update(Area).where(Area.code == "GM0363").values(name="Mokum"))
    text = client.get(PAGE).text
    assert "Let nu op." in text
    assert "Mokum" in text
    assert client.get("/almere/cijfers/bestaat-niet").status_code == 404


def test_each_reader_sees_the_same_figures_in_the_chosen_language_and_only_editors_may_write_events(
    client: Client, cast: Cast
) -> None:
    assert "Gebeurtenis opschrijven" in client.as_(cast.officer).get(PAGE).text
    assert "Gebeurtenis opschrijven" not in client.as_(cast[Role.READER]).get(PAGE).text
    client.post("/taal", data={"language": "en", "next": PAGE})
    assert "Alle cijfers" not in client.get(PAGE).text


def test_an_edit_of_a_link_shows_in_the_monitor_at_once(client: Client, cast: Cast, session: Session) -> None:
    act_for(db, cast.almere.id)
    plan = make_plan()
    link = make_link(make_goal(make_value(plan)))
    build_blocks()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/monitor"
    client.as_(cast.clerk)
    assert link.reason in client.get(address).text
    act_for(db, cast.almere.id)
    db.execute(sa.update(Link).where(Link.id == link.id).values(reason="Omdat het nu zo is."))
    db.commit()
    assert "Omdat het nu zo is." in client.get(address).text


THEIRS = (
    "zij in de buurt hulp vinden",
    "Om te weten om hoeveel mensen het gaat.",
    "Zo staat het in de monitor",
    "De hulp is opnieuw ingekocht.",
)


def _make_use_of_it() -> None:
    """A plan, a goal with a figure and an event, in the acting council."""
    make_link(make_goal(make_value(make_plan())))
    make_event()
    build_blocks()
    db.commit()


def test_what_a_council_made_of_a_figure_shows_at_once_and_only_to_who_may_read_it(
    client: Client, cast: Cast
) -> None:
    """Breda is about the same municipality here: all public facts are the same."""
    act_for(db, cast.breda.id)
    set_area("GM0034")
    db.commit()
    act_for(db, cast.almere.id)
    before = client.as_(cast.clerk).get(PAGE).text
    assert not [words for words in THEIRS if words in before]
    act_for(db, cast.almere.id)
    _make_use_of_it()
    after = client.get(PAGE).text
    assert [words for words in THEIRS if words not in after] == []
    reader = client.as_(cast[Role.READER]).get(PAGE).text
    assert [words for words in THEIRS if words in reader] == ["De hulp is opnieuw ingekocht."], (
        "not opened yet"
    )
    elsewhere = client.as_(cast.of_breda(Role.CLERK)).get(PAGE.replace("almere", "breda")).text
    assert "Almere" in elsewhere
    assert not [words for words in THEIRS if words in elsewhere]


def test_another_group_to_compare_with_shows_at_the_next_visit_of_this_council_alone(
    client: Client, cast: Cast
) -> None:
    words = "zelf koos"
    for address in (PAGE, "/almere/cijfers"):
        assert words not in client.as_(cast.clerk).get(address).text
        assert words not in client.as_(cast.of_breda(Role.CLERK)).get(address.replace("almere", "breda")).text
    act_for(db, cast.almere.id)
    decide(Kind.CHOSEN, "Daarom.", None, base=0, chosen=("GM0050", "GM0171", "GM0995", "GM0303", "GM0363"))
    db.commit()
    for address in (PAGE, "/almere/cijfers"):
        assert words in client.as_(cast.clerk).get(address).text
        assert words not in client.as_(cast.of_breda(Role.CLERK)).get(address.replace("almere", "breda")).text


def test_a_region_that_a_municipality_is_put_in_shows_at_the_next_visit(client: Client, cast: Cast) -> None:
    db.commit()
    with as_platform():
        db.add(Area(code="GG9999", name="GGD Polderland", type=AreaType.GGD_REGIO))
    load("inwoners", ("GG9999", "2024JJ00", 4_321.0, "final", None))
    client.as_(cast.clerk)
    for address in (PAGE, "/almere/cijfers?q=inwoners"):
        assert "4.321" not in client.get(address).text
    db.commit()
    with as_platform():
        ids = dict(db.execute(sa.select(Area.code, Area.id).where(Area.code.in_(["GG9999", "GM0034"]))).all())
        db.add(
            RegionMembership(
                area_id=ids["GM0034"],
                kind=AreaType.GGD_REGIO,
                valid_from=date(2020, 1, 1),
                region_id=ids["GG9999"],
                source="CBS",
            )
        )
    for address in (PAGE, "/almere/cijfers?q=inwoners"):
        assert "4.321" in client.get(address).text


def test_what_a_source_changes_beside_its_figures_shows_at_the_next_visit(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    assert "De tabel heet nu" not in client.get(PAGE).text
    db.commit()
    with as_platform():
        now = datetime.now(UTC)
        tables = sa.select(TableSeries.source_table_id).where(
            TableSeries.series_id == series_of("inwoners").id
        )
        run = RefreshRun(source_table_id=db.scalars(tables).one(), queued_at=now)
        db.add(run)
        db.flush()
        db.add(MetadataChange(run_id=run.id, what=MetadataKind.TITLE, old="Oud", new="Nieuw", at=now))
    assert "De tabel heet nu" in client.get(PAGE).text
