"""A comparison strip: the own place in the distribution of comparable municipalities, which stay unnamed."""

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.axes import Axis, place_axis
from workbench.figures.options import StripOptions
from workbench.figures.peers import PeersFrame, Place
from workbench.figures.scene import Dot, Line, Rect, Scene, Span, Text, empty, side, width_of
from workbench.figures.style import Pen
from workbench.figures.telling import (
    Table,
    Told,
    alternative,
    place_title,
    reading_notes,
    status_cell,
    subject_text,
)
from workbench.figures.words import Note

FRAME = PeersFrame
BINS = 40  # places across: dots that share one stand on one another, so that none tells an exact figure
RADIUS = 5.0
LEFT, RIGHT = 3.0, 97.0


def name(language: Language) -> str:
    return language.gettext("Plek tussen vergelijkbare gemeenten")


def fits(frame: PeersFrame, language: Language) -> str | None:
    if frame.place.band is None:
        return language.gettext("Er zijn te weinig vergelijkbare gemeenten met een cijfer.")
    if frame.place.own.value is None:
        return language.gettext("Er is geen eigen cijfer om een plek te geven.")
    return None


def because(frame: PeersFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat er over %(period)s cijfers zijn van %(count)s vergelijkbare gemeenten.",
        period=words.when(frame.place.own, language),
        count=language.number(len(frame.others)),
    )


def tell(frame: PeersFrame, _options: StripOptions, language: Language) -> Told:
    data = frame.place
    title = place_title(data, language)
    drawing = (
        language.gettext(
            "Strook met een stip voor elke vergelijkbare gemeente, zonder namen. De middelste helft is grijs."
        )
        if data.band
        else language.gettext("Lege grafiek: er is geen vergelijking.")
    )
    valued = () if data.own.value is None else (data.own,)
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": [*_notes(frame, language), *reading_notes(data, language)],
        "source": words.source_line(data.source, valued, language, compared=data.band is not None),
        "alt": alternative(data.area, title, drawing, words.readings(data, language)),
        "table": table(frame, language),
    }


def _sentence(frame: PeersFrame, language: Language) -> str:
    data, texts = frame.place, []
    if data.band is not None:
        texts.append(
            language.gettext(
                "De middelste helft van %(count)s vergelijkbare gemeenten liep van %(range)s; "
                "de mediaan was %(median)s.",
                count=language.number(data.band.count),
                range=words.range_text(data.band, data, language),
                median=words.short_text(data.band.median, data.unit, data.decimals, language),
            )
        )
        if frame.comparable_because:
            because_text = frame.comparable_because
            texts.append(language.gettext("Vergelijkbaar, want: %(because)s.", because=because_text))
    return " ".join([*texts, *words.certainty([data.own], data.area, language)])


def _notes(frame: PeersFrame, language: Language) -> list[Note]:
    if frame.place.band is not None:
        text = language.gettext(
            "De strook laat zien hoe gemeenten verschillen. Waarom zij verschillen, zegt de strook niet."
        )
        scale = words.scale_notes(_axis(frame), frame.place.unit, language)
        return [Note(kind="comparison", text=text), *scale]
    text = frame.not_comparable or language.gettext(
        "Bij dit cijfer is er geen vergelijking met andere gemeenten."
    )
    return [Note(kind="comparison", text=text)]


def table(frame: PeersFrame, language: Language) -> Table:
    data = frame.place
    rows = [[data.area, words.own_text(data.own, data, language), status_cell(data.own, language)]]
    if data.band is not None:
        status = language.gettext("berekend")
        shown = [
            (language.gettext("Mediaan van vergelijkbare gemeenten"), data.band.median),
            (language.gettext("Ondergrens van de middelste helft (25\u00a0%)"), data.band.low),
            (language.gettext("Bovengrens van de middelste helft (75\u00a0%)"), data.band.high),
        ]
        rows += [
            [label, words.short_text(value, data.unit, data.decimals, language), status]
            for label, value in shown
        ]
        count = language.number(data.band.count)
        rows.append([language.gettext("Aantal vergelijkbare gemeenten"), count, status])
    return {
        "caption": f"{subject_text(data, language)}, {data.own.label}",
        "columns": [language.gettext("Wat"), language.gettext("Waarde"), language.gettext("Status")],
        "rows": rows,
        "numeric": [False, True, False],
    }


