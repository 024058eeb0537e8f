"""Stapeling: how many use one provision, and how many use several at once, in a row for each combination."""

from workbench.core.language import Language
from workbench.figures import rows, words
from workbench.figures.axes import length_axis
from workbench.figures.frame import Point
from workbench.figures.options import StackingOptions
from workbench.figures.scene import Dot, Scene, Span, Text
from workbench.figures.scene import Line as Stroke
from workbench.figures.stack import Combination, StackFrame
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, reading_notes, status_cell, subject_text
from workbench.figures.words import Note

FRAME = StackFrame
FIRST_DOT, DOTS = 2.5, 6.0  # per cent: the dots that tell which provisions
HIDDEN = 12.0  # per cent of a bar that is not shown: always the same, because its size is not told


def name(language: Language) -> str:
    return language.gettext("Stapeling van voorzieningen")


def fits(frame: StackFrame, language: Language) -> str | None:
    if all(one.point.value is None for one in frame.several):
        return language.gettext("Er zijn geen cijfers over wie meer voorzieningen tegelijk gebruikt.")
    return None


def because(frame: StackFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat u ziet wie hulp krijgt uit %(names)s, los en tegelijk.",
        names=_and(list(frame.provisions), language),
    )


def tell(frame: StackFrame, _options: StackingOptions, language: Language) -> Told:
    title = _title(frame, language)
    drawing = language.gettext(
        "Een balk voor elke combinatie, met stippen voor de voorzieningen die erbij horen."
    )
    if not any(point.value is not None for point in frame.points):
        drawing = language.gettext("Lege grafiek: er zijn geen cijfers om te tekenen.")
    valued = [point for point in frame.points if point.value is not None][:1]
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": [*_notes(frame, language), *reading_notes(frame, language)],
        "source": words.source_line(frame.source, valued, language),
        "alt": alternative(frame.area, title, drawing, words.readings(frame, language)),
        "table": table(frame, language),
    }


def _several(frame: StackFrame, language: Language) -> str | None:
    """'1.230 huishoudens', 'in elk geval 1.215 huishoudens' where some are hidden; None: nothing is known."""
    values = [one.point.value for one in frame.several if one.point.value is not None]
    if not values:
        return None
    text = words.value_text(sum(values), frame.unit, frame.decimals, language)
    if len(values) == len(frame.several):
        return text
    return language.gettext("in elk geval %(number)s", number=text)


def _title(frame: StackFrame, language: Language) -> str:
    number = _several(frame, language)
    if number is None:
        return language.gettext(
            "%(subject)s, geen cijfer voor %(area)s", subject=frame.indicator, area=frame.area
        )
    return language.gettext(
        "%(subject)s: in %(area)s %(number)s met twee of meer voorzieningen in %(period)s",
        subject=frame.indicator,
        area=frame.area,
        number=number,
        period=words.when(frame.several[0].point, language),
    )


def _sentence(frame: StackFrame, language: Language) -> str:
    texts = [
        language.gettext(
            "Elk telt één keer mee, in de rij die precies klopt. Het gaat om %(names)s.",
            names=_and(list(frame.provisions), language),
        )
    ]
    valued = [point for point in frame.points if point.value is not None]
    return " ".join([*texts, *words.certainty(valued[:1] or frame.points[:1], frame.area, language)])


def _notes(frame: StackFrame, language: Language) -> list[Note]:
    found = []
    for one in frame.combinations:
        if one.point.missing is not None:
            reason = words.missing_text(one.point.missing, language)
            found.append(Note(kind="missing", text=f"{_label(one, frame, language)}: {reason}."))
    if found:
        text = language.gettext("Een gestreepte balk is niet op schaal getekend.")
        found.append(Note(kind="scale", text=text))
    return found


def _label(combination: Combination, frame: StackFrame, language: Language) -> str:
    names = frame.names_of(combination)
    if len(names) == 1:
        return language.gettext("alleen %(name)s", name=names[0])
    return _and(names, language)


def _and(names: list[str], language: Language) -> str:
    if len(names) == 1:
        return names[0]
    return language.gettext("%(names)s en %(last)s", names=", ".join(names[:-1]), last=names[-1])


def table(frame: StackFrame, language: Language) -> Table:
    lines = [
        [
            _label(one, frame, language),
            words.own_text(one.point, frame, language),
            status_cell(one.point, language),
        ]
        for one in frame.combinations
    ]
    if frame.several:
        number = _several(frame, language) or language.gettext("niet op te tellen")
        lines.append([language.gettext("Twee of meer samen"), number, language.gettext("berekend")])
    return {
        "caption": subject_text(frame, language),
        "columns": [language.gettext("Combinatie"), language.gettext("Aantal"), language.gettext("Status")],
        "rows": lines,
        "numeric": [False, True, False],
    }


def scene(frame: StackFrame, _options: StackingOptions, pen: Pen) -> Scene:
    if not frame.combinations:
        drawing = Scene(96)
        drawing.add(Text(50, 52, words.nothing_to_draw(pen.language), pen.palette.text, "middle"))
        return drawing
    left = FIRST_DOT + DOTS * len(frame.provisions)
    numbers = [point.value for point in frame.points if point.value is not None]
    axis = length_axis(numbers, frame.decimals)
    across = Span(axis.start, axis.end, left, 100)
    drawing = Scene(rows.HEIGHT * len(frame.combinations))
    for index, one in enumerate(frame.combinations):
        y = rows.HEIGHT * index
        _draw_dots(drawing, frame, one, y, pen)
        _draw_bar(drawing, one.point, y, across, pen, several=len(one.members) > 1)
        label = _label(one, frame, pen.language)
        value = words.own_text(one.point, frame, pen.language)
        if one.point.missing is not None:
            value = words.missing_short(one.point.missing, pen.language)
        rows.head(drawing, y, f"{label[0].upper()}{label[1:]}", value, pen)
        drawing.spot(left + 5, y + rows.TOP, f"{label}: {value}")
    return drawing


def _draw_dots(drawing: Scene, frame: StackFrame, one: Combination, y: float, pen: Pen) -> None:
    middle = y + (rows.TOP + rows.BOTTOM) / 2
    places = {name: FIRST_DOT + DOTS * index for index, name in enumerate(frame.provisions)}
    inside = [places[name] for name in frame.names_of(one)]
    if len(inside) > 1:
        drawing.add(Stroke(((inside[0], middle), (inside[-1], middle)), pen.palette.text, 2))
    for name, x in places.items():
        colour = pen.palette.text if name in one.members else pen.palette.grid
        drawing.add(Dot(x, middle, 5, colour, colour))


def _draw_bar(drawing: Scene, point: Point, y: float, across: Span, pen: Pen, *, several: bool) -> None:
    palette = pen.palette
    if point.value is None:
        rows.bar(drawing, y, (across.low, across.low + HIDDEN), palette.band_edge, hatched=True)
        return
    colour = palette.own if several else palette.band_edge
    rows.bar(drawing, y, (across(0), across(point.value)), colour, hatched=point.is_provisional)
