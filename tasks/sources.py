"""Refreshing tables."""

from uuid import UUID

from tasks.worker import PlatformTask, celery, settings
from workbench.core.jobs import Job
from workbench.sources import operations, refresh


@celery.task(name=Job.REFRESH_TABLE, base=PlatformTask)  # type: ignore[untyped-decorator]
def refresh_table(run_id: UUID) -> None:
    refresh.carry_out(run_id, settings())


@celery.task(name=Job.PICK_UP_REQUESTS, base=PlatformTask)  # type: ignore[untyped-decorator]
def pick_up_requests() -> None:
    operations.pick_up_requests()


@celery.task(name=Job.REFRESH_ALL, base=PlatformTask)  # type: ignore[untyped-decorator]
def refresh_all() -> None:
    refresh.switch_sources(settings())
    for table in operations.tables_to_refresh():
        operations.queue_refresh(table.id)
