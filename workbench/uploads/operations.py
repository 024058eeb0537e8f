"""From a file to figures: draft, guard, load, withdraw."""

import hashlib
from collections.abc import Hashable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import defer

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue
from workbench.core.language import Language
from workbench.core.tables import Table, read
from workbench.indicators.disclosure import guard
from workbench.indicators.models import Missing, Status
from workbench.uploads import queries
from workbench.uploads.checking import About, Checked, Checker, Figure, Key, Kind, Problem, sums_of
from workbench.uploads.mapping import Gazetteer, as_choices, from_choices, guess
from workbench.uploads.models import OwnIndicator, OwnObservation, OwnUpload, UploadState

MOST_DRAFTS = 10  # per council: each may hold 2 MB


def start_upload(
    data: bytes, file_name: str, by: UUID | None, indicator: OwnIndicator | None, spoken: Language
) -> OwnUpload:
    """Read a file and keep it as a draft, with a guess at its columns. Raises: Unreadable."""
    table = read(data, spoken)
    kept = queries.drafts()
    db.execute(
        sa.delete(OwnUpload).where(
            OwnUpload.state == UploadState.DRAFT,
            OwnUpload.id.not_in([draft.id for draft in kept[: MOST_DRAFTS - 1]]),
        )
    )
    upload = OwnUpload(
        own_indicator_id=indicator.id if indicator else None,
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by_id=by,
        parsed=_packed(table),
        choices=as_choices(guess(table, queries.gazetteer())),
        rows=len(table.rows),
    )
    db.add(upload)
    audit.record("figures_file_brought", upload, rows=len(table.rows))
    return upload


def _packed(table: Table) -> dict[str, Any]:
    return {
        "header": list(table.header),
        "rows": [list(row) for row in table.rows],
        "lines": list(table.lines),
        "decimal": table.decimal,
        "notes": list(table.notes),
    }


def table_of(upload: OwnUpload) -> Table:
    """The table of a draft. Raises: Conflict when the figures are loaded already."""
    parsed = upload.parsed
    if upload.state is not UploadState.DRAFT or parsed is None:
        raise Conflict(_("Deze cijfers staan er al. Begin opnieuw met een bestand om ze te vervangen."))
    return Table(
        header=tuple(parsed["header"]),
        rows=tuple(tuple(row) for row in parsed["rows"]),
        lines=tuple(parsed["lines"]),
        decimal=parsed["decimal"],
        notes=tuple(parsed["notes"]),
    )


def discard(upload: OwnUpload) -> None:
    """Throw a draft away. Raises: Conflict for figures that are loaded."""
    table_of(upload)
    audit.record("figures_file_discarded", upload)
    db.delete(upload)


def remove_old_drafts(now: datetime | None = None) -> int:
    """Remove the acting council's files that nobody went on with for two weeks, and all that they held."""
    latest = (now or datetime.now(UTC)) - queries.DRAFTS_LAST
    old = db.scalars(
        sa.select(OwnUpload)
        .where(OwnUpload.state == UploadState.DRAFT, OwnUpload.uploaded_at <= latest)
        .options(defer(OwnUpload.parsed))
    ).all()
    for draft in old:
        audit.record("figures_file_expired", draft)
        db.delete(draft)
    return len(old)


def check(
    table: Table, indicator: OwnIndicator, areas: Gazetteer, choices: dict[str, Any], spoken: Language
) -> Checked:
    """What the table says, read with these choices, beside the figures that there are already."""
    known = queries.current(indicator)
    base = str(choices.get("base") or "")
    about = About(
        kind=indicator.kind,
        status=str(choices.get("status") or "final"),
        rules=indicator.rules,
        base=int(base) if base.isdecimal() else None,
        period_type=next((row.period_type for row in known.values()), None),
    )
    checker = Checker(table, from_choices(choices), areas, about, choices.get("picks", {}), spoken)
    before = {key: row.value for key, row in known.items() if row.value is not None}
    return checker.check(before, date.today())  # noqa: DTZ011 - a calendar day


def load_file(
    data: bytes, file_name: str, indicator: OwnIndicator, by: UUID | None, reason: str = ""
) -> None:
    """All steps for a file that needs nobody to look at it. Raises: Unreadable, Conflict for what is wrong in it."""
    spoken = Language()
    db.add(indicator)
    db.flush()
    upload = start_upload(data, file_name, by, indicator, spoken)
    db.flush()
    areas = queries.gazetteer()
    checked = check(table_of(upload), indicator, areas, upload.choices, spoken)
    if checked.errors:
        raise Conflict(" ".join(problem.text for problem in checked.errors))
    load(upload, indicator, checked, areas, reason)


def guarded(
    figures: list[Figure], indicator: OwnIndicator, areas: Gazetteer
) -> tuple[list[Figure], frozenset[Key]]:
    """The figures as they may be stored and shown, and the keys of small ones that were shown before."""
    if indicator.kind is not Kind.PEOPLE:
        return figures, frozenset()
    numbers = {figure.key: round(figure.value) for figure in figures if figure.value is not None}
    cells: dict[Hashable, int] = dict(numbers.items())
    sums = sums_of(sorted({*numbers} | queries.published_keys(indicator)), areas)
    outcome = guard(cells, sums, indicator.rules, queries.releases(indicator, areas))
    kept = [
        replace(figure, value=None, missing="suppressed", guarded=True)
        if figure.key in outcome.hidden
        else figure
        if figure.value is None
        else replace(figure, value=float(outcome.shown[figure.key]))
        for figure in figures
    ]
    return kept, frozenset(key for key in numbers if key in outcome.exposed)


