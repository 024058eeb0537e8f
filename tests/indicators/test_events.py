"""Events on a figure: written down once, seen on its page and in every figure of the monitor."""

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from tests.client import Client
from tests.factories import Cast, make_event, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Role
from workbench.core.cards import revisions
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.core.tenancy import act_for
from workbench.indicators.events.models import EventKind, SeriesEvent
from workbench.indicators.events.operations import add_event, withdraw_event
from workbench.indicators.models import Indicator
from workbench.indicators.queries import search
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument

PAGE = "/almere/cijfers/inwoners"
NEW = f"{PAGE}/gebeurtenissen/nieuw"
FILLED = {
    "happened_on": "1-1-2024",
    "kind": "contract",
    "text": "De jeugdhulp is opnieuw ingekocht.",
    "source": "Raadsbesluit van 7 december 2023",
}
EDITORS = {Role.CLERK, Role.OFFICER}


def the_event() -> SeriesEvent:
    db.expire_all()
    return db.scalars(sa.select(SeriesEvent)).one()


def notes(language: str = "nl") -> list[str]:
    """The notes under the built figure."""
    db.flush()
    db.expire_all()
    content = db.scalars(sa.select(BlockDocument.content).where(BlockDocument.language == language)).one()
    return [note["text"] for note in content["notes"]]


# --- Writing down ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["1-1-2024", "01-01-2024", "2024-01-01"])
def test_an_officer_writes_down_what_happened(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]], typed: str
) -> None:
    page = client.as_(cast.officer).submit(NEW, **{**FILLED, "happened_on": typed})
    assert "De jeugdhulp is opnieuw ingekocht." in page.words
    assert "1 januari 2024 , nieuwe inkoop" in page.words
    assert "Bron: Raadsbesluit van 7 december 2023" in page.words
    event = the_event()
    assert (event.happened_on, event.kind) == (date(2024, 1, 1), EventKind.CONTRACT)
    assert event.edited_by_id == cast.officer.id
    assert [job for job, _payload in sent_jobs] == [Job.BUILD_BLOCKS]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("happened_on", "", "Vul de dag in"),
        ("happened_on", "31-2-2024", "Vul een datum in"),
        ("happened_on", "gisteren", "Vul een datum in"),
        ("happened_on", "1-1-24 <b>", "Vul een datum in"),
        ("happened_on", "🙂", "Vul een datum in"),
        ("happened_on", "\x00", "Vul een datum in"),
        ("happened_on", "1" * 10_000, "Vul een datum in"),
        ("happened_on", "31-12-1979", "na 1979"),
        ("happened_on", "1-1-0001", "na 1979"),
        ("happened_on", (date.today() + timedelta(days=2)).strftime("%d-%m-%Y"), "moet nog komen"),  # noqa: DTZ011
        ("happened_on", "31-12-9999", "moet nog komen"),
        ("kind", "", "Kies wat voor gebeurtenis het is."),
        ("kind", "ramp", "Kies wat voor gebeurtenis het is."),
        ("text", "   ", "Schrijf in één zin op"),
        ("text", "x" * 10_000, "hooguit 300 tekens, het zijn er nu 10000"),
        ("source", "", "Noem waar dit staat"),
        ("source", "\u202e" * 201, "hooguit 200 tekens"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    client: Client, cast: Cast, field: str, typed: str, said: str
) -> None:
    page = client.as_(cast.officer).send(NEW, **{**FILLED, field: typed})
    assert page.status == 422
    assert said in page.words
    assert page.soup is not None
    for name in {"happened_on", "text", "source"} - {field}:
        control = page.soup.select_one(f"[name={name}]")
        assert control is not None
        assert FILLED[name] in (control.get("value") or control.get_text())
    if field == "happened_on" and "\x00" not in typed:
        control = page.soup.select_one("[name=happened_on]")
        assert control is not None
        assert control["value"] == typed.strip()
    assert db.scalars(sa.select(SeriesEvent)).all() == []


