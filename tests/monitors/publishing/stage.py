"""A monitor with something of everything, each with a word of its own to look for."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import (
    Cast,
    load_own_figures,
    make_goal,
    make_link,
    make_need,
    make_plan,
    make_value,
)
from workbench.core.db import db
from workbench.evidence.follow_up.models import Part
from workbench.evidence.follow_up.operations import add
from workbench.monitors import operations
from workbench.monitors.building import build_blocks
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation import queries as conversations
from workbench.monitors.format import (
    AnyBlock,
    Events,
    Figure,
    Format,
    GoalHead,
    Money,
    Question,
    Text,
    Unknown,
)
from workbench.monitors.models import Monitor
from workbench.uploads.models import OwnIndicator
from workbench.vision.models import Plan

PAGE = "/almere/monitor/openbaar"
# What is nowhere to be read as long as nobody ticked it.
SECRET = {
    "text": "Kanarievogel",
    "question": "Zeppelinhangar",
    "cost": "Drijfijsschots",
    "words": "Pepernotenfabriek",
    "goal": "Vuurtorenwachter",
    "reason": "Windorgelbouwer",
    "conversation": "Dakpannenlegger",
    "own": "Regenboogforel",
    "event": "Mosterdmolen",
}


@dataclass
class Stage:
    plan: Plan
    monitor: Monitor
    shown: AnyBlock  # the figure under the first goal
    other: AnyBlock  # the figure under the second
    own: AnyBlock
    own_figure: OwnIndicator
    blocks: dict[str, AnyBlock]
    section_id: UUID  # of the first value

    @property
    def choose(self) -> str:
        return f"/almere/inwoners/monitors/{self.monitor.id}"


def set_stage(cast: Cast) -> Stage:
    """A published monitor of Almere with two values; under the first a goal with a figure, under the second the rest."""
    plan = make_plan("Zo gaat het hier")
    near = make_value(plan, own_words=f"Hulp dichtbij, zegt de {SECRET['words']}.")
    free = make_value(plan, "Vrijheid", own_words="Zelf kiezen.")
    goal = make_goal(near)
    second = make_goal(free, f"de {SECRET['goal']} slaapt")
    make_link(goal, "inwoners", reason="Omdat iedereen meetelt.")
    make_link(second, "huishoudensgrootte", reason=f"Volgens de {SECRET['reason']}.")
    own_figure = load_own_figures(name=f"Gezinnen met een {SECRET['own']}")
    make_link(second, own_figure, reason="Wij tellen zelf.")
    make_need(second)
    add(
        second,
        Part.COST,
        None,
        name=f"Een {SECRET['cost']}",
        once=None,
        yearly=77_000,
        cover="",
        certainty="guess",
        spending="",
    )
    conversation.ask(
        conversations.goal(second.id),
        f"Wat doet de {SECRET['conversation']}?",
        cast.clerk.id,
        cast.councillor.id,
    )
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()

    def more(format_: Format) -> Format:
        sections = list(format_.sections)
        extra = (
            Text(id=UUID(int=1), text=f"Let op de {SECRET['text']}."),
            Question(id=UUID(int=2), text=f"Waar is de {SECRET['question']}?"),
            Events(id=UUID(int=3)),
        )
        sections[1] = sections[1].model_copy(update={"blocks": (*sections[1].blocks, *extra)})
        return format_.model_copy(update={"sections": tuple(sections)})

    operations.shape(monitor, monitor.draft, more, {"what": "proposed"}, None)
    operations.publish(monitor, monitor.draft, None)
    build_blocks()
    db.commit()
    format_ = operations.format_of(monitor, monitor.published or 0)
    figures = [block for block in format_.blocks if isinstance(block, Figure)]
    return Stage(
        plan,
        monitor,
        *figures,
        own_figure,
        {
            block.kind: block
            for block in format_.blocks
            if isinstance(block, Text | Question | Money | Events | Unknown | GoalHead)
        },
        format_.sections[0].id,
    )


def tick(client: Client, stage: Stage, *blocks: UUID) -> Page:
    return client.send(stage.choose, blok=[str(block) for block in blocks])


def publish(client: Client, stage: Stage, *blocks: UUID, **fields: Any) -> Page:
    """As the clerk does it: tick, look, publish."""
    assert tick(client, stage, *blocks).location.endswith(f"{stage.choose}/publiceren")
    return client.submit(f"{stage.choose}/publiceren", **fields)


def in_the_past(stage: Stage, **dates: date | None) -> None:
    """Move the first or last day of what stands."""
    from workbench.monitors.publishing.models import Publication

    db.execute(sa.update(Publication).where(Publication.monitor_id == stage.monitor.id).values(**dates))
    db.commit()


def size_of(png: bytes) -> tuple[int, int]:
    from PIL import Image

    with Image.open(BytesIO(png)) as image:
        return image.size
