"""The seed content is whole, true to its source, and fits together."""

import csv
import gzip
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seeds import bundle, read
from seeds.schema import Area, Figure, FigureFile, Status
from seeds.story_content import Ends
from workbench.accounts.access import PERMISSIONS, Permission
from workbench.accounts.models import Role
from workbench.indicators.catalogue import (
    AreaType,
    CatalogueError,
    Direction,
    IndicatorEntry,
    parse_catalogue,
    read_catalogue,
    write_catalogue,
)
from workbench.indicators.recast import ChangeKind
from workbench.monitors.conversation.models import Kind as Talk
from workbench.monitors.conversation.states import State, after
from workbench.stories.kept.models import Leaning
from workbench.stories.kept.visibility import Reach

TIDY = Path(__file__).parents[3] / "shared" / "data" / "tidy"
SOURCE = TIDY / "indicatoren_gemeente.csv.gz"
PILOTS = {"GM0034", "GM0758", "GM1681", "GM0074", "GM0153"}
needs_source = pytest.mark.skipif(
    not SOURCE.exists(), reason="the source folder shared/data/tidy is not here"
)


@pytest.fixture(scope="module")
def areas() -> list[Area]:
    return read.areas()


@pytest.fixture(scope="module")
def figures() -> list[FigureFile]:
    return list(read.figures())


@pytest.fixture(scope="module")
def catalogue() -> dict[str, IndicatorEntry]:
    return {entry.slug: entry for entry in read.indicators()}


def of(figures: list[FigureFile], name: str) -> list[Figure]:
    return next(list(file.rows()) for file in figures if file.name == name)


def test_there_are_the_country_twelve_provinces_and_835_municipality_codes(areas: list[Area]) -> None:
    assert Counter(area.type.value for area in areas) == {"nl": 1, "provincie": 12, "gemeente": 835}
    assert len({area.code for area in areas}) == 848


def test_names_of_areas_keep_their_accents(areas: list[Area]) -> None:
    names = {area.name for area in areas}
    assert {"Fryslân", "Súdwest-Fryslân", "Noardeast-Fryslân", "Ohé en Laak"} <= names
    assert not any("\ufffd" in name or "Ã" in name or name != name.strip() for name in names)


def test_every_municipality_with_figures_lies_in_a_province(
    areas: list[Area], figures: list[FigureFile]
) -> None:
    provinces = {area.code: area.province for area in areas}
    assert {code for code in provinces if code.startswith("PV")} == set(bundle.PROVINCES)
    for file in figures:
        for code in {row.area for row in file.rows()} - {"NL01"}:
            assert provinces[code] in bundle.PROVINCES


def test_a_code_does_not_end_before_it_begins(areas: list[Area]) -> None:
    both = [area for area in areas if area.valid_from and area.valid_until]
    assert len(both) == 25
    assert all(area.valid_from < area.valid_until for area in both if area.valid_from and area.valid_until)


def test_today_there_are_342_municipalities(areas: list[Area]) -> None:
    assert sum(area.type is AreaType.GEMEENTE and area.valid_until is None for area in areas) == 342


def test_every_code_that_ended_went_somewhere_on_that_day_and_nothing_went_to_a_code_that_was_not_there(
    areas: list[Area],
) -> None:
    by_code = {area.code: area for area in areas}
    changes = read.area_changes()
    ends = {(item.origin, item.day) for item in changes if item.kind is not ChangeKind.BORDER}
    assert ends == {
        (area.code, area.valid_until) for area in areas if area.valid_until and area.code != "GM0997"
    }
    assert Counter(item.kind.value for item in changes) == {
        "border": 617,
        "split": 459,
        "merged": 279,
        "renamed": 32,
    }
    for item in changes:
        origin, heir = by_code[item.origin], by_code[item.heir]
        assert item.day > (origin.valid_from or date.min)
        assert item.day <= (origin.valid_until or date.max)
        assert (heir.valid_from or date.min) <= item.day < (heir.valid_until or date.max)
        assert (item.inhabitants is None) == (item.kind is ChangeKind.RENAMED)


