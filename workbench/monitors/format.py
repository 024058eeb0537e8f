"""The format of a monitor: sections with blocks, in order, and what may be done to them. Pure.

A format is never changed: each operation gives another one or raises CannotShape. Sections and blocks keep their ids for
life, because these are addresses: of charts, and of what people ask and note beside a block.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workbench.core.errors import WorkbenchError
from workbench.figures.options import BlockOptions, TrendOptions
from workbench.monitors.voices import FEWEST, MOST

FORMAT = 1  # raise this when the JSON gets another shape, and read the former one here too
LONGEST_TITLE, LONGEST_TEXT = 120, 4000


def N_(text: str) -> str:  # noqa: N802 - the name that marks a text to translate where it is shown
    return text


class CannotShape(WorkbenchError):
    """What was asked cannot be done to a format; `text` is the Dutch sentence, to be filled with `facts`."""

    def __init__(self, text: str, **facts: object) -> None:
        super().__init__(text % facts if facts else text)
        self.text, self.facts = text, facts


class UnreadableFormat(ValueError):
    """Stored JSON that is not a format as this code knows them."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Block(_Part):
    id: UUID
    hidden: bool = False


# The periods that voices in the same monitor speak of beside a figure; a format finds them, they are not stored.
ToldPeriods: TypeAlias = Annotated[tuple[str, ...], Field(exclude=True)]


class GoalHead(_Block):
    """A goal, with what is counted and told about it; blocks of that goal usually follow."""

    kind: Literal["goal"] = "goal"
    goal_id: UUID


class Figure(_Block):
    """A figure that was chosen for a goal, in the view that fits it."""

    kind: Literal["figure"] = "figure"
    link_id: UUID
    view: BlockOptions = TrendOptions()
    from_year: int | None = None
    told: ToldPeriods = ()
    show_events: bool = True
    table_open: bool = False


class Table(_Block):
    """A chosen figure as a table only."""

    kind: Literal["table"] = "table"
    link_id: UUID
    from_year: int | None = None
    told: ToldPeriods = ()
    show_band: bool = True


class Text(_Block):
    kind: Literal["text"] = "text"
    text: str


class Question(_Block):
    """An open question to talk about."""

    kind: Literal["question"] = "question"
    text: str


class Quote(_Block):
    """One passage of a story, by its id: the words are read when somebody reads. `beside`: a chosen figure that it
    belongs to, and `period`: which part of it.
    """

    kind: Literal["quote"] = "quote"
    goal_id: UUID
    excerpt_id: UUID
    beside: UUID | None = None
    period: str = ""

    @property
    def excerpt_ids(self) -> tuple[UUID, ...]:
        return (self.excerpt_id,)


class Stories(_Block):
    """Some passages about a goal, of different stories."""

    kind: Literal["stories"] = "stories"
    goal_id: UUID
    excerpt_ids: tuple[UUID, ...]
    beside: UUID | None = None
    period: str = ""


class Money(_Block):
    """What a goal costs, beside what the municipality really spends."""

    kind: Literal["money"] = "money"
    goal_id: UUID


class Events(_Block):
    """What happened to the figures of this monitor."""

    kind: Literal["events"] = "events"


class Resting(_Block):
    """Figures that rest, each with the day to look again."""

    kind: Literal["resting"] = "resting"


class Unknown(_Block):
    """What we do not know."""

    kind: Literal["unknown"] = "unknown"


class Methods(_Block):
    """How this was made, and how good the figures are."""

    kind: Literal["methods"] = "methods"


class PageBreak(_Block):
    """On paper a new page begins here."""

    kind: Literal["page_break"] = "page_break"


