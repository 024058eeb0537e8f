"""What stands on the wall: of the present activity as many walls as its words need, never anything before its time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from workbench.core.text import current_language
from workbench.monitors import voices as spoken
from workbench.monitors.conversation import tables
from workbench.monitors.meeting import screens
from workbench.monitors.meeting.drawings import on_wall
from workbench.monitors.queries import BlockView
from workbench.monitors.routes import as_block
from workbench.rounds import words
from workbench.rounds.models import Round
from workbench.rounds.queries import Result
from workbench.rounds.words.between import Between
from workbench.rounds.words.drawn import Picture, Row
from workbench.workshops.kinds import KEPT_TO_ONESELF
from workbench.workshops.models import Activity, ActivityState, Contribution, Workshop
from workbench.workshops.running import fitting, queries
from workbench.workshops.running.fitting import Card, Column

ROOM = 430.0  # pixels under the question, on 1280 by 720
LINE, BAR = 38.0, 52.0
LETTERS = 70  # on a line as wide as the wall
SHORT = 170  # letters: so short a sentence leaves room for a drawing under it
MOST_OPTIONS = 6  # that are read aloud from the wall
MOST_ROWS = 4  # of a table


@dataclass(frozen=True)
class Part:
    """One wall: some of these, in this order."""

    heading: str = ""
    sentences: Sequence[str] = ()
    lines: Sequence[str] = ()
    picture: Picture | None = None
    table: dict[str, Any] = field(default_factory=dict)
    board: Sequence[Column] = ()
    drawing: Markup | None = None
    alt: str = ""
    quote: str = ""
    teller: str = ""
    more: str = ""  # a small last line


def parts_of(workshop: Workshop, activity: Activity | None) -> list[Part]:
    """At least one, which may be empty: then there is only the question."""
    if activity is None or workshop.current_id != activity.id:
        return [Part()]
    found = list(_parts(workshop, activity))
    return found or [Part()]


def _parts(workshop: Workshop, activity: Activity) -> Iterator[Part]:
    if activity.state == ActivityState.SKIPPED:
        yield Part(sentences=[_("Dit onderdeel slaan we over.")])
        return
    if activity.state == ActivityState.REVEALED:
        yield from _revealed(activity)
    elif activity.state == ActivityState.CLOSED and activity.kind in KEPT_TO_ONESELF:
        yield Part(sentences=[_("Wat u schreef, is alleen voor uzelf.")])
    elif queries.on_the_wall(activity):
        yield from _cards(activity, newest_first=activity.state == ActivityState.OPEN)
    else:
        yield from _asked(activity)
    yield from _evidence(workshop, activity)


def _asked(activity: Activity) -> Iterator[Part]:
    """Before the reveal: what is asked, and nothing of anybody's answer."""
    sentences = screens.texts(activity.explanation)
    parts: list[str] = list(activity.settings.get("parts", []))
    options = [_option(one) for one in activity.settings.get("options", [])]
    lines = parts or (options if len(options) <= MOST_OPTIONS else [])
    if len(options) > MOST_OPTIONS:
        sentences.append(_("De %(n)s mogelijkheden staan op uw telefoon.", n=len(options)))
    if sentences or lines:
        yield Part(sentences=sentences[:1] if lines else sentences, lines=lines)


def _option(one: dict[str, str]) -> str:
    return f"{one['label']} ↔ {one['counter']}" if one.get("counter") else one["label"]


# --- What the group said --------------------------------------------------------------------------------------------


def _revealed(activity: Activity) -> Iterator[Part]:
    found = queries.outcome(activity)
    if found is None:
        yield from _cards(activity)
    else:
        yield from _counted(*found)


def _counted(found: Round, result: Result) -> Iterator[Part]:
    told, between = words.told(found, result), words.between(found, result)
    texts = screens.texts(" ".join(told.sentences))
    walls = [wall for picture in told.pictures for wall in _pictures(picture, texts)]
    fits = len(texts) == 1 and len(texts[0]) <= SHORT
    if fits and walls and not (between and between.bridges is not None):
        yield replace(walls.pop(0), sentences=texts)
    else:
        yield from (Part(sentences=[text]) for text in texts)
    if between:
        yield from _between(between)
    yield from walls
    yield from _texts(_("Waarom"), words.reason_lists(found, result))
    yield from _texts(_("Minderheidsstandpunten"), [("", result.minority)])


