"""Where the newest figure stands against what the council set: baseline, aim per year, signal limit. Never a verdict."""

from collections.abc import Callable
from typing import NamedTuple

from workbench.core.language import Language
from workbench.figures import rows, target_words, words
from workbench.figures.axes import length_axis
from workbench.figures.frame import BandPoint, Point, TrendFrame
from workbench.figures.options import BulletOptions
from workbench.figures.scene import Scene, Span, empty
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, reading_notes, status_cell, subject_text

FRAME = TrendFrame


def name(language: Language) -> str:
    return language.gettext("Stand naast de streefwaarde")


def fits(frame: TrendFrame, language: Language) -> str | None:
    if not frame.aims and frame.limit is None:
        return language.gettext("De raad heeft bij dit cijfer geen streefwaarde of signaalgrens gekozen.")
    if not frame.valued:
        return language.gettext("Er is nog geen cijfer om naast de streefwaarde te zetten.")
    return None


def because(_frame: TrendFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat de raad zelf een streefwaarde of een signaalgrens heeft gekozen."
    )


def tell(frame: TrendFrame, _options: BulletOptions, language: Language) -> Told:
    title = _title(frame, language)
    drawing = language.gettext("Balken onder elkaar: hoe het is, en wat de raad heeft gekozen.")
    if not frame.numbers:
        drawing = words.empty_chart(language)
    notes = words.notes(frame, length_axis(_numbers(frame), frame.decimals), language, compare=False)
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": [
            *(note for note in notes if note["kind"] != "reading"),
            *_baseline_notes(frame, language),
            *reading_notes(frame, language),
            *target_words.wish_notes(frame, language),
        ],
        "source": words.source(frame, language),
        "alt": alternative(frame.area, title, drawing, words.readings(frame, language)),
        "table": table(frame, language),
    }


def _title(frame: TrendFrame, language: Language) -> str:
    newest, aim = _newest(frame), target_words.next_aim(frame)
    if newest is None or aim is None:
        return _newest_title(frame, language)
    return language.gettext(
        "%(subject)s: %(value)s in %(period)s, streefwaarde %(aim)s in %(year)s",
        subject=frame.indicator,
        value=words.value_text(newest.value or 0.0, frame.unit, frame.decimals, language),
        period=words.when(newest, language),
        aim=words.short_text(aim.value, frame.unit, frame.decimals, language),
        year=words.when(aim, language),
    )


def _newest_title(frame: TrendFrame, language: Language) -> str:
    newest = _newest(frame)
    if newest is None:
        return language.gettext(
            "%(subject)s, geen cijfer voor %(area)s", subject=frame.indicator, area=frame.area
        )
    value = words.value_text(newest.value or 0.0, frame.unit, frame.decimals, language)
    return language.gettext(
        "%(subject)s, %(new)s in %(period)s",
        subject=frame.indicator,
        new=value,
        period=words.when(newest, language),
    )


def _sentence(frame: TrendFrame, language: Language) -> str:
    texts, baseline = [], _baseline(frame)
    if baseline is not None and baseline.value is not None:
        value = words.value_text(baseline.value, frame.unit, frame.decimals, language)
        texts.append(
            language.gettext(
                "De nulmeting is %(value)s in %(period)s.", value=value, period=words.when(baseline, language)
            )
        )
    texts += target_words.target_sentences(frame, language)
    return " ".join([*texts, *words.certainty(frame.own, frame.area, language)])


def _newest(frame: TrendFrame) -> Point | None:
    return frame.valued[-1] if frame.valued else None


def _baseline(frame: TrendFrame) -> Point | None:
    """What the council starts from; where it chose nothing, the oldest figure that can be compared with the newest.

    None where that is the newest figure itself.
    """
    newest, comparable = _newest(frame), frame.comparable_own
    if frame.baseline is not None:
        return frame.baseline if newest and newest.period != frame.baseline.period else None
    return comparable[0] if len(comparable) > 1 else None


def _baseline_notes(frame: TrendFrame, language: Language) -> list[words.Note]:
    baseline, newest = _baseline(frame), _newest(frame)
    if baseline is None or newest is None or not frame.is_cut_between(baseline.year, newest.year):
        return []
    text = language.gettext(
        "Tussen %(first)s en %(last)s is de telling veranderd. Vergelijk deze twee cijfers niet.",
        first=words.when(baseline, language),
        last=words.when(newest, language),
    )
    return [words.Note(kind="break", text=text)]


