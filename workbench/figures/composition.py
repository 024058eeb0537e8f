"""Parts of a whole through time: stacked columns in the fixed order of the parts. What is hidden is striped, not sized."""

from typing import NamedTuple

from workbench.core.language import Language
from workbench.figures import lines_words, words
from workbench.figures.lines import Line, LinesFrame, Period
from workbench.figures.options import CompositionOptions
from workbench.figures.scene import PHONE, Rect, Scene, Text, apart, cut, empty, width_of
from workbench.figures.scene import Line as Stroke
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative
from workbench.figures.words import Note

FRAME = LinesFrame
TOP, BODY, FOOT = 26, 250, 24  # pixels: the totals, the columns, the years
HIDDEN = 16  # pixels of a part that is not shown: always the same, because its size is not told
WIDE, NARROW = 13.0, 11.8  # per cent of the width of a column; the names stand beside them
MOST, FEWER = 5, 3  # columns in the drawing; fewer where the names need the room
ORDER = (3, 1, 2, 0)  # of the shades
WHOLE = 100  # per cent
LABEL = 19  # pixels between two names


def name(language: Language) -> str:
    return language.gettext("Delen van een geheel")


def fits(frame: LinesFrame, language: Language) -> str | None:
    if frame.of != "parts" or len(frame.lines) < 2:
        return language.gettext("Deze cijfers zijn geen delen van één geheel.")
    if any(number < 0 for number in frame.numbers):
        return language.gettext("Een van de delen is negatief. Dat is niet als deel te tekenen.")
    return None


def because(frame: LinesFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat %(lines)s samen één geheel zijn.",
        lines=lines_words.counted(len(frame.lines), frame, language),
    )


def together(frame: LinesFrame, period: Period) -> float | None:
    """The whole; None where a part is missing, because then it is not known or would tell what is hidden."""
    points = [line.at(period.period) for line in frame.lines]
    values = [point.value for point in points if point is not None and point.value is not None]
    return sum(values) if points and len(values) == len(points) else None


def tell(frame: LinesFrame, _options: CompositionOptions, language: Language) -> Told:
    title = _title(frame, language)
    drawing = language.gettext("Kolommen, verdeeld in delen die in elke kolom dezelfde volgorde hebben.")
    if not frame.numbers:
        drawing = words.empty_chart(language)
    return {
        "title": title,
        "sentence": " ".join([*_whole_sentence(frame, language), lines_words.sentence(frame, language)]),
        "notes": [*_own_notes(frame, language), *lines_words.notes(frame, language)],
        "source": words.source_line(frame.source, frame.valued, language),
        "alt": alternative(frame.area, title, drawing, words.readings(frame, language)),
        "table": table(frame, language),
    }


def _title(frame: LinesFrame, language: Language) -> str:
    newest = frame.periods[-1] if frame.periods else None
    total = together(frame, newest) if newest else None
    if newest is None or total is None:
        return lines_words.title(frame, language)
    if frame.unit == "%" and round(total) == WHOLE:  # that goes without saying
        return language.gettext(
            "%(subject)s in %(period)s, in %(lines)s",
            subject=frame.indicator,
            period=words.when(newest, language),
            lines=lines_words.counted(len(frame.lines), frame, language),
        )
    return language.gettext(
        "%(subject)s: samen %(total)s in %(period)s, in %(lines)s",
        subject=frame.indicator,
        total=words.value_text(total, frame.unit, frame.decimals, language),
        period=words.when(newest, language),
        lines=lines_words.counted(len(frame.lines), frame, language),
    )


def _whole_sentence(frame: LinesFrame, language: Language) -> list[str]:
    """How large the whole was, when that was another size; not across a break."""
    tables = {point.part for line in frame.lines for point in line.points}
    if not frame.periods or len(tables) > 1 or any(event.cuts for event in frame.events):
        return []
    first, last = frame.periods[0], frame.periods[-1]
    old, new = together(frame, first), together(frame, last)
    if first == last or old is None or new is None:
        return []
    before, now = (words.short_text(value, frame.unit, frame.decimals, language) for value in (old, new))
    if before == now:
        return []
    return [
        language.gettext(
            "In %(period)s was het samen %(total)s.", period=words.when(first, language), total=before
        )
    ]


def _own_notes(frame: LinesFrame, language: Language) -> list[Note]:
    found = []
    if any(together(frame, period) is None for period in frame.periods):
        text = language.gettext(
            "Een gestreept deel is niet op schaal getekend. Het geheel van die periode tellen wij niet op."
        )
        found.append(Note(kind="missing", text=text))
    if any(number < 0 for number in frame.numbers):
        text = language.gettext("Een negatief deel staat wel in de tabel, maar niet in de tekening.")
        found.append(Note(kind="warning", text=text))
    if len(frame.periods) > len(_drawn(frame, language)):
        text = language.gettext("De tekening toont alleen de nieuwste perioden. De tabel heeft ze allemaal.")
        found.append(Note(kind="scale", text=text))
    return found


def table(frame: LinesFrame, language: Language) -> Table:
    made = lines_words.table(frame, language)
    if not frame.periods:
        return made
    unknown = language.gettext("niet op te tellen")
    totals = [together(frame, period) for period in frame.periods]
    cells = [
        unknown if total is None else words.short_text(total, frame.unit, frame.decimals, language)
        for total in totals
    ]
    whole = [language.gettext("Samen"), *cells, language.gettext("berekend")]
    return {**made, "rows": [*made["rows"], whole]}


