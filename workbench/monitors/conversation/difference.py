"""What changed between then and now, in one sentence; every number in it stands in one of the two tables. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workbench.core.language import Language
from workbench.monitors.conversation.tables import Table

MOST = 3  # periods that are named; the tables tell the rest
BAND = slice(2, -1)  # the columns of the comparison


@dataclass(frozen=True)
class Shown:
    """A figure as it stood at one moment. `table` None: there was nothing to show."""

    table: Table | None
    definition: str = ""
    group: Any = None  # with which municipalities it was compared; None: with none
    options: dict[str, Any] = field(default_factory=dict)


def between(then: Shown, now: Shown | None, language: Language, asked: str = "") -> str:
    """One sentence. `now` None: the figure is not in the monitor any more. `asked`: the period to begin with."""
    if now is None:
        return language.gettext("Dit cijfer staat nu niet meer in de monitor.")
    if then.table is None and now.table is not None:
        return language.gettext("Toen was er geen cijfer, nu wel.")
    if then.table is not None and now.table is None:
        return language.gettext("Toen was er een cijfer, nu niet meer.")
    parts = [
        *_cells(then.table or Table(), now.table or Table(), asked, language),
        *_around(then, now, language),
    ]
    if not parts:
        if then.table == now.table:
            return language.gettext("Er is niets veranderd.")
        parts = [language.gettext("de tabel is anders ingedeeld")]
    return _sentence(parts)


def of_text(then: str, now: str | None, language: Language) -> str:
    """The same for a text of the plan."""
    if now is None:
        return language.gettext("Deze tekst staat nu niet meer in het traject.")
    if then == now:
        return language.gettext("Er is niets veranderd.")
    return language.gettext("De tekst is sindsdien veranderd.")


def of_voices(then: list[Any], now: list[Any] | None, language: Language) -> str:
    """The same for who speaks in a block. What they said then is told by themselves, as long as they want."""
    if now is None:
        return language.gettext("Dit staat nu niet meer in de monitor.")
    if then == now:
        return language.gettext("Er is niets veranderd.")
    return language.gettext("Hier spreken nu anderen, of iemand deelt zijn woorden niet meer.")


def _sentence(parts: list[str]) -> str:
    joined = "; ".join(parts)
    return f"{joined[:1].upper()}{joined[1:]}."


def _cells(then: Table, now: Table, asked: str, language: Language) -> Iterator[str]:
    """The own figures, period by period: the one that was asked about, then the newest first."""
    before, after = ({row[0]: row for row in table.rows} for table in (then, now))
    if then.columns[1:2] != now.columns[1:2]:
        yield language.gettext(
            "het gaat nu over %(now)s, toen over %(then)s",
            now=", ".join(now.columns[1:2]),
            then=", ".join(then.columns[1:2]),
        )
        return
    periods = [*reversed(now.periods), *(period for period in reversed(then.periods) if period not in after)]
    found = [
        (period, text)
        for period in sorted(dict.fromkeys(periods), key=lambda period: period != asked)
        if (text := _period(period, before.get(period), after.get(period), language))
    ]
    yield from (text for _period_, text in found[:MOST])
    if len(found) > MOST:
        yield language.gettext("in de tabellen staat wat er nog meer veranderde")


def _period(
    period: str, then: tuple[str, ...] | None, now: tuple[str, ...] | None, language: Language
) -> str | None:
    if then is None and now is not None:
        return language.gettext("%(period)s kwam erbij: %(now)s", period=period, now=_own(now))
    if now is None and then is not None:
        return language.gettext(
            "%(period)s staat er niet meer bij, toen %(then)s", period=period, then=_own(then)
        )
    if then is None or now is None:
        return None
    if _own(then) != _own(now):
        return language.gettext(
            "%(period)s is herzien: toen %(then)s, nu %(now)s", period=period, then=_own(then), now=_own(now)
        )
    if len(then) > 2 and len(now) > 2 and then[-1] != now[-1]:
        return language.gettext(
            "de status van %(period)s was %(then)s en is nu %(now)s",
            period=period,
            then=then[-1],
            now=now[-1],
        )
    return None


def _own(row: tuple[str, ...]) -> str:
    return row[1] if len(row) > 1 else "–"


def _around(then: Shown, now: Shown, language: Language) -> Iterator[str]:
    """What stands around the own figures."""
    if then.group != now.group:
        if then.group is None:
            yield language.gettext("er staat nu een vergelijking bij, toen niet")
        elif now.group is None:
            yield language.gettext("er staat nu geen vergelijking meer bij")
        else:
            yield language.gettext("er is nu vergeleken met een andere groep gemeenten")
    elif _bands(then.table, now.table):
        yield language.gettext("de cijfers van de vergelijkbare gemeenten zijn anders")
    if then.definition != now.definition:
        yield language.gettext("de omschrijving van het cijfer is anders")
    if then.options != now.options:
        yield language.gettext("de figuur is anders ingesteld")


def _bands(then: Table | None, now: Table | None) -> bool:
    """Did the comparison change over a period that both tables have?"""
    if then is None or now is None:
        return False
    before = {row[0]: row[BAND] for row in then.rows}
    return any(row[0] in before and before[row[0]] != row[BAND] for row in now.rows)
