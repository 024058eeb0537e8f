"""What a document is made of; the page and the Word file draw the same parts. Pure."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

# What neither XML nor HTML can hold; a Word file with such a character would not open.
FORBIDDEN = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]")


def _clean(content: Any) -> Any:
    if isinstance(content, str):
        return FORBIDDEN.sub("", content.replace("\r\n", "\n"))
    return tuple(_clean(item) for item in content) if isinstance(content, tuple) else content


@dataclass(frozen=True)
class _Drawable:
    """All its text can be drawn, whatever people pasted."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _clean(getattr(self, field.name)))


@dataclass(frozen=True)
class Heading(_Drawable):
    text: str
    level: int = 1  # 1 to 3, below the title of the document


@dataclass(frozen=True)
class Paragraph(_Drawable):
    text: str
    is_note: bool = False


@dataclass(frozen=True)
class Bullets(_Drawable):
    items: tuple[str, ...]


@dataclass(frozen=True)
class Lines(_Drawable):
    """Questions, each with its answer."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table(_Drawable):
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...] = ()  # per column


@dataclass(frozen=True)
class Quote(_Drawable):
    """What some of the group think, in their own words."""

    who: str
    text: str


@dataclass(frozen=True)
class Picture(_Drawable):
    """A drawing in pixels (see pictures.py), and what it shows in words."""

    svg: str
    alt: str


@dataclass(frozen=True)
class PageBreak(_Drawable):
    """What follows begins on a new page, on paper."""


Part = Heading | Paragraph | Bullets | Lines | Table | Quote | Picture | PageBreak


@dataclass(frozen=True)
class Document(_Drawable):
    """`kind` says what it is, `title` of which plan; `warning` stands on the cover of a fictitious council."""

    kind: str
    title: str
    council: str
    language: str
    written_on: date
    cover: Lines
    warning: str
    parts: tuple[Part, ...]

    @property
    def contents(self) -> list[tuple[int, Heading]]:
        """The headings of the first two levels, each with its place among the parts."""
        return [
            (place, part)
            for place, part in enumerate(self.parts)
            if isinstance(part, Heading) and part.level < 3
        ]


def said(*lines: tuple[object, object]) -> Lines:
    """Questions with their answers; those without an answer are left out."""
    return Lines(tuple((str(question), str(answer)) for question, answer in lines if answer))


def plain(parts: tuple[Part, ...]) -> str:
    """Parts as plain text, to copy into another document."""
    return "\n\n".join(_plain(part) for part in parts)


def _plain(part: Part) -> str:
    match part:
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case Lines(lines):
            return "\n".join(f"{question}: {answer}" for question, answer in lines)
        case Table(caption, columns, rows, _numeric):
            return "\n".join([caption, *("; ".join(row) for row in (columns, *rows))])
        case Quote(who, text):
            return f"{who}: {text}"
        case Picture(_svg, alt):
            return alt
        case PageBreak():
            return ""
    return part.text
