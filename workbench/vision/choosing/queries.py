"""Reading the library, the frames and what was decided."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from workbench.core.cards import CardRevision, revisions
from workbench.core.db import db
from workbench.vision.choosing.models import Frame, FramePart, LibraryValue, ValueDecision, ValuePart
from workbench.vision.models import Plan, Value


def library() -> list[LibraryValue]:
    return list(db.scalars(sa.select(LibraryValue).order_by(LibraryValue.number)))


def library_value(slug: str | None) -> LibraryValue | None:
    """The card to start from; None without one, and for one that does not exist."""
    return db.get(LibraryValue, slug) if slug else None


def frames() -> list[Frame]:
    """All frames with their parts, in order."""
    return list(db.scalars(sa.select(Frame).options(selectinload(Frame.parts)).order_by(Frame.number)))


@dataclass(frozen=True)
class Covered:
    """A part of a frame and the values of the plan that serve it."""

    part: FramePart
    values: list[Value]


def coverage(plan: Plan, frame: Frame) -> list[Covered]:
    """The parts of a frame with the values that serve them: the blank spots first."""
    rows = db.execute(
        sa.select(ValuePart.part_slug, Value)
        .join(Value, Value.id == ValuePart.value_id)
        .where(Value.plan_id == plan.id, ValuePart.part_slug.startswith(f"{frame.slug}/"))
        .order_by(Value.created_at, Value.id)
    )
    serving: dict[str, list[Value]] = {}
    for slug, value in rows:
        serving.setdefault(slug, []).append(value)
    covered = [Covered(part, serving.get(part.slug, [])) for part in frame.parts]
    return sorted(covered, key=lambda item: bool(item.values))


def chosen_values(plan: Plan) -> set[UUID]:
    """The values the group holds on to; empty as long as nothing was decided."""
    chosen = db.scalar(sa.select(ValueDecision.chosen).where(ValueDecision.plan_id == plan.id))
    return set(chosen or ())


def parts_of(value: Value) -> set[str]:
    return set(db.scalars(sa.select(ValuePart.part_slug).where(ValuePart.value_id == value.id)))


def frame(slug: str, among: list[Frame]) -> Frame:
    """The frame with this name; 404 when there is none."""
    return next((item for item in among if item.slug == slug), None) or abort(404)


def merged_into(values: list[Value]) -> dict[UUID, list[Value]]:
    """Value id -> the values that went into it."""
    found: dict[UUID, list[Value]] = {}
    query = sa.select(Value).where(Value.merged_into_id.in_([value.id for value in values]))
    for value in db.scalars(query.order_by(Value.name)):
        if value.merged_into_id:
            found.setdefault(value.merged_into_id, []).append(value)
    return found


@dataclass(frozen=True)
class Change:
    """What one revision of the decision changed, in sentences."""

    revision: CardRevision
    sentences: list[str]


def changes(decision: ValueDecision) -> list[Change]:
    """The history of a decision, newest first: which values came and went, and which texts changed."""
    kept = revisions(decision)
    names = {
        str(value_id): name
        for value_id, name in db.execute(
            sa.select(Value.id, Value.name).where(Value.plan_id == decision.plan_id)
        )
    }
    older: list[CardRevision | None] = [*kept[1:], None]
    return [
        Change(new, _difference(old.content if old else None, new.content, names))
        for new, old in zip(kept, older, strict=True)
    ]


def _difference(old: dict[str, Any] | None, new: dict[str, Any], names: dict[str, str]) -> list[str]:
    def named(content: dict[str, Any]) -> set[str]:
        return {names.get(item, _("een verwijderde waarde")) for item in content["chosen"]}

    if old is None:
        return [_("Gekozen: %(names)s.", names=", ".join(sorted(named(new))))]
    came, went = named(new) - named(old), named(old) - named(new)
    sentences = []
    if came:
        sentences.append(_("Erbij: %(names)s.", names=", ".join(sorted(came))))
    if went:
        sentences.append(_("Eraf: %(names)s.", names=", ".join(sorted(went))))
    if new["reasons"] != old["reasons"]:
        sentences.append(_("De redenen zijn anders verwoord."))
    if new["minority_view"] != old["minority_view"]:
        sentences.append(_("Het minderheidsstandpunt is anders verwoord."))
    return sentences
