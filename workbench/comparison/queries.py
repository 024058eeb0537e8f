"""The municipalities a council compares itself with: now, at another moment, or if it chose otherwise."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa

from workbench.accounts.models import Person
from workbench.comparison import words
from workbench.comparison.models import ComparisonGroup
from workbench.core.db import db
from workbench.core.language import Language
from workbench.indicators import queries as catalogue
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import INHABITANTS, NEEDED, Group, Kind, Municipality, select
from workbench.indicators.models import Area, Indicator, Series


@dataclass(frozen=True)
class Comparables:
    """A group of one area, as it was at one moment. Tells names and numbers of municipalities, no figures."""

    kind: Kind
    area: Area
    own: Municipality
    group: Group
    known_at: datetime
    provinces: dict[str, str]
    decision: ComparisonGroup | None = None  # None: what the workbench does by itself

    @property
    def number(self) -> int:
        return self.decision.number if self.decision else 0

    @property
    def area_ids(self) -> list[int]:
        """Empty when there are too few to compare with."""
        return [item.id for item in self.group.members] if self.group.is_enough else []

    def names(self) -> list[str]:
        return catalogue.names_of(item.id for item in self.group.members)

    def because(self, language: Language) -> str | None:
        """'150.000 inwoners of meer, 21 gemeenten'."""
        return words.because(self.kind, self.own, self.group, self.provinces, language)

    def why_not(self, language: Language) -> str | None:
        return words.why_not(self.area.name, self.group, language)

    @property
    def facts(self) -> dict[str, object]:
        """What finds this same list back (`recall`), and what it is called: `words.standing`."""
        return {
            "number": self.number,
            "kind": self.kind.value,
            "known_at": self.known_at.isoformat(),
            "decided_at": self.decision.decided_at.isoformat() if self.decision else None,
        }


def present_group() -> ComparisonGroup | None:
    return db.scalar(sa.select(ComparisonGroup).where(ComparisonGroup.closed_at.is_(None)))


def compared_with(language: Language) -> str:
    """Which group the bands of this council show now, in a sentence."""
    present = present_group()
    return words.standing(
        present.kind if present else Kind.SIZE, present.decided_at if present else None, language
    )


def groups() -> list[tuple[ComparisonGroup, str | None]]:
    """Every decision of the council, the newest first, with the name of who decided."""
    rows = db.execute(
        sa.select(ComparisonGroup, Person.name)
        .outerjoin(Person, Person.id == ComparisonGroup.decided_by_id)
        .order_by(ComparisonGroup.number.desc())
    )
    return [(group, name) for group, name in rows]


def group_in_force(moment: datetime) -> ComparisonGroup | None:
    return db.scalar(
        sa.select(ComparisonGroup).where(
            ComparisonGroup.decided_at <= moment,
            sa.or_(ComparisonGroup.closed_at.is_(None), ComparisonGroup.closed_at > moment),
        )
    )


def comparables(area: Area) -> Comparables:
    """Those of today, known by the newest figures that make groups."""
    present = present_group()
    return _find(present, area, _figures_changed_at(present.kind if present else Kind.SIZE))


def comparables_at_once() -> Comparables | None:
    """Those of today, for a page; None for a council without an area.

    Which municipalities they are is worked out once for each moment that figures changed.
    """
    moment = (
        sa.select(sa.func.max(Series.changed_at))
        .join(Indicator)
        .where(Indicator.slug.in_({INHABITANTS, *(slug for needed in NEEDED.values() for slug in needed)}))
        .scalar_subquery()
    )
    present, changed, area = db.execute(
        sa.select(ComparisonGroup, moment, Area)
        .select_from(sa.select(sa.literal(1)).subquery())
        .outerjoin(ComparisonGroup, ComparisonGroup.closed_at.is_(None))
        .outerjoin(Area, Area.id == catalogue.own_area_id())
    ).one()
    if area is None:
        return None
    kind, chosen = (present.kind, tuple(present.chosen)) if present else (Kind.SIZE, ())
    known_at = changed or _now()
    own, group = _remembered(kind, chosen, (area.id, area.code, area.province_code), known_at)
    return Comparables(
        kind=kind,
        area=area,
        own=own,
        group=group,
        known_at=known_at,
        provinces=_provinces() if kind is Kind.PROVINCE else {},
        decision=present,
    )


def recall(area: Area, number: int, known_at: datetime) -> Comparables | None:
    """The list that a figure was built with: same number and moment, same list. None: no such group."""
    group = None
    if number:
        group = db.scalar(sa.select(ComparisonGroup).where(ComparisonGroup.number == number))
        if group is None:
            return None
    return _find(group, area, known_at)


def candidates(kind: Kind, chosen: Collection[str] = ()) -> Comparables | None:
    """Who would be comparable if the council decided so now; None for a council without an area."""
    area = catalogue.own_area()
    if area is None:
        return None
    return _look(kind, chosen, area, _figures_changed_at(kind), None)


def municipality_names(area: Area) -> dict[str, str]:
    """Code -> name of every other municipality of today, in alphabetical order."""
    present = catalogue.municipalities((), _now())
    rows = db.execute(
        sa.select(Area.code, Area.name)
        .where(Area.id.in_([item.id for item in present]), Area.id != area.id)
        .order_by(sa.func.lower(Area.name))
    )
    return dict(rows.all())


def changed_at() -> datetime | None:
    """When the group last changed: by a decision, or because the figures that make it did."""
    present = present_group()
    moments = [present.decided_at] if present else []
    slugs = NEEDED[present.kind if present else Kind.SIZE]
    if figures := _series_changed_at(slugs):
        moments.append(figures)
    return max(moments, default=None)


def _find(group: ComparisonGroup | None, area: Area, known_at: datetime) -> Comparables:
    kind, chosen = (group.kind, group.chosen) if group else (Kind.SIZE, [])
    return _look(kind, chosen, area, known_at, group)


def _look(
    kind: Kind, chosen: Collection[str], area: Area, known_at: datetime, decision: ComparisonGroup | None
) -> Comparables:
    own, group = _group(kind, chosen, (area.id, area.code, area.province_code), known_at)
    return Comparables(
        kind=kind,
        area=area,
        own=own,
        group=group,
        known_at=known_at,
        provinces=_provinces(),
        decision=decision,
    )


def _group(
    kind: Kind, chosen: Collection[str], area: tuple[int, str, str | None], known_at: datetime
) -> tuple[Municipality, Group]:
    """Our municipality, and those that are comparable with it. A moment gives the same answer whenever it is asked."""
    everyone = catalogue.municipalities(NEEDED[kind], known_at)
    own = next((item for item in everyone if item.id == area[0]), None) or Municipality(*area, {})
    return own, select(kind, own, everyone, chosen)


_remembered = lru_cache(maxsize=256)(
    _group
)  # only codes and numbers of public figures: the same for every council


def _provinces() -> dict[str, str]:
    rows = db.execute(sa.select(Area.code, Area.name).where(Area.type == AreaType.PROVINCIE))
    return dict(rows.all())


def _figures_changed_at(kind: Kind) -> datetime:
    return _series_changed_at({INHABITANTS, *NEEDED[kind]}) or _now()


def _series_changed_at(slugs: Collection[str]) -> datetime | None:
    return db.scalar(
        sa.select(sa.func.max(Series.changed_at)).join(Indicator).where(Indicator.slug.in_(slugs))
    )


def _now() -> datetime:
    return datetime.now(UTC)
