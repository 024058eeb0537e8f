"""How many cards fit on the wall: three columns of letters of 28 pixels on 1280 by 720. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.monitors.meeting import screens

COLUMNS = 3
ACROSS, DOWN = 25, 12.5  # letters on a line and lines in a column
AROUND = 0.6  # lines that the edge of a card takes
LONGEST = 160  # letters of one card; a longer one goes on on the next


@dataclass(frozen=True)
class Card:
    text: str
    pile: str = ""


Column = list[Card]


def lines_of(card: Card, *, with_name: bool) -> float:
    """How high this card is; with the name of its pile above it."""
    name = -(-len(card.pile) // ACROSS) if card.pile and with_name else 0
    return -(-len(card.text) // ACROSS) + AROUND + name


def boards(cards: Sequence[Card], down: float = DOWN) -> list[list[Column]]:
    """Full walls of columns, in the order of the cards; the name of a pile stands again where it goes on.

    `down`: how many lines there are under a long question.
    """
    columns: list[Column] = []
    height = 0.0
    for card in _pieces(cards):
        goes_on = bool(columns) and columns[-1][-1].pile == card.pile
        need = lines_of(card, with_name=not goes_on)
        if not columns or height + need > down:
            columns.append([card])
            height = lines_of(card, with_name=True)
        else:
            columns[-1].append(card)
            height += need
    return [columns[start : start + COLUMNS] for start in range(0, len(columns), COLUMNS)]


def _pieces(cards: Sequence[Card]) -> Iterator[Card]:
    for card in cards:
        for text in screens.texts(card.text, LONGEST):
            yield Card(text, card.pile)


def packed(heights: Sequence[float], most: float) -> list[range]:
    """Places of things below each other, in walls that they fit on."""
    walls: list[range] = []
    start, height = 0, 0.0
    for place, need in enumerate(heights):
        if place > start and height + need > most:
            walls.append(range(start, place))
            start, height = place, 0.0
        height += need
    return [*walls, range(start, len(heights))] if heights else []
