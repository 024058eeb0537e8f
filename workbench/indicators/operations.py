"""Changing the catalogue and the areas; needs the role `platform`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import Language
from workbench.indicators.areas import heirs_of, today
from workbench.indicators.catalogue import LAW_NAMES, AreaType, IndicatorEntry, SeriesEntry
from workbench.indicators.models import Area, AreaChange, CouncilArea, Indicator, RegionMembership, Series
from workbench.indicators.recast import ChangeKind
from workbench.indicators.regions import (
    KINDS,
    Belonging,
    RegionsError,
    contradictions,
    shortened,
    unknown_municipalities,
)


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


@dataclass(frozen=True)
class RegionsLoaded:
    """What loading a list of regions did, in rows."""

    added: int
    changed: int
    unchanged: int
    removed: int


def load_regions(found: Sequence[Belonging], source: str, *, is_whole: bool = False) -> RegionsLoaded:
    """Take over which municipality lies in which region. Doing it twice changes nothing.

    `is_whole`: of each kind and day in it, this is the whole list; what it does not name goes.
    Raises: RegionsError for unknown municipalities and for a list that contradicts itself; nothing is stored then.
    """
    areas = {area.code: area for area in db.scalars(sa.select(Area))}
    known = {code for code, area in areas.items() if area.type is AreaType.GEMEENTE}
    if problems := [*unknown_municipalities(found, known), *contradictions(found)]:
        raise RegionsError(shortened(problems))
    for item in sorted(found, key=lambda item: item.valid_from):  # the newest name stays
        region = areas.get(item.region)
        if region is None:
            region = areas[item.region] = Area(code=item.region, type=item.kind)
            db.add(region)
        region.name = item.name
    db.flush()
    wanted = {
        (areas[item.municipality].id, item.kind, item.valid_from): areas[item.region].id for item in found
    }
    lists = {(kind, day) for _area, kind, day in wanted}
    stored = {
        (row.area_id, row.kind, row.valid_from): row
        for row in db.scalars(
            sa.select(RegionMembership).where(
                sa.tuple_(RegionMembership.kind, RegionMembership.valid_from).in_(lists)
            )
        )
    }
    changed = 0
    for key, region_id in wanted.items():
        row = stored.get(key)
        if row is None:
            area_id, kind, day = key
            db.add(
                RegionMembership(
                    area_id=area_id, kind=kind, valid_from=day, region_id=region_id, source=source
                )
            )
        elif row.region_id != region_id:
            row.region_id, row.source, changed = region_id, source, changed + 1
    gone = [row for key, row in stored.items() if key not in wanted] if is_whole else []
    for row in gone:
        db.delete(row)
    db.flush()
    added = len(wanted.keys() - stored.keys())
    if added or changed or gone:  # what was made of figures about regions may be about another region now
        db.execute(
            sa.update(Series)
            .where(sa.or_(*(sa.literal(kind.value) == sa.any_(Series.levels) for kind in KINDS)))
            .values(changed_at=datetime.now(UTC))
        )
    return RegionsLoaded(added, changed, len(wanted) - added - changed, len(gone))


def set_area(code: str) -> CouncilArea:
    """Say which area the acting council is about, from now on and before.

    Raises: Conflict for a code that is not known, or that is no more; it names what came in its place.
    """
    area = _present_area(code)
    for earlier in db.scalars(sa.select(CouncilArea)):
        db.delete(earlier)
    council_area = CouncilArea(area_id=area.id)
    db.add(council_area)
    follow_successors()
    return council_area


def move_to(code: str, day: date) -> CouncilArea:
    """Let the acting council go on with another area from a day on; what it was about before stays on record.

    Raises: Conflict, as `set_area`, and for a council without an area, or a day that is not after its last move.
    """
    area = _present_area(code)
    current = db.scalar(sa.select(CouncilArea).where(CouncilArea.valid_until.is_(None)))
    if current is None:
        raise Conflict("Deze raad heeft nog geen gebied om uit te verhuizen.")
    if current.area_id == area.id:
        raise Conflict(f"Deze raad gaat al over {area.name} ({area.code}).")
    if current.valid_from and day <= current.valid_from:
        raise Conflict(f"Kies een dag na {Language().date(current.valid_from)}: toen verhuisde de raad al.")
    current.valid_until = day
    moved = CouncilArea(area_id=area.id, valid_from=day)
    db.add(moved)
    follow_successors()
    return moved


def _present_area(code: str) -> Area:
    area = db.scalar(sa.select(Area).where(Area.code == code))
    if area is None:
        raise Conflict(f"Gebied {code} is niet bekend. Laad eerst de gebieden met `workbench seeds load`.")
    if area.valid_until and area.valid_until <= today():
        raise Conflict(_gone(area, area.valid_until))
    return area


def _gone(area: Area, since: date) -> str:
    heirs = [f"{name} ({code})" for code, name in heirs_of(area)]
    gone = f"Gebied {area.code} ({area.name}) bestaat niet meer sinds {Language().date(since)}."
    match heirs:
        case []:
            return gone
        case [heir]:
            return f"{gone} Het hoort nu bij {heir}. Gebruik die code."
        case _:
            return f"{gone} Het is verdeeld over {', '.join(heirs)}. Kies een van deze codes."


def follow_successors() -> None:
    """Where the acting council's area ends and goes on as one other, let the council go on with it from that day.

    Works ahead: a merger that is known before its day takes effect on that day by itself. A municipality that was
    split up has no one successor; the council keeps it until someone chooses.
    """
    current = db.scalar(sa.select(CouncilArea).where(CouncilArea.valid_until.is_(None)))
    while current is not None:
        area = db.get_one(Area, current.area_id)
        heirs = db.scalars(
            sa.select(AreaChange.heir_id).where(
                AreaChange.origin_id == area.id,
                AreaChange.day == area.valid_until,
                AreaChange.kind.in_([ChangeKind.MERGED, ChangeKind.RENAMED]),
            )
        ).all()
        if len(heirs) != 1:
            return
        current.valid_until = area.valid_until
        current = CouncilArea(area_id=heirs[0], valid_from=area.valid_until)
        db.add(current)
