"""The figures that a build job draws, read at once: the number of queries does not grow with the number of blocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from workbench.comparison.queries import Comparables, comparables
from workbench.indicators import queries as catalogue
from workbench.indicators.catalogue import AreaType
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.events.queries import events_by_indicator
from workbench.indicators.models import Area, Indicator
from workbench.indicators.queries import Archive, Figure
from workbench.monitors.company import Company

# What stands beside a municipality in one figure; regions are no part of it.
AROUND = (AreaType.PROVINCIE, AreaType.NL)


@dataclass(frozen=True)
class Material:
    """`around`: the province and the country; `districts`: of our municipality. `peers`: slug -> period -> figures of
    comparable municipalities by their ids, which never get a name.
    """

    area: Area
    comparison: Comparables
    company: Company
    around: list[Area]
    districts: list[Area]
    archive: Archive
    lines: dict[int, dict[str, list[Figure]]]
    peers: dict[str, dict[str, dict[int, float]]]
    events: dict[UUID, list[SeriesEvent]]

    def own(self, indicator: Indicator) -> list[Figure]:
        """Our figures, with what they were before."""
        return self.archive.figures(indicator, self.area.id)

    def line(self, indicator: Indicator, area: Area) -> list[Figure]:
        return self.lines[area.id].get(indicator.slug, [])

    def peers_of(self, indicator: Indicator) -> Mapping[str, dict[int, float]]:
        return self.peers.get(indicator.slug, {})


def material_for(indicators: Iterable[Indicator], area: Area, company: Company) -> Material:
    indicators = list({indicator.id: indicator for indicator in indicators}.values())
    comparison = comparables(area)
    around = [item for item in catalogue.areas_around(area) if item.type in AROUND]
    districts = catalogue.districts_of(area)
    return Material(
        area=area,
        comparison=comparison,
        company=company,
        around=around,
        districts=districts,
        archive=catalogue.read_archive(indicators, [area.id]),
        lines=catalogue.lines_about(indicators, [*around, *districts]),
        peers=catalogue.group_figures_of(indicators, comparison.area_ids),
        events=events_by_indicator(indicator.id for indicator in indicators),
    )
