"""Hearing the voices in a monitor: the words of quotes, read for one audience at the moment of reading."""

from collections.abc import Hashable, Iterable
from typing import Any, cast
from uuid import UUID

from flask import current_app

from workbench.core.drawn_once import leave_open
from workbench.knowledge.calendar.models import today
from workbench.monitors.models import Monitor, MonitorKind
from workbench.monitors.voices import Silence, Voice, from_all, mark_of, silent
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
    return {excerpt_id: voice_of(excerpt, who) for excerpt_id, excerpt in heard.items()} | {
        excerpt_id: silent(excerpt_id, Silence.NOT_HERE if excerpt_id in narrowed else Silence.GONE)
        for excerpt_id in wanted
        if excerpt_id not in heard
    }


def place_of(voice: Voice) -> str | None:
    """Where the words of this voice come in a page that is remembered; None: they are written at once."""
    fact = (voice.excerpt_id, mark_of(voice), voice.source, voice.audience)
    return leave_open(fact, lambda: _spoken(voice))


def _spoken(voice: Voice) -> str:
    template: Any = current_app.jinja_env.get_template("components/voice.html").module
    return str(template.voice_now(voice))


def spoken_late(facts: list[Hashable]) -> list[str]:
    """The voices of a remembered page, as they may be heard at this moment."""
    wanted = cast("list[tuple[UUID, str, str, Audience]]", facts)
    heard = {
        who: hear([fact[0] for fact in wanted if fact[3] is who], who) for who in {fact[3] for fact in wanted}
    }
    return [
        _spoken(from_all(heard[who], excerpt_id, mark, source)) for excerpt_id, mark, source, who in wanted
    ]


def voice_of(excerpt: Excerpt, who: Audience) -> Voice:
    story = excerpt.story
    return Voice(
        excerpt.id,
        excerpt.words,
        story.safe.teller if story.safe else "",
        story.source.kind.value if story.source else "",
        story.told_on,
        excerpt.leaning.value if excerpt.leaning else "",
        audience=who,
    )
