"""What changed in an example since it was copied, beside what the plan's own cards say now."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import InstrumentedAttribute

from workbench.core.db import db
from workbench.core.forms import in_words
from workbench.evidence.models import Link
from workbench.showcase.arrival.queries import settled
from workbench.showcase.content import PlanContent, SharedCard, SharedFigure, SharedStories
from workbench.showcase.queries import Example, Shown
from workbench.showcase.updating.difference import (
    CardChange,
    Change,
    FieldChange,
    cards,
    compare,
    reads_differently,
)
from workbench.showcase.updating.kinds import KINDS, Kind
from workbench.vision.models import Goal, Plan
from workbench.vision.words import Part, difference


@dataclass(frozen=True)
class OwnCard:
    """A card of the plan that came from an example. `goal_id`: the goal it stands under, or is."""

    kind: Kind
    id: UUID
    goal_id: UUID | None
    version: int
    fields: dict[str, Any]  # as JSON


def own_cards(plan: Plan) -> dict[UUID, OwnCard]:
    """By the key of the card of the example; in one query."""
    rows = db.execute(sa.union_all(*(_of_kind(kind, plan) for kind in KINDS.values())))
    return {
        key: OwnCard(KINDS[kind], card_id, goal_id, version, KINDS[kind].ordered(fields))
        for kind, key, card_id, goal_id, version, fields in rows
    }


def _of_kind(kind: Kind, plan: Plan) -> sa.Select[Any]:
    model = kind.model
    pairs: list[Any] = []
    for name in kind.fields:
        pairs += [sa.literal(name), getattr(model, name)]
    goal_id: InstrumentedAttribute[Any] | sa.ColumnElement[Any]
    goal_id = model.id if model is Goal else getattr(model, "goal_id", sa.cast(sa.null(), sa.Uuid))
    columns = (
        sa.literal(model.__tablename__),
        model.origin_key,
        model.id,
        goal_id,
        model.version,
        sa.func.jsonb_build_object(*pairs, type_=sa.dialects.postgresql.JSONB),
    )
    query = sa.select(*columns).where(model.origin_key.is_not(None))
    if hasattr(model, "plan_id"):
        return query.where(model.plan_id == plan.id)
    if hasattr(model, "link_id"):
        query = query.join(Link, Link.id == model.link_id).join(Goal, Goal.id == Link.goal_id)
    else:
        query = query.join(Goal, Goal.id == model.goal_id)
    return query.where(Goal.plan_id == plan.id)


@dataclass(frozen=True)
class Update:
    """An example as it was copied beside how it is now, with what the group has to choose about."""

    example: Example
    shown: Shown
    own: Mapping[UUID, OwnCard]
    changes: Mapping[UUID, CardChange]

    @cached_property
    def base(self) -> PlanContent:
        return self.example.content

    @property
    def asking(self) -> list[CardChange]:
        return [change for change in self.changes.values() if change.asks]

    @property
    def pending(self) -> set[UUID]:
        return {change.key for change in self.asking}

    @cached_property
    def _items(self) -> dict[UUID, Any]:
        return {**cards(self.base), **cards(self.shown.content)}

    def item(self, key: UUID) -> Any:
        """The card of the example: as it is now, or as it was when it is gone."""
        return self._items[key]

    def named(self, change: Change) -> list[str]:
        """The cards of which this is to be said that have a name, in words; not what stands under a card that is new too."""
        return [
            name
            for item in self.changes.values()
            if item.change is change and (name := title_of(self.item(item.key)))
        ]

    @property
    def new(self) -> list[str]:
        """What came: cards, and questions at the steps, which have no key."""
        before = {question.origin for question in self.base.own_questions}
        asked = self.shown.content.own_questions
        return [*self.named(Change.NEW), *(item.text for item in asked if item.origin not in before)]

    @property
    def renewing(self) -> list[str]:
        """Cards that nobody took over, and that read differently now."""
        before, now = cards(self.base), cards(self.shown.content)
        return [
            name
            for key, change in self.changes.items()
            if change.change is Change.NOT_TAKEN and key in before and key in now
            if reads_differently(before[key], now[key]) and (name := title_of(now[key]))
        ]


def title_of(item: Any) -> str:
    """How a card of an example is called; empty when it has nothing of its own to be called by."""
    if isinstance(item, SharedStories):
        return str(_("Verhalen: %(kind)s", kind=item.kind_name))
    for name in ("whole_sentence", "title", "name", "change", "text"):
        if text := getattr(item, name, ""):
            return str(text)
    return ""


def update_of(plan: Plan, example: Example, shown: Shown) -> Update:
    own = own_cards(plan)
    before, now = cards(example.content), cards(shown.content)
    gone_out = {key for key, card in settled(plan).items() if card.taken_at and key not in own}
    ours = {key: card.fields for key, card in own.items() if key in before or key in now}
    found = compare(_said(before, own), _said(now, own), ours, gone_out)
    return Update(example, shown, own, found)


def _said(items: Mapping[UUID, Any], own: Mapping[UUID, OwnCard]) -> dict[UUID, dict[str, Any]]:
    """What each card of an example says in the fields of the own card that came from it; nothing without one."""
    return {
        key: own[key].kind.fields_of(item) if key in own and isinstance(item, SharedCard) else {}
        for key, item in items.items()
    }


# --- For people to read ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One field in three texts. `there`, `here`: what changed since it was copied, word by word."""

    label: str
    change: Change
    base: str
    there: list[Part]
    here: list[Part]


@dataclass(frozen=True)
class Choice:
    """A card to choose about, as the page shows it."""

    change: CardChange
    kind: Any
    title: str
    card: OwnCard
    lines: list[Line]

    @property
    def is_split(self) -> bool:
        """Did both change the same field?"""
        return any(line.change is Change.BOTH for line in self.lines)


def choices_of(update: Update) -> list[Choice]:
    """In the order of the example; goals before what is under them."""
    found = []
    for change in update.asking:
        card = update.own[change.key]
        item = update.item(change.key)
        title = title_of(item) or (
            _figure_of(update, change.key) if card.kind.model.__tablename__ == "measuring" else ""
        )
        found.append(Choice(change, card.kind.name, title, card, lines_of(change, card.kind)))
    return found


def _figure_of(update: Update, reading: UUID) -> str:
    for item in update._items.values():
        if isinstance(item, SharedFigure) and item.reading and item.reading.key == reading:
            return item.name
    return ""


def lines_of(change: CardChange, kind: Kind) -> list[Line]:
    """The fields that differ somewhere."""
    form = kind.form_for(kind.fields)
    lines = []
    for field in change.fields:
        if field.change is Change.NONE and field.ours == field.base:
            continue
        words = {side: _in_words(form, kind, field, side) for side in ("base", "theirs", "ours")}
        lines.append(
            Line(
                str(form[field.name].label.text),
                field.change,
                words["base"],
                difference(words["base"], words["theirs"]),
                difference(words["base"], words["ours"]),
            )
        )
    return lines


def _in_words(form: Any, kind: Kind, field: FieldChange, side: str) -> str:
    value = kind.typed({field.name: getattr(field, side)})[field.name]
    return in_words(form[field.name], value)
