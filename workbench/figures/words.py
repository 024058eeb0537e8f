"""A trend in words: the finding, the comparison, the notes. Never a rank, never good or bad."""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, Protocol, TypedDict

from workbench.core.language import Language
from workbench.figures.axes import FLAT, Axis
from workbench.figures.frame import BandPoint, Mark, Point, SourceNote, TrendFrame

EUROS = ("euro", "euro per inwoner")
THOUSANDS = "1.000 euro"
CLASSES = "klasse "  # and from which to which: klasse 1-5
ONE = {
    "personen": "persoon",
    "weken": "week",
    "dagen": "dag",
    "maanden": "maand",
    "jaren": "jaar",
    "inwoners": "inwoner",
}


class Measured(Protocol):
    """What is needed to write a number of these figures."""

    @property
    def unit(self) -> str: ...
    @property
    def decimals(self) -> int: ...
    @property
    def area(self) -> str: ...


class Timed(Protocol):
    """A period with its code and how people call it."""

    @property
    def period(self) -> str: ...
    @property
    def label(self) -> str: ...


class Directed(Protocol):
    """What is needed to say how figures may be read."""

    @property
    def direction(self) -> str: ...
    @property
    def reading_up(self) -> str | None: ...
    @property
    def reading_down(self) -> str | None: ...


class Note(TypedDict):
    """One thing to know before using the figures; a break is the kind that makes comparing wrong."""

    kind: Literal[
        "break", "event", "revised", "missing", "provisional", "scale", "comparison", "warning", "reading"
    ]
    text: str


def value_text(value: float, unit: str, decimals: int, language: Language) -> str:
    """1712 euro -> '€ 1.712', 55.1 in thousands -> '55,1 duizend euro', 12.3 % -> '12,3 %', 4 weken -> '4 weken' and
    1 -> '1 week'; the parts never wrap apart.
    """
    number = language.number(value, decimals)
    if unit in EUROS:
        sign, digits = ("\u2212", number[1:]) if number.startswith("\u2212") else ("", number)
        return sign + language.gettext("€\u00a0%(number)s", number=digits)
    if unit == "%":
        return language.gettext("%(number)s\u00a0%%", number=number)
    if unit == THOUSANDS:
        return language.gettext("%(number)s\u00a0duizend\u00a0euro", number=number)
    if unit == "aantal":
        return number
    if unit.startswith(CLASSES):
        return language.gettext("klasse\u00a0%(number)s", number=number)
    return f"{number}\u00a0{ONE.get(unit, unit) if number == '1' else unit}"


def short_text(value: float, unit: str, decimals: int, language: Language) -> str:
    """The same where the unit stands near: € and % stay, words go."""
    return value_text(value, unit if unit in (*EUROS, "%") else "aantal", decimals, language)


def tick_text(value: float, axis: Axis, unit: str, language: Language) -> str:
    """A number along the axis; from a million on in millions or billions."""
    size = max(abs(axis.start), abs(axis.end))
    if size < 1e6:
        return short_text(value, unit, axis.decimals, language)
    scale = 1e9 if size >= 1e9 else 1e6
    decimals = 0 if all(tick % scale == 0 for tick in axis.ticks) else 1
    number = short_text(value / scale, unit, decimals, language)
    if value == 0:
        return number
    if scale == 1e9:
        return language.gettext("%(number)s\u00a0mld", number=number)
    return language.gettext("%(number)s\u00a0mln", number=number)


def status_text(status: str, language: Language) -> str:
    return {
        "final": language.gettext("definitief"),
        "provisional": language.gettext("voorlopig"),
        "further_provisional": language.gettext("nader voorlopig"),
        "unknown": language.gettext("status niet bekend"),
    }[status]


def missing_text(reason: str, language: Language) -> str:
    """Why there is no value, as it stands in the table in the value's place."""
    return {
        "not_delivered": language.gettext("niet geleverd"),
        "suppressed": language.gettext("niet getoond, te weinig mensen"),
        "impossible": language.gettext("kan hier niet voorkomen"),
        "not_asked": language.gettext("niet gevraagd"),
        "failed": language.gettext("ophalen mislukt"),
        "unknown": language.gettext("reden niet bekend"),
    }[reason]


