"""Before the reveal nothing of anybody else's answer, after it nothing of a person or of a group under three.

Held for all nine methods, all roles and every form in which the workbench answers: pages, the API, documents, mail, the
audit trail, logs, caches, jobs and the tables themselves.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from tests.client import Client
from tests.core.test_no_ranking import text_of
from tests.core.test_rules import things_of_almere
from tests.factories import Cast, cast_ballot, make_councillors, make_round, make_value
from tests.privacy.looking import (
    Observer,
    addresses,
    for_programs,
    letters,
    listening,
    memory,
    observers,
    plain,
    tables,
    undone,
)
from workbench.accounts.models import Person, Rhythm
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_as, act_for
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method, consent, statements
from workbench.rounds.models import Ballot, Participant, Round, State
from workbench.rounds.operations import Reply
from workbench.vision.choosing.operations import decide
from workbench.vision.models import Plan, Value
from workbench.vision.together import operations as together
from workbench.vision.together.forms import WEIGHING

FACTIONS = ("Rood", "Blauw", "Groen")
OPTIONS = ("Nabijheid", "Rust", "Meedoen")  # the values of the plan

# --- What people answer ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """An answer: `kind` says which of the many that the method allows; its texts are marked with `mark`."""

    kind: int
    shares: bool = False
    differs: bool = False
    unknown: bool = False
    faction: str = ""
    mark: str = "niemand"

    def reply(self, found: Round) -> Reply:
        return Reply(
            None if self.unknown else content(found.method, found.keys, self.kind, self.mark),
            reason=f"waterrad {self.mark}",
            share_reason=self.shares,
            minority=f"vuurtoren {self.mark}" if self.differs else "",
            faction=self.faction or None,
        )


def content(method: Method, keys: Sequence[str], kind: int, mark: str) -> dict[str, Any]:
    """One of the answers that this method allows."""
    turned = [*keys[kind % 3 :], *keys[: kind % 3]] if keys else []
    order = turned[::-1] if kind > 2 else turned
    match method:
        case Method.CHOOSE:
            return {"picks": order[: 1 + kind % 2]}
        case Method.SENTENCE:
            return {"text": f"zonnewijzer {mark}"}
        case Method.POSITION:
            return {"places": {key: (7 + kind * 17 + place) % 101 for place, key in enumerate(order[:2])}}
        case Method.DOTS:
            return {"dots": {order[0]: 1 + kind % 3, order[1]: kind % 2}}
        case Method.POINTS:
            return {"points": {order[0]: 51 + 7 * kind, order[1]: 49 - 7 * kind}}
        case Method.RANKING:
            return {"ranks": {key: place for place, key in enumerate(order[: 2 + kind % 2], 1)}}
        case Method.PAIRWISE:
            return {
                "pairs": [[order[0], order[1]], [order[1], order[2]], [order[2], order[0]]][: 1 + kind % 3]
            }
        case Method.CONSENT:
            return {"choice": consent.CHOICES[kind % 3]}
        case Method.STATEMENTS:
            return {
                "votes": {key: statements.VOTES[(kind + place) % 3] for place, key in enumerate(order[:2])}
            }


# The first of each list makes the simplest example; it should tell much already.
said = st.builds(
    Said,
    kind=st.integers(0, 5),
    shares=st.sampled_from([True, True, False]),
    differs=st.sampled_from([True, False]),
    unknown=st.sampled_from([False, False, False, True]),
    faction=st.sampled_from([*FACTIONS, ""]),
)
GROUPS = ("RRRBBGG", "RR", "RRRBBBG", "RRRRBB", "RRRBBB", "RRBBGG.", "RRR....", "......", "RRRBG..", "R")


@st.composite
def crowds(draw: st.DrawFn) -> list[Said]:
    """What a crowd says in which factions of one, two, three and more appear."""
    names = {name[0]: name for name in FACTIONS} | {".": ""}
    groups = draw(st.sampled_from(GROUPS))
    return [
        replace(what, faction=names[letter], kind=(what.kind + place) % 6, mark=f"a{place}")
        for place, letter in enumerate(groups)
        for what in [draw(said)]
    ]


# How somebody came to what counts in the end: "changed" said something else first, "again" also withdrew that.
WAYS = ("at once", "changed", "again")


def answer(found: Round, person: Person, what: Said, way: str = "at once") -> None:
    if way != "at once":
        cast_ballot(found, person, Said(5 - what.kind, True, True, False, "Groen", "bedacht").reply(found))
    if way == "again":
        withdraw(found, person)
    cast_ballot(found, person, what.reply(found))


def withdraw(found: Round, person: Person) -> None:
    act_as(db, person.id)
    rounds.withdraw(found, person.id)
    db.commit()
    act_as(db, None)


def come_too_late(found: Round, person: Person) -> None:
    with pytest.raises(Conflict):
        cast_ballot(found, person, Said(1, True, True, mark="te laat").reply(found))
    db.rollback()
    act_as(db, None)


# --- The council in which it happens --------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class Hall:
    """A council with a plan, its voters, and everybody who looks. `mine` answers and looks; `silent` only looks."""

    app: Flask
    client: Client
    council: UUID
    ids: dict[str, object]
    mine: Person
    silent: Person
    others: list[Person]
    observers: list[Observer]

    def ask(self, method: Method) -> Round:
        """A round with this method, open: over the values of the plan where plans ask so."""
        act_for(db, self.council)
        plan = db.get_one(Plan, self.ids["plan_id"])
        values = list(db.scalars(sa.select(Value).where(Value.plan_id == plan.id).order_by(Value.name)))
        if method in WEIGHING:
            return together.ask_weight(plan, values, method, None)
        if method == Method.POSITION:
            return together.ask_positions(plan, values, None)
        if method == Method.CONSENT:
            decision = decide(plan, None, values, reasons="Daarom.", minority_view="")
            return together.ask_consent(plan, decision, [value.name for value in values], None)
        texts = "" if method == Method.SENTENCE else " ".join(OPTIONS)
        found = make_round(method, texts, factions=list(FACTIONS) if method == Method.STATEMENTS else [])
        rounds.open_round(found)
        return found

    def near(self, round_id: UUID) -> list[str]:
        """The addresses that could know of this round, its plan and its values; and all of the API."""
        ids = {name: self.ids[name] for name in ("plan_id", "value_id", "round_id", "number")}
        return addresses(self.app, ids, [round_id])

    @property
    def mailed(self) -> list[Person]:
        """Who looks, and gets mail about what waits."""
        return [self.mine, self.silent]


@pytest.fixture
def hall(app: Flask, client: Client, cast: Cast) -> Hall:
    ids = things_of_almere(cast)
    plan = db.get_one(Plan, ids["plan_id"])
    for name in OPTIONS[1:]:
        make_value(plan, name)
    silent, *others = make_councillors(cast, 9)
    seen_by = observers(cast, silent=silent)
    people = [cast.councillor, silent, *others]
    for person in people:
        db.get_one(Person, person.id).rhythm = Rhythm.DAILY
    db.commit()
    for kept in [*people, *cast.people.values(), cast.outsider, cast.almere, cast.breda]:
        db.refresh(kept)
    db.expunge_all()  # a world that is undone takes nothing of them along
    return Hall(app, client, cast.almere.id, ids, cast.councillor, silent, others, seen_by)


def forged(round_id: UUID, value: object) -> list[tuple[str, dict[str, str]]]:
    """Posts that are refused to everybody, each with an answer that could tell something."""
    here = f"/almere/rondes/{round_id}"
    return [
        (f"{here}/antwoord", {"base_version": "7", "minority": "te lang " * 300}),
        (f"{here}/overnemen", {"text": "0", "card": str(UUID(int=7))}),
        (f"/almere/waarden/{value}/plek/bevestigen", {"place": "x", "version": "1"}),
        (f"{here}/openen", {"version": "1"}),
    ]


MARKS = re.compile(r"(?:zonnewijzer|waterrad|vuurtoren) (\w+)")


def marks(text: object) -> set[str]:
    """Of whom this holds a text."""
    return set(MARKS.findall(str(text)))


Looks = dict[tuple[str, str], tuple[int, str]]  # who, where: status and what it says


@dataclass(frozen=True)
class World:
    """What people could get to know, wherever they look."""

    seen: Looks
    mail: dict[str, str]
    trail: list[tuple[str, UUID | None, dict[str, Any]]]
    kept: str  # jobs, logs and caches


def look(hall: Hall, round_id: UUID, who: Sequence[Observer], where: Sequence[str], jobs: list[Any]) -> World:
    """What these observers get at these addresses and for forged posts, and all that is kept on the way."""
    jobs.clear()
    here = f"/almere/rondes/{round_id}"
    seen: Looks = {}
    with listening() as heard:
        for observer in who:
            for address in for_programs(where) if observer.token else where:
                seen[observer.name, address] = plain(observer.asks(hall.client, address))
            for address, form in [] if observer.token else forged(round_id, hall.ids["value_id"]):
                answered = observer.asks(hall.client, address, **form)
                seen[observer.name, f"{address} {form}"] = plain(answered)
                assert answered.status_code >= 400, (observer.name, address)
            if observer.name == "silent":
                address = f"{here}/intrekken"
                seen[observer.name, address] = plain(observer.asks(hall.client, address, yes="1"))
        mail = letters(hall.app, hall.mailed)
    assert seen["clerk", here][0] == 200
    act_for(db, hall.council)
    entries = db.scalars(sa.select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id))
    trail = [(entry.action, entry.person_id, entry.facts) for entry in entries]
    return World(seen, mail, trail, f"{jobs}{heard}{memory(hall.app)}")


def differences(one: World, other: World) -> list[Any]:
    """Who sees where that these are two worlds, with the first line that tells it."""
    found: list[Any] = []
    for place in one.seen:
        lines = [world.seen[place][1].splitlines() for world in (one, other)]
        if one.seen[place] != other.seen[place]:
            found.append(
                (place, next((pair for pair in zip_longest(*lines) if pair[0] != pair[1]), "status"))
            )
    if one.mail != other.mail:
        found.append((one.mail, other.mail))
    if one.trail != other.trail:
        found.append((one.trail, other.trail))
    return found


def texts_of_others(hall: Hall, world: World, *, shared: set[str] = frozenset()) -> list[Any]:
    """Where a text stands of somebody who did not write it; `shared`: what members may read by now."""
    found: list[Any] = [
        (place, marks(text) - shared)
        for place, (_status, text) in world.seen.items()
        if marks(text) - shared - ({"eigen"} if place[0] == "councillor" else set())
    ]
    for what in (world.mail, world.trail):
        found += [what] if marks(what) else []
    found += [world.kept] if marks(world.kept) - shared else []  # pages are remembered for many readers
    for name, text in tables(hall.council, hall.silent.id):
        found += [(name, marks(text))] if marks(text) - shared else []
    for name, text in tables(hall.council, hall.mine.id):
        found += [(name, marks(text))] if marks(text) - shared - {"eigen"} else []
    return found


@dataclass(frozen=True)
class Voice:
    """Somebody's answer, and how it came about."""

    person: Person
    what: Said
    way: str = "at once"


