"""Money beside its outcome: two panels under one another on the same years, never two scales in one."""

from dataclasses import dataclass

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.axes import Axis, value_axis
from workbench.figures.frame import BandPoint, Point, TrendFrame, widened
from workbench.figures.options import MoneyOptions
from workbench.figures.panel import MARGIN, Box, draw_line
from workbench.figures.scene import PHONE, Area, Line, Scene, Span, Text, cut, empty, side, width_of
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, reading_notes, status_cell
from workbench.figures.words import Note

PANEL, BODY, HEADING = 186, 112, 44  # pixels of a panel, of its line, above its line


@dataclass(frozen=True)
class MoneyFrame:
    """What was spent, and what came of it; both of the same area."""

    money: TrendFrame
    outcome: TrendFrame

    def __post_init__(self) -> None:
        if self.money.area != self.outcome.area:
            raise ValueError("Money and outcome are of different areas.")

    @property
    def both(self) -> tuple[TrendFrame, TrendFrame]:
        return self.money, self.outcome

    def without_band(self) -> "MoneyFrame":
        return MoneyFrame(self.money.without_band(), self.outcome.without_band())

    @property
    def years(self) -> tuple[float, float]:
        found = [point.year for frame in self.both for point in frame.own]
        return min(found, default=0.0), max(found, default=0.0)


FRAME = MoneyFrame


def name(language: Language) -> str:
    return language.gettext("Geld naast uitkomst")


def fits(frame: MoneyFrame, language: Language) -> str | None:
    if any(len(one.valued) < 2 for one in frame.both):
        return language.gettext("Geld en uitkomst hebben elk cijfers over ten minste twee perioden nodig.")
    return None


def because(_frame: MoneyFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat u geld en uitkomst over dezelfde jaren onder elkaar ziet."
    )


def tell(frame: MoneyFrame, _options: MoneyOptions, language: Language) -> Told:
    title = words.title(frame.money, language)
    drawing = language.gettext(
        "Twee lijngrafieken onder elkaar, met dezelfde jaren: boven het geld, onder de uitkomst."
    )
    if not any(one.valued for one in frame.both):
        drawing = words.empty_chart(language)
    readings = [text for one in frame.both for text in words.readings(one, language)]
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": _notes(frame, language),
        "source": " ".join(dict.fromkeys(words.source(one, language) for one in frame.both)),
        "alt": alternative(frame.money.area, title, drawing, readings),
        "table": table(frame, language),
    }


def _sentence(frame: MoneyFrame, language: Language) -> str:
    texts = [f"{words.title(frame.outcome, language)}."]
    for one in frame.both:
        texts += [text for text in words.certainty(one.own, one.area, language) if text not in texts]
    return " ".join(texts)


def _notes(frame: MoneyFrame, language: Language) -> list[Note]:
    text = language.gettext(
        "Dat geld en uitkomst samen veranderen, zegt niet dat het een door het ander komt. "
        "Uitkomsten volgen vaak later dan uitgaven."
    )
    found = [Note(kind="warning", text=text)]
    if any(_shown_band(one) for one in frame.both):
        text = language.gettext(
            "De grijze band is de middelste helft van vergelijkbare gemeenten; de streepjeslijn is hun mediaan."
        )
        found.append(Note(kind="scale", text=text))
    for one in frame.both:
        axis = value_axis(_values(one), one.decimals)
        notes = words.notes(one.without_band(), axis, language, compare=False)
        found += [
            Note(kind=note["kind"], text=f"{one.indicator}: {note['text']}")
            for note in notes
            if note["kind"] != "reading"
        ]
    for one in frame.both:
        found += reading_notes(one, language)
    return found


def _shown_band(frame: TrendFrame) -> tuple[BandPoint, ...]:
    """Of the periods that have a figure of our own, so that both panels keep their years."""
    periods = {point.period for point in frame.own}
    return tuple(point for point in frame.band if point.period in periods)


def _values(frame: TrendFrame) -> list[float]:
    own = [point.value for point in frame.own if point.value is not None]
    return [*own, *(edge for point in _shown_band(frame) for edge in (point.low, point.high))]


def table(frame: MoneyFrame, language: Language) -> Table:
    placed = {(point.year, point.label) for one in frame.both for point in one.own}
    lines = []
    for year, label in sorted(placed):
        line = [label]
        for one in frame.both:
            point = _at(one, year, label)
            line.append(_cell(point, one, language))
            if shown := _shown_band(one):
                beside = {band.period: band for band in shown}
                line.append(_band_cell(beside.get(point.period) if point else None, one, language))
        lines.append(line)
    area = frame.money.area
    columns = [language.gettext("Periode")]
    for one in frame.both:
        columns.append(one.indicator)
        if _shown_band(one):
            columns.append(language.gettext("Andere gemeenten: %(indicator)s", indicator=one.indicator))
    names = [f"{one.indicator} ({one.unit})" for one in frame.both]
    return {
        "caption": language.gettext(
            "%(money)s naast %(outcome)s, %(area)s", money=names[0], outcome=names[1], area=area
        ),
        "columns": columns,
        "rows": lines,
        "numeric": [False, *[True] * (len(columns) - 1)],
    }