def _pictures(picture: Picture, texts: Sequence[str]) -> Iterator[Part]:
    heights = [_height(row) for row in picture.rows]
    around = LINE * (1 + bool(picture.key) + bool(picture.ends))
    said = LINE * 1.3 * sum(-(-len(text) // LETTERS) for text in texts)
    for places in fitting.packed(heights, ROOM - around, ROOM - around - said):
        rows = [picture.rows[place] for place in places]
        table = {**picture.table, "rows": [picture.table["rows"][place] for place in places]}
        yield Part(heading=picture.table["caption"], picture=replace(picture, rows=rows, table=table))


def _height(row: Row) -> float:
    return LINE * -(-len(f"{row.name} {row.text}") // LETTERS) + BAR


def _between(between: Between) -> Iterator[Part]:
    """Between groups of three people and more."""
    groups = _("Groepen: %(names)s.", names=", ".join(between.groups))
    if between.bridges is None:
        rows = between.table["rows"]
        for some in screens.lists(rows, MOST_ROWS):
            yield Part(table={**between.table, "rows": list(some)}, more=groups)
        return
    none = _("Geen enkele stelling krijgt in alle groepen meer voor dan tegen.")
    yield from _listed(_("Wat de groepen verbindt"), between.bridges or [none], groups)
    if between.splits:
        yield from _listed(_("Wat de groepen verdeelt"), between.splits, groups)


def _listed(heading: str, lines: Sequence[str], more: str) -> Iterator[Part]:
    heights = [LINE * 1.2 * -(-len(line) // LETTERS) for line in lines]
    for places in fitting.packed(heights, ROOM - 3 * LINE):
        yield Part(heading=heading, lines=[lines[place] for place in places], more=more)


def _texts(heading: str, lists: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Part]:
    found = [Card(text, pile) for pile, some in lists for text in some]
    for board in fitting.boards(found):
        yield Part(heading=heading, board=board)


# --- Cards ----------------------------------------------------------------------------------------------------------


def _cards(activity: Activity, *, newest_first: bool = False) -> Iterator[Part]:
    found = list(queries.cards(activity))
    if not found:
        yield Part(sentences=[_("Er zijn nog geen kaarten.")])
        return
    if newest_first:
        ordered = [Card(card.text, card.cluster) for card in reversed(found)]
        ordered.sort(key=lambda card: bool(card.pile))  # what is new lies apart, in front
    else:
        ordered = _grouped(activity, found)
    for board in fitting.boards(ordered):
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
    found = queries.evidence_of(workshop, activity)
    if found is None:
        return
    if found.figure is None:
        yield Part(sentences=[_("Dit cijfer staat niet meer in de monitor.")])
        return
    yield from _figure(found.figure)
    language = current_language()
    for voice in found.voices:
        if voice.is_heard:
            for text in screens.texts(voice.words):
                yield Part(
                    heading=_("Wat inwoners vertellen"), quote=text, teller=spoken.told_by(voice, language)
                )


def _figure(view: BlockView) -> Iterator[Part]:
    """First what it says with its drawing, then what it does not say."""
    block = as_block(view, view.content or None)
    if block["state"] != "ready":
        yield Part(heading=block["title"], sentences=[block["state_text"]])
        return
    table = tables.read(block["table_html"])
    if block["svg"]:
        drawing = Markup(on_wall(block["svg"]))  # noqa: S704 - our own drawing
        yield Part(heading=block["title"], drawing=drawing, alt=block["alt"])
    elif table:
        rows = [list(row) for row in table.rows[-MOST_ROWS:]]
        numeric = [place for place, is_number in enumerate(table.numeric) if is_number]
        shown = {"caption": table.caption, "columns": list(table.columns), "rows": rows, "numeric": numeric}
        yield Part(heading=block["title"], table=shown)
    for text in screens.texts(block["sentence"]):
        yield Part(heading=block["title"], sentences=[text])
    if block["not_saying"]:
        for text in screens.texts(block["not_saying"]):
            yield Part(heading=_("Wat dit cijfer niet zegt"), sentences=[text])
