"""The templates that every installation starts with, in the showcase for everyone: of the workbench, not of a council."""

from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from seeds import read
from seeds.schema import Starter, StarterFigure, StarterGoal
from workbench.accounts import operations as accounts
from workbench.accounts.models import Council, CouncilKind
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_for
from workbench.showcase.content import PlanContent
from workbench.showcase.models import WORKBENCH, Licence, SharedTemplate, TemplateKind
from workbench.showcase.operations import share

SLUG = "werkbank"
KEYS = UUID("6d9f1c52-58c0-4d0e-9a0b-5d7c1b1f0a36")  # of all cards in these files; never another


def load() -> None:
    """Share what changed in the files; what did not stays as it is. Within an app context, as `web`."""
    with as_platform():
        council = db.scalar(sa.select(Council).where(Council.slug == SLUG))
        if council is None:
            council = accounts.add_council(WORKBENCH, SLUG, kind=CouncilKind.ATELIER)
        council_id = council.id
    act_for(db, council_id)
    library = {value.slug: value.name for value in read.value_library().values}
    catalogue = {entry.slug: entry.name for entry in read.indicators()}
    # Those that change last stand first in the showcase: the small one to begin with.
    for slug, item in sorted(read.starters().items(), key=lambda pair: pair[0] == "klein-beginnen"):
        _share(slug, item, library, catalogue)
    db.commit()
    act_for(db, None)


def _share(slug: str, item: Starter, library: dict[str, str], catalogue: dict[str, str]) -> None:
    subject = (TemplateKind.PLAN, uuid5(KEYS, slug))
    shared = db.scalar(sa.select(SharedTemplate).where(SharedTemplate.subject_id == subject[1]))
    content = content_of(slug, item, library, catalogue)
    texts = item.model_dump(include={"title", "description", "context", "differently"})
    if shared:
        content = PlanContent.model_validate(
            _counted(content.model_dump(mode="json"), _by_key(shared.content))
        )
        same = shared.content == content.model_dump(mode="json")
        if same and all(getattr(shared, name) == text for name, text in texts.items()):
            return
    share(None, content, fictitious=False, subject=subject, licence=Licence.CC0, contact="", **texts)


def content_of(slug: str, item: Starter, library: dict[str, str], catalogue: dict[str, str]) -> PlanContent:
    """As it is shared, each card in its first revision; a card keeps its key for ever."""

    def card(*path: str, **fields: Any) -> dict[str, Any]:
        return {"key": uuid5(KEYS, "/".join((slug, *path))), "revision": 1, **fields}

    def figure(goal: StarterGoal, figure: StarterFigure) -> dict[str, Any]:
        path = (goal.key, "cijfer", figure.indicator or figure.name)
        reading = None
        if figure.reading_up or figure.reading_down:
            readings = figure.model_dump(include={"reading_up", "reading_down"})
            reading = card(*path, "lezen", direction="context", direction_reason="", **readings)
        name = catalogue[figure.indicator] if figure.indicator else figure.name
        about = figure.model_dump(include={"indicator", "quality", "reason", "not_saying"})
        return card(*path, name=name, reading=reading, **about)

    def goal(goal: StarterGoal) -> dict[str, Any]:
        own = {"sentence", "aim", "duty", "actor", "target_group", "laws"}
        return card(
            goal.key,
            **goal.model_dump(include=own),
            values=[uuid5(KEYS, f"{slug}/{key}") for key in goal.values],
            horizon=None,
            needs=[card(goal.key, "nodig", key, **need.model_dump()) for key, need in goal.needs.items()],
            questions=[card(goal.key, "vraag", key, text=text) for key, text in goal.questions.items()],
            figures=[figure(goal, one) for one in goal.figures],
            stories=[card(goal.key, "verhalen", one.kind, **one.model_dump()) for one in goal.stories],
            moments=[
                card(goal.key, "moment", one.moment, one.instrument, **one.model_dump())
                for one in goal.moments
            ],
        )

    return PlanContent.model_validate(
        {
            "values": [
                card(
                    value.key,
                    mark=number,
                    name=library[value.key],
                    library_slug=value.key,
                    **value.model_dump(exclude={"key"}),
                )
                for number, value in enumerate(item.values)
            ],
            "goals": [goal(one) for one in item.goals],
            "answers": [{"question": key, "text": text} for key, text in item.answers.items()],
            "open_points": item.open_points,
        }
    )


def _by_key(content: Any) -> dict[str, Any]:
    """Every card in a content, however deep."""
    found: dict[str, Any] = {}
    if isinstance(content, dict):
        if "key" in content:
            found[content["key"]] = content
        for part in content.values():
            found |= _by_key(part)
    elif isinstance(content, list):
        for part in content:
            found |= _by_key(part)
    return found


def _counted(part: Any, before: dict[str, Any]) -> Any:
    """The same, with the next revision for each card of which the own words changed."""
    if isinstance(part, list):
        return [_counted(one, before) for one in part]
    if not isinstance(part, dict):
        return part
    counted = {name: _counted(value, before) for name, value in part.items()}
    if old := before.get(part.get("key", "")):
        counted["revision"] = old["revision"] + (_own(part) != _own(old))
    return counted


def _own(card: dict[str, Any]) -> dict[str, Any]:
    """Without its revision and without the cards under it."""
    return {name: value for name, value in card.items() if name != "revision" and not _by_key(value)}
