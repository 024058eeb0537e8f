"""Where a story is quoted, telling its narrator so, and clearing what is kept of its quotes when it goes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from workbench.core.db import db
from workbench.core.language import AMSTERDAM
from workbench.knowledge.calendar.models import today
from workbench.monitors.adopting.document import STUB
from workbench.monitors.adopting.models import AdoptedPart, AdoptedVersion
from workbench.monitors.format import TOLD, from_json
from workbench.monitors.models import Monitor, MonitorFormat
from workbench.monitors.publishing.models import Publication
from workbench.stories.kept import queries as kept
from workbench.stories.kept.models import Excerpt, Story
from workbench.stories.kept.visibility import Audience
from workbench.stories.narrator.news import Line
from workbench.vision.models import Plan


class Where(StrEnum):
    MONITOR = "monitor"  # that the council works with
    ADOPTED = "adopted"  # a version that the council adopted
    RESIDENTS = "residents"  # what stands open to everyone


_SAID = {
    Where.MONITOR: _("Een stukje van uw verhaal staat in de monitor ‘%(title)s’ van de gemeenteraad."),
    Where.ADOPTED: _(
        "De gemeenteraad heeft de monitor ‘%(title)s’ vastgesteld, versie %(edition)s. Een stukje van uw verhaal staat erin."
    ),
    Where.RESIDENTS: _("Een stukje van uw verhaal staat in de monitor ‘%(title)s’ die iedereen kan lezen."),
}


@dataclass(frozen=True)
class Quoted:
    """One place that quotes a story. `edition`: of an adopted version; `since`: when it began, as far as known."""

    where: Where
    title: str
    plan_id: UUID
    monitor_id: UUID | None = None
    edition: str = ""
    since: date | None = None


def quoted_in(story_id: UUID) -> list[Quoted]:
    """Where a story is quoted now: for who tells its narrator what was done with it. Empty once it is gone."""
    excerpt_ids = set(db.scalars(sa.select(Excerpt.id).where(Excerpt.story_id == story_id)))
    if not excerpt_ids:
        return []
    return [*_in_monitors(excerpt_ids), *_in_adopted(excerpt_ids)]


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(AMSTERDAM).date() if moment else None


def news_for_narrator(story: Story) -> list[Line]:
    """Where the story is quoted, as its narrator reads it."""
    return [
        Line(str(_SAID[place.where]) % {"title": place.title, "edition": place.edition}, place.since)
        for place in quoted_in(story.id)
    ]


def _in_monitors(excerpt_ids: Collection[UUID]) -> list[Quoted]:
    """What is published to readers; of that what goes to residents."""
    rows = db.execute(
        sa.select(Monitor, Plan.title, MonitorFormat.tree, Publication)
        .join(Plan, Plan.id == Monitor.plan_id)
        .join(
            MonitorFormat,
            sa.and_(MonitorFormat.monitor_id == Monitor.id, MonitorFormat.number == Monitor.published),
        )
        .outerjoin(
            Publication,
            sa.and_(
                Publication.monitor_id == Monitor.id,
                Publication.published_at.is_not(None),
                Publication.revoked_at.is_(None),
            ),
        )
        .order_by(Monitor.created_at, Monitor.id)
    )
    found = []
    for monitor, title, tree, publication in rows:
        blocks = {
            block.id
            for section in from_json(tree).sections
            for block in section.blocks
            if isinstance(block, TOLD) and not block.hidden and not section.hidden
            if not set(excerpt_ids).isdisjoint(block.excerpt_ids)
        }
        name = monitor.title or title
        if blocks:
            since = _day(monitor.published_at)
            found.append(Quoted(Where.MONITOR, name, monitor.plan_id, monitor.id, since=since))
        if publication is not None and publication.is_open(today()) and blocks & set(publication.ticked):
            since = _day(publication.published_at)
            found.append(Quoted(Where.RESIDENTS, name, monitor.plan_id, monitor.id, since=since))
    return found


def _in_adopted(excerpt_ids: Collection[UUID]) -> list[Quoted]:
    rows = db.execute(
        sa.select(AdoptedVersion, Plan.title)
        .join(Plan, Plan.id == AdoptedVersion.plan_id)
        .where(
            sa.exists().where(
                AdoptedPart.version_id == AdoptedVersion.id, AdoptedPart.about_id.in_(excerpt_ids)
            )
        )
        .order_by(AdoptedVersion.frozen_at)
    )
    return [
        Quoted(Where.ADOPTED, title, version.plan_id, edition=version.edition, since=version.adopted_on)
        for version, title in rows
    ]


# --- Clearing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToClear:
    """`gone`: excerpts that are no more; `unheard`: these, and those that the council may not read any more."""

    council_id: UUID
    gone: list[UUID]
    unheard: list[UUID]


def to_clear(story_id: UUID) -> ToClear:
    """What is to be cleared away for a story, in whatever state."""
    story = db.get_one(Story, story_id, populate_existing=True)
    left = list(db.scalars(sa.select(Excerpt.id).where(Excerpt.story_id == story_id)))
    heard = kept.quoted(left, Audience.COUNCIL, today())
    unheard = [excerpt_id for excerpt_id in left if excerpt_id not in heard]
    return ToClear(story.council_id, list(story.gone), [*story.gone, *unheard])


def withdraw_parts(excerpt_ids: Collection[UUID]) -> int:
    """Put the stub in the place of every adopted part about one of these, as role `platform`; gives how many.

    The hash stays: it tells what was adopted, and the other parts still fit theirs.
    """
    found = db.execute(
        sa.update(AdoptedPart)
        .where(AdoptedPart.about_id.in_(excerpt_ids), AdoptedPart.withdrawn_at.is_(None))
        .values(content=STUB, withdrawn_at=datetime.now(UTC))
    )
    return int(found.rowcount)  # type: ignore[attr-defined]
