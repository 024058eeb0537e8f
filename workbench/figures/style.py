"""Colours and letters of every figure."""

from dataclasses import dataclass

from workbench.core.language import Language


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb. All but `band`, `grid`, `stripe` and `background` stand out at least 3:1 on the background."""

    own: str = "#0b5394"  # the council's own line, and nothing else
    band: str = "#e3e7eb"
    band_edge: str = "#8a929a"
    median: str = "#5b636b"
    grid: str = "#dfe3e6"
    stripe: str = "#e6e2d6"  # behind what is not certain, in place of what is not shown
    text: str = "#31373d"
    background: str = "#ffffff"
    # From little to much of one colour; `text` stands out on all but the last, `background` on the last.
    shades: tuple[str, ...] = ("#eef3f8", "#d6e3ef", "#b3cce2", "#8db4d6", "#0b5394")
    warning: str = "#8a5300"  # "look out": a break in the series, an axis that does not start at zero
    font: str = (
        "Public Sans, sans-serif"  # a canvas cannot inherit the page's font, so its name is needed here
    )


DEFAULT = Palette()
# On paper without colour: the own line stands out by its black and its width.
PRINT = Palette(
    own="#000000",
    band="#e4e4e4",
    band_edge="#7a7a7a",
    median="#555555",
    grid="#d9d9d9",
    stripe="#c9c9c9",
    text="#1a1a1a",
    shades=("#f5f5f5", "#e2e2e2", "#cacaca", "#aaaaaa", "#404040"),
    warning="#3d3d3d",
)


@dataclass(frozen=True)
class Pen:
    """What a drawing is made with."""

    palette: Palette
    language: Language
