"""A line through the years: one area against the middle half of comparable municipalities. In words and as a table."""

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.axes import value_axis
from workbench.figures.frame import BandPoint, Point, TrendFrame
from workbench.figures.options import TrendOptions
from workbench.figures.target_words import limit_text, target_sentences, wish_notes
from workbench.figures.targets import Aim
from workbench.figures.telling import Table, Told, status_cell, subject_text

FRAME = TrendFrame
FEWEST = 2  # values that make a line


def name(language: Language) -> str:
    return language.gettext("Lijn door de jaren")


def fits(frame: TrendFrame, language: Language) -> str | None:
    """Why this view does not suit the figures; None: it does."""
    if len(frame.valued) < FEWEST:
        return language.gettext("Een lijn vraagt om cijfers over ten minste twee perioden.")
    return None


def because(frame: TrendFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat er cijfers zijn over %(count)s perioden. U ziet wat er in de tijd verandert.",
        count=language.number(len(frame.valued)),
    )


def tell(frame: TrendFrame, options: TrendOptions, language: Language) -> Told:
    axis = value_axis(frame.numbers, frame.decimals)
    return {
        "title": words.title(frame, language),
        "sentence": " ".join([words.sentence(frame, language), *target_sentences(frame, language)]),
        "notes": [
            *words.notes(frame, axis, language, compare=options.show_band),
            *wish_notes(frame, language),
        ],
        "source": words.source(frame, language),
        "alt": words.alternative(frame, language),
        "table": table(frame, language),
    }


def table(frame: TrendFrame, language: Language) -> Table:
    """All periods, oldest first as along the axis; each cell says something, also without a value."""
    own = {point.period: point for point in frame.own}
    band = {point.period: point for point in frame.band}
    aims = {aim.period: aim for aim in frame.aims}
    placed = sorted([*frame.items, *frame.aims], key=lambda item: item.year)
    labels = {item.period: item.label for item in placed}
    present = {item.period for item in frame.items}
    columns = [language.gettext("Periode"), frame.area]
    numeric = [False, True]
    if frame.band:
        columns += [
            language.gettext("Mediaan"),
            language.gettext("Middelste helft (25-75\u00a0%)"),
            language.gettext("Aantal gemeenten"),
        ]
        numeric += [True, True, True]
    if frame.aims:
        columns.append(language.gettext("Streefwaarde"))
        numeric.append(True)
    rows = []
    for period, label in labels.items():
        is_ahead = period not in present
        row = [
            label,
            language.gettext("nog geen cijfer") if is_ahead else _own_cell(own.get(period), frame, language),
        ]
        if frame.band:
            row += _band_cells(band.get(period), frame, language)
        if frame.aims:
            row.append(_aim_cell(aims.get(period), frame, language))
        rows.append([*row, status_cell(own.get(period), language)])
    caption = subject_text(frame, language)
    if frame.limit:
        caption += language.gettext(
            "; signaalgrens: %(where)s", where=limit_text(frame.limit, frame, language)
        )
    return {
        "caption": caption,
        "columns": [*columns, language.gettext("Status")],
        "rows": rows,
        "numeric": [*numeric, False],
    }


def _aim_cell(aim: Aim | None, frame: TrendFrame, language: Language) -> str:
    if aim is None:
        return language.gettext("geen")
    return words.short_text(aim.value, frame.unit, frame.decimals, language)


def _own_cell(point: Point | None, frame: TrendFrame, language: Language) -> str:
    if point is None:
        return words.missing_text("unknown", language)
    return words.own_text(point, frame, language)


def _band_cells(point: BandPoint | None, frame: TrendFrame, language: Language) -> list[str]:
    if point is None:
        return [language.gettext("geen vergelijking")] * 3
    return [
        words.short_text(point.median, frame.unit, frame.decimals, language),
        words.range_text(point, frame, language),
        language.number(point.count),
    ]
