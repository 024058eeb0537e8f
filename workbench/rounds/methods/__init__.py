"""The ways in which a group can be asked, each a pure calculation with its published formula."""

from collections.abc import Callable, Sequence
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
from workbench.rounds.methods.groups import Answers


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

    def common(self, contents: Sequence[Content], keys: Sequence[str]) -> dict[str, Any]:
        """Of few answers: only what holds for all of them."""


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
# The methods that can be told per group, and how.
BETWEEN_GROUPS: dict[Method, Callable[[Answers, Sequence[str]], dict[str, Any] | None]] = {
    Method.POSITION: position.between_groups,
    Method.STATEMENTS: statements.between_groups,
}
WITHOUT_OPTIONS = frozenset({Method.SENTENCE, Method.CONSENT})
MOST_OPTIONS = {Method.RANKING: 8, Method.PAIRWISE: 8}  # more is too heavy for one sitting; elsewhere 30
FEWEST_OPTIONS = {Method.POSITION: 1, Method.STATEMENTS: 1, Method.PAIRWISE: 3}  # elsewhere 2
