"""When the workbench looks at its sources by itself."""

from datetime import datetime, time, timedelta

from workbench.core.language import AMSTERDAM

NIGHTLY = time(3, 17)  # Dutch time


def next_nightly(now: datetime) -> datetime:
    """The first nightly refresh after this moment."""
    here = now.astimezone(AMSTERDAM)
    tonight = datetime.combine(here.date(), NIGHTLY, AMSTERDAM)
    return (
        tonight if tonight > here else datetime.combine(here.date() + timedelta(days=1), NIGHTLY, AMSTERDAM)
    )
