"""A mail to the clerk and the officers of a council when something happens to the sources that its monitor uses.

At most once a day per council and person, only when something failed, became suspect, recovered or changed, and never to
who switched it off. Everything is counted over all areas together: no figure of any municipality stands in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import current_app, render_template
from sqlalchemy.orm import joinedload

from workbench.accounts.models import DIGEST_READERS, Council, Membership, Person
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.mail import send_mail
from workbench.core.settings import Settings
from workbench.evidence.models import Link
from workbench.indicators.models import Series
from workbench.sources.models import Decision, MetadataChange, RefreshRun, RunState, TableSeries
from workbench.sources.queries import TableView, connected_tables

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
    closed: int
    renamed: int  # titles, names, units and definitions


def send_digests(settings: Settings, now: datetime | None = None) -> int:
    """Mail the acting council's clerk and officers what is new to each; gives the number of mails.

    The mail and the mark until when was told are one transaction: killed half-way nothing is sent, nor sent twice.
    """
    now = now or datetime.now(UTC)
    council = db.get_one(Council, db.info["council_id"])
    views = _tables_in_use()
    count = 0
    for member in _readers(council.id, now):
        news = news_since(_since(member, now), now, views)
        if not news:
            continue
        member.digest_sent_at = now
        send_mail(
            member.person.email,
            f"Bronnen van de monitor van {council.name}: nieuws over {_tables_in_words(len(news))}",
            render_template(
                "mail/digest.txt",
                person=member.person,
                council=council,
                news=news,
                address_of=lambda view: _address(
                    settings, "sources.table", council=council.slug, table_id=view.table.id
                ),
                account=_address(settings, "accounts.account"),
            ),
        )
        count += 1
    if count:
        log.info("digests_sent", count=count)
    return count


def _tables_in_words(count: int) -> str:
    return Language().ngettext("%(num)d tabel", "%(num)d tabellen", count)


def _address(settings: Settings, endpoint: str, **values: object) -> str:
    """A full address; a job has no request to take it from."""
    return urljoin(settings.base_url, current_app.url_map.bind("").build(endpoint, values))


def _readers(council_id: UUID, now: datetime) -> Sequence[Membership]:
    return db.scalars(
        sa.select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.council_id == council_id,
            Membership.role.in_(DIGEST_READERS),
            Person.wants_digest,
            sa.or_(Membership.digest_sent_at.is_(None), Membership.digest_sent_at <= now - PAUSE),
        )
        .options(joinedload(Membership.person))
        .order_by(Membership.joined_at, Membership.id)
        .with_for_update(
            of=Membership
        )  # two jobs at the same moment: one waits, and then finds nothing to tell
        .execution_options(populate_existing=True)
    ).all()


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


def news_since(since: datetime, until: datetime, views: Iterable[TableView]) -> list[News]:
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
    counted = db.execute(
        sa.select(MetadataChange.run_id, sa.func.count())
        .where(MetadataChange.run_id.in_([run.id for run in runs]))
        .group_by(MetadataChange.run_id)
    )
    renamed = dict(counted.all())
    found = []
    for table_id, view in tables.items():
        own = [run for run in runs if run.source_table_id == table_id]
        before = [run for run in own if _moment(run) <= since]
        after = [run for run in own if _moment(run) > since]
        if item := _news(view, before[-1] if before else None, after, renamed):
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
    view: TableView, before: RefreshRun | None, after: list[RefreshRun], renamed: dict[UUID, int]
) -> News | None:
    """None: nothing that was not told before."""
    if not after:
        return None
    last = after[-1]
    counts = {
        "inserted": sum(run.inserted for run in after),
        "revised": sum(run.revised for run in after),
        "restated": sum(run.restated for run in after if run.codes_only),
        "closed": sum(run.closed for run in after),
        "renamed": sum(renamed.get(run.id, 0) for run in after),
    }
    now, then = _state(last), _state(before)
    if now == then in TROUBLE:
        return None
    if now == "good":
        now = "recovered" if then in TROUBLE else "changed"
    if now == "changed" and not any(counts.values()):
        return None
    return News(view, now, last.sentence(Language()) if now in TROUBLE else "", **counts)