def test_haaren_was_split_up_in_four_and_weesp_went_to_amsterdam() -> None:
    changes = read.area_changes()
    haaren = {
        item.heir: item.inhabitants
        for item in changes
        if item.origin == "GM0788" and item.kind is ChangeKind.SPLIT
    }
    assert haaren == {"GM0757": 2149, "GM0824": 5827, "GM0855": 1442, "GM0865": 4900}
    [weesp] = [item for item in changes if item.origin == "GM0457" and item.kind is ChangeKind.MERGED]
    assert (str(weesp.day), weesp.heir, weesp.inhabitants, weesp.dwellings) == (
        "2022-03-24",
        "GM0363",
        20_766,
        9_526,
    )


def test_the_bundle_is_at_most_four_megabytes() -> None:
    files = [read.AREAS, read.AREA_CHANGES, *read.FIGURES.iterdir()]
    assert {path.suffix for path in files} == {".csv"}
    assert sum(path.stat().st_size for path in files) <= 4_000_000


@pytest.mark.parametrize("year", range(2019, 2027))
def test_inhabitants_of_all_municipalities_add_up_to_the_country(
    figures: list[FigureFile], year: int
) -> None:
    rows = [row for row in of(figures, "inwoners") if row.period == f"{year}JJ00"]
    country = [row.value for row in rows if row.area == "NL01"]
    assert len(country) == 1
    assert country[0] > 17_000_000
    assert sum(row.value for row in rows if row.area.startswith("GM")) == country[0]


def test_every_figures_file_has_one_indicator_and_every_series_has_figures(
    figures: list[FigureFile], catalogue: dict[str, IndicatorEntry]
) -> None:
    bundled = Counter(file.key for file in figures)
    named = Counter(part.key for entry in catalogue.values() for part in entry.series)
    assert max(bundled.values()) == 1
    assert bundled == named


def test_unit_calculation_and_first_year_agree_between_catalogue_and_figures(
    figures: list[FigureFile], catalogue: dict[str, IndicatorEntry]
) -> None:
    files = {file.key: file for file in figures}
    for entry in catalogue.values():
        for part in entry.series:
            file = files[part.key]
            assert (file.unit, file.computed) == (entry.unit, part.computed), entry.slug
            assert f"{part.from_}JJ00" == min(file.statuses), entry.slug


def test_parts_of_one_series_never_give_two_values_for_one_period(
    figures: list[FigureFile], catalogue: dict[str, IndicatorEntry]
) -> None:
    files = {file.key: file for file in figures}
    joined = [entry for entry in catalogue.values() if len(entry.series) > 1]
    assert len(joined) == 9
    for entry in joined:
        periods = Counter(period for part in entry.series for period in files[part.key].statuses)
        assert max(periods.values()) == 1, entry.slug


def test_a_change_of_spending_codes_is_announced_as_a_break(catalogue: dict[str, IndicatorEntry]) -> None:
    for entry in catalogue.values():
        if len(entry.series) > 1 and entry.slug.startswith("uitgaven-"):
            starts = {f"{part.from_}JJ00" for part in entry.series[1:]}
            assert starts <= {mark.period for mark in entry.breaks}, entry.slug


def test_every_figures_file_names_source_licence_and_known_dates_only(figures: list[FigureFile]) -> None:
    for file in figures:
        assert file.source_line.startswith("Bron: CBS")
        assert file.licence == "CC BY 4.0"
        if file.source == "iv3":
            assert file.modified is None
            assert file.recorded_on is None
    population = next(file for file in figures if file.name == "inwoners")
    assert (str(population.recorded_on), str(population.modified)) == ("2026-07-02", "2026-06-23")


def test_an_unknown_status_never_becomes_final(figures: list[FigureFile]) -> None:
    statuses = {file.name: set(file.statuses.values()) for file in figures}
    assert statuses["inwoners"] == {Status.FINAL}
    assert statuses["bijstand-personen-2020"] == {Status.PROVISIONAL}
    assert statuses["uitgaven-begroting-sociaal-domein"] == {Status.UNKNOWN}


def test_a_missing_year_stays_missing(figures: list[FigureFile]) -> None:
    eemsdelta = {row.period for row in of(figures, "inwoners") if row.area == "GM1979"}
    assert eemsdelta == {f"{year}JJ00" for year in range(2021, 2027)}


