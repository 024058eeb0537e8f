"""Bringing own figures, as an officer does it: file, description, review, figures."""

import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from tests.client import Client, Page, form_values
from tests.factories import Cast
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.uploads.models import OwnIndicator, OwnObservation, OwnUpload, UploadState

EXPORTS = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "statline-csv"
PEOPLE = {
    "name": "Cliënten van het wijkteam",
    "definition": "Mensen met een lopend plan op 31 december.",
    "source": "Registratie van het wijkteam",
    "kind": "people",
    "unit": "aantal",
}
DISTRICTS = (
    "wijk;naam;jaar;cliënten\n"
    "GM0034;Almere;2023;400\nWK003401;Haven;2023;120\nWK003402;Stad;2023;180\nWK003403;Buiten;2023;100\n"
    "GM0034;Almere;2024;410\nWK003401;Haven;2024;130\nWK003402;Stad;2024;180\nWK003403;Buiten;2024;100\n"
)


def bring(client: Client, data: bytes | str, name: str = "cijfers.csv", address: str = "bestand") -> Page:
    """Send a file and follow where it leads."""
    content = data.encode() if isinstance(data, str) else data
    head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    response = client.post(
        f"/almere/eigen-cijfers/{address}",
        data=head.encode() + content + b"\r\n--part--\r\n",
        content_type="multipart/form-data; boundary=part",
    )
    return Page(response) if response.status_code != 302 else client.page(response.headers["Location"])


def draft_address(step: str) -> str:
    act_for_almere()
    upload = db.scalars(
        sa.select(OwnUpload)
        .where(OwnUpload.state == UploadState.DRAFT)
        .order_by(OwnUpload.uploaded_at.desc())
    ).first()
    assert upload is not None
    return f"/almere/eigen-cijfers/concepten/{upload.id}/{step}"


def act_for_almere() -> None:
    from workbench.accounts.models import Council

    act_for(db, db.scalars(sa.select(Council.id).where(Council.slug == "almere")).one())
    db.expire_all()


def add(
    client: Client,
    data: bytes | str,
    about: dict[str, Any] = PEOPLE,
    name: str = "cijfers.csv",
    **review: Any,
) -> Page:
    """All three steps of a new figure."""
    page = bring(client, data, name)
    assert page.title == "Wat is het voor cijfer?", page.words
    page = client.submit(draft_address("beschrijving"), "beschrijving", **about)
    assert page.title.startswith("Kijk na"), page.words
    return client.submit(draft_address("nakijken"), "nakijken", **review)


def check_again(client: Client, **choices: str) -> None:
    """Press the button that saves the choices and nothing else."""
    address = draft_address("nakijken")
    values = form_values(client.page(address).form("nakijken"))
    assert client.post(address, data={**values, **choices, "action": "check"}).status_code == 302


def figures() -> dict[tuple[str, str], OwnObservation]:
    act_for_almere()
    rows = db.scalars(sa.select(OwnObservation).where(OwnObservation.loaded_until.is_(None)))
    return {(row.area_code, row.period): row for row in rows}


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    db.commit()
    return client.as_(cast.officer)


def test_an_officer_brings_a_file_and_the_council_sees_the_figures(officer: Client, cast: Cast) -> None:
    page = add(officer, DISTRICTS)
    assert page.title == "Cliënten van het wijkteam"
    assert "De cijfers staan erin." in page.words
    assert figures()["GM0034", "2024JJ00"].value == 410
    seen = officer.as_(cast.councillor).page(f"{page_address()}?gebied=WK003401")
    assert "130" in seen.words
    assert "Nieuw bestand brengen" not in seen.words
    index = officer.page("/almere/eigen-cijfers/")
    assert "410" in index.words
    assert "Cijfers toevoegen" not in index.words


def page_address() -> str:
    act_for_almere()
    return f"/almere/eigen-cijfers/{db.scalars(sa.select(OwnIndicator.id)).one()}"


def test_the_audit_trail_says_that_figures_came_and_not_what_they_are(officer: Client) -> None:
    add(officer, DISTRICTS)
    act_for_almere()
    entry = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figures_loaded")).one()
    assert entry.facts == {"inserted": 8, "revised": 0, "hidden": 0}


