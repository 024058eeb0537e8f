"""Every view on the real figures of a municipality: chosen in the builder, made by the worker, followed when they change."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import (
    Cast,
    load_own_figures,
    make_goal,
    make_link,
    make_plan,
    make_value,
    own_description,
)
from tests.indicators.figures import load
from workbench.core.db import as_platform, db
from workbench.evidence.measuring.models import Aiming
from workbench.evidence.measuring.operations import measure
from workbench.evidence.measuring.queries import starts_of
from workbench.evidence.models import Link
from workbench.evidence.operations import remove_link
from workbench.figures.options import parse_options
from workbench.indicators.catalogue import AreaType, Direction
from workbench.indicators.models import Area, Indicator, Series
from workbench.indicators.parts import WHOLES, short_names, whole_of
from workbench.indicators.queries import find_indicator, find_indicators, lines_of, own_area
from workbench.monitors.building import build_blocks
from workbench.monitors.format import Figure, change_block
from workbench.monitors.models import BlockDocument, Monitor
from workbench.monitors.operations import format_of, shape
from workbench.monitors.proposal import PLAIN
from workbench.uploads.checking import Kind
from workbench.uploads.models import OwnIndicator
from workbench.uploads.operations import load_file
from workbench.vision.models import Goal, Plan

AGE = "aandeel-65-plus"
MONEY = "uitgaven-wmo-rekening"


@pytest.fixture
def goal(cast: Cast) -> Goal:
    return make_goal(make_value(make_plan()))


def content_of(link: Link, language: str = "nl") -> dict[str, Any]:
    db.flush()
    db.expire_all()
    query = sa.select(BlockDocument.content).where(
        BlockDocument.link_id == link.id, BlockDocument.language == language
    )
    return db.scalars(query).one()


def choose(link: Link, kind: str, *, from_year: int | None = None, **options: Any) -> dict[str, Any]:
    """Let the block of this figure have this view, and let the worker make it."""
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    [block] = [one for one in format_of(monitor, monitor.draft).drawn if one.link_id == link.id]
    view = parse_options({"kind": kind, **options})
    changed = Figure(id=block.id, link_id=link.id, view=view, from_year=from_year)
    shape(monitor, monitor.draft, lambda it: change_block(it, changed), {"what": "changed"}, None)
    build_blocks()
    return content_of(link)


def views(content: dict[str, Any]) -> dict[str, tuple[bool, str]]:
    return {view["kind"]: (view["suits"], view["reason"]) for view in content["views"]}


def rows(content: dict[str, Any]) -> list[list[str]]:
    """The cells of the table, with its heads."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", content["table_html"], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in found]
    return [[html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def add_districts(slug: str, *names: str) -> None:
    """Districts of Almere with a figure over two years, beside what there is about municipalities."""
    with as_platform():
        for index, name in enumerate(names, start=1):
            db.add(Area(code=f"WK0034{index:02}", name=name, type=AreaType.WIJK))
    load(
        slug,
        ("GM0034", "2023JJ00", 120.0, "final", None),
        ("GM0034", "2024JJ00", 130.0, "provisional", None),
        *(
            (f"WK0034{index:02}", f"{year}JJ00", 10.0 * index + year - 2020, "final", None)
            for index in range(1, len(names) + 1)
            for year in (2023, 2024)
        ),
    )


# --- Each view on real figures --------------------------------------------------------------------------------------


def test_the_strip_has_the_own_figure_and_quartiles_and_names_nobody(goal: Goal) -> None:
    content = choose(make_link(goal, MONEY), "strip")
    assert [row[0] for row in rows(content)[1:]] == [
        "Almere",
        "Mediaan van vergelijkbare gemeenten",
        "Ondergrens van de middelste helft (25\u00a0%)",
        "Bovengrens van de middelste helft (75\u00a0%)",
        "Aantal vergelijkbare gemeenten",
    ]
    own = lines_of([found] if (found := find_indicator(MONEY)) else [], own_area_there())[MONEY][-1]
    assert f"{own.value:.0f}" in content["title"]
    assert content["comparison"] is not None
    assert "view" not in {note["kind"] for note in content["notes"]}


def own_area_there() -> Area:
    area = own_area()
    assert area is not None
    return area


def test_small_multiples_have_ours_the_median_and_the_country_in_a_fixed_order(goal: Goal) -> None:
    content = choose(make_link(goal), "multiples", from_year=2020, same_scale=False)
    found = rows(content)
    assert [row[0] for row in found[1:]] == ["Almere", "Mediaan van anderen", "Nederland"]
    assert found[0][1] == "2020"
    assert "eigen schaal" in str(content["notes"])
    assert "het midden van vergelijkbare gemeenten. Vergelijkbaar, want: 150.000 inwoners" in str(
        content["notes"]
    )


def test_districts_stand_in_the_multiples_and_in_the_heat_table_where_there_are_figures(goal: Goal) -> None:
    add_districts("adressendichtheid", "Haven", "Stad")
    link = make_link(goal, "adressendichtheid")
    names = ["Almere", "Haven", "Stad"]
    for kind in ("multiples", "heat"):
        content = choose(link, kind)
        assert [row[0] for row in rows(content)[1:]] == names
        assert "Gestegen: 3 gebieden." in content["sentence"]
        assert "voorlopig" in content["sentence"]
        assert content["comparison"] is None


def test_a_heat_table_of_a_goal_has_its_figures_in_one_unit_and_names_what_is_left_out(goal: Goal) -> None:
    link = make_link(goal, MONEY)
    make_link(goal, "uitgaven-toegang-rekening")
    make_link(goal, AGE)
    content = choose(link, "heat", rows="goal")
    assert [row[0] for row in rows(content)[1:]] == [
        "Uitgaven: maatwerk Wmo (jaarrekening)",
        "Uitgaven: toegang en wijkteams (jaarrekening)",
    ]
    assert "Inwoners van 65 jaar of ouder" in str(content["notes"])
    assert content["others"] == ["uitgaven-toegang-rekening", AGE]


def test_a_heat_table_of_a_goal_with_one_figure_says_why_it_shows_something_else(goal: Goal) -> None:
    content = choose(make_link(goal, MONEY), "heat", rows="goal")
    assert {"kind": "view", "text": "Bij dit doel staat geen tweede cijfer in dezelfde eenheid."} in content[
        "notes"
    ]
    assert content["title"].startswith("Uitgaven: maatwerk Wmo (jaarrekening), gedaald van")


@pytest.mark.parametrize("slug", [AGE, MONEY, "uitgaven-sociaal-domein-rekening"])
def test_a_composition_has_all_parts_of_the_whole(goal: Goal, slug: str) -> None:
    content = choose(make_link(goal, slug), "composition")
    whole = whole_of(slug)
    assert whole is not None
    named = find_indicators(whole.parts)
    names = short_names([named[part].name for part in whole.parts])
    assert [row[0] for row in rows(content)[1:]] == [*names, "Samen"]
    together = rows(content)[-1][1:-1]
    assert together[-1] == ("100,0\u00a0%" if slug == AGE else "€\u00a02.251")


def test_the_parts_that_the_catalogue_names_add_up_to_the_whole(goal: Goal) -> None:
    area = own_area_there()
    for whole in WHOLES:
        lines = lines_of(find_indicators(whole.slugs).values(), area)
        sums: dict[str, float] = {}
        for part in whole.parts:
            for figure in lines[part]:
                sums[figure.period.code] = sums.get(figure.period.code, 0.0) + (figure.value or 0.0)
        if whole.total is None:
            assert list(sums.values()) == pytest.approx([100.0] * len(sums), abs=0.05)
        else:
            for figure in lines[whole.total]:
                assert sums[figure.period.code] == pytest.approx(figure.value, abs=0.05)


def test_a_relation_takes_the_second_figure_from_the_plan_and_warns(goal: Goal) -> None:
    link = make_link(goal, "eenpersoonshuishoudens")
    first = make_link(goal, "stedelijkheid")
    second = make_link(make_goal(make_value(db_plan(goal), "Vrijheid")), "huishoudensgrootte")
    content = choose(link, "relation")
    assert named("stedelijkheid") in content["title"]
    assert "samengaan is geen oorzaak" in str(content["notes"])
    assert content["others"] == ["stedelijkheid"]
    content = choose(link, "relation", other=str(second.id))
    assert content["others"] == ["huishoudensgrootte"]
    assert named("huishoudensgrootte") in content["title"]
    remove_link(second)
    db.flush()
    build_blocks()
    assert content_of(link)["others"] == ["stedelijkheid"]
    remove_link(first)
    db.flush()
    build_blocks()
    content = content_of(link)
    assert content["others"] == []
    assert "nog geen tweede cijfer" in str(content["notes"])


def named(slug: str) -> str:
    found = find_indicator(slug)
    assert found is not None
    return found.name


def db_plan(goal: Goal) -> Plan:
    return db.get_one(Plan, goal.plan_id)


def test_money_stands_beside_an_outcome_with_the_band_of_both(goal: Goal) -> None:
    link = make_link(goal)
    content = choose(link, "money")
    assert content["others"] == ["uitgaven-sociaal-domein-rekening"]
    heads = rows(content)[0]
    assert heads[1:] == [
        "Uitgaven: sociaal domein (jaarrekening)",
        "Andere gemeenten: Uitgaven: sociaal domein (jaarrekening)",
        "Inwoners op 1 januari",
        "Andere gemeenten: Inwoners op 1 januari",
    ]
    assert "niet dat het een door het ander komt" in str(content["notes"])
    assert choose(link, "money", spending=MONEY, show_band=False)["others"] == [MONEY]
    assert len(rows(content_of(link))[0]) == 3
    make_link(goal, "uitgaven-toegang-rekening")
    assert choose(link, "money")["others"] == ["uitgaven-toegang-rekening"], (
        "that of the same goal goes before"
    )


def test_what_does_not_suit_says_why(goal: Goal) -> None:
    build_after = make_link(goal, MONEY)
    build_blocks()
    found = views(content_of(build_after))
    assert found["trend"][0]
    assert found["strip"][0]
    assert {kind for kind, (suits, _reason) in found.items() if not suits} == {
        "bullet",
        "stacking",
        "relation",
        "money",
        "districts",
    }
    assert "gaat zelf over geld" in found["money"][1]
    assert "nog geen tweede cijfer" in found["relation"][1]
    assert "meer voorzieningen tegelijk" in found["stacking"][1]
    assert "kent de catalogus geen delen" in views_of_stedelijkheid(goal)["composition"][1]


def views_of_stedelijkheid(goal: Goal) -> dict[str, tuple[bool, str]]:
    link = make_link(goal, "stedelijkheid")
    build_blocks()
    return views(content_of(link))


def test_a_figure_over_one_period_gets_the_strip_by_itself(goal: Goal) -> None:
    link = make_link(goal, "huishoudensgrootte")
    build_blocks()
    content = content_of(link)
    assert rows(content)[1][0] == "Almere"
    assert "Een lijn vraagt om cijfers over ten minste twee perioden." in str(content["notes"])
    assert content["comparison"] is not None


PEERS = ("GM0014", "GM0758", "GM0200", "GM0202", "GM0268", "GM0307", "GM0344", "GM0363")
FINAL, PROVISIONAL = ("final", None), ("provisional", None)
# What the municipality has over 2021, 2022, 2023 and 2024, and what the document then says.
STATES: dict[str, tuple[list[Any], str]] = {
    "empty": ([(None, "final", "not_delivered")] * 4, "niet geleverd"),
    "one": ([None, None, None, (3.0, *FINAL)], "2024"),
    "gap": ([(2.0, *FINAL), (None, "final", "not_delivered"), (4.0, *FINAL), (5.0, *FINAL)], "niet geleverd"),
    "suppressed": (
        [(2.0, *FINAL), (3.0, *FINAL), (None, "final", "suppressed"), (4.0, *FINAL)],
        "te weinig mensen",
    ),
    "provisional": ([(2.0, *FINAL), (3.0, *FINAL), (3.0, *FINAL), (4.0, *PROVISIONAL)], "voorlopig"),
    "break": ([(2.0, *FINAL), (3.0, *FINAL), (3.0, *FINAL), (4.0, *FINAL)], "Anders geteld."),
}
# What does not suit these states; all else does.
AGAINST = {
    "empty": {"strip", "multiples", "heat", "money"},
    "one": {"multiples", "money"},
}


@pytest.mark.parametrize("state", STATES)
def test_every_view_gives_a_whole_document_of_figures_in_any_state(goal: Goal, state: str) -> None:
    found, said = STATES[state]
    others = [
        (code, f"{year}JJ00", 2.0 + place % 3, *FINAL)
        for place, code in enumerate(PEERS)
        for year in range(2021, 2025)
    ]
    ours = [("GM0034", f"{2021 + place}JJ00", *item) for place, item in enumerate(found) if item]
    load("stedelijkheid", *ours, *others)
    if state == "break":
        with as_platform():
            breaks = [{"period": "2023JJ00", "text": "Anders geteld."}]
            db.execute(sa.update(Indicator).where(Indicator.slug == "stedelijkheid").values(breaks=breaks))
    link = make_link(goal, "stedelijkheid")
    make_link(goal, "inwoners")
    for kind in ("strip", "multiples", "heat", "relation", "money"):
        content = choose(link, kind)
        against = [note["text"] for note in content["notes"] if note["kind"] == "view"]
        assert content["state"] == "ready"
        assert content["svg"].startswith("<svg")
        assert all(cell for row in rows(content) for cell in row)
        suits, reason = views(content)[kind]
        shows_another = not suits and any(views(content)[plain][0] for plain in PLAIN)
        assert against == ([reason] if shows_another else [])
        assert suits is (kind not in AGAINST.get(state, set())), (kind, reason)
        if kind in ("multiples", "heat", "money"):
            assert said in content["table_html"] + str(content["notes"]) + content["title"], kind


# --- An own figure --------------------------------------------------------------------------------------------------


def test_an_own_figure_stands_beside_money_and_among_no_other_municipality(goal: Goal) -> None:
    own = load_own_figures("2022;120 2023;140 2024;162*")
    link = make_link(goal, own)
    build_blocks()
    found = views(content_of(link))
    assert not found["strip"][0]
    assert "telt de gemeente zelf" in found["strip"][1]
    assert not found["relation"][0]
    assert found["money"][0]
    content = choose(link, "money")
    assert content["others"] == ["uitgaven-sociaal-domein-rekening"]
    assert "162 (voorlopig)" in content["table_html"]


def test_districts_of_an_own_figure_stand_beside_the_whole_and_what_the_guard_hides_stays_hidden(
    goal: Goal,
) -> None:
    rows_ = [
        f"{code};{year};{number}"
        for year in (2022, 2023)
        for code, number in (
            ("GM0034", 400 + year - 2020),
            ("WK003401", 120),
            ("WK003402", 3),
            ("WK003403", 200),
        )
    ]
    own = OwnIndicator(**{**own_description("Gezinnen bij het wijkteam"), "kind": Kind.PEOPLE})
    load_file("\n".join(["wijk;jaar;aantal", *rows_]).encode(), "wijken.csv", own, None)
    db.flush()
    content = choose(make_link(goal, own), "multiples")
    found = rows(content)[1:]
    assert len(found) == 4
    assert found[0][0] == "Almere"
    assert "te weinig mensen" in str(found)
    assert "3" not in [cell for row in found for cell in row]


# --- What the council set -------------------------------------------------------------------------------------------


def set_measuring(link: Link, period: str, **content: Any) -> None:
    facts = {"aiming": Aiming.AIM, "aims": "2030: 300", "direction": Direction.CONTEXT, **content}
    db.refresh(link, attribute_names=["own_indicator"])
    measure(link, starts_of(link), None, baseline_period=period, **facts)
    db.commit()
    db.expire_all()


def test_a_bullet_starts_from_the_baseline_of_the_council(goal: Goal) -> None:
    link = make_link(goal, MONEY)
    set_measuring(link, "2021JJ00", reading_up="Meer hulp.", reading_down="Minder hulp.")
    content = choose(link, "bullet")
    assert "Nulmeting 2021" in content["table_html"]
    assert re.search(r"De nulmeting is .* in 2021\.", content["sentence"])
    assert "Stijgt het cijfer? Meer hulp." in str(content["notes"])
    assert "De raad kiest" not in content["sentence"]


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        (Direction.UP, "De raad kiest: hoger is beter. Sinds 2023 ging het cijfer de andere kant op."),
        (Direction.DOWN, "De raad kiest: lager is beter. Sinds 2023 ging het cijfer die kant op."),
    ],
)
def test_where_the_council_wants_it_to_go_goes_before_the_catalogue(
    goal: Goal, direction: Direction, said: str
) -> None:
    link = make_link(goal, MONEY)
    set_measuring(link, "", direction=direction, direction_reason="Wij willen dat hulp op tijd komt.")
    for kind in ("trend", "bullet", "before_after"):
        content = choose(link, kind)
        assert said in content["sentence"]
        assert "Waarom de raad dit kiest: Wij willen dat hulp op tijd komt." in str(content["notes"])
        assert "Stijgt het cijfer?" not in str(content["notes"])