def load(upload: OwnUpload, indicator: OwnIndicator, checked: Checked, areas: Gazetteer, reason: str) -> None:
    """Guard the figures, then replace those of the same areas and periods; others stay."""
    table_of(upload)
    if db.get(OwnIndicator, indicator.id) is None:
        db.add(indicator)
    db.flush()
    db.refresh(indicator, attribute_names=["name"], with_for_update=True)  # two uploads at once: one waits
    figures, _exposed = guarded(checked.figures, indicator, areas)
    now = datetime.now(UTC)
    known = queries.current(indicator)
    for figure in figures:
        old = known.get(figure.key)
        if old is not None and _same(old, figure):
            upload.unchanged += 1
            continue
        if old is not None:
            old.loaded_until = now
            upload.revised += 1
        else:
            upload.inserted += 1
    db.flush()  # the old rows are closed before the new ones open
    for figure in figures:
        old = known.get(figure.key)
        if old is None or old.loaded_until == now:
            db.add(_row(figure, indicator, upload, now))
    upload.own_indicator_id = indicator.id
    upload.state = UploadState.LOADED
    upload.loaded_at = now
    upload.rows = len(figures)
    hidden = {figure.key for figure in figures if figure.guarded}
    upload.hidden = len(hidden)
    upload.warnings = _told(checked.warnings, hidden, indicator)[:100]
    upload.reason = reason
    upload.parsed = None  # what the file held beside these figures is nobody's business
    upload.description = {}
    indicator.withdrawn_at = indicator.withdrawn_reason = None
    audit.record(
        "figures_loaded", indicator, inserted=upload.inserted, revised=upload.revised, hidden=upload.hidden
    )
    enqueue(Job.BUILD_BLOCKS)


def _told(warnings: list[Problem], hidden: set[Key], indicator: OwnIndicator) -> list[str]:
    """What everyone may read of what was strange: no value that the guard hides, and none from before rounding."""
    silent = _("Een getal dat wij niet tonen, of afronden, is heel anders dan de andere.")
    is_rounded = indicator.kind is Kind.PEOPLE and indicator.rounding > 1
    texts = [
        silent if problem.tells & hidden or (problem.tells and is_rounded) else problem.text
        for problem in warnings
    ]
    return list(dict.fromkeys(texts))


def _same(old: OwnObservation, figure: Figure) -> bool:
    return (old.value, old.missing, old.guarded, old.status) == (
        figure.value,
        figure.missing,
        figure.guarded,
        figure.status,
    )


def _row(figure: Figure, indicator: OwnIndicator, upload: OwnUpload, now: datetime) -> OwnObservation:
    return OwnObservation(
        own_indicator_id=indicator.id,
        own_upload_id=upload.id,
        area_code=figure.code,
        area_name=figure.name,
        period=figure.period.code,
        value=figure.value,
        missing=Missing(figure.missing) if figure.missing else None,
        guarded=figure.guarded,
        status=Status(figure.status),
        loaded_from=now,
    )


def withdraw(indicator: OwnIndicator, reason: str) -> None:
    """Take all figures back; the history keeps them. Raises: Conflict when there are none."""
    closed = db.execute(
        sa.update(OwnObservation)
        .where(OwnObservation.own_indicator_id == indicator.id, OwnObservation.loaded_until.is_(None))
        .values(loaded_until=datetime.now(UTC))
    )
    if not closed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(_("Er zijn geen cijfers om in te trekken."))
    indicator.withdrawn_at = datetime.now(UTC)
    indicator.withdrawn_reason = reason
    indicator.published_at = None
    audit.record("figures_withdrawn", indicator, count=closed.rowcount)  # type: ignore[attr-defined]
    enqueue(Job.BUILD_BLOCKS)


def describe(indicator: OwnIndicator, **content: Any) -> None:
    """Put better what the figures are; the figures themselves stay. Raises: Conflict when another has this name."""
    other = queries.find_by_name(content["name"])
    if other is not None and other.id != indicator.id:
        raise Conflict(_("Er is al een eigen cijfer met deze naam. Kies een andere naam."))
    changed = sorted(name for name, text in content.items() if getattr(indicator, name) != text)
    if not changed:
        return
    for name in changed:
        setattr(indicator, name, content[name])
    indicator.edited_at = datetime.now(UTC)
    audit.record("figures_described", indicator, fields=changed)
    enqueue(Job.BUILD_BLOCKS)


def publish(indicator: OwnIndicator) -> None:
    """Let everyone read these figures. Raises: Conflict when there are none."""
    if not queries.current(indicator):
        raise Conflict(_("Er zijn geen cijfers om openbaar te maken."))
    if indicator.published_at is None:
        indicator.published_at = datetime.now(UTC)
        audit.record("figures_published", indicator)


def unpublish(indicator: OwnIndicator) -> None:
    """Keep these figures for the council again; who read them, has read them."""
    if indicator.published_at is not None:
        indicator.published_at = None
        audit.record("figures_unpublished", indicator)