def test_small_numbers_are_neither_shown_nor_stored_and_the_reason_is_said(officer: Client) -> None:
    data = "gebied;jaar;aantal\nGM0034;2024;137\nWK003401;2024;8\nWK003402;2024;29\nWK003403;2024;100\n"
    bring(officer, data)
    officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    page = officer.page(draft_address("nakijken"))
    assert "2 aantallen tonen wij niet: ze zijn kleiner dan 10" in page.words
    officer.submit(draft_address("nakijken"), "nakijken")
    stored = figures()
    assert stored["WK003401", "2024JJ00"].guarded
    assert stored["WK003402", "2024JJ00"].guarded, "else 137 - 100 - 29 gives the 8 away"
    assert stored["WK003401", "2024JJ00"].value is None
    assert stored["GM0034", "2024JJ00"].value == 137
    act_for_almere()
    assert db.scalars(sa.select(OwnUpload)).one().parsed is None
    page = officer.page(f"{page_address()}?gebied=WK003401")
    assert "niet getoond: te weinig mensen" in page.words


@pytest.mark.parametrize("rounding", ["1", "10"])
def test_what_was_strange_is_kept_without_the_numbers_that_are_hidden_or_rounded(
    officer: Client, cast: Cast, rounding: str
) -> None:
    data = "gebied;jaar;aantal\nGM0034;2021;7\nGM0034;2022;164\nGM0034;2023;171\nGM0034;2024;203\n"
    bring(officer, data)
    officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE, rounding=rounding)
    page = officer.page(draft_address("nakijken"))
    assert "7 is heel anders dan in andere periodes (midden: 171)" in page.words, "who brought it may know"
    page = officer.submit(draft_address("nakijken"), "nakijken", reason="Wij begonnen net.")
    assert "Een getal dat wij niet tonen, of afronden, is heel anders dan de andere." in page.words
    assert "171)" not in page.words
    assert " 7 is" not in page.words
    act_for_almere()
    assert "heel anders dan in" not in str(db.scalars(sa.select(OwnUpload.warnings)).one())


def test_a_second_file_does_not_give_away_what_the_first_hid(officer: Client) -> None:
    add(officer, "gebied;jaar;aantal\nWK003401;2024;8\nWK003402;2024;29\n")
    bring(
        officer,
        "gebied;jaar;aantal\nGM0034;2024;37\n",
        address=page_address().rpartition("/")[2] + "/bestand",
    )
    officer.submit(draft_address("nakijken"), "nakijken")
    assert figures()["GM0034", "2024JJ00"].guarded


def test_a_new_file_replaces_the_same_areas_and_periods_and_keeps_the_history(officer: Client) -> None:
    add(officer, DISTRICTS)
    address = page_address()
    page = bring(
        officer,
        "wijk;jaar;cliënten\nWK003401;2024*;131\nWK003402;2024*;180\n",
        address=address.rpartition("/")[2] + "/bestand",
    )
    assert page.title == "Kijk na: Cliënten van het wijkteam"
    page = officer.submit(draft_address("nakijken"), "nakijken")
    assert page.title == "Cliënten van het wijkteam"
    stored = figures()
    assert len(stored) == 8
    assert (stored["WK003401", "2024JJ00"].value, stored["WK003401", "2024JJ00"].status) == (
        131,
        "provisional",
    )
    assert stored["WK003401", "2023JJ00"].value == 120
    assert "0 nieuw, 2 vervangen, 0 hetzelfde" in page.words
    assert "Cijfers die niet meer gelden" in page.words


def test_the_same_file_again_changes_nothing(officer: Client) -> None:
    add(officer, DISTRICTS)
    before = {key: row.id for key, row in figures().items()}
    bring(officer, DISTRICTS, address=page_address().rpartition("/")[2] + "/bestand")
    page = officer.submit(draft_address("nakijken"), "nakijken")
    assert "0 nieuw, 0 vervangen, 8 hetzelfde" in page.words
    assert {key: row.id for key, row in figures().items()} == before


