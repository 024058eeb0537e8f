"""Making the files that members take along."""

from uuid import UUID

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.db import db
from workbench.core.jobs import Job, enqueue
from workbench.monitors.exports import operations
from workbench.sources.operations import all_council_ids


@celery.task(name=Job.WRITE_EXPORT, base=CouncilTask)  # type: ignore[untyped-decorator]
def write_export(export_id: UUID) -> None:
    """In two transactions, so that who waits sees that it is being made; killed in between, it is picked up again."""
    if operations.start(export_id):
        db.commit()
        operations.finish(export_id)


@celery.task(name=Job.TEND_EXPORTS, base=CouncilTask)  # type: ignore[untyped-decorator]
def tend_exports() -> None:
    operations.tend()


@celery.task(name=Job.TEND_EXPORTS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def tend_exports_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.TEND_EXPORTS, council_id=council_id)