def _numbers(frame: TrendFrame) -> list[float]:
    baseline = _baseline(frame)
    return [*frame.numbers, *([] if baseline is None or baseline.value is None else [baseline.value])]


class _Row(NamedTuple):
    label: str
    value: str
    status: str
    draw: Callable[[Scene, float, Span, Pen], None]
    own: bool = False


def _rows(frame: TrendFrame, language: Language) -> list[_Row]:
    found = []
    baseline, newest = _baseline(frame), _newest(frame)
    if baseline is not None:
        label = language.gettext("Nulmeting %(period)s", period=baseline.label)
        found.append(_point_row(label, baseline, frame, language, own=False))
    if newest is not None:
        found.append(_point_row(f"{frame.area} {newest.label}", newest, frame, language, own=True))
    for aim in frame.aims:
        label = language.gettext("Streefwaarde %(period)s", period=aim.label)
        value = words.short_text(aim.value, frame.unit, frame.decimals, language)
        chosen = language.gettext("gekozen door de raad")
        found.append(_Row(label, value, chosen, _tick_of(aim.value, is_limit=False)))
    if frame.limit is not None:
        value = target_words.limit_text(frame.limit, frame, language)
        chosen = language.gettext("gekozen door de raad")
        draw = _tick_of(frame.limit.value, is_limit=True)
        found.append(_Row(language.gettext("Signaalgrens"), value, chosen, draw))
    if frame.band:
        found.append(_band_row(frame.band[-1], frame, language))
    return found


def _point_row(label: str, point: Point, frame: TrendFrame, language: Language, *, own: bool) -> _Row:
    value = point.value or 0.0

    def draw(drawing: Scene, y: float, across: Span, pen: Pen) -> None:
        colour = pen.palette.own if own else pen.palette.band_edge
        rows.bar(drawing, y, (across(0), across(value)), colour, hatched=point.is_provisional)
        drawing.spot(across(value), y + rows.TOP, f"{label}: {words.own_text(point, frame, language)}")

    text = words.own_text(point, frame, language)
    return _Row(label, text, status_cell(point, language), draw, own)


def _tick_of(value: float, *, is_limit: bool) -> Callable[[Scene, float, Span, Pen], None]:
    def draw(drawing: Scene, y: float, across: Span, pen: Pen) -> None:
        rows.track(drawing, y, across, pen)
        colour = pen.palette.warning if is_limit else pen.palette.own
        rows.tick(drawing, y, across(value), colour, (4, 3) if is_limit else None)

    return draw


def _band_row(band: BandPoint, frame: TrendFrame, language: Language) -> _Row:
    def draw(drawing: Scene, y: float, across: Span, pen: Pen) -> None:
        rows.track(drawing, y, across, pen)
        rows.bar(drawing, y, (across(band.low), across(band.high)), pen.palette.band)
        rows.tick(drawing, y, across(band.median), pen.palette.median, (6, 4))

    label = language.gettext("Middelste helft %(period)s", period=band.label)
    median = words.short_text(band.median, frame.unit, frame.decimals, language)
    status = language.gettext("mediaan %(value)s", value=median)
    return _Row(label, words.range_text(band, frame, language), status, draw)


def table(frame: TrendFrame, language: Language) -> Table:
    return {
        "caption": subject_text(frame, language),
        "columns": [language.gettext("Wat"), language.gettext("Waarde"), language.gettext("Status")],
        "rows": [[row.label, row.value, row.status] for row in _rows(frame, language)]
        or [[frame.area, language.gettext("geen cijfer"), language.gettext("geen cijfer")]],
        "numeric": [False, True, False],
    }


def scene(frame: TrendFrame, _options: BulletOptions, pen: Pen) -> Scene:
    found = _rows(frame, pen.language)
    if not found:
        return empty(words.nothing_to_draw(pen.language), pen.palette.text)
    axis = length_axis(_numbers(frame), frame.decimals)
    across = Span(axis.start, axis.end, 0, 100)
    drawing = Scene(rows.HEIGHT * len(found))
    for index, row in enumerate(found):
        y = rows.HEIGHT * index
        row.draw(drawing, y, across, pen)
        rows.head(drawing, y, row.label, row.value, pen, own=row.own)
    return drawing
