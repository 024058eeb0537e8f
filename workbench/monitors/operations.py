"""Making monitors, shaping their formats, going back and forth, and publishing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.monitors import proposal
from workbench.monitors.format import CannotShape, Format, from_json, to_json
from workbench.monitors.models import Monitor, MonitorFormat, MonitorKind
from workbench.monitors.plan_facts import facts_by_plan
from workbench.monitors.proposal import Facts


def first_id(plan_id: UUID) -> UUID:
    """The id of the monitor that a plan begins with; known before it is stored."""
    return uuid5(plan_id, "monitor")


def propose_monitors() -> None:
    """Give every plan of the acting council that has values its first monitor, and let those that nobody shaped follow
    their plans.
    """
    facts = facts_by_plan()
    there = {
        monitor.plan_id: monitor
        for monitor in db.scalars(sa.select(Monitor).where(Monitor.kind == MonitorKind.COUNCIL))
    }
    for plan_id, found in facts.items():
        monitor = there.get(plan_id)
        if monitor is None and found.value_ids:
            monitor = first_monitor(plan_id)
        if monitor is not None:
            follow_plan(monitor, found)


def first_monitor(plan_id: UUID) -> Monitor:
    """The monitor of the council on a plan; made when there is none. Two at once: one waits."""
    query = sa.select(Monitor).where(Monitor.plan_id == plan_id, Monitor.kind == MonitorKind.COUNCIL)
    found = db.scalar(query)
    if found is None:
        lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:plan, 1))")
        db.execute(lock, {"plan": str(plan_id)})
        found = db.scalar(query)
    if found is None:
        found = Monitor(id=first_id(plan_id), plan_id=plan_id)
        db.add(found)
        save_card(found, {"kind": MonitorKind.COUNCIL}, by=None)
        db.flush()
    return found


def add_monitor(plan_id: UUID, title: str, kind: MonitorKind, facts: Facts, by: UUID | None) -> Monitor:
    """One more monitor of a plan, that begins with the proposal and from then on is the group's to shape."""
    monitor = Monitor(plan_id=plan_id)
    db.add(monitor)
    save_card(monitor, {"title": title, "kind": kind}, by=by)
    db.flush()
    facts = facts.for_residents() if kind is MonitorKind.PUBLIC else facts
    _add(monitor, proposal.propose(monitor.id, facts), {"what": "proposed"}, by=by)
    monitor.shaped = True
    enqueue(Job.BUILD_BLOCKS)
    return monitor


def follow_plan(monitor: Monitor, facts: Facts) -> None:
    """Propose the whole format again, unless somebody shaped it; what was there before keeps its ids."""
    if monitor.shaped or _proposed(monitor, facts) is None:
        return
    _one_at_a_time(monitor)
    if not monitor.shaped and (after := _proposed(monitor, facts)):
        _add(monitor, after, {"what": "proposed"}, by=None)


def _proposed(monitor: Monitor, facts: Facts) -> Format | None:
    """The proposal, when it is another format than the draft."""
    before = format_of(monitor, monitor.draft) if monitor.draft else None
    after = proposal.propose(monitor.id, facts, before)
    return None if after == before else after


HIGHEST_NUMBER = 2**31 - 1  # that the column holds; an address or a form may ask for any


def format_of(monitor: Monitor, number: int) -> Format:
    """The format of this number. Raises: Conflict when there is none."""
    tree = None
    if 0 < number <= HIGHEST_NUMBER:
        tree = db.scalar(
            sa.select(MonitorFormat.tree).where(
                MonitorFormat.monitor_id == monitor.id, MonitorFormat.number == number
            )
        )
    if tree is None:
        raise Conflict(_("Deze versie van de monitor is er niet. Open de bouwpagina opnieuw."))
    return from_json(tree)


def _add(monitor: Monitor, format_: Format, change: dict[str, Any], *, by: UUID | None) -> None:
    newest = sa.select(sa.func.max(MonitorFormat.number)).where(MonitorFormat.monitor_id == monitor.id)
    number = (db.scalar(newest) or 0) + 1
    db.add(
        MonitorFormat(
            monitor_id=monitor.id,
            number=number,
            follows=monitor.draft or None,
            tree=to_json(format_),
            change=change,
            made_by_id=by,
        )
    )
    monitor.draft = number
    db.flush()


