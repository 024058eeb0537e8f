"""What differs between two formats of a monitor: added, gone, moved, changed, hidden, shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from workbench.monitors.format import AnyBlock, Format, Section


class What(StrEnum):
    """What became of a part; moved and changed may both be true of one part."""

    ADDED = "added"
    GONE = "gone"
    MOVED = "moved"
    CHANGED = "changed"
    HIDDEN = "hidden"
    SHOWN = "shown"


@dataclass(frozen=True)
class Difference:
    """One part that differs. `part` as it is now, or as it was when it is gone; `section`: where it stands or stood."""

    what: What
    part: Section | AnyBlock
    section: Section
    place: int  # counted from 1
    of: int


def differences(before: Format, after: Format) -> list[Difference]:
    """From one format to another, in the order of the second; what is gone comes last."""
    found: list[Difference] = []
    old_sections = {section.id: section for section in before.sections}
    stayed = _in_order([s.id for s in before.sections], [s.id for s in after.sections])
    old_blocks = {block.id: block for block in before.blocks}
    for place, section in enumerate(after.sections, start=1):
        old = old_sections.get(section.id)
        bare = None if old is None else (old.title, old.value_id)
        found += [
            Difference(what, section, section, place, len(after.sections))
            for what in _what(
                is_new=old is None,
                moved=section.id not in stayed,
                changed=bare != (section.title, section.value_id),
                hidden=(old is not None and old.hidden, section.hidden),
            )
        ]
        found += _blocks(section, old, old_blocks)
    new_sections = {section.id for section in after.sections}
    new_blocks = {block.id for block in after.blocks}
    for place, section in enumerate(before.sections, start=1):
        if section.id not in new_sections:
            found.append(Difference(What.GONE, section, section, place, len(before.sections)))
        found += [
            Difference(What.GONE, block, section, at, len(section.blocks))
            for at, block in enumerate(section.blocks, start=1)
            if block.id not in new_blocks
        ]
    return found


def _blocks(section: Section, old: Section | None, before: dict[UUID, AnyBlock]) -> list[Difference]:
    stayed = _in_order([b.id for b in old.blocks] if old else [], [b.id for b in section.blocks])
    found = []
    for place, block in enumerate(section.blocks, start=1):
        was = before.get(block.id)
        found += [
            Difference(what, block, section, place, len(section.blocks))
            for what in _what(
                is_new=was is None,
                moved=block.id not in stayed,
                changed=was is not None
                and was.model_dump(exclude={"hidden"}) != block.model_dump(exclude={"hidden"}),
                hidden=(was is not None and was.hidden, block.hidden),
            )
        ]
    return found


def _what(*, is_new: bool, moved: bool, changed: bool, hidden: tuple[bool, bool]) -> list[What]:
    if is_new:
        return [What.ADDED]
    turned = {(False, True): [What.HIDDEN], (True, False): [What.SHOWN]}.get(hidden, [])
    return [*([What.MOVED] if moved else []), *([What.CHANGED] if changed else []), *turned]


def _in_order(before: Sequence[UUID], after: Sequence[UUID]) -> set[UUID]:
    """As many as possible of what both have that stand in the same order in both: the others moved."""
    places = {item: place for place, item in enumerate(before)}
    both = [item for item in after if item in places]
    runs: list[list[UUID]] = [[]]
    for item in both:
        before_it = [run for run in runs if not run or places[run[-1]] < places[item]]
        runs.append([*_longest(before_it), item])
    return set(_longest(runs))


def _longest(runs: list[list[UUID]]) -> list[UUID]:
    return sorted(runs, key=len)[-1]
