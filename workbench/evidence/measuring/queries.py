"""Reading how figures are measured, and the figures that measuring can start from."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.evidence.measuring.models import Measuring
from workbench.evidence.models import Link
from workbench.indicators import queries as catalogue
from workbench.indicators.models import Indicator
from workbench.uploads import queries as uploads


@dataclass(frozen=True)
class Start:
    """A figure of our municipality that measuring can start from."""

    period: str
    value: float
    status: str


def of_link(link: Link) -> Measuring | None:
    return db.scalar(sa.select(Measuring).where(Measuring.link_id == link.id))


def starts_of(link: Link) -> list[Start]:
    """Our figures with a value, the newest first; what is hidden because of too few people is not among them."""
    area = catalogue.own_area()
    if area is None:
        return []
    if link.own_indicator:
        own = [row for row, _before in uploads.line_of(link.own_indicator, area.code)]
        found = [
            Start(row.period, row.value, row.status)
            for row in own
            if row.value is not None and not row.guarded
        ]
    else:
        indicator = db.scalars(
            sa.select(Indicator)
            .where(Indicator.id == link.indicator_id)
            .options(selectinload(Indicator.series))
            .execution_options(populate_existing=True)
        ).one()
        line = catalogue.lines_of([indicator], area).get(indicator.slug, [])
        found = [Start(item.period.code, item.value, item.status) for item in line if item.value is not None]
    return found[::-1]
