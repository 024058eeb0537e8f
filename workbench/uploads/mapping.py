"""Which column is what, which period a label means, which area a name means. Pure: guesses; the officer decides."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from workbench.core.numbers import MARKS, is_number
from workbench.core.tables import Table
from workbench.indicators.periods import Period, parse_period

SAMPLE = 150  # rows that a guess looks at
CODE = re.compile(r"(NL|PV|GM)\d{2,4}|WK\d{6,8}|BU\d{8,10}")
IN_HEADERS = -1  # the periods stand in the header
OWN_AREA = -2  # no column: the whole file is about our own municipality
YEAR = r"[12]\d{3}"
NAMES = "januari februari maart april mei juni juli augustus september oktober november december"
MONTHS = {name: number for number, name in enumerate(NAMES.split(), start=1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"mrt": 3}
ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4}


# --- Periods ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dated:
    """A period, and the mark that its label bore."""

    period: Period
    mark: str | None = None


def read_period(label: str) -> Dated:
    """'2024*', '2024 1e halfjaar', 'Q3 2023', 'januari 2024', '2023/2024', '2024JJ00'. Raises: ValueError."""
    text = " ".join(label.lower().split())
    mark = MARKS.get(len(text) - len(text.rstrip("*")))
    text = text.removesuffix("*").removesuffix("*").rstrip()
    for word, meaning in (
        ("(nader voorlopig)", "further_provisional"),
        ("(voorlopig)", "provisional"),
        ("(definitief)", "final"),
    ):
        if text.endswith(word):
            text, mark = text.removesuffix(word).strip(), meaning
    if re.fullmatch(r"[12]\d{3}[a-z]{2}\d{2}", text):
        return Dated(parse_period(text.upper()), mark)
    return Dated(parse_period(_code(text)), mark)


def _code(text: str) -> str:
    """The code of a label in small letters. Raises: ValueError."""
    if found := re.fullmatch(rf"(?:jaar )?({YEAR})(?:[.,]0)?", text):
        return f"{found[1]}JJ00"
    if found := re.fullmatch(rf"({YEAR})-(0\d|1[0-2])", text):
        return f"{found[1]}MM{found[2]}"
    if found := re.fullmatch(rf"(\d{{1,2}})[-/]({YEAR})", text):
        return f"{found[2]}MM{found[1]:0>2}"
    found = re.fullmatch(rf"(?:schooljaar )?({YEAR}) ?[/-] ?'?(\d{{2}}|{YEAR})", text)
    if found and int(found[2]) % 100 == (int(found[1]) + 1) % 100:
        return f"{found[1]}SJ00"
    if found := re.fullmatch(rf"({YEAR})[ -]?(.+)", text):
        return found[1] + _part(found[2])
    if found := re.fullmatch(rf"(.+?)[ -]?({YEAR})", text):
        return found[2] + _part(found[1])
    raise ValueError(text)


def _part(text: str) -> str:
    """'1e halfjaar', 'h1', 'derde kwartaal', 'q3', 'januari', 'mrt.'. Raises: ValueError."""
    text = text.rstrip(".")
    if text in MONTHS:
        return f"MM{MONTHS[text]:02}"
    for words, kind in (("half ?jaar|h|hj", "HJ"), ("kwartaal|q|k|kw", "KW")):
        found = re.fullmatch(rf"(\d|eerste|tweede|derde|vierde)(?:e|ste|de)? ?(?:{words})", text)
        found = found or re.fullmatch(rf"(?:{words}) ?(\d)", text)
        if found:
            return f"{kind}{ORDINALS.get(found[1]) or int(found[1]):02}"
    raise ValueError(text)


def is_period(label: str) -> bool:
    if len(label) > 40 or not any(c.isdigit() for c in label):
        return False
    try:
        read_period(label)
    except ValueError:
        return False
    return True


# --- Areas ------------------------------------------------------------------------------------------------------------


class Certainty(StrEnum):
    SURE = "sure"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Place:
    """An area as the register knows it."""

    code: str
    name: str
    valid_until: date | None = None
    province: str | None = None


@dataclass(frozen=True)
class Match:
    """What a text in the region column probably means."""

    certainty: Certainty
    code: str | None = None
    candidates: tuple[str, ...] = ()


ALSO_CALLED = {
    "den haag": "'s gravenhage",
    "den bosch": "'s hertogenbosch",
    "friesland": "fryslan",
    "nuenen": "nuenen, gerwen en nederwetten",
}
WHOLE = ("totaal", "gemeente totaal", "totaal gemeente", "hele gemeente", "eindtotaal")


def plain(name: str) -> str:
    """A name without capitals, accents, kinds of quotes and "gemeente" before it."""
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub("[’‘`´]", "'", text).replace("-", " ")
    text = " ".join(text.split())
    return text.removeprefix("gemeente ").removeprefix("provincie ")


def _bare(name: str) -> str:
    """The same without what stands between brackets at the end."""
    return re.sub(r" \([^)]*\)$", "", plain(name))


@dataclass
class Gazetteer:
    """All areas, findable by code and by name."""

    places: Sequence[Place]
    own: str | None = None  # code of the council's own area
    by_code: dict[str, Place] = field(init=False)
    by_plain: dict[str, list[Place]] = field(init=False)
    by_bare: dict[str, list[Place]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {place.code: place for place in self.places}
        self.by_plain, self.by_bare = {}, {}
        for place in self.places:
            self.by_plain.setdefault(plain(place.name), []).append(place)
            self.by_bare.setdefault(_bare(place.name), []).append(place)

    def match_all(self, texts: Iterable[str]) -> dict[str, Match]:
        """Text -> what it means. Guessing at spelling is kept for files with few strange names."""
        found = {text: self.match(text) for text in dict.fromkeys(texts)}
        strange = [text for text, match in found.items() if match.certainty is Certainty.UNKNOWN]
        if len(strange) <= 60:
            names = list(self.by_bare)
            for text in strange:
                close = get_close_matches(_bare(text), names, n=3, cutoff=0.84)
                codes = [place.code for name in close for place in self.by_bare[name]]
                if codes:
                    found[text] = Match(Certainty.DOUBTFUL, codes[0], tuple(dict.fromkeys(codes))[:6])
        return found

    def match(self, text: str) -> Match:
        """One text: a code, a name, or a name with what it is between brackets."""
        code = text.replace(" ", "").upper()
        if code in ("NL00", "NL"):
            code = "NL01"
        if code in self.by_code or re.fullmatch(r"WK\d{6,8}|BU\d{8,10}", code):
            return Match(Certainty.SURE, code)
        if re.fullmatch(r"\d{1,4}", code) and (guess := f"GM{code:0>4}") in self.by_code:
            return Match(Certainty.DOUBTFUL, guess, (guess,))
        name, bare = plain(text), _bare(text)
        if self.own and bare in WHOLE:
            return Match(Certainty.DOUBTFUL, self.own, (self.own,))
        kind = re.search(r"\((pv|gm|gemeente|provincie|gem\.?|prov\.?)\)$", name)
        bare = ALSO_CALLED.get(bare, bare)
        if kind:
            wanted = "PV" if kind[1].startswith("p") else "GM"
            return self._choose([p for p in self.by_bare.get(bare, []) if p.code.startswith(wanted)])
        exact = self.by_plain.get(name, [])
        same = self.by_bare.get(bare, [])
        if exact and len({p.code for p in exact} | {p.code for p in same}) == 1:
            return Match(Certainty.SURE, exact[0].code)
        if len(exact) == 1 and "(" in name:
            return Match(Certainty.SURE, exact[0].code)
        return self._choose(same)

    @staticmethod
    def _choose(places: Sequence[Place]) -> Match:
        """One living area: sure. More: doubtful, with the municipality first only where the rest is no municipality."""
        if not places:
            return Match(Certainty.UNKNOWN)
        if len(places) == 1:
            return Match(Certainty.SURE, places[0].code)
        living = [p for p in places if p.valid_until is None] or list(places)
        municipal = [p for p in living if p.code.startswith("GM")]
        best = (municipal if len(municipal) == 1 else living if len(living) == 1 else [None])[0]
        rest = [p.code for p in places if best is None or p.code != best.code]
        codes = ([best.code] if best else []) + rest
        return Match(Certainty.DOUBTFUL, best.code if best else None, tuple(codes[:6]))


# --- Columns ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """Which column is what. `period` is a column, IN_HEADERS, or None when `fixed_period` holds for the whole file."""

    region: int | None
    period: int | None
    value: int | None
    fixed_period: str = ""
    decimal: str = ","
    only: str = ""  # "<column>=<value>": only these rows
    skip_unknown: bool = False
    first_of_double: bool = False


def text_columns(table: Table) -> dict[int, list[str]]:
    """Column -> its values, for columns of text with a few values: rows can be chosen by these."""
    found = {}
    for number in range(len(table.header)):
        values = Counter(table.column(number))
        if 1 < len(values) <= 12 and not any(is_number(value) for value in values if value):
            found[number] = [value for value in values if value]
    return found


def period_headers(table: Table) -> list[int]:
    return [number for number, name in enumerate(table.header) if is_period(name)]


def guess(table: Table, areas: Gazetteer) -> Layout:
    """The likeliest reading of the columns."""
    region = _region(table, areas)
    period = next((n for n in range(len(table.header)) if n != region and _looks_dated(table, n)), None)
    if period is None and len(period_headers(table)) >= (1 if region is not None else 2):
        period = IN_HEADERS
    value = None
    if period != IN_HEADERS:
        numeric = [
            n
            for n, name in enumerate(table.header)
            if n not in (region, period)
            and _share(table, n, is_number) > 0.3
            and not re.search(r"code|^kolom \d+$|^(id|nr|rij)$", name.lower())
        ]
        value = numeric[0] if numeric else None
    return Layout(region=region, period=period, value=value, decimal=table.decimal)


def _share(table: Table, number: int, test: Callable[[str], bool]) -> float:
    cells = [cell for cell in table.column(number)[:SAMPLE] if cell]
    return sum(1 for cell in cells if test(cell)) / len(cells) if cells else 0.0


def _looks_dated(table: Table, number: int) -> bool:
    """A column of counts between 1000 and 2999 is no column of years: its name must say so, or its values repeat."""
    share = _share(table, number, is_period)
    if re.search(r"jaar|period|year|kwartaal|maand|datum|tijd", table.header[number].lower()):
        return share > 0.5
    years = [cell for cell in table.column(number)[:SAMPLE] if cell]
    near = all(re.match(r"(19[5-9]|20[0-4])\d", cell) for cell in years)
    return share > 0.9 and near and len(set(years)) < max(2, len(years) / 2)


def _region(table: Table, areas: Gazetteer) -> int | None:
    """A column of codes first, then the column with most known names."""
    best, best_score = None, 0.0
    for number, name in enumerate(table.header):
        cells = [cell for cell in dict.fromkeys(table.column(number)[:SAMPLE]) if cell]
        if not cells:
            continue
        coded = sum(1 for cell in cells if CODE.fullmatch(cell.replace(" ", ""))) / len(cells)
        if coded > 0.6:
            return number
        known = sum(
            1
            for cell in cells
            if not re.fullmatch(r"\d+", cell) and areas.match(cell).certainty is not Certainty.UNKNOWN
        ) / len(cells)
        hint = 0.3 if re.search(r"regio|gemeente|wijk|buurt|gebied|plaats|area|naam", name.lower()) else 0.0
        if known > 0 or hint:
            score = known + hint + (0.2 if len(cells) > 5 else 0) - 0.01 * number
            if re.search(r"gemeentenaam", name.lower()) and any(
                re.search(r"wijk|buurt", other.lower()) for other in table.header[:number]
            ):
                score -= 1.2  # the municipality that a district lies in
            if score > best_score and (known > 0 or hint):
                best, best_score = number, score
    return best


def as_choices(layout: Layout) -> dict[str, object]:
    """A layout as it is kept with a draft, and as a form starts."""

    def word(number: int | None) -> str:
        return "" if number is None else str(number)

    return {
        "region": word(OWN_AREA if layout.region is None else layout.region),
        "period": word(layout.period),
        "value": word(layout.value),
        "decimal": layout.decimal,
        "status": "final",
        "only": "",
        "base": "",
    }


def from_choices(choices: Mapping[str, object]) -> Layout:
    """What the officer chose."""

    def column(name: str) -> int | None:
        word = str(choices.get(name, ""))
        return int(word) if re.fullmatch(r"-?\d{1,4}", word) else None

    return Layout(
        region=column("region"),
        period=column("period"),
        value=column("value"),
        fixed_period=str(choices.get("fixed_period") or ""),
        decimal="." if choices.get("decimal") == "." else ",",
        only=str(choices.get("only") or ""),
        skip_unknown=bool(choices.get("skip_unknown")),
        first_of_double=bool(choices.get("first_of_double")),
    )
