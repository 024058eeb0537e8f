"""Which municipality belongs to which region from which day: reading the file of an operator. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from workbench.core.errors import WorkbenchError
from workbench.indicators.catalogue import AreaType

# Kind of region -> the letters with which its codes begin at Statistics Netherlands.
KINDS = {AreaType.GGD_REGIO: "GG", AreaType.JEUGDREGIO: "JZ", AreaType.ARBEIDSMARKTREGIO: "AM"}
COLUMNS = ("gemeente", "soort", "regio", "naam", "vanaf")
MUNICIPALITY = re.compile(r"GM[0-9]{4}")
REGION = re.compile(r"[A-Z]{2}[0-9]{1,6}")
LONGEST_NAME = 200
MOST_PROBLEMS = 50


class RegionsError(WorkbenchError):
    """The list cannot be used; `problems` has one Dutch sentence for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Belonging:
    """From this day on this municipality lies in this region. `line`: where that stands in a file; 0: in no file."""

    municipality: str
    kind: AreaType
    region: str
    name: str
    valid_from: date
    line: int = field(default=0, compare=False)


def parse_regions(text: str) -> list[Belonging]:
    """The rows of a CSV file with the columns of COLUMNS, divided by commas or semicolons.

    Raises: RegionsError that names the line and the column of everything that is wrong.
    """
    heading = text.removeprefix("\ufeff").partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in heading else ",", strict=True
    )
    try:
        names, *rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader] or [(1, [])]
    except csv.Error as error:
        raise RegionsError(
            [
                f"Regel {reader.line_num}: de aanhalingstekens kloppen niet. Bewaar het bestand opnieuw als CSV."
            ]
        ) from error
    if lacking := [name for name in COLUMNS if name not in [cell.casefold() for cell in names[1]]]:
        raise RegionsError(
            [f"Regel 1: kolom {', '.join(lacking)} ontbreekt. Zet op de eerste regel: {', '.join(COLUMNS)}."]
        )
    places = {name: [cell.casefold() for cell in names[1]].index(name) for name in COLUMNS}
    found: list[Belonging] = []
    problems: list[str] = []
    for line, row in rows:
        if not any(row):
            continue
        if len(row) < len(names[1]):
            problems.append(f"Regel {line}: er zijn {len(row)} kolommen, verwacht {len(names[1])}.")
            continue
        cells = {name: row[place] for name, place in places.items()}
        wrong = list(_wrong(cells))
        problems += [f"Regel {line}, kolom {name}: {words}" for name, words in wrong]
        if not wrong:
            found.append(
                Belonging(
                    cells["gemeente"],
                    AreaType(cells["soort"]),
                    cells["regio"],
                    cells["naam"],
                    _day(cells["vanaf"]) or date.min,
                    line,
                )
            )
    problems += contradictions(found)
    if not problems and not found:
        problems.append("Er staat geen enkele regel in het bestand onder de kop.")
    if problems:
        raise RegionsError(shortened(problems))
    return found


def contradictions(found: Iterable[Belonging]) -> list[str]:
    """A municipality lies in one region of a kind at a time, and a region has one name from a day on."""
    problems = []
    regions: dict[tuple[str, AreaType, date], Belonging] = {}
    names: dict[tuple[str, date], Belonging] = {}
    for item in found:
        known = regions.setdefault((item.municipality, item.kind, item.valid_from), item)
        if known.region != item.region:
            problems.append(
                f"{_where(item)}gemeente {item.municipality} staat op {item.valid_from:%d-%m-%Y} in twee regio's"
                f" van de soort {item.kind}: {known.region} en {item.region}."
            )
        named = names.setdefault((item.region, item.valid_from), item)
        if named.name != item.name:
            problems.append(
                f"{_where(item)}regio {item.region} heeft op {item.valid_from:%d-%m-%Y} twee namen:"
                f" {named.name} en {item.name}."
            )
    return problems


def unknown_municipalities(found: Iterable[Belonging], known: set[str]) -> list[str]:
    return [
        f"{_where(item)}gemeente {item.municipality} is niet bekend. Laad eerst de gebieden met `workbench seeds load`."
        for item in found
        if item.municipality not in known
    ]


def shortened(problems: list[str]) -> list[str]:
    """Enough to begin mending with."""
    more = len(problems) - MOST_PROBLEMS
    return [*problems[:MOST_PROBLEMS], f"En nog {more} van zulke regels."] if more > 0 else problems


def _where(item: Belonging) -> str:
    return f"Regel {item.line}: " if item.line else ""


def _wrong(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not MUNICIPALITY.fullmatch(cells["gemeente"]):
        yield "gemeente", f"'{cells['gemeente'][:20]}' is geen gemeentecode. Schrijf een code zoals GM0034."
    kinds = [kind.value for kind in KINDS]
    if cells["soort"] not in kinds:
        yield "soort", f"'{cells['soort'][:20]}' kennen we niet. Kies uit: {', '.join(kinds)}."
    elif not (
        REGION.fullmatch(cells["regio"]) and cells["regio"].startswith(KINDS[AreaType(cells["soort"])])
    ):
        letters = KINDS[AreaType(cells["soort"])]
        yield (
            "regio",
            f"'{cells['regio'][:20]}' is geen code van deze soort. Die begint met {letters}, met daarna cijfers.",
        )
    if not 0 < len(cells["naam"]) <= LONGEST_NAME or not cells["naam"].isprintable():
        yield "naam", "de naam van de regio ontbreekt of is niet te gebruiken."
    if _day(cells["vanaf"]) is None:
        yield (
            "vanaf",
            f"'{cells['vanaf'][:20]}' is geen dag. Schrijf een dag zoals 2024-01-01, of alleen het jaar.",
        )


def _day(text: str) -> date | None:
    """A day, or 1 January of a year."""
    try:
        return date.fromisoformat(f"{text}-01-01" if re.fullmatch(r"[12][0-9]{3}", text) else text)
    except ValueError:
        return None