# --- Shaping --------------------------------------------------------------------------------------------------------


class Overtaken(Exception):
    """Somebody else changed the same part since this edit began. `number` is where the edit began."""

    def __init__(self, monitor: Monitor, number: int, part_id: UUID) -> None:
        super().__init__("part changed by somebody else")
        self.monitor, self.number, self.part_id = monitor, number, part_id


def shape(
    monitor: Monitor,
    base: int,
    operation: Callable[[Format], Format],
    change: dict[str, Any],
    by: UUID | None,
    *,
    part_id: UUID | None = None,
) -> bool:
    """Do one thing to the draft, and keep the format that gives; False when it changed nothing.

    `base` is the number of the draft that the page showed. Somebody else's change in between is no matter, unless it
    was to the same part. Raises: Overtaken, or Conflict when it cannot be done.
    """
    _one_at_a_time(monitor)
    before = format_of(monitor, monitor.draft)
    if base != monitor.draft and part_id:
        seen = format_of(monitor, base)
        if part_of(seen, part_id) != part_of(before, part_id):
            raise Overtaken(monitor, base, part_id)
    with in_words():
        after = operation(before)
    if after == before:
        return False
    _add(monitor, after, change, by=by)
    _shaped(monitor)
    return True


@contextmanager
def in_words() -> Iterator[None]:
    """What cannot be shaped is a Conflict in the language of the reader."""
    try:
        yield
    except CannotShape as refusal:
        raise Conflict(_(refusal.text, **refusal.facts)) from None


def part_of(format_: Format, part_id: UUID) -> object:
    """What stands under this id, apart from its place; of a section without its blocks, of a figure without the voices
    that others put beside it. None: nothing.
    """
    for section in format_.sections:
        if section.id == part_id:
            return section.model_dump(exclude={"blocks"})
        for block in section.blocks:
            if block.id == part_id:
                return block.model_dump()
    return None


def undo(monitor: Monitor, base: int) -> MonitorFormat:
    """Back to the format that the draft was made from; gives the one that is undone.

    Raises: Conflict when there is none, or the draft moved since.
    """
    _where_it_was(monitor, base)
    undone = db.scalars(_formats(monitor).where(MonitorFormat.number == monitor.draft)).one()
    if undone.follows is None or not monitor.shaped:
        raise Conflict(_("Er is niets om ongedaan te maken."))
    monitor.draft = undone.follows
    _shaped(monitor)
    return undone


def redo(monitor: Monitor, base: int) -> MonitorFormat:
    """Forward again to the newest format that was made from this one. Raises: Conflict."""
    _where_it_was(monitor, base)
    again = db.scalar(
        _formats(monitor)
        .where(MonitorFormat.follows == monitor.draft)
        .order_by(MonitorFormat.number.desc())
        .limit(1)
    )
    if again is None:
        raise Conflict(_("Er is niets om opnieuw te doen."))
    monitor.draft = again.number
    _shaped(monitor)
    return again


def publish(monitor: Monitor, base: int, by: UUID | None) -> None:
    """What is drafted now is what readers see from now on. Raises: Conflict."""
    _where_it_was(monitor, base)
    if monitor.published == monitor.draft:
        raise Conflict(_("Deze versie is al gepubliceerd."))
    monitor.published, monitor.published_at, monitor.published_by_id = monitor.draft, datetime.now(UTC), by
    db.flush()
    audit.record("monitor_published", monitor, format=monitor.draft)
    enqueue(Job.BUILD_BLOCKS)


def _formats(monitor: Monitor) -> sa.Select[MonitorFormat]:
    return sa.select(MonitorFormat).where(MonitorFormat.monitor_id == monitor.id)


def _one_at_a_time(monitor: Monitor) -> None:
    """Two people at once: one waits."""
    db.refresh(monitor, attribute_names=["draft", "published", "shaped"], with_for_update=True)


def _where_it_was(monitor: Monitor, base: int) -> None:
    _one_at_a_time(monitor)
    if monitor.draft != base:
        raise Conflict(
            _(
                "Een collega heeft de monitor intussen veranderd. Kijk eerst wat er nu staat; er is niets kwijt."
            )
        )


def _shaped(monitor: Monitor) -> None:
    monitor.shaped = True
    db.flush()
    audit.record("monitor_shaped", monitor, format=monitor.draft)
    enqueue(Job.BUILD_BLOCKS)
