"""Telling clerks and officers what happened to their sources."""

from tasks.worker import CouncilTask, PlatformTask, celery, settings
from workbench.core.jobs import Job, enqueue
from workbench.monitors import digest
from workbench.sources.operations import all_council_ids


@celery.task(name=Job.SEND_DIGESTS, base=CouncilTask)  # type: ignore[untyped-decorator]
def send_digests() -> None:
    digest.send_digests(settings())


@celery.task(name=Job.SEND_DIGESTS_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def send_digests_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.SEND_DIGESTS, council_id=council_id)