def _at(frame: TrendFrame, year: float, label: str) -> Point | None:
    return next((point for point in frame.own if (point.year, point.label) == (year, label)), None)


def _cell(point: Point | None, frame: TrendFrame, language: Language) -> str:
    if point is None:
        return language.gettext("geen cijfer")
    text = words.own_text(point, frame, language)
    return text if point.value is None else f"{text} ({status_cell(point, language)})"


def _band_cell(band: BandPoint | None, frame: TrendFrame, language: Language) -> str:
    if band is None:
        return language.gettext("geen vergelijking")
    return language.gettext(
        "%(range)s, mediaan %(median)s",
        range=words.range_text(band, frame, language),
        median=words.short_text(band.median, frame.unit, frame.decimals, language),
    )


def scene(frame: MoneyFrame, _options: MoneyOptions, pen: Pen) -> Scene:
    if not any(one.valued for one in frame.both):
        return empty(words.nothing_to_draw(pen.language), pen.palette.text)
    drawing = Scene(PANEL * len(frame.both))
    for index, one in enumerate(frame.both):
        box = Box(0, 100, PANEL * index + HEADING, PANEL * index + HEADING + BODY)
        _panel(drawing, one, box, frame.years, pen)
    _years(drawing, frame, pen)
    return drawing


def _panel(drawing: Scene, one: TrendFrame, box: Box, years: tuple[float, float], pen: Pen) -> None:
    palette, language = pen.palette, pen.language
    axis = value_axis(_values(one), one.decimals)
    newest = one.valued[-1] if one.valued else None
    value = words.own_text(newest, one, language) if newest else words.missing_short("unknown", language)
    room = PHONE - 1.1 * width_of(value) - 12
    drawing.add(
        Text(0, box.top - 28, cut(one.indicator, room), palette.text, bold=True),
        Text(100, box.top - 28, value, palette.own, "end", bold=True),
        Line(((0, box.top), (100, box.top)), palette.grid),
        Text(0, box.top - 5, words.tick_text(axis.end, axis, one.unit, language), palette.median),
        Text(
            0,
            box.bottom - 5,
            words.tick_text(axis.start, axis, one.unit, language),
            palette.median,
            halo=True,
        ),
    )
    _band(drawing, one, box, years, axis, pen=pen)
    _marks(drawing, one, box, years, axis, pen=pen)
    runs = [[(p.year, p.value or 0.0, p.is_provisional) for p in run] for run in one.own_runs]
    draw_line(drawing, box, runs, axis, years, pen=pen, width=4)
    for point in one.valued:
        x, y = box.place(point.year, point.value or 0.0, axis, years)
        drawing.spot(x, y, f"{one.indicator}, {point.label}: {words.own_text(point, one, language)}")


def _band(
    drawing: Scene, one: TrendFrame, box: Box, years: tuple[float, float], axis: Axis, *, pen: Pen
) -> None:
    """The middle half of comparable municipalities, and their median, in unbroken stretches."""
    shown = {point.period for point in _shown_band(one)}
    for run in one.band_runs:
        points = [point for point in run if point.period in shown]
        if not points:
            continue
        across = widened([point.year for point in points], one.step / 6)
        low, median, high = (
            [
                box.place(year, value, axis, years)
                for year, value in zip(across, widened(values, 0.0), strict=True)
            ]
            for values in zip(*((point.low, point.median, point.high) for point in points), strict=True)
        )
        drawing.add(Area((*low, *reversed(high)), pen.palette.band))
        drawing.add(Line(tuple(median), pen.palette.median, 2, (6, 4)))


def _marks(
    drawing: Scene, one: TrendFrame, box: Box, years: tuple[float, float], axis: Axis, *, pen: Pen
) -> None:
    for mark in one.marks:
        if years[0] < mark.year < years[1]:
            x, _ = box.place(mark.year, axis.start, axis, years)
            colour = pen.palette.warning if mark.event.cuts else pen.palette.median
            drawing.add(Line(((x, box.top), (x, box.bottom)), colour, 1.5, (3, 4)))


def _years(drawing: Scene, frame: MoneyFrame, pen: Pen) -> None:
    """Along the foot of both, so that the eye can go straight down."""
    across = Span(*frame.years, MARGIN, 100 - MARGIN)
    first, last = (int(year) for year in frame.years)
    every = max(1, -(-(last - first) // 5))
    for index in range(len(frame.both)):
        foot = PANEL * index + HEADING + BODY + 18
        for year in range(last, first - 1, -every):
            if frame.years[0] <= year <= frame.years[1]:
                anchor, x = side(across(year), width_of(str(year)))
                drawing.add(Text(x, foot, str(year), pen.palette.median, anchor))
