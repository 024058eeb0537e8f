"""Reading what a connector gives, and asking it something slightly different."""

from collections.abc import Iterable
from typing import Any

from workbench.sources.connectors import Batch, Request

Cell = tuple[float | None, str, str | None]


def cells(batches: Iterable[Batch]) -> dict[tuple[str, str, str], Cell]:
    """(measure, area, period) -> (value, status, missing)"""
    return {
        (b.measure[i], b.area[i], b.period[i]): (b.value[i], b.status[i], b.missing[i])
        for b in batches
        for i in range(len(b))
    }


def changed(request: Request, **fields: Any) -> Request:
    return Request(**(vars(request) | fields))