def live(
    hall: Hall,
    found: Round,
    state: State,
    *,
    mine: Said | None,
    voices: Sequence[Voice],
    gone: Sequence[Person],
) -> None:
    """Let everybody answer, in this order; of `gone` every other withdraws, the rest comes too late."""
    for person in gone[::2]:
        answer(found, person, Said(2, shares=True, differs=True, mark="ingetrokken"))
    for voice in voices:
        answer(found, voice.person, voice.what, voice.way)
    if mine is not None:
        answer(found, hall.mine, mine)
    for person in gone[::2]:
        withdraw(found, person)
    if state == State.OPEN:
        return
    rounds.close_round(found)
    db.commit()
    for person in gone[1::2]:
        come_too_late(found, person)
    if state == State.REVEALED:
        rounds.reveal_round(found)
        db.commit()


def drawn_look(data: st.DataObject, hall: Hall, round_id: UUID) -> tuple[list[Observer], list[str]]:
    """Who looks where in this example: always those who are nearest, and some of all others."""
    near = hall.near(round_id)
    own = [address for address in near if str(round_id) in address]
    rest = [address for address in near if address not in own and "almere" in address]
    nearest = [observer for observer in hall.observers if observer.name in ("clerk", "councillor", "silent")]
    others = [observer for observer in hall.observers if observer not in nearest]
    who = nearest + data.draw(
        st.lists(st.sampled_from(others), min_size=1, max_size=1, unique_by=lambda o: o.name)
    )
    return who, own + data.draw(st.lists(st.sampled_from(rest), min_size=2, max_size=2, unique=True))


