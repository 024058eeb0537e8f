"""Two periods side by side: the own figure then and now, and the median of comparable municipalities."""

from typing import NamedTuple

from workbench.core.language import Language
from workbench.figures import rows, target_words, words
from workbench.figures.axes import length_axis
from workbench.figures.frame import Point, TrendFrame
from workbench.figures.options import BeforeAfterOptions
from workbench.figures.scene import Dot, Line, Scene, Span, Text, empty, width_of
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, reading_notes, status_cell, subject_text
from workbench.figures.words import Note

FRAME = TrendFrame
TOP = 30  # pixels for the key
LEFT, RIGHT = 3.0, 97.0


class _Line(NamedTuple):
    label: str
    values: list[float]
    colour: str


def name(language: Language) -> str:
    return language.gettext("Toen en nu")


def fits(frame: TrendFrame, language: Language) -> str | None:
    if len(frame.comparable_own) < 2:
        return language.gettext("Er zijn geen twee perioden die met elkaar te vergelijken zijn.")
    return None


def because(frame: TrendFrame, language: Language) -> str:
    first, last = frame.comparable_own[0], frame.comparable_own[-1]
    return language.gettext(
        "Deze weergave past, omdat %(first)s en %(last)s op dezelfde manier zijn geteld.",
        first=words.when(first, language),
        last=words.when(last, language),
    )


def _pair(frame: TrendFrame, options: BeforeAfterOptions) -> tuple[Point, ...]:
    """Then and now; fewer where there are none. A chosen period without a value counts as not chosen."""
    known = {point.period: point for point in frame.valued}
    usual = frame.comparable_own
    if not usual:
        return ()
    first = known.get(options.first, usual[0])
    last = known.get(options.last, usual[-1])
    return (last,) if first.period == last.period else tuple(sorted((first, last), key=lambda p: p.year))


def _may_compare(pair: tuple[Point, ...], frame: TrendFrame) -> bool:
    """Nothing between them changed the way of counting."""
    return len(pair) < 2 or not frame.is_cut_between(pair[0].year, pair[-1].year)


def tell(frame: TrendFrame, options: BeforeAfterOptions, language: Language) -> Told:
    pair = _pair(frame, options)
    title = _title(pair, frame, language)
    drawing = (
        language.gettext("Twee stippen op een schaal: open is toen, dicht is nu.")
        if pair
        else words.empty_chart(language)
    )
    return {
        "title": title,
        "sentence": _sentence(pair, frame, language),
        "notes": [
            *_notes(pair, frame, language),
            *reading_notes(frame, language),
            *target_words.wish_notes(frame, language),
        ],
        "source": words.source_line(frame.source, pair, language, compared=bool(_medians(pair, frame))),
        "alt": alternative(frame.area, title, drawing, words.readings(frame, language)),
        "table": table(pair, frame, language),
    }


def _title(pair: tuple[Point, ...], frame: TrendFrame, language: Language) -> str:
    if not pair or _may_compare(pair, frame):
        return words.title_of(pair, frame, language)
    first, last = pair
    return language.gettext(
        "%(subject)s: %(old)s in %(since)s, %(new)s in %(period)s, niet vergelijkbaar",
        subject=frame.indicator,
        old=words.own_text(first, frame, language),
        since=words.when(first, language),
        new=words.own_text(last, frame, language),
        period=words.when(last, language),
    )


def _medians(pair: tuple[Point, ...], frame: TrendFrame) -> dict[str, float]:
    """Period -> median, where both periods have one."""
    found = {band.period: band.median for band in frame.band}
    return {p.period: found[p.period] for p in pair} if all(p.period in found for p in pair) else {}


def _sentence(pair: tuple[Point, ...], frame: TrendFrame, language: Language) -> str:
    texts = []
    medians = _medians(pair, frame)
    if len(pair) > 1 and medians and _may_compare(pair, frame):
        old, new = (
            words.short_text(medians[point.period], frame.unit, frame.decimals, language) for point in pair
        )
        facts = {"old": old, "new": new}
        if old == new:
            texts.append(
                language.gettext("De mediaan van vergelijkbare gemeenten bleef gelijk: %(new)s.", **facts)
            )
        else:
            texts.append(
                language.gettext(
                    "De mediaan van vergelijkbare gemeenten ging van %(old)s naar %(new)s.", **facts
                )
            )
        if frame.comparable_because:
            because_text = frame.comparable_because
            texts.append(language.gettext("Vergelijkbaar, want: %(because)s.", because=because_text))
    return " ".join(
        [
            *texts,
            *target_words.wish_sentences(frame, language),
            *words.certainty(pair or frame.own, frame.area, language),
        ]
    )


