"""Several lines in words and as a table: how many went which way, never which one is highest."""

from workbench.core.language import Language
from workbench.figures import words
from workbench.figures.frame import Point
from workbench.figures.lines import Change, Line, LinesFrame
from workbench.figures.telling import Table, reading_notes, subject_text
from workbench.figures.words import Note


def counted(number: int, frame: LinesFrame, language: Language) -> str:
    """'12 gebieden', '1 groep'."""
    if frame.of == "areas":
        return language.ngettext("%(num)s gebied", "%(num)s gebieden", number)
    if frame.of == "groups":
        return language.ngettext("%(num)s groep", "%(num)s groepen", number)
    if frame.of == "lines":
        return language.ngettext("%(num)s lijn", "%(num)s lijnen", number)
    if frame.of == "figures":
        return language.ngettext("%(num)s cijfer", "%(num)s cijfers", number)
    return language.ngettext("%(num)s deel", "%(num)s delen", number)


def changes(frame: LinesFrame) -> list[Change]:
    found = (frame.change_of(line) for line in frame.lines)
    return [change for change in found if change is not None]


def title(frame: LinesFrame, language: Language) -> str:
    """What most of the lines did, when that holds for all of them or can be counted."""
    moved = changes(frame)
    if not frame.valued:
        return language.gettext(
            "%(subject)s, geen cijfers voor %(area)s", subject=frame.indicator, area=frame.area
        )
    if not moved:
        newest = words.when(frame.valued[-1], language)
        lines = counted(sum(1 for line in frame.lines if line.valued), frame, language)
        return language.gettext(
            "%(subject)s in %(period)s, %(lines)s naast elkaar",
            subject=frame.indicator,
            period=newest,
            lines=lines,
        )
    up, down = (sum(change.direction == sign for change in moved) for sign in (1, -1))
    facts = {
        "subject": frame.indicator,
        "all": counted(len(frame.lines), frame, language),
        "number": language.number(max(up, down)),
        "since": words.when(min((change.first for change in moved), key=lambda p: p.year), language),
    }
    if up == down == 0:
        level = counted(len(moved), frame, language)
        return language.gettext(
            "%(subject)s: sinds %(since)s in %(all)s ongeveer gelijk", **{**facts, "all": level}
        )
    is_all, is_only = max(up, down) == len(frame.lines), len(frame.lines) == 1
    if up >= down:
        if is_only:
            return language.gettext("%(subject)s: sinds %(since)s gestegen in %(all)s", **facts)
        if is_all:
            return language.gettext("%(subject)s: sinds %(since)s gestegen in alle %(all)s", **facts)
        return language.gettext("%(subject)s: sinds %(since)s gestegen in %(number)s van %(all)s", **facts)
    if is_only:
        return language.gettext("%(subject)s: sinds %(since)s gedaald in %(all)s", **facts)
    if is_all:
        return language.gettext("%(subject)s: sinds %(since)s gedaald in alle %(all)s", **facts)
    return language.gettext("%(subject)s: sinds %(since)s gedaald in %(number)s van %(all)s", **facts)


def sentence(frame: LinesFrame, language: Language) -> str:
    """The whole count, and what is not there or not certain."""
    texts = []
    moved = changes(frame)
    if moved:
        up, down, level = (sum(change.direction == sign for change in moved) for sign in (1, -1, 0))
        apart = len(frame.lines) - len(moved)
        texts = _since(moved, frame, language)
        told = (
            (up, language.gettext("Gestegen: %(lines)s.", lines=counted(up, frame, language))),
            (down, language.gettext("Gedaald: %(lines)s.", lines=counted(down, frame, language))),
            (level, language.gettext("Ongeveer gelijk: %(lines)s.", lines=counted(level, frame, language))),
            (
                apart,
                language.gettext("Niet te vergelijken: %(lines)s.", lines=counted(apart, frame, language)),
            ),
        )
        texts += [text for number, text in told if number]
    return " ".join([*texts, *_certainty(frame, language)])


