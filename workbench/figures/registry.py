"""Which module makes which view. Pure, so that the web may ask which views suit the figures.

A view module has FRAME (the shape of figures it draws), `name`, `fits` (why it does not suit these figures, or None),
`because` (why it does), `tell` (words and table) and `scene` (the drawing); the trend has its own painters.
"""

from types import ModuleType
from typing import NamedTuple, TypeAlias

from workbench.core.language import Language
from workbench.figures import (
    before_after,
    bullet,
    composition,
    heat,
    map_districts,
    map_municipalities,
    money,
    multiples,
    relation,
    stacking,
    strip,
    trend,
)
from workbench.figures.frame import TrendFrame
from workbench.figures.lines import LinesFrame
from workbench.figures.map_frame import DistrictsFrame, MapFrame
from workbench.figures.money import MoneyFrame
from workbench.figures.peers import PeersFrame, RelationFrame
from workbench.figures.stack import StackFrame

Frame: TypeAlias = (
    TrendFrame | PeersFrame | LinesFrame | StackFrame | RelationFrame | MoneyFrame | MapFrame | DistrictsFrame
)

KINDS: dict[str, ModuleType] = {
    "trend": trend,
    "strip": strip,
    "bullet": bullet,
    "before_after": before_after,
    "multiples": multiples,
    "heat": heat,
    "composition": composition,
    "stacking": stacking,
    "relation": relation,
    "money": money,
    "map": map_municipalities,
    "districts": map_districts,
}


class Choice(NamedTuple):
    """A view for these figures; `reason` is why it suits them, or why it does not."""

    kind: str
    name: str
    suits: bool
    reason: str


def choices(frame: Frame, language: Language) -> list[Choice]:
    """Every view that draws figures of this shape, in the order of `KINDS`."""
    found = []
    for kind, view in KINDS.items():
        if isinstance(frame, view.FRAME):
            against = view.fits(frame, language)
            reason = view.because(frame, language) if against is None else against
            found.append(Choice(kind, view.name(language), against is None, reason))
    return found