def _notes(pair: tuple[Point, ...], frame: TrendFrame, language: Language) -> list[Note]:
    found: list[Note] = []
    if len(pair) > 1 and not _may_compare(pair, frame):
        text = language.gettext(
            "Tussen %(first)s en %(last)s is de telling veranderd. Vergelijk deze twee cijfers niet.",
            first=words.when(pair[0], language),
            last=words.when(pair[1], language),
        )
        found.append(Note(kind="break", text=text))
    if len(pair) == 1:
        text = language.gettext("Er is maar één cijfer dat telt. Een verschil is er dus niet.")
        found.append(Note(kind="missing", text=text))
    if any(point.is_provisional for point in pair[:-1]):
        text = language.gettext(
            "Het cijfer over %(period)s kan nog veranderen.", period=words.when(pair[0], language)
        )
        found.append(Note(kind="provisional", text=text))
    between = [mark for mark in frame.marks if pair and pair[0].year < mark.year <= pair[-1].year]
    found += words.mark_notes(between, language)
    return found


def table(pair: tuple[Point, ...], frame: TrendFrame, language: Language) -> Table:
    medians = _medians(pair, frame)
    columns = [language.gettext("Periode"), frame.area]
    if medians:
        columns.append(language.gettext("Mediaan"))
    rows_: list[list[str]] = []
    for point in pair or frame.own[-1:]:
        row = [point.label, words.own_text(point, frame, language)]
        if medians:
            row.append(words.short_text(medians[point.period], frame.unit, frame.decimals, language))
        rows_.append([*row, status_cell(point, language)])
    return {
        "caption": subject_text(frame, language),
        "columns": [*columns, language.gettext("Status")],
        "rows": rows_,
        "numeric": [False, *[True] * (len(columns) - 1), False],
    }


def scene(frame: TrendFrame, options: BeforeAfterOptions, pen: Pen) -> Scene:
    pair = _pair(frame, options)
    if not pair:
        return empty(words.nothing_to_draw(pen.language), pen.palette.text)
    medians = _medians(pair, frame)
    own = [point.value or 0.0 for point in pair]
    axis = length_axis([*own, *medians.values()], frame.decimals)
    across = Span(axis.start, axis.end, LEFT, RIGHT)
    lines = [_Line(frame.area, own, pen.palette.own)]
    if medians:
        label = pen.language.gettext("mediaan van de anderen")
        lines.append(_Line(label, [medians[point.period] for point in pair], pen.palette.median))
    drawing = Scene(TOP + rows.HEIGHT * len(lines) + 18)
    _key(drawing, pair, pen)
    joined = len(pair) > 1 and _may_compare(pair, frame)
    for index, line in enumerate(lines):
        values = [words.short_text(value, frame.unit, frame.decimals, pen.language) for value in line.values]
        said = values[0]
        if len(values) > 1:
            said = pen.language.gettext("%(old)s naar %(new)s", old=values[0], new=values[1])
        y = TOP + rows.HEIGHT * index
        rows.head(drawing, y, line.label, said, pen, own=line.colour == pen.palette.own)
        rows.track(drawing, y, across, pen)
        _draw_line(drawing, y, [across(value) for value in line.values], line.colour, pen, joined=joined)
        drawing.spot(across(line.values[-1]), y + rows.TOP, f"{line.label}: {said}")
    foot = TOP + rows.HEIGHT * len(lines) + 8
    start, end = (words.tick_text(tick, axis, frame.unit, pen.language) for tick in (axis.start, axis.end))
    drawing.add(Text(0, foot, start, pen.palette.median), Text(100, foot, end, pen.palette.median, "end"))
    return drawing


def _key(drawing: Scene, pair: tuple[Point, ...], pen: Pen) -> None:
    x = 1.5
    for point in pair:
        is_new = point is pair[-1]
        inside = pen.palette.median if is_new else pen.palette.background
        drawing.add(
            Dot(x, 10, 5, inside, pen.palette.median), Text(x, 15, point.label, pen.palette.text, dx=12)
        )
        x += 100 * (width_of(point.label) + 34) / 300


def _draw_line(drawing: Scene, y: float, places: list[float], colour: str, pen: Pen, *, joined: bool) -> None:
    middle = y + (rows.TOP + rows.BOTTOM) / 2
    if joined:
        drawing.add(Line(((places[0], middle), (places[-1], middle)), colour, 3))
    for place in places[:-1]:
        drawing.add(Dot(place, middle, 6, pen.palette.background, colour))
    drawing.add(Dot(places[-1], middle, 6, colour, colour))
