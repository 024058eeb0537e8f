"""Reading what shows how each goal of a plan goes, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workbench.evidence import queries as evidence
from workbench.evidence.asking import queries as asking
from workbench.evidence.asking.models import DataRequest
from workbench.evidence.coverage.balance import Balance, balance
from workbench.evidence.models import Link
from workbench.evidence.telling.hearing import Stories, told_days, told_of
from workbench.evidence.telling.models import StoryLink
from workbench.indicators import queries as catalogue
from workbench.indicators.periods import parse_period
from workbench.stories.models import StorySource
from workbench.uploads import queries as uploads
from workbench.vision.models import Goal, Plan
from workbench.vision.queries import goals_of


@dataclass(frozen=True)
class Coverage:
    """What there is about one goal."""

    goal: Goal
    figures: list[Link]
    resting: int
    stories: list[StoryLink]
    requests: list[DataRequest]
    balance: Balance
    heard: Stories

    def is_planned(self, source: StorySource) -> bool:
        """Nobody told anything there yet."""
        return source.collected_on is None and source.id not in self.heard.by_source


def coverage_of(plan: Plan) -> list[Coverage]:
    """Per goal; those about which nothing is counted or told come first."""
    links, resting = evidence.in_view_by_goal(plan, with_series=True), evidence.resting_by_goal(plan)
    (stories, told), requests = told_of(plan), asking.requests_by_goal(plan)
    ends = newest_ends([link for found in links.values() for link in found])
    rows = []
    for goal in goals_of(plan, with_values=False):
        in_view, heard = links.get(goal.id, []), told.get(goal.id, Stories())
        rows.append(
            Coverage(
                goal,
                in_view,
                resting.get(goal.id, 0),
                stories.get(goal.id, []),
                requests.get(goal.id, []),
                balance(
                    [ends.get(link.id) for link in in_view],
                    told_days([link.source for link in stories.get(goal.id, [])], heard),
                    len(requests.get(goal.id, [])),
                    heard.count,
                ),
                heard,
            )
        )
    return sorted(
        rows, key=lambda row: (not row.balance.is_blank, bool(row.balance.counted and row.balance.told))
    )


def newest_ends(links: list[Link]) -> dict[UUID, date]:
    """Link id -> the end of the newest period with a figure of our own municipality; the series come with the links."""
    area = catalogue.own_area()
    if area is None or not links:
        return {}
    public = {link.indicator.id: link.indicator for link in links if link.indicator}
    own = {link.own_indicator.id: link.own_indicator for link in links if link.own_indicator}
    figures = catalogue.newest_figures(public.values(), area) if public else {}
    own_figures = uploads.newest(list(own.values()), area.code) if own else {}
    found: dict[UUID, date] = {}
    for link in links:
        if link.own_indicator_id in own_figures:
            found[link.id] = parse_period(own_figures[link.own_indicator_id].period).ends_on
        elif link.indicator and link.indicator.slug in figures:
            found[link.id] = figures[link.indicator.slug].period.ends_on
    return found
