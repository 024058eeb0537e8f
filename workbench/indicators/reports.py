"""What is known of an indicator as texts: its coverage on a card, and the rows and facts of a download."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workbench.core.language import AMSTERDAM, Language
from workbench.figures.words import event_name, missing_text, short_text, status_text
from workbench.indicators import coverage
from workbench.indicators.catalogue import AreaType
from workbench.indicators.download import Row
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.models import Area, Indicator, Observation, Series, Status
from workbench.indicators.periods import parse_period
from workbench.indicators.queries import Change, Figure, newest


def level_text(level: str, language: Language) -> str:
    return {
        AreaType.NL: language.gettext("land"),
        AreaType.PROVINCIE: language.gettext("provincie"),
        AreaType.GEMEENTE: language.gettext("gemeente"),
        AreaType.GGD_REGIO: language.gettext("GGD-regio"),
        AreaType.JEUGDREGIO: language.gettext("jeugdregio"),
        AreaType.ARBEIDSMARKTREGIO: language.gettext("arbeidsmarktregio"),
        AreaType.WIJK: language.gettext("wijk"),
        AreaType.BUURT: language.gettext("buurt"),
    }[AreaType(level)]


def levels_text(indicator: Indicator, language: Language) -> str:
    """The kinds of areas there are figures about, from large to small: 'land, provincie, gemeente'."""
    known = {level for series in indicator.series for level in series.levels}
    return ", ".join(level_text(level, language) for level in AreaType if level in known)


@dataclass(frozen=True)
class Card:
    """An indicator for one municipality: the newest figure and, in words, what else there is and what is missing."""

    newest: Figure | None
    periods: str
    gaps: list[str]
    levels: str
    status: str
    fetched_at: datetime | None


def card(indicator: Indicator, line: Iterable[Figure], language: Language) -> Card:
    """`line`: the figures of the municipality, by period. Periods in which it did not exist do not count."""
    possible = [figure for figure in line if figure.missing != "impossible"]
    last = newest(possible)
    return Card(
        newest=last,
        periods=coverage.periods_text(possible, language),
        gaps=[gap[0].upper() + gap[1:] for gap in coverage.gaps(possible, language)],
        levels=levels_text(indicator, language),
        status=status_text(last.status, language) if last else "",
        fetched_at=last.series.fetched_at if last else None,
    )


def source_text(series: Series, language: Language) -> str:
    """'Bron: CBS StatLine, …. Licentie: CC BY 4.0.'"""
    parts = [series.source_line or language.gettext("Bron: %(source)s.", source=series.source_name)]
    if series.licence:
        parts.append(language.gettext("Licentie: %(licence)s.", licence=series.licence))
    return " ".join(parts)


@dataclass(frozen=True)
class Told:
    """Something that changed, in a sentence."""

    at: datetime
    text: str


def changes_told(indicator: Indicator, changes: Iterable[Change], language: Language) -> list[Told]:
    """Of the figures of one area, one sentence for each."""
    return [Told(change.at, _change_text(change, indicator, language)) for change in changes]


def _change_text(change: Change, indicator: Indicator, language: Language) -> str:
    day, period = language.date(change.at), change.period.label(language)
    old, new = (_said(item, indicator, language) for item in (change.old, change.new))
    if change.old is None:
        return language.gettext("%(day)s: %(period)s kwam erbij: %(new)s", day=day, period=period, new=new)
    if change.new is None:
        return language.gettext(
            "%(day)s: %(period)s staat niet meer in de bron; het was %(old)s", day=day, period=period, old=old
        )
    if (change.old.value, change.old.missing) == (change.new.value, change.new.missing):
        return language.gettext(
            "%(day)s: %(period)s bleef %(new)s en is nu %(status)s; eerst %(before)s",
            day=day,
            period=period,
            new=new,
            status=status_text(change.new.status.value, language),
            before=status_text(change.old.status.value, language),
        )
    text = language.gettext(
        "%(day)s: %(period)s herzien van %(old)s naar %(new)s", day=day, period=period, old=old, new=new
    )
    if change.old.status is Status.FINAL:
        text = language.gettext("%(change)s. Het oude cijfer was al definitief", change=text)
    return text


def _said(item: Observation | None, indicator: Indicator, language: Language) -> str:
    if item is None or item.value is None:
        return missing_text(item.missing.value, language) if item and item.missing else ""
    return short_text(item.value, indicator.unit, indicator.decimals, language)


def rows(
    indicator: Indicator,
    area: Area,
    figures: Iterable[Figure],
    language: Language,
    events: Sequence[SeriesEvent] = (),
) -> list[Row]:
    """`events`: what the council noted, when it is about this area."""
    return [
        Row(
            period=figure.period.label(language),
            period_code=figure.period.code,
            value=figure.value,
            unit=indicator.unit,
            status=status_text(figure.status, language),
            missing=missing_text(figure.missing, language) if figure.missing else "",
            revised_from=figure.revised_from,
            revised_on=_day(figure.revised_at),
            level=level_text(area.type, language),
            area_code=area.code,
            area=area.name,
            table=figure.series.table,
            measure=figure.series.measure,
            computed=figure.series.computed or "",
            fetched_on=_day(figure.series.fetched_at),
            source=source_text(figure.series, language),
            events=" ".join(
                _event_text(event, language)
                for event in events
                if figure.period.starts_on <= event.happened_on <= figure.period.ends_on
            ),
        )
        for figure in figures
    ]


def _event_text(event: SeriesEvent, language: Language) -> str:
    """'1 januari 2020, nieuwe inkoop: … Bron: ….'"""
    source = language.gettext("Bron: %(name)s.", name=event.source.rstrip("."))
    return (
        f"{language.date(event.happened_on)}, {event_name(event.kind.value, language)}: {event.text} {source}"
    )


def facts(
    indicator: Indicator,
    area: Area,
    language: Language,
    *,
    as_of: date | None,
    is_demo: bool,
    events: Sequence[SeriesEvent] = (),
) -> list[tuple[str, str]]:
    """What belongs with the figures: (name, text)."""
    found = [
        (language.gettext("Cijfer"), indicator.name),
        (language.gettext("Wat is het?"), indicator.definition),
        (language.gettext("Gebied"), f"{area.name} ({area.code})"),
        (language.gettext("Eenheid"), indicator.unit),
        (language.gettext("Stijgt het?"), indicator.reading_up or ""),
        (language.gettext("Daalt het?"), indicator.reading_down or ""),
        *((language.gettext("Let op"), caveat) for caveat in indicator.caveats),
        *(
            (
                language.gettext("Breuk in %(period)s", period=parse_period(item["period"]).label(language)),
                item["text"],
            )
            for item in indicator.breaks
        ),
        *((language.gettext("Wat er bij ons gebeurde"), _event_text(event, language)) for event in events),
        *(item for series in indicator.series for item in _origin(series, language)),
    ]
    if not indicator.verified:
        found.append(
            (
                language.gettext("Nog te controleren"),
                language.gettext("Een kenner moet deze beschrijving nog nakijken."),
            )
        )
    if as_of:
        text = language.gettext(
            "Dit zijn de cijfers zoals bekend op %(day)s. Daarna kunnen ze zijn herzien.",
            day=language.date(as_of),
        )
        found.append((language.gettext("Stand"), text))
    if is_demo:
        text = language.gettext(
            "Dit is een voorbeeld. De personen, de teksten en de eigen cijfers zijn fictief. De andere cijfers zijn echt; de bron staat erbij."
        )
        found.append((language.gettext("Over dit voorbeeld"), text))
    return [(name, text) for name, text in found if text]


def _origin(series: Series, language: Language) -> list[tuple[str, str]]:
    table = language.gettext(
        "Tabel %(table)s, onderwerp %(measure)s.", table=series.table, measure=series.measure
    )
    found = [(language.gettext("Bron"), f"{source_text(series, language)} {table}")]
    if series.computed:
        text = language.gettext("Berekend door de werkbank: %(how)s.", how=series.computed)
        found.append((language.gettext("Zelf berekend"), text))
    if series.fetched_at:
        found.append((language.gettext("Opgehaald op"), language.date(series.fetched_at)))
    return found


def file_name(indicator: Indicator, area: Area, as_of: date | None, ending: str) -> str:
    """'inwoners-sudwest-fryslan.csv': plain letters, so that every system keeps the name."""
    letters = unicodedata.normalize("NFKD", area.name).encode("ascii", "ignore").decode().lower()
    place = "-".join("".join(letter if letter.isalnum() else " " for letter in letters).split())
    stand = f"-stand-{as_of.isoformat()}" if as_of else ""
    return f"{indicator.slug}-{place or area.code.lower()}{stand}.{ending}"


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(AMSTERDAM).date() if moment else None
