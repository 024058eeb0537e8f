"""Cards that go into a plan, cards that may be kept, results that go to another council, and forgetting."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.accounts.operations import shut_doors
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import AMSTERDAM
from workbench.core.tenancy import open_door
from workbench.evidence.asking import operations as asking
from workbench.rounds.models import Round
from workbench.rounds.models import State as RoundState
from workbench.rounds.operations import close_round
from workbench.stories.kept.codes import new_code, read_code
from workbench.vision import operations as vision
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.steps import EVIDENCE, GOALS, VALUES, QuestionKind
from workbench.workshops.harvest import queries
from workbench.workshops.harvest.outcomes import Outcome, for_council, silent
from workbench.workshops.harvest.queries import Becomes
from workbench.workshops.models import (
    Activity,
    Attendee,
    Contribution,
    Handover,
    Harvest,
    ReceivedReport,
    SignUp,
    State,
    Workshop,
)

Origin = Workshop | ReceivedReport

# --- Into a plan ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Destination:
    """What a card becomes, and under what: a value, a goal, or the number of a step."""

    becomes: Becomes
    under: Value | Goal | int | None = None

    @property
    def step(self) -> int:
        """Which step of the plan it is part of: that one must have begun."""
        if isinstance(self.under, int):
            return self.under
        return {Becomes.VALUE: VALUES, Becomes.GOAL: GOALS}.get(self.becomes, EVIDENCE)


@dataclass(frozen=True)
class Chosen:
    """A card with the text with which it goes."""

    source: str
    activity_id: UUID
    text: str
    to: Destination


def harvest(origin: Origin, plan: Plan, chosen: Iterable[Chosen], by: UUID | None) -> tuple[int, list[str]]:
    """Put cards into a plan, as drafts. How many went, and the texts of those that were there already.

    The rules of the plan are the caller's: see vision.queries.plan_at_work for each step.
    """
    _lock(origin)
    before = {item.source: item for item in queries.rows_of(origin)}
    there = queries.still_there(list(before.values()))
    went, stood = 0, []
    for card in chosen:
        earlier = before.get(card.source)
        if earlier is not None and earlier.object_id in there:
            stood.append(card.text)
            continue
        if earlier is not None:  # it was removed from the plan, so it may go again
            db.delete(earlier)
            db.flush()
        of_workshop = isinstance(origin, Workshop)
        made = Harvest(
            workshop_id=origin.id if of_workshop else None,
            received_report_id=None if of_workshop else origin.id,
            activity_id=card.activity_id if of_workshop else None,
            source=card.source,
            kind=card.to.becomes,
            object_id=_add(plan, card, by),
            harvested_by_id=by,
        )
        db.add(made)
        audit.record("workshop_card_harvested", made, by=by, kind=str(card.to.becomes))
        went += 1
    db.flush()
    return went, stood


def _lock(origin: Origin) -> None:
    """Two people at once: one waits."""
    model = type(origin)
    db.execute(sa.select(model.id).where(model.id == origin.id).with_for_update())


def _add(plan: Plan, card: Chosen, by: UUID | None) -> UUID:
    """What the plan gets; nothing of who said it."""
    match card.to:
        case Destination(Becomes.VALUE):
            name, explanation = name_and_explanation(card.text)
            return vision.add_value(plan, by, name=name, own_words=explanation, counter_value="").id
        case Destination(Becomes.GOAL, Value() as value):
            return vision.add_goal(plan, by, values=[value], sentence=card.text).id
        case Destination(Becomes.QUESTION, Goal() as goal):
            return asking.ask(goal, by, text=card.text).id
        case Destination(Becomes.REQUEST, Goal() as goal):
            return asking.request_data(goal, by, wanted=card.text, from_whom=str(_("de griffie"))).id
        case Destination(Becomes.STEP_QUESTION, int() as number):
            content = {"text": card.text, "help": "", "example": "", "kind": QuestionKind.LONG}
            return vision.add_question(plan, number, content).id
    raise ValueError(card.to.becomes)


def name_and_explanation(text: str) -> tuple[str, str]:
    """The first line of a card names the value; the others, or else the same line, say what is meant."""
    name, _newline, rest = text.partition("\n")
    return name.strip(), rest.strip() or name.strip()


# --- What may be kept -----------------------------------------------------------------------------------------------


def let_go(workshop: Workshop, card_ids: Iterable[UUID], *, may_stay: bool) -> int:
    """Say of cards that they may be kept and shared, or take that back; of how many that changed something."""
    of_workshop = sa.select(Activity.id).where(Activity.workshop_id == workshop.id)
    changed = db.execute(
        sa.update(Contribution)
        .where(
            Contribution.id.in_(card_ids),
            Contribution.activity_id.in_(of_workshop),
            Contribution.shared_at.is_(None) if may_stay else Contribution.shared_at.is_not(None),
        )
        .values(shared_at=datetime.now(UTC) if may_stay else None)
        .returning(Contribution.id)
    ).all()
    if changed:
        audit.record(f"workshop_cards_{'kept' if may_stay else 'not_kept'}", workshop, count=len(changed))
    return len(changed)


# --- To another council ---------------------------------------------------------------------------------------------


def hand_over(workshop: Workshop, council: str, found: Outcome) -> str:
    """Make the results ready for one of the councils that came; gives the code, which is kept nowhere.

    An earlier code for it is worth nothing from now on. Raises: Conflict.
    """
    if workshop.state is not State.ENDED:
        raise Conflict(_("Sluit de sessie eerst af. Dan staan de uitkomsten vast en kunt u ze meegeven."))
    if council not in workshop.councils:
        raise Conflict(_("Kies een gemeente die bij deze sessie was."))
    for earlier in queries.handovers(workshop):
        if earlier.for_council == council and earlier.is_open:
            _revoke(earlier)
    code = new_code()
    content = for_council(found, council).model_dump(mode="json")
    made = Handover(workshop_id=workshop.id, token_hash=_hash(code), for_council=council, content=content)
    db.add(made)
    audit.record("workshop_results_offered", made)
    return code


def revoke(found: Handover) -> None:
    """Raises: Conflict when it was taken, revoked or worn out already."""
    if not found.is_open:
        raise Conflict(_("Deze code is al gebruikt, ingetrokken of verlopen."))
    _revoke(found)


def _revoke(found: Handover) -> None:
    found.revoked_at, found.content = datetime.now(UTC), {}
    audit.record("workshop_results_revoked", found)


def take(typed: str, by: UUID | None) -> ReceivedReport | None:
    """Take what lies behind this code into the acting council; None when the code is worth nothing here."""
    code = read_code(typed)
    if code is None:
        return None
    open_door(db, _hash(code))
    row = db.execute(sa.text("SELECT content FROM take_handover()")).one_or_none()
    if row is None:
        return None
    found = Outcome.model_validate(row.content)
    report = ReceivedReport(
        title=found.title, from_name=found.by, held_on=found.held_on, content=row.content, received_by_id=by
    )
    db.add(report)
    db.flush()
    audit.record("workshop_results_received", report, by=by)
    return report


def discard(report: ReceivedReport) -> None:
    """Remove what was received; cards that went into a plan stay there, and no longer say where they came from."""
    _lock(report)
    audit.record("workshop_results_discarded", report)
    db.execute(sa.delete(Harvest).where(Harvest.received_report_id == report.id))
    db.delete(report)


def _hash(code: str) -> str:
    return hashlib.sha256(f"uitkomsten {code}".encode()).hexdigest()


# --- Forgetting -----------------------------------------------------------------------------------------------------


def forget_what_is_over(today: date) -> int:
    """Forget every workshop of the acting council whose time has come; how many there were."""
    _erase_unheld(today)
    due = [item for item in _not_forgotten() if _last_day(item) <= today]
    for workshop in due:
        forget(workshop, today)
    return len(due)


def _not_forgotten() -> list[Workshop]:
    """Workshops that people could join."""
    begun = Workshop.state.in_((State.RUNNING, State.ENDED))
    return list(db.scalars(sa.select(Workshop).where(begun, Workshop.forgotten_at.is_(None))))


def _last_day(workshop: Workshop) -> date:
    """When it is to be forgotten; one that nobody ended, as if it had ended on the day that it began."""
    return workshop.forget_on or queries.held_on(workshop) + timedelta(days=workshop.keeps_days)


def _erase_unheld(today: date) -> None:
    """Who signed up for a workshop that was never held."""
    never = sa.select(Workshop).where(Workshop.state.in_((State.DRAFT, State.ANNOUNCED)))
    for workshop in db.scalars(never):
        if workshop.starts_at.astimezone(AMSTERDAM).date() + timedelta(days=workshop.keeps_days) <= today:
            _erase(SignUp, SignUp.workshop_id == workshop.id)


def forget(workshop: Workshop, today: date) -> None:
    """Erase who took part and what may not be kept; the numbers, the report and what is in a plan stay."""
    workshop = queries.workshop_or_404(workshop.id)
    workshop.summary = queries.summary_of(queries.outcome_of(workshop))
    if workshop.state is State.RUNNING:
        workshop.state, workshop.ended_at = State.ENDED, datetime.now(UTC)
    workshop.code, workshop.forget_on = None, workshop.forget_on or today
    shut_doors(workshop.id)
    db.flush()
    activities = sa.select(Activity.id).where(Activity.workshop_id == workshop.id)
    mine = Contribution.activity_id.in_(activities)
    gone = sa.or_(
        Contribution.shared_at.is_(None),
        Contribution.hidden_at.is_not(None),
        Contribution.withdrawn_at.is_not(None),
    )
    cards = _erase(Contribution, mine, gone)
    # What may stay does not say any more from whom it came, nor when.
    db.execute(
        sa.update(Contribution)
        .where(mine)
        .values(attendee_id=None, saved_at=workshop.ended_at or workshop.starts_at)
    )
    people = _erase(Attendee, Attendee.workshop_id == workshop.id)
    sign_ups = _erase(SignUp, SignUp.workshop_id == workshop.id)
    voters = sum(_forget_round(item.round_id) for item in workshop.activities if item.round_id)
    for item in workshop.activities:
        item.note = ""  # what who led wrote down may be about people
    for handover in queries.handovers(workshop):
        handover.content = {}
        handover.revoked_at = handover.revoked_at or (datetime.now(UTC) if handover.is_open else None)
    workshop.forgotten_at = datetime.now(UTC)
    audit.record("workshop_forgotten", workshop, people=people, cards=cards, sign_ups=sign_ups, voters=voters)


def _erase(model: type[Attendee] | type[Contribution] | type[SignUp], *which: sa.ColumnElement[bool]) -> int:
    return len(db.execute(sa.delete(model).where(*which).returning(model.id)).all())


def _forget_round(round_id: UUID) -> int:
    """Cut its ballots loose from devices and of the words beside them; PostgreSQL lets nobody do that but this function."""
    found = db.get_one(Round, round_id)
    if found.state is RoundState.OPEN:
        close_round(found)
    if found.result is not None:
        found.result = silent(found.result)
    return db.scalar(sa.text("SELECT forget_voters(:id)"), {"id": round_id}) or 0