def test_odd_but_real_figures_are_kept(figures: list[FigureFile]) -> None:
    rows = of(figures, "uitgaven-begroting-jeugd-2023")
    nieuwkoop = next(row.value for row in rows if (row.area, row.period) == ("GM0569", "2024JJ00"))
    assert nieuwkoop < -1000


@needs_source
def test_figures_equal_their_source(figures: list[FigureFile]) -> None:
    expected: dict[tuple[str, str], dict[tuple[str, str], tuple[float, Status]]] = defaultdict(dict)
    with gzip.open(SOURCE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            status = bundle.STATUSES[row["status"]]
            cell = {(row["regio"], row["periode"]): (float(row["waarde"]), status)}
            expected[row["indicator"], row["maat"]] |= cell
    recipes = {recipe.name: recipe for recipe in bundle.recipes()}
    assert recipes.keys() == {file.name for file in figures}
    for bundled in figures:
        recipe = recipes[bundled.name]
        found = {(row.area, row.period): (row.value, row.status) for row in bundled.rows()}
        assert found == expected.pop((recipe.indicator, recipe.column)), bundled.name
    assert not expected


@needs_source
def test_bundling_again_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "AREAS", tmp_path / "areas.csv")
    monkeypatch.setattr(bundle, "AREA_CHANGES", tmp_path / "area_changes.csv")
    monkeypatch.setattr(bundle, "FIGURES", tmp_path / "figures")
    bundle.bundle(TIDY)
    assert (tmp_path / "areas.csv").read_bytes() == read.AREAS.read_bytes()
    assert (tmp_path / "area_changes.csv").read_bytes() == read.AREA_CHANGES.read_bytes()
    again = {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()}
    assert again == {path.name: path.read_bytes() for path in read.FIGURES.iterdir()}


def test_a_period_with_two_statuses_is_not_bundled() -> None:
    row = {"regio": "GM0034", "periode": "2020JJ00", "waarde": "1.0", "status": "Definitief"}
    with pytest.raises(ValueError, match="two statuses"):
        bundle.figures_csv(bundle.recipes()[0], [row, row | {"regio": "GM0758", "status": ""}])


def test_all_seventy_indicators_of_the_social_domain_are_there(catalogue: dict[str, IndicatorEntry]) -> None:
    without = [entry for entry in catalogue.values() if not entry.series]
    assert len(without) == 70
    assert len(catalogue) == 118
    numbers = {entry.slug: entry.bbv for entry in without if entry.bbv}
    assert sorted(numbers.values()) == [6, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 31, 32]
    assert all(entry.table_hint for entry in without)


def test_every_indicator_without_a_direction_has_two_different_readings(
    catalogue: dict[str, IndicatorEntry],
) -> None:
    for entry in catalogue.values():
        if entry.direction is Direction.CONTEXT:
            assert entry.reading_up, entry.slug
            assert entry.reading_down, entry.slug
            assert entry.reading_up != entry.reading_down, entry.slug


def test_spending_has_no_direction_of_its_own(catalogue: dict[str, IndicatorEntry]) -> None:
    spending = [entry for slug, entry in catalogue.items() if slug.startswith("uitgaven-")]
    assert len(spending) == 24
    assert {entry.direction for entry in spending} == {Direction.CONTEXT}


def test_the_population_entry_is_the_one_of_the_contract(catalogue: dict[str, IndicatorEntry]) -> None:
    (part,) = catalogue["inwoners"].series
    assert part.model_dump(mode="json", by_alias=True, exclude_defaults=True) == {
        "source": "cbs-v4",
        "table": "03759ned",
        "measure": "M000352",
        "region": "RegioS",
        "period": "Perioden",
        "levels": ["nl", "provincie", "gemeente"],
        "from": "2019",
        "filter": {"Geslacht": "T001038", "Leeftijd": "10000", "BurgerlijkeStaat": "T001019"},
    }


def test_the_step_plan_has_ten_steps_that_need_earlier_ones() -> None:
    steps = read.stepplan()
    needs = {step.number: {need.step for need in step.needs} for step in steps}
    assert list(needs) == list(range(10))
    assert len({step.key for step in steps}) == 10
    assert all(earlier < number for number, before in needs.items() for earlier in before)
    assert 2 in needs[4]
    assert 4 in needs[6]
    assert 5 in needs[7]


