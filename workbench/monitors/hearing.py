"""Hearing the voices in a monitor: the words of quotes, read for one audience at the moment of reading."""

from collections.abc import Iterable
from uuid import UUID

from flask import g, has_request_context

from workbench.knowledge.calendar.models import today
from workbench.monitors.models import Monitor, MonitorKind
from workbench.monitors.voices import Silence, Voice, silent
from workbench.stories.kept import queries as kept
from workbench.stories.kept.models import Excerpt
from workbench.stories.kept.visibility import Audience


def audience_of(monitor: Monitor | None) -> Audience:
    """For whom the quotes in a monitor are read: never more than all of its readers may hear, whoever opens it."""
    is_public = monitor is not None and monitor.kind is MonitorKind.PUBLIC
    return Audience.PUBLIC if is_public else Audience.COUNCIL


def hear(excerpt_ids: Iterable[UUID], who: Audience) -> dict[UUID, Voice]:
    """Each of these excerpts, with its words or with why there are none."""
    wanted = list(dict.fromkeys(excerpt_ids))
    if not wanted:
        return {}
    heard, narrowed = kept.told(wanted, who, today())
    if has_request_context() and heard:
        g.holds_words = True  # of narrators: this page is not remembered; see core/drawn_once
    return {excerpt_id: voice_of(excerpt) for excerpt_id, excerpt in heard.items()} | {
        excerpt_id: silent(excerpt_id, Silence.NOT_HERE if excerpt_id in narrowed else Silence.GONE)
        for excerpt_id in wanted
        if excerpt_id not in heard
    }


def voice_of(excerpt: Excerpt) -> Voice:
    story = excerpt.story
    return Voice(
        excerpt.id,
        excerpt.words,
        story.safe.teller if story.safe else "",
        story.source.kind.value if story.source else "",
        story.told_on,
        excerpt.leaning.value if excerpt.leaning else "",
    )
