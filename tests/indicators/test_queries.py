"""Reading figures: revisions, joined series, newest values, comparable groups; and what the catalogue file changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import Cast
from tests.indicators.figures import forget_figures, history, load, observation_count, series_of
from workbench.core.db import as_platform, db
from workbench.indicators import areas, queries
from workbench.indicators.catalogue import AreaType, IndicatorEntry, Law, parse_catalogue, write_catalogue
from workbench.indicators.models import Area, CouncilArea, Indicator, Series
from workbench.indicators.operations import catalogue_entries
from workbench.indicators.queries import Choice, Have
from workbench.sources.models import SourceTable, TableSeries
from workbench.sources.operations import import_entries

FINAL = ("final", None)
EARLIER = datetime(2025, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 12, tzinfo=UTC)

ENTRY = """
- slug: proef
  name: {name}
  definition: Een proef.
  unit: '%'
  decimals: 1
  themes: [wmo]
  direction: up
  series:
    - {{source: cbs-v4, table: 00001ned, measure: M1, region: RegioS, period: Perioden, levels: [gemeente], from: '{first}',
      filter: {{Geslacht: {code}}}}}
    - {{source: cbs-v4, table: 00001ned, measure: M2, region: RegioS, period: Perioden, levels: [gemeente], from: '2019'}}
