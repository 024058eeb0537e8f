"""Reading publications: those of one's own council, and as a visitor what stands open today."""

import json
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from workbench.accounts.models import Council, Membership
from workbench.core.db import db
from workbench.core.tenancy import open_door, published_door
from workbench.indicators import queries as catalogue
from workbench.indicators.models import Area
from workbench.knowledge.calendar.models import today
from workbench.monitors import views
from workbench.monitors.contents import MonitorWords
from workbench.monitors.format import Format, from_json
from workbench.monitors.models import BlockDocument, Monitor, MonitorFormat, MonitorKind
from workbench.monitors.publishing.choosing import without
from workbench.monitors.publishing.models import (
    Publication,
    PublicationChart,
    PublicationPage,
    PublicationPicture,
    PublicationSettings,
)
from workbench.monitors.queries import Shown
from workbench.monitors.read_out import monitor_in_words
from workbench.monitors.voices import Voice
from workbench.stories.kept.visibility import Audience
from workbench.uploads.models import OwnIndicator
from workbench.vision.models import Plan

FOR_RESIDENTS = (MonitorKind.PUBLIC, MonitorKind.COUNCIL)

# --- Of one's own council -------------------------------------------------------------------------------------------


def settings_of_council() -> PublicationSettings:
    """As they were kept; a council that kept none has the plain ones."""
    return db.scalar(sa.select(PublicationSettings)) or PublicationSettings()


@dataclass(frozen=True)
class Own:
    """What the council has for residents: in the making of each monitor, standing (also when its first day has still to come), and what
    of that is read in one language.
    """

    settings: PublicationSettings
    drafts: list[Publication]
    standing: Publication | None
    page: MonitorWords | None
    has_picture: bool

    def draft_of(self, monitor_id: UUID) -> Publication | None:
        return next((draft for draft in self.drafts if draft.monitor_id == monitor_id), None)


def own(council: Council, language: str) -> Own:
    """In one query."""
    rows = db.execute(
        sa.select(PublicationSettings, Publication, PublicationPage.content, PublicationPicture.id)
        .select_from(Council)
        .outerjoin(PublicationSettings, PublicationSettings.council_id == Council.id)
        .outerjoin(
            Publication, sa.and_(Publication.council_id == Council.id, Publication.revoked_at.is_(None))
        )
        .outerjoin(PublicationPage, _in(PublicationPage, language))
        .outerjoin(PublicationPicture, _in(PublicationPicture, language))
        .where(Council.id == council.id)
    ).all()
    kept = [row for row in rows if row[1] is not None]
    drafts = [row[1] for row in kept if row[1].published_at is None]
    standing = next((row for row in kept if row[1].published_at is not None), None)
    return Own(
        rows[0][0] or PublicationSettings(),
        drafts,
        standing[1] if standing else None,
        MonitorWords.model_validate(standing[2]) if standing else None,
        bool(standing and standing[3]),
    )


def _in(part: type[PublicationPage] | type[PublicationPicture], language: str) -> sa.ColumnElement[bool]:
    return sa.and_(part.publication_id == Publication.id, part.language == language)


def monitors_for_residents() -> list[tuple[Monitor, Plan]]:
    """The monitors that could go to residents, those made for them first."""
    rows = db.execute(
        sa.select(Monitor, Plan)
        .join(Plan, Plan.id == Monitor.plan_id)
        .where(Monitor.kind.in_(FOR_RESIDENTS))
        .order_by(Monitor.kind == MonitorKind.COUNCIL, Monitor.created_at.desc(), Monitor.id)
    )
    return [(monitor, plan) for monitor, plan in rows]


@dataclass(frozen=True)
class Source:
    """A monitor that goes to residents: what is published of it. `shown` is empty while nothing is."""

    monitor: Monitor
    plan: Plan
    shown: Shown


def source(monitor_id: UUID) -> Source | None:
    """In one query; None: there is no such monitor."""
    row = (
        db.execute(
            sa.select(Monitor, Plan, sa.cast(MonitorFormat.tree, sa.Text), Area)
            .join(Plan, Plan.id == Monitor.plan_id)
            .outerjoin(
                MonitorFormat,
                sa.and_(MonitorFormat.monitor_id == Monitor.id, MonitorFormat.number == Monitor.published),
            )
            .outerjoin(Area, Area.id == catalogue.own_area_id())
            .options(joinedload(Plan.steps))
            .where(Monitor.id == monitor_id, Monitor.kind.in_(FOR_RESIDENTS))
        )
        .unique()
        .one_or_none()
    )
    if row is None:
        return None
    monitor, plan, tree, area = row
    shown = Shown(monitor, monitor.published or 0, from_json(json.loads(tree)) if tree else Format(), area)
    return Source(monitor, plan, shown)


