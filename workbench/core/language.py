"""Dutch or English: texts, numbers and dates outside a request (figures, mails, jobs)."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import NumberPattern, parse_pattern
from babel.support import NullTranslations, Translations

TRANSLATIONS = Path(__file__).parent.parent / "translations"
LANGUAGES = ("nl", "en")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@cache
def catalogue(code: str) -> NullTranslations:
    """The texts in this language; Dutch needs none."""
    return NullTranslations() if code == "nl" else Translations.load(TRANSLATIONS, [code])


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


# A page says the same few numbers and days many times.
@lru_cache(maxsize=5000)
def _format_number(value: float, decimals: int, code: str) -> str:
    text = str(_pattern(decimals).apply(value, code)).replace("-", "\u2212")
    return text.lstrip("\u2212") if not any(digit in text for digit in "123456789") else text


_format_date = lru_cache(maxsize=2000)(format_date)


@dataclass(frozen=True)
class Language:
    """One of LANGUAGES. Dutch is the source: every text is written as its Dutch msgid."""

    code: str = "nl"

    def gettext(self, msgid: str, **values: object) -> str:
        text = str(catalogue(self.code).ugettext(msgid))
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        text = str(catalogue(self.code).ungettext(singular, plural, n))
        return text % {"num": n, **values}

    def number(self, value: float, decimals: int = 0) -> str:
        """1234.5 -> '1.234,5' (nl), '1,234.5' (en); a minus is a real minus sign."""
        return _format_number(value, decimals, self.code)

    def month(self, value: date) -> str:
        """2026-07-01 -> 'juli 2026'."""
        return _format_date(value, format="MMMM y", locale=self.code)

    def month_name(self, number: int) -> str:
        """7 -> 'juli'."""
        return _format_date(date(2000, number, 1), format="MMMM", locale=self.code)

    def long_date(self, value: date) -> str:
        """2026-07-02 -> 'donderdag 2 juli 2026'. Moments are shown in Dutch time."""
        if isinstance(value, datetime):
            value = value.astimezone(AMSTERDAM).date()
        return _format_date(value, format="EEEE d MMMM y", locale=self.code)

    def short_date(self, value: date) -> str:
        """2026-07-02 -> '2 juli', where the year is clear."""
        return _format_date(value, format="d MMMM", locale=self.code)

    def date(self, value: date) -> str:
        """2026-07-02 -> '2 juli 2026'. Moments are shown in Dutch time."""
        if isinstance(value, datetime):
            value = value.astimezone(AMSTERDAM).date()
        return _format_date(value, format="d MMMM y", locale=self.code)

    def moment(self, value: datetime) -> str:
        """2026-07-02T12:11Z -> '2 juli 2026 14:11'."""
        return format_datetime(value.astimezone(AMSTERDAM), format="d MMMM y HH:mm", locale=self.code)

    def clock(self, value: datetime) -> str:
        """2026-07-02T12:11Z -> '14:11'."""
        return format_datetime(value.astimezone(AMSTERDAM), format="HH:mm", locale=self.code)
