"""Maintainer's tool: `python -m seeds.gallery` makes the documents of the style guide's gallery from the bundled figures.

They are stored (GALLERY), because the web draws no figures itself. A test makes them again and compares.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from seeds import read, tile
from seeds.schema import FigureFile
from workbench import styleguide
from workbench.core.language import Language
from workbench.figures import document
from workbench.figures.frame import BandPoint, Event, Point, SourceNote, TrendFrame
from workbench.figures.lines import Line, LinesFrame
from workbench.figures.map_frame import DistrictsFrame, MapFrame, Patch
from workbench.figures.money import MoneyFrame
from workbench.figures.options import parse_options
from workbench.figures.peers import PeersFrame, Place, RelationFrame
from workbench.figures.registry import KINDS, Frame, choices
from workbench.figures.stack import Combination, StackFrame
from workbench.figures.style import PRINT
from workbench.figures.targets import Aim, Limit
from workbench.indicators import compare
from workbench.indicators.periods import parse_period

GALLERY = Path(styleguide.__file__).parent / "gallery.json"
NL = Language()
OURS, NAME = "GM0034", "Almere"
SOURCES = {"iv3": "CBS, Iv3-gegevens", "cbs-v3": "CBS", "cbs-v4": "CBS", "cbs-export": "CBS"}
STATUS = {"final": "final", "provisional": "provisional", "unknown": "unknown"}

Rows = Mapping[str, Mapping[str, float]]  # area -> period -> figure


@cache
def files() -> dict[str, FigureFile]:
    return {file.name: file for file in read.figures()}


@cache
def rows(name: str) -> Rows:
    reader = csv.DictReader(io.StringIO(files()[name].matrix))
    return {
        row["area"]: {period: float(text) for period, text in row.items() if period != "area" and text}
        for row in reader
    }


def own_points(name: str, part: int = 0) -> tuple[Point, ...]:
    return tuple(_point(name, period, value, part) for period, value in rows(name)[OURS].items())


def _point(name: str, period: str, value: float, part: int = 0) -> Point:
    status = files()[name].statuses[period].value
    known = parse_period(period)
    return Point(period, known.label(NL), known.position, value, STATUS[status], part=part)


@cache
def comparable() -> frozenset[str]:
    """The other municipalities of our size class in the newest year of inhabitants."""
    newest = {code: list(row.values())[-1] for code, row in rows("inwoners").items() if "2024JJ00" in row}
    return frozenset(code for code, people in newest.items() if people >= compare.BOUNDS[-1] and code != OURS)


def others(name: str, period: str) -> list[float]:
    return [rows(name)[code][period] for code in sorted(comparable()) if period in rows(name).get(code, {})]


def band(name: str, period: str) -> BandPoint | None:
    return quartiles(others(name, period), period)


def quartiles(values: list[float], period: str) -> BandPoint | None:
    found, known = compare.band(values), parse_period(period)
    if found is None:
        return None
    return BandPoint(
        period, known.label(NL), known.position, found.low, found.median, found.high, found.count
    )


def bands(*names: str) -> tuple[BandPoint, ...]:
    return tuple(
        found for name in names for period in rows(name)[OURS] if (found := band(name, period)) is not None
    )


def source(*names: str) -> SourceNote:
    file = files()[names[-1]]
    return SourceNote(
        name=SOURCES[file.source],
        table=file.table,
        title=file.title,
        fetched_on=file.recorded_on,
        computed=file.computed is not None,
        comparison="vergelijking: 150.000 inwoners of meer",
    )


def because() -> str:
    return f"150.000 inwoners of meer, {len(comparable())} gemeenten"


def trend(*names: str, indicator: str, **facts: Any) -> TrendFrame:
    file = files()[names[-1]]
    usual: dict[str, Any] = {
        "indicator": indicator,
        "unit": file.unit,
        "decimals": 0 if file.unit.startswith("euro") else 1,
        "area": NAME,
        "own": tuple(point for part, name in enumerate(names) for point in own_points(name, part)),
        "band": bands(*names),
        "comparable_because": because(),
        "direction": "context",
        "reading_up": None,
        "reading_down": None,
        "events": (),
        "source": source(*names),
        "plural": True,
    }
    return TrendFrame(**(usual | facts))


def place(name: str, period: str, indicator: str) -> Place:
    file = files()[name]
    return Place(
        indicator=indicator,
        unit=file.unit,
        decimals=0 if file.unit.startswith("euro") else 1,
        area=NAME,
        own=_point(name, period, rows(name)[OURS][period]),
        band=band(name, period),
        direction="context",
        reading_up=None,
        reading_down=None,
        source=source(name),
    )


def aim(year: int, value: float) -> Aim:
    return Aim(f"{year}JJ00", str(year), float(year), value)


def youth() -> TrendFrame:
    return trend(
        "uitgaven-rekening-jeugd",
        "uitgaven-rekening-jeugd-2023",
        indicator="Uitgaven aan jeugdhulp per inwoner",
        events=(Event("2023JJ00", "2023", 2023.0, "De taakvelden zijn anders ingedeeld."),),
        reading_up="Er is meer of duurdere hulp gegeven. Dat kan ook zijn omdat hulp beter te vinden is.",
        reading_down="Er is minder of goedkopere hulp gegeven. Dat kan ook zijn omdat gezinnen wachten.",
        aims=(aim(2026, 450), aim(2027, 430)),
        limit=Limit(525, "above"),
    )


PARTS = {
    "inkomensregelingen": "inkomen",
    "begeleide-participatie": "begeleid werk",
    "arbeidsparticipatie": "werk",
    "samenkracht": "samenkracht",
    "toegang": "toegang",
    "opvang-beschermd-wonen": "opvang, wonen",
    "wmo": "Wmo",
    "jeugdbescherming": "jeugdbescherming",
    "volksgezondheid": "gezondheid",
}


def spending(of: str, *names: str) -> LinesFrame:
    file = files()["uitgaven-rekening-sociaal-domein"]
    lines = [
        Line(f"{index:02}", PARTS[name], own_points(f"uitgaven-rekening-{name}"))
        for index, name in enumerate(names or PARTS)
    ]
    return LinesFrame(
        indicator="Uitgaven aan werk en inkomen per inwoner" if names else "Uitgaven per taak, per inwoner",
        unit=file.unit,
        decimals=0,
        area=NAME,
        of=of,
        lines=tuple(lines),
        direction="context",
        reading_up=None,
        reading_down=None,
        source=replace(source("uitgaven-rekening-sociaal-domein"), title="Uitgaven per inwoner per taakveld"),
    )


def provinces() -> LinesFrame:
    """Inhabitants of the municipalities of each province together."""
    lines = []
    names = {area.code: area for area in read.areas()}
    for code in sorted(code for code in names if code.startswith("PV")):
        inside = [row for area, row in rows("inwoners").items() if names[area].province == code]
        points = [
            _point("inwoners", period, sum(row.get(period, 0.0) for row in inside))
            for period in rows("inwoners")[OURS]
        ]
        lines.append(Line(code, names[code].name, tuple(points)))
    return LinesFrame(
        indicator="Inwoners per provincie",
        unit="aantal",
        decimals=0,
        area="Nederland",
        of="areas",
        lines=tuple(lines),
        direction="context",
        reading_up=None,
        reading_down=None,
        source=replace(source("inwoners"), computed=True),
    )


EXAMPLE_AIMS = "De streefwaarde en de signaalgrens in dit voorbeeld zijn verzonnen."


def examples() -> list[tuple[str, Frame, dict[str, Any], str]]:
    """(name, figures, options, what is invented) of every example, in the order of the gallery."""
    jeugd = "uitgaven-rekening-jeugd-2023"
    strip = PeersFrame(
        place(jeugd, "2024JJ00", "Uitgaven aan jeugdhulp per inwoner"),
        tuple(others(jeugd, "2024JJ00")),
        because(),
    )
    before = trend("uitgaven-rekening-jeugd", indicator="Uitgaven aan jeugdhulp per inwoner")
    return [
        ("trend", youth(), {"kind": "trend"}, EXAMPLE_AIMS),
        ("strip", strip, {"kind": "strip"}, ""),
        ("bullet", youth(), {"kind": "bullet"}, EXAMPLE_AIMS),
        ("before_after", before, {"kind": "before_after"}, ""),
        ("multiples", provinces(), {"kind": "multiples", "same_scale": False}, ""),
        ("heat", spending("groups"), {"kind": "heat"}, ""),
        (
            "composition",
            spending("parts", "inkomensregelingen", "begeleide-participatie", "arbeidsparticipatie"),
            {"kind": "composition"},
            "",
        ),
        (
            "stacking",
            stacking(),
            {"kind": "stacking"},
            "Alle cijfers in dit voorbeeld zijn verzonnen: over combinaties is er geen vrij bestand.",
        ),
        ("relation", relation(), {"kind": "relation"}, ""),
        ("money", money(), {"kind": "money"}, ""),
        ("map", municipalities(), {"kind": "map"}, ""),
        (
            "districts",
            districts(),
            {"kind": "districts"},
            "De wijken in dit voorbeeld, hun cijfers en hun ligging zijn verzonnen.",
        ),
    ]


def stacking() -> StackFrame:
    """Invented: nobody published combinations that may be bundled."""
    wmo, youth_act, work = provisions = ("Wmo", "Jeugdwet", "Participatiewet")
    numbers = {
        (wmo,): 6240,
        (youth_act,): 4815,
        (work,): 4390,
        (wmo, youth_act): 420,
        (wmo, work): 985,
        (youth_act, work): 510,
        provisions: None,
    }
    return StackFrame(
        indicator="Stapeling van hulp",
        unit="huishoudens",
        area="Voorbeeldstad",
        provisions=provisions,
        combinations=tuple(
            Combination(
                frozenset(names),
                Point(
                    "2025HJ01",
                    "eerste half jaar 2025",
                    2025.25,
                    value,
                    missing="suppressed" if value is None else None,
                ),
            )
            for names, value in numbers.items()
        ),
        direction="context",
        reading_up="Meer huishoudens krijgen hulp van meer kanten. Dat kan ook zijn omdat wijkteams beter kijken.",
        reading_down="Minder huishoudens krijgen hulp van meer kanten. Dat kan ook zijn omdat hulp wordt gemist.",
        source=SourceNote("Voorbeeldstad", "", "verzonnen", own=True),
    )


def relation() -> RelationFrame:
    across, up = "bijstand-per-1000-2020", "eenpersoonshuishoudens"
    periods = [next(iter(rows(name)[OURS])) for name in (across, up)]
    codes = sorted(
        code
        for code in comparable()
        if periods[0] in rows(across).get(code, {}) and periods[1] in rows(up).get(code, {})
    )
    pairs = tuple((rows(across)[code][periods[0]], rows(up)[code][periods[1]]) for code in codes)
    return RelationFrame(
        place(across, periods[0], "Mensen in de bijstand"),
        place(up, periods[1], "Huishoudens van één persoon"),
        pairs,
        because(),
    )


def money() -> MoneyFrame:
    spent = trend("uitgaven-rekening-sociaal-domein", indicator="Uitgaven sociaal domein per inwoner")
    people = trend("inwoners", indicator="Inwoners op 1 januari", decimals=0)
    return MoneyFrame(spent, people)


def municipalities() -> MapFrame:
    name, period = "uitgaven-rekening-jeugd-2023", "2024JJ00"
    values = {code: rows(name).get(code, {}).get(period) for code in read.tiles()}
    valued = [value for code, value in values.items() if value is not None and code != OURS]
    return MapFrame(
        replace(place(name, period, "Uitgaven aan jeugdhulp per inwoner"), band=quartiles(valued, period)),
        tuple(
            Patch(
                (tile(*where),),
                values[code],
                "not_delivered" if values[code] is None else None,
                is_own=code == OURS,
            )
            for code, where in read.tiles().items()
        ),
        is_schematic=True,
        credit="",
    )


def districts() -> DistrictsFrame:
    """Invented: figures of districts are not among the bundled ones."""
    numbers = {
        "Centrum": (1, 1, 61.0),
        "Dorp": (3, 0, 38.0),
        "Haven": (0, 2, 74.0),
        "Hout": (2, 2, 45.0),
        "Nieuwland": (2, 0, 52.0),
        "Oost": (2, 1, 57.0),
        "Poort": (0, 1, None),
        "Waterkant": (1, 2, 49.0),
    }
    valued = [value for _column, _row, value in numbers.values() if value is not None]
    return DistrictsFrame(
        Place(
            indicator="Jongeren met jeugdhulp, per 1.000",
            unit="per 1.000",
            decimals=0,
            area="Voorbeeldstad",
            own=Point("2024JJ00", "2024", 2024.0, 54.0),
            band=quartiles(valued, "2024JJ00"),
            direction="context",
            reading_up="Meer jongeren krijgen hulp. Dat kan ook zijn omdat hulp beter te vinden is.",
            reading_down="Minder jongeren krijgen hulp. Dat kan ook zijn omdat zij wachten.",
            source=SourceNote("Voorbeeldstad", "", "verzonnen", own=True),
        ),
        tuple(
            Patch((tile(column, row),), value, "suppressed" if value is None else None, name=name)
            for name, (column, row, value) in numbers.items()
        ),
        is_schematic=True,
        credit="",
    )


def build() -> list[dict[str, Any]]:
    made = []
    for name, frame, options, invented in examples():
        chosen = parse_options(options)
        built = document.build(frame, chosen, NL)
        paper = document.build(frame, chosen, NL, PRINT)["svg"]
        kind = options["kind"]
        suits = next(choice.reason for choice in choices(frame, NL) if choice.kind == kind)
        made.append(
            {
                "id": name,
                "name": KINDS[kind].name(NL),
                "suits": suits,
                "invented": invented,
                "print_svg": paper,
                **built,
            }
        )
    return made


def main() -> None:
    lines = (json.dumps(made, ensure_ascii=False, separators=(",", ":")) for made in build())
    GALLERY.write_text("[\n{}\n]\n".format(",\n".join(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
