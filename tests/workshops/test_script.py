"""Preparing a workshop: its facts, its script, and what is still missing."""

import pytest
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.workshops.making import make_activity, make_workshop
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.monitors.operations import propose_monitors
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, ActivityState, State, Workshop
from workbench.workshops.script import operations, queries

FACTS = {
    "title": "Wat vinden wij belangrijk?",
    "day": "4-3-2027",
    "begins": "19:30",
    "ends": "21.30 uur",
    "size": "12",
}


def test_a_facilitator_prepares_a_workshop_in_dutch_time(client: Client, cast: Cast) -> None:
    page = client.as_(cast["facilitator"]).submit("/almere/ateliers/nieuw", **FACTS)
    assert page.title == "Wat vinden wij belangrijk?"
    made = db.query(Workshop).one()
    assert made.starts_at.isoformat() == "2027-03-04T18:30:00+00:00"
    assert made.ends_at is not None
    assert made.ends_at.isoformat() == "2027-03-04T20:30:00+00:00"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("begins", "half acht", "Schrijf de tijd als 19:30."),
        ("begins", "24:10", "Schrijf de tijd als 19:30."),
        ("ends", "19:20", "Dat is meer dan twaalf uur."),
        ("size", "1", "Vul een getal in van 2 tot en met 500."),
        ("day", "donderdag", "Vul een datum in, zoals 23-6-2027."),
    ],
)
def test_what_cannot_be_read_is_explained_and_nothing_typed_is_lost(
    client: Client, cast: Cast, field: str, typed: str, sentence: str
) -> None:
    page = client.as_(cast.clerk).submit("/almere/ateliers/nieuw", **{**FACTS, field: typed})
    assert page.status == 422
    assert sentence in page.words
    assert typed in page.text
    assert FACTS["title"] in page.text


def test_a_workshop_may_go_on_past_midnight(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk).submit("/almere/ateliers/nieuw", **{**FACTS, "begins": "20:00", "ends": "0:30"})
    made = db.query(Workshop).one()
    assert made.ends_at is not None
    assert (made.ends_at - made.starts_at).total_seconds() == 4.5 * 3600


def test_a_draft_is_only_for_those_who_run_workshops(client: Client, cast: Cast) -> None:
    draft = make_workshop()
    announced = make_workshop(title="Samen duiden", state=State.ANNOUNCED)
    make_activity(announced)
    db.commit()
    client.as_(cast.councillor)
    assert client.page(f"/almere/ateliers/{draft.id}").status == 403
    assert client.page(f"/almere/ateliers/{announced.id}").status == 200
    words = client.page("/almere/ateliers").words
    assert "Samen duiden" in words
    assert draft.title not in words


