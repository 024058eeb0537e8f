"""What stands on the wall: of the present activity as many walls as its words need, never anything before its time."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g
from flask_babel import gettext as _
from markupsafe import Markup

from workbench.core.text import current_language
from workbench.monitors import voices as spoken
from workbench.monitors.conversation import tables
from workbench.monitors.meeting import screens
from workbench.monitors.meeting.drawings import on_wall
from workbench.monitors.routes import as_block
from workbench.rounds import words
from workbench.rounds.models import Round
from workbench.rounds.queries import Result
from workbench.rounds.words.between import Between
from workbench.rounds.words.drawn import Picture, Row
from workbench.workshops.evidence import evidence_for_wall
from workbench.workshops.kinds import KEPT_TO_ONESELF, METHODS
from workbench.workshops.models import Activity, ActivityState, Contribution, Workshop
from workbench.workshops.running import fitting, queries
from workbench.workshops.running.fitting import Card, Column

ROOM = 450.0  # pixels under a question of two lines, on 1280 by 720
LINE, CLOSE_LINE, GAP = 38.0, 34.0, 6.0
WIDE, DENSE = 1.9, 1.15  # how much larger a drawing of an outcome is; see workshop.css
LETTERS = 70  # on a line as wide as the wall
LONG, MOST = 70, 42  # letters of a question in smaller type, and of that on a line beside the code
SHORT = 170  # letters: so short a sentence leaves room for a drawing under it
BESIDE = 240  # letters of a voice beside what a figure says
MOST_OPTIONS = 6  # that are read aloud from the wall
MOST_ROWS = 4  # of a table


@dataclass(frozen=True)
class Part:
    """One wall: some of these, in this order."""

    heading: str = ""
    sentences: Sequence[str] = ()
    lines: Sequence[str] = ()
    picture: Picture | None = None
    is_dense: bool = False  # so that all of the picture stands on one wall
    table: dict[str, Any] = field(default_factory=dict)
    board: Sequence[Column] = ()
    drawing: Markup | None = None  # then the heading stands in the place of the question
    alt: str = ""
    quote: str = ""  # beside the sentences
    teller: str = ""
    more: str = ""  # a small last line

    @property
    def is_bare(self) -> bool:
        """Is there only the question?"""
        return self == Part()


def parts_of(workshop: Workshop, activity: Activity | None) -> list[Part]:
    """At least one, which may be empty: then there is only the question."""
    if activity is None or workshop.current_id != activity.id:
        return [Part()]
    found = list(_parts(workshop, activity))
    return found or [Part()]


def _parts(workshop: Workshop, activity: Activity) -> Iterator[Part]:
    room = _room(activity)
    if activity.state == ActivityState.SKIPPED:
        yield Part(sentences=[_("Dit onderdeel slaan we over.")])
    elif activity.state == ActivityState.REVEALED:
        yield from _revealed(activity, room)
        yield from _evidence(workshop, activity)
    elif activity.state == ActivityState.CLOSED and activity.kind in KEPT_TO_ONESELF:
        yield Part(sentences=[_("Wat u schreef, is alleen voor uzelf.")])
    elif queries.on_the_wall(activity):
        yield from _cards(activity, room, newest_first=activity.state == ActivityState.OPEN)
    else:
        yield from _evidence(workshop, activity)
        yield from _asked(activity)


def _room(activity: Activity) -> float:
    """Pixels that are left under the question."""
    lines = -(-len(activity.question) // MOST) if len(activity.question) > LONG else 2
    return ROOM - LINE * max(0, lines - 2)


def _asked(activity: Activity) -> Iterator[Part]:
    """Before the reveal: what is asked, and nothing of anybody's answer."""
    sentences = screens.texts(activity.explanation)
    parts: list[str] = list(activity.settings.get("parts", []))
    asked = activity.settings.get("options", []) if activity.kind in METHODS else []
    options = [_option(one) for one in asked]
    if len(options) > MOST_OPTIONS:
        sentences.append(_("De %(n)s mogelijkheden staan op uw telefoon.", n=len(options)))
    lines = parts or (options if len(options) <= MOST_OPTIONS else [])
    if lines and len(sentences) > 1:
        yield from (Part(sentences=[text]) for text in sentences)
        sentences = []
    if sentences or lines:
        yield Part(sentences=sentences, lines=lines)


def _option(one: dict[str, str]) -> str:
    return f"{one['label']} ↔ {one['counter']}" if one.get("counter") else one["label"]


# --- What the group said --------------------------------------------------------------------------------------------


def _revealed(activity: Activity, room: float) -> Iterator[Part]:
    found = queries.outcome(activity)
    if found is None:
        yield from _cards(activity, room)
    else:
        yield from _counted(*found, room)


