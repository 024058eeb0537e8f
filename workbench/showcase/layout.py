"""The order of a shared monitor, laid over the format of a monitor of one's own. Pure."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from workbench.monitors.format import DRAWN, KINDS, AnyBlock, Figure, Format, GoalHead, Money, Section
from workbench.showcase.content import SharedBlock, SharedSection

Sign: TypeAlias = tuple[object, ...]  # two blocks with the same sign show the same


def arranged(
    format_: Format,
    sections: Iterable[SharedSection],
    own: Mapping[UUID, UUID],
    new_id: Callable[[], UUID],
) -> Format:
    """The blocks of `format_` in the sections and views of the example, with its texts; nothing goes.

    `own`: key of a card of the example -> own value, goal or link. What was not taken over stays out. What the example
    does not have comes last: in the section of its value, or in its own section behind the others.
    """
    there: defaultdict[Sign, deque[AnyBlock]] = defaultdict(deque)
    for block in format_.blocks:
        there[_sign(block)].append(block)
    used: set[UUID] = set()  # of blocks and of sections
    made: list[Section] = []
    for shared in sections:
        blocks = [found for item in shared.blocks if (found := _block(item, own, there, new_id))]
        used |= {block.id for block in blocks}
        value_id = own.get(shared.value) if shared.value else None
        if not blocks and value_id is None:
            continue
        before = _same_section(format_, shared.title, value_id, used)
        section = before or Section(id=new_id(), value_id=value_id)
        used.add(section.id)
        shown = {"title": shared.title or section.title, "hidden": False, "blocks": tuple(blocks)}
        made.append(section.model_copy(update=shown))
    left = {
        section.id: tuple(block for block in section.blocks if block.id not in used)
        for section in format_.sections
    }
    behind = (
        section.model_copy(update={"blocks": left[section.id]})
        for section in format_.sections
        if section.id not in used and (left[section.id] or not section.blocks)
    )
    with_rest = (
        section.model_copy(update={"blocks": (*section.blocks, *left.get(section.id, ()))})
        for section in made
    )
    return format_.model_copy(update={"sections": (*with_rest, *behind)})


def has_place(sections: Iterable[SharedSection], own: Mapping[UUID, UUID]) -> bool:
    """Was anything taken over that these sections show?"""
    return any(
        key in own for section in sections for block in section.blocks for key in (block.goal, block.figure)
    )


def _block(
    item: SharedBlock,
    own: Mapping[UUID, UUID],
    there: Mapping[Sign, deque[AnyBlock]],
    new_id: Callable[[], UUID],
) -> AnyBlock | None:
    """The own block that shows this, else a new one. None: what it is about was not taken over."""
    kind = KINDS[item.kind]
    fields: dict[str, Any] = {}
    for name, key in (("goal_id", item.goal), ("link_id", item.figure)):
        if key is not None:
            if key not in own:
                return None
            fields[name] = own[key]
    if item.text:
        fields["text"] = item.text
    wanted = kind(id=new_id(), **fields)
    same = there.get(_sign(wanted))
    block = same.popleft() if same else wanted
    view = {"view": item.view} if isinstance(block, Figure) and item.view else {}
    return block.model_copy(update={"hidden": False, **view})


def _sign(block: AnyBlock) -> Sign:
    if isinstance(block, DRAWN):
        return block.kind, block.link_id
    if isinstance(block, GoalHead | Money):
        return block.kind, block.goal_id
    return block.kind, getattr(block, "text", ""), getattr(block, "excerpt_ids", ())


def _same_section(format_: Format, title: str, value_id: UUID | None, used: set[UUID]) -> Section | None:
    """The own section about this value, or under this title; without both, the one that its blocks stood in."""
    for section in format_.sections:
        if section.id in used or section.value_id != value_id:
            continue
        if value_id or (section.title == title and (title or any(b.id in used for b in section.blocks))):
            return section
    return None