def scene(frame: PeersFrame, _options: StripOptions, pen: Pen) -> Scene:
    palette, language = pen.palette, pen.language
    data = frame.place
    if data.band is None:
        return empty(words.nothing_to_compare(language), pen.palette.text)
    axis = _axis(frame)
    across = Span(axis.start, axis.end, LEFT, RIGHT)
    stacks = _stacks(frame, across)
    most = max(stacks.values(), default=1)
    step = min(2 * RADIUS + 1, 70 / most)
    base = 66 + max(most * step, 24)
    drawing = Scene(int(base + 54))
    _draw_half(drawing, data, across, base, pen)
    for place, count in stacks.items():
        for index in range(count):
            y = base - RADIUS - 2 - index * step
            drawing.add(Dot(place, y, RADIUS, palette.band_edge, palette.background))
    for tick in (axis.ticks[0], axis.ticks[-1]):
        label = words.tick_text(tick, axis, data.unit, language)
        anchor, x = side(across(tick), width_of(label))
        drawing.add(Text(x, base + 20, label, palette.median, anchor))
    _draw_own(drawing, data, across, base, pen)
    return drawing


def _axis(frame: PeersFrame) -> Axis:
    """The quartiles lie between the figures of the others."""
    own = () if frame.place.own.value is None else (frame.place.own.value,)
    return place_axis([*frame.others, *own], frame.place.decimals)


def _stacks(frame: PeersFrame, across: Span) -> dict[float, int]:
    """Place across -> how many others stand there."""
    step = (RIGHT - LEFT) / BINS
    stacks: dict[float, int] = {}
    for value in frame.others:
        place = round(LEFT + round((across(value) - LEFT) / step) * step, 2)
        stacks[place] = stacks.get(place, 0) + 1
    return stacks


def _draw_half(drawing: Scene, data: Place, across: Span, base: float, pen: Pen) -> None:
    palette, language = pen.palette, pen.language
    band = data.band
    if band is None:
        return
    low, high, median = across(band.low), across(band.high), across(band.median)
    drawing.add(
        Rect(low, max(high, low + 0.5), 48, base + 1, palette.band),
        Line(((LEFT, base + 1), (RIGHT, base + 1)), palette.band_edge),
        Line(((median, 48), (median, base + 28)), palette.median, 2, (6, 4)),
    )
    value = words.short_text(band.median, data.unit, data.decimals, language)
    label = language.gettext("mediaan %(value)s", value=value)
    anchor, x = side(median, width_of(label))
    drawing.add(Text(x, base + 44, label, palette.text, anchor))
    spot = language.gettext("middelste helft: %(range)s", range=words.range_text(band, data, language))
    drawing.spot(median, base - 10, f"{label}; {spot}", size=60)


def _draw_own(drawing: Scene, data: Place, across: Span, base: float, pen: Pen) -> None:
    palette, language = pen.palette, pen.language
    if data.own.value is None:
        text = words.own_text(data.own, data, language)
        drawing.add(Text(LEFT, 18, f"{data.area}: {text}", palette.own, bold=True))
        return
    x = across(data.own.value)
    label = f"{data.area} {words.own_text(data.own, data, language)}"
    anchor, place = side(x, 1.1 * width_of(label))
    inside = palette.background if data.own.is_provisional else palette.own
    drawing.add(
        Line(((x, 26), (x, base + 1)), palette.own, 2),
        Dot(x, 30, 6, inside, palette.own),
        Text(place, 16, label, palette.own, anchor, bold=True, halo=True),
    )
    drawing.spot(x, 30, label)