def _counted(found: Round, result: Result, room: float) -> Iterator[Part]:
    """First in a sentence; a short one with its drawing under it, when all of that fits."""
    told, between = words.told(found, result), words.between(found, result)
    pictures, said = list(told.pictures), " ".join(told.sentences)
    taken = LINE * 1.3 * -(-len(said) // (LETTERS - 10))
    under = _pictures(pictures[0], room - taken) if pictures and len(said) <= SHORT else []
    if len(under) == 1:
        yield replace(under[0], sentences=[said])
        del pictures[0]
    else:
        yield from (Part(sentences=some) for some in _in_room(told.sentences, room))
    for picture in pictures:
        yield from _pictures(picture, room)
    if between:
        yield from _between(between, room)
    yield from _texts(_("Waarom"), words.reason_lists(found, result), room)
    yield from _texts(_("Minderheidsstandpunten"), [("", result.minority)], room)


def _in_room(texts: Sequence[str], room: float) -> Iterator[Sequence[str]]:
    pieces = [piece for text in texts for piece in screens.texts(text)]
    heights = [LINE * (0.4 + -(-len(piece) // LETTERS)) for piece in pieces]
    for places in fitting.packed(heights, room):
        yield [pieces[place] for place in places]


def _pictures(picture: Picture, room: float) -> list[Part]:
    """On one wall as long as that can be: what is seen side by side is compared."""
    around = LINE * (1 + bool(picture.key) * -(-len(picture.key) // LETTERS) + bool(picture.ends))
    is_dense = sum(_height(row, LINE, WIDE) for row in picture.rows) > room - around
    size = (CLOSE_LINE, DENSE) if is_dense else (LINE, WIDE)
    heights = [_height(row, *size) for row in picture.rows]
    found = []
    for places in fitting.packed(heights, room - around):
        rows = [picture.rows[place] for place in places]
        table = picture.table
        if picture.ends is None:  # else the table tells the places on one line
            table = {**table, "rows": [table["rows"][place] for place in places]}
        shown = replace(picture, rows=rows, table=table)
        found.append(Part(heading=table["caption"], picture=shown, is_dense=is_dense))
    return found


def _height(row: Row, line: float, larger: float) -> float:
    drawn = re.search(r'height="(\d+)"', row.svg)
    own = int(drawn[1]) if drawn else 0
    return line * -(-len(f"{row.name} {row.text}".strip()) // LETTERS) + own * larger + GAP


def _between(between: Between, room: float) -> Iterator[Part]:
    """Between groups of three people and more."""
    groups = _("Groepen: %(names)s.", names=", ".join(between.groups))
    if between.bridges is None:
        for some in screens.lists(between.table["rows"], MOST_ROWS):
            yield Part(table={**between.table, "rows": list(some)}, more=groups)
        return
    none = _("Geen enkele stelling krijgt in alle groepen meer voor dan tegen.")
    lists = [(_("Wat de groepen verbindt"), between.bridges or [none])]
    if between.splits:
        lists.append((_("Wat de groepen verdeelt"), between.splits))
    for heading, lines in lists:
        for some in _in_room(lines, room - 3 * LINE):
            yield Part(heading=heading, lines=some, more=groups)


def _texts(heading: str, lists: Iterable[tuple[str, Sequence[str]]], room: float) -> Iterator[Part]:
    found = [Card(text, pile) for pile, some in lists for text in some]
    for board in _boards(found, room - LINE):
        yield Part(heading=heading, board=board)


def _boards(cards: Sequence[Card], room: float) -> list[list[Column]]:
    return fitting.boards(cards, fitting.DOWN * room / ROOM)


# --- Cards ----------------------------------------------------------------------------------------------------------


def _cards(activity: Activity, room: float, *, newest_first: bool = False) -> Iterator[Part]:
    found = list(queries.cards(activity))
    if not found:
        yield Part(sentences=[_("Er zijn nog geen kaarten.")])
        return
    if newest_first:
        ordered = [Card(card.text, card.cluster) for card in reversed(found)]
        ordered.sort(key=lambda card: bool(card.pile))  # what is new lies apart, in front
    else:
        ordered = _grouped(activity, found)
    for board in _boards(ordered, room):
        yield Part(board=board)


def _grouped(activity: Activity, found: Sequence[Contribution]) -> list[Card]:
    """Question by question, and under each its piles."""
    asked: list[str] = list(activity.settings.get("parts", []))
    questions = [*asked, *dict.fromkeys(card.part for card in found if card.part not in asked)]
    cards = []
    for question in questions:
        piles = queries.on_piles([card for card in found if card.part == question])
        for pile, some in piles.items():
            name = " – ".join(filter(None, (question, pile)))
            loose = _("Verder genoemd") if len(piles) > 1 and not name else name
            cards += [Card(card.text, loose) for card in some]
    return cards


# --- A figure with its voices ---------------------------------------------------------------------------------------


def _evidence(workshop: Workshop, activity: Activity) -> Iterator[Part]:
    """The drawing, then what the figure says beside what people tell, then what it does not say."""
    found = evidence_for_wall(workshop, activity, g.membership)
    if found is None:
        return
    if found.figure is None:
        yield Part(sentences=[_("Dit cijfer staat niet meer in de monitor.")])
        return
    block = as_block(found.figure, found.figure.content or None)
    title = block["title"]
    if block["state"] != "ready":
        yield Part(heading=title, sentences=[block["state_text"]])
        return
    yield from _drawn(block)
    said = screens.texts(block["sentence"])
    quotes = [
        (text, spoken.told_by(voice, current_language()))
        for voice in found.voices
        if voice.is_heard
        for text in screens.texts(voice.words, BESIDE)
    ]
    for text, teller in quotes:
        yield Part(heading=title, sentences=said[:1], quote=text, teller=teller)
    for text in said[1:] if quotes else said:
        yield Part(heading=title, sentences=[text])
    for text in screens.texts(block["not_saying"]):
        yield Part(heading=_("Wat dit cijfer niet zegt"), sentences=[text])


def _drawn(block: dict[str, Any]) -> Iterator[Part]:
    table = tables.read(block["table_html"])
    if block["svg"]:
        drawing = Markup(on_wall(block["svg"]))  # noqa: S704 - our own drawing
        yield Part(heading=block["title"], drawing=drawing, alt=block["alt"])
    elif table:
        rows = [list(row) for row in table.rows[-MOST_ROWS:]]
        numeric = [place for place, is_number in enumerate(table.numeric) if is_number]
        shown = {"caption": table.caption, "columns": list(table.columns), "rows": rows, "numeric": numeric}
        yield Part(heading=block["title"], table=shown)
