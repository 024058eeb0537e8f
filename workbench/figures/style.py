"""Colours and letters of every figure."""

from dataclasses import dataclass


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
    warning: str = "#8a5300"  # "look out": a break in the series, an axis that does not start at zero
    font: str = (
        "Public Sans, sans-serif"  # a canvas cannot inherit the page's font, so its name is needed here
    )


DEFAULT = Palette()