# --- Following ------------------------------------------------------------------------------------------------------


def touch(slug: str) -> None:
    db.commit()
    with as_platform():
        found = find_indicator(slug)
        assert found is not None
        later = datetime.now(UTC) + timedelta(seconds=1)
        db.execute(sa.update(Series).where(Series.indicator_id == found.id).values(changed_at=later))


@pytest.mark.parametrize(
    ("slug", "kind", "other"),
    [
        ("inwoners", "money", "uitgaven-sociaal-domein-rekening"),
        (AGE, "composition", "aandeel-0-15"),
        ("eenpersoonshuishoudens", "relation", "stedelijkheid"),
        ("eenpersoonshuishoudens", "heat", "stedelijkheid"),
    ],
)
def test_a_change_in_the_other_figure_builds_the_block_again(
    goal: Goal, slug: str, kind: str, other: str
) -> None:
    link = make_link(goal, slug)
    if kind in ("relation", "heat"):
        make_link(goal, other)
    options = {"rows": "goal"} if kind == "heat" else {}
    choose(link, kind, **options)
    assert build_blocks() == 0
    touch(other)
    assert build_blocks() == (2 if kind in ("relation", "heat") else 1)
    assert build_blocks() == 0


def test_a_change_elsewhere_builds_nothing_again(goal: Goal) -> None:
    choose(make_link(goal, "eenpersoonshuishoudens"), "strip")
    touch("uitgaven-sociaal-domein-rekening")
    assert build_blocks() == 0


