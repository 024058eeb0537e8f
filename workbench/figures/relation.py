"""Two figures of the same municipalities, to see whether they go together; which is not to say that one causes the other."""

from collections.abc import Sequence

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.axes import Axis, place_axis
from workbench.figures.frame import Point
from workbench.figures.options import RelationOptions
from workbench.figures.peers import Place, RelationFrame
from workbench.figures.scene import PHONE, Dot, Line, Scene, Span, Text, cut, empty, side, width_of
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, reading_notes, status_cell
from workbench.figures.words import Note

FRAME = RelationFrame
FEWEST = 8  # pairs below which going together is chance
SOME, MUCH = 0.3, 0.6  # of a rank correlation
TOP, BOTTOM, HEIGHT = 50.0, 296.0, 352
LEFT, RIGHT = 4.0, 96.0


def name(language: Language) -> str:
    return language.gettext("Twee cijfers naast elkaar")


def fits(frame: RelationFrame, language: Language) -> str | None:
    if len(frame.others) < FEWEST:
        return language.gettext("Er zijn te weinig gemeenten met beide cijfers om iets te zeggen.")
    return None


def because(frame: RelationFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat %(count)s vergelijkbare gemeenten beide cijfers hebben.",
        count=language.number(len(frame.others)),
    )


def tell(frame: RelationFrame, _options: RelationOptions, language: Language) -> Told:
    title = _title(frame, language)
    drawing = language.gettext(
        "Een stip voor elke vergelijkbare gemeente, zonder namen; die van ons is groter."
    )
    if not frame.others:
        drawing = language.gettext("Lege grafiek: er is geen vergelijking.")
    lines = [words.source_line(one.source, _valued(one), language) for one in (frame.across, frame.up)]
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": [
            *_notes(frame, language),
            *reading_notes(frame.across, language),
            *reading_notes(frame.up, language),
        ],
        "source": " ".join(dict.fromkeys(lines)),
        "alt": alternative(frame.across.area, title, drawing, _readings(frame, language)),
        "table": table(frame, language),
    }


def _valued(data: Place) -> list[Point]:
    return [] if data.own.value is None else [data.own]


def _readings(frame: RelationFrame, language: Language) -> list[str]:
    return [*words.readings(frame.across, language), *words.readings(frame.up, language)]


