"""Changing the catalogue and the areas; needs the role `platform`."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.indicators.catalogue import LAW_NAMES, IndicatorEntry, SeriesEntry
from workbench.indicators.models import Area, CouncilArea, Indicator, Series


def import_catalogue(entries: Iterable[IndicatorEntry]) -> list[Indicator]:
    """Add or update indicators and their series, in the order of the file.

    A series that an entry no longer names stays in the database while it holds figures, but moves behind the
    others; figures are never thrown away by a catalogue file.
    """
    known = {
        indicator.slug: indicator
        for indicator in db.scalars(sa.select(Indicator).options(selectinload(Indicator.series)))
    }
    changed = []
    for entry in entries:
        indicator = known.get(entry.slug)
        if indicator is None:
            indicator = Indicator(slug=entry.slug, series=[])
            db.add(indicator)
        _describe(indicator, entry)
        _set_series(indicator, entry.series)
        if db.is_modified(indicator) or any(db.is_modified(series) for series in indicator.series):
            for series in indicator.series:
                series.changed_at = datetime.now(UTC)  # what was made of these figures says something old
        changed.append(indicator)
    db.flush()
    return changed


def _describe(indicator: Indicator, entry: IndicatorEntry) -> None:
    indicator.name = entry.name
    indicator.definition = entry.definition
    indicator.unit = entry.unit
    indicator.decimals = entry.decimals
    indicator.themes = [theme.value for theme in entry.themes]
    indicator.laws = [law.value for law in entry.laws]
    indicator.priorities = [priority.value for priority in entry.priorities]
    indicator.synonyms = list(entry.synonyms)
    indicator.search_words = [*entry.synonyms, *(LAW_NAMES[law] for law in entry.laws)]
    indicator.direction = entry.direction
    indicator.reading_up = entry.reading_up
    indicator.reading_down = entry.reading_down
    indicator.caveats = list(entry.caveats)
    indicator.breaks = [{"period": item.period, "text": item.text} for item in entry.breaks]
    indicator.bbv = entry.bbv
    indicator.verified = entry.verified
    indicator.table_hint = entry.table_hint


def _set_series(indicator: Indicator, entries: Sequence[SeriesEntry]) -> None:
    known = {(series.source, series.table, series.measure): series for series in indicator.series}
    for part, entry in enumerate(entries):
        series = known.pop(entry.key, None)
        if series is None:
            series = Series(source=entry.source, table=entry.table, measure=entry.measure)
            indicator.series.append(series)
        series.part = part
        series.period_type = entry.period_type
        series.levels = [level.value for level in entry.levels]
        series.asked = entry.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, include={"region", "period", "from_", "filter"}
        )
        series.computed = entry.computed
    for part, series in enumerate(known.values(), start=len(entries)):
        series.part = part


def catalogue_entries() -> list[IndicatorEntry]:
    """The catalogue as entries of a catalogue file, by slug; importing them changes nothing."""
    found = db.scalars(sa.select(Indicator).options(selectinload(Indicator.series)).order_by(Indicator.slug))
    return [_entry(indicator) for indicator in found]


def _entry(indicator: Indicator) -> IndicatorEntry:
    same = set(IndicatorEntry.model_fields) - {"series"}
    parts = [
        {
            "source": series.source,
            "table": series.table,
            "measure": series.measure,
            "levels": series.levels,
            "period_type": series.period_type,
            "computed": series.computed,
            **series.asked,
        }
        for series in indicator.series
    ]
    return IndicatorEntry.model_validate(
        {name: getattr(indicator, name) for name in same} | {"series": parts}
    )


def set_area(code: str) -> CouncilArea:
    """Say which area the acting council is about. Raises: Conflict for a code that is not known."""
    area_id = db.scalar(sa.select(Area.id).where(Area.code == code))
    if area_id is None:
        raise Conflict(f"Gebied {code} is niet bekend. Laad eerst de gebieden met `workbench seeds load`.")
    council_area = db.scalar(sa.select(CouncilArea))
    if council_area is None:
        council_area = CouncilArea(area_id=area_id)
        db.add(council_area)
    council_area.area_id = area_id
    return council_area
