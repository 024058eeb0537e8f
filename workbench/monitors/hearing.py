"""Hearing the voices in a monitor: the words of quotes, read for one audience at the moment of reading."""

from collections.abc import Collection, Hashable, Iterable
from typing import Any, NamedTuple, cast
from uuid import UUID

from flask import current_app
from jinja2 import Environment

from workbench.core.drawn_once import leave_open
from workbench.core.language import Language
from workbench.core.text import current_language
from workbench.knowledge.calendar.models import today
from workbench.monitors.models import Monitor, MonitorKind
from workbench.monitors.voices import Silence, Voice, from_all, mark_of, silent, told_by, why_not
from workbench.stories.kept import queries as kept
from workbench.stories.kept.models import Excerpt
from workbench.stories.kept.queries import Told
from workbench.stories.kept.visibility import Audience, reaches


def audience_of(monitor: Monitor | None) -> Audience:
    """For whom the quotes in a monitor are read: never more than all of its readers may hear, whoever opens it."""
    is_public = monitor is not None and monitor.kind is MonitorKind.PUBLIC
    return Audience.PUBLIC if is_public else Audience.COUNCIL


def hear(excerpt_ids: Iterable[UUID], who: Audience) -> dict[UUID, Voice]:
    """Each of these excerpts, with its words or with why there are none."""
    return heard_by(who, list(dict.fromkeys(excerpt_ids)), kept.told(excerpt_ids, today()))


def heard_by(who: Audience, wanted: Iterable[UUID], told: Iterable[Told]) -> dict[UUID, Voice]:
    """What this audience hears of what is there."""
    allowed, found = reaches(who), {one.excerpt_id: one for one in told}
    return {excerpt_id: _voice(excerpt_id, found.get(excerpt_id), who, allowed) for excerpt_id in wanted}


def _voice(excerpt_id: UUID, told: Told | None, who: Audience, allowed: Collection[str]) -> Voice:
    if told is None:
        return silent(excerpt_id, Silence.GONE)
    if told.reach not in allowed:
        return silent(excerpt_id, Silence.NOT_HERE)
    return Voice(
        excerpt_id,
        told.words,
        told.teller or "",
        told.source or "",
        told.told_on,
        told.leaning or "",
        audience=who,
    )


def place_of(voice: Voice) -> str | None:
    """Where the words of this voice come in a page that is remembered; None: they are written at once."""
    if not voice.audience:  # made up, in the style guide
        return None
    fact = LeftOpen(voice.excerpt_id, mark_of(voice), voice.source, Audience(voice.audience))
    return leave_open(fact, lambda: spoken(current_app.jinja_env, voice, current_language()))


class LeftOpen(NamedTuple):
    """Of which voice a place was left open, and as whose reader."""

    excerpt_id: UUID
    mark: str
    source: str
    audience: Audience


def spoken_late(facts: list[Hashable]) -> list[str]:
    """The voices of a remembered page, as they may be heard at this moment."""
    left_open = cast("list[LeftOpen]", facts)
    told = kept.told({fact.excerpt_id for fact in left_open}, today())
    return all_spoken(current_app.jinja_env, left_open, told, current_language())


def all_spoken(
    templates: Environment, left_open: list[LeftOpen], told: list[Told], language: Language
) -> list[str]:
    """HTML for each of these places."""
    heard = {
        who: heard_by(who, [fact.excerpt_id for fact in left_open], told)
        for who in {fact.audience for fact in left_open}
    }
    return [
        spoken(templates, from_all(heard[fact.audience], fact.excerpt_id, fact.mark, fact.source), language)
        for fact in left_open
    ]


def spoken(templates: Environment, voice: Voice, language: Language) -> str:
    """HTML of one voice."""
    module: Any = templates.get_template("components/voice.html").module
    return str(module.voice_now(voice, told_by(voice, language), why_not(voice, language)))


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
