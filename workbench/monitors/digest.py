"""A mail to the clerk and the officers of a council when something happens to the sources that its monitor uses, or when
figures gave cause to ask.

One mail per person and day for all their councils together, in their language; only when something failed, became
suspect, recovered or changed, and never to who switched it off. Everything is counted over all areas together: no figure
of any municipality stands in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import current_app, render_template

from workbench.accounts.models import DIGEST_READERS, Membership, Person
from workbench.accounts.queries import own_memberships
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.mail import send_mail
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.core.text import speaking
from workbench.evidence.models import Link
from workbench.indicators.models import Series
from workbench.monitors.conversation.queries import count_signals
from workbench.sources.history import metadata_by_run
from workbench.sources.models import Decision, MetadataChange, RefreshRun, RunState, TableSeries
from workbench.sources.operations import all_council_ids
from workbench.sources.queries import TableView, connected_tables
from workbench.vision import queries as plans

log = structlog.get_logger()

PAUSE = timedelta(hours=20)  # between two mails: the schedule is daily, and may be a little early
LONGEST = timedelta(days=7)  # what is older is no news any more


STATES = ("failed", "suspect", "kept", "accepted", "recovered", "changed")  # what needs attention first
TROUBLE = ("failed", "suspect")
DECIDED = {Decision.ACCEPTED: "accepted", Decision.KEPT: "kept"}


@dataclass(frozen=True)
class News:
    """What happened to one table since the last mail."""

    view: TableView
    state: str  # one of STATES
    sentence: str  # what went wrong, in words; empty when nothing did
    inserted: int
    revised: int
    restated: int
    final_revised: int  # of those revised: figures that the source had called final
    closed: int
    renamed: list[str]  # titles, names, units and definitions, each in a sentence


def reader_ids() -> list[UUID]:
    """Everybody who may have a mail, whatever the council (role `platform`)."""
    found: dict[UUID, None] = {}
    for council_id in all_council_ids():
        act_for(db, council_id)
        readers = (
            sa.select(Membership.person_id)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.role.in_(DIGEST_READERS), Person.wants_digest)
            .order_by(Membership.joined_at, Membership.id)
        )
        found.update(dict.fromkeys(db.scalars(readers)))
    act_for(db, None)
    return list(found)


@dataclass(frozen=True)
class Part:
    """What is new for one council."""

    name: str
    slug: str
    news: list[News]
    signals: int = 0  # questions that figures gave cause to


def send_digest(person_id: UUID, settings: Settings, now: datetime | None = None) -> bool:
    """Mail this person what is new for each of their councils, in one mail; says whether there was something.

    The session acts as this person. The mail and the mark until when was told are one transaction: killed half-way
    nothing is sent, nor sent twice.
    """
    now = now or datetime.now(UTC)
    db.execute(  # two jobs at the same moment: one waits, and then finds nothing to tell
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"digest {person_id}"}
    )
    person = db.get(Person, person_id, populate_existing=True)
    if person is None or not person.wants_digest:
        return False
    language = Language(person.language or "nl")
    address, name = person.email, person.name
    parts = _parts(person, now, language)
    if not parts:
        return False
    act_for(db, None)
    with speaking(language):
        send_mail(
            address,
            _subject(parts, language),
            render_template(
                "mail/digest.txt",
                name=name,
                parts=parts,
                address_of=lambda part, view: full_address(
                    settings, "sources.table", council=part.slug, table_id=view.table.id
                ),
                signals_of=lambda part: full_address(
                    settings, "conversation.index", council=part.slug, toon="signalen"
                ),
                account=full_address(settings, "accounts.account"),
            ),
        )
    log.info("digest_sent", councils=len(parts))
    return True


def _parts(person: Person, now: datetime, language: Language) -> list[Part]:
    """What is new, by council, each marked as told. Nothing when there was a mail less than a day ago."""
    readers = [item for item in own_memberships(person) if item.role in DIGEST_READERS]
    if any(item.digest_sent_at and item.digest_sent_at > now - PAUSE for item in readers):
        return []
    places = [
        (item.id, item.council_id, item.council.name, item.council.slug, _since(item, now))
        for item in readers
    ]
    parts = []
    for membership_id, council_id, name, slug, since in places:
        act_for(db, council_id)
        member = db.get_one(Membership, membership_id)
        news = news_since(since, now, _tables_in_use(), language)
        raised = count_signals(member, plans.plans(member), since, now)
        if news or raised:
            parts.append(Part(name, slug, news, raised))
            db.execute(sa.update(Membership).where(Membership.id == membership_id).values(digest_sent_at=now))
    return parts


def _subject(parts: list[Part], language: Language) -> str:
    count = len({item.view.table.id for part in parts for item in part.news})
    tables = language.ngettext("%(num)d tabel", "%(num)d tabellen", count)
    if not count:
        return language.gettext("Signalen bij cijfers in de monitor")
    if len(parts) == 1:
        return language.gettext(
            "Bronnen van de monitor van %(council)s: nieuws over %(tables)s",
            council=parts[0].name,
            tables=tables,
        )
    return language.gettext("Bronnen van uw monitors: nieuws over %(tables)s", tables=tables)


def full_address(settings: Settings, endpoint: str, **values: object) -> str:
    """A full address; a job has no request to take it from."""
    return urljoin(settings.base_url, current_app.url_map.bind("").build(endpoint, values))


def _since(member: Membership, now: datetime) -> datetime:
    """A new member hears of what happens from now on, not of the past."""
    return max(member.digest_sent_at or member.joined_at, now - LONGEST)


def _tables_in_use() -> list[TableView]:
    """The connected tables behind the figures that this council linked to a goal."""
    used = set(
        db.scalars(
            sa.select(TableSeries.source_table_id)
            .join(Series, Series.id == TableSeries.series_id)
            .join(Link, Link.indicator_id == Series.indicator_id)
        )
    )
    return [view for view in connected_tables() if view.table.id in used] if used else []


def news_since(
    since: datetime, until: datetime, views: Iterable[TableView], language: Language
) -> list[News]:
    """What is new about these tables in this time, the ones that need attention first."""
    tables = {view.table.id: view for view in views}
    latest = sa.func.greatest(RefreshRun.finished_at, RefreshRun.decided_at)
    runs = sorted(
        db.scalars(
            sa.select(RefreshRun).where(
                RefreshRun.source_table_id.in_(tables), latest > since - LONGEST, latest <= until
            )
        ),
        key=_moment,
    )
    renamed = metadata_by_run(runs)
    found = []
    for table_id, view in tables.items():
        own = [run for run in runs if run.source_table_id == table_id]
        before = [run for run in own if _moment(run) <= since]
        after = [run for run in own if _moment(run) > since]
        if item := _news(view, before[-1] if before else None, after, renamed, language):
            found.append(item)
    return sorted(found, key=lambda item: STATES.index(item.state))


def _moment(run: RefreshRun) -> datetime:
    """When this run got the state that it has."""
    decided = run.decided_at if run.decision in DECIDED else None
    return decided or run.finished_at or run.queued_at


def _state(run: RefreshRun | None) -> str:
    if run is not None and run.decision in DECIDED:
        return DECIDED[run.decision]
    if run is None or run.state is RunState.DONE:
        return "good"
    return "suspect" if run.suspect else "failed"


def _news(
    view: TableView,
    before: RefreshRun | None,
    after: list[RefreshRun],
    renamed: Mapping[UUID, list[tuple[MetadataChange, str | None]]],
    language: Language,
) -> News | None:
    """None: nothing that was not told before."""
    if not after:
        return None
    last = after[-1]
    counts = {
        "inserted": sum(run.inserted for run in after),
        "revised": sum(run.revised for run in after),
        "restated": sum(run.restated for run in after if run.codes_only),
        "final_revised": sum(run.final_revised for run in after),
        "closed": sum(run.closed for run in after),
    }
    sentences = [change.sentence(language, name) for run in after for change, name in renamed.get(run.id, [])]
    now, then = _state(last), _state(before)
    if now == then in TROUBLE:
        return None
    if now == "good":
        now = "recovered" if then in TROUBLE else "changed"
    if now == "changed" and not any(counts.values()) and not sentences:
        return None
    return News(view, now, last.sentence(language) if now in TROUBLE else "", renamed=sentences, **counts)
