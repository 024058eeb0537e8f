"""The ways in which a group can be asked, each a pure calculation with its published formula."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

from workbench.rounds.methods import (
    choose,
    consent,
    dots,
    pairwise,
    points,
    position,
    ranking,
    sentence,
    statements,
)
from workbench.rounds.methods.base import Content, Rules


class Method(StrEnum):
    """How a round asks. Names on screen: workbench.rounds.words."""

    CHOOSE = "choose"
    SENTENCE = "sentence"
    POSITION = "position"
    DOTS = "dots"
    POINTS = "points"
    RANKING = "ranking"
    PAIRWISE = "pairwise"
    CONSENT = "consent"
    STATEMENTS = "statements"


class Calculation(Protocol):
    """What each module of this package offers."""

    def check(self, content: Content, keys: Sequence[str], rules: Rules) -> Content:
        """The answer in its one form. Raises: AnswerRefused."""

    def summarise(self, contents: Sequence[Content], keys: Sequence[str], rules: Rules) -> dict[str, Any]:
        """What the group said together, whatever the order of the answers."""


CALCULATIONS: dict[Method, Calculation] = {
    Method.CHOOSE: choose,
    Method.SENTENCE: sentence,
    Method.POSITION: position,
    Method.DOTS: dots,
    Method.POINTS: points,
    Method.RANKING: ranking,
    Method.PAIRWISE: pairwise,
    Method.CONSENT: consent,
    Method.STATEMENTS: statements,
}
WITHOUT_OPTIONS = frozenset({Method.SENTENCE, Method.CONSENT})
MOST_OPTIONS = {Method.RANKING: 8, Method.PAIRWISE: 8}  # more is too heavy for one sitting; elsewhere 30
FEWEST_OPTIONS = {Method.POSITION: 1, Method.STATEMENTS: 1, Method.PAIRWISE: 3}  # elsewhere 2