def test_figures_are_withdrawn_with_a_reason_and_come_back_with_a_new_file(officer: Client) -> None:
    add(officer, DISTRICTS)
    address = page_address()
    assert officer.send(f"{address}/intrekken", reason="").status == 422
    assert len(figures()) == 8
    page = officer.submit(f"{address}/intrekken", "intrekken", reason="De telling was fout.")
    assert "Deze cijfers zijn ingetrokken" in page.words
    assert "De telling was fout." in page.words
    assert figures() == {}
    again = officer.send(f"{address}/intrekken", reason="Nog eens.")
    assert (again.status, "Er zijn geen cijfers om in te trekken." in again.words) == (409, True)
    bring(officer, DISTRICTS, address=address.rpartition("/")[2] + "/bestand")
    page = officer.submit(draft_address("nakijken"), "nakijken")
    assert "ingetrokken" not in page.words.partition("Wat veranderde wanneer")[0]
    assert len(figures()) == 8


def test_strange_figures_need_a_reason_that_stays(officer: Client) -> None:
    data = "jaar;aantal\n2021;400\n2022;410\n2023;405\n2024;4050\n"
    bring(officer, data)
    officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    page = officer.submit(draft_address("nakijken"), "nakijken")
    assert page.status == 422
    assert "Almere, 2024: 4.050 is heel anders dan in andere periodes" in page.words
    assert "Schrijf op waarom de opvallende cijfers kloppen" in page.words
    assert figures() == {}
    page = officer.submit(draft_address("nakijken"), "nakijken", reason="De telling is verbreed.")
    assert "Uitleg: De telling is verbreed." in page.words
    assert len(figures()) == 4


def test_totals_that_do_not_add_up_are_pointed_out(officer: Client) -> None:
    bring(officer, DISTRICTS.replace("GM0034;Almere;2024;410", "GM0034;Almere;2024;510"))
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    assert "De delen van Almere tellen in 2024 op tot 410, het totaal is 510." in page.words


def test_a_draft_waits_and_can_be_thrown_away(officer: Client) -> None:
    bring(officer, DISTRICTS, name="wijkteam 2024.csv")
    assert "wijkteam 2024.csv" in officer.page("/almere/eigen-cijfers/").words
    page = officer.send(draft_address("weggooien"))
    assert page.location.endswith("/almere/eigen-cijfers/")
    assert "wijkteam 2024.csv" not in officer.page("/almere/eigen-cijfers/").words


def test_a_doubtful_name_is_asked_about_and_the_answer_is_kept(officer: Client) -> None:
    bring(officer, "gemeente;jaar;aantal\nBergen;2024;1200\nAlmere;2024;3000\n")
    officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    page = officer.submit(draft_address("nakijken"), "nakijken")
    assert "Wij twijfelen over „Bergen”. Kies hieronder welk gebied het is." in page.words
    assert "Bergen (NH.) (GM0373)" in page.words
    officer.submit(draft_address("nakijken"), "nakijken", area_text="Bergen", area_code="GM0893")
    assert figures()["GM0893", "2024JJ00"].value == 1200


def test_unknown_names_can_be_skipped_or_given_a_code(officer: Client) -> None:
    data = "gemeente;jaar;aantal\nLutjebroek;2024;1200\nAlmere;2024;3000\n"
    bring(officer, data)
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    assert "Wij kennen „Lutjebroek” niet als gebied." in page.words
    check_again(officer, skip_unknown="y")
    page = officer.page(draft_address("nakijken"))
    assert "1 rij slaan wij over." in page.words
    officer.submit(
        draft_address("nakijken"), "nakijken", skip_unknown="", area_text="Lutjebroek", area_code="GM0532"
    )
    assert set(figures()) == {("GM0532", "2024JJ00"), ("GM0034", "2024JJ00")}


@pytest.mark.parametrize("skip", [True, False])
def test_a_neighbourhood_that_is_called_as_a_municipality_is_not_taken_for_it(
    officer: Client, skip: bool
) -> None:
    others = "".join(f"Buurt {n};Almere;{n}0\n" for n in range(1, 30))
    data = f"naam;gemeente;inwoners\nAlmere;Almere;3000\nBreda;Almere;440\n{others}Breda;Breda;5000\n"
    bring(officer, data)
    officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    choices = {"region": "0", "value": "2", "fixed_period": "2024"}
    if skip:
        choices["skip_unknown"] = "y"
    page = officer.submit(draft_address("nakijken"), "nakijken", **choices)
    if skip:
        assert {key[0]: row.value for key, row in figures().items()} == {"GM0034": 3000, "GM0758": 5000}
    else:
        assert "Deze rij ligt in een andere gemeente dan „Breda”." in page.words
        assert "Wij kennen „Buurt 10” niet" in page.words
        assert "Wij kennen „Buurt 11” niet als gebied." not in page.words
        assert "Nog 19 rijen noemen een gebied dat wij niet kennen." in page.words