AnyBlock: TypeAlias = (
    GoalHead
    | Figure
    | Table
    | Quote
    | Stories
    | Text
    | Question
    | Money
    | Events
    | Resting
    | Unknown
    | Methods
    | PageBreak
)
KINDS: dict[str, type[AnyBlock]] = {
    kind.model_fields["kind"].default: kind
    for kind in (
        *(GoalHead, Figure, Table, Quote, Stories, Text, Question),
        *(Money, Events, Resting, Unknown, Methods, PageBreak),
    )
}
Drawn: TypeAlias = Figure | Table  # the worker makes a document of these
DRAWN = (Figure, Table)
TOLD = (Quote, Stories)  # holds ids of excerpts


class Section(_Part):
    """A part of the monitor: about a value, or under a title of its own. Without either its first block names it."""

    id: UUID
    value_id: UUID | None = None
    title: str = ""
    hidden: bool = False
    blocks: tuple[Annotated[AnyBlock, Field(discriminator="kind")], ...] = ()


def _with_voices(section: Section, told: Mapping[UUID, Iterable[str]]) -> Section:
    blocks = tuple(
        block.model_copy(update={"told": tuple(told.get(block.link_id, ()))})
        if isinstance(block, DRAWN)
        else block
        for block in section.blocks
    )
    return section.model_copy(update={"blocks": blocks}) if blocks != section.blocks else section


