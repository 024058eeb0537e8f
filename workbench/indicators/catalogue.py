"""The catalogue file: which indicators there are, what they mean, and which tables make their series.

Pure: reads text, checks it, hands back entries or one CatalogueError that names every wrong entry and field.
"""

import re
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from workbench.core.errors import WorkbenchError
from workbench.indicators.periods import PeriodType, parse_period


class Theme(StrEnum):
    WMO = "wmo"
    JEUGD = "jeugd"
    PARTICIPATIE = "participatie"
    ARMOEDE = "armoede"
    SCHULDEN = "schulden"
    GEZONDHEID = "gezondheid"
    KANSEN = "kansen"
    ONDERWIJS = "onderwijs"
    WONEN = "wonen"
    LEEFBAARHEID = "leefbaarheid"
    VEILIGHEID = "veiligheid"
    FINANCIEN = "financien"
    STAPELING = "stapeling"
    ERVARING = "ervaring"
    BEVOLKING = "bevolking"


class Direction(StrEnum):
    """Which way is better; `context`: that depends, and both readings are written out."""

    UP = "up"
    DOWN = "down"
    BAND = "band"
    CONTEXT = "context"


class AreaType(StrEnum):
    NL = "nl"
    PROVINCIE = "provincie"
    GEMEENTE = "gemeente"
    GGD_REGIO = "ggd-regio"
    JEUGDREGIO = "jeugdregio"
    ARBEIDSMARKTREGIO = "arbeidsmarktregio"
    WIJK = "wijk"
    BUURT = "buurt"


class CatalogueError(WorkbenchError):
    """The file cannot be used; `problems` has one Dutch sentence for each wrong field."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


# The connected tables of CBS, which are too large to ask for whole.
CBS = ("cbs-v4", "cbs-v3", "dataderden")


def _year_as_text(value: object) -> object:
    """A year without quotation marks is still the same year."""
    return str(value) if type(value) is int else value


def _period_code(code: str) -> str:
    try:
        return parse_period(code).code
    except ValueError as error:
        raise ValueError("schrijf een periode zoals 2019JJ00") from error


Sentence = Annotated[str, Field(min_length=1, max_length=2000)]
Code = Annotated[str, Field(min_length=1, max_length=300)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Year = Annotated[str, BeforeValidator(_year_as_text), Field(pattern=r"^(19|20)[0-9]{2}$")]
PeriodCode = Annotated[str, AfterValidator(_period_code)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Break(Part):
    """From this period on the figures can no longer be compared with the ones before."""

    period: PeriodCode
    text: Sentence


class SeriesEntry(Part):
    """One table that gives (part of) the series.

    `region` and `period` name the table's dimensions; of a table without a dimension of time, `period` is its one
    period: 2020JJ00. `filter` fixes its other dimensions, dimension to code; 'L*' is the sum over all codes that begin
    with L. `levels` and `from` bound the request. `computed` says how the value was calculated from the table: unless
    it is such a sum, the series is bundled, a refresh of the table would not give the same measure.
    """

    source: Slug
    table: Code
    measure: Code
    region: Code | None = None
    period: Code | None = None
    levels: list[AreaType] = Field(min_length=1)
    from_: Year | None = Field(default=None, alias="from")
    filter: dict[Code, Code] = {}
    period_type: PeriodType = PeriodType.YEAR
    computed: Sentence | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """(source, table, measure): what a bundled figures file is found by."""
        return self.source, self.table, self.measure

    @property
    def is_one_period(self) -> bool:
        """Does `period` write out the only period of the table, instead of a dimension of time?"""
        try:
            return bool(self.period and parse_period(self.period))
        except ValueError:
            return False

    @property
    def is_sum(self) -> bool:
        """Is the figure a plain sum over codes, which a refresh can make again?"""
        return any(code.endswith("*") for code in self.filter.values())

    @model_validator(mode="after")
    def _says_it_is_a_sum(self) -> Self:
        if self.is_sum and not self.computed:
            raise ValueError("vul ook 'computed' in: een som over codes heeft de werkbank zelf berekend")
        return self

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if self.source not in CBS or (
            self.source != "cbs-v4" and (self.period is None or self.is_one_period)
        ):
            return self  # not asked of a source, bundled, or bounded by itself
        needed = ["from_"] if self.source != "cbs-v4" else ["region", "period", "from_"]
        absent = [name for name in needed if getattr(self, name) is None]
        if absent:
            names = ", ".join(f"'{name.rstrip('_')}'" for name in absent)
            raise ValueError(f"vul ook {names} in: zonder grenzen is de tabel te groot om op te vragen")
        return self


class IndicatorEntry(Part):
    """One indicator as the catalogue file describes it. Units and texts are Dutch."""

    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=200)]
    definition: Sentence
    unit: Annotated[str, Field(min_length=1, max_length=80)]
    decimals: int = Field(ge=0, le=6, strict=True)
    themes: list[Theme] = Field(min_length=1)
    direction: Direction
    reading_up: Sentence | None = None
    reading_down: Sentence | None = None
    caveats: list[Sentence] = []
    breaks: list[Break] = []
    bbv: Annotated[int, Field(ge=1, le=99, strict=True)] | None = None
    verified: bool = Field(default=False, strict=True)
    table_hint: Sentence | None = None
    series: list[SeriesEntry] = []

    @model_validator(mode="after")
    def _says_both_readings(self) -> Self:
        if self.direction is Direction.CONTEXT and not (self.reading_up and self.reading_down):
            raise ValueError(
                "schrijf 'reading_up' en 'reading_down' allebei uit, want de richting is 'context'"
            )
        return self

    @model_validator(mode="after")
    def _has_one_grain(self) -> Self:
        if len({part.period_type for part in self.series}) > 1:
            raise ValueError("gebruik in 'series' één 'period_type': jaar en halfjaar delen nooit een lijn")
        return self


def read_catalogue(path: Path) -> list[IndicatorEntry]:
    """The entries of a catalogue file, in file order.

    Raises: CatalogueError, also when the file is not there or is no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CatalogueError([f"{path}: het bestand is niet te lezen ({error.strerror})."]) from error
    except UnicodeDecodeError as error:
        raise CatalogueError([f"{path}: het bestand is geen UTF-8. Bewaar het opnieuw als UTF-8."]) from error
    return parse_catalogue(text)


