"""Building block documents, and asking about what is new in them. The only tasks that load Bokeh."""

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.jobs import Job, enqueue
from workbench.monitors import building
from workbench.monitors.conversation.signals import operations as signals
from workbench.sources.operations import all_council_ids


@celery.task(name=Job.BUILD_BLOCKS, base=CouncilTask)  # type: ignore[untyped-decorator]
def build_blocks() -> None:
    building.build_blocks()
    enqueue(Job.RAISE_SIGNALS)  # also when nothing was built: the job after an earlier one may have been lost


@celery.task(name=Job.RAISE_SIGNALS, base=CouncilTask)  # type: ignore[untyped-decorator]
def raise_signals() -> None:
    signals.raise_signals()


@celery.task(name=Job.BUILD_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def build_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.BUILD_BLOCKS, council_id=council_id)
        enqueue(Job.DRAW_PUBLIC_PICTURES, council_id=council_id)  # one that was lost