def missing_short(reason: str, language: Language) -> str:
    """The same in a drawing, where there is little room; the table has the whole reason."""
    return {
        "not_delivered": language.gettext("niet geleverd"),
        "suppressed": language.gettext("niet getoond"),
        "impossible": language.gettext("kan niet"),
        "not_asked": language.gettext("niet gevraagd"),
        "failed": language.gettext("mislukt"),
        "unknown": language.gettext("geen cijfer"),
    }[reason]


def own_text(point: Point, frame: Measured, language: Language) -> str:
    """The value, or the reason why there is none."""
    if point.value is None:
        return missing_text(point.missing or "unknown", language)
    return short_text(point.value, frame.unit, frame.decimals, language)


def range_text(band: BandPoint, frame: Measured, language: Language) -> str:
    """The middle half: '€ 2.079 tot € 2.764'."""
    return language.gettext(
        "%(low)s tot %(high)s",
        low=short_text(band.low, frame.unit, frame.decimals, language),
        high=short_text(band.high, frame.unit, frame.decimals, language),
    )


def when(item: Timed, language: Language) -> str:
    """A period as it stands in a sentence: 'het eerste half jaar 2024', and a year or a month as it is."""
    if item.period[4:6] in ("HJ", "KW"):
        return language.gettext("het %(period)s", period=item.label)
    return item.label


def span_text(items: Sequence[Point | BandPoint], language: Language) -> str:
    """'2024', or '2019 tot en met 2024'."""
    first, last = when(items[0], language), when(items[-1], language)
    if first == last:
        return first
    return language.gettext("%(first)s tot en met %(last)s", first=first, last=last)


def title(frame: TrendFrame, language: Language) -> str:
    """The finding: what happened between the oldest and the newest value that can be compared."""
    return title_of(frame.comparable_own, frame, language)


def title_of(comparable: Sequence[Point], frame: TrendFrame, language: Language) -> str:
    """The same for figures that were picked; they count alike."""
    points = [(point, point.value) for point in comparable if point.value is not None]
    if not points:
        return language.gettext(
            "%(subject)s, geen cijfer voor %(area)s", subject=frame.indicator, area=frame.area
        )
    (first, old), (last, new) = points[0], points[-1]
    facts = {
        "subject": frame.indicator,
        "since": when(first, language),
        "old": short_text(old, frame.unit, frame.decimals, language),
        "new": value_text(new, frame.unit, frame.decimals, language),
        "period": when(last, language),
    }
    if first is last:
        return language.gettext("%(subject)s, %(new)s in %(period)s", **facts)
    moved = movement(old, new, frame, language)
    if not moved:
        return _stayed(frame, facts, language)
    return _rose(frame, facts, language) if moved > 0 else _fell(frame, facts, language)


def movement(old: float, new: float, frame: Measured, language: Language) -> int:
    """1 up, -1 down, 0 about equal, or shown as the same number."""
    shown = {short_text(value, frame.unit, frame.decimals, language) for value in (old, new)}
    if len(shown) == 1 or abs(new - old) < FLAT * max(abs(new), abs(old)):
        return 0
    return 1 if new > old else -1


def _rose(frame: TrendFrame, facts: dict[str, str], language: Language) -> str:
    if frame.plural is None:
        return language.gettext(
            "%(subject)s, gestegen van %(old)s in %(since)s naar %(new)s in %(period)s", **facts
        )
    return language.ngettext(
        "%(subject)s steeg sinds %(since)s van %(old)s naar %(new)s",
        "%(subject)s stegen sinds %(since)s van %(old)s naar %(new)s",
        2 if frame.plural else 1,
        **facts,
    )


def _fell(frame: TrendFrame, facts: dict[str, str], language: Language) -> str:
    if frame.plural is None:
        return language.gettext(
            "%(subject)s, gedaald van %(old)s in %(since)s naar %(new)s in %(period)s", **facts
        )
    return language.ngettext(
        "%(subject)s daalde sinds %(since)s van %(old)s naar %(new)s",
        "%(subject)s daalden sinds %(since)s van %(old)s naar %(new)s",
        2 if frame.plural else 1,
        **facts,
    )


def _stayed(frame: TrendFrame, facts: dict[str, str], language: Language) -> str:
    if frame.plural is None:
        return language.gettext(
            "%(subject)s, ongeveer gelijk sinds %(since)s, met %(new)s in %(period)s", **facts
        )
    return language.ngettext(
        "%(subject)s bleef sinds %(since)s ongeveer gelijk: %(new)s in %(period)s",
        "%(subject)s bleven sinds %(since)s ongeveer gelijk: %(new)s in %(period)s",
        2 if frame.plural else 1,
        **facts,
    )