def test_every_question_has_its_own_key_and_steps_with_cards_ask_none() -> None:
    steps = read.stepplan()
    keys = [question.key for step in steps for question in step.questions]
    assert len(keys) == len(set(keys))
    assert {step.number for step in steps if not step.questions} == {2, 4, 6}
    assert all(any(question.required for question in step.questions) for step in steps if step.questions)
    assert {step.piece.value for step in steps} == {"kennis", "visie", "sturing", "informatie"}


def test_the_demo_plan_of_almere_answers_every_question() -> None:
    plan = next(council.plan for council in read.demo().councils if council.slug == "almere")
    assert plan is not None
    assert plan.share is not None, "and everyone can read it as an example"
    asked = {question.key: question for step in read.stepplan() for question in step.questions}
    assert {*plan.answers, *plan.later} == set(asked)
    assert [asked[key].required for key in plan.later] == [False], (
        "one was put off, without holding up its step"
    )


def test_the_demo_plan_of_almere_shows_what_a_plan_can_hold() -> None:
    plan = next(council.plan for council in read.demo().councils if council.slug == "almere")
    assert plan is not None
    factions = Counter(faction for faction in plan.answers["werkgroep"].values() if faction)  # type: ignore[union-attr]
    assert sorted(factions.values()) == [3, 3], "a revealed round tells of both"
    links = [link for goal in plan.goals for link in goal.links]
    how = [item.measuring for item in (*links, *plan.own_figures) if item.measuring]
    assert sum(bool(item.aims) for item in how) == 1
    assert any(not item.aims for item in how), "one is only followed"
    assert any(item.signal for item in how)
    assert {item.direction for item in how} == {"up", "context"}
    assert sum(link.rests_until is not None for link in links) == 1
    assert sum(len(goal.questions) for goal in plan.goals) == 2
    assert sum(len(goal.requests) for goal in plan.goals) == 1
    counted = {figure.goal for figure in plan.own_figures} | {goal.key for goal in plan.goals if goal.links}
    told = {goal.key for goal in plan.goals if goal.stories}
    assert told - counted
    assert counted - told
    assert all(goal.costs for goal in plan.goals)
    assert [name for goal in plan.goals for name in goal.unknown] == ["steering"]
    [voted] = [asked for asked in plan.rounds if asked.purpose == "statements"]
    assert voted.revealed
    assert len(voted.answers) == 6


def test_demo_links_point_to_indicators_with_figures_over_more_than_one_year(
    figures: list[FigureFile], catalogue: dict[str, IndicatorEntry]
) -> None:
    files = {file.key: list(file.rows()) for file in figures}
    links = [
        (council.region, link)
        for council in read.demo().councils
        if council.plan
        for goal in council.plan.goals
        for link in goal.links
    ]
    assert len(links) == 8
    assert len({link.indicator for _region, link in links}) == 8
    for region, link in links:
        rows = [
            row for part in catalogue[link.indicator].series for row in files[part.key] if row.area == region
        ]
        assert len({row.period for row in rows}) >= 2, link.indicator


def test_in_the_demo_money_comes_last_in_every_goal(catalogue: dict[str, IndicatorEntry]) -> None:
    for council in read.demo().councils:
        for goal in council.plan.goals if council.plan else ():
            money = [catalogue[link.indicator].unit.startswith("euro") for link in goal.links]
            assert money == sorted(money), goal.key


def test_the_demo_of_almere_has_events_and_a_comparison_that_say_they_are_invented(
    catalogue: dict[str, IndicatorEntry],
) -> None:
    [almere] = [council for council in read.demo().councils if council.slug == "almere"]
    assert almere.comparison is not None
    assert almere.plan is not None
    assert almere.comparison.reason.startswith("Fictief: ")
    linked = {link.indicator for goal in almere.plan.goals for link in goal.links}
    assert len(almere.events) == 3
    for event in almere.events:
        assert event.indicator in linked, "seen in the monitor"
        assert catalogue[event.indicator].series
        assert "fictief" in event.source


