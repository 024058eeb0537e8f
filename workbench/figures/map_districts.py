"""A map of the own districts in tints: the council's own figures, with their names, by alphabet."""

from workbench.core.language import Language
from workbench.figures import map_words, words
from workbench.figures.map_frame import DistrictsFrame, Patch
from workbench.figures.map_scene import MapScene, map_scene
from workbench.figures.options import DistrictsOptions
from workbench.figures.scene import Scene, empty
from workbench.figures.style import Pen
from workbench.figures.telling import Table, Told, alternative, status_cell, subject_text

FRAME = DistrictsFrame


def name(language: Language) -> str:
    return language.gettext("Kaart van onze wijken")


def fits(frame: DistrictsFrame, language: Language) -> str | None:
    if frame.place.band is None:
        return _too_few(language)
    return None


def because(frame: DistrictsFrame, language: Language) -> str:
    return language.gettext(
        "Deze weergave past, omdat er over %(period)s cijfers zijn van %(count)s wijken.",
        period=words.when(frame.place.own, language),
        count=language.number(frame.place.band.count if frame.place.band else 0),
    )


def tell(frame: DistrictsFrame, _options: DistrictsOptions, language: Language) -> Told:
    data = frame.place
    title = _title(frame, language)
    drawing = language.gettext("Lege kaart: er zijn te weinig cijfers.")
    if data.band is not None:
        drawing = language.gettext("Kaart van %(area)s met de wijken in tinten.", area=data.area)
        drawing += " " + map_words.tints_text(frame, language)
    return {
        "title": title,
        "sentence": _sentence(frame, language),
        "notes": map_words.notes(frame, language),
        "source": map_words.source(frame, language),
        "alt": alternative(data.area, title, drawing, words.readings(data, language)),
        "table": table(frame, language),
    }


def _title(frame: DistrictsFrame, language: Language) -> str:
    data = frame.place
    facts = {"subject": data.indicator, "area": data.area, "period": words.when(data.own, language)}
    if data.band is None:
        return language.gettext("%(subject)s in de wijken van %(area)s, %(period)s", **facts)
    return language.gettext(
        "%(subject)s: de middelste helft van de wijken van %(area)s liep in %(period)s van %(range)s",
        range=words.range_text(data.band, data, language),
        **facts,
    )


def _sentence(frame: DistrictsFrame, language: Language) -> str:
    data, texts = frame.place, []
    if data.band is None:
        texts.append(_too_few(language))
    else:
        texts.append(
            language.gettext(
                "De mediaan van %(count)s wijken was %(median)s.",
                count=language.number(data.band.count),
                median=words.short_text(data.band.median, data.unit, data.decimals, language),
            )
        )
    if data.own.value is not None:
        value = words.value_text(data.own.value, data.unit, data.decimals, language)
        texts.append(language.gettext("In heel %(area)s was het %(value)s.", area=data.area, value=value))
        texts += words.certainty([data.own], data.area, language)
    elif any(patch.status in ("provisional", "further_provisional") for patch in frame.patches):
        texts.append(language.gettext("Deze cijfers zijn nog niet definitief en kunnen nog veranderen."))
    return " ".join(texts)


def _too_few(language: Language) -> str:
    return language.gettext("Er zijn te weinig wijken met een cijfer om ze in tinten te verdelen.")


def table(frame: DistrictsFrame, language: Language) -> Table:
    """Our own districts by alphabet, never by value."""
    data = frame.place
    whole = language.gettext("Heel %(area)s", area=data.area)
    rows = [[whole, words.own_text(data.own, data, language), status_cell(data.own, language)]]
    for patch in frame.patches:
        known = patch.value is not None
        status = words.status_text(patch.status, language) if known else language.gettext("geen cijfer")
        rows.append([patch.name, _cell(patch, frame, language), status])
    rows += map_words.quartile_rows(frame, language.gettext("Mediaan van de wijken"), language)
    if data.band is not None:
        label = language.gettext("Aantal wijken met een cijfer")
        rows.append([label, language.number(data.band.count), language.gettext("geteld")])
    return {
        "caption": f"{subject_text(data, language)}, {data.own.label}",
        "columns": [language.gettext("Gebied"), language.gettext("Waarde"), language.gettext("Status")],
        "rows": rows,
        "numeric": [False, True, False],
    }


def _cell(patch: Patch, frame: DistrictsFrame, language: Language) -> str:
    if patch.value is None:
        return map_words.missing_text(patch.missing or "unknown", language)
    return words.short_text(patch.value, frame.place.unit, frame.place.decimals, language)


def scene(frame: DistrictsFrame, _options: DistrictsOptions, pen: Pen) -> Scene | MapScene:
    if frame.place.band is None:
        return empty(_too_few(pen.language), pen.palette.text)
    said = (f"{patch.name}: {_cell(patch, frame, pen.language)}" for patch in frame.patches)
    return map_scene(frame, pen, said=tuple(said))