def sentence(frame: TrendFrame, language: Language) -> str:
    """The newest comparison with comparable municipalities, and how certain the newest figure is."""
    return " ".join([*_comparison(frame, language), *certainty(frame.own, frame.area, language)])


def _comparison(frame: TrendFrame, language: Language) -> list[str]:
    """Why there is nothing to compare with is said in the notes."""
    values = {point.period: (point, point.value) for point in frame.own if point.value is not None}
    common = [band for band in frame.band if band.period in values]
    if not frame.band:
        return []
    if not common:
        newest = frame.band[-1]
        texts = [
            language.gettext(
                "In %(period)s was de mediaan van vergelijkbare gemeenten %(median)s.",
                period=when(newest, language),
                median=value_text(newest.median, frame.unit, frame.decimals, language),
            )
        ]
    else:
        newest = common[-1]
        texts = [
            place(*values[newest.period], newest, frame, language),
            language.gettext(
                "Die helft liep van %(range)s; de mediaan was %(median)s.",
                range=range_text(newest, frame, language),
                median=short_text(newest.median, frame.unit, frame.decimals, language),
            ),
        ]
    if frame.comparable_because:
        texts.append(language.gettext("Vergelijkbaar, want: %(because)s.", because=frame.comparable_because))
    if frame.valued and frame.valued[-1].year > newest.year:
        texts.append(
            language.gettext(
                "Over %(period)s is er nog geen vergelijking.", period=when(frame.valued[-1], language)
            )
        )
    return texts


def place(point: Point, value: float, band: BandPoint, frame: Measured, language: Language) -> str:
    """Where a value lies against the middle half, over one period."""
    facts = {
        "period": when(point, language),
        "area": frame.area,
        "value": value_text(value, frame.unit, frame.decimals, language),
    }
    if value > band.high:
        return language.gettext(
            "In %(period)s lag %(area)s met %(value)s boven de middelste helft van vergelijkbare gemeenten.",
            **facts,
        )
    if value < band.low:
        return language.gettext(
            "In %(period)s lag %(area)s met %(value)s onder de middelste helft van vergelijkbare gemeenten.",
            **facts,
        )
    return language.gettext(
        "In %(period)s lag %(area)s met %(value)s binnen de middelste helft van vergelijkbare gemeenten.",
        **facts,
    )


def certainty(own: Sequence[Point], area: str, language: Language) -> list[str]:
    """Whether the newest figure can still change, or why there is none."""
    if not own:
        return [language.gettext("Er zijn nog geen cijfers van %(area)s opgehaald.", area=area)]
    newest = own[-1]
    if newest.value is None:
        return missing_spans(own, language)[-1:]
    if newest.is_provisional:
        return [
            language.gettext(
                "Het cijfer over %(period)s is %(status)s en kan nog veranderen.",
                period=when(newest, language),
                status=status_text(newest.status, language),
            )
        ]
    if newest.status == "final":
        return [language.gettext("Het cijfer over %(period)s is definitief.", period=when(newest, language))]
    return [
        language.gettext(
            "Het is niet bekend of het cijfer over %(period)s nog verandert.", period=when(newest, language)
        )
    ]


def notes(frame: TrendFrame, axis: Axis, language: Language, *, compare: bool = True) -> list[Note]:
    """What a reader must know before using the figures, the weightiest first; the sentence is not repeated."""
    found = mark_notes(frame.marks, language)
    found += [Note(kind="revised", text=text) for text in _revisions(frame, language)]
    found += [Note(kind="missing", text=text) for text in missing_spans(frame.own, language)]
    found += [Note(kind="provisional", text=text) for text in _provisional_spans(frame.own, language)]
    found += [Note(kind="break", text=text) for text in _table_changes(frame, language)]
    found += scale_notes(axis, frame.unit, language)
    if compare and not frame.band:
        found.append(Note(kind="comparison", text=_no_band(frame, language)))
    said = certainty(frame.own, frame.area, language)
    return [
        *(note for note in found if note["text"] not in said),
        *(Note(kind="reading", text=text) for text in readings(frame, language)),
    ]


