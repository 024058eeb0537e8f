"""Removing files with own figures that nobody went on with."""

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.jobs import Job, enqueue
from workbench.sources.operations import all_council_ids
from workbench.uploads import operations


@celery.task(name=Job.REMOVE_OLD_DRAFTS, base=CouncilTask)  # type: ignore[untyped-decorator]
def remove_old_drafts() -> None:
    operations.remove_old_drafts()


@celery.task(name=Job.REMOVE_OLD_DRAFTS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def remove_old_drafts_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.REMOVE_OLD_DRAFTS, council_id=council_id)