def _drawn(frame: LinesFrame, language: Language) -> tuple[Period, ...]:
    """The newest periods, as many as leave room for the names."""
    room = _room(min(MOST, len(frame.periods)))
    fit = all(
        width_of(f"{line.name} {_newest_text(line, period, frame, language)}") <= room
        for period in frame.periods[-1:]
        for line in frame.lines
    )
    return frame.periods[-(MOST if fit else FEWER) :]


def _width(columns: int) -> float:
    return WIDE if columns <= FEWER else NARROW


def _room(columns: int) -> float:
    """Pixels across for a name with its value on a phone, beside so many columns."""
    return PHONE * (100 - _width(columns) * columns - 4) / 100 - 4


def _newest_text(line: Line, period: Period, frame: LinesFrame, language: Language) -> str:
    point = line.at(period.period)
    if point is None or point.value is None:
        return words.missing_short((point.missing if point else None) or "unknown", language)
    return words.short_text(point.value, frame.unit, frame.decimals, language)


class _Part(NamedTuple):
    line: Line
    top: float
    bottom: float
    is_hidden: bool


def scene(frame: LinesFrame, _options: CompositionOptions, pen: Pen) -> Scene:
    periods = _drawn(frame, pen.language)
    if not frame.numbers:
        return empty(words.nothing_to_draw(pen.language), pen.palette.text)
    drawing = Scene(max(TOP + BODY + FOOT, LABEL * len(frame.lines) + 8))
    columns = {period: _column(frame, period, _scale(frame, periods)) for period in periods}
    width = _width(len(periods))
    for index, (period, parts) in enumerate(columns.items()):
        ends = (index * width + 0.8, (index + 1) * width - 0.8)
        _draw_column(drawing, frame, period, parts, ends, pen=pen)
    _draw_names(drawing, frame, periods, columns[periods[-1]], pen)
    return drawing


def _scale(frame: LinesFrame, periods: tuple[Period, ...]) -> float:
    """Pixels for one unit, so that the highest column fits with its hidden parts."""
    fitting = []
    for period in periods:
        points = [line.at(period.period) for line in frame.lines]
        known = sum(
            max(point.value, 0.0) for point in points if point is not None and point.value is not None
        )
        hidden = sum(point is None or point.value is None for point in points)
        if known:
            fitting.append(max(BODY - HIDDEN * hidden, BODY / 3) / known)
    return min(fitting, default=0.0)


def _column(frame: LinesFrame, period: Period, scale: float) -> list[_Part]:
    """From the top down in the order of the parts, standing on the foot."""
    found, foot = [], float(TOP + BODY)
    for line in reversed(frame.lines):
        point = line.at(period.period)
        is_hidden = point is None or point.value is None
        height = float(HIDDEN)
        if point is not None and point.value is not None:
            height = max(point.value, 0.0) * scale
        found.append(_Part(line, foot - height, foot, is_hidden))
        foot -= height
    return found[::-1]


def _shade(frame: LinesFrame, line: Line) -> int:
    """Parts that touch one another differ clearly."""
    return ORDER[frame.lines.index(line) % len(ORDER)]


def _draw_column(
    drawing: Scene,
    frame: LinesFrame,
    period: Period,
    parts: list[_Part],
    ends: tuple[float, float],
    *,
    pen: Pen,
) -> None:
    palette, language = pen.palette, pen.language
    middle, room = sum(ends) / 2, PHONE * (ends[1] - ends[0]) / 100
    for part in parts:
        if part.is_hidden:
            drawing.add(Rect(*ends, part.top + 1, part.bottom - 1, palette.stripe, hatched=True))
            continue
        point = part.line.at(period.period)
        if point is None or part.bottom - part.top <= 1:
            continue
        drawing.add(Rect(*ends, part.top, part.bottom - 1, palette.shades[_shade(frame, part.line)]))
        said = lines_words.cell(point, frame, language)
        number = language.number(point.value or 0.0, frame.decimals)
        center = (part.top + part.bottom) / 2
        if part.bottom - part.top >= LABEL and width_of(number) <= room:
            drawing.add(Text(middle, center + 5, number, palette.text, "middle"))
        if point.is_provisional:
            drawing.add(Stroke(((ends[0], part.top), (ends[1], part.top)), palette.text, 1.5, (3, 3)))
        drawing.spot(middle, center, f"{part.line.name}, {period.label}: {said}", 24)
    total = together(frame, period)
    if total is not None:
        text = language.number(total, frame.decimals)
        if width_of(text) <= room:
            drawing.add(Text(middle, parts[0].top - 7, text, palette.text, "middle"))
    drawing.add(Text(middle, TOP + BODY + 18, cut(period.label, room), palette.median, "middle"))


def _draw_names(
    drawing: Scene, frame: LinesFrame, periods: tuple[Period, ...], parts: list[_Part], pen: Pen
) -> None:
    """Beside the newest column, each at its part as far as there is room."""
    edge = _width(len(periods)) * len(periods)
    left, room = edge + 4, _room(len(periods))
    middles = [(part.top + part.bottom) / 2 for part in parts]
    places = apart(middles, LABEL, 10, drawing.height - 8)
    for part, middle, place in zip(parts, middles, places, strict=True):
        value = _newest_text(part.line, periods[-1], frame, pen.language)
        drawing.add(Stroke(((edge - 0.6, middle), (left - 0.6, place)), pen.palette.band_edge))
        text = f"{cut(part.line.name, max(room - width_of(value), 60))} {value}"
        drawing.add(Text(left, place + 5, text, pen.palette.text))