def test_what_the_file_says_is_escaped(officer: Client) -> None:
    evil = "<script>alert(1)</script>"
    bring(officer, f"gemeente;jaar;aantal\n{evil};2024;12\nAlmere;2024;=1+1\n", name=f"{evil}.csv")
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **PEOPLE)
    assert evil not in page.text
    assert "„=1+1” is geen getal." in page.words


def test_two_figures_of_a_council_cannot_have_one_name(officer: Client) -> None:
    add(officer, DISTRICTS)
    bring(officer, DISTRICTS)
    page = officer.submit(
        draft_address("beschrijving"), "beschrijving", **{**PEOPLE, "name": "CLIËNTEN van het wijkteam"}
    )
    assert page.status == 422
    assert "Er is al een eigen cijfer met deze naam." in page.words


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("threshold", "4", "Vul een getal van 5 of hoger in. Onder 5 kan niet."),
        ("name", "", "Geef het cijfer een naam."),
        ("definition", "", "Schrijf op wat u telt."),
        ("source", "", "Schrijf op waar de cijfers vandaan komen."),
        ("unit", "", "Vul de eenheid in, bijvoorbeeld aantal of %."),
        ("decimals", "9", "Vul een getal van 0 tot en met 3 in."),
    ],
)
def test_a_figure_without_description_goes_no_further(
    officer: Client, field: str, value: str, sentence: str
) -> None:
    bring(officer, DISTRICTS)
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **{**PEOPLE, field: value})
    assert page.status == 422
    assert sentence in page.words


def test_a_share_of_few_people_is_hidden_when_the_number_of_people_is_known(officer: Client) -> None:
    data = "wijk;jaar;tevreden;mensen\nWK003401;2024;80,5;400\nWK003402;2024;50;60\n"
    bring(officer, data)
    about = {**PEOPLE, "kind": "share", "unit": "%", "decimals": "1", "name": "Tevreden cliënten"}
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **about)
    assert "Wij weten niet over hoeveel mensen elk aandeel gaat." in page.words
    officer.submit(draft_address("nakijken"), "nakijken", base="3")
    stored = figures()
    assert stored["WK003401", "2024JJ00"].value == 80.5
    assert stored["WK003402", "2024JJ00"].guarded


def test_an_excel_file_with_periods_in_the_header_becomes_a_series(officer: Client) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Wachttijd wijkteam"])
    sheet.append(["Gemeente", 2022, 2023, "2024*"])
    sheet.append(["Almere", 4.5, 5, 6.25])
    sheet.append(["Bron: wijkteam"])
    content = io.BytesIO()
    book.save(content)
    add(
        officer,
        content.getvalue(),
        {**PEOPLE, "kind": "other", "unit": "weken", "decimals": "2"},
        "wachttijd.xlsx",
    )
    stored = figures()
    assert [stored["GM0034", f"{year}JJ00"].value for year in (2022, 2023, 2024)] == [4.5, 5, 6.25]
    assert stored["GM0034", "2024JJ00"].status == "provisional"


def test_a_file_over_two_megabytes_is_refused_in_words(officer: Client) -> None:
    page = bring(officer, b"a;b\n" + b"1;2\n" * 700_000)
    assert page.status == 413
    assert "een te groot bestand: hooguit 2 MB" in page.words


def test_another_councils_draft_cannot_be_used(officer: Client, cast: Cast) -> None:
    bring(officer, DISTRICTS)
    address = draft_address("nakijken").replace("almere", "breda")
    assert officer.as_(cast.of_breda("officer")).page(address).status == 404


def test_a_councillor_may_read_and_not_bring(officer: Client, cast: Cast) -> None:
    officer.as_(cast.councillor)
    assert officer.page("/almere/eigen-cijfers/").status == 200
    assert officer.page("/almere/eigen-cijfers/bestand").status == 403


# --- The exports as people made them ----------------------------------------------------------------------------------


def export(name: str) -> bytes:
    path = EXPORTS / name
    if not path.exists():
        pytest.skip("the recorded StatLine exports are not here")
    return path.read_bytes()


