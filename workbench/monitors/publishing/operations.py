"""Choosing what residents may read, publishing exactly that, keeping it up to date, and revoking it at once."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.accounts.models import Council, Membership
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.core.language import LANGUAGES, Language
from workbench.core.text import current_language, speaking
from workbench.knowledge.calendar.models import today
from workbench.monitors.contents import MonitorWords, to_json
from workbench.monitors.publishing import queries
from workbench.monitors.publishing.choosing import News, chosen, news, offered, seen
from workbench.monitors.publishing.models import (
    Publication,
    PublicationChart,
    PublicationPage,
    PublicationSettings,
)
from workbench.monitors.publishing.queries import Source, Told


def _one_at_a_time() -> None:
    """Two clerks at once: one waits."""
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"publication {db.info['council_id']}"},
    )


def check_published(of: Source) -> None:
    """Raises: Conflict while the working group has nothing published of this monitor."""
    if of.monitor.published is None:
        raise Conflict(
            _("Deze monitor is nog niet gepubliceerd voor de raad. Doe dat eerst, op de bouwpagina.")
        )


def tick(of: Source, found: Told, wanted: Iterable[UUID], by: UUID | None) -> Publication:
    """Keep what was ticked, to look at before it is published; it replaces the draft there was of this
    monitor. Raises: Conflict.
    """
    _one_at_a_time()
    may = {
        choice.id
        for offer in offered(found.words, found.closed)
        for choice in offer.choices
        if not choice.is_closed
    }
    ticked = [id_ for id_ in dict.fromkeys(wanted) if id_ in may]
    if not ticked:
        raise Conflict(_("Er staat nog nergens een vinkje. Kies wat inwoners mogen lezen."))
    is_draft = Publication.monitor_id == of.monitor.id, Publication.published_at.is_(None)
    draft = db.scalar(sa.select(Publication).where(*is_draft))
    if draft is None:
        draft = Publication(monitor_id=of.monitor.id)
        db.add(draft)
    draft.ticked, draft.made_by_id = ticked, by
    draft.made_at, draft.own_figures = datetime.now(UTC), {}
    db.flush()
    return draft


def for_residents(publication: Publication, found: Told) -> MonitorWords:
    """What of this a resident would read."""
    return chosen(found.words, set(publication.ticked) - found.closed)


def check_not_quiet(settings: PublicationSettings) -> None:
    """Raises: Conflict in the quiet weeks before elections, with until when."""
    if settings.quiet_until and settings.is_quiet(today()):
        raise Conflict(
            _(
                "Het is nu de stille tijd voor de verkiezingen. Tot en met %(day)s plaatst u hier niets nieuws. "
                "Intrekken kan altijd.",
                day=current_language().date(settings.quiet_until),
            )
        )


def publish(
    of: Source, council: Council, reader: Membership, *, looked_at: str, starts_on: date, ends_on: date | None
) -> bool:
    """Let everyone read the draft of this monitor from its first day on; it replaces what stood. False: it changed since it was looked at.

    Raises: Conflict in the quiet weeks, or while a figure is still being made.
    """
    language = current_language().code
    _one_at_a_time()
    own = queries.own(council, language)
    check_not_quiet(own.settings)
    draft = own.draft_of(of.monitor.id)
    if draft is None:
        return False
    found, pages = _pages(draft, of, council, reader)
    if looked_at != seen(pages[language]):
        return False
    _replace(own.standing)
    draft.starts_on, draft.ends_on = starts_on, ends_on
    _store(draft, found, pages)
    audit.record("public_monitor_published", draft, blocks=len(draft.ticked))
    return True


def update(of: Source, council: Council, reader: Membership) -> None:
    """The same blocks with the figures of today, as a new publication. Raises: Conflict when more than figures changed,
    when nothing did, when nothing stands (any more), or in the quiet weeks.
    """
    language = current_language().code
    _one_at_a_time()
    own = queries.own(council, language)
    check_not_quiet(own.settings)
    if own.standing is None or own.page is None:
        raise Conflict(_("Er staat nu niets voor inwoners. Publiceer eerst."))
    found, pages = _pages(own.standing, of, council, reader)
    told = news(own.page, pages[language])
    if told is News.NONE:
        raise Conflict(_("Er zijn geen nieuwe cijfers. Inwoners lezen al wat u ziet."))
    if told is News.MORE:
        raise Conflict(_("Er is meer veranderd dan de cijfers. Kies en bekijk eerst opnieuw."))
    newer = Publication(
        monitor_id=of.monitor.id,
        ticked=own.standing.ticked,
        starts_on=own.standing.starts_on,
        ends_on=own.standing.ends_on,
        made_by_id=reader.person_id,
    )
    _replace(own.standing)
    db.add(newer)
    _store(newer, found, pages)
    audit.record("public_monitor_updated", newer)


def _pages(
    publication: Publication, of: Source, council: Council, reader: Membership
) -> tuple[Told, dict[str, MonitorWords]]:
    """What residents would read now, in every language. Raises: Conflict while a figure is still being made."""
    check_published(of)
    pages = {}
    for code in LANGUAGES:
        with speaking(Language(code)):
            found = queries.told(of, council, reader, code)
            pages[code] = for_residents(publication, found)
    if any(page.unready for page in pages.values()):
        raise Conflict(_("Een van de figuren wordt nog gemaakt. Probeer het over een minuut opnieuw."))
    if not all(page.sections for page in pages.values()):
        raise Conflict(_("Wat u koos, staat niet meer in de monitor. Kies opnieuw."))
    return found, pages


def _replace(standing: Publication | None) -> None:
    if standing is not None:
        standing.revoked_at = datetime.now(UTC)
        db.flush()  # two never stand at once


def _store(publication: Publication, found: Told, pages: dict[str, MonitorWords]) -> None:
    shown = {str(figure.id) for figure in pages["nl"].figures}
    publication.own_figures = {block: figure for block, figure in found.own.items() if block in shown}
    publication.published_at = datetime.now(UTC)
    db.flush()
    for code, words in pages.items():
        db.add(PublicationPage(publication_id=publication.id, language=code, content=to_json(words)))
    for block_id, code, version, chart in queries.charts_of(pages):
        db.add(
            PublicationChart(
                publication_id=publication.id,
                block_id=block_id,
                language=code,
                version=version,
                chart=chart,
            )
        )
    enqueue(Job.DRAW_PUBLIC_PICTURES)


def revoke(standing: Publication) -> None:
    """From now on nobody outside the council reads it, at any address."""
    _replace(standing)
    audit.record("public_monitor_revoked", standing)


def set_up(
    *, quiet_from: date | None, quiet_until: date | None, quiet_hides: bool, hosts: list[str]
) -> PublicationSettings:
    """The quiet weeks, and the websites that may show a block."""
    _one_at_a_time()
    settings = queries.settings_of_council()
    settings.quiet_from, settings.quiet_until, settings.quiet_hides = quiet_from, quiet_until, quiet_hides
    settings.hosts = hosts
    db.add(settings)
    db.flush()
    audit.record("publication_settings_changed", settings, hosts=len(hosts))
    return settings
