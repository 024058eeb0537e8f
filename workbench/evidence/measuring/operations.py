"""Writing how a figure is measured."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.evidence.measuring.models import Measuring
from workbench.evidence.measuring.queries import Start, of_link
from workbench.evidence.models import Link


def measure(
    link: Link,
    starts: Iterable[Start],
    by: UUID | None,
    base_version: int | None = None,
    **content: Any,
) -> Measuring:
    """Keep how this link is measured, with the figure of its first period as it stands now; a start that was chosen
    before keeps the value it had then. Raises: EditConflict.
    """
    db.refresh(link, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    measuring = of_link(link)
    period = content["baseline_period"]
    if measuring is None or period != measuring.baseline_period:
        start = next((item for item in starts if item.period == period), None)
        content |= {
            "baseline_period": start.period if start else "",
            "baseline_value": start.value if start else None,
            "baseline_status": start.status if start else "",
        }
    if measuring is None:
        measuring = Measuring(link_id=link.id)
        db.add(measuring)
        base_version = None
    save_card(measuring, content, by=by, base_version=base_version)
    enqueue(Job.BUILD_BLOCKS)  # its aim, its limit and its direction stand in the figure
    return measuring
