"""A line as small as a word, for beside a number: no axes, no colour that judges, gaps where figures are missing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 120, 28, 3


@dataclass(frozen=True)
class Spark:
    """`lines`: per stretch its points, as SVG wants them; `dots`: the ends of the whole, and years that stand alone."""

    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    width: int = WIDTH
    height: int = HEIGHT


def spark(figures: Sequence[tuple[float, float | None, object]]) -> Spark | None:
    """`figures`: place in time, value and to which count it belongs, in order of time; another count is another line.

    None when there are fewer than two values: one figure is no trend.
    """
    valued = [(at, value) for at, value, _count in figures if value is not None]
    if len(valued) < 2:
        return None
    start, end = valued[0][0], valued[-1][0]
    low, high = min(value for _at, value in valued), max(value for _at, value in valued)

    def place(at: float, value: float) -> tuple[float, float]:
        across = (at - start) / (end - start) if end > start else 0.5
        up = (value - low) / (high - low) if high > low else 0.5
        return (
            round(EDGE + across * (WIDTH - 2 * EDGE), 1),
            round(HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE), 1),
        )

    stretches: list[list[tuple[float, float]]] = [[]]
    counted: object = None
    for at, value, count in figures:
        if (value is None or count != counted) and stretches[-1]:
            stretches.append([])
        if value is not None:
            stretches[-1].append(place(at, value))
        counted = count
    lines = [stretch for stretch in stretches if len(stretch) > 1]
    alone = [stretch[0] for stretch in stretches if len(stretch) == 1]
    return Spark(
        tuple(" ".join(f"{x:g},{y:g}" for x, y in line) for line in lines),
        tuple(dict.fromkeys([*alone, place(*valued[-1])])),
    )