def test_markup_and_emoji_stay_text(client: Client, cast: Cast) -> None:
    text = "<script>alert(1)</script> & 'inkoop' 🙂"
    make_link(make_goal(make_value(make_plan())))
    db.commit()
    client.as_(cast.officer).submit(NEW, **{**FILLED, "text": text})
    build_blocks()
    db.commit()
    for page in (
        client.page(PAGE),
        client.as_(cast.councillor).page("/almere/monitor", follow_redirects=True),
    ):
        assert text in page.words
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("role", Role)
def test_clerks_and_officers_write_and_everyone_reads(client: Client, cast: Cast, role: Role) -> None:
    event = make_event()
    db.commit()
    client.as_(cast[role])
    page = client.page(PAGE)
    assert event.text in page.words
    may = role in EDITORS
    assert ("Gebeurtenis opschrijven" in page.words) == may
    for address in (NEW, f"/almere/gebeurtenissen/{event.id}"):
        assert client.get(address).status_code == (200 if may else 403)
    for name in ("intrekken", "terugzetten"):
        assert client.post(f"/almere/gebeurtenissen/{event.id}/{name}").status_code == (302 if may else 403)


def test_events_of_another_council_and_of_another_figure_do_not_show(client: Client, cast: Cast) -> None:
    event = make_event("huishoudensgrootte")
    db.commit()
    assert event.text not in client.as_(cast.officer).page(PAGE).words
    address = "/breda/cijfers/huishoudensgrootte"
    assert event.text not in client.as_(cast.of_breda("officer")).page(address).words


def test_a_page_without_events_invites_those_who_may_write_only(client: Client, cast: Cast) -> None:
    assert "Wat er bij ons gebeurde" in client.as_(cast.officer).page(PAGE).words
    assert "Wat er bij ons gebeurde" not in client.as_(cast.councillor).page(PAGE).words


def test_an_unknown_figure_is_a_404(client: Client, cast: Cast) -> None:
    address = "/almere/cijfers/bestaat-niet/gebeurtenissen/nieuw"
    assert client.as_(cast.officer).get(address).status_code == 404


# --- Changing -------------------------------------------------------------------------------------------------------


def test_a_change_keeps_what_was_written_before(client: Client, cast: Cast) -> None:
    event = make_event()
    db.commit()
    address = f"/almere/gebeurtenissen/{event.id}"
    page = client.as_(cast.clerk).page(address)
    assert page.soup is not None
    assert page.soup.select_one("[name=happened_on]")["value"] == "01-07-2023"  # type: ignore[index]
    done = client.submit(address, happened_on="2-7-2023", text="De hulp is aanbesteed.")
    assert "2 juli 2023" in done.words
    newest, first = revisions(the_event())
    assert (newest.content["happened_on"], newest.content["text"]) == ("2023-07-02", "De hulp is aanbesteed.")
    assert first.content["happened_on"] == "2023-07-01"


def test_the_second_of_two_editors_sees_both_texts_in_words(client: Client, cast: Cast) -> None:
    event = make_event()
    db.commit()
    address = f"/almere/gebeurtenissen/{event.id}"
    base = event.version
    theirs = {"happened_on": "5-8-2023", "kind": "policy", "text": "Van de collega.", "source": "Brief"}
    assert client.as_(cast.clerk).send(address, base_version=base, **theirs).status == 302
    second = client.as_(cast.officer).send(address, base_version=base, **FILLED)
    assert second.status == 409
    for text in ("Van de collega.", "5 augustus 2023", "nieuw beleid", "Brief"):
        assert text in [quote.strip() for quote in second.soup.stripped_strings]  # type: ignore[union-attr]
    assert the_event().text == "Van de collega."
    assert FILLED["text"] in second.words
    assert second.soup is not None
    version = second.soup.select_one("input[name=base_version]")["value"]  # type: ignore[index]
    assert client.send(address, base_version=version, **FILLED).status == 302
    assert the_event().text == FILLED["text"]


def test_what_is_withdrawn_shows_to_editors_only_and_can_be_put_back(client: Client, cast: Cast) -> None:
    event = make_event()
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/gebeurtenissen/{event.id}", "/intrekken")
    assert "staat bij geen enkele figuur meer" in page.words
    assert "ingetrokken" in page.words
    assert event.text not in client.as_(cast.councillor).page(PAGE).words
    client.as_(cast.clerk).submit(PAGE, "/terugzetten")
    assert event.text in client.as_(cast.councillor).page(PAGE).words
    assert len(revisions(the_event())) >= 2


# --- Figures --------------------------------------------------------------------------------------------------------


@pytest.fixture
def figure(cast: Cast) -> None:
    make_link(make_goal(make_value(make_plan())))
    build_blocks()