def test_the_number_of_queries_does_not_grow_with_the_figures_of_the_catalogue_but_for_one_each_for_its_map(
    goal: Goal, query_count: list[str]
) -> None:
    def counted() -> int:
        query_count.clear()
        build_blocks()
        return len(query_count)

    make_link(goal, "inwoners")
    build_blocks()
    touch("inwoners")
    one = counted()
    for slug in (MONEY, "aandeel-0-15"):
        make_link(goal, slug)
    build_blocks()
    for slug in ("inwoners", MONEY, "aandeel-0-15"):
        touch(slug)
    # Two more figures: each has the figures of all municipalities for its map, and writes a document in two languages.
    assert counted() - one <= 2 * (1 + 2)


# --- In the builder -------------------------------------------------------------------------------------------------


def test_a_person_chooses_a_view_and_then_its_options_in_plain_words(
    client: Client, cast: Cast, goal: Goal
) -> None:
    link = make_link(goal)
    second = make_link(goal, "stedelijkheid")
    build_blocks()
    db.commit()
    monitor = db.scalars(sa.select(Monitor)).one()
    [block] = [one for one in format_of(monitor, monitor.draft).drawn if one.link_id == link.id]
    address = f"/almere/monitors/{monitor.id}/blokken/{block.id}"
    client.as_(cast.clerk)
    client.submit(address, view="relation")
    build_blocks()
    db.commit()
    page = client.page(address)
    assert "Naast welk cijfer?" in page.words
    assert page.soup is not None
    assert named("stedelijkheid") in str(page.soup.select("select[name=other]"))
    client.submit(address, other=str(second.id))
    assert chosen(monitor.id, block.id).view.model_dump() == {"kind": "relation", "other": str(second.id)}
    assert client.submit(address, other="iets anders").status == 422
    client.submit(address, view="money")
    build_blocks()
    db.commit()
    assert "Welk geld staat ernaast?" in client.page(address).words
    client.submit(address, spending=MONEY, show_band=None)
    assert chosen(monitor.id, block.id).view.model_dump() == {
        "kind": "money",
        "show_band": False,
        "spending": MONEY,
    }


def chosen(monitor_id: UUID, block_id: UUID) -> Figure:
    db.expire_all()
    monitor = db.get_one(Monitor, monitor_id)
    [block] = [one for one in format_of(monitor, monitor.draft).drawn if one.id == block_id]
    assert isinstance(block, Figure)
    return block