def test_when_two_people_change_the_facts_the_second_sees_both_versions(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/bewerken"
    first = client.page(address)
    base = first.soup.find("input", {"name": "base_version"})["value"]  # type: ignore[union-attr, index]
    client.submit(address, place="Bibliotheek")
    page = client.submit(address, place="Stadhuis", base_version=base)
    assert page.status == 409
    assert "Bibliotheek" in page.words
    assert "Stadhuis" in page.text
    db.expire_all()
    assert db.query(Workshop).one().place == "Bibliotheek"


# --- The script -----------------------------------------------------------------------------------------------------


def lines(page: Page) -> list[str]:
    """The parts in their order, with their times."""
    assert page.soup is not None
    found = page.soup.select("ol.wb-outline > li > p:first-child")
    return [
        " ".join(" ".join(strong.get_text().split()) for strong in item.find_all("strong")) for item in found
    ]


def test_a_ready_script_becomes_a_timeline_that_adds_up(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    db.commit()
    client.as_(cast.clerk)
    page = client.page(f"/almere/ateliers/{workshop.id}")
    assert "Kies wat u gaat doen." in page.words
    address = f"/almere/ateliers/{workshop.id}/overnemen"
    page = Page(client.post(address, data={"draaiboek": "waarden-kiezen"}, follow_redirects=True))
    assert lines(page)[:3] == [
        "19:30–19:42 Inchecken",
        "19:42–19:50 Eerst alleen schrijven",
        "19:50–20:15 Woorden verzamelen en bundelen",
    ]
    assert "Samen 100 minuten: klaar om 21:10 uur." in page.words
    assert "Ruimte voor pauze en uitloop: 20 minuten." in page.words
    assert "Welke gaan mee? – Vul in waaruit de groep kan kiezen: minstens 2 mogelijkheden." in page.words


def test_a_script_that_is_too_long_says_so(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    make_activity(workshop, minutes=100)
    make_activity(workshop, minutes=30)
    db.commit()
    words = client.as_(cast.clerk).page(f"/almere/ateliers/{workshop.id}").words
    assert "Dat is 10 minuten langer dan gepland." in words
    assert "Het draaiboek is 10 minuten te lang." in words


def test_the_library_reckons_for_this_group_and_puts_a_form_in_the_script(client: Client, cast: Cast) -> None:
    workshop = make_workshop(size=12)
    db.commit()
    client.as_(cast["facilitator"])
    page = client.page(f"/almere/ateliers/{workshop.id}/werkvormen")
    card = page.soup.find(id="vorm-bezwaren-ophalen")  # type: ignore[union-attr]
    words = " ".join(card.get_text(" ").split())  # type: ignore[union-attr]
    assert "56 minuten · 5 tot 12 mensen" in words
    assert "nog te controleren" in words
    assert "past niet bij uw groep" not in words
    page = Page(
        client.post(
            f"/almere/ateliers/{workshop.id}/werkvormen", data={"vorm": "stippen"}, follow_redirects=True
        )
    )
    assert lines(page) == ["19:30–19:43 Stippen plakken"]
    made = db.query(Activity).one()
    assert made.kind is Kind.DOTS
    assert made.settings == {"dots": 5, "per_option": 3, "ask_reason": True}


def test_a_form_that_does_not_suit_the_group_says_so(client: Client, cast: Cast) -> None:
    workshop = make_workshop(size=40)
    make_activity(workshop, Kind.CONSENT, form="bezwaren-ophalen", minutes=60)
    db.commit()
    words = client.as_(cast.clerk).page(f"/almere/ateliers/{workshop.id}").words
    assert "Deze werkvorm past bij hooguit 12 mensen. Verdeel de groep over tafels." in words
    assert "Dit is krap: reken voor deze groep op ongeveer 140 minuten." in words


def test_parts_move_by_button_and_by_number_and_leave_with_a_question_first(
    client: Client, cast: Cast
) -> None:
    workshop = make_workshop()
    made = [make_activity(workshop, title=title) for title in ("een", "twee", "drie")]
    db.commit()
    client.as_(cast.clerk)
    base = f"/almere/ateliers/{workshop.id}"

    def order() -> list[str]:
        return [line.split()[-1] for line in lines(client.page(base))]

    client.send(f"{base}/onderdelen/{made[2].id}/plaats", place="1")
    assert order() == ["drie", "een", "twee"]
    client.send(f"{base}/onderdelen/{made[2].id}/plaats", place="99")
    assert order() == ["een", "twee", "drie"]
    assert client.send(f"{base}/onderdelen/{made[2].id}/plaats", place="eerst").status == 409
    page = client.page(f"{base}/onderdelen/{made[0].id}/weghalen")
    assert "“een” weghalen?" in page.title
    assert order() == ["een", "twee", "drie"]
    client.submit(f"{base}/onderdelen/{made[0].id}/weghalen")
    assert order() == ["twee", "drie"]


def test_what_the_group_may_choose_from_is_kept_as_a_round_takes_it(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    found = make_activity(workshop, Kind.POSITION, settings={})
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/onderdelen/{found.id}"
    page = client.submit(address, options="nabijheid")
    assert page.status == 422
    assert "Zet op elke regel twee kanten" in page.words
    client.submit(address, options="nabijheid / deskundigheid\n\nsnel / zorgvuldig")
    db.expire_all()
    assert db.get_one(Activity, found.id).settings["options"] == [
        {"key": "0", "label": "nabijheid", "counter": "deskundigheid"},
        {"key": "1", "label": "snel", "counter": "zorgvuldig"},
    ]
    assert "nabijheid / deskundigheid" in client.page(address).text


def test_more_than_eight_things_to_rank_are_refused_and_nothing_typed_is_lost(
    client: Client, cast: Cast
) -> None:
    workshop = make_workshop()
    found = make_activity(workshop, Kind.RANKING)
    db.commit()
    typed = "\n".join(f"mogelijkheid {number}" for number in range(9))
    page = client.as_(cast.clerk).submit(
        f"/almere/ateliers/{workshop.id}/onderdelen/{found.id}", options=typed
    )
    assert page.status == 422
    assert "Dit zijn er 9. Deze werkvorm gaat met hooguit 8 mogelijkheden." in page.words
    assert "mogelijkheid 8" in page.text


def test_values_of_the_plan_are_one_press_away(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_value(plan, "Nabijheid")
    make_value(plan, "Rust")
    workshop = make_workshop(plan_id=plan.id)
    found = make_activity(workshop, Kind.DOTS)
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/onderdelen/{found.id}"
    values = {"title": "Stippen", "question": "Welke?", "minutes": "15", "dots": "5", "per_option": "3"}
    client.send(address, **values, options="Rust\nTijd", base_version="0", erbij="waarden")
    db.expire_all()
    kept = db.get_one(Activity, found.id).settings
    assert [option["label"] for option in kept["options"]] == ["Rust", "Tijd", "Nabijheid"]


def test_values_for_which_there_is_no_room_are_named(client: Client, cast: Cast) -> None:
    plan = make_plan()
    for name in ("Nabijheid", "Rust"):
        make_value(plan, name)
    workshop = make_workshop(plan_id=plan.id)
    typed = [{"key": str(number), "label": f"Wens {number}", "counter": ""} for number in range(7)]
    found = make_activity(workshop, Kind.RANKING, settings={"options": typed})
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/onderdelen/{found.id}"
    values = {"title": "Volgorde", "question": "Wat eerst?", "minutes": "15", "base_version": "0"}
    lines_typed = "\n".join(option["label"] for option in typed)
    response = client.post(
        address, data={**values, "options": lines_typed, "erbij": "waarden"}, follow_redirects=True
    )
    page = Page(response)
    assert "Deze pasten er niet meer bij: Rust" in page.words
    assert "Nabijheid" in page.text


def test_a_figure_of_the_monitor_can_be_talked_about(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_link(make_goal(make_value(plan)))
    propose_monitors()
    workshop = make_workshop(plan_id=plan.id)
    found = make_activity(workshop, Kind.FIGURE_AND_STORY, settings={"parts": ["Wat telt het?"]})
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/onderdelen/{found.id}"
    choice = client.page(address).soup.select("#block option")[1]  # type: ignore[union-attr]
    assert "Figuur:" in choice.get_text()
    client.submit(address, block=choice["value"])
    db.expire_all()
    kept = db.get_one(Activity, found.id).settings
    assert kept == {"parts": ["Wat telt het?"], "block_id": choice["value"]}
    assert "Kies over welk cijfer" not in client.page(f"/almere/ateliers/{workshop.id}").words


def test_two_people_at_one_part_see_both_versions(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    found = make_activity(workshop)
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/onderdelen/{found.id}"
    client.submit(address, question="Waarom bent u hier?")
    page = client.submit(address, question="Wie bent u?", base_version="0")
    assert page.status == 409
    assert "Waarom bent u hier?" in page.words
    assert "Wie bent u?" in page.text


def test_the_script_of_an_earlier_workshop_comes_along_without_how_it_went(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    earlier = make_workshop(title="Vorig jaar", plan_id=plan.id, state=State.ENDED)
    make_activity(
        earlier,
        Kind.FIGURE_AND_STORY,
        state=ActivityState.REVEALED,
        note="Niet te lang.",
        settings={"parts": ["Wat telt het?"], "block_id": "hier"},
    )
    workshop = make_workshop(title="Dit jaar")
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/overnemen"
    assert "Vorig jaar" in client.page(address).words
    client.send(address, draaiboek=str(earlier.id))
    db.expire_all()
    copied = db.query(Activity).filter_by(workshop_id=workshop.id).one()
    assert (copied.state, copied.note) == (ActivityState.WAITING, "Niet te lang.")
    assert copied.settings == {"parts": ["Wat telt het?"]}


def test_what_began_stands_fast_and_nothing_comes_before_it(session: Session, cast: Cast) -> None:
    workshop = make_workshop(state=State.RUNNING)
    begun = make_activity(workshop, title="een", state=ActivityState.OPEN)
    waiting = make_activity(workshop, title="twee")
    operations.move_activity(waiting, 1)
    assert [item.title for item in queries.activities_of(workshop)] == ["een", "twee"]
    with pytest.raises(Conflict, match="al begonnen"):
        operations.change_activity(begun, title="anders")
    with pytest.raises(Conflict, match="al begonnen"):
        operations.remove_activity(begun)
    workshop.state = State.ENDED
    with pytest.raises(Conflict, match="is geweest"):
        operations.add_activity(workshop, Kind.EXIT_QUESTION, title="x", question="y", minutes=5)
    with pytest.raises(Conflict, match="is geweest"):
        operations.change_workshop(workshop, title="anders")


def test_only_a_draft_can_be_thrown_away(client: Client, cast: Cast) -> None:
    draft, announced = make_workshop(), make_workshop(state=State.ANNOUNCED)
    make_activity(draft)
    db.commit()
    client.as_(cast.clerk)
    assert client.send(f"/almere/ateliers/{announced.id}/weggooien").status == 409
    client.submit(f"/almere/ateliers/{draft.id}/weggooien")
    assert db.query(Workshop).one() is announced
    assert db.query(Activity).count() == 0


# --- On paper -------------------------------------------------------------------------------------------------------


def test_the_programme_holds_times_and_no_notes_and_the_run_sheet_holds_both(
    client: Client, cast: Cast
) -> None:
    workshop = make_workshop(state=State.ANNOUNCED)
    make_activity(workshop, form="inchecken", note="Let op de klok.")
    db.commit()
    for address in ("", "/programma"):
        words = client.as_(cast.councillor).page(f"/almere/ateliers/{workshop.id}{address}").words
        assert "19:30–19:40 Inchecken" in words
        assert "Let op de klok." not in words
    assert client.page(f"/almere/ateliers/{workshop.id}/draaiboek").status == 403
    words = client.as_(cast.clerk).page(f"/almere/ateliers/{workshop.id}/draaiboek").words
    assert "Let op de klok." in words
    assert "Zeg hardop" in words


def test_the_handout_has_the_code_or_room_to_write_it(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    make_activity(
        workshop,
        Kind.DOTS,
        question="Waar geeft u stippen aan?",
        settings={"options": [{"key": "0", "label": "Rust", "counter": ""}]},
    )
    db.commit()
    client.as_(cast.clerk)
    page = client.page(f"/almere/ateliers/{workshop.id}/uitdeelblad")
    assert "Schrijf hem hier op:" in page.words
    assert "1. Waar geeft u stippen aan?" in page.words
    assert "Rust" in page.words
    workshop.code, workshop.state = "K7PQXR", State.RUNNING
    db.commit()
    page = client.page(f"/almere/ateliers/{workshop.id}/uitdeelblad")
    assert "K7PQXR" in page.words
    assert page.soup is not None
    assert page.soup.select_one(".wb-qr svg") is not None


def test_pages_ask_the_database_little_however_long_the_script(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    plan = make_plan()
    make_link(make_goal(make_value(plan)))
    workshop = make_workshop(plan_id=plan.id)
    for _number in range(20):
        found = make_activity(workshop, Kind.MEANING, form="duiden")
    db.commit()
    client.as_(cast.clerk)
    base = f"/almere/ateliers/{workshop.id}"
    for address in (
        "/almere/ateliers",
        base,
        f"{base}/werkvormen",
        f"{base}/overnemen",
        f"{base}/onderdelen/{found.id}",
        f"{base}/draaiboek",
        f"{base}/aankondiging",
    ):
        query_count.clear()
        assert client.page(address).status == 200
        assert len(query_count) <= 12, (address, len(query_count))
