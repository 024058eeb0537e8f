"""A heat table: periods by areas, groups or parts, with the number in every cell; the shade is extra."""

from workbench.core.language import Language
from workbench.figures import lines_words, words
from workbench.figures.frame import Point
from workbench.figures.lines import LinesFrame, Period
from workbench.figures.options import HeatOptions
from workbench.figures.scene import PHONE, Line, Rect, Scene, Text, cut, width_of
from workbench.figures.style import Pen
from workbench.figures.telling import Told, alternative
from workbench.figures.words import Note

FRAME = LinesFrame
TOP, ROW, CELL = 42, 56, 30  # pixels: the years, a row with its name, a cell
MOST, FEWEST = 8, 2  # columns in the drawing


def name(language: Language) -> str:
    return language.gettext("Tabel met tinten")


def fits(frame: LinesFrame, language: Language) -> str | None:
    if len([line for line in frame.lines if line.valued]) < FEWEST:
        return language.gettext("Er zijn geen twee gebieden of groepen met een cijfer.")
    return None


def because(frame: LinesFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat u van %(lines)s elk getal kunt aflezen. De tint helpt zoeken.",
        lines=lines_words.counted(len(frame.lines), frame, language),
    )


def tell(frame: LinesFrame, options: HeatOptions, language: Language) -> Told:
    title = lines_words.title(frame, language)
    drawing = language.gettext("Tabel met in elk vakje een getal.")
    if not frame.numbers:
        drawing = language.gettext("Lege grafiek: er zijn geen cijfers om te tekenen.")
    return {
        "title": title,
        "sentence": lines_words.sentence(frame, language),
        "notes": [*_shade_notes(frame, options, language), *lines_words.notes(frame, language)],
        "source": words.source_line(frame.source, frame.valued, language),
        "alt": alternative(frame.area, title, drawing, words.readings(frame, language)),
        "table": lines_words.table(frame, language),
    }


def _shade_notes(frame: LinesFrame, options: HeatOptions, language: Language) -> list[Note]:
    texts = []
    if options.shade and len(set(frame.numbers)) > 1:
        texts.append(
            language.gettext("Hoe donkerder een vakje, hoe hoger het getal. De tint is geen oordeel.")
        )
    if len(_drawn(frame, language)) < len(frame.periods):
        texts.append(
            language.gettext("De tekening toont alleen de nieuwste perioden. De tabel heeft ze allemaal.")
        )
    return [Note(kind="scale", text=text) for text in texts]


def _drawn(frame: LinesFrame, language: Language) -> tuple[Period, ...]:
    """The newest periods, as many as fit beside one another on a phone."""
    texts = [language.number(number, frame.decimals) for number in frame.numbers]
    widest = max([width_of(text) for text in texts], default=0) + 6
    room = max(FEWEST, min(MOST, int(PHONE / max(widest, width_of("2024") + 6))))
    return frame.periods[-room:]


def scene(frame: LinesFrame, options: HeatOptions, pen: Pen) -> Scene:
    palette, language = pen.palette, pen.language
    periods = _drawn(frame, language)
    if not frame.numbers:
        drawing = Scene(96)
        drawing.add(Text(50, 52, words.nothing_to_draw(language), palette.text, "middle"))
        return drawing
    drawing = Scene(TOP + ROW * len(frame.lines))
    width = 100 / len(periods)
    drawing.add(Text(0, 13, frame.unit, palette.median))
    for index, period in enumerate(periods):
        label = cut(_short(period), PHONE * width / 100)
        drawing.add(Text((index + 0.5) * width, 34, label, palette.median, "middle"))
    for row, line in enumerate(frame.lines):
        y = TOP + ROW * row
        drawing.add(Text(0, y + 16, cut(line.name, PHONE), palette.text))
        for column, period in enumerate(periods):
            point = line.at(period.period)
            x = column * width
            _cell(drawing, frame, point, (x, x + width - 0.4), y + 22, shade=options.shade, pen=pen)
            said = lines_words.cell(point, frame, language)
            drawing.spot(x + width / 2, y + 37, f"{line.name}, {period.label}: {said}")
    for event in frame.events:
        places = [
            index
            for index, period in enumerate(periods)
            if index and periods[index - 1].year < event.year - frame.step / 2 <= period.year
        ]
        for index in places if event.cuts else []:
            x = index * width - 0.2
            drawing.add(Line(((x, 0), (x, drawing.height)), palette.warning, 1.5, (3, 4)))
    return drawing


def _short(period: Period) -> str:
    """'2024', '2024-2' for the second half, '2024-11' for November."""
    year, part = period.period[:4], period.period[6:].lstrip("0")
    return f"{year}-{part}" if part else year


def _cell(
    drawing: Scene,
    frame: LinesFrame,
    point: Point | None,
    ends: tuple[float, float],
    y: float,
    *,
    shade: bool,
    pen: Pen,
) -> None:
    palette = pen.palette
    middle, foot = sum(ends) / 2, y + 20
    if point is None or point.value is None:
        drawing.add(Rect(*ends, y, y + CELL, palette.stripe, hatched=True))
        drawing.add(Text(middle, foot, "–", palette.text, "middle", halo=True))
        return
    level = _level(point.value, frame) if shade else 0
    is_dark = level == len(palette.shades) - 1
    drawing.add(Rect(*ends, y, y + CELL, palette.shades[level]))
    colour = palette.background if is_dark else palette.text
    number = pen.language.number(point.value, frame.decimals)
    drawing.add(Text(middle, foot, number, colour, "middle"))
    if point.is_provisional:
        drawing.add(Line(((ends[0], y + CELL - 2), (ends[1], y + CELL - 2)), colour, 2, (3, 3)))


def _level(value: float, frame: LinesFrame) -> int:
    low, high = min(frame.numbers), max(frame.numbers)
    if high == low:
        return 0
    return min(int(5 * (value - low) / (high - low)), 4)