def test_the_demo_has_the_five_pilot_councils_of_which_almere_has_goals_and_one_that_has_still_to_begin(
    areas: list[Area],
) -> None:
    names = {area.code: area.name for area in areas}
    councils = read.demo().councils
    begun = {council.slug: council.plan for council in councils if council.plan}
    assert {council.region for council in councils if council.plan} == PILOTS
    assert [council.slug for council in councils if not council.plan] == ["doesburg", "leeratelier"]
    assert all(names[council.region] == council.name for council in councils if council.region)
    assert [council.slug for council in councils if not council.region] == ["leeratelier"]
    assert [slug for slug, plan in begun.items() if plan.goals] == ["almere"]
    assert all(len(plan.values) == 1 for slug, plan in begun.items() if slug != "almere")


def test_almere_has_every_role_and_one_person_serves_two_councils() -> None:
    people = read.demo().people
    almere = {part.role for person in people for part in person.memberships if part.council == "almere"}
    assert almere == {
        "clerk",
        "councillor",
        "officer",
        "executive",
        "adviser",
        "auditor",
        "facilitator",
        "reader",
    }
    (guest,) = [person for person in people if len(person.memberships) > 1]
    assert len({part.role for part in guest.memberships}) == 2
    assert len({person.email for person in people}) == len(people)
    for slug in ("breda", "borger-odoorn", "heerenveen", "enschede"):
        roles = Counter(part.role for person in people for part in person.memberships if part.council == slug)
        assert roles["clerk"] >= 1
        assert roles["councillor"] >= 2
        assert roles["officer"] >= 1


def test_the_conversation_of_the_demo_is_about_figures_of_the_plan_and_by_who_may_say_it(
    catalogue: dict[str, IndicatorEntry],
) -> None:
    content = read.demo()
    plan = next(council.plan for council in content.councils if council.slug == "almere")
    assert plan is not None
    roles = {
        person.name: Role(part.role)
        for person in content.people
        for part in person.memberships
        if part.council == "almere"
    }
    figures = {catalogue[link.indicator].name for goal in plan.goals for link in goal.links}
    figures |= {figure.name for figure in plan.own_figures}
    needed = {
        Talk.QUESTION: Permission.ASK_QUESTIONS,
        Talk.REMARK: Permission.SPEAK,
        Talk.REACTION: Permission.SPEAK,
        Talk.ADVICE: Permission.SPEAK,
    }
    for talk in plan.talks:
        assert talk.about in figures
        assert needed[talk.kind] in PERMISSIONS[roles[talk.by]]
        state = State.ASKED
        for step in talk.steps:
            state = after(state, step.act)
            assert step.days_ago < talk.days_ago
        if talk.owner:
            assert Permission.ANSWER_QUESTIONS in PERMISSIONS[roles[talk.owner]]
    assert {Talk.QUESTION, Talk.ADVICE, Talk.REACTION} <= {talk.kind for talk in plan.talks}
    waiting = [talk for talk in plan.talks if talk.owner and not talk.steps]
    assert {talk.days_ago > 30 for talk in waiting} == {True, False}, "one is late, one is not"
    assert {meaning.about for meaning in plan.meanings} <= figures


ENTRY = {
    "slug": "inwoners",
    "name": "Inwoners",
    "definition": "Aantal inwoners.",
    "unit": "aantal",
    "decimals": 0,
    "themes": ["bevolking"],
    "direction": "up",
}
SERIES = {
    "source": "cbs-v4",
    "table": "03759ned",
    "measure": "M000352",
    "region": "RegioS",
    "period": "Perioden",
    "levels": ["gemeente"],
    "from": "2019",
}


