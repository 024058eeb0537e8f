"""The catalogue file: which indicators there are, what they mean, and which tables make their series.

Pure: reads text, checks it, hands back entries or one CatalogueError that names the line, entry and field of
everything that is wrong; and writes entries as such a file again.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

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


class Law(StrEnum):
    """The law under which the thing that is counted falls."""

    WMO = "wmo"
    JEUGDWET = "jeugdwet"
    PARTICIPATIEWET = "participatiewet"
    WGS = "wgs"
    LEERPLICHTWET = "leerplichtwet"


LAW_NAMES = {
    Law.WMO: "Wet maatschappelijke ondersteuning 2015 (Wmo)",
    Law.JEUGDWET: "Jeugdwet",
    Law.PARTICIPATIEWET: "Participatiewet",
    Law.WGS: "Wet gemeentelijke schuldhulpverlening (Wgs)",
    Law.LEERPLICHTWET: "Leerplichtwet",
}

# What readers call a source, by its name in a catalogue file.
SOURCE_NAMES = {
    "cbs-v3": "CBS StatLine",
    "cbs-v4": "CBS StatLine",
    "cbs-export": "CBS StatLine",
    "dataderden": "CBS-portaal voor cijfers van anderen",
    "iv3": "CBS Iv3, gemeentefinanciën",
}


class Priority(StrEnum):
    """The three aims (speerpunten) that municipalities set for the social domain in 2021 and 2023."""

    BESTAANSZEKERHEID = "bestaanszekerheid"
    KANSENGELIJKHEID = "kansengelijkheid"
    GEZOND_LEVEN = "gezond-leven"


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


def _writable(text: str) -> str:
    """Control characters cannot be stored or shown."""
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise ValueError("bevat een teken dat geen letter is; typ de tekst opnieuw")
    return text


Sentence = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_writable)]
Short = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_writable)]
Code = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_writable)]
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
    """One indicator as the catalogue file describes it. Units and texts are Dutch.

    `synonyms` are words that people search for and that stand in no other field; `table_hint` says which table
    probably holds the figures, as long as its number is not confirmed.
    """

    slug: Slug
    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_writable)]
    definition: Sentence
    unit: Short
    decimals: int = Field(ge=0, le=6, strict=True)
    themes: list[Theme] = Field(min_length=1)
    laws: list[Law] = []
    priorities: list[Priority] = []
    synonyms: list[Short] = []
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
    entries: dict[int, IndicatorEntry] = {}
    problems: list[Problem] = []
    content = _load(text)
    for number, raw in enumerate(content):
        try:
            entries[number] = IndicatorEntry.model_validate(raw)
        except ValidationError as error:
            problems += [
                Problem(number, found["loc"], _in_words(found)) for found in error.errors(include_url=False)
            ]
    problems += _doubles(entries)
    if problems:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        raise CatalogueError([_at(problem, content[problem.entry], root) for problem in problems])
    return list(entries.values())


class Problem(NamedTuple):
    """What is wrong with a field: the place of its entry in the file (from 0), the way to the field, and a sentence."""

    entry: int
    field: tuple[int | str, ...]
    words: str


def _at(problem: Problem, raw: object, root: yaml.Node | None) -> str:
    """The problem as a sentence that begins with line, entry and slug."""
    slug = raw.get("slug") if isinstance(raw, dict) else None
    known = isinstance(slug, str) and re.fullmatch(r"[a-z0-9-]{1,80}", slug)
    name = f"indicator {problem.entry + 1}" + (f" ({slug})" if known else "")
    return f"Regel {_line(root, (problem.entry, *problem.field))}, {name}: {problem.words}"


def _line(root: yaml.Node | None, path: Sequence[int | str]) -> int:
    """The line, from 1, of the field at the end of this way, or of the last thing on the way that is there."""
    line, node = 1, root
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            break
    return line


def write_catalogue(entries: Iterable[IndicatorEntry]) -> str:
    """The entries as the text of a catalogue file, which reads back to the same entries."""
    content = [entry.model_dump(mode="json", by_alias=True, exclude_defaults=True) for entry in entries]
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


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
        where = f" Kijk bij regel {mark.line + 1}, teken {mark.column + 1}." if mark else ""
        raise CatalogueError([f"Het bestand is geen geldige YAML.{where}"]) from error
    if not isinstance(content, list):
        raise CatalogueError(["Het bestand moet een lijst zijn: elke indicator begint met '- slug: …'."])
    return content


def _doubles(entries: dict[int, IndicatorEntry]) -> Iterator[Problem]:
    """What stands twice: a slug, or a series. Within one indicator a series is known by table and measure alone."""
    slugs: dict[str, int] = {}
    series: dict[tuple[object, ...], str] = {}
    for number, entry in entries.items():
        if (first := slugs.setdefault(entry.slug, number)) != number:
            yield Problem(number, ("slug",), f"veld 'slug': staat ook bij indicator {first + 1}")
            continue
        own: dict[tuple[str, str, str], int] = {}
        for place, part in enumerate(entry.series):
            selection = (*part.key, part.period_type, tuple(sorted(part.filter.items())))
            here = f"{entry.slug}, series {place + 1}"
            owner = series.setdefault(selection, here)
            if (before := own.setdefault(part.key, place)) != place:
                owner = f"{entry.slug}, series {before + 1}"
            if owner != here:
                words = f"veld 'series {place + 1}': dezelfde reeks staat al bij {owner}"
                yield Problem(number, ("series", place), words)


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