def scale_notes(axis: Axis, unit: str, language: Language) -> list[Note]:
    if axis.starts_at_zero:
        return []
    text = language.gettext(
        "De schaal van de grafiek begint niet bij nul, maar bij %(start)s.",
        start=tick_text(axis.start, axis, unit, language),
    )
    return [Note(kind="scale", text=text)]


def mark_notes(marks: Sequence[Mark], language: Language) -> list[Note]:
    return [
        Note(kind="break" if mark.event.cuts else "event", text=_event_text(mark, language)) for mark in marks
    ]


def readings(frame: Directed, language: Language) -> list[str]:
    """Both ways to read the figure, where the council gave it no direction."""
    if frame.direction != "context":
        return []
    texts = []
    if frame.reading_up:
        texts.append(language.gettext("Stijgt het cijfer? %(reading)s", reading=frame.reading_up))
    if frame.reading_down:
        texts.append(language.gettext("Daalt het cijfer? %(reading)s", reading=frame.reading_down))
    return texts


def alternative(frame: TrendFrame, language: Language) -> str:
    """The drawing in words, for who cannot see it; the table holds every value."""
    if not frame.numbers:
        text = empty_chart(language)
    elif not frame.items:
        text = language.gettext("Grafiek met alleen wat de raad heeft gekozen.")
    elif frame.band:
        text = language.gettext(
            "Lijngrafiek over %(span)s, met een band voor de middelste helft van vergelijkbare gemeenten.",
            span=span_text(frame.items, language),
        )
    else:
        text = language.gettext("Lijngrafiek over %(span)s.", span=span_text(frame.items, language))
    told = [event.text for event in frame.events if event.kind == "story"]
    return " ".join((f"{frame.area}. {title(frame, language)}.", text, *told, *readings(frame, language)))


def source(frame: TrendFrame, language: Language) -> str:
    """One line: who, which table, which periods, how certain, fetched when."""
    return source_line(frame.source, frame.valued, language, compared=bool(frame.band))


def source_line(
    note: SourceNote, valued: Sequence[Point], language: Language, *, compared: bool = False
) -> str:
    """The same for any points that have a value, in order of time."""
    parts = [origin(note, language)]
    if note.computed:
        parts.append(language.gettext("zelf berekend met deze cijfers"))
    if valued:
        newest = valued[-1]
        parts.append(span_text(valued, language))
        parts.append(
            language.gettext(
                "%(period)s: %(status)s",
                period=newest.label,
                status=status_text(newest.status, language),
            )
        )
    if note.fetched_on is not None:
        day = language.date(note.fetched_on)
        fetched = language.gettext("opgehaald op %(date)s", date=day)
        parts.append(language.gettext("aangeleverd op %(date)s", date=day) if note.own else fetched)
    if compared and note.comparison:
        parts.append(note.comparison)
    return "; ".join(parts) + "."


def origin(note: SourceNote, language: Language) -> str:
    """'Bron: CBS, tabel 03759ned (Bevolking)', 'Bron: gemeente Almere, eigen cijfer (registratie van het wijkteam)'."""
    if note.own:
        named = language.gettext("Bron: gemeente %(name)s, eigen cijfer", name=note.name)
    else:
        named = language.gettext("Bron: %(name)s, tabel %(table)s", name=note.name, table=note.table)
    return f"{named} ({note.title.rstrip('.')})" if note.title else named


def own_label(frame: TrendFrame, language: Language) -> str:
    """At the end of the own line: name and newest value. Needs at least one value."""
    name = frame.area if len(frame.area) <= 22 else f"{frame.area[:21]}…"
    return f"{name} {own_text(frame.valued[-1], frame, language)}"


def median_label(language: Language) -> str:
    return language.gettext("mediaan")


def band_label(language: Language) -> str:
    return language.gettext("middelste helft (25-75\u00a0%)")


def mark_label(mark: Mark, language: Language) -> str:
    """'breuk in 2019', '2: nieuw beleid', '“ verhaal'."""
    if mark.number:
        return f"{mark.number}: {event_name(mark.event.kind, language)}"
    if mark.event.kind == "story":
        return f"“ {event_name(mark.event.kind, language)}"
    return language.gettext("breuk in %(period)s", period=mark.event.label)


