"""Leading a workshop: what may happen to it and to each activity, in which state, and by two facilitators at once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.client import Client
from tests.factories import Cast
from tests.workshops.making_running import (
    OPTIONS,
    add_activity,
    join,
    make_workshop,
    running,
    say,
    vote,
)
from workbench.accounts.models import Audience
from workbench.accounts.operations import find_door
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_for, open_door
from workbench.rounds import operations as rounds
from workbench.rounds import queries as round_queries
from workbench.rounds.methods.base import FEWEST
from workbench.rounds.models import Round
from workbench.rounds.models import State as RoundState
from workbench.workshops.kinds import METHODS, Kind
from workbench.workshops.models import Activity, ActivityState, Contribution, State, Workshop
from workbench.workshops.running import operations
from workbench.workshops.running.codes import LETTERS, SIZE

CONTENT = {
    Kind.DOTS: {"dots": {"a": 3, "b": 2}},
    Kind.POINTS: {"points": {"a": 70, "b": 30}},
    Kind.RANKING: {"ranks": {"b": 1, "a": 2}},
    Kind.PAIRWISE: {"pairs": [["a", "b"]]},
    Kind.POSITION: {"places": {"a": 20, "b": 90}},
    Kind.CONSENT: {"choice": "agree"},
    Kind.STATEMENTS: {"votes": {"a": "agree", "b": "disagree"}},
    Kind.DILEMMA: {"picks": ["a"]},
}


@pytest.fixture(autouse=True)
def _here(cast: Cast) -> None:
    """In Almere."""


def fresh(activity: Activity) -> Activity:
    db.commit()
    db.expire_all()
    return db.get_one(Activity, activity.id)


# --- Opening and ending ---------------------------------------------------------------------------------------------


def test_a_workshop_that_opens_gets_a_code_that_leads_to_it_and_to_no_other() -> None:
    first, _script = running(Kind.BRAINSTORM)
    other, _more = running(Kind.BRAINSTORM)
    assert first.code
    assert len(first.code) == SIZE
    assert set(first.code) <= set(LETTERS)
    assert first.code != other.code
    found = find_door(first.code, Audience.WORKSHOP)
    assert found is not None
    assert found.object_id == first.id


def test_the_first_activity_of_the_script_is_on_the_screens_and_waits() -> None:
    workshop, script = running(Kind.CHECK_IN, Kind.DOTS)
    assert workshop.current_id == script[0].id
    assert script[0].state == ActivityState.WAITING


def test_it_opens_once(cast: Cast) -> None:
    workshop, _script = running(Kind.CHECK_IN)
    with pytest.raises(Conflict, match="al begonnen"):
        operations.open_workshop(workshop)


def test_after_the_end_the_code_opens_nothing_and_forgetting_has_a_day(cast: Cast) -> None:
    workshop, _script = running(Kind.CHECK_IN, keeps_days=30)
    code = workshop.code or ""
    operations.end_workshop(workshop)
    db.commit()
    assert workshop.code is None
    assert workshop.state == State.ENDED
    assert workshop.forget_on == datetime.now(UTC).date() + timedelta(days=30)
    assert find_door(code, Audience.WORKSHOP) is None


def test_ending_closes_what_is_open_and_keeps_what_people_sent() -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    people = [join(workshop) for _ in range(FEWEST)]
    for one in people:
        vote(activity, one, CONTENT[Kind.DOTS])
    operations.end_workshop(workshop)
    assert fresh(activity).state == ActivityState.CLOSED
    operations.reveal(activity)  # what was not shown in the room may be shown in the report
    found = round_queries.result(db.get_one(Round, activity.round_id))
    assert found is not None
    assert found.n == len(people)


@pytest.mark.parametrize("act", ["begin", "close", "reopen", "show"])
def test_after_the_end_nothing_moves(act: str) -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.end_workshop(workshop)
    with pytest.raises(Conflict, match="voorbij"):
        getattr(operations, act)(activity)


def test_before_it_begins_nothing_opens() -> None:
    made = make_workshop(Kind.BRAINSTORM)
    with pytest.raises(Conflict, match="nog niet begonnen"):
        operations.begin(operations._script(made)[0])


# --- One activity, in each state ------------------------------------------------------------------------------------

ACTS = {
    "open": operations.begin,
    "close": operations.close,
    "reopen": operations.reopen,
    "reveal": operations.reveal,
    "skip": lambda activity: operations.skip(activity, "Geen tijd meer."),
    "longer": lambda activity: operations.add_time(activity, 2),
}
WAYS: dict[ActivityState, list[str]] = {  # how to come there
    ActivityState.WAITING: [],
    ActivityState.OPEN: ["open"],
    ActivityState.CLOSED: ["open", "close"],
    ActivityState.REVEALED: ["open", "close", "reveal"],
    ActivityState.SKIPPED: ["skip"],
}
# From a state, by an act, to a state; what is not here is refused.
STEPS: dict[tuple[ActivityState, str], ActivityState] = {
    (ActivityState.WAITING, "open"): ActivityState.OPEN,
    (ActivityState.SKIPPED, "open"): ActivityState.OPEN,
    (ActivityState.OPEN, "close"): ActivityState.CLOSED,
    (ActivityState.CLOSED, "reopen"): ActivityState.OPEN,
    (ActivityState.OPEN, "reveal"): ActivityState.REVEALED,
    (ActivityState.CLOSED, "reveal"): ActivityState.REVEALED,
    (ActivityState.WAITING, "skip"): ActivityState.SKIPPED,
    (ActivityState.OPEN, "skip"): ActivityState.SKIPPED,
    (ActivityState.OPEN, "longer"): ActivityState.OPEN,
}


@pytest.mark.parametrize("kind", [Kind.BRAINSTORM, Kind.DOTS])
@pytest.mark.parametrize("state", list(ActivityState))
@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_in_each_state_either_leads_on_or_is_refused_and_changes_nothing(
    kind: Kind, state: ActivityState, act: str
) -> None:
    _workshop, (activity,) = running(kind)
    for before in WAYS[state]:
        ACTS[before](activity)
    assert fresh(activity).state == state
    if (state, act) in STEPS:
        ACTS[act](activity)
        assert fresh(activity).state == STEPS[state, act]
    else:
        with pytest.raises(Conflict):
            ACTS[act](activity)
        assert fresh(activity).state == state


@pytest.mark.parametrize("kind", list(METHODS))
def test_an_activity_that_is_counted_runs_a_round_of_its_own(kind: Kind) -> None:
    workshop, (activity,) = running(kind)
    operations.begin(activity)
    found = db.get_one(Round, activity.round_id)
    assert (found.state, found.method) == (RoundState.OPEN, METHODS[kind])
    for _ in range(5):
        vote(activity, join(workshop), CONTENT[kind])
    operations.close(activity)
    operations.reveal(activity)
    result = round_queries.result(db.get_one(Round, activity.round_id))
    assert result is not None
    assert (result.n, result.shown) == (5, True)


def test_a_round_of_a_workshop_waits_for_no_member_and_stands_in_no_list(cast: Cast, client: Client) -> None:
    _workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    db.commit()
    assert "Wat staat voorop?" not in client.as_(cast.councillor).page("/almere/rondes").words
    page = client.page(f"/almere/rondes/{activity.round_id}/antwoord")
    assert page.status == 302
    answer = client.send(f"/almere/rondes/{activity.round_id}/antwoord", answer_0="3")
    assert answer.status == 409
    assert "Wat staat voorop?" not in client.page("/almere/").words


def test_too_few_options_are_refused_when_it_opens_and_nothing_is_open() -> None:
    workshop, _script = running()
    activity = add_activity(workshop, Kind.DOTS, settings={"options": OPTIONS[:1]})
    with pytest.raises(Conflict, match="mogelijkheden"):
        operations.begin(activity)
    assert fresh(activity).state == ActivityState.WAITING


def test_one_is_open_at_a_time() -> None:
    _workshop, (first, second) = running(Kind.BRAINSTORM, Kind.DOTS)
    operations.begin(first)
    for act in (operations.begin, operations.show):
        with pytest.raises(Conflict, match="nog open"):
            act(second)


def test_what_people_write_for_themselves_is_never_shown() -> None:
    _workshop, (activity,) = running(Kind.WRITE_ALONE)
    operations.begin(activity)
    operations.close(activity)
    with pytest.raises(Conflict, match="voor henzelf"):
        operations.reveal(activity)


def test_a_skipped_activity_keeps_the_reason_and_the_next_one_comes() -> None:
    workshop, (first, second) = running(Kind.DOTS, Kind.BRAINSTORM)
    operations.begin(first)
    with pytest.raises(Conflict, match="waarom"):
        operations.skip(first, "  ")
    operations.skip(first, "De tijd is op.")
    assert (first.skipped_why, workshop.current_id) == ("De tijd is op.", second.id)
    assert db.get_one(Round, first.round_id).state == RoundState.CLOSED


def test_skipped_while_open_it_may_go_on_later_with_the_answers_it_had() -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    vote(activity, join(workshop), CONTENT[Kind.DOTS])
    operations.skip(activity, "Eerst pauze.")
    operations.begin(activity)
    vote(activity, join(workshop), CONTENT[Kind.DOTS])
    assert round_queries.ready(db.get_one(Round, activity.round_id)).n == 2


def test_more_time_counts_from_now_when_the_time_was_over() -> None:
    _workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    end = activity.ends_at
    assert end is not None
    operations.add_time(activity, 2)
    assert activity.ends_at == end + timedelta(minutes=2)
    activity.ends_at = datetime.now(UTC) - timedelta(minutes=30)
    operations.add_time(activity, 5)
    left = activity.ends_at - datetime.now(UTC)
    assert timedelta(minutes=4.9) < left <= timedelta(minutes=5)
    for minutes in (0, -3, 61):
        with pytest.raises(Conflict, match="minuten"):
            operations.add_time(activity, minutes)


def test_closing_a_round_on_its_own_page_does_not_break_the_script() -> None:
    _workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    rounds.close_round(db.get_one(Round, activity.round_id))
    operations.close(activity)
    operations.reveal(activity)
    assert fresh(activity).state == ActivityState.REVEALED


# --- Two who press at once ------------------------------------------------------------------------------------------


def test_pressing_next_twice_goes_on_once() -> None:
    workshop, (first, second, _third) = running(Kind.CHECK_IN, Kind.DOTS, Kind.BRAINSTORM)
    operations.go_on(workshop, first.id)
    operations.go_on(workshop, first.id)
    assert workshop.current_id == second.id


def test_next_passes_what_was_skipped_and_stops_at_the_end() -> None:
    workshop, (first, second, third) = running(Kind.CHECK_IN, Kind.DOTS, Kind.BRAINSTORM)
    operations.skip(second, "Geen tijd.")
    operations.go_on(workshop, first.id)
    assert workshop.current_id == third.id
    with pytest.raises(Conflict, match="laatste"):
        operations.go_on(workshop, third.id)


def test_a_vote_after_the_closing_is_refused_and_one_before_it_counts() -> None:
    workshop, (activity,) = running(Kind.DOTS)
    operations.begin(activity)
    early, late = join(workshop), join(workshop)
    vote(activity, early, CONTENT[Kind.DOTS])
    operations.close(activity)
    with pytest.raises(Conflict, match="niet open"):
        vote(activity, late, CONTENT[Kind.DOTS])
    db.rollback()
    open_door(db, "")
    operations.reopen(activity)
    vote(activity, late, CONTENT[Kind.DOTS])
    assert round_queries.ready(db.get_one(Round, activity.round_id)).n == 2


# --- Groups ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("councils", [["Almere", "Breda"], ["Almere", "Breda", "Zwolle"]])
def test_councils_are_told_apart_from_three_people_on(councils: list[str]) -> None:
    workshop, (activity,) = running(Kind.STATEMENTS, councils=councils)
    operations.begin(activity)
    for council, votes in (("Almere", "agree"), ("Breda", "disagree")):
        for _ in range(3):
            one = join(workshop, council=council)
            vote(activity, one, {"votes": {"a": "agree", "b": votes}}, faction=council)
    if "Zwolle" in councils:
        vote(activity, join(workshop, council="Zwolle"), {"votes": {"a": "agree"}}, faction="Zwolle")
    operations.reveal(activity)
    found = round_queries.result(db.get_one(Round, activity.round_id))
    assert found is not None
    assert found.groups is not None
    assert "Zwolle" not in found.groups["sizes"]
    assert {"Almere", "Breda"} & set(found.groups["sizes"])
    assert all(size >= FEWEST for size in found.groups["sizes"].values())


def test_a_workshop_of_one_council_without_factions_has_no_groups() -> None:
    workshop, (activity,) = running(Kind.STATEMENTS, councils=["Almere"])
    assert operations.groups_of(workshop) == []
    operations.begin(activity)
    assert db.get_one(Round, activity.round_id).factions_for(None) == []


# --- Cards and tables -----------------------------------------------------------------------------------------------


def test_a_card_for_somebody_without_a_phone_is_kept_once() -> None:
    _workshop, (activity,) = running(Kind.BRAINSTORM)
    card_id = uuid4()
    with pytest.raises(Conflict, match="eerst"):
        operations.write_card(activity, card_id, "Meer bankjes.")
    operations.begin(activity)
    for _ in range(2):
        operations.write_card(activity, card_id, " Meer bankjes. ")
    card = db.get_one(Contribution, card_id)
    assert (card.text, card.attendee_id) == ("Meer bankjes.", None)
    with pytest.raises(Conflict, match="kaart"):
        operations.write_card(activity, uuid4(), "  ")
    with pytest.raises(Conflict, match="hoort niet bij"):
        operations.write_card(activity, uuid4(), "Bankjes", "Wat zien we?")


def test_cards_go_on_piles_and_a_pile_gets_another_name() -> None:
    workshop, (activity,) = running(Kind.BRAINSTORM)
    operations.begin(activity)
    cards = [say(activity, text, join(workshop)) for text in ("Bankjes", "Koffie", "Buurthuis")]
    assert operations.put_on_pile(activity, [cards[0].id, cards[1].id], " Elkaar  ontmoeten ") == 2
    assert operations.put_on_pile(activity, [cards[2].id], "Plekken") == 1
    assert operations.rename_pile(activity, "Elkaar ontmoeten", "Plekken") == 2
    db.expire_all()
    assert {card.cluster for card in cards} == {"Plekken"}
    assert operations.put_on_pile(activity, [cards[0].id], "") == 1
    with pytest.raises(Conflict, match="naam"):
        operations.rename_pile(activity, "Plekken", " ")


def test_hiding_is_taken_back_and_touches_no_card_of_another_activity() -> None:
    _workshop, (activity, other) = running(Kind.BRAINSTORM, Kind.CHECK_IN)
    card, elsewhere = say(activity, "Een naam"), say(other, "Dag")
    assert operations.hide(activity, [card.id, elsewhere.id]) == 1
    db.expire_all()
    assert card.hidden_at is not None
    assert elsewhere.hidden_at is None
    assert operations.hide(activity, [card.id], hidden=False) == 1
    db.expire_all()
    assert card.hidden_at is None


def test_people_are_spread_over_tables_and_who_comes_late_joins_the_smallest() -> None:
    workshop, _script = running(Kind.CHECK_IN, tables=3)
    people = [join(workshop, council="Almere" if number < 6 else "Breda") for number in range(11)]
    assert operations.seat(workshop, everyone=True) == 11
    seats = [one.table_number for one in people]
    assert sorted(seats.count(number) for number in (1, 2, 3)) == [3, 4, 4]
    for number in (1, 2, 3):  # no table of one council
        assert {one.council for one in people if one.table_number == number} == {"Almere", "Breda"}
    kept = dict(zip((one.id for one in people), seats, strict=True))
    late = join(workshop)
    assert operations.seat(workshop, everyone=False) == 1
    assert all(one.table_number == kept[one.id] for one in people)
    assert late.table_number == min((1, 2, 3), key=lambda number: (seats.count(number), number))
    operations.move(workshop, late, 2)
    assert late.table_number == 2
    with pytest.raises(Conflict, match="tafel"):
        operations.move(workshop, late, 4)


def test_without_tables_nobody_is_seated() -> None:
    workshop, _script = running(Kind.CHECK_IN)
    with pytest.raises(Conflict, match="tafels"):
        operations.seat(workshop, everyone=True)


def test_another_council_does_not_see_the_workshop(cast: Cast) -> None:
    workshop, _script = running(Kind.CHECK_IN)
    found = workshop.id
    db.commit()
    act_for(db, cast.breda.id)
    assert db.get(Workshop, found) is None


def test_the_group_chooses_from_the_piles_it_made(cast: Cast) -> None:
    workshop, (storm, dots) = running(Kind.BRAINSTORM, Kind.DOTS)
    dots.settings = {}
    operations.begin(storm)
    for text, pile in (
        ("Buren", "Nabijheid"),
        ("De wijk", "Nabijheid"),
        ("Zelf kiezen", "Keuze"),
        ("Los", ""),
    ):
        card_id = uuid4()
        operations.write_card(storm, card_id, text)
        if pile:
            operations.put_on_pile(storm, [card_id], pile)
    with pytest.raises(Conflict, match="Sluit eerst"):
        operations.take_options(dots)
    operations.close(storm)
    operations.take_options(dots)
    assert [option["label"] for option in dots.settings["options"]] == ["Nabijheid", "Keuze"]
    operations.begin(dots)
    with pytest.raises(Conflict):
        operations.take_options(dots)
    assert workshop.current_id == dots.id


def test_without_piles_each_card_is_something_to_choose_from_and_never_what_was_written_alone(
    cast: Cast,
) -> None:
    _workshop, (alone, storm, ranking) = running(Kind.WRITE_ALONE, Kind.BRAINSTORM, Kind.RANKING)
    ranking.settings = {}
    operations.begin(alone)
    operations.close(alone)
    with pytest.raises(Conflict, match="Sluit eerst"):
        operations.take_options(ranking)
    operations.begin(storm)
    cards = {uuid4(): text for text in [*"abcdefghij", "a"]}
    for card_id, text in cards.items():
        operations.write_card(storm, card_id, text)
    operations.hide(storm, [card_id for card_id, text in cards.items() if text == "b"])
    operations.close(storm)
    operations.take_options(ranking)
    assert [option["label"] for option in ranking.settings["options"]] == [*"acdefghi"]  # no more than eight
