"""A number as a page shows it, read back in the language of that page. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

MINUS, EURO = "\u2212", "€"
SPACES = " \u00a0\u202f"
_WRITTEN = {
    "nl": re.compile(
        r"(?P<euro>€[ \u00a0\u202f]?)?(?P<minus>[-\u2212])?(?P<whole>\d{1,3}(\.\d{3})*)(,(?P<part>\d+))?(?P<rest>\D*)"
    ),
    "en": re.compile(
        r"(?P<euro>€[ \u00a0\u202f]?)?(?P<minus>[-\u2212])?(?P<whole>\d{1,3}(,\d{3})*)(\.(?P<part>\d+))?(?P<rest>\D*)"
    ),
}
LONGEST_REST = 40


@dataclass(frozen=True)
class Shown:
    """`before` and `after`: what stands around the number, such as a unit or a note."""

    value: Decimal
    before: str = ""
    after: str = ""

    @property
    def decimals(self) -> int:
        return max(-int(self.value.as_tuple().exponent), 0)

    @property
    def excel_format(self) -> str:
        """A format that shows this number as the page does."""
        digits = "#,##0" + ("." + "0" * self.decimals if self.decimals else "")
        return _literal(self.before) + digits + _literal(self.after)


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""


def read(text: str, language: str) -> Shown | None:
    """None: this is no number, or more than one."""
    found = _WRITTEN[language].fullmatch(text)
    if found is None:
        return None
    rest = found["rest"]
    # A letter or a sign right behind the digits makes something else of them: a code, a range, a fraction.
    if len(rest) > LONGEST_REST or '"' in rest or "\n" in rest or (rest and rest[0] not in SPACES + "%*"):
        return None
    whole = re.sub(r"\D", "", found["whole"])
    sign = "-" if found["minus"] else ""
    value = Decimal(f"{sign}{whole}.{found['part']}" if found["part"] else f"{sign}{whole}")
    return Shown(value, found["euro"] or "", rest)
