"""Which periods a line of figures has and which are missing, and why, in words. Pure."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Protocol

from workbench.core.language import Language
from workbench.figures.words import missing_text
from workbench.indicators.periods import Period


class Item(Protocol):
    """A period with a value, or with the reason why there is none."""

    @property
    def period(self) -> Period: ...
    @property
    def value(self) -> float | None: ...
    @property
    def missing(self) -> str | None: ...


def periods_text(line: Iterable[Item], language: Language) -> str:
    """The periods with a value: '2017 tot en met 2018, 2020 tot en met 2024'; empty when there are none."""
    valued = [item.period for item in line if item.value is not None]
    return ", ".join(_span(run, language) for run in _runs(valued))


def gaps(line: Sequence[Item], language: Language) -> list[str]:
    """What is missing, in order of time: periods with their reason, and stretches that we know nothing about."""
    reasons = {item.period: item.missing or "unknown" for item in line if item.value is None}
    texts = []
    for reason in dict.fromkeys(reasons.values()):
        for run in _runs(period for period, why in reasons.items() if why == reason):
            facts = {"period": _span(run, language), "reason": missing_text(reason, language)}
            text = (
                language.gettext("%(period)s ontbreekt: %(reason)s", **facts)
                if len(run) == 1
                else language.gettext("%(period)s ontbreken: %(reason)s", **facts)
            )
            texts.append((run[0].starts_on, text))
    for before, after in pairwise(item.period for item in line):
        if not _follows(before, after):
            facts = {"before": before.label(language), "after": after.label(language)}
            texts.append(
                (
                    before.ends_on,
                    language.gettext("tussen %(before)s en %(after)s is er geen cijfer", **facts),
                )
            )
    return [text for _start, text in sorted(texts)]


def _follows(before: Period, after: Period) -> bool:
    return after.starts_on <= before.ends_on + timedelta(days=1)


def _runs(periods: Iterable[Period]) -> list[list[Period]]:
    """Periods in order of time, cut where one does not follow the one before."""
    runs: list[list[Period]] = []
    for period in periods:
        if runs and _follows(runs[-1][-1], period):
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def _span(run: Sequence[Period], language: Language) -> str:
    first, last = run[0].label(language), run[-1].label(language)
    if len(run) == 1:
        return first
    return language.gettext("%(first)s tot en met %(last)s", first=first, last=last)
