"""Colours and letters of every figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb. All but `band`, `grid` and `background` stand out at least 3:1 on the background."""

    own: str = "#0b5394"  # the council's own line, and nothing else
    band: str = "#e3e7eb"
    band_edge: str = "#8a929a"
    median: str = "#5b636b"
    grid: str = "#dfe3e6"
    text: str = "#31373d"
    background: str = "#ffffff"
    warning: str = "#8a5300"  # "look out": a break in the series, an axis that does not start at zero
    font: str = (
        "Public Sans, sans-serif"  # a canvas cannot inherit the page's font, so its name is needed here
    )


DEFAULT = Palette()