def together(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rank correlation, ties shared; None with too few pairs, or where one figure is the same everywhere."""
    if len(pairs) < FEWEST:
        return None
    one, other = (_ranks([pair[index] for pair in pairs]) for index in (0, 1))
    middle = (len(pairs) - 1) / 2
    shared = sum((a - middle) * (b - middle) for a, b in zip(one, other, strict=True))
    spread = (sum((a - middle) ** 2 for a in one) * sum((b - middle) ** 2 for b in other)) ** 0.5
    return max(-1.0, min(1.0, shared / spread)) if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def _title(frame: RelationFrame, language: Language) -> str:
    found = together(frame.others)
    facts = {"one": frame.across.indicator, "other": frame.up.indicator}
    if found is None:
        return language.gettext(
            "\u2018%(one)s\u2019 en \u2018%(other)s\u2019: niet bekend of zij samengaan", **facts
        )
    if abs(found) < SOME:
        return language.gettext(
            "\u2018%(one)s\u2019 en \u2018%(other)s\u2019: geen duidelijke samenhang", **facts
        )
    if found >= MUCH:
        return language.gettext(
            "\u2018%(one)s\u2019 en \u2018%(other)s\u2019: vaak samen hoog of samen laag", **facts
        )
    if found > 0:
        return language.gettext(
            "\u2018%(one)s\u2019 en \u2018%(other)s\u2019: soms samen hoog of samen laag", **facts
        )
    if found <= -MUCH:
        return language.gettext(
            "\u2018%(one)s\u2019 en \u2018%(other)s\u2019: vaak is het ene hoog en het andere laag", **facts
        )
    return language.gettext(
        "\u2018%(one)s\u2019 en \u2018%(other)s\u2019: soms is het ene hoog en het andere laag", **facts
    )


def _sentence(frame: RelationFrame, language: Language) -> str:
    texts, found = [], together(frame.others)
    if found is not None:
        texts.append(
            language.gettext(
                "Bij %(count)s vergelijkbare gemeenten is de samenhang %(number)s, op een schaal van "
                "\u22121 tot 1.",
                count=language.number(len(frame.others)),
                number=language.number(found, 2),
            )
        )
        if frame.comparable_because:
            because_text = frame.comparable_because
            texts.append(language.gettext("Vergelijkbaar, want: %(because)s.", because=because_text))
    return " ".join([*texts, *(_own_sentence(one, language) for one in (frame.across, frame.up))])


def _own_sentence(one: Place, language: Language) -> str:
    period = words.when(one.own, language)
    if one.own.value is None:
        return language.gettext(
            "%(subject)s: geen cijfer over %(period)s (%(reason)s).",
            subject=one.indicator,
            period=period,
            reason=words.own_text(one.own, one, language),
        )
    return language.gettext(
        "%(subject)s: %(value)s in %(period)s (%(status)s).",
        subject=one.indicator,
        value=words.value_text(one.own.value, one.unit, one.decimals, language),
        period=period,
        status=status_cell(one.own, language),
    )


def _notes(frame: RelationFrame, language: Language) -> list[Note]:
    text = language.gettext(
        "Let op: samengaan is geen oorzaak. Dat twee cijfers samen hoog of laag zijn, kan door iets anders komen. "
        "En wat voor gemeenten geldt, hoeft niet voor mensen te gelden."
    )
    found = [Note(kind="warning", text=text)]
    for index, one in enumerate((frame.across, frame.up)) if frame.others else ():
        found += [
            Note(kind="scale", text=f"{one.indicator}: {note['text']}")
            for note in words.scale_notes(_axis(frame, index), one.unit, language)
        ]
    return found


def table(frame: RelationFrame, language: Language) -> Table:
    columns = [language.gettext("Wat"), frame.across.indicator, frame.up.indicator]
    pair = (frame.across, frame.up)
    lines = [
        [frame.across.area, *(words.own_text(one.own, one, language) for one in pair)],
        [language.gettext("Periode"), *(one.own.label for one in pair)],
        [language.gettext("Status"), *(status_cell(one.own, language) for one in pair)],
    ]
    bands = [one.band for one in pair if one.band is not None]
    if len(bands) == len(pair):
        both = list(zip(pair, bands, strict=True))
        medians = [words.short_text(band.median, one.unit, one.decimals, language) for one, band in both]
        halves = [words.range_text(band, one, language) for one, band in both]
        count = language.number(len(frame.others))
        lines += [
            [language.gettext("Mediaan"), *medians],
            [language.gettext("Middelste helft (25-75\u00a0%)"), *halves],
            [language.gettext("Aantal vergelijkbare gemeenten"), count, count],
        ]
    if (found := together(frame.others)) is not None:
        number = language.number(found, 2)
        lines.append([language.gettext("Samenhang (van \u22121 tot 1)"), number, number])
    return {
        "caption": language.gettext(
            "%(one)s en %(other)s", one=_with_unit(frame.across), other=_with_unit(frame.up)
        ),
        "columns": columns,
        "rows": lines,
        "numeric": [False, True, True],
    }


def _with_unit(data: Place) -> str:
    return f"{data.indicator} ({data.unit})"


def scene(frame: RelationFrame, _options: RelationOptions, pen: Pen) -> Scene:
    palette, language = pen.palette, pen.language
    if not frame.others:
        return empty(words.nothing_to_compare(language), pen.palette.text)
    drawing = Scene(HEIGHT)
    across_axis, up_axis = (_axis(frame, index) for index in (0, 1))
    across = Span(across_axis.start, across_axis.end, LEFT, RIGHT)
    up = Span(up_axis.start, up_axis.end, BOTTOM, TOP)
    _draw_frame(drawing, frame, (across_axis, up_axis), pen)
    for x, y in frame.others:
        # Rounded, so that no dot tells an exact figure.
        drawing.add(
            Dot(
                float(round(across(x))), float(round(up(y) / 2) * 2), 5, palette.band_edge, palette.background
            )
        )
    _draw_medians(drawing, frame, across, up, pen)
    _draw_own(drawing, frame, across, up, pen)
    return drawing


def _axis(frame: RelationFrame, index: int) -> Axis:
    data = (frame.across, frame.up)[index]
    own = [] if data.own.value is None else [data.own.value]
    return place_axis([*(pair[index] for pair in frame.others), *own], data.decimals)


def _draw_frame(drawing: Scene, frame: RelationFrame, axes: tuple[Axis, Axis], pen: Pen) -> None:
    palette, language = pen.palette, pen.language
    across, up = axes
    drawing.add(
        Line(((LEFT, TOP), (LEFT, BOTTOM)), palette.band_edge),
        Line(((LEFT, BOTTOM), (RIGHT, BOTTOM)), palette.band_edge),
        Text(0, 14, cut(_with_unit(frame.up), PHONE), palette.text),
        Text(100, HEIGHT - 8, cut(_with_unit(frame.across), PHONE), palette.text, "end"),
    )
    top, foot = (words.tick_text(tick, up, frame.up.unit, language) for tick in (up.end, up.start))
    low, high = (
        words.tick_text(tick, across, frame.across.unit, language) for tick in (across.start, across.end)
    )
    drawing.add(
        Text(0, TOP - 8, top, palette.median),
        Text(LEFT + 1, BOTTOM - 6, foot, palette.median, halo=True),
        Text(LEFT, BOTTOM + 18, low, palette.median),
        Text(RIGHT, BOTTOM + 18, high, palette.median, "end"),
    )


def _draw_medians(drawing: Scene, frame: RelationFrame, across: Span, up: Span, pen: Pen) -> None:
    palette = pen.palette
    label = words.median_label(pen.language)
    if frame.across.band is not None:
        x = across(frame.across.band.median)
        anchor, place = side(x, width_of(label))
        drawing.add(
            Line(((x, TOP), (x, BOTTOM)), palette.median, 1.5, (6, 4)),
            Text(place, BOTTOM + 18, label, palette.median, anchor, halo=True),
        )
    if frame.up.band is not None:
        y = up(frame.up.band.median)
        drawing.add(
            Line(((LEFT, y), (RIGHT, y)), palette.median, 1.5, (6, 4)),
            Text(RIGHT, y - 5, label, palette.median, "end", halo=True),
        )


def _draw_own(drawing: Scene, frame: RelationFrame, across: Span, up: Span, pen: Pen) -> None:
    if frame.across.own.value is None or frame.up.own.value is None:
        return
    x, y = across(frame.across.own.value), up(frame.up.own.value)
    is_open = frame.across.own.is_provisional or frame.up.own.is_provisional
    inside = pen.palette.background if is_open else pen.palette.own
    anchor, place = side(x, 1.1 * width_of(frame.across.area))
    drawing.add(
        Dot(x, y, 7, inside, pen.palette.own),
        Text(place, y - 13, frame.across.area, pen.palette.own, anchor, bold=True, halo=True),
    )
    numbers = [words.own_text(one.own, one, pen.language) for one in (frame.across, frame.up)]
    drawing.spot(x, y, f"{frame.across.area}: {numbers[0]}; {numbers[1]}")