def test_the_export_whose_quotes_were_doubled_by_saving_again(officer: Client) -> None:
    about = {
        **PEOPLE,
        "name": "Mediaan inkomen",
        "kind": "other",
        "unit": "1 000 euro",
        "decimals": "1",
        "source": "Bron: CBS",
    }
    bring(officer, export("inkomen_huishoudens_2024_website_export.csv"))
    officer.submit(draft_address("beschrijving"), "beschrijving", **about)
    page = officer.submit(draft_address("nakijken"), "nakijken", value="6")
    assert page.status == 422
    assert "Wij twijfelen over „Sluis”. Kies hieronder welk gebied het is." in page.words
    page = officer.submit(
        draft_address("nakijken"), "nakijken", value="6", area_text="Sluis", area_code="GM1714"
    )
    assert page.title == "Mediaan inkomen"
    stored = figures()
    assert len(stored) > 330
    assert stored["GM0034", "2024JJ00"].value == 38.2
    assert stored["GM0034", "2024JJ00"].status == "provisional"
    assert stored["GM0193", "2024JJ00"].value == 36.3


def test_the_export_with_padded_numbers_and_provinces_by_name(officer: Client) -> None:
    about = {
        **PEOPLE,
        "name": "Laag inkomen",
        "kind": "share",
        "unit": "%",
        "decimals": "1",
        "source": "Bron: CBS",
    }
    bring(officer, export("laag_inkomen_2011_2014_2017.csv"))
    officer.submit(draft_address("beschrijving"), "beschrijving", **about)
    officer.submit(
        draft_address("nakijken"), "nakijken", value="8", reason="CBS toont geen aandelen van weinig mensen."
    )
    stored = figures()
    assert stored["NL01", "2011JJ00"].value == 6.9
    assert stored["PV20", "2011JJ00"].value == 8.4
    assert stored["PV21", "2011JJ00"].value == 6.7


def test_the_export_of_districts_saved_by_r(officer: Client) -> None:
    about = {**PEOPLE, "name": "Wmo-cliënten", "source": "Bron: CBS", "threshold": "10"}
    bring(officer, export("kwb_2019_amsterdam_wijken_buurten.csv"))
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **about)
    column = next(
        str(option["value"])
        for option in page.form("nakijken").select("select[name=value] option")
        if "Wmo.cli" in option.get_text() and "relatief" not in option.get_text()
    )
    page = officer.submit(
        draft_address("nakijken"),
        "nakijken",
        value=column,
        fixed_period="2019",
    )
    assert page.title == "Wmo-cliënten", page.words[:2000]
    stored = figures()
    assert len(stored) > 570
    assert stored["GM0363", "2019JJ00"].area_name == "Amsterdam"
    assert stored["WK036300", "2019JJ00"].area_name == "Burgwallen-Oude Zijde"
    assert not [row for row in stored.values() if row.value is not None and 0 < row.value < 10]


def test_the_export_of_eighteen_thousand_districts_by_name_gives_the_municipalities(officer: Client) -> None:
    about = {**PEOPLE, "name": "Inwoners", "source": "Bron: CBS"}
    bring(officer, export("kwb_2024_website_export.csv"))
    page = officer.submit(draft_address("beschrijving"), "beschrijving", **about)
    assert "Vul in over welke periode het bestand gaat" in page.words
    check_again(officer, fixed_period="2024", skip_unknown="y", first_of_double="y")
    values = form_values(officer.page(draft_address("nakijken")).form("nakijken"))
    assert values["area_text"][:2] == ["Hengelo", "Bergen"]
    assert len(values["area_text"]) < 10, "nobody is asked about thousands of names that are skipped"
    page = officer.submit(
        draft_address("nakijken"), "nakijken", area_code=["skip"] * len(values["area_text"])
    )
    assert page.title == "Inwoners", page.words[:3000]
    stored = figures()
    assert len(stored) >= 340
    assert stored["NL01", "2024JJ00"].value == 17_942_942
    assert stored["GM0034", "2024JJ00"].value is not None
    assert stored["GM0852", "2024JJ00"].value != 440, (
        "Waterland, a neighbourhood of Alkmaar, stands before it"
    )
    assert stored["GM0852", "2024JJ00"].value > 15_000
