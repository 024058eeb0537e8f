"""Small multiples: a small line for each area or group, in fixed order, on one scale."""

from workbench.core.language import Language
from workbench.figures import lines_words, words
from workbench.figures.axes import Axis, value_axis
from workbench.figures.lines import Line, LinesFrame
from workbench.figures.options import MultiplesOptions
from workbench.figures.panel import Box, draw_line
from workbench.figures.scene import PHONE, Scene, Text, cut
from workbench.figures.style import Pen
from workbench.figures.telling import Told, alternative
from workbench.figures.words import Note

FRAME = LinesFrame
ACROSS = 2  # panels side by side; more do not fit on a phone
PANEL, GAP = 150, 7.0  # pixels high; per cent between two


def name(language: Language) -> str:
    return language.gettext("Kleine grafieken naast elkaar")


def fits(frame: LinesFrame, language: Language) -> str | None:
    if len([line for line in frame.lines if len(line.valued) > 1]) < ACROSS:
        return language.gettext("Er zijn geen twee gebieden of groepen met cijfers over meer perioden.")
    return None


def because(frame: LinesFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat u %(lines)s door de jaren naast elkaar kunt zien, in vaste volgorde.",
        lines=lines_words.counted(len(frame.lines), frame, language),
    )


def tell(frame: LinesFrame, options: MultiplesOptions, language: Language) -> Told:
    title = lines_words.title(frame, language)
    drawing = language.gettext("Kleine lijngrafieken naast elkaar, in vaste volgorde.")
    if not frame.numbers:
        drawing = language.gettext("Lege grafiek: er zijn geen cijfers om te tekenen.")
    return {
        "title": title,
        "sentence": lines_words.sentence(frame, language),
        "notes": [*_scale_notes(frame, options, language), *lines_words.notes(frame, language)],
        "source": words.source_line(frame.source, frame.valued, language),
        "alt": alternative(frame.area, title, drawing, words.readings(frame, language)),
        "table": lines_words.table(frame, language),
    }


def _scale_notes(frame: LinesFrame, options: MultiplesOptions, language: Language) -> list[Note]:
    if not options.same_scale:
        text = language.gettext(
            "Elke kleine grafiek heeft een eigen schaal. Vergelijk de vorm, niet de hoogte."
        )
        return [Note(kind="scale", text=text)]
    axis = value_axis(frame.numbers, frame.decimals)
    if axis.starts_at_zero:
        return []
    start = words.tick_text(axis.start, axis, frame.unit, language)
    text = language.gettext("De schaal van de grafiek begint niet bij nul, maar bij %(start)s.", start=start)
    return [Note(kind="scale", text=text)]


def scene(frame: LinesFrame, options: MultiplesOptions, pen: Pen) -> Scene:
    if not frame.numbers:
        drawing = Scene(96)
        drawing.add(Text(50, 52, words.nothing_to_draw(pen.language), pen.palette.text, "middle"))
        return drawing
    shared = value_axis(frame.numbers, frame.decimals)
    width = (100 - GAP * (ACROSS - 1)) / ACROSS
    drawing = Scene(PANEL * -(-len(frame.lines) // ACROSS))
    for index, line in enumerate(frame.lines):
        row, column = divmod(index, ACROSS)
        left = column * (width + GAP)
        box = Box(left, left + width, PANEL * row + 44, PANEL * row + 108)
        own = [point.value for point in line.valued if point.value is not None]
        axis = shared if options.same_scale else value_axis(own, frame.decimals)
        _panel(drawing, frame, line, box, axis, pen=pen)
    return drawing


def _panel(drawing: Scene, frame: LinesFrame, line: Line, box: Box, axis: Axis, *, pen: Pen) -> None:
    newest = line.points[-1] if line.points else None
    value = words.missing_short("unknown", pen.language)
    if newest is not None and newest.value is not None:
        value = words.own_text(newest, frame, pen.language)
    elif newest is not None:
        value = words.missing_short(newest.missing or "unknown", pen.language)
    room = PHONE * (box.right - box.left) / 100
    drawing.add(
        Text(box.left, box.top - 29, cut(line.name, room), pen.palette.text),
        Text(box.left, box.top - 10, cut(value, room), pen.palette.own, bold=True),
    )
    years = [period.year for period in frame.periods]
    runs = [
        [(point.year, point.value or 0.0, point.is_provisional) for point in run]
        for run in frame.runs_of(line)
    ]
    draw_line(drawing, box, runs, axis, (years[0], years[-1]), pen=pen)
    first, last = frame.periods[0], frame.periods[-1]
    drawing.add(Text(box.left, box.bottom + 16, f"{int(first.year)}", pen.palette.median))
    if int(last.year) != int(first.year):
        drawing.add(Text(box.right, box.bottom + 16, f"{int(last.year)}", pen.palette.median, "end"))
    for point in line.valued:
        x, y = box.place(point.year, point.value or 0.0, axis, (years[0], years[-1]))
        drawing.spot(x, y, f"{line.name}, {point.label}: {words.own_text(point, frame, pen.language)}", 18)
