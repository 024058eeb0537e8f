"""Stories for tests: made the way the workbench makes them."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.tenancy import act_as
from workbench.stories.coding import operations as coding
from workbench.stories.coding import tags
from workbench.stories.coding.models import Tag
from workbench.stories.kept import operations
from workbench.stories.kept.models import Excerpt, GivenBy, Leaning, Sealing, Story, Way
from workbench.stories.kept.visibility import Allowed, Reach, State
from workbench.stories.models import Basis, StoryKind, StorySource
from workbench.stories.taking_in import operations as taking_in
from workbench.stories.taking_in.models import PileState, StoryPile


def make_source(name: str = "Gesprekken in de wijk", **facts: Any) -> StorySource:
    facts = {
        "kind": StoryKind.INTERVIEWS,
        "from_whom": "ouders met jonge kinderen",
        "basis": Basis.CONSENT,
        "asks_narrator": False,
    } | facts
    source = StorySource(name=name, version=1, revision=1, **facts)
    db.add(source)
    db.flush()
    return source


def received(source: StorySource | None = None, text: str = "Rauwe tekst.", **facts: Any) -> Story:
    """A story that just came in, its text sealed."""
    source = source or make_source()
    return operations.receive(source, Way.TYPED, by=None, sealed={Sealing.RAW: text.encode()}, **facts)


def story_to_check(text: str = "Daan hielp mij.", source: StorySource | None = None) -> Story:
    """A story that the worker read and that somebody must look through."""
    story = received(source, text)
    db.flush()
    taking_in.read_story(story.id, Language("nl"))
    db.flush()
    return story


def make_pile(source_id: UUID) -> StoryPile:
    """Open answers of which the columns must be chosen."""
    pile = StoryPile(source_id=source_id, way=Way.ANSWER, state=PileState.TO_CHOOSE)
    table = {
        "header": ["nummer", "Wat hielp u?"],
        "rows": [["1", "De wijkcoach kwam langs."]],
        "open": ["Wat hielp u?"],
        "notes": [],
    }
    pile.box = operations.sealed_apart(pile.id, json.dumps(table).encode())
    db.add(pile)
    db.flush()
    return pile


def ready(
    text: str = "Ik wachtte lang op hulp. Daarna ging het goed.",
    reach: Reach = Reach.COUNCIL,
    *,
    source: StorySource | None = None,
    quotes_only: bool = False,
    ends_on: date | None = None,
    teller: str = "",
) -> Story:
    """A safe story that its narrator lets go this far."""
    story = received(source, text)
    story.state = State.TO_CHECK
    db.flush()
    operations.make_safe(story, text, by=None, teller=teller)
    allowed = Allowed(reach, quotes_only, ends_on)
    operations.consent(story, allowed, form_version="1", given_by=GivenBy.COLLECTOR)
    if story.asks_narrator:
        operations.approve(story)
    db.flush()
    return story


def excerpt(story: Story, words: str, text: str, **facts: Any) -> Excerpt:
    """A marked passage of the settled reading."""
    start = text.index(words)
    made = Excerpt(story_id=story.id, start_at=start, end_at=start + len(words), words=words, **facts)
    db.add(made)
    db.flush()
    return made


def label(name: str = "wachten", **content: Any) -> Tag:
    """A label of the codebook."""
    made = tags.save(None, {"name": name, **content}, by=None)
    db.flush()
    return made


def marked(
    story: Story, words: str, text: str, *labels: Tag, by: UUID, leaning: Leaning | None = None
) -> Excerpt:
    """A passage that this person marked."""
    start = text.index(words)
    act_as(db, by)
    [made] = coding.mark(
        story, {(start, start + len(words)): [tag.id for tag in labels]}, leaning=leaning, edition=None, by=by
    )
    return made
