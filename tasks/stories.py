"""Reading stories that came in, ending those whose time is over, and clearing what showed the words of a story that went."""

from uuid import UUID

from tasks.worker import CouncilTask, PlatformTask, celery
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job, enqueue
from workbench.core.language import Language
from workbench.core.tenancy import act_for
from workbench.knowledge.calendar.models import today
from workbench.monitors import quoting
from workbench.monitors.exports import operations as exports
from workbench.sources.operations import all_council_ids
from workbench.stories.kept import operations
from workbench.stories.taking_in import operations as taking_in
from workbench.stories.taking_in import settling


@celery.task(name=Job.FORGET_STORY, base=CouncilTask)  # type: ignore[untyped-decorator]
def forget_story(story_id: UUID) -> None:
    """Clear what showed words of a story that went, or that goes less far from now on; twice does no more than once."""
    found = quoting.to_clear(story_id)
    db.commit()
    if found.gone:
        with as_platform():
            act_for(db, found.council_id)
            quoting.withdraw_parts(found.gone)
    exports.take_back(found.unheard)
    operations.cleared(story_id, found.gone)
    enqueue(Job.BUILD_BLOCKS)  # a monitor that nobody shaped lets others speak


@celery.task(name=Job.END_STORIES, base=CouncilTask)  # type: ignore[untyped-decorator]
def end_stories() -> None:
    operations.end_what_is_over(today())
    settling.tended(taking_in.now())
    for story_id in operations.waiting_to_be_cleared():
        enqueue(Job.FORGET_STORY, story_id=story_id)  # also where an earlier job got lost


@celery.task(name=Job.END_STORIES_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def end_stories_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.END_STORIES, council_id=council_id)


@celery.task(name=Job.READ_STORY, base=CouncilTask)  # type: ignore[untyped-decorator]
def read_story(story_id: UUID) -> None:
    taking_in.read_story(story_id, Language("nl"))


@celery.task(name=Job.READ_PILE, base=CouncilTask)  # type: ignore[untyped-decorator]
def read_pile(story_pile_id: UUID) -> None:
    taking_in.read_pile(story_pile_id, Language("nl"))


@celery.task(name=Job.TEND_STORIES, base=CouncilTask)  # type: ignore[untyped-decorator]
def tend_stories() -> None:
    taking_in.tend(taking_in.now())


@celery.task(name=Job.TEND_STORIES_EVERYWHERE, base=PlatformTask)  # type: ignore[untyped-decorator]
def tend_stories_everywhere() -> None:
    for council_id in all_council_ids():
        enqueue(Job.TEND_STORIES, council_id=council_id)
