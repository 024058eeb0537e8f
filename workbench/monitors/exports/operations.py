"""Asking for a file, making it, trying again, and clearing away what nobody may fetch any more."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask_babel import gettext as _
from pydantic import BaseModel
from sqlalchemy.orm import undefer

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.core.logging import places
from workbench.monitors.contents import MonitorWords, fingerprint, to_json
from workbench.monitors.exports import queries
from workbench.monitors.exports.models import MOST_BYTES, WITH_QUOTES, Export, State
from workbench.monitors.exports.writing import write
from workbench.monitors.hearing import hear
from workbench.stories.kept.visibility import Audience

log = structlog.get_logger()


def ask(words: BaseModel, **about: Any) -> Export:
    """Freeze these words and let a file be made of them; who asks the same twice gets the same."""
    content = to_json(words)
    quoted = words.excerpt_ids if isinstance(words, MonitorWords) and about["form"] in WITH_QUOTES else []
    asked = Export(
        content=content, fingerprint=fingerprint(content), excerpt_ids=quoted, state=State.WAITING, **about
    )
    if (before := queries.same(asked)) is not None:
        return before
    db.add(asked)
    db.flush()
    audit.record("monitor_taken_along", asked, form=asked.form.value)
    enqueue(Job.WRITE_EXPORT, export_id=asked.id)
    return asked


def try_again(export: Export) -> None:
    """Raises: Conflict when it did not fail."""
    if export.state is not State.FAILED:
        raise Conflict(_("Dit bestand is niet mislukt. Ga terug en laad de pagina opnieuw."))
    export.state, export.started_at = State.WAITING, None
    enqueue(Job.WRITE_EXPORT, export_id=export.id)


def start(export_id: UUID, now: datetime | None = None) -> bool:
    """Say that it is being made. False: it is gone, or made already."""
    started = db.execute(
        sa.update(Export)
        .where(Export.id == export_id, Export.state.in_((State.WAITING, State.WRITING)))
        .values(state=State.WRITING, started_at=now or datetime.now(UTC))
    )
    return bool(started.rowcount)  # type: ignore[attr-defined]


def finish(export_id: UUID) -> None:
    """Make the file from the frozen words, which need nothing of the request any more; a failure is kept as such.

    Locked until it is made: who clears away the words of a narrator comes before or after it.
    """
    export = db.scalar(
        sa.select(Export)
        .where(Export.id == export_id)
        .options(undefer(Export.content))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if export is None or export.state is not State.WRITING:
        return
    file, problem = _written(export)
    if problem:
        log.error("export_failed", form=export.form.value, **problem)
    export.state, export.file = (State.READY if file else State.FAILED), file


def _written(export: Export) -> tuple[bytes | None, dict[str, Any]]:
    """The file, or what went wrong, without a text of it."""
    try:
        heard = hear(export.excerpt_ids, Audience.COUNCIL)
        export.excerpt_ids = [excerpt_id for excerpt_id, voice in heard.items() if voice.is_heard]
        file = write(export.form, export.content, export.block_id, heard)
    except Exception as error:  # noqa: BLE001 - whatever a drawing or a text makes go wrong: the person is told
        return None, {"error": type(error).__name__, "at": places(error)}
    return (None, {"size": len(file)}) if len(file) > MOST_BYTES else (file, {})


def is_still_heard(export: Export) -> bool:
    """May the words in this file still be read? Where not, as when their time is over since today, it is taken back."""
    heard = hear(export.excerpt_ids, Audience.COUNCIL)
    silent = [excerpt_id for excerpt_id, voice in heard.items() if not voice.is_heard]
    if silent:
        take_back(silent)
    return not silent


def take_back(excerpt_ids: Iterable[UUID]) -> int:
    """Remove every file with one of these excerpts, and say so to who asked for it; gives how many."""
    taken = sa.cast(list(excerpt_ids), sa.ARRAY(sa.Uuid))
    found = db.execute(
        sa.update(Export)
        .where(Export.excerpt_ids.bool_op("&&")(taken), Export.state != State.WITHDRAWN)
        .values(state=State.WITHDRAWN, file=None, content={}, fingerprint="", excerpt_ids=[])
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


def tend(now: datetime | None = None) -> None:
    """Of the acting council: pick up what fell silent, and clear away what is no longer kept."""
    now = now or datetime.now(UTC)
    db.execute(sa.delete(Export).where(Export.expires_at <= now))
    for export_id in queries.silent_ids(now):
        enqueue(Job.WRITE_EXPORT, export_id=export_id)
