"""Our area: its past, its figures from before, the areas around it, and the council that moves along."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import seeds
from tests.client import Client, Page
from tests.factories import Cast
from tests.indicators.figures import load
from workbench.core import remembered
from workbench.core.db import as_platform, db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_for
from workbench.indicators import areas, queries
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area, AreaChange, CouncilArea, Indicator
from workbench.indicators.operations import follow_successors, move_to, set_area
from workbench.indicators.recast import ChangeKind, How

FINAL = ("final", None)
PROVISIONAL = ("provisional", None)


def area(code: str) -> Area:
    return db.scalars(sa.select(Area).where(Area.code == code)).one()


def indicator(slug: str) -> Indicator:
    found = queries.find_indicator(slug)
    assert found is not None
    return found


def around(slug: str, code: str) -> areas.AroundIndicator | None:
    return areas.around(areas.known(indicator(slug), indicator("inwoners"), area(code)))


def earlier(slug: str, code: str) -> list[areas.EarlierFigure]:
    found = around(slug, code)
    assert found is not None
    return found.earlier


def rows(page: Page, section: str) -> list[list[str]]:
    """The cells of the table under the heading with this id."""
    assert page.soup is not None
    heading = page.soup.find(id=section)
    assert heading is not None
    assert heading.parent is not None
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in heading.parent.select("tbody tr")
    ]


# --- Figures from before a merger -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "since", "parts"),
    [
        ("GM1979", 2021, ["GM0003", "GM0010", "GM0024"]),
        ("GM1982", 2022, ["GM0756", "GM0786", "GM0815", "GM1684", "GM1702"]),
        ("GM1992", 2023, ["GM0501", "GM0530", "GM0614"]),
    ],
)
def test_inhabitants_from_before_a_merger_are_those_of_the_parts(
    session: Session, code: str, since: int, parts: list[str]
) -> None:
    found = {item.first.year: item.recast for item in earlier("inwoners", code)}
    assert list(found) == list(range(2019, since))
    for year, result in found.items():
        of_the_parts = [
            figure.value
            for part in parts
            for figure in queries.figures_of(indicator("inwoners"), area(part))
            if figure.period.year == year
        ]
        assert len(of_the_parts) == len(parts)
        assert (result.value, result.how) == (sum(value or 0 for value in of_the_parts), How.ADDED)


def test_today_a_municipality_that_took_in_another_had_more_people_than_its_own_figure_says(
    session: Session,
) -> None:
    found = {item.first.year: item.recast for item in earlier("inwoners", "GM0363")}
    assert list(found) == [2019, 2020, 2021, 2022]  # Weesp went on 24 March 2022
    own = {
        figure.period.year: figure.value
        for figure in queries.figures_of(indicator("inwoners"), area("GM0363"))
    }
    assert all((item.value or 0) > (own[year] or 0) for year, item in found.items())


def test_a_part_of_haaren_makes_boxtel_an_estimate_and_says_which_part(session: Session) -> None:
    first = earlier("inwoners", "GM0757")[0]
    assert first.recast.how is How.ESTIMATED
    assert [(name, round(float(share), 3)) for name, share in first.parts] == [
        ("Boxtel", 1.0),
        ("Haaren", 0.15),
    ]


def test_a_percentage_of_something_else_is_untraceable_and_told_once_for_years_in_a_row(
    session: Session,
) -> None:
    [found] = earlier("solvabiliteit", "GM1979")
    assert (found.recast.value, found.recast.how) == (None, How.UNTRACEABLE)
    assert (found.first.year, found.last.year) == (2017, 2020)


def test_spending_per_inhabitant_goes_by_way_of_the_inhabitants(session: Session) -> None:
    unknown, *found = earlier("uitgaven-jeugd-rekening", "GM1979")
    assert (unknown.first.year, unknown.last.year, unknown.recast.how) == (2017, 2018, How.UNWEIGHED)
    assert [item.first.year for item in found] == [2019, 2020]
    assert {item.recast.how for item in found} == {How.WEIGHTED}
    people, spent = 0.0, 0.0
    for part in ("GM0003", "GM0010", "GM0024"):
        values = {}
        for slug in ("inwoners", "uitgaven-jeugd-rekening"):
            figures = queries.figures_of(indicator(slug), area(part))
            values[slug] = next(item.value for item in figures if item.period.year == 2020) or 0.0
        people += values["inwoners"]
        spent += values["inwoners"] * values["uitgaven-jeugd-rekening"]
    assert found[1].recast.value == pytest.approx(spent / people)


def test_a_missing_part_is_named_and_the_sum_stays_away(session: Session) -> None:
    load(
        "inwoners",
        ("GM0003", "2020JJ00", 11.0, *FINAL),
        ("GM0010", "2020JJ00", 22.0, *FINAL),
        ("GM0024", "2020JJ00", None, "final", "suppressed"),
        ("GM1979", "2021JJ00", 33.0, *FINAL),
    )
    [found] = earlier("inwoners", "GM1979")
    assert (found.recast.value, found.recast.how, found.lacking) == (None, How.LACKING, ("Loppersum",))


def test_a_sum_of_provisional_figures_is_provisional(session: Session) -> None:
    load(
        "inwoners",
        ("GM0003", "2020JJ00", 1.0, *FINAL),
        ("GM0010", "2020JJ00", 2.0, *PROVISIONAL),
        ("GM0024", "2020JJ00", 3.0, *FINAL),
    )
    [found] = earlier("inwoners", "GM1979")
    assert (found.recast.value, found.provisional) == (6.0, True)


def test_where_the_source_gives_the_new_area_itself_nothing_is_added_up(session: Session) -> None:
    load(
        "inwoners",
        ("GM0003", "2020JJ00", 1.0, *FINAL),
        ("GM1979", "2020JJ00", 9.0, *FINAL),
    )
    assert earlier("inwoners", "GM1979") == []


def test_a_year_under_an_earlier_name_is_the_same_figure(session: Session) -> None:
    load("inwoners", ("GM0241", "2015JJ00", 34_000.0, *FINAL), ("GM1945", "2016JJ00", 34_500.0, *FINAL))
    [found] = earlier("inwoners", "GM1945")
    assert (found.recast.value, found.recast.how, found.parts) == (34_000.0, How.SAME, (("Groesbeek", 1),))


def test_the_page_says_what_was_added_up_and_that_the_source_does_not(client: Client, cast: Cast) -> None:
    set_area("GM1979")
    db.commit()
    page = client.as_(cast["reader"]).page("/almere/cijfers/inwoners")
    assert rows(page, "earlier-areas") == [
        ["2019", "46.051", "opgeteld: Appingedam, Delfzijl, Loppersum"],
        ["2020", "45.857", "opgeteld: Appingedam, Delfzijl, Loppersum"],
    ]
    assert "de bron geeft ze zo niet" in page.words
    page = client.page("/almere/cijfers/solvabiliteit")
    assert rows(page, "earlier-areas") == [
        [
            "2017 tot en met 2020",
            "niet herleidbaar",
            "dit is geen aantal, dus niet op te tellen: Appingedam, Delfzijl, Loppersum",
        ]
    ]


def test_the_page_tells_of_an_estimate_and_of_a_border_that_was_not_recast(
    client: Client, cast: Cast
) -> None:
    set_area("GM0757")
    db.commit()
    page = client.as_(cast.clerk).page("/almere/cijfers/inwoners")
    assert rows(page, "earlier-areas")[0] == [
        "2019",
        "32.878",
        "geschat naar inwoners: Boxtel, Haaren (15,0 %)",
    ]
    set_area("GM1992")
    db.commit()
    page = client.page("/almere/cijfers/uitgaven-jeugd-rekening")
    assert "1 januari 2018: een stuk van Nissewaard met 1.209 inwoners ging naar Hellevoetsluis" in page.words


def test_a_municipality_that_stayed_as_it_was_has_no_table_from_before(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page("/almere/cijfers/inwoners")
    assert "Van voor de herindeling" not in page.words


# --- For which areas ------------------------------------------------------------------------------------------------


def test_a_figure_says_for_which_areas_it_is_there_and_for_which_not(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page("/almere/cijfers/inwoners")
    assert "Dit cijfer is er voor: Almere (gemeente), Nederland (land)." in page.words
    assert "Nog niet geladen: provincie, wijken, buurten." in page.words
    assert "zegt niet hoe het in een wijk is" in page.words


def test_our_districts_are_counted_and_those_of_others_are_not(client: Client, cast: Cast) -> None:
    load(
        "inwoners",
        ("GM0034", "2024JJ00", 3.0, *FINAL),
        ("PV24", "2024JJ00", 9.0, *FINAL),
        ("WK003401", "2024JJ00", 1.0, *FINAL),
        ("WK003402", "2024JJ00", 2.0, *FINAL),
        ("WK003403", "2024JJ00", None, "final", "suppressed"),
        ("WK075801", "2024JJ00", 4.0, *FINAL),
        ("BU00340101", "2024JJ00", 1.0, *FINAL),
    )
    page = client.as_(cast.clerk).page("/almere/cijfers/inwoners")
    assert "Dit cijfer is er voor: Almere (gemeente), Flevoland (provincie), 2 wijken, 1 buurt." in page.words
    assert "Nog niet geladen: land." in page.words
    levels = {row[0]: row[1:] for row in rows(client.page("/almere/gebied"), "levels")}
    assert levels["wijken"] == ["2", "1"]
    assert levels["buurten"] == ["1", "1"]
    assert levels["GGD-regio"] == ["niet bekend", "nog niet geladen"]


@pytest.mark.parametrize(
    ("wider", "words"),
    [
        (
            ("PV24", "NL01"),
            "Wel over de provincie Flevoland: 430.000 in 2024. Dat is het cijfer van de provincie, niet",
        ),
        (("NL01",), "Wel over heel Nederland: 430.000 in 2024. Dat is het cijfer van het land, niet"),
    ],
)
def test_a_figure_of_a_wider_area_never_poses_as_ours(
    client: Client, cast: Cast, wider: tuple[str, ...], words: str
) -> None:
    load("inwoners", *((code, "2024JJ00", 430_000.0, *FINAL) for code in wider))
    page = client.as_(cast.clerk).page("/almere/cijfers/inwoners")
    assert "Over Almere is er geen cijfer." in page.words
    assert words in page.words


def test_an_indicator_without_any_figure_about_us_or_around_us_says_nothing_of_others(
    client: Client, cast: Cast
) -> None:
    load("inwoners", ("GM0758", "2024JJ00", 7_777.0, *FINAL))
    page = client.as_(cast.clerk).page("/almere/cijfers/inwoners")
    assert "Nog niet geladen: gemeente, provincie, land, wijken, buurten." in page.words
    assert "7.777" not in page.words


def test_the_questions_for_a_page_do_not_grow_with_the_past(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    for code in ("GM0034", "GM1900"):  # Almere, and Súdwest-Fryslân with its many predecessors
        act_for(db, cast.almere.id)
        set_area(code)
        db.commit()
        client.as_(cast.clerk).page("/almere/cijfers/inwoners")
        remembered.forget()
        query_count.clear()
        assert client.page("/almere/cijfers/inwoners").status == 200
        assert len(query_count) <= 12
        query_count.clear()
        assert client.page("/almere/gebied").status == 200
        assert len(query_count) <= 11


# --- The page of our area -------------------------------------------------------------------------------------------


def test_our_area_tells_where_it_came_from(client: Client, cast: Cast) -> None:
    set_area("GM1979")
    db.commit()
    page = client.as_(cast["reader"]).page("/almere/gebied")
    assert page.title == "Ons gebied"
    for words in (
        "Code bij het CBS GM1979",
        "Provincie Groningen",
        "Bestaat sinds 1 januari 2021",
        "Ontstaan uit Appingedam, Delfzijl, Loppersum",
        "Inwoners 44.846 op 1 januari 2026",
        "Grootteklasse 20.000 tot 50.000 inwoners",
        "Bron: CBS StatLine, lijst van gemeenten bij tabel 03759ned.",
    ):
        assert words in page.words
    assert ["1 januari 2021", "Delfzijl ging op in Eemsdelta", "24.596", "12.278"] in rows(page, "changes")


def test_our_area_tells_its_earlier_name_and_what_happened_under_it(client: Client, cast: Cast) -> None:
    set_area("GM1945")
    db.commit()
    page = client.as_(cast.clerk).page("/almere/gebied")
    assert "Heette eerder Groesbeek, tot 1 januari 2016" in page.words
    assert "Bestaat sinds voor 1988" in page.words
    assert "Ontstaan uit" not in page.words
    changes = rows(page, "changes")
    assert ["1 januari 2015", "Ubbergen ging op in Berg en Dal", "9.416", "4.308"] in changes
    days = [row[0] for row in changes]
    assert days[0] == "1 januari 2019"
    assert "Daarnaast is er 1 keer een grens verlegd waar niemand woonde." in page.words


def test_our_area_tells_what_it_gained_and_lost(client: Client, cast: Cast) -> None:
    set_area("GM0757")
    db.commit()
    changes = rows(client.as_(cast.clerk).page("/almere/gebied"), "changes")
    assert changes[0] == [
        "1 januari 2021",
        "Een deel van Haaren kwam bij Boxtel; Haaren hield op",
        "2.149",
        "918",
    ]
    assert [
        "1 januari 1996",
        "Grens verlegd: van Boxtel naar Sint-Michielsgestel",
        "1.133",
        "398",
    ] in changes


def test_a_municipality_without_changes_says_so(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page("/almere/gebied")
    assert "Sinds 1988 kwam er niemand bij en ging er niemand weg" in page.words
    assert "welke GGD-regio, jeugdregio en arbeidsmarktregio" in page.words


def test_a_council_without_an_area_has_the_page_too(client: Client, cast: Cast) -> None:
    db.execute(sa.delete(CouncilArea))
    db.commit()
    assert "hoort nog niet bij een gemeente" in client.as_(cast.clerk).page("/almere/gebied").words


def test_a_council_of_a_split_municipality_reads_where_its_area_went(client: Client, cast: Cast) -> None:
    db.scalars(sa.select(CouncilArea)).one().area_id = area("GM0788").id
    db.commit()
    page = client.as_(cast.clerk).page("/almere/gebied")
    assert "Haaren bestaat niet meer sinds 1 januari 2021." in page.words
    assert "Boxtel (GM0757), Oisterwijk (GM0824), Tilburg (GM0855), Vught (GM0865)" in page.words
    assert [
        "1 januari 2021",
        "Een deel van Haaren ging naar Vught; Haaren hield op",
        "4.900",
        "2.085",
    ] in rows(page, "changes")
    assert client.page("/almere/cijfers/inwoners").status == 200


def test_every_area_there_ever_was_has_a_portrait(session: Session) -> None:
    for item in db.scalars(sa.select(Area).where(Area.type == AreaType.GEMEENTE)).all()[::7]:
        found = areas.portrait(item)
        assert found.area is item
        assert all(event.day >= date(1988, 1, 1) for event in found.events)
    for code in ("NL01", "PV24"):
        assert areas.portrait(area(code)).events == []
        assert around("inwoners", code) is not None


def test_the_page_is_a_link_away(client: Client, cast: Cast) -> None:
    client.as_(cast["reader"])
    for address in ("/almere", "/almere/cijfers/inwoners"):
        assert client.page(address).link("ns gebied") == "/almere/gebied/"


# --- A council and its area -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("GM0457", ["(Weesp) bestaat niet meer sinds 24 maart 2022", "hoort nu bij Amsterdam (GM0363)"]),
        ("GM0241", ["(Groesbeek)", "hoort nu bij Berg en Dal (GM1945)"]),
        ("GM0788", ["verdeeld over", "Boxtel (GM0757)", "Oisterwijk (GM0824)", "Vught (GM0865)"]),
        ("GM0424", ["(Muiden)", "hoort nu bij Gooise Meren (GM1942)"]),
        ("GM0008", ["(Bierum)", "Eemsdelta (GM1979)"]),  # by way of Delfzijl
        ("GM0997", ["(CPR)) bestaat niet meer sinds 1 ", "1994."]),
        ("GM9999", ["is niet bekend"]),
    ],
)
def test_a_council_cannot_begin_with_a_code_that_is_no_more(cast: Cast, code: str, words: list[str]) -> None:
    with pytest.raises(Conflict) as caught:
        set_area(code)
    assert all(part in str(caught.value) for part in words), str(caught.value)
    own = queries.own_area()
    assert own is not None
    assert own.code == "GM0034"


def merge(origin: str, heirs: list[str], day: date) -> None:
    """Let a municipality go on in others from this day."""
    db.commit()
    with as_platform():
        area(origin).valid_until = day
        kind = ChangeKind.MERGED if len(heirs) == 1 else ChangeKind.SPLIT
        db.add_all(
            AreaChange(day=day, origin_id=area(origin).id, heir_id=area(heir).id, kind=kind, inhabitants=10)
            for heir in heirs
        )


def own_code_on(day: date, monkeypatch: pytest.MonkeyPatch) -> str | None:
    class Then(date):
        @classmethod
        def today(cls) -> date:
            return day

    monkeypatch.setattr(queries, "date", Then)
    found = queries.own_area()
    return found.code if found else None


def test_a_council_moves_to_the_successor_on_the_day_itself(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, later = date(2030, 1, 1), date(2031, 7, 1)
    merge("GM0034", ["GM0995"], day)
    merge("GM0995", ["GM0050"], later)
    act_for(db, cast.almere.id)
    follow_successors()
    db.flush()
    assert [own_code_on(on, monkeypatch) for on in (date(2026, 1, 1), day - timedelta(days=1))] == [
        "GM0034",
        "GM0034",
    ]
    assert own_code_on(day, monkeypatch) == "GM0995"
    assert own_code_on(later, monkeypatch) == "GM0050"
    before = db.scalar(sa.select(sa.func.count(CouncilArea.id)))
    follow_successors()
    db.flush()
    assert db.scalar(sa.select(sa.func.count(CouncilArea.id))) == before == 3


def test_a_council_of_a_municipality_that_is_split_up_waits_for_a_choice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge("GM0034", ["GM0995", "GM0050"], date(2030, 1, 1))
    act_for(db, cast.almere.id)
    follow_successors()
    db.flush()
    assert own_code_on(date(2031, 1, 1), monkeypatch) == "GM0034"


def test_a_council_of_a_split_municipality_can_be_told_where_to_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.scalars(sa.select(CouncilArea)).one().area_id = area("GM0788").id
    move_to("GM0757", date(2021, 1, 1))
    db.flush()
    assert own_code_on(date(2020, 12, 31), monkeypatch) == "GM0788"
    assert own_code_on(date(2021, 1, 1), monkeypatch) == "GM0757"
    for code, day, words in (
        ("GM0757", date(2027, 1, 1), "gaat al over Boxtel"),
        ("GM0824", date(2021, 1, 1), "een dag na 1 januari 2021"),
        ("GM0788", date(2027, 1, 1), "bestaat niet meer"),
    ):
        with pytest.raises(Conflict, match=words):
            move_to(code, day)
    db.execute(sa.delete(CouncilArea))
    with pytest.raises(Conflict, match="nog geen gebied"):
        move_to("GM0757", date(2027, 1, 1))


def test_loading_the_seeds_moves_every_council_and_no_other_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    weesp = area("GM0457").id
    db.scalars(sa.select(CouncilArea)).one().area_id = weesp
    for _ in range(2):
        db.commit()
        with as_platform():
            seeds.load()
    act_for(db, cast.almere.id)
    assert own_code_on(date(2022, 3, 23), monkeypatch) == "GM0457"
    assert own_code_on(date(2022, 3, 24), monkeypatch) == "GM0363"
    assert len(db.scalars(sa.select(CouncilArea)).all()) == 2
    act_for(db, cast.breda.id)
    [kept] = db.scalars(sa.select(CouncilArea))
    assert (kept.valid_from, kept.valid_until) == (None, None)


def test_a_council_that_is_given_an_area_has_that_one_only(cast: Cast) -> None:
    db.scalars(sa.select(CouncilArea)).one().valid_until = date(2020, 1, 1)
    set_area("GM0758")
    set_area("GM0034")
    db.flush()
    [found] = db.scalars(sa.select(CouncilArea))
    assert found.area_id == area("GM0034").id


def test_loading_the_changes_again_changes_nothing_and_takes_out_what_is_no_more(session: Session) -> None:
    def changes() -> set[tuple[object, ...]]:
        return {
            (item.id, item.day, item.origin_id, item.heir_id, item.kind, item.inhabitants)
            for item in db.scalars(sa.select(AreaChange))
        }

    before = changes()
    assert len(before) == 1387
    merge("GM0034", ["GM0995"], date(2030, 1, 1))
    db.expire_all()
    assert len(changes()) == 1388
    db.commit()
    with as_platform():
        seeds.load()
    db.expire_all()
    assert changes() == before
    assert area("GM0034").valid_until is None