def problems(*entries: dict[str, object]) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(yaml.safe_dump(list(entries), allow_unicode=True))
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_a_right_entry_is_accepted() -> None:
    (entry,) = parse_catalogue(yaml.safe_dump([ENTRY | {"series": [SERIES]}]))
    assert entry.slug == "inwoners"
    assert entry.verified is False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"themes": ["weer"]}, ["veld 'themes 1'", "kies uit 'wmo'"]),
        ({"themes": []}, ["veld 'themes'", "minstens één"]),
        ({"direction": "hoger"}, ["veld 'direction'", "'context'"]),
        ({"direction": "context", "reading_up": "Meer."}, ["'reading_down'"]),
        ({"laws": ["Grondwet"]}, ["veld 'laws 1'", "'jeugdwet'"]),
        ({"priorities": ["wonen"]}, ["veld 'priorities 1'", "'kansengelijkheid'"]),
        ({"synonyms": ["pgb", ""]}, ["veld 'synonyms 2'", "is leeg"]),
        ({"name": "Inwoners\0"}, ["veld 'name'", "geen letter"]),
        ({"decimals": "veel"}, ["veld 'decimals'", "heel getal"]),
        ({"decimals": 9}, ["veld 'decimals'", "te groot"]),
        ({"unit": ""}, ["veld 'unit'", "is leeg"]),
        ({"kleur": "rood"}, ["veld 'kleur'", "bestaat niet"]),
        ({"bbv": "32"}, ["veld 'bbv'", "heel getal"]),
        ({"verified": "ja"}, ["veld 'verified'", "true of false"]),
        ({"caveats": "pas op"}, ["veld 'caveats'", "lijst"]),
        ({"breaks": [{"period": "2023", "text": "Anders."}]}, ["veld 'breaks 1 period'", "2019JJ00"]),
        ({"series": [SERIES | {"levels": ["stad"]}]}, ["veld 'series 1 levels 1'", "'gemeente'"]),
        ({"series": [SERIES | {"from": "vroeger"}]}, ["veld 'series 1 from'", "vier cijfers"]),
        (
            {"series": [SERIES | {"filter": {"Leeftijd": 10000}}]},
            ["veld 'series 1 filter Leeftijd'", "aanhalingstekens"],
        ),
        ({"series": [SERIES | {"period_type": "week"}]}, ["veld 'series 1 period_type'", "'year'"]),
        ({"series": [{**SERIES, "period": None}]}, ["veld 'series 1'", "'period'"]),
        ({"series": [{**SERIES, "from": None}]}, ["veld 'series 1'", "'from'"]),
        ({"series": [SERIES, SERIES | {"measure": "X", "period_type": "half_year"}]}, ["'period_type'"]),
        ({"series": [SERIES, SERIES]}, ["veld 'series 2'", "inwoners, series 1"]),
        (
            {"series": [SERIES, SERIES | {"filter": {"Geslacht": "3000"}}]},
            ["veld 'series 2'", "inwoners, series 1"],
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_entry(change: dict[str, object], words: list[str]) -> None:
    (problem,) = problems(ENTRY | change)
    assert re.match(r"Regel [0-9]+, indicator 1 \(inwoners\): ", problem)
    assert all(word in problem for word in words), problem


def test_a_bad_slug_is_named_by_the_place_of_its_entry() -> None:
    (problem,) = problems(ENTRY, ENTRY | {"slug": "Jeugd Hulp"})
    assert problem.startswith("Regel 13, indicator 2: veld 'slug'")


def test_all_problems_are_told_at_once() -> None:
    second = {name: value for name, value in ENTRY.items() if name != "unit"} | {
        "slug": "jeugd",
        "decimals": -1,
    }
    assert len(problems(ENTRY, second)) == 2


LINES = """\
- slug: inwoners
  name: Inwoners
  definition: Aantal inwoners.
  unit: aantal
  decimals: 0
  themes: [bevolking]
  direction: up

- slug: jeugd
  name: Jeugd
  definition: Jongeren.
  decimals: 12
  themes:
    - jeugd
    - weer
  direction: up
  series:
    - source: cbs-v4
      table: 03759ned
      measure: M000352
      levels: [gemeente]
      region: RegioS
      period: Perioden
      from: vroeger
"""


def test_a_problem_begins_with_the_line_of_its_field_or_of_the_entry_that_lacks_it() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(LINES)
    places = [
        problem.partition(": ")[0] + problem.partition(":")[2].partition(":")[0]
        for problem in caught.value.problems
    ]
    assert sorted(places) == [
        "Regel 12, indicator 2 (jeugd) veld 'decimals'",
        "Regel 15, indicator 2 (jeugd) veld 'themes 2'",
        "Regel 24, indicator 2 (jeugd) veld 'series 1 from'",
        "Regel 9, indicator 2 (jeugd) veld 'unit'",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- slug: a\n  name: [open\n", "Kijk bij regel 3, teken 1"),
        ("- slug: a\n\tname: b\n", "Kijk bij regel 2, teken 1"),
        ("- slug: 'a\n", "Kijk bij regel 2, teken 1"),
        ("- slug: a: b\n", "Kijk bij regel 1, teken 10"),
    ],
)
def test_text_that_is_no_yaml_is_refused_with_line_and_column(text: str, place: str) -> None:
    with pytest.raises(CatalogueError, match=place):
        parse_catalogue(text)


def test_the_catalogue_that_is_written_reads_back_the_same() -> None:
    entries = read.indicators()
    assert parse_catalogue(write_catalogue(entries)) == entries


def test_a_slug_that_stands_twice_is_refused() -> None:
    (problem,) = problems(ENTRY, ENTRY)
    assert problem.endswith(", indicator 2 (inwoners): veld 'slug': staat ook bij indicator 1")


def test_a_year_without_quotation_marks_is_the_same_year() -> None:
    (entry,) = parse_catalogue(yaml.safe_dump([ENTRY | {"series": [SERIES | {"from": 2019}]}]))
    assert entry.series[0].from_ == "2019"


def test_a_file_that_cannot_be_read_is_a_catalogue_error(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("- slug: café".encode("latin-1"))
    with pytest.raises(CatalogueError, match="UTF-8"):
        read_catalogue(tmp_path / "latin.yaml")
    with pytest.raises(CatalogueError, match=r"gone\.yaml"):
        read_catalogue(tmp_path / "gone.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "slug: x",
        "- [",
        "- !!int x",
        "- !!timestamp x",
        "- !!python/object:os.system {}",
        "- 2020-13-45",
        "\0",
        "[" * 5000,
    ],
)
def test_text_that_is_no_catalogue_is_a_catalogue_error(text: str) -> None:
    with pytest.raises(CatalogueError):
        parse_catalogue(text)


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
DATA = st.recursive(SCALAR, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)
FIELD = st.sampled_from([*IndicatorEntry.model_fields, "from", "slug\n"])


def problems_in(text: str) -> list[str]:
    """What is wrong with the text; any other exception than CatalogueError fails the test."""
    try:
        parse_catalogue(text)
    except CatalogueError as error:
        return error.problems or ["an error without a problem"]
    return []


def are_sentences(lines: list[str]) -> bool:
    return all(line.isprintable() and ("veld" in line or line.startswith("Het bestand")) for line in lines)


@given(st.text())
def test_any_text_gives_entries_or_a_catalogue_error(text: str) -> None:
    assert are_sentences(problems_in(text))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.dictionaries(FIELD, DATA) | DATA, min_size=1))
