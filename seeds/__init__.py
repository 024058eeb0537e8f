"""Content that every installation starts with: areas and their changes, step plan, knowledge, catalogue and bundled figures. Idempotent."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from seeds import read
from seeds.schema import FigureFile, Known
from workbench.accounts.models import Council
from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.core.tenancy import act_for
from workbench.figures.shapes import Polygon
from workbench.indicators import store
from workbench.indicators.catalogue import AreaType
from workbench.indicators.geometry import Outline
from workbench.indicators.models import Area, AreaChange, Series
from workbench.indicators.operations import follow_successors
from workbench.indicators.outlines.operations import load_outlines
from workbench.knowledge import models
from workbench.sources.models import Source, SourceTable
from workbench.sources.operations import announce, import_entries
from workbench.vision.choosing.models import Frame, FramePart, LibraryValue
from workbench.vision.models import Step, StepQuestion
from workbench.workshops.models import LibraryCard, LibraryForm, LibraryScript
from workbench.workshops.script.library import ReadyScript, WorkingForm


def load() -> None:
    """Load all content; needs the role `platform`. What a refresh brought is never put back."""
    _load_areas()
    _load_area_changes()
    _load_tiles()
    _load_steps()
    _load_value_library()
    _load_cards(models.Law, read.laws())
    _load_cards(models.Moment, read.moments())
    _load_cards(models.Instrument, read.instruments())
    _load_cards(models.ChoiceCard, read.choices())
    _load_workshop_library()
    import_entries(read.indicators())
    announce("swing")
    _load_figures()
    _move_councils()
    enqueue(Job.BUILD_EVERYWHERE)


def _load_areas() -> None:
    known = {area.code: area for area in db.scalars(sa.select(Area))}
    for item in read.areas():
        area = known.get(item.code)
        if area is None:
            area = Area(code=item.code)
            db.add(area)
        area.name, area.type, area.province_code = item.name, item.type, item.province
        area.valid_from, area.valid_until = item.valid_from, item.valid_until
    db.flush()


def _load_area_changes() -> None:
    ids = {area.code: area.id for area in db.scalars(sa.select(Area))}
    known = {(item.day, item.origin_id, item.heir_id): item for item in db.scalars(sa.select(AreaChange))}
    for item in read.area_changes():
        key = item.day, ids[item.origin], ids[item.heir]
        change = known.pop(key, None)
        if change is None:
            change = AreaChange(day=item.day, origin_id=key[1], heir_id=key[2])
            db.add(change)
        change.kind, change.inhabitants, change.dwellings = item.kind, item.inhabitants, item.dwellings
    for gone in known.values():
        db.delete(gone)
    db.flush()


def _load_tiles() -> None:
    """The schematic map, which is used where no real outlines were loaded."""
    outlines = [Outline(code, (tile(column, row),)) for code, (column, row) in sorted(read.tiles().items())]
    load_outlines(outlines, AreaType.GEMEENTE, 2023, "schematische kaart", is_schematic=True)


def tile(column: int, row: int) -> Polygon:
    """A square of ten by ten; rows are counted from the north."""
    left, low = 10 * column, -10 * row
    return ((left, low, left + 10, low, left + 10, low + 10, left, low + 10),)


def _move_councils() -> None:
    """Let each council follow its area to the one that takes over, on the day that it does."""
    db.flush()  # acting for another council forgets what is not in the database yet
    for council_id in db.scalars(sa.select(Council.id)).all():
        act_for(db, council_id)
        follow_successors()
        db.flush()
    act_for(db, None)


def _load_steps() -> None:
    """Steps and their questions; a plan that began keeps its own copy of them."""
    known = {question.key: question for question in db.scalars(sa.select(StepQuestion))}
    for item in read.stepplan():
        step = db.get(Step, item.number) or Step(number=item.number)
        step.title, step.question, step.why = item.title, item.question, item.why
        step.piece = item.piece
        step.example, step.minutes = item.example, item.minutes
        step.fills = ", ".join(item.fills)
        db.add(step)
        db.flush()
        for position, asked in enumerate(item.questions):
            question = known.pop(asked.key, None) or StepQuestion(key=asked.key)
            question.number, question.position = item.number, position
            question.text, question.help, question.example = asked.text, asked.help, asked.example
            question.kind, question.required = asked.kind, asked.required
            question.choices = list(asked.choices)
            db.add(question)
    for gone in known.values():
        db.delete(gone)


def _load_value_library() -> None:
    """Cards and frames that are no longer in the file stay: councils may have started from them."""
    library = read.value_library()
    for number, item in enumerate(library.frames):
        db.merge(
            Frame(
                slug=item.slug,
                number=number,
                name=item.name,
                about=item.about,
                source=item.source,
                verified=item.verified,
            )
        )
        for place, part in enumerate(item.parts):
            slug = f"{item.slug}/{part.slug}"
            db.merge(
                FramePart(slug=slug, frame_slug=item.slug, number=place, name=part.name, about=part.about)
            )
    for number, card in enumerate(library.values):
        db.merge(LibraryValue(number=number, **{**card.model_dump(), "parts": list(card.parts)}))
    db.flush()


def _load_cards(model: type[models.Known], cards: Sequence[Known]) -> None:
    """Knowledge as the file has it now: a card that is no longer in it goes, another keeps its id."""
    known = {item.slug: item for item in db.scalars(sa.select(model).options(undefer(model.body)))}
    for position, card in enumerate(cards):
        item = known.pop(card.slug, None)
        if item is None:
            item = model(slug=card.slug)
            db.add(item)
        item.position, item.body = position, card.body()
        item.seen_on = card.seen_on
        for name, value in card.model_dump(mode="json", exclude={"seen_on"}).items():
            setattr(item, name, value)
    for gone in known.values():
        db.delete(gone)
    db.flush()


def _load_workshop_library() -> None:
    """As the file has it now; a script keeps its own copy of what it took."""
    library = read.workshop_library()
    _load_library(LibraryForm, library.forms)
    _load_library(LibraryScript, library.scripts)


def _load_library(model: type[LibraryCard], items: Sequence[WorkingForm | ReadyScript]) -> None:
    known = {card.slug: card for card in db.scalars(sa.select(model))}
    for position, item in enumerate(items):
        card = known.pop(item.slug, None) or model(slug=item.slug)
        card.position, card.content = position, item.model_dump(mode="json")
        db.add(card)
    for gone in known.values():
        db.delete(gone)


def _load_figures() -> None:
    """Bundled figures of tables that no refresh has loaded, and whose files changed since they were last loaded."""
    files = list(read.figures())
    digests = _digests(files)
    tables = {
        (source, table.table): table
        for table, source in db.execute(
            sa.select(SourceTable, Source.name).join(Source, Source.id == SourceTable.source_id)
        )
    }
    series = {
        (item.source, item.table, item.measure): item
        for item in db.scalars(sa.select(Series))
        if tables[(item.source, item.table)].loaded_at is None
        and tables[(item.source, item.table)].fingerprint != digests.get((item.source, item.table))
    }
    staging = store.Staging(uuid4())
    for file in files:
        if item := series.get(file.key):
            _describe(item, file)
            staging.add_rows(
                (item.id, row.area, row.period, row.value, row.status.value, None) for row in file.rows()
            )
    now = datetime.now(UTC)
    store.merge(staging.load_id, [item.id for item in series.values()], now)
    store.forget(staging.load_id)
    for item in series.values():
        item.changed_at = now
        tables[(item.source, item.table)].fingerprint = digests.get((item.source, item.table))


def _digests(files: list[FigureFile]) -> dict[tuple[str, str], str]:
    """(source, table) -> a fingerprint of its bundled figures."""
    sums: dict[tuple[str, str], hashlib._Hash] = {}
    for file in files:
        sums.setdefault((file.source, file.table), hashlib.sha256()).update(
            repr(file).encode() + file.matrix.encode()
        )
    return {key: f"bundle:{value.hexdigest()}" for key, value in sums.items()}


def _describe(series: Series, file: FigureFile) -> None:
    series.title, series.licence, series.source_line = file.title, file.licence, file.source_line
    series.fetched_at = datetime.combine(file.recorded_on, time(12), UTC) if file.recorded_on else None
