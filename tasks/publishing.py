"""Drawing the picture that stands beside a link to the monitor for residents."""

from tasks.worker import CouncilTask, celery
from workbench.core.jobs import Job
from workbench.monitors.publishing import pictures


@celery.task(name=Job.DRAW_PUBLIC_PICTURES, base=CouncilTask)  # type: ignore[untyped-decorator]
def draw_public_pictures() -> None:
    pictures.draw_pictures()