class Format(_Part):
    """A whole monitor. `known`: values, goals and links that were taken in or left out by somebody, so are no news."""

    format: Literal[1] = 1  # FORMAT
    sections: tuple[Section, ...] = ()
    known: tuple[UUID, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Format":
        ids = [part.id for section in self.sections for part in (section, *section.blocks)]
        if len(set(ids)) < len(ids):
            raise ValueError("an id occurs twice")
        return self

    @model_validator(mode="after")
    def _figures_know_their_voices(self) -> "Format":
        told: dict[UUID, dict[str, None]] = defaultdict(dict)
        for block in self.read:
            if isinstance(block, TOLD) and block.beside and block.period:
                told[block.beside][block.period] = None
        sections = tuple(_with_voices(section, told) for section in self.sections)
        if sections != self.sections:
            object.__setattr__(self, "sections", sections)  # it is frozen, and has just been made
        return self

    @property
    def blocks(self) -> Iterator[AnyBlock]:
        return (block for section in self.sections for block in section.blocks)

    @property
    def read(self) -> Iterator[AnyBlock]:
        """What readers see."""
        return (
            block
            for section in self.sections
            for block in section.blocks
            if not block.hidden and not section.hidden
        )

    @property
    def excerpt_ids(self) -> list[UUID]:
        """Of everything that readers see."""
        return [
            excerpt_id for block in self.read if isinstance(block, TOLD) for excerpt_id in block.excerpt_ids
        ]

    @property
    def drawn(self) -> list[Drawn]:
        return [block for block in self.blocks if isinstance(block, DRAWN)]


# --- As JSON --------------------------------------------------------------------------------------------------------


def to_json(format_: Format) -> dict[str, Any]:
    return format_.model_dump(mode="json")


def from_json(data: Any) -> Format:
    """Raises: UnreadableFormat."""
    if isinstance(data, dict) and data.get("format") != FORMAT:
        raise UnreadableFormat(
            f"Format {data.get('format')!r} is not one that this version reads ({FORMAT})."
        )
    try:
        return Format.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnreadableFormat(f"{where}: {first['msg']}") from None


def written(format_: Format) -> bytes:
    """The same format always gives the same bytes."""
    return json.dumps(to_json(format_), sort_keys=True, separators=(",", ":")).encode()


def key_of(block: Drawn) -> str:
    """What a document of this block is made from, in short."""
    return hashlib.sha256(json.dumps(options_of(block), sort_keys=True).encode()).hexdigest()[:16]


def options_of(block: Drawn) -> dict[str, Any]:
    """What was chosen for a figure. How it is shown on the page (folded, hidden) is no part of that."""
    chosen = block.model_dump(mode="json", exclude={"id", "hidden", "table_open"})
    return {**chosen, "told": list(block.told)} if block.told else chosen


# --- Finding --------------------------------------------------------------------------------------------------------


def find_section(format_: Format, section_id: UUID) -> Section:
    """Raises: CannotShape."""
    for section in format_.sections:
        if section.id == section_id:
            return section
    raise CannotShape(N_("Dit deel staat niet (meer) in de monitor."))


def place_of(format_: Format, block_id: UUID) -> tuple[Section, int]:
    """The section of a block, and its place there counted from 1. Raises: CannotShape."""
    for section in format_.sections:
        for place, block in enumerate(section.blocks, start=1):
            if block.id == block_id:
                return section, place
    raise CannotShape(N_("Dit blok staat niet (meer) in de monitor."))


def find_block(format_: Format, block_id: UUID) -> AnyBlock:
    """Raises: CannotShape."""
    section, place = place_of(format_, block_id)
    return section.blocks[place - 1]


# --- Blocks ---------------------------------------------------------------------------------------------------------


def add_block(format_: Format, block: AnyBlock, section_id: UUID, place: int | None = None) -> Format:
    """`place`: counted from 1; without one it comes last."""
    _check_block(block)
    if any(block.id in (section.id, *(other.id for other in section.blocks)) for section in format_.sections):
        raise CannotShape(N_("Dit blok staat al in de monitor."))
    section = find_section(format_, section_id)
    last = len(section.blocks) + 1
    return _with_blocks(format_, section, _inserted(section.blocks, block, last if place is None else place))


def move_block(format_: Format, block_id: UUID, section_id: UUID, place: int) -> Format:
    """To a place, counted from 1, in this or another section."""
    before, old = place_of(format_, block_id)
    block = before.blocks[old - 1]
    without = remove_block(format_, block_id)
    section = find_section(without, section_id)
    return _with_blocks(without, section, _inserted(section.blocks, block, place))


def step_block(format_: Format, block_id: UUID, by: Literal[-1, 1]) -> Format:
    """One place up (-1) or down (1); from the edge of its section into the next one."""
    section, place = place_of(format_, block_id)
    if 1 <= place + by <= len(section.blocks):
        return move_block(format_, block_id, section.id, place + by)
    beside = format_.sections.index(section) + by
    if beside < 0:
        raise CannotShape(N_("Dit blok staat al bovenaan."))
    if beside >= len(format_.sections):
        raise CannotShape(N_("Dit blok staat al onderaan."))
    other = format_.sections[beside]
    return move_block(format_, block_id, other.id, 1 if by == 1 else len(other.blocks) + 1)


def hide_block(format_: Format, block_id: UUID, hidden: bool) -> Format:  # noqa: FBT001 - it is the thing itself
    section, place = place_of(format_, block_id)
    block = section.blocks[place - 1].model_copy(update={"hidden": hidden})
    return _with_blocks(format_, section, _replaced(section.blocks, place, block))


def remove_block(format_: Format, block_id: UUID) -> Format:
    section, place = place_of(format_, block_id)
    return _with_blocks(format_, section, (*section.blocks[: place - 1], *section.blocks[place:]))


def change_block(format_: Format, block: AnyBlock) -> Format:
    """The block with this id as it is given here; it stays of the same kind and about the same."""
    section, place = place_of(format_, block.id)
    before = section.blocks[place - 1]
    about = [getattr(before, name, None) == getattr(block, name, None) for name in ("link_id", "goal_id")]
    if before.kind != block.kind or not all(about):
        raise CannotShape(N_("Een blok blijft van dezelfde soort. Voeg een ander blok toe."))
    _check_block(block)
    return _with_blocks(format_, section, _replaced(section.blocks, place, block))


def _check_block(block: AnyBlock) -> None:
    if isinstance(block, Text | Question):
        if not block.text.strip():
            raise CannotShape(N_("Vul een tekst in."))
        if len(block.text) > LONGEST_TEXT:
            raise CannotShape(N_("Maak de tekst korter: hooguit %(most)s tekens."), most=LONGEST_TEXT)
    if isinstance(block, Stories) and not FEWEST <= len(set(block.excerpt_ids)) <= MOST:
        raise CannotShape(N_("Kies %(fewest)s tot %(most)s fragmenten."), fewest=FEWEST, most=MOST)


# --- Sections -------------------------------------------------------------------------------------------------------


def add_section(format_: Format, section: Section, place: int | None = None) -> Format:
    _check_title(section)
    if any(section.id == part.id for other in format_.sections for part in (other, *other.blocks)):
        raise CannotShape(N_("Dit deel staat al in de monitor."))
    last = len(format_.sections) + 1
    return _with_sections(format_, _inserted(format_.sections, section, last if place is None else place))


def move_section(format_: Format, section_id: UUID, place: int) -> Format:
    section = find_section(format_, section_id)
    others = tuple(other for other in format_.sections if other.id != section_id)
    return _with_sections(format_, _inserted(others, section, place))


def rename_section(format_: Format, section_id: UUID, title: str) -> Format:
    """A section about a value may go by another name; with an empty title it has the name of its value again."""
    return _with_section(format_, section_id, lambda section: section.model_copy(update={"title": title}))


def hide_section(format_: Format, section_id: UUID, hidden: bool) -> Format:  # noqa: FBT001 - it is the thing itself
    return _with_section(format_, section_id, lambda section: section.model_copy(update={"hidden": hidden}))


def split_section(format_: Format, block_id: UUID, new_id: UUID, title: str) -> Format:
    """Let this block and those after it become a section of their own, right behind it."""
    section, place = place_of(format_, block_id)
    if place == 1:
        raise CannotShape(N_("Boven dit blok staat niets in dit deel. Splits bij een blok dat lager staat."))
    if not title.strip():
        raise CannotShape(N_("Vul een naam in voor het nieuwe deel."))
    rest = Section(id=new_id, title=title, blocks=section.blocks[place - 1 :])
    there = format_.sections.index(section) + 1
    left = _with_blocks(format_, section, section.blocks[: place - 1])
    return add_section(left, rest, there + 1)


def remove_section(format_: Format, section_id: UUID) -> Format:
    section = find_section(format_, section_id)
    if section.blocks:
        raise CannotShape(N_("Verplaats eerst de blokken van dit deel, of haal ze weg."))
    return _with_sections(format_, tuple(other for other in format_.sections if other.id != section_id))


def _check_title(section: Section) -> None:
    if len(section.title) > LONGEST_TITLE:
        raise CannotShape(N_("Maak de naam korter: hooguit %(most)s tekens."), most=LONGEST_TITLE)
    if section.value_id is None and not section.title.strip() and not section.blocks:
        raise CannotShape(N_("Vul een naam in voor dit deel."))


# --- Parts of formats -----------------------------------------------------------------------------------------------

T = TypeVar("T")


def _inserted(parts: tuple[T, ...], part: T, place: int) -> tuple[T, ...]:
    if not 1 <= place <= len(parts) + 1:
        raise CannotShape(N_("Kies een plek van 1 tot en met %(last)s."), last=len(parts) + 1)
    return (*parts[: place - 1], part, *parts[place - 1 :])


def _replaced(parts: tuple[T, ...], place: int, part: T) -> tuple[T, ...]:
    return (*parts[: place - 1], part, *parts[place:])


def _with_sections(format_: Format, sections: tuple[Section, ...]) -> Format:
    return Format(sections=sections, known=format_.known)


def _with_section(format_: Format, section_id: UUID, change: Callable[[Section], Section]) -> Format:
    changed = change(find_section(format_, section_id))
    _check_title(changed)
    return _with_sections(
        format_, tuple(changed if other.id == section_id else other for other in format_.sections)
    )


def _with_blocks(format_: Format, section: Section, blocks: tuple[AnyBlock, ...]) -> Format:
    changed = section.model_copy(update={"blocks": blocks})
    return _with_sections(
        format_, tuple(changed if other.id == section.id else other for other in format_.sections)
    )
