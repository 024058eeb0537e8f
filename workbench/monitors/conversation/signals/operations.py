"""Looking at figures that were built anew, and asking about what gives cause to."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import joinedload

from workbench.core import audit
from workbench.core.db import db
from workbench.core.language import AMSTERDAM, Language
from workbench.evidence.measuring.models import Measuring, Side
from workbench.evidence.models import Link
from workbench.figures.targets import Limit
from workbench.indicators import queries as catalogue
from workbench.indicators.catalogue import Direction
from workbench.indicators.models import Area, Indicator
from workbench.indicators.periods import parse_period
from workbench.monitors.conversation import operations, queries
from workbench.monitors.conversation.models import FigureQuestion, Kind
from workbench.monitors.conversation.queries import About
from workbench.monitors.conversation.signals.models import FigureSignal, FigureWatch, SignalChoice
from workbench.monitors.conversation.signals.rules import Cause, Reading, Seen, Signal, seen, signals
from workbench.monitors.conversation.signals.words import Measured, question
from workbench.monitors.models import BlockDocument, Monitor, MonitorKind
from workbench.uploads.queries import line_of
from workbench.vision.models import Goal, Plan, PlanStatus

log = structlog.get_logger()
DUTCH = Language("nl")  # as people write the other questions
ENGLISH = Language("en")


def raise_signals(now: datetime | None = None) -> int:
    """Look at every figure that was built since the last look, and ask about what is new; gives how many questions.

    For the acting council, one job at a time; building figures goes on meanwhile, and another look comes after it. Doing
    it twice asks nothing twice.
    """
    now = now or datetime.now(UTC)
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:council, 4))"),
        {"council": str(db.info["council_id"])},
    )
    area = catalogue.own_area()
    built = _built_since()
    if area is None or not built:
        return 0
    choice = find_choice()
    watched = {watch.link_id: watch for watch in db.scalars(sa.select(FigureWatch))}
    count = 0
    for link in _links(built):
        blocks, built_at = built[link.id]
        shown = (found for block in blocks if (found := queries.figure(block)) and found.contents)
        about = next(shown, None)
        if about is None:
            continue  # nobody sees it yet
        watch = watched.get(link.id)
        before = None
        if watch is not None and watch.area_id == area.id:
            before = {period: Seen.of(kept) for period, kept in watch.seen.items()}
        line = _line(link, area, now.astimezone(AMSTERDAM).date())
        for signal in signals(before, line, _limit(link.measuring), choice.wanted):
            count += _ask(signal, link, about, choice.owner_id, now)
        if watch is None:
            watch = FigureWatch(link_id=link.id)
            db.add(watch)
        watch.area_id, watch.built_at = area.id, built_at
        watch.seen = {period: kept.as_json() for period, kept in seen(before, line).items()}
    db.flush()
    if count:
        log.info("signals_raised", count=count)
    return count


def _built_since() -> dict[UUID, tuple[list[UUID], datetime]]:
    """Link -> its blocks, those of the council's monitor first, and when the newest was built; only if unseen."""
    rows = db.execute(
        sa.select(BlockDocument.link_id, BlockDocument.block_id, sa.func.max(BlockDocument.built_at))
        .join(Monitor, Monitor.id == BlockDocument.monitor_id)
        .outerjoin(FigureWatch, FigureWatch.link_id == BlockDocument.link_id)
        .where(sa.or_(FigureWatch.id.is_(None), BlockDocument.built_at > FigureWatch.built_at))
        .group_by(BlockDocument.link_id, BlockDocument.block_id, Monitor.kind)
        .order_by(Monitor.kind != MonitorKind.COUNCIL, BlockDocument.block_id)
    )
    found: dict[UUID, tuple[list[UUID], datetime]] = {}
    for link_id, block_id, built_at in rows:
        blocks, newest = found.get(link_id, ([], built_at))
        found[link_id] = ([*blocks, block_id], max(newest, built_at))
    return found


