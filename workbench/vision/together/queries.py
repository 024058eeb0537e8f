"""Reading the rounds about a plan. Only for those who may read rounds; before the reveal only how many are ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _

from workbench.accounts.access import Permission, may
from workbench.core.db import db
from workbench.rounds import queries as rounds
from workbench.rounds import words
from workbench.rounds.methods import Method, consent, statements
from workbench.rounds.models import Round, State
from workbench.rounds.queries import Ready, Result
from workbench.vision.models import Answer, Plan, PlanQuestion, Value
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
        if self.result is None:
            return []
        told = words.told(self.round, self.result).sentences
        return [*told, *words.group_sentences(self.round, self.result)]


def rounds_of(plan: Plan, *purposes: Purpose) -> list[Asked]:
    """The rounds about a plan (none named: all), newest first; none for those who may not read rounds."""
    if not may(Permission.READ_ROUNDS):
        return []
    rows = db.execute(
        sa.select(PlanRound, Round, rounds.ready_count())
        .join(Round, Round.id == PlanRound.round_id)
        .where(PlanRound.plan_id == plan.id, PlanRound.purpose.in_(purposes or Purpose))
        .order_by(Round.made_at.desc(), Round.id)
    ).all()
    is_running = any(found.state in RUNNING for _about, found, _n in rows)
    among = rounds.voters() if is_running else frozenset()
    waiting = rounds.waiting_for(g.membership) if is_running else []
    return [
        Asked(about, found, rounds.ready_of(found, n, among), found in waiting) for about, found, n in rows
    ]


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


def waiting(plan: Plan) -> list[tuple[UUID, str]]:
    """Of the rounds that wait for the reader those about this plan: id and sentence, as the home page has them."""
    about_plan = set(db.scalars(sa.select(PlanRound.round_id).where(PlanRound.plan_id == plan.id)))
    return [
        (found.id, words.invitation(found))
        for found in rounds.waiting_for(g.membership)
        if found.id in about_plan
    ]


def group_of(plan: Plan) -> dict[UUID, str]:
    """The councillors in the working group, as step 0 names it, each with the faction ("": none was filled in).

    Empty when it names no councillor: then all of them are asked.
    """
    answer = db.scalar(
        sa.select(Answer)
        .join(PlanQuestion, PlanQuestion.id == Answer.question_id)
        .where(PlanQuestion.plan_id == plan.id, PlanQuestion.key == "werkgroep")
    )
    if answer is None or not answer.is_given:
        return {}
    among = rounds.voters()
    named = {UUID(person_id): str(faction or "").strip() for person_id, faction in answer.value.items()}
    return {person_id: named[person_id] for person_id in sorted(named) if person_id in among}


def newcomers(found: Round) -> dict[UUID, str]:
    """Who came into the working group after this round was opened and is not asked, with the faction; while it is open."""
    if found.state != State.OPEN or not found.members:
        return {}
    plan = db.scalar(
        sa.select(Plan).join(PlanRound, PlanRound.plan_id == Plan.id).where(PlanRound.round_id == found.id)
    )
    group = group_of(plan) if plan else {}
    return {person_id: faction for person_id, faction in group.items() if not found.asks(person_id)}


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
    told = {
        purpose: next((item for item in asked if item.about.purpose == purpose and item.result), None)
        for purpose in (Purpose.WEIGHT, Purpose.STATEMENTS)
    }
    lines = spreads(asked, values)
    found = {}
    for value in values:
        said = []
        for item in told.values():
            # Of few answers nothing is told about one value: the sentences of the round say what holds for all.
            if item and item.result and item.result.shown and not item.result.is_few:
                said.append(_share_of(item.round, item.result, str(value.key)))
        if value.id in lines:
            said.append(lines[value.id].sentence)
        found[str(value.id)] = " ".join(filter(None, said))
    return found


def _share_of(found: Round, result: Result, key: str) -> str:
    of, summary = result.n, result.summary
    if key not in found.keys:
        is_choice = found.method != Method.STATEMENTS
        return str(_("Deze waarde was er nog niet toen de groep koos.")) if is_choice else ""
    match found.method:
        case Method.STATEMENTS:
            label = next(option.label for option in found.options if option.key == key)
            n = summary["statements"][key][statements.AGREE]
            return str(_("%(n)s van %(of)s mensen zijn het eens met ‘%(text)s’", n=n, of=of, text=label))
        case Method.CHOOSE:
            return str(_("%(n)s van %(of)s mensen kozen deze waarde.", n=summary["counts"][key], of=of))
        case Method.DOTS:
            people = summary["people"][key]
            return str(_("%(n)s van %(of)s mensen plakten hier stippen.", n=people, of=of))
        case Method.POINTS:
            given = summary["options"][key]
            median = _("Het middelste antwoord: ongeveer %(n)s van de 100 punten.", n=given["median"])
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
