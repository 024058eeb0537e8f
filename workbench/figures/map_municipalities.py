"""A map of all municipalities in tints: the own one has a thick edge, the others stay unnamed."""

from workbench.core.language import Language
from workbench.figures import map_words, words
from workbench.figures.map_frame import MapFrame
from workbench.figures.map_scene import MapScene, map_scene
from workbench.figures.options import MapOptions
from workbench.figures.scene import Scene, empty
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, place_title, status_cell, subject_text

FRAME = MapFrame


def name(language: Language) -> str:
    return language.gettext("Kaart van alle gemeenten")


def fits(frame: MapFrame, language: Language) -> str | None:
    if frame.place.band is None:
        return language.gettext("Er zijn te weinig gemeenten met een cijfer voor een kaart.")
    if frame.place.own.value is None:
        return language.gettext("Er is geen eigen cijfer om op de kaart te zetten.")
    return None


def because(frame: MapFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat er over %(period)s cijfers zijn van %(count)s andere gemeenten.",
        period=words.when(frame.place.own, language),
        count=language.number(frame.place.band.count if frame.place.band else 0),
    )


def tell(frame: MapFrame, _options: MapOptions, language: Language) -> Told:
    data = frame.place
    title = place_title(data, language)
    drawing = language.gettext("Lege kaart: er is geen vergelijking.")
    if data.band is not None:
        drawing = language.gettext("Kaart van Nederland met alle gemeenten in tinten, zonder namen.")
        drawing += " " + map_words.tints_text(frame, language)
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": map_words.notes(frame, language),
        "source": map_words.source(frame, language),
        "alt": alternative(data.area, title, drawing, words.readings(data, language)),
        "table": table(frame, language),
    }


def _sentence(frame: MapFrame, language: Language) -> str:
    data, texts = frame.place, []
    if data.band is None:
        texts.append(words.nothing_to_compare(language))
    else:
        texts.append(
            language.gettext(
                "De middelste helft van %(count)s andere gemeenten liep van %(range)s; de mediaan was %(median)s.",
                count=language.number(data.band.count),
                range=words.range_text(data.band, data, language),
                median=words.short_text(data.band.median, data.unit, data.decimals, language),
            )
        )
    return " ".join([*texts, *words.certainty([data.own], data.area, language)])


def table(frame: MapFrame, language: Language) -> Table:
    """Our own figure, and what tells nothing of a single other municipality."""
    data = frame.place
    rows = [[data.area, words.own_text(data.own, data, language), status_cell(data.own, language)]]
    rows += map_words.quartile_rows(frame, language.gettext("Mediaan van de andere gemeenten"), language)
    if data.band is not None:
        count = language.number(data.band.count)
        label = language.gettext("Aantal andere gemeenten met een cijfer")
        rows.append([label, count, language.gettext("geteld")])
    rows += map_words.tint_rows(frame, language)
    rows += map_words.missing_rows(frame, language)
    return {
        "caption": f"{subject_text(data, language)}, {data.own.label}",
        "columns": [language.gettext("Wat"), language.gettext("Waarde"), language.gettext("Status")],
        "rows": rows,
        "numeric": [False, True, False],
    }


def scene(frame: MapFrame, _options: MapOptions, pen: Pen) -> Scene | MapScene:
    data = frame.place
    if data.band is None:
        return empty(words.nothing_to_compare(pen.language), pen.palette.text)
    return map_scene(frame, pen, own_said=f"{data.area}: {words.own_text(data.own, data, pen.language)}")