def test_an_event_is_in_the_notes_and_the_drawings_of_the_figure_and_goes_when_withdrawn(
    figure: None,
) -> None:
    event = make_event()
    said = "1. 1 juli 2023, nieuwe inkoop: De hulp is opnieuw ingekocht. Bron: Raadsbesluit van 8 maart 2023."
    assert build_blocks() == 1
    assert said in notes()
    drawing = sa.select(BlockDocument.content["svg"].astext).where(BlockDocument.language == "nl")
    assert "1: nieuwe inkoop" in (db.scalar(drawing) or "")
    assert build_blocks() == 0
    withdraw_event(event, None)
    assert build_blocks() == 1
    assert said not in notes()
    withdraw_event(event, None, withdrawn=False)
    assert build_blocks() == 1
    assert said in notes()


def test_only_figures_with_that_indicator_are_built_again(figure: None) -> None:
    make_event("huishoudensgrootte")
    assert build_blocks() == 0


def test_another_way_of_counting_cuts_the_line_at_the_period_it_fell_in(figure: None) -> None:
    make_event(kind=EventKind.DEFINITION, happened_on=date(2023, 9, 1), text="Ook studenten tellen mee.")
    build_blocks()
    assert any(text.startswith("1. 1 september 2023, andere telling: Ook studenten") for text in notes())
    title = db.scalars(sa.select(BlockDocument.content["title"].astext)).all()[0]
    assert "2023" in title
    assert "2019" not in title


def test_an_event_of_one_council_is_not_in_the_figures_of_another(cast: Cast) -> None:
    make_event()
    here, there = cast.almere.id, cast.breda.id
    db.commit()
    act_for(db, there)
    make_link(make_goal(make_value(make_plan())))
    assert build_blocks() == 1
    assert not any("opnieuw ingekocht" in text for text in notes())
    db.commit()
    act_for(db, here)


def test_an_event_may_stand_with_a_figure_that_has_no_source_yet(cast: Cast) -> None:
    bare = next(found for found in search("")[1] if not found.series)
    add_event(
        db.get_one(Indicator, bare.id),
        None,
        happened_on=date(2023, 1, 1),
        kind=EventKind.OTHER,
        text="Iets.",
        source="Iemand",
    )
    make_link(make_goal(make_value(make_plan())), bare.slug)
    assert build_blocks() == 1


# --- On the page of the figure, and in what is taken along -----------------------------------------------------------


def test_the_page_of_a_figure_shows_it_as_in_the_monitor_with_its_events(client: Client, cast: Cast) -> None:
    assert "Zo staat het in de monitor" not in client.as_(cast.clerk).page(PAGE).words
    make_link(make_goal(make_value(make_plan())))
    make_event(happened_on=date(2024, 1, 1), text="Er begon een nieuw contract.")
    build_blocks()
    db.commit()
    page = client.page(PAGE)
    assert "Zo staat het in de monitor" in page.words
    assert page.soup is not None
    figure = page.soup.select_one("main figure.wb-figure")
    assert figure is not None
    assert figure.select_one(".figure-svg svg") is not None
    assert "Er begon een nieuw contract." in figure.get_text()


def test_a_download_carries_the_events_of_our_own_area_at_their_period(client: Client, cast: Cast) -> None:
    make_event(happened_on=date(2024, 3, 1), text="Er begon een nieuw contract.")
    withdraw_event(make_event(happened_on=date(2023, 3, 1), text="Dit was een vergissing."), None)
    db.commit()
    client.as_(cast.officer)
    rows = client.get(f"{PAGE}.csv").data.decode("utf-8-sig").splitlines()
    told = [row for row in rows if "Er begon een nieuw contract." in row]
    assert [row.split(";")[1] for row in told] == ["2024JJ00"]
    assert "vergissing" not in "".join(rows)
    others = client.get(f"{PAGE}.csv?gebied=GM0758").data.decode("utf-8-sig")
    assert "nieuw contract" not in others
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}.xlsx").data))
    facts = [[str(cell.value) for cell in row] for row in book.worksheets[1].rows]
    [event] = [text for name, text, *_rest in facts if name == "Wat er bij ons gebeurde"]
    assert event.startswith("1 maart 2024, nieuwe inkoop: Er begon een nieuw contract. Bron: ")