def _since(moved: list[Change], frame: LinesFrame, language: Language) -> list[str]:
    """From when on the lines are compared, where that is not the first period of the table."""
    starts = {change.first.period: change.first for change in moved}
    if set(starts) == {frame.periods[0].period}:
        return []
    if len(starts) > 1:
        return [
            language.gettext(
                "Niet alles is vanaf dezelfde periode te vergelijken; de tabel zegt vanaf wanneer."
            )
        ]
    [first] = starts.values()
    return [language.gettext("Vergeleken vanaf %(period)s.", period=words.when(first, language))]


def _certainty(frame: LinesFrame, language: Language) -> list[str]:
    if not frame.periods:
        return [language.gettext("Er zijn nog geen cijfers van %(area)s opgehaald.", area=frame.area)]
    newest = frame.periods[-1]
    points = [point for line in frame.lines if (point := line.at(newest.period)) is not None]
    known = [point for point in points if point.value is not None]
    if not known:
        return [
            language.gettext("Over %(period)s is er geen enkel cijfer.", period=words.when(newest, language))
        ]
    if any(point.is_provisional for point in known):
        return [
            language.gettext(
                "Cijfers over %(period)s zijn voorlopig en kunnen nog veranderen.",
                period=words.when(newest, language),
            )
        ]
    if all(point.status == "final" for point in known):
        return [
            language.gettext(
                "De cijfers over %(period)s zijn definitief.", period=words.when(newest, language)
            )
        ]
    return [
        language.gettext(
            "Het is niet bekend of de cijfers over %(period)s nog veranderen.",
            period=words.when(newest, language),
        )
    ]


def notes(frame: LinesFrame, language: Language) -> list[Note]:
    found = [
        Note(
            kind="break",
            text=language.gettext("Breuk in %(period)s: %(text)s", period=event.label, text=event.text),
        )
        if event.cuts
        else Note(kind="event", text=f"{event.label}: {event.text}")
        for event in frame.events
    ]
    if any(left.part != right.part for line in frame.lines for left, right in _pairs(line)):
        text = language.gettext(
            "De cijfers komen uit verschillende tabellen. Waar dat wisselt, is een breuk."
        )
        found.append(Note(kind="break", text=text))
    for line in frame.lines:
        found += [
            Note(kind="missing", text=f"{line.name}: {text[0].lower()}{text[1:]}")
            for text in words.missing_spans(line.points, language)
        ]
    return [*found, *reading_notes(frame, language)]


def _pairs(line: Line) -> list[tuple[Point, Point]]:
    return list(zip(line.points, line.points[1:], strict=False))


def cell(point: Point | None, frame: LinesFrame, language: Language) -> str:
    if point is None:
        return words.missing_text("unknown", language)
    text = words.own_text(point, frame, language)
    return f"{text} ({words.status_text(point.status, language)})" if point.is_provisional else text


def change_cell(change: Change | None, frame: LinesFrame, language: Language) -> str:
    """How a line moved, and since when where that is not the first period of the table."""
    if change is None:
        return language.gettext("niet te vergelijken")
    text = {
        1: language.gettext("gestegen"),
        -1: language.gettext("gedaald"),
        0: language.gettext("ongeveer gelijk"),
    }[change.direction]
    if change.first.period == frame.periods[0].period:
        return text
    return language.gettext(
        "%(change)s sinds %(period)s", change=text, period=words.when(change.first, language)
    )


def table(frame: LinesFrame, language: Language) -> Table:
    """A row for each line in its fixed order, a column for each period, and how it changed."""
    first = {
        "areas": language.gettext("Gebied"),
        "groups": language.gettext("Groep"),
        "parts": language.gettext("Deel"),
        "lines": language.gettext("Waarvan"),
        "figures": language.gettext("Cijfer"),
    }[frame.of]
    periods = frame.periods
    rows = [
        [
            line.name,
            *(cell(line.at(period.period), frame, language) for period in periods),
            change_cell(frame.change_of(line), frame, language),
        ]
        for line in frame.lines
    ]
    return {
        "caption": subject_text(frame, language),
        "columns": [first, *(period.label for period in periods), language.gettext("Verandering")],
        "rows": rows,
        "numeric": [False, *[True] * len(periods), False],
    }