@dataclass(frozen=True)
class Told:
    """A whole monitor in words; `closed`: blocks with an own figure or a voice that is not everybody's; `own`: block id ->
    own indicator id; `voices`: block id -> what is said there, as everyone may hear it.
    """

    words: MonitorWords
    closed: set[UUID]
    own: dict[str, str]
    voices: dict[UUID, tuple[Voice, ...]]


def told(of: Source, council: Council, reader: Membership, language: str) -> Told:
    """What is published of a monitor, as it is today, in the language of this request."""
    found = views.monitor_view(of.plan, of.shown, language, reader, with_content=False, who=Audience.PUBLIC)
    voices = {
        item.block.id: item.voices for section in found.sections for item in section.items if item.voices
    }
    own_figures = {
        view.block_id: view.link.own_indicator
        for view in found.figures
        if view.block_id and view.link.own_indicator_id and view.link.own_indicator
    }
    return Told(
        monitor_in_words(of.plan, found, council, reader, language),
        {block_id for block_id, figure in own_figures.items() if figure.published_at is None}
        | {block_id for block_id, said in voices.items() if not all(voice.is_heard for voice in said)},
        {str(block_id): str(figure.id) for block_id, figure in own_figures.items()},
        voices,
    )


def charts_of(words: dict[str, MonitorWords]) -> list[tuple[UUID, str, str, bytes]]:
    """(block, language, version, chart) of the figures in these words, by language; in one query."""
    wanted = {
        (figure.id, language, figure.version)
        for language, monitor in words.items()
        for figure in monitor.figures
        if figure.version
    }
    rows = db.execute(
        sa.select(
            BlockDocument.block_id, BlockDocument.language, BlockDocument.version, BlockDocument.chart
        ).where(
            BlockDocument.block_id.in_({block_id for block_id, _language, _version in wanted}),
            BlockDocument.chart.is_not(None),
        )
    )
    return [
        (block_id, language, version, chart)
        for block_id, language, version, chart in rows
        if (block_id, language, version) in wanted and chart is not None
    ]


# --- As a visitor ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """What a visitor reads of a council today."""

    council: Council
    publication: Publication
    words: MonitorWords
    settings: PublicationSettings
    has_picture: bool

    @property
    def is_quiet(self) -> bool:
        return self.settings.is_quiet(today())


def open_to_all(slug: str | None, language: str) -> Open | None:
    """In two queries, three when own figures are shown. PostgreSQL shows nothing else: see migration 0035."""
    council = _at_the_door(slug)
    if council is None:
        return None
    row = db.execute(
        sa.select(Publication, PublicationPage.content, PublicationSettings, PublicationPicture.id)
        .join(PublicationPage, PublicationPage.publication_id == Publication.id)
        .outerjoin(PublicationSettings, PublicationSettings.council_id == Publication.council_id)
        .outerjoin(PublicationPicture, _in(PublicationPicture, language))
        .where(Publication.council_id == council.id, PublicationPage.language == language)
    ).one_or_none()
    if row is None:
        return None
    publication, content, settings, picture = row
    words = without(MonitorWords.model_validate(content), _taken_back(publication.own_figures))
    return Open(council, publication, words, settings or PublicationSettings(), picture is not None)


def _at_the_door(slug: str | None) -> Council | None:
    council = db.scalar(sa.select(Council).where(Council.slug == slug)) if slug else None
    if council is not None:
        open_door(db, published_door(council.id))
    return council


def _taken_back(own_figures: dict[str, str]) -> set[UUID]:
    """Blocks with an own figure that the officer took back from everybody since."""
    if not own_figures:
        return set()
    wanted = {UUID(figure_id) for figure_id in own_figures.values()}
    still = set(
        db.scalars(
            sa.select(OwnIndicator.id).where(
                OwnIndicator.id.in_(wanted), OwnIndicator.published_at.is_not(None)
            )
        )
    )
    return {UUID(block_id) for block_id, figure_id in own_figures.items() if UUID(figure_id) not in still}


def open_chart(slug: str | None, block_id: UUID, language: str) -> PublicationChart | None:
    """The chart of a figure that a visitor may read today."""
    council = _at_the_door(slug)
    if council is None:
        return None
    row = db.execute(
        sa.select(PublicationChart, Publication.own_figures)
        .join(Publication, Publication.id == PublicationChart.publication_id)
        .where(
            Publication.council_id == council.id,
            PublicationChart.block_id == block_id,
            PublicationChart.language == language,
        )
    ).one_or_none()
    if row is None or block_id in _taken_back(row[1]):
        return None
    return row[0]


def open_picture(slug: str | None, language: str) -> bytes | None:
    council = _at_the_door(slug)
    if council is None:
        return None
    return db.scalar(
        sa.select(PublicationPicture.png)
        .join(Publication, Publication.id == PublicationPicture.publication_id)
        .where(Publication.council_id == council.id, PublicationPicture.language == language)
    )