def parse_catalogue(text: str) -> list[IndicatorEntry]:
    """The entries in the text of a catalogue file, in order. Raises: CatalogueError, with all problems at once."""
    entries: list[IndicatorEntry] = []
    problems: list[str] = []
    for number, raw in enumerate(_load(text), start=1):
        try:
            entries.append(IndicatorEntry.model_validate(raw))
        except ValidationError as error:
            name = _entry_name(raw, number)
            problems += [f"{name}: {_in_words(problem)}" for problem in error.errors(include_url=False)]
    problems += _doubles(entries)
    if problems:
        raise CatalogueError(problems)
    return entries


# What PyYAML raises on text that is no YAML, or on a tag (!!int, !!timestamp) whose value does not fit it.
UNREADABLE = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RecursionError,
)


def _load(text: str) -> list[Any]:
    try:
        content = yaml.safe_load(text)
    except UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        where = f" Kijk bij regel {mark.line + 1}." if mark else ""
        raise CatalogueError([f"Het bestand is geen geldige YAML.{where}"]) from error
    if not isinstance(content, list):
        raise CatalogueError(["Het bestand moet een lijst zijn: elke indicator begint met '- slug: …'."])
    return content


def _entry_name(raw: object, number: int) -> str:
    slug = raw.get("slug") if isinstance(raw, dict) else None
    return slug if isinstance(slug, str) and re.fullmatch(r"[a-z0-9-]{1,80}", slug) else f"indicator {number}"


def _doubles(entries: list[IndicatorEntry]) -> list[str]:
    slugs = Counter(entry.slug for entry in entries)
    problems = [
        f"{slug}: veld 'slug': staat {times} keer in het bestand"
        for slug, times in slugs.items()
        if times > 1
    ]
    first: dict[tuple[object, ...], str] = {}
    for entry in entries:
        for number, part in enumerate(entry.series, start=1):
            selection = (*part.key, part.period_type, tuple(sorted(part.filter.items())))
            owner = first.setdefault(selection, f"{entry.slug}, series {number}")
            if owner != f"{entry.slug}, series {number}":
                problems.append(f"{entry.slug}: veld 'series {number}': dezelfde reeks staat al bij {owner}")
    return problems


WORDS = {
    "missing": "ontbreekt",
    "extra_forbidden": "bestaat niet; haal het weg of verbeter de naam",
    "string_type": "moet tekst zijn; zet codes tussen aanhalingstekens",
    "string_too_short": "is leeg",
    "too_short": "heeft er minstens één nodig",
    "bool_type": "moet true of false zijn",
    "int_type": "moet een heel getal zijn",
    "list_type": "moet een lijst zijn",
    "dict_type": "moet een lijst van naam: code zijn",
    "model_type": "moet velden met een naam hebben",
}
PATTERNS = {
    "slug": "gebruik alleen kleine letters, cijfers en streepjes",
    "source": "gebruik alleen kleine letters, cijfers en streepjes",
    "from": 'schrijf een jaar met vier cijfers, zoals "2019"',
}


def _in_words(problem: Any) -> str:
    """One pydantic problem as a Dutch sentence that names the field; never repeats what was typed."""
    path = [f"{part + 1}" if isinstance(part, int) else _plain(str(part)) for part in problem["loc"]]
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        words = str(context["error"])
    elif kind == "string_pattern_mismatch":
        words = PATTERNS.get(path[-1], "heeft niet de juiste vorm")
    elif kind == "enum":
        words = f"kies uit {context['expected'].replace(' or ', ', ')}"
    elif kind == "string_too_long":
        words = f"is langer dan {context['max_length']} tekens"
    elif kind in ("greater_than_equal", "less_than_equal"):
        words = f"is te {'klein' if 'ge' in context else 'groot'}; de grens is {context.get('ge', context.get('le'))}"
    else:
        words = WORDS.get(kind, "heeft geen geldige waarde")
    return f"veld '{' '.join(path)}': {words}" if path else words


def _plain(name: str) -> str:
    """A field name fit to print: keys come from the file and may be anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:40])
