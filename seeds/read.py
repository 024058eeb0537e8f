"""Readers of the seed content: areas, bundled figures, catalogue, step plan, knowledge and demo. No database here."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from seeds.schema import (
    Area,
    AreaChange,
    ChoiceCard,
    Demo,
    FigureFile,
    InstrumentCard,
    Known,
    LawCard,
    MomentCard,
    Starter,
    Step,
    ValueLibrary,
)
from seeds.story_content import DemoStories
from workbench.indicators.catalogue import IndicatorEntry, read_catalogue
from workbench.workshops.script.library import Library

SEEDS = Path(__file__).parent
AREAS = SEEDS / "areas.csv"
AREA_CHANGES = SEEDS / "area_changes.csv"
TILES = SEEDS / "tiles.csv"
FIGURES = SEEDS / "figures"
CATALOGUE = SEEDS / "indicators.yaml"
STEP_PLAN = SEEDS / "stepplan.yaml"
VALUES = SEEDS / "values.yaml"
LAWS = SEEDS / "laws.yaml"
MOMENTS = SEEDS / "moments.yaml"
INSTRUMENTS = SEEDS / "instruments.yaml"
CHOICES = SEEDS / "choices.yaml"
DEMO = SEEDS / "demo.yaml"
STORIES = SEEDS / "stories.yaml"
TEMPLATES = SEEDS / "templates"
ACTIVITIES = SEEDS / "activities.yaml"

K = TypeVar("K", bound=Known)


def areas() -> list[Area]:
    """The country, the provinces and every municipality code, abolished ones included."""
    return [Area.model_validate(row) for row in _rows(AREAS)]


def area_changes() -> list[AreaChange]:
    """What went from one municipality to another since 1988, by day."""
    return [AreaChange.model_validate(row) for row in _rows(AREA_CHANGES)]


def tiles() -> dict[str, tuple[int, int]]:
    """The schematic map: code of each municipality of today -> column, and row from the north, of its tile."""
    return {str(row["code"]): (int(row["column"] or ""), int(row["row"] or "")) for row in _rows(TILES)}


def _rows(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: text or None for name, text in row.items()} for row in csv.DictReader(file)]


def figures() -> Iterator[FigureFile]:
    """The bundled series, one file each: a heading (YAML in comment lines) above a matrix of figures (CSV)."""
    for path in sorted(FIGURES.glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        heading = yaml.safe_load("".join(line.removeprefix("# ") for line in lines if line.startswith("# ")))
        matrix = "".join(line for line in lines if not line.startswith("# "))
        yield FigureFile.model_validate(heading | {"name": path.stem, "matrix": matrix})


def indicators(path: Path = CATALOGUE) -> list[IndicatorEntry]:
    """The catalogue's entries. Raises: CatalogueError."""
    return read_catalogue(path)


def stepplan() -> list[Step]:
    """The steps 0-9, in order."""
    return [Step.model_validate(step) for step in yaml.safe_load(STEP_PLAN.read_text(encoding="utf-8"))]


def value_library() -> ValueLibrary:
    """Value cards to start from, and the frames to look through."""
    return ValueLibrary.model_validate(yaml.safe_load(VALUES.read_text(encoding="utf-8")))


def laws() -> list[LawCard]:
    """The law cards, those that ask most of a council first."""
    return _cards(LAWS, LawCard)


def moments() -> list[MomentCard]:
    """The moments of a council year, in its order."""
    return _cards(MOMENTS, MomentCard)


def instruments() -> list[InstrumentCard]:
    """What a council can do, from light to heavy."""
    return _cards(INSTRUMENTS, InstrumentCard)


def choices() -> list[ChoiceCard]:
    """The choices that laws leave to a council."""
    return _cards(CHOICES, ChoiceCard)


def _cards(path: Path, kind: type[K]) -> list[K]:
    """The cards in a file; what its heading says of all of them (source, day) holds unless a card says otherwise."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [kind.model_validate(content["every"] | card) for card in content["cards"]]


@cache
def demo() -> Demo:
    """The fictitious councils, people and plans of the demo."""
    return Demo.model_validate(yaml.safe_load(DEMO.read_text(encoding="utf-8")))


def stories() -> DemoStories:
    """The fictitious stories of the demo."""
    return DemoStories.model_validate(yaml.safe_load(STORIES.read_text(encoding="utf-8")))


def starters() -> dict[str, Starter]:
    """The templates that every installation starts with, by the name of their file."""
    paths = sorted(TEMPLATES.glob("*.yaml"))
    return {
        path.stem: Starter.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in paths
    }


def workshop_library() -> Library:
    """Working forms of workshops, in the order of a meeting, and ready scripts."""
    return Library.model_validate(yaml.safe_load(ACTIVITIES.read_text(encoding="utf-8")))
