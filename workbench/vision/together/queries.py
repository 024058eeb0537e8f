"""Reading the rounds about a plan. Only for those who may read rounds; before the reveal only how many are ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may
from workbench.core.db import db
from workbench.rounds import queries as rounds
from workbench.rounds import words
from workbench.rounds.methods import Method, consent
from workbench.rounds.models import Round, State
from workbench.rounds.queries import Ready, Result
from workbench.vision.models import Plan, Value
from workbench.vision.together.models import PlanRound, Purpose

RUNNING = (State.OPEN, State.CLOSED)


@dataclass(frozen=True)
class Asked:
    """A round about a plan, as its pages show it."""

    about: PlanRound
    round: Round
    ready: Ready
    waits_for_me: bool

    @property
    def is_running(self) -> bool:
        return self.round.state in RUNNING

    @property
    def is_open(self) -> bool:
        return self.round.state == State.OPEN

    @property
    def state_name(self) -> str:
        return str(words.STATE_NAMES[self.round.state])

    @property
    def ready_sentence(self) -> str:
        return words.ready_sentence(self.ready.n, self.ready.of)

    @property
    def result(self) -> Result | None:
        return rounds.result(self.round)

    def sentences(self) -> list[str]:
        """What the group said; empty before the reveal."""
        return words.told(self.round, self.result).sentences if self.result else []


def rounds_of(plan: Plan, *purposes: Purpose) -> list[Asked]:
    """The rounds about a plan (none named: all), newest first; none for those who may not read rounds."""
    if not may(Permission.READ_ROUNDS):
        return []
    rows = db.execute(
        sa.select(PlanRound, Round, rounds.answered_by(current_user.id), rounds.ready_count())
        .join(Round, Round.id == PlanRound.round_id)
        .where(PlanRound.plan_id == plan.id, PlanRound.purpose.in_(purposes or Purpose))
        .order_by(Round.made_at.desc(), Round.id)
    ).all()
    among = (
        rounds.voters() if any(found.state in RUNNING for _about, found, _mine, _n in rows) else frozenset()
    )
    return [
        Asked(about, found, rounds.ready_of(found, n, among), _waits(found, answered=mine))
        for about, found, mine, n in rows
    ]


def _waits(found: Round, *, answered: bool) -> bool:
    return found.state == State.OPEN and not answered and may(Permission.VOTE) and found.asks(current_user.id)


def newest(asked: Sequence[Asked], *purposes: Purpose) -> list[Asked]:
    """What a page about a step shows: what runs, and of each purpose the newest that was revealed."""
    seen: set[Purpose] = set()
    shown = []
    for item in asked:
        purpose = item.about.purpose
        if purpose in purposes and (item.is_running or purpose not in seen):
            shown.append(item)
            if not item.is_running:
                seen.add(purpose)
    return shown


def revealed(plan: Plan) -> dict[Purpose, list[str]]:
    """Per purpose what the newest revealed round said, in sentences; empty for those who may not read rounds."""
    if not may(Permission.READ_ROUNDS):
        return {}
    rows = db.execute(
        sa.select(PlanRound.purpose, Round)
        .join(Round, Round.id == PlanRound.round_id)
        .where(PlanRound.plan_id == plan.id, Round.state == State.REVEALED)
        .order_by(Round.made_at, Round.id)
    )
    newest_of = {purpose: found for purpose, found in rows}  # noqa: C416 - rows are no tuples to the type checker
    found = {purpose: (about, rounds.result(about)) for purpose, about in newest_of.items()}
    return {
        purpose: words.told(about, result).sentences for purpose, (about, result) in found.items() if result
    }


def running(plan: Plan, purpose: Purpose) -> Round | None:
    """The round with this purpose that was not revealed yet."""
    return db.scalar(
        sa.select(Round)
        .join(PlanRound, PlanRound.round_id == Round.id)
        .where(PlanRound.plan_id == plan.id, PlanRound.purpose == purpose, Round.state.in_(RUNNING))
    )


def about(found: Round) -> PlanRound | None:
    """What this round is about; None when it is about no plan."""
    return db.scalar(sa.select(PlanRound).where(PlanRound.round_id == found.id))


@dataclass(frozen=True)
class Waiting:
    """A round that waits for the answer of the reader."""

    round: Round
    plan_id: UUID | None


def waiting() -> list[Waiting]:
    """All open rounds of this council that wait for the reader, oldest first."""
    if not may(Permission.VOTE):
        return []
    rows = db.execute(
        sa.select(Round, PlanRound.plan_id)
        .outerjoin(PlanRound, PlanRound.round_id == Round.id)
        .where(Round.state == State.OPEN, sa.not_(rounds.answered_by(current_user.id)))
        .order_by(Round.made_at, Round.id)
    )
    return [Waiting(found, plan_id) for found, plan_id in rows if found.asks(current_user.id)]


def origin_of(found: Round) -> list[dict[str, str]]:
    """The way back from a round to its plan, for the breadcrumb; empty when it is about no plan."""
    row = db.execute(
        sa.select(Plan, PlanRound.purpose)
        .join(PlanRound, PlanRound.plan_id == Plan.id)
        .where(PlanRound.round_id == found.id)
    ).one_or_none()
    if row is None:
        return []
    plan, purpose = row
    if purpose == Purpose.CONSENT:
        page = {"label": _("Besluit"), "href": url_for("choosing.decision", plan_id=plan.id)}
    else:
        page = {"label": _("Waarden"), "href": url_for("vision.values", plan_id=plan.id)}
    return [{"label": plan.title, "href": url_for("evidence.plan", plan_id=plan.id)}, page]


# --- What a revealed round says about a value -----------------------------------------------------------------------


@dataclass(frozen=True)
class Spread:
    """Where the group stands on the line of one value; without a median there were too few answers."""

    round: Round
    sentence: str
    low: int | None = None
    median: int | None = None
    high: int | None = None
    is_divided: bool = False


def spreads(asked: Sequence[Asked], values: Sequence[Value]) -> dict[UUID, Spread]:
    """Value id -> the spread of the newest revealed round about its line, as long as that line is the same."""
    found: dict[UUID, Spread] = {}
    for item in asked:
        result = item.result
        if item.about.purpose != Purpose.POSITIONS or result is None or not result.shown:
            continue
        options = {option.key: option for option in item.round.options}
        for value in values:
            option = options.get(str(value.key))
            if option is None or option.counter != value.counter_value or value.id in found:
                continue
            line: dict[str, Any] = result.summary["lines"][option.key]
            found[value.id] = Spread(
                item.round,
                words.line_sentence(option, line),
                line.get("low"),
                line.get("median"),
                line.get("high"),
                line.get("agreement", 1) < words.DIVIDED,
            )
    return found


def beside(asked: Sequence[Asked], values: Sequence[Value]) -> dict[str, str]:
    """Value id -> what the rounds said about it in plain words, for beside its name in the decision."""
    weight = next((item for item in asked if item.about.purpose == Purpose.WEIGHT and item.result), None)
    lines = spreads(asked, values)
    found = {}
    for value in values:
        said = []
        if weight and weight.result and weight.result.shown:
            said.append(_weight_of(weight.round, weight.result, str(value.key)))
        if value.id in lines:
            said.append(lines[value.id].sentence)
        found[str(value.id)] = " ".join(filter(None, said))
    return found


def _weight_of(found: Round, result: Result, key: str) -> str:
    if key not in found.keys:
        return str(_("Deze waarde was er nog niet toen de groep koos."))
    of, summary = result.n, result.summary
    match found.method:
        case Method.CHOOSE:
            return str(_("%(n)s van %(of)s mensen kozen deze waarde.", n=summary["counts"][key], of=of))
        case Method.DOTS:
            people = summary["people"][key]
            return str(_("%(n)s van %(of)s mensen plakten hier stippen.", n=people, of=of))
        case Method.POINTS:
            given = summary["options"][key]
            median = _("Het middelste antwoord: %(n)s van de 100 punten.", n=given["median"])
            if given["low"] == given["high"]:
                return str(median)
            half = _("De middelste helft gaf er %(low)s tot %(high)s.", low=given["low"], high=given["high"])
            return f"{median} {half}"
        case Method.RANKING:
            top = summary["options"][key]["top"]
            return str(_("%(n)s van %(of)s mensen zetten deze waarde bovenaan.", n=top, of=of))
    chosen = summary["options"][key]
    return str(_("%(n)s van %(of)s keer gekozen boven een andere.", n=chosen["chosen"], of=chosen["asked"]))


def offered_texts(found: Round) -> list[str]:
    """Minority texts that a clerk can take over: what was written as such, and objections that were shared."""
    result = rounds.result(found)
    if result is None:
        return []
    objections = [
        text
        for item in result.reasons
        if found.method == Method.CONSENT and item["at"] == str(consent.CHOICES.index(consent.OBJECTION))
        for text in item["texts"]
    ]
    return list(dict.fromkeys([*result.minority, *objections]))
