"""Source, SourceTable, TableSeries, RefreshRun, MetadataChange (public) and RefreshRequest (owned)."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.core.db import Model, words
from workbench.core.language import Language
from workbench.core.tenancy import CouncilOwned
from workbench.indicators.models import Series


class Source(Model):
    """An organisation's open data. `kind` names the connector; None: all its figures come with the workbench."""

    __tablename__ = "source"
    name: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    kind: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    unreachable_since: Mapped[datetime | None]
    is_off: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # it lacks a key


class SourceTable(Model):
    """One table of a source, and what it said of itself at the last load."""

    __tablename__ = "source_table"
    __table_args__ = (sa.UniqueConstraint("source_id", "table"),)
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("source.id"))
    table: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    fingerprint: Mapped[str | None]
    status: Mapped[str | None]  # the source's own word
    frequency: Mapped[str | None]  # the source's own word
    modified_at: Mapped[datetime | None]
    observations_modified_at: Mapped[datetime | None]  # of the figures we hold, as the source said
    refused_fingerprint: Mapped[str | None]  # the edition at which an operator kept the old figures
    checked_at: Mapped[datetime | None]
    loaded_at: Mapped[datetime | None]
    source: Mapped[Source] = relationship(lazy="joined")


class TableSeries(Model):
    """How one series is fetched from a table. Dimension names and codes are the source's own."""

    __tablename__ = "table_series"
    __table_args__ = (sa.UniqueConstraint("series_id"),)
    source_table_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("source_table.id"), index=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("series.id"))
    region: Mapped[str | None]
    period: Mapped[str]
    levels: Mapped[list[str]]
    first_year: Mapped[str | None]
    filter: Mapped[dict[str, str]] = mapped_column(JSONB)
    measure_title: Mapped[str | None]  # what the source called it at the last load
    definition: Mapped[str | None]  # how the source explained it at the last load
    series: Mapped[Series] = relationship(lazy="joined")


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNREACHABLE = "unreachable"  # the source did not answer; the old figures stand, with their date


class Decision(StrEnum):
    """What became of a suspect load."""

    ACCEPTED = "accepted"  # an operator made it the current figures
    KEPT = "kept"  # an operator kept the old figures
    REPLACED = "replaced"  # a later refresh came in its place


class RefreshRun(Model):
    """One attempt to refresh one table. The row is the truth; a job only carries its id."""

    __tablename__ = "refresh_run"
    __table_args__ = (
        sa.Index(
            "ix_refresh_run_active",
            "source_table_id",
            unique=True,
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        ),
    )
    source_table_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("source_table.id"), index=True)
    state: Mapped[RunState] = mapped_column(words(RunState, "run_state"), default=RunState.QUEUED)
    attempt: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC), index=True)
    next_attempt_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)  # rows received so far
    rows_read: Mapped[int] = mapped_column(default=0)
    inserted: Mapped[int] = mapped_column(default=0)
    revised: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    closed: Mapped[int] = mapped_column(default=0)
    restated: Mapped[int] = mapped_column(
        default=0
    )  # only the status changed; in a full load among `revised`
    final_revised: Mapped[int] = mapped_column(default=0)  # final values that became other final values
    codes_only: Mapped[bool] = mapped_column(default=False)  # code lists and statuses were read, no values
    merged_at: Mapped[datetime | None]  # the `loaded_from` and `loaded_until` of what this run changed
    source_modified_at: Mapped[datetime | None]  # of the figures this run brought, as the source said
    same_as_before: Mapped[bool] = mapped_column(default=False)  # the table had not moved; no rows were asked
    suspect: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str | None]  # Dutch msgid for the user
    message_values: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    held_load_id: Mapped[uuid.UUID | None]  # staged rows that wait for a decision
    held: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # a Load, while it waits
    decision: Mapped[Decision | None] = mapped_column(words(Decision, "run_decision"))
    decided_at: Mapped[datetime | None]
    source_table: Mapped[SourceTable] = relationship(lazy="joined")

    def sentence(self, language: Language) -> str:
        """What went wrong, in words; empty when nothing did."""
        return language.gettext(self.message, **self.message_values) if self.message else ""

    @property
    def is_active(self) -> bool:
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def waits_for_decision(self) -> bool:
        """Is this a suspect load that an operator may still accept?"""
        return self.held_load_id is not None

    @property
    def seconds(self) -> float | None:
        """From claim to end."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class MetadataKind(StrEnum):
    """What a source says of its figures, beside the figures."""

    TITLE = "title"  # of the table
    STATUS = "status"  # of the table
    MEASURE = "measure"  # name of the series in the table
    UNIT = "unit"
    DEFINITION = "definition"


class MetadataChange(Model):
    """Something else than a figure that changed at the source, as one run found it. No series: the whole table."""

    __tablename__ = "metadata_change"
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("refresh_run.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("series.id"))
    what: Mapped[MetadataKind] = mapped_column(words(MetadataKind, "metadata_kind"))
    old: Mapped[str]
    new: Mapped[str]
    at: Mapped[datetime]

    def sentence(self, language: Language, name: str | None = None) -> str:
        """What changed, in words; `name` is that of the indicator, when it is about one."""
        values = {"name": name or "", "old": self.old, "new": self.new}
        match self.what:
            case MetadataKind.TITLE:
                text = language.gettext('De tabel heet nu "%(new)s". Eerst was dat "%(old)s".', **values)
            case MetadataKind.STATUS:
                text = language.gettext(
                    'De bron noemt de tabel nu "%(new)s". Eerst was dat "%(old)s".', **values
                )
            case MetadataKind.MEASURE:
                text = language.gettext(
                    '%(name)s: de bron noemt dit nu "%(new)s". Eerst was dat "%(old)s".', **values
                )
            case MetadataKind.UNIT:
                text = language.gettext(
                    '%(name)s: de eenheid is nu "%(new)s". Eerst was dat "%(old)s".', **values
                )
            case MetadataKind.DEFINITION:
                text = language.gettext(
                    '%(name)s: de bron legt dit nu zo uit: "%(new)s". Eerst was dat: "%(old)s".', **values
                )
        return text


class RefreshRequest(CouncilOwned, Model):
    """An officer's wish to refresh a table now; a platform job turns it into a run."""

    __tablename__ = "refresh_request"
    source_table_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("source_table.id"))
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    picked_up_at: Mapped[datetime | None]