def _links(ids: Iterable[UUID]) -> list[Link]:
    """In view, of plans that still count."""
    return list(
        db.scalars(
            sa.select(Link)
            .join(Goal, Goal.id == Link.goal_id)
            .join(Plan, Plan.id == Goal.plan_id)
            .where(Link.id.in_(ids), Link.rests_until.is_(None), Plan.status != PlanStatus.ARCHIVED)
            .options(
                joinedload(Link.indicator).selectinload(Indicator.series),
                joinedload(Link.own_indicator),
                joinedload(Link.measuring),
            )
            .order_by(Link.created_at, Link.id)
        )
    )


def _line(link: Link, area: Area, day: date) -> list[Reading]:
    """Our own figures as they stand: what the guard of small numbers hides has no value here either."""
    if link.own_indicator_id and link.own_indicator:
        own = line_of(link.own_indicator, area.code) if link.own_indicator.withdrawn_at is None else []
        return [
            Reading(
                row.period,
                parse_period(row.period).label(DUTCH),
                None if row.guarded else row.value,
                row.status.value,
                "suppressed" if row.guarded else row.missing.value if row.missing else None,
                row.loaded_from.astimezone(AMSTERDAM).date(),
            )
            for row, _before in own
        ]
    if link.indicator is None or not link.indicator.series:
        return []
    found = []
    for item in catalogue.figures_of(link.indicator, area):
        if item.missing != "impossible":
            moment = item.revised_at or item.series.fetched_at
            since = moment.astimezone(AMSTERDAM).date() if moment else day
            label = item.period.label(DUTCH)
            found.append(Reading(item.period.code, label, item.value, item.status, item.missing, since))
    return found


def _limit(measuring: Measuring | None) -> Limit | None:
    if measuring is None or measuring.signal_limit is None or measuring.signal_side is None:
        return None
    return Limit(measuring.signal_limit, "above" if measuring.signal_side is Side.ABOVE else "below")


def _ask(signal: Signal, link: Link, about: About, chosen: UUID | None, now: datetime) -> int:
    """Ask it, unless it was asked before; gives how many questions were asked."""
    cause, period, day = signal.key
    there = sa.select(FigureSignal.id).where(
        FigureSignal.link_id == link.id,
        FigureSignal.cause == cause,
        FigureSignal.period == period,
        FigureSignal.day == day,
    )
    if db.scalar(there):
        return 0
    has_direction = link.measuring is not None and link.measuring.direction is not Direction.CONTEXT
    figure = Measured(link.subject.unit, link.subject.decimals, has_direction)
    made = operations.signal(
        about,
        question(signal, figure, DUTCH),
        question(signal, figure, ENGLISH),
        _owner(about, chosen),
        period=signal.reading.label,
        at=now,
    )
    db.add(FigureSignal(link_id=link.id, question_id=made.id, cause=Cause(cause), period=period, day=day))
    db.flush()
    return 1


def _owner(about: About, chosen: UUID | None) -> UUID | None:
    """Who explained this figure last, else who was chosen for all, if they still may answer; None: the working group."""
    members = queries.owners(db.get_one(Plan, about.plan_id), about.steps)
    may_answer = {member.person_id for member in members}
    last = db.scalar(
        sa.select(FigureQuestion.owner_id)
        .where(
            FigureQuestion.link_id == about.link_id,
            FigureQuestion.kind == Kind.QUESTION,
            FigureQuestion.owner_id.in_(may_answer),
        )
        .order_by(FigureQuestion.asked_at.desc())
        .limit(1)
    )
    return last or (chosen if chosen in may_answer else None)


def find_choice() -> SignalChoice:
    """What the council chose; all signals, for the working group, as long as it chose nothing."""
    return db.scalar(sa.select(SignalChoice)) or SignalChoice(switched_off=[])


def choose(wanted: Iterable[Cause], owner_id: UUID | None, by: UUID | None) -> None:
    """From now on these signals; questions that were asked stay. Two clerks at once: the last one counts."""
    lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:council, 3))")
    db.execute(lock, {"council": str(db.info["council_id"])})
    choice = find_choice()
    choice.switched_off = sorted({cause.value for cause in Cause} - {cause.value for cause in wanted})
    choice.owner_id, choice.changed_at = owner_id, datetime.now(UTC)
    db.add(choice)
    audit.record("signals_chosen", choice, by=by)
