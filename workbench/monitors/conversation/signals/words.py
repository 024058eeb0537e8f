"""What a signal asks: it says what changed and asks what that means, without a verdict. Pure.

Which way a figure went is only said where the council chose a direction; else it is 'veranderd'.
"""

from dataclasses import dataclass

from workbench.core.language import Language
from workbench.figures.words import missing_text, value_text
from workbench.monitors.conversation.signals.rules import Cause, Reading, Signal


@dataclass(frozen=True)
class Measured:
    """What is needed to write a number of this figure."""

    unit: str
    decimals: int
    has_direction: bool  # the council chose which way is better

    def text(self, value: float, language: Language) -> str:
        return value_text(value, self.unit, self.decimals, language)


def question(signal: Signal, figure: Measured, language: Language) -> str:
    """The text of the question, in a few short sentences."""
    parts = [_fact(signal, figure, language), *_doubts(signal, language), _asks(signal, language)]
    return " ".join(parts)


def _fact(signal: Signal, figure: Measured, language: Language) -> str:
    reading = signal.reading
    if signal.cause is Cause.LIMIT and signal.limit is not None and reading.value is not None:
        limit = signal.limit.value
        facts = {
            "period": reading.label,
            "value": figure.text(reading.value, language),
            "limit": value_text(limit, figure.unit, _decimals(limit, figure.decimals), language),
        }
        if signal.limit.side == "above":
            return language.gettext(
                "Het cijfer over %(period)s (%(value)s) ligt boven de grens die u koos (%(limit)s).", **facts
            )
        return language.gettext(
            "Het cijfer over %(period)s (%(value)s) ligt onder de grens die u koos (%(limit)s).", **facts
        )
    if signal.cause is Cause.REVISED and signal.former is not None:
        return _revised(signal, figure, language)
    if reading.value is None:
        return language.gettext(
            "Er kwam een nieuwe periode bij, %(period)s, maar zonder getal: %(reason)s.",
            period=reading.label,
            reason=missing_text(reading.missing or "unknown", language),
        )
    told = language.gettext(
        "Er is een nieuw cijfer, over %(period)s: %(value)s.",
        period=reading.label,
        value=figure.text(reading.value, language),
    )
    return f"{told} {since}" if (since := _since(signal.before, reading, figure, language)) else told


def _since(before: Reading | None, reading: Reading, figure: Measured, language: Language) -> str:
    if before is None or before.value is None or reading.value is None:
        return ""
    facts = {"period": before.label, "value": figure.text(before.value, language)}
    if figure.text(reading.value, language) == facts["value"]:
        return language.gettext("Dat is gelijk aan dat over %(period)s.", period=before.label)
    if not figure.has_direction:
        return language.gettext("Dat is veranderd: over %(period)s was het %(value)s.", **facts)
    if reading.value > before.value:
        return language.gettext("Dat is hoger dan over %(period)s (%(value)s).", **facts)
    return language.gettext("Dat is lager dan over %(period)s (%(value)s).", **facts)


def _revised(signal: Signal, figure: Measured, language: Language) -> str:
    reading, former = signal.reading, signal.former
    if former is None or former.value is None or reading.value is None:
        raise ValueError("A revision has an old and a new value.")
    decimals = figure.decimals
    while decimals < 6 and language.number(former.value, decimals) == language.number(
        reading.value, decimals
    ):
        decimals += 1  # a small revision is told with as many decimals as show it
    facts = {
        "period": reading.label,
        "old": value_text(former.value, figure.unit, decimals, language),
        "now": language.date(reading.since),
        "new": value_text(reading.value, figure.unit, decimals, language),
    }
    if former.since == reading.since:
        told = language.gettext(
            "Het cijfer over %(period)s is herzien op %(now)s: er stond %(old)s, nu staat er %(new)s.",
            **facts,
        )
    else:
        told = language.gettext(
            "Het cijfer over %(period)s is herzien: op %(then)s stond er %(old)s, en sinds %(now)s staat er %(new)s.",
            then=language.date(former.since),
            **facts,
        )
    if not signal.others:
        return told
    more = language.ngettext(
        "Ook %(num)s andere periode is herzien.", "Ook %(num)s andere perioden zijn herzien.", signal.others
    )
    return f"{told} {more}"


def _doubts(signal: Signal, language: Language) -> list[str]:
    if signal.reading.value is not None and signal.reading.status in ("provisional", "further_provisional"):
        return [language.gettext("Het cijfer is voorlopig en kan nog veranderen.")]
    return []


def _asks(signal: Signal, language: Language) -> str:
    if signal.cause is Cause.REVISED:
        return language.gettext("Waar komt dat door, en verandert het ons beeld?")
    return language.gettext("Wat betekent dit?")


def _decimals(value: float, decimals: int) -> int:
    """As many as the figure has, and no noughts that the council did not type."""
    return 0 if value == int(value) else max(decimals, len(repr(value).partition(".")[2]))