def test_any_data_gives_entries_or_a_catalogue_error(data: list[object]) -> None:
    assert are_sentences(problems_in(yaml.safe_dump(data)))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(FIELD, DATA)
def test_one_wrong_field_in_a_right_entry_gives_an_entry_or_a_catalogue_error(
    field: str, value: object
) -> None:
    assert are_sentences(problems_in(yaml.safe_dump([ENTRY | {"series": [SERIES]} | {field: value}])))


# --- Stories --------------------------------------------------------------------------------------------------------


def test_the_fictitious_stories_are_where_real_ones_are_and_not_all_of_one_mind() -> None:
    told = read.stories()
    stories = [story for source in told.sources for story in source.stories]
    assert 25 <= len(stories) <= 32
    assert Counter(story.ends for story in stories if story.ends) == dict.fromkeys(Ends, 1)
    read_by_all = [story for story in stories if not story.ends]
    assert sum(not story.marked for story in read_by_all) >= 2, "some wait for somebody to code them"
    assert {story.reach for story in read_by_all} == set(Reach)
    assert any(story.quotes_only for story in read_by_all)
    for source in told.sources:
        ways = {mark.leaning for story in source.stories for mark in story.marked}
        assert {Leaning.WELL, Leaning.NOT_WELL} <= ways, f"{source.slug}: somebody sees it differently"
    assert len({story.teller for story in stories}) == len(stories)
    texts = [story.plain for story in stories]
    assert len({text.split(".")[0] for text in texts}) == len(texts), "no two begin alike"


def test_a_goal_that_is_quoted_beside_a_figure_is_quoted_at_a_year_that_the_figure_has() -> None:
    plan = next(council.plan for council in read.demo().councils if council.slug == "almere")
    assert plan is not None
    years = {figure.name: {str(year) for year in figure.numbers} for figure in plan.own_figures}
    for quote in read.stories().quotes:
        assert quote.period in years[quote.beside]