def event_name(kind: str, language: Language) -> str:
    """What kind of thing happened, as it stands in the drawing and in the notes."""
    return {
        "break": language.gettext("breuk"),
        "contract": language.gettext("nieuwe inkoop"),
        "definition": language.gettext("andere telling"),
        "policy": language.gettext("nieuw beleid"),
        "registration": language.gettext("andere registratie"),
        "other": language.gettext("gebeurtenis"),
        "story": language.gettext("verhaal"),
    }[kind]


def _event_text(mark: Mark, language: Language) -> str:
    event = mark.event
    if event.kind == "story":
        return event.text
    if not mark.number:
        return language.gettext(
            "Breuk in %(period)s: %(text)s", period=when(event, language), text=event.text
        )
    text = f"{mark.number}. {event.label}, {event_name(event.kind, language)}: {event.text}"
    if event.cuts:
        text += " " + language.gettext("Vergelijk de cijfers van daarvoor niet met die van daarna.")
    return (
        text + " " + language.gettext("Bron: %(name)s.", name=event.source.rstrip("."))
        if event.source
        else text
    )


def not_from_zero(language: Language) -> str:
    return language.gettext("let op: de schaal begint niet bij nul")


def empty_chart(language: Language) -> str:
    """For who cannot see that nothing is drawn."""
    return language.gettext("Lege grafiek: er zijn geen cijfers om te tekenen.")


def nothing_to_compare(language: Language) -> str:
    return language.gettext("Er zijn te weinig gemeenten om mee te vergelijken.")


def nothing_to_draw(language: Language) -> str:
    return language.gettext("Er zijn geen cijfers om te tekenen.")


def hover_texts(
    point: Point, band: BandPoint | None, frame: TrendFrame, language: Language
) -> tuple[str, str]:
    """What a mouse finds at one period: the own value, and the others' ("" when there are none)."""
    own = f"{frame.area}: {own_text(point, frame, language)}"
    if point.is_provisional:
        own += f" ({status_text(point.status, language)})"
    if band is None:
        return own, ""
    others = language.gettext(
        "mediaan %(median)s, helft %(range)s",
        median=short_text(band.median, frame.unit, frame.decimals, language),
        range=range_text(band, frame, language),
    )
    return own, others


def _revisions(frame: TrendFrame, language: Language) -> list[str]:
    return [
        language.gettext(
            "Het cijfer over %(period)s is op %(date)s herzien: het was %(old)s, het is nu %(new)s.",
            period=when(point, language),
            date=language.date(point.revised_on),
            old=short_text(point.revised_from, frame.unit, frame.decimals, language),
            new=own_text(point, frame, language),
        )
        for point in frame.own
        if point.revised_on is not None and point.revised_from is not None
    ]


def _table_changes(frame: TrendFrame, language: Language) -> list[str]:
    return [
        language.gettext(
            "Tussen %(before)s en %(after)s is de lijn onderbroken: de cijfers komen uit verschillende tabellen.",
            before=when(before, language),
            after=when(after, language),
        )
        for before, after in zip(frame.own, frame.own[1:], strict=False)
        if before.part != after.part
    ]


def _no_band(frame: TrendFrame, language: Language) -> str:
    if frame.not_comparable:
        return frame.not_comparable
    if frame.comparable_because:
        return language.gettext(
            "Er is geen vergelijking: te weinig vergelijkbare gemeenten (%(because)s) hebben een cijfer.",
            because=frame.comparable_because,
        )
    return language.gettext("Bij dit cijfer is er geen vergelijking met andere gemeenten.")


def missing_spans(points: Sequence[Point], language: Language) -> list[str]:
    """Each stretch without a value, with its reason."""
    return [
        language.gettext(
            "Geen cijfer over %(span)s: %(reason)s.",
            span=span_text(list(stretch), language),
            reason=missing_text(reason, language),
        )
        for reason, stretch in groupby(points, key=lambda point: point.missing)
        if reason is not None
    ]


def _provisional_spans(points: Sequence[Point], language: Language) -> list[str]:
    """Each stretch of figures that can still change; the newest figure alone is in the sentence."""
    stretches = [list(stretch) for _, stretch in groupby(points, key=lambda p: (p.is_provisional, p.status))]
    return [
        language.gettext(
            "Nog niet zeker: %(span)s (%(status)s). Deze cijfers kunnen nog veranderen.",
            span=span_text(stretch, language),
            status=status_text(stretch[0].status, language),
        )
        for stretch in stretches
        if stretch[0].is_provisional and stretch != [points[-1]]
    ]
