"""An adopted version as a PDF/UA-1, from its parts alone: exactly the words of its page. Pure.

The same parts give the same bytes, as long as the narrators in it let the same words be read.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, TypeAdapter

from workbench.core.language import Language
from workbench.documents import pdf as paper
from workbench.documents.parts import Bullets, Heading, Lines, Paragraph, Quote, said
from workbench.documents.parts import Document as Pages
from workbench.documents.parts import Part as Piece
from workbench.monitors.adopting.document import Document, Part, SectionPart
from workbench.monitors.contents import AnyWords, SectionWords
from workbench.monitors.exports.paper import item, opening
from workbench.monitors.voices import Voice

_ITEM: TypeAdapter[AnyWords] = TypeAdapter(Annotated[AnyWords, Field(discriminator="kind")])
_LEVELLED = ("figure", "money", "events", "resting", "unknown", "methods")


def pdf(
    document: Document,
    heard: Mapping[UUID, Voice],
    spoken: Language,
    *,
    edition: str,
    adopted_on: date,
    frozen_on: date,
    hash_: str,
) -> bytes:
    """`heard`: what may be read now of the quotes in it."""
    cover = document.cover.data if document.cover else {}
    decision = document.decision.data if document.decision else {}
    lines = said(
        (spoken.gettext("Versie"), edition),
        (spoken.gettext("Besluit van"), f"{decision.get('decided_by', '')}, {spoken.date(adopted_on)}"),
        (spoken.gettext("Het besluit zelf"), decision.get("address", "")),
        (
            spoken.gettext("Waarom na versie %(edition)s", edition=decision.get("follows", "")),
            decision.get("reason", ""),
        ),
        (spoken.gettext("Gaat over"), cover.get("area", "")),
        (spoken.gettext("Stand van"), spoken.date(frozen_on)),
        (spoken.gettext("Minst verse bron"), cover.get("freshness", "")),
        (spoken.gettext("Vingerafdruk van het geheel"), hash_),
    )
    pieces = (
        *_dissent(decision.get("minority_views", ()), spoken),
        *_values(document.of_kind("value_card"), spoken),
        *_goals(document.of_kind("goal_card"), spoken),
        *_listings(document.of_kind("focus")),
        *chain.from_iterable(_section(section, heard, spoken) for section in document.sections),
        *_listings(document.of_kind("sources", "comparison", "skips")),
    )
    return paper.write(
        Pages(
            spoken.gettext("Vastgesteld"),
            cover.get("title", ""),
            cover.get("council", ""),
            spoken.code,
            frozen_on,
            lines,
            cover.get("warning", ""),
            pieces,
        )
    )


def _dissent(views: list[str], spoken: Language) -> Iterator[Piece]:
    for view in views:
        yield Quote(spoken.gettext("Minderheidsstandpunt"), view)


def _values(parts: list[Part], spoken: Language) -> Iterator[Piece]:
    if parts:
        yield Heading(spoken.gettext("Wat de raad belangrijk vindt"))
    for part in parts:
        data = part.data
        yield Heading(data["name"], 2)
        if data["own_words"]:
            yield Quote(spoken.gettext("In onze woorden"), data["own_words"])
        yield from _lines(
            said(
                (spoken.gettext("Dit zien we als"), data["seen_when"]),
                (spoken.gettext("Dit is het niet"), data["not_this"]),
                (spoken.gettext("Wie kan tekortkomen?"), data["short_changed"]),
                (spoken.gettext("Waar de groep staat"), data["position"]),
                (spoken.gettext("Dit mag nooit"), data["bottom_line"]),
            )
        )
        yield from _dissent([data["minority_view"]] if data["minority_view"] else [], spoken)


def _lines(lines: Lines) -> Iterator[Piece]:
    if lines.lines:
        yield lines


def _goals(parts: list[Part], spoken: Language) -> Iterator[Piece]:
    if parts:
        yield Heading(spoken.gettext("Wat inwoners moeten merken"))
    for part in parts:
        yield Heading(part.data["sentence"], 2)
        yield Paragraph(spoken.gettext("Hoort bij: %(values)s", values=", ".join(part.data["values"])))
        if part.data["lines"]:
            yield Bullets(tuple(part.data["lines"]))


def _listings(parts: list[Part]) -> Iterator[Piece]:
    for part in parts:
        yield Heading(part.data["title"])
        if part.data["lines"]:
            yield Bullets(tuple(part.data["lines"]))


def _section(section: SectionPart, heard: Mapping[UUID, Voice], spoken: Language) -> Iterator[Piece]:
    if section.part.is_withdrawn:
        yield Heading(spoken.gettext("Bron ingetrokken"))
        yield _withdrawn(spoken)
    else:
        yield from opening(SectionWords.model_validate(_without_kind(section.part.data)), spoken)
    is_under_goal = False
    for part in section.blocks:
        if part.is_withdrawn:
            yield _withdrawn(spoken)
            continue
        is_under_goal = is_under_goal or part.kind == "goal"
        level = {"level": 4 if is_under_goal else 3} if part.kind in _LEVELLED else {}
        yield from item(_ITEM.validate_python({**part.data, **level}), heard, spoken)


def _without_kind(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "kind"}


def _withdrawn(spoken: Language) -> Paragraph:
    return Paragraph(
        spoken.gettext(
            "De bron van dit deel is ingetrokken. De rest van de versie is zoals de raad haar vaststelde."
        ),
        is_note=True,
    )