EXAMPLES = settings(
    max_examples=2,
    phases=[Phase.generate],  # an example is slow, and small enough to read as it is
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
my_answer = st.none() | said.map(lambda what: replace(what, mark="eigen"))
ways = st.sampled_from(WAYS)


@pytest.mark.parametrize("method", Method)
@EXAMPLES
@given(data=st.data(), state=st.sampled_from([State.OPEN, State.CLOSED]), mine=my_answer)
def test_before_the_reveal_nobody_can_tell_who_answered_nor_what(
    hall: Hall, sent_jobs: list[Any], *, data: st.DataObject, method: Method, state: State, mine: Said | None
) -> None:
    """Two worlds in which as many answered, but others, other things and in other ways, look the same to all."""
    n = data.draw(st.integers(3, 6))
    worlds = []
    with undone():
        found = hall.ask(method)
        db.commit()
        round_id = found.id
        who, where = drawn_look(data, hall, round_id)
        for name, turn in (("a", 1), ("b", 2)):
            crowd = [
                replace(what, kind=(what.kind + turn * place + turn) % 6, mark=f"{name}{place}")
                for place, what in enumerate(data.draw(st.lists(said, min_size=n, max_size=n)))
            ]
            people = data.draw(st.permutations(hall.others if name == "a" else hall.others[::-1]))
            gone = people[n : n + data.draw(st.integers(0, 2))]
            voices = [
                Voice(person, what, data.draw(ways)) for person, what in zip(people[:n], crowd, strict=True)
            ]
            with undone():
                live(hall, db.get_one(Round, round_id), state, mine=mine, voices=voices, gone=gone)
                world = look(hall, round_id, who, where, sent_jobs)
                assert texts_of_others(hall, world) == []
                worlds.append(world)
    assert differences(*worlds) == []


@pytest.mark.parametrize("method", Method)
@EXAMPLES
@given(data=st.data(), mine=my_answer)
def test_after_the_reveal_nobody_can_tell_who_said_what(
    hall: Hall, sent_jobs: list[Any], data: st.DataObject, method: Method, mine: Said | None
) -> None:
    """When people swap what they said, answer in another order or in other ways, all see the same as before."""
    crowd = data.draw(crowds())
    counted = [what for what in [*crowd, *([mine] if mine else [])] if not what.unknown]
    worlds = []
    with undone():
        found = hall.ask(method)
        db.commit()
        round_id = found.id
        who, where = drawn_look(data, hall, round_id)
        for name in ("a", "b"):
            people = data.draw(st.permutations(hall.others))
            told = swapped(crowd, mine) if name == "b" else crowd
            if len(counted) < 3 and name == "b":  # nothing but their number is told
                told = [
                    replace(what, kind=5 - what.kind, mark=f"b{place}") for place, what in enumerate(crowd)
                ]
            voices = [
                Voice(person, what, data.draw(ways)) for person, what in zip(people, told, strict=False)
            ]
            gone = people[len(crowd) : len(crowd) + 1]
            with undone():
                order = data.draw(st.permutations(voices if name == "a" else voices[::-1]))
                found = db.get_one(Round, round_id)
                live(hall, found, State.REVEALED, mine=mine, voices=order, gone=gone)
                world = look(hall, round_id, who, where, sent_jobs)
                shared = (
                    shown_marks(method, [*crowd, *([mine] if mine else [])]) if len(counted) > 2 else set()
                )
                assert texts_of_others(hall, world, shared=shared) == []
                assert_groups_are_large(world, round_id, len(counted))
                worlds.append(world)
    assert differences(*worlds) == []


def shown_marks(method: Method, crowd: Sequence[Said]) -> set[str]:
    """Whose texts the group may read now: sentences, minority views, and reasons that were shared."""
    asks_reason = method != Method.SENTENCE
    return {
        what.mark
        for what in crowd
        if what.differs or (what.shares and asks_reason) or (method == Method.SENTENCE and not what.unknown)
    }


def swapped(crowd: Sequence[Said], mine: Said | None) -> list[Said]:
    """Those whose faction is under three swap what they said, when they are three together: no page may show it."""
    filled = [what for what in [*crowd, *([mine] if mine else [])] if not what.unknown]
    sizes = Counter(what.faction for what in filled)

    def is_small(what: Said) -> bool:
        return not what.unknown and (not what.faction or sizes[what.faction] < 3)

    places = [place for place, what in enumerate(crowd) if is_small(what)]
    if sum(map(is_small, filled)) < 3:
        return list(crowd)
    turned = dict(zip(places, [*places[1:], *places[:1]], strict=True))
    return [
        replace(crowd[turned[place]], faction=what.faction) if place in turned else what
        for place, what in enumerate(crowd)
    ]


def assert_groups_are_large(world: World, round_id: UUID, n: int) -> None:
    """Each group that is told apart has three people or more, and no smaller one is left when they are taken off."""
    for (_name, address), (_status, text) in world.seen.items():
        if address == f"/almere/rondes/{round_id}" and (
            sizes := [int(x) for x in re.findall(r"\((\d+) mensen\)", text)]
        ):
            assert min(sizes) >= 3
            assert sum(sizes) == n


# What pages say of a spread, of a middle or of who chose what, from five answers on.
OF_NUMBERS = re.compile(
    r"middelste|mediaan|kwart|gemiddeld|meer dan de helft|aantal mensen|van \d+ mensen|\(\d+ mensen\)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("method", [Method.POSITION, Method.POINTS])
def test_of_three_or_four_answers_no_page_tells_a_middle_a_spread_or_a_count(
    hall: Hall, method: Method
) -> None:
    """With five answers these same pages do, so that the words are those that pages use."""
    by_name = {observer.name: observer for observer in hall.observers}
    told: dict[int, list[str]] = {}
    with undone():
        found = hall.ask(method)
        db.commit()
        round_id, ids = found.id, hall.ids
        plan = f"/almere/trajecten/{ids['plan_id']}"
        where = [
            f"/almere/rondes/{round_id}",
            f"/almere/waarden/{ids['value_id']}",
            *(
                f"{plan}/{page}"
                for page in ("waarden", "waarden/besluit", "rondes", "stappen/3", "invulschema")
            ),
        ]
        for n in (3, 4, 5):
            with undone():
                asked = db.get_one(Round, round_id)
                for place, person in enumerate(hall.others[:n]):
                    given = {"places": dict.fromkeys(asked.keys, 7 + 17 * place)}
                    if method is Method.POINTS:
                        given = content(method, asked.keys, place, "")
                    cast_ballot(asked, person, Reply(given))
                rounds.close_round(asked)
                rounds.reveal_round(asked)
                db.commit()
                told[n] = []
                for address in where:
                    for observer in (by_name["clerk"], by_name["councillor"]):
                        answered = observer.asks(hall.client, address)
                        assert answered.status_code == 200, address
                        text = text_of(answered)
                        told[n] += [
                            f"{address}: {line.strip()}"
                            for line in text.splitlines()
                            if OF_NUMBERS.search(line)
                        ]
    assert told[3] == []
    assert told[4] == []
    assert told[5], "from five answers on the pages tell it"


# --- Everybody, everywhere ------------------------------------------------------------------------------------------

# Of each method one round, and a second one with sentences; the plan has one running round of a kind at most.
STATES = {
    Method.DOTS: State.REVEALED,
    Method.POINTS: State.REVEALED,
    Method.RANKING: State.REVEALED,
    Method.PAIRWISE: State.REVEALED,
    Method.CHOOSE: State.OPEN,
    Method.POSITION: State.CLOSED,
    Method.CONSENT: State.OPEN,
    Method.STATEMENTS: State.REVEALED,
    Method.SENTENCE: State.CLOSED,
}


def test_every_address_shows_everybody_only_what_was_shared_after_a_reveal(
    hall: Hall, sent_jobs: list[Any]
) -> None:
    asked, shared, mine = [], set(), set()
    with listening() as heard:
        for method, state in STATES.items():
            found = hall.ask(method)
            crowd = [
                Said(place, place % 2 == 0, place == 1, place == 4, FACTIONS[place % 2], f"{method}{place}")
                for place in range(6)
            ]
            asked.append(found.id)
            voices = [Voice(person, what) for person, what in zip(hall.others, crowd, strict=False)]
            own = Said(1, shares=True, differs=True, mark=f"eigen{method}")
            live(hall, found, state, mine=own, voices=voices, gone=hall.others[6:])
            mine.add(own.mark)
            shared |= shown_marks(method, crowd) | {own.mark} if state == State.REVEALED else set()
        everywhere = addresses(hall.app, hall.ids, asked)
        looked, found_there = Counter[str](), set()
        for observer in hall.observers:
            may_read = observer.name in ("clerk", "facilitator", "councillor", "silent")
            allowed = (shared if may_read else set()) | (mine if observer.name == "councillor" else set())
            for address in for_programs(everywhere) if observer.token else everywhere:
                answered = observer.asks(hall.client, address)
                assert answered.status_code not in (429, 500), (observer, address)
                told = marks(text_of(answered))
                assert told <= allowed, (observer, address)
                found_there |= told
                looked[observer.name] += answered.status_code == 200
            assert marks(memory(hall.app)) <= shared, "pages are remembered for many readers"
            hall.app.extensions["redis"].flushall()  # programs may ask 120 times a minute
    assert shared <= found_there <= shared | mine, "the marks can be found where they may stand"
    assert looked["clerk"] > 100
    assert looked["program of clerk"] > 10
    assert marks([heard, sent_jobs]) == set()
    for person, own in ((hall.silent, set()), (hall.mine, mine)):
        for name, text in tables(hall.council, person.id, ()):
            assert marks(text) <= (shared | own if name == "public.round" else own), name


def test_no_function_but_the_counter_walks_through_the_wall(hall: Hall) -> None:
    walking = sa.text(
        "SELECT proname FROM pg_proc WHERE prosecdef AND has_function_privilege(oid, 'EXECUTE')"
    )
    # Beside the counter: what makes answers of nobody after their time, and what gives a council what was packed for it.
    assert sorted(db.scalars(walking)) == ["forget_voters", "round_ready", "take_handover"]


@pytest.mark.parametrize("conflict", ["", " ON CONFLICT DO NOTHING", " ON CONFLICT DO NOTHING RETURNING id"])
def test_a_refusal_does_not_tell_whether_somebody_else_answered(hall: Hall, conflict: str) -> None:
    found = hall.ask(Method.CHOOSE)
    answer(found, hall.others[0], Said(1))
    round_id, refusals = found.id, []
    for person in hall.others[:2]:
        act_as(db, hall.silent.id)
        statement = (
            f"INSERT INTO participant (id, round_id, person_id) VALUES (:id, :round, :person){conflict}"
        )
        with pytest.raises(DBAPIError) as refused:
            db.execute(sa.text(statement), {"id": uuid4(), "round": round_id, "person": person.id})
        refusals.append(str(refused.value.orig))
        db.rollback()
    assert refusals[0] == refusals[1]
    assert "row-level security" in refusals[0]


def test_of_a_withdrawn_answer_nothing_stays(hall: Hall) -> None:
    found = hall.ask(Method.STATEMENTS)
    person = hall.others[0]
    answer(found, person, Said(1, shares=True, differs=True, faction="Rood", mark="weg"))
    withdraw(found, person)
    act_as(db, person.id)
    ballot, participant = db.scalars(sa.select(Ballot)).one(), db.scalars(sa.select(Participant)).one()
    assert (ballot.content, ballot.reason, ballot.share_reason, ballot.minority) == (None, "", False, "")
    assert participant.faction is None
    assert participant.withdrawn_at is not None
