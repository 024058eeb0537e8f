"""The codebook: labels in a tree, with what they are about."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.stories.coding.models import MOST_LOOKS, CoderReading, Coding, Tag, TagGoal, TagValue
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import plans

DEEPEST = 4  # levels


# --- Reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """A label in the tree. `path`: the names above it and its own."""

    tag: Tag
    level: int  # 1: at the top
    path: tuple[str, ...]

    @property
    def whole_name(self) -> str:
        return " › ".join(self.path)


def tree(*, with_retired: bool = False) -> list[Placed]:
    """Every label after the one it hangs under, by name. What hangs under a retired label goes where that one would."""
    return in_order(list(db.scalars(sa.select(Tag))), with_retired=with_retired)


def in_order(tags: Sequence[Tag], *, with_retired: bool = False) -> list[Placed]:
    below: dict[UUID | None, list[Tag]] = defaultdict(list)
    for tag in sorted(tags, key=lambda tag: (tag.name.casefold(), str(tag.id))):
        below[tag.parent_id].append(tag)

    def walk(parent: UUID | None, level: int, path: tuple[str, ...]) -> Iterator[Placed]:
        for tag in below[parent]:
            names = (*path, tag.name)
            yield Placed(tag, level, names)
            yield from walk(tag.id, level + 1, names)

    return [item for item in walk(None, 1, ()) if with_retired or item.tag.retired_at is None]


def counts() -> dict[UUID, int]:
    """Label -> passages with it, as far as this person sees them."""
    rows = db.execute(sa.select(Coding.tag_id, sa.func.count()).group_by(Coding.tag_id))
    return {tag_id: count for tag_id, count in rows}  # noqa: C416 - rows are no tuples to the type checker


@dataclass
class About:
    """Which goals and values a label says something about."""

    goals: list[Goal] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)


@dataclass(frozen=True)
class Offer:
    """The goals and values that this person sees, those of the newest plan first."""

    goals: list[Goal]
    values: list[Value]


def goals() -> list[Goal]:
    """Those that this person sees, of the newest plan first."""
    return _goals_of([plan.id for plan in plans()])


def _goals_of(plan_ids: Sequence[UUID]) -> list[Goal]:
    query = sa.select(Goal).join(Plan).where(Goal.plan_id.in_(plan_ids))
    return list(db.scalars(query.order_by(Plan.created_at.desc(), Goal.created_at, Goal.id)))


def offer() -> Offer:
    plan_ids = [plan.id for plan in plans()]
    values = (
        sa.select(Value)
        .join(Plan, Plan.id == Value.plan_id)
        .where(Value.plan_id.in_(plan_ids), Value.merged_into_id.is_(None))
        .order_by(Plan.created_at.desc(), Value.created_at, Value.id)
    )
    return Offer(_goals_of(plan_ids), list(db.scalars(values)))


def about(offered: Offer) -> dict[UUID, About]:
    """Label -> its goals and values, as far as this person sees them."""
    found: dict[UUID, About] = defaultdict(About)
    goals = {goal.id: goal for goal in offered.goals}
    values = {value.id: value for value in offered.values}
    for tag_id, goal_id in db.execute(sa.select(TagGoal.tag_id, TagGoal.goal_id)):
        if goal_id in goals:
            found[tag_id].goals.append(goals[goal_id])
    for tag_id, value_id in db.execute(sa.select(TagValue.tag_id, TagValue.value_id)):
        if value_id in values:
            found[tag_id].values.append(values[value_id])
    return found


# --- Changing -------------------------------------------------------------------------------------------------------


def save(
    tag: Tag | None,
    content: dict[str, Any],
    *,
    by: UUID | None,
    base_version: int | None = None,
) -> Tag:
    """Add a label or change one. Raises: Conflict, EditConflict."""
    _one_at_a_time()
    everything = list(db.scalars(sa.select(Tag)))
    made = tag or Tag(look=least_used(everything))
    _check_name(made, content["name"], content.get("parent_id"), everything)
    _check_place(made, content.get("parent_id"), everything)
    if tag is None:
        for name, value in content.items():
            setattr(made, name, value)
        db.add(made)
        save_card(made, {}, by=by)
        db.flush()
    else:
        save_card(made, content, by=by, base_version=base_version)
    return made


def connect(tag: Tag, offered: Offer, goal_ids: Collection[UUID], value_ids: Collection[UUID]) -> None:
    """Say which of the goals and values that this person sees a label is about; others stay as they are."""
    _connect(TagGoal, "goal_id", tag.id, {goal.id for goal in offered.goals}, set(goal_ids))
    _connect(TagValue, "value_id", tag.id, {value.id for value in offered.values}, set(value_ids))


def least_used(tags: Sequence[Tag]) -> int:
    """The look that the fewest labels have."""
    used = [tag.look for tag in tags if tag.retired_at is None]
    return min(range(MOST_LOOKS), key=lambda look: (used.count(look), look))


def _one_at_a_time() -> None:
    """Two people who hang labels under each other at once would make a circle."""
    key = sa.func.hashtext("codebook " + str(db.info["council_id"]))
    db.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _check_name(tag: Tag, name: str, parent_id: UUID | None, everything: Sequence[Tag]) -> None:
    for other in everything:
        same = other.name.casefold() == name.casefold() and other.parent_id == parent_id
        if same and other.id != tag.id and other.retired_at is None:
            raise Conflict(_("Er is al een label „%(name)s”. Kies een andere naam.", name=other.name))


def _check_place(tag: Tag, parent_id: UUID | None, everything: Sequence[Tag]) -> None:
    parents = {other.id: other.parent_id for other in everything}
    above, at = 0, parent_id
    while at is not None:
        if at == tag.id:
            raise Conflict(_("Een label kan niet onder zichzelf hangen. Kies een andere plek."))
        above, at = above + 1, parents.get(at)
    if above + _height(tag.id, parents) > DEEPEST:
        raise Conflict(
            _("De boom wordt te diep: hooguit %(most)s lagen. Kies een hogere plek.", most=DEEPEST)
        )


def _height(tag_id: UUID, parents: dict[UUID, UUID | None]) -> int:
    return 1 + max(
        (_height(child, parents) for child, parent in parents.items() if parent == tag_id), default=0
    )


def _connect(
    table: type[TagGoal | TagValue], column: str, tag_id: UUID, seen: set[UUID], wanted: set[UUID]
) -> None:
    to = getattr(table, column)
    db.execute(sa.delete(table).where(table.tag_id == tag_id, to.in_(seen - wanted)))
    if rows := [{"tag_id": tag_id, column: other} for other in seen & wanted]:
        db.execute(insert(table).values(rows).on_conflict_do_nothing())


def retire(tag: Tag, *, by: UUID) -> None:
    """Offer a label no more; where it was given it stays."""
    if tag.retired_at is None:
        tag.retired_at = datetime.now(UTC)
        audit.record("tag_retired", tag, by=by)


def restore(tag: Tag, *, by: UUID) -> None:
    """Offer a label again. Raises: Conflict when its name is taken."""
    if tag.retired_at is not None:
        _one_at_a_time()
        _check_name(tag, tag.name, tag.parent_id, list(db.scalars(sa.select(Tag))))
        tag.retired_at = None
        audit.record("tag_restored", tag, by=by)


def merge(tag: Tag, into: Tag, *, by: UUID) -> None:
    """Give `into` wherever `tag` was given; `tag` is gone. Raises: Conflict."""
    _one_at_a_time()
    everything = list(db.scalars(sa.select(Tag)))
    if tag.id == into.id:
        raise Conflict(_("Kies een ander label om dit label in op te nemen."))
    if db.scalar(
        sa.select(sa.exists().where(CoderReading.is_blind, CoderReading.done_at.is_(None)))
    ):  # marks that are still hidden would lose their label
        raise Conflict(_("Iemand leest nu los van de anderen. Voeg labels samen als alle lezers klaar zijn."))
    parents = {other.id: other.parent_id for other in everything}
    at: UUID | None = into.id
    while at is not None:
        if at == tag.id:
            raise Conflict(_("„%(name)s” hangt onder dit label. Zet het eerst hoger.", name=into.name))
        at = parents.get(at)
    children = [other for other in everything if other.parent_id == tag.id]
    for child in children:
        _check_name(child, child.name, into.id, everything)
        _check_place(child, into.id, everything)
        save_card(child, {"parent_id": into.id}, by=by)
    has_both = sa.select(Coding.excerpt_id).where(Coding.tag_id == into.id)
    db.execute(sa.delete(Coding).where(Coding.tag_id == tag.id, Coding.excerpt_id.in_(has_both)))
    db.execute(sa.update(Coding).where(Coding.tag_id == tag.id).values(tag_id=into.id))
    for table, column in ((TagGoal, "goal_id"), (TagValue, "value_id")):
        mine = sa.select(sa.literal(into.id), getattr(table, column)).where(table.tag_id == tag.id)
        db.execute(insert(table).from_select(["tag_id", column], mine).on_conflict_do_nothing())
    audit.record("tag_merged", into, by=by)
    db.flush()
    db.delete(tag)
    db.flush()
