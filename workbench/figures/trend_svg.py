"""The same trend as an SVG; see `svg.py` for what holds for every drawing."""

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from workbench.core.language import Language
from workbench.figures import svg, target_words, words
from workbench.figures.axes import value_axis, year_axis
from workbench.figures.frame import Mark, TrendFrame, widened
from workbench.figures.style import Palette
from workbench.figures.svg import NORMAL, percent

HEIGHT, EMPTY_HEIGHT = 320, 96  # pixels
TOP = 64  # room for the unit, one row of the key and the label at the end of the line
KEY_ROW, KEY_COLUMNS = 19, 2  # pixels; two names fit side by side on a phone
SAMPLE = 26  # pixels across of a sample in the key: three dashes
MARK_ROW, MARK_ROWS = 17, 8  # pixels; so many names of events stand above one another
MEDIAN_DASH, AIM_DASH, LIMIT_DASH = "6 4", "2 4", "9 3 2 3"
RIGHT = 95.0  # per cent of the width where the lines end


def draw(frame: TrendFrame, palette: Palette, language: Language) -> str:
    """SVG of `HEIGHT` pixels high and as wide as its place; under 8 kB for 30 periods."""
    height = HEIGHT if frame.numbers else EMPTY_HEIGHT
    root = svg.root(height, words.title(frame, language), words.alternative(frame, language), palette)
    if frame.numbers:
        _Drawing(root, frame, palette, language).draw()
    else:
        svg.words(
            root,
            "text",
            words.nothing_to_draw(language),
            x="50%",
            y=str(EMPTY_HEIGHT // 2),
            text_anchor="middle",
            font_size=NORMAL,
        )
    return svg.text_of(root)


class _Drawing:
    """One frame with its axes, being drawn into one root element."""

    def __init__(self, root: Element, frame: TrendFrame, palette: Palette, language: Language) -> None:
        self.root, self.frame, self.palette, self.language = root, frame, palette, language
        self.values = value_axis(frame.numbers, frame.decimals)
        self.years = year_axis(frame.years, frame.step)
        ticks = [words.tick_text(tick, self.values, frame.unit, language) for tick in self.values.ticks]
        self.left = min(4.0 + 2.0 * max(map(len, ticks)), 20.0)  # per cent: room for the labels on a phone
        self.samples = self._samples()
        self.top = TOP + KEY_ROW * (max(len(self.samples) - 1, 0) // KEY_COLUMNS)
        self.bottom = HEIGHT - (30 if self.values.starts_at_zero else 50)

    def draw(self) -> None:
        self._stripes()
        self._grid()
        self._limit()
        self._key()
        self._lines()
        self._marks()
        self._own_name()
        self._dots()

    def _across(self, year: float) -> float:
        """A place on the time axis, as a share of the width."""
        share = (year - self.years.start) / (self.years.end - self.years.start)
        return (self.left + share * (RIGHT - self.left)) / 100

    def _down(self, value: float) -> float:
        share = (value - self.values.start) / (self.values.end - self.values.start)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def _grid(self) -> None:
        for tick in self.values.ticks:
            y = self._down(tick)
            colour = self.palette.median if tick == 0 else self.palette.grid
            self._add("line", x1="0", x2="100%", y1=f"{y:g}", y2=f"{y:g}", stroke=colour)
            text = words.tick_text(tick, self.values, self.frame.unit, self.language)
            self._text(text, x="0", y=y - 4, fill=self.palette.median)
        for year in self.years.ticks:
            if self.frame.step < 1:
                x = percent(self._across(year))
                self._add(
                    "line",
                    x1=x,
                    x2=x,
                    y1=str(self.bottom),
                    y2=str(self.bottom + 5),
                    stroke=self.palette.median,
                )
            self._text(
                f"{year:.0f}",
                x=percent(self._across(year)),
                y=self.bottom + 18,
                text_anchor="middle",
                fill=self.palette.median,
            )
        if not self.values.starts_at_zero:
            text = words.not_from_zero(self.language)
            self._text(text, x="0", y=HEIGHT - 8, fill=self.palette.warning)

    def _samples(self) -> list[tuple[str, Callable[[int, float], None]]]:
        """What the key explains: the name, and what draws a sample from a left edge and around a height."""
        named: list[tuple[str, Callable[[int, float], None]]] = []
        if self.frame.band:
            named += [
                (words.band_label(self.language), self._band_sample),
                (words.median_label(self.language), self._median_sample),
            ]
        if self.frame.aims:
            named.append((target_words.aim_label(self.language), self._aim_sample))
        if self.frame.limit:
            named.append((target_words.limit_label(self.language), self._limit_sample))
        if any(point.is_provisional for point in self.frame.own):
            named.append((words.status_text("provisional", self.language), self._provisional_sample))
        return named

    def _key(self) -> None:
        self._text(self.frame.unit, x="0", y=14.0, fill=self.palette.median)
        for start in range(0, len(self.samples), KEY_COLUMNS):
            x, y = 0, 29.0 + KEY_ROW * (start // KEY_COLUMNS)
            for text, sample in self.samples[start : start + KEY_COLUMNS]:
                sample(x, y)
                self._text(text, x=str(x + SAMPLE + 6), y=y + 4)
                x += SAMPLE + 20 + int(6.1 * len(text))

    def _band_sample(self, x: int, y: float) -> None:
        self._add("rect", x=str(x), y=f"{y - 6:g}", width=str(SAMPLE), height="12", fill=self.palette.band)
        edges = f"M{x} {y - 5.5:g}h{SAMPLE}M{x} {y + 5.5:g}h{SAMPLE}"
        self._add("path", d=edges, stroke=self.palette.band_edge)

    def _median_sample(self, x: int, y: float) -> None:
        self._stroke(self.root, f"M{x} {y:g}h{SAMPLE}", self.palette.median, "2", dash=MEDIAN_DASH)

    def _aim_sample(self, x: int, y: float) -> None:
        self._stroke(self.root, f"M{x} {y:g}h{SAMPLE}", self.palette.own, "2", dash=AIM_DASH)

    def _limit_sample(self, x: int, y: float) -> None:
        self._stroke(self.root, f"M{x} {y:g}h{SAMPLE}", self.palette.warning, "1.5", dash=LIMIT_DASH)

    def _provisional_sample(self, x: int, y: float) -> None:
        stripes = {"stroke": self.palette.stripe, "stroke_dasharray": "{} {}".format(*svg.STRIPES)}
        self._add("path", d=f"M{x} {y:g}h{SAMPLE}", stroke_width="14", **stripes)
        self._add(
            "circle",
            cx=f"{x + SAMPLE / 2:g}",
            cy=f"{y:g}",
            r="4.5",
            fill=self.palette.background,
            stroke=self.palette.own,
            stroke_width="2",
        )

    def _stripes(self) -> None:
        """Behind figures that can still change."""
        stripes = {"stroke": self.palette.stripe, "stroke_dasharray": "{} {}".format(*svg.STRIPES)}
        middle, height = f"{(self.top + self.bottom) / 2:g}", f"{self.bottom - self.top:g}"
        for start, end in self.frame.uncertain:
            left, right = (max(self._across(start), 0.0), min(self._across(end), 1.0))
            place = {"x1": percent(left), "x2": percent(right), "y1": middle, "y2": middle}
            self._add("line", **place, stroke_width=height, **stripes)

    def _limit(self) -> None:
        if self.frame.limit:
            y = f"{self._down(self.frame.limit.value):g}"
            line = {"stroke": self.palette.warning, "stroke_width": "1.5", "stroke_dasharray": LIMIT_DASH}
            self._add("line", x1="0", x2="100%", y1=y, y2=y, **line)

    def _lines(self) -> None:
        drawing = svg.stretching(self.root, HEIGHT)
        palette, short = self.palette, self.frame.step / 6
        for run in self.frame.band_runs:
            years = widened([point.year for point in run], short)
            low, median, high = (
                self._path(years, widened([getattr(point, name) for point in run], 0.0))
                for name in ("low", "median", "high")
            )
            back = self._path(years[::-1], widened([point.low for point in run], 0.0)[::-1])
            svg.add(drawing, "path", d=f"M{high}L{back}Z", fill=palette.band)
            self._stroke(drawing, f"M{high}M{low}", palette.band_edge, "1")
            self._stroke(drawing, f"M{median}", palette.median, "2", dash=MEDIAN_DASH)
        for aims in self.frame.aim_runs:
            years = widened([aim.year for aim in aims], 2 * short)
            path = self._path(years, widened([aim.value for aim in aims], 0.0))
            self._stroke(drawing, f"M{path}", palette.own, "2", dash=AIM_DASH)
        for points in self.frame.own_runs:
            if len(points) > 1:
                path = self._path([p.year for p in points], [p.value for p in points if p.value is not None])
                self._stroke(drawing, f"M{path}", palette.own, "4")

    def _stroke(self, parent: Element, path: str, colour: str, width: str, dash: str = "") -> None:
        line = {"d": path, "stroke": colour, "stroke_width": width, "vector_effect": "non-scaling-stroke"}
        svg.add(parent, "path", **line, **({"stroke_dasharray": dash} if dash else {}))

    def _path(self, years: Sequence[float], values: Sequence[float]) -> str:
        """Points in the nested drawing, 1000 units wide."""
        return " ".join(
            f"{1000 * self._across(year):.0f} {self._down(value):g}"
            for year, value in zip(years, values, strict=True)
        )

    def _marks(self) -> None:
        """First every line, then the names with background around them, so that no line runs through a name."""
        for mark in self.frame.drawn_marks:
            place = percent(self._mark_place(mark))
            colour = self.palette.warning if mark.event.cuts else self.palette.median
            self._add(
                "line",
                x1=place,
                x2=place,
                y1=str(self.top - 8),
                y2=str(self.bottom),
                stroke=colour,
                stroke_width="1.5",
                stroke_dasharray="3 4" if mark.event.cuts else "1 3",
            )
        for index, mark in enumerate(self.frame.drawn_marks):
            share = self._mark_place(mark)
            place = percent(share)
            colour = self.palette.warning if mark.event.cuts else self.palette.median
            self._text(
                words.mark_label(mark, self.language),
                x=place,
                y=self.bottom - 8.0 - MARK_ROW * (index % MARK_ROWS),
                dx="6" if share < 0.5 else "-6",
                text_anchor="start" if share < 0.5 else "end",
                fill=colour,
                halo=True,
            )

    def _mark_place(self, mark: Mark) -> float:
        return min(max(self._across(mark.year), 0.01), 0.99)

    def _dots(self) -> None:
        for point in self.frame.valued:
            if point.period in self.frame.marked:
                self._add(
                    "circle",
                    cx=percent(self._across(point.year)),
                    cy=f"{self._down(point.value or 0.0):g}",
                    r="4.5" if point.is_provisional or point is self.frame.valued[-1] else "3",
                    fill=self.palette.background if point.is_provisional else self.palette.own,
                    stroke=self.palette.own,
                    stroke_width="2",
                )

    def _own_name(self) -> None:
        """At the end of the own line, on the side away from the median."""
        if not self.frame.valued:
            return
        y = self._down(self.frame.own_end)
        self._text(
            words.own_label(self.frame, self.language),
            x=percent(self._across(self.frame.valued[-1].year)),
            y=y - 11 if self.frame.ends_above_median else y + 20,
            dx="12",
            text_anchor="end",
            fill=self.palette.own,
            font_size=NORMAL,
            font_weight="bold",
            halo=True,
        )

    def _text(self, text: str, *, y: float, halo: bool = False, **attributes: str) -> None:
        if halo:
            attributes |= svg.halo(self.palette)
        svg.words(self.root, "text", text, y=f"{y:g}", **attributes)

    def _add(self, tag: str, **attributes: str) -> None:
        svg.add(self.root, tag, **attributes)