"""


def entries(name: str = "Proef", code: str = "T001038", first: str = "2019") -> list[IndicatorEntry]:
    return parse_catalogue(ENTRY.format(name=name, code=code, first=first))


def import_(*found: IndicatorEntry) -> None:
    db.commit()
    with as_platform():
        import_entries(found)


def area(code: str = "GM0034") -> Area:
    return db.scalars(sa.select(Area).where(Area.code == code)).one()


def indicator(slug: str = "inwoners") -> Indicator:
    found = queries.find_indicator(slug)
    assert found is not None
    return found


# --- Figures --------------------------------------------------------------------------------------------------------


def test_a_figure_tells_what_it_was_before_its_last_revision(session: Session) -> None:
    forget_figures("inwoners")
    load("inwoners", ("GM0034", "2020JJ00", 200.0, *FINAL), ("GM0034", "2021JJ00", 5.0, *FINAL), at=EARLIER)
    load(
        "inwoners",
        ("GM0034", "2020JJ00", 190.0, *FINAL),
        ("GM0034", "2021JJ00", 5.0, *FINAL),
        at=LATER - timedelta(days=9),
    )
    load("inwoners", ("GM0034", "2020JJ00", 195.0, *FINAL), ("GM0034", "2021JJ00", 5.0, *FINAL), at=LATER)
    first, second = queries.figures_of(indicator(), area())
    assert (first.value, first.revised_from, first.revised_at) == (195.0, 190.0, LATER)
    assert (second.value, second.revised_from, second.revised_at) == (5.0, None, None)


def test_a_change_of_status_alone_is_no_revised_value(session: Session) -> None:
    forget_figures("inwoners")
    load("inwoners", ("GM0034", "2020JJ00", 200.0, "provisional", None), at=EARLIER)
    load("inwoners", ("GM0034", "2020JJ00", 200.0, *FINAL), at=LATER)
    [figure] = queries.figures_of(indicator(), area())
    assert (figure.status, figure.revised_at) == ("final", None)


def test_figures_stand_in_order_of_time_and_missing_ones_keep_their_reason(session: Session) -> None:
    load(
        "inwoners",
        ("GM0034", "2021JJ00", None, "final", "suppressed"),
        ("GM0034", "2019JJ00", 1.0, *FINAL),
        ("GM0034", "2020JJ00", 2.0, *FINAL),
        ("GM0758", "2020JJ00", 9.0, *FINAL),
    )
    found = queries.figures_of(indicator(), area())
    assert [(item.period.code, item.value, item.missing) for item in found] == [
        ("2019JJ00", 1.0, None),
        ("2020JJ00", 2.0, None),
        ("2021JJ00", None, "suppressed"),
    ]


def test_where_two_series_have_a_period_the_later_one_counts(session: Session) -> None:
    import_(*entries())
    first, second = sorted(indicator("proef").series, key=lambda series: series.part)
    db.commit()
    with as_platform():
        for series, value in ((first, 1.0), (second, 2.0)):
            db.execute(
                sa.text(
                    "INSERT INTO observation (series_id, area_id, period_id, value, status, loaded_from)"
                    " SELECT :series, a.id, p.id, :value, 'final', now() FROM area a, period p"
                    " WHERE a.code = 'GM0034' AND p.code = ANY(:periods)"
                ),
                {
                    "series": series.id,
                    "value": value,
                    "periods": ["2020JJ00", "2024JJ00"] if value == 1 else ["2024JJ00"],
                },
            )
    found = queries.figures_of(indicator("proef"), area())
    assert [(item.period.code, item.value) for item in found] == [("2020JJ00", 1.0), ("2024JJ00", 2.0)]


def test_the_newest_figure_is_the_last_with_a_value(session: Session) -> None:
    load(
        "inwoners",
        ("GM0034", "2020JJ00", 2.0, *FINAL),
        ("GM0034", "2021JJ00", 3.0, *FINAL),
        ("GM0034", "2022JJ00", None, "final", "not_delivered"),
    )
    newest = queries.newest_figures([indicator()], area())["inwoners"]
    assert (newest.period.code, newest.value) == ("2021JJ00", 3.0)
    assert queries.newest_figures([], area()) == {}
    load("inwoners", ("GM0758", "2020JJ00", 2.0, *FINAL))
    assert queries.newest_figures([indicator()], area()) == {}


def test_a_council_without_an_area_of_today_has_none(cast: Cast) -> None:
    assert queries.own_area() is not None
    found = db.scalars(sa.select(CouncilArea)).one()
    found.valid_until = date(2020, 1, 1)
    db.flush()
    assert queries.own_area() is None
    found.valid_until, found.valid_from = None, date(2999, 1, 1)
    db.flush()
    assert queries.own_area() is None


# --- Comparable municipalities --------------------------------------------------------------------------------------


def test_values_of_a_group_come_without_names(session: Session) -> None:
    load(
        "inwoners",
        ("GM0034", "2020JJ00", 1.0, *FINAL),
        ("GM0758", "2020JJ00", 2.0, *FINAL),
        ("GM0363", "2020JJ00", 3.0, *FINAL),
    )
    ids = [area("GM0758").id, area("GM0363").id]
    found = queries.group_values_of([indicator()], ids)["inwoners"]
    assert {code: sorted(values) for code, values in found.items()} == {"2020JJ00": [2.0, 3.0]}
    assert queries.group_figures_of([indicator()], ids) == {
        "inwoners": {"2020JJ00": {ids[0]: 2.0, ids[1]: 3.0}}
    }


def test_the_size_of_municipalities_counts_as_a_change_of_every_figure(session: Session) -> None:
    other = indicator("huishoudensgrootte")
    before = queries.changed_at([other.id])[other.id]
    moment = datetime.now(UTC) + timedelta(minutes=1)
    load("inwoners", ("GM0034", "2020JJ00", 1.0, *FINAL), at=moment)
    assert queries.changed_at([other.id])[other.id] == moment > before


# --- Search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["%", "_", "\\", "%%%", "'", "🙂", "\u202e", "x" * 100, "a " * 50])
def test_odd_words_are_searched_for_as_they_stand(session: Session, words: str) -> None:
    for found in queries.search(words)[1]:
        text = f"{found.name} {found.definition} {found.slug}".casefold()
        assert all(word.casefold() in text for word in words.split()[:10])


def test_all_words_must_be_there_in_any_case_and_order(session: Session) -> None:
    assert "inwoners" in {found.slug for found in queries.search("JANUARI inwoners")[1]}
    assert queries.search("inwoners zeppelin")[1] == []
    assert len(queries.search("")[1]) == db.scalar(sa.select(sa.func.count()).select_from(Indicator))


def test_figures_that_are_there_come_before_those_without_a_source(session: Session) -> None:
    connected = [bool(found.series) for found in queries.search("")[1]]
    assert connected == sorted(connected, reverse=True)
    assert not all(connected)


def test_a_theme_narrows(session: Session) -> None:
    found = queries.search("", "jeugd")[1]
    assert found
    assert all("jeugd" in item.themes for item in found)


def test_areas_are_listed_by_code_and_kind(session: Session) -> None:
    total, found = queries.list_areas(AreaType.PROVINCIE, most=3, skip=1)
    assert total == 12
    assert [item.code for item in found] == sorted(item.code for item in found)
    assert len(found) == 3


def slugs(words: str, **choice: object) -> list[str]:
    return [found.slug for found in queries.find(Choice(words, **choice)).indicators]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("pgb", "wmo-pgb"),  # an abbreviation for what the name says in full
        ("persoonsgebonden budget", "wmo-pgb"),
        ("jongere", "werkloze-jongeren"),  # one for many
        ("inwoner", "inwoners"),
        ("schuld", "schuldhulp-bereik"),  # part of a longer word
        ("hulpverlening", "schuldhulp-bereik"),
        ("thuiszitters", "absoluut-verzuim"),  # a synonym
        ("hulp voor jongeren", "jeugdhulp"),  # a word without meaning need not be there
        ("Wet maatschappelijke ondersteuning", "wmo-clienten"),  # the name of a law
        ("WMO", "wmo-clienten"),
    ],
)
def test_a_figure_is_found_as_people_call_it(session: Session, words: str, slug: str) -> None:
    found = queries.find(Choice(words))
    assert slug in [item.slug for item in found.indicators]
    assert not found.is_alike


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("eenzaamhied", "eenzaam"),
        ("eensaamheid", "eenzaam"),
        ("bijstantsuitkering", "bijstand"),
        ("persoongebonden budget", "wmo-pgb"),
        ("huurachterstnad", "vroegsignalering"),
    ],
)
def test_a_typing_error_finds_what_looks_the_same_and_says_so(
    session: Session, words: str, slug: str
) -> None:
    found = queries.find(Choice(words))
    assert found.is_alike
    assert slug in [item.slug for item in found.indicators[:3]]


@pytest.mark.parametrize("words", ["zeppelin", "inwoners zeppelin", "🙂", "qqqq wwww"])
def test_what_resembles_nothing_finds_nothing(session: Session, words: str) -> None:
    found = queries.find(Choice(words))
    assert (found.total, found.is_alike) == (0, False)


def test_the_name_counts_more_than_the_definition(session: Session) -> None:
    assert slugs("eenzaamheid")[0] == "eenzaam"
    assert slugs("inwoners op 1 januari")[0] == "inwoners"
    found = slugs("armoede")
    assert found.index("armoede") < found.index("kinderen-laag-inkomen")


@pytest.mark.parametrize(
    "words",
    [
        "\x00", "a\x00b", "\ud800", "' OR 1=1 --", '"', "a & b | !c:*", "((", ":*", "<->", "\\", "%_%", "🙂🙂🙂🙂🙂",
        "\u202eemohtno", "\u0000" * 50, "lang " * 2000, "x" * 10_000, "é" * 500, "\u2028", "-" * 300,
    ],
)  # fmt: skip
def test_hostile_words_never_fail(session: Session, words: str) -> None:
    found = queries.find(Choice(words), most=5)
    assert len(found.indicators) <= min(found.total, 5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=300))
def test_any_words_give_an_answer(session: Session, words: str) -> None:
    assert queries.find(Choice(words), most=1).total >= 0


def test_laws_and_levels_narrow(session: Session) -> None:
    assert set(slugs("", law="leerplichtwet")) == {"absoluut-verzuim", "relatief-verzuim"}
    national = slugs("", level="nl")
    assert "inwoners" in national
    assert "solvabiliteit" not in national
    assert queries.known_levels() == {"nl", "provincie", "gemeente", "wijk", "buurt"}


def test_the_catalogue_is_narrowed_to_what_we_have_figures_of(session: Session) -> None:
    load("inwoners", ("GM0034", "2025JJ00", 1.0, *FINAL))
    load(
        "solvabiliteit", ("GM0034", "2019JJ00", 1.0, *FINAL), ("GM0034", "2025JJ00", None, "final", "failed")
    )
    load("stedelijkheid", ("GM0758", "2025JJ00", 1.0, *FINAL))
    mine = {
        have: set(slugs("", have=have, area=area(), recent_from=2024))
        & {"inwoners", "solvabiliteit", "stedelijkheid"}
        for have in Have
    }
    assert mine == {
        Have.SOME: {"inwoners", "solvabiliteit"},
        Have.RECENT: {"inwoners"},
        Have.OLDER: {"solvabiliteit"},
        Have.NONE: {"stedelijkheid"},
    }


# --- As known on a day ----------------------------------------------------------------------------------------------


def test_figures_as_of_a_moment_are_those_that_stood_then(session: Session) -> None:
    forget_figures("inwoners")
    load("inwoners", ("GM0034", "2020JJ00", 200.0, "provisional", None), at=EARLIER)
    load("inwoners", ("GM0034", "2020JJ00", 195.0, *FINAL), ("GM0034", "2021JJ00", 210.0, *FINAL), at=LATER)

    def known(moment: datetime | None) -> list[tuple[str, float | None, float | None]]:
        found = queries.figures_of(indicator(), area(), moment)
        return [(item.period.code, item.value, item.revised_from) for item in found]

    assert known(EARLIER - timedelta(seconds=1)) == []
    assert known(EARLIER) == [("2020JJ00", 200.0, None)]
    assert known(LATER - timedelta(seconds=1)) == [("2020JJ00", 200.0, None)]
    assert known(LATER) == known(None) == [("2020JJ00", 195.0, 200.0), ("2021JJ00", 210.0, None)]
    assert days() == [LATER.date(), EARLIER.date()]
    assert days("GM0758") == []


def days(code: str = "GM0034") -> list[date]:
    about = area(code).id
    return queries.read_archive([indicator()], [about]).history(indicator(), about).days


def test_a_change_late_in_the_evening_belongs_to_the_dutch_day(session: Session) -> None:
    forget_figures("inwoners")
    load("inwoners", ("GM0034", "2020JJ00", 1.0, *FINAL), at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert days() == [date(2026, 7, 1)]


def test_beside_us_stand_the_province_the_country_and_one_chosen_municipality(session: Session) -> None:
    def beside(chosen: str) -> list[str]:
        return [item.code for item in areas.known(indicator(), None, area(), chosen).beside]

    assert beside("") == beside("GM0034") == beside("GM9999") == beside("PV20") == ["PV24", "NL01"]
    assert beside("GM0758") == ["PV24", "NL01", "GM0758"]
    alone = areas.known(indicator(), None, None, "GM0758").beside
    assert [item.code for item in alone] == ["NL01", "GM0758"]


def test_municipalities_to_choose_from_have_figures_and_stand_by_name(session: Session) -> None:
    load(
        "inwoners",
        ("GM0034", "2020JJ00", 1.0, *FINAL),
        ("GM0758", "2020JJ00", 9.0, *FINAL),
        ("GM0363", "2020JJ00", 8.0, *FINAL),
        ("GM0171", "2020JJ00", None, "final", "not_delivered"),
        ("NL01", "2020JJ00", 8.0, *FINAL),
    )
    found = areas.known(indicator(), None, area()).municipalities
    assert [(item.code, item.name) for item in found] == [("GM0363", "Amsterdam"), ("GM0758", "Breda")]


# --- The catalogue file ---------------------------------------------------------------------------------------------


def counts() -> list[int | None]:
    return [
        db.scalar(sa.select(sa.func.count()).select_from(model))
        for model in (Indicator, Series, TableSeries, SourceTable)
    ]


def test_importing_twice_makes_no_doubles(session: Session) -> None:
    before = counts()
    import_(*entries())
    assert [after - old for after, old in zip(counts(), before, strict=True)] == [1, 2, 2, 1]  # type: ignore[operator]
    once = counts()
    import_(*entries())
    assert counts() == once


def test_the_exported_catalogue_is_the_one_that_was_imported_and_importing_it_changes_nothing(
    session: Session,
) -> None:
    import seeds

    exported = catalogue_entries()
    assert exported == sorted(seeds.read.indicators(), key=lambda entry: entry.slug)
    before = counts(), db.scalar(sa.select(sa.func.max(Series.changed_at)))
    import_(*parse_catalogue(write_catalogue(exported)))
    assert (counts(), db.scalar(sa.select(sa.func.max(Series.changed_at)))) == before


def test_new_synonyms_are_searched_at_once(session: Session) -> None:
    [entry] = entries()
    import_(entry.model_copy(update={"synonyms": ["kwaaltjes"], "laws": [Law.WGS]}))
    assert slugs("kwaaltje") == ["proef"]
    assert "proef" in slugs("gemeentelijke schuldhulpverlening")


def fingerprint() -> str | None:
    db.expire_all()
    return db.scalars(sa.select(SourceTable.fingerprint).where(SourceTable.table == "00001ned")).one()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({}, "oud"), ({"name": "Andere naam"}, "oud"), ({"code": "T1"}, None), ({"first": "2020"}, None)],
)
def test_only_asking_for_other_rows_makes_the_next_refresh_load_the_table_again(
    session: Session, changed: dict[str, str], expected: str | None
) -> None:
    import_(*entries())
    db.commit()
    with as_platform():
        db.execute(sa.update(SourceTable).where(SourceTable.table == "00001ned").values(fingerprint="oud"))
    import_(*entries(**changed))
    assert fingerprint() == expected


def test_a_new_description_counts_as_a_change_so_that_figures_are_drawn_again(session: Session) -> None:
    import_(*entries())
    found = indicator("proef")
    before = queries.changed_at([found.id])[found.id]
    import_(*entries())
    assert queries.changed_at([found.id])[found.id] == before
    import_(*entries(name="Andere naam"))
    db.expire_all()
    assert queries.changed_at([found.id])[found.id] > before


def test_a_series_that_a_file_no_longer_names_keeps_its_figures_and_moves_back(session: Session) -> None:
    import_(*entries())
    [entry] = entries()
    import_(entry.model_copy(update={"series": entry.series[1:]}))
    found = sorted(indicator("proef").series, key=lambda series: series.part)
    assert [series.measure for series in found] == ["M2", "M1"]


def test_a_series_that_became_computed_is_no_longer_fetched(session: Session) -> None:
    import_(*entries())
    [entry] = entries()
    computed = [part.model_copy(update={"computed": "iets / iets"}) for part in entry.series]
    import_(entry.model_copy(update={"series": computed}))
    assert (
        db.scalar(
            sa.select(sa.func.count())
            .select_from(TableSeries)
            .join(SourceTable)
            .where(SourceTable.table == "00001ned")
        )
        == 0
    )


def test_loading_the_seeds_again_changes_nothing(session: Session) -> None:
    import seeds

    def all_() -> list[object]:
        return [
            *counts(),
            observation_count("inwoners"),
            db.scalar(sa.select(sa.func.max(Series.changed_at))),
        ]

    before = all_()
    db.commit()
    with as_platform():
        seeds.load()
    assert all_() == before
    assert history("inwoners", "GM0034", "2024JJ00")
    assert series_of("inwoners").source == "cbs-v4"
