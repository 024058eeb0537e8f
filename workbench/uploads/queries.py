"""Reading own figures, their history, and what the guard has to know of what was shown before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from workbench.core.db import db
from workbench.indicators.disclosure import Release
from workbench.indicators.models import Area
from workbench.indicators.queries import own_area
from workbench.uploads.checking import Key, sums_of
from workbench.uploads.mapping import Gazetteer, Place
from workbench.uploads.models import OwnIndicator, OwnObservation, OwnUpload, UploadState

DRAFTS_LAST = timedelta(days=14)  # after that nobody goes on with them, and they are removed


def gazetteer() -> Gazetteer:
    """All areas by name and code, with the council's own."""
    places = [
        Place(code, name, valid_until, province)
        for code, name, valid_until, province in db.execute(
            sa.select(Area.code, Area.name, Area.valid_until, Area.province_code)
        )
    ]
    area = own_area()
    return Gazetteer(places, own=area.code if area else None)


def own_indicators(words: str = "", *, withdrawn: bool = True) -> list[OwnIndicator]:
    """By name; with `words`, those that have each of them in name, definition or source."""
    query = sa.select(OwnIndicator).order_by(sa.func.lower(OwnIndicator.name))
    for word in words.split():
        texts = (OwnIndicator.name, OwnIndicator.definition, OwnIndicator.source)
        query = query.where(sa.or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if not withdrawn:
        query = query.where(OwnIndicator.withdrawn_at.is_(None))
    return list(db.scalars(query))


def find_by_name(name: str) -> OwnIndicator | None:
    return db.scalar(sa.select(OwnIndicator).where(sa.func.lower(OwnIndicator.name) == name.lower()))


def newest(indicators: Sequence[OwnIndicator], area_code: str | None) -> dict[UUID, OwnObservation]:
    """Indicator id -> our municipality's newest value."""
    rows = db.scalars(
        sa.select(OwnObservation)
        .where(
            OwnObservation.own_indicator_id.in_([indicator.id for indicator in indicators]),
            OwnObservation.area_code == area_code,
            OwnObservation.loaded_until.is_(None),
            OwnObservation.value.is_not(None),
        )
        .order_by(OwnObservation.own_indicator_id, OwnObservation.period)
    )
    return {row.own_indicator_id: row for row in rows}


def current(indicator: OwnIndicator) -> dict[Key, OwnObservation]:
    """(area code, period) -> the figure that holds now, per area and then per period."""
    rows = db.scalars(
        sa.select(OwnObservation)
        .where(OwnObservation.own_indicator_id == indicator.id, OwnObservation.loaded_until.is_(None))
        .order_by(OwnObservation.area_name, OwnObservation.area_code, OwnObservation.period)
    )
    return {(row.area_code, row.period): row for row in rows}


def line_of(indicator: OwnIndicator, area_code: str) -> list[tuple[OwnObservation, float | None]]:
    """The figures of one area that hold now, each with the value that it replaced; what was withdrawn is not replaced."""
    before = sa.orm.aliased(OwnObservation)
    rows = db.execute(
        sa.select(OwnObservation, before.value)
        .outerjoin(
            before,
            sa.and_(
                before.own_indicator_id == OwnObservation.own_indicator_id,
                before.area_code == OwnObservation.area_code,
                before.period == OwnObservation.period,
                before.loaded_until == OwnObservation.loaded_from,
            ),
        )
        .where(
            OwnObservation.own_indicator_id == indicator.id,
            OwnObservation.area_code == area_code,
            OwnObservation.loaded_until.is_(None),
        )
        .order_by(OwnObservation.period)
    )
    return [(row, value) for row, value in rows]


def changed_at(indicators: Iterable[OwnIndicator]) -> dict[UUID, datetime]:
    """Own indicator id -> when one of its figures last came, changed or went."""
    moment = sa.func.max(sa.func.greatest(OwnObservation.loaded_from, OwnObservation.loaded_until))
    return _moments(moment, OwnObservation.own_indicator_id, indicators)


def loaded_at(indicators: Iterable[OwnIndicator]) -> dict[UUID, datetime]:
    """Own indicator id -> when the last file about it was loaded."""
    return _moments(sa.func.max(OwnUpload.loaded_at), OwnUpload.own_indicator_id, indicators)


def _moments(moment: Any, owner: Any, indicators: Iterable[OwnIndicator]) -> dict[UUID, datetime]:
    wanted = [indicator.id for indicator in indicators]
    rows = db.execute(
        sa.select(owner, moment).where(owner.in_(wanted)).group_by(owner).having(moment.is_not(None))
    )
    return dict(rows.all())


def revisions(indicator: OwnIndicator, most: int = 200) -> list[OwnObservation]:
    """Figures that no longer hold, the newest change first."""
    return list(
        db.scalars(
            sa.select(OwnObservation)
            .where(OwnObservation.own_indicator_id == indicator.id, OwnObservation.loaded_until.is_not(None))
            .order_by(OwnObservation.loaded_until.desc(), OwnObservation.area_name, OwnObservation.period)
            .limit(most)
        )
    )


def published_keys(indicator: OwnIndicator) -> set[Key]:
    """Every area and period that ever had a figure, or one that the guard hid."""
    rows = db.execute(
        sa.select(OwnObservation.area_code, OwnObservation.period).where(
            OwnObservation.own_indicator_id == indicator.id,
            sa.or_(OwnObservation.value.is_not(None), OwnObservation.guarded),
        )
    )
    return {(code, period) for code, period in rows}


def releases(indicator: OwnIndicator, areas: Gazetteer) -> list[Release]:
    """What could be read at each moment that the figures changed, the oldest first."""
    rows = list(db.scalars(sa.select(OwnObservation).where(OwnObservation.own_indicator_id == indicator.id)))
    found = []
    for moment in sorted({row.loaded_from for row in rows}):
        seen = {
            (row.area_code, row.period): row
            for row in rows
            if row.loaded_from <= moment and (row.loaded_until is None or row.loaded_until > moment)
        }
        told = [key for key, row in seen.items() if row.guarded or row.value is not None]
        found.append(
            Release(
                shown={key: round(row.value) for key, row in seen.items() if row.value is not None},
                hidden=frozenset(key for key, row in seen.items() if row.guarded),
                sums=tuple(sums_of(told, areas)),
            )
        )
    return found


def uploads_of(indicator: OwnIndicator) -> list[OwnUpload]:
    """The files that were loaded, the newest first."""
    return list(
        db.scalars(
            sa.select(OwnUpload)
            .where(OwnUpload.own_indicator_id == indicator.id, OwnUpload.state == UploadState.LOADED)
            .options(joinedload(OwnUpload.uploaded_by), defer(OwnUpload.parsed))
            .order_by(OwnUpload.loaded_at.desc())
        )
    )


def drafts() -> list[OwnUpload]:
    """Files that wait for somebody to go on with them."""
    return list(
        db.scalars(
            sa.select(OwnUpload)
            .where(
                OwnUpload.state == UploadState.DRAFT, OwnUpload.uploaded_at > datetime.now(UTC) - DRAFTS_LAST
            )
            .options(defer(OwnUpload.parsed))
            .order_by(OwnUpload.uploaded_at.desc())
        )
    )


def published() -> list[OwnIndicator]:
    """What the council whose door is open lets everyone read, by name."""
    return list(
        db.scalars(
            sa.select(OwnIndicator)
            .where(OwnIndicator.published_at.is_not(None))
            .order_by(sa.func.lower(OwnIndicator.name))
        )
    )


def figures_by_area(observations: dict[Key, OwnObservation]) -> dict[str, list[OwnObservation]]:
    """Area code -> its figures in order of time."""
    found: dict[str, list[OwnObservation]] = defaultdict(list)
    for row in observations.values():
        found[row.area_code].append(row)
    return found
