"""The working forms of a workshop: what each asks of people, and how its answers are counted. Pure."""

from enum import StrEnum

from workbench.rounds.methods import Method


class Kind(StrEnum):
    """A working form. What it is for, how long it takes and how to lead it: seeds/activities.yaml."""

    CHECK_IN = "check_in"
    WRITE_ALONE = "write_alone"
    BRAINSTORM = "brainstorm"
    DOTS = "dots"
    POINTS = "points"
    RANKING = "ranking"
    PAIRWISE = "pairwise"
    POSITION = "position"
    CONSENT = "consent"
    STATEMENTS = "statements"
    FIGURE_AND_STORY = "figure_and_story"
    MEANING = (
        "meaning"  # duiding: what do we see, what surprises, what may explain it, what do we want to know
    )
    DILEMMA = "dilemma"
    EXIT_QUESTION = "exit_question"


# Answered as a round (workbench.rounds): blind until the reveal, counted there.
METHODS: dict[Kind, Method] = {
    Kind.DOTS: Method.DOTS,
    Kind.POINTS: Method.POINTS,
    Kind.RANKING: Method.RANKING,
    Kind.PAIRWISE: Method.PAIRWISE,
    Kind.POSITION: Method.POSITION,
    Kind.CONSENT: Method.CONSENT,
    Kind.STATEMENTS: Method.STATEMENTS,
    Kind.DILEMMA: Method.CHOOSE,
}
# Chosen from a list that may come from what people said before; on a line both ends are thought out beforehand.
FROM_CARDS = frozenset(
    {Kind.DOTS, Kind.POINTS, Kind.RANKING, Kind.PAIRWISE, Kind.STATEMENTS, Kind.DILEMMA},
)
# Answered with contributions: short texts that the facilitator may hide or put together.
WITH_CARDS = frozenset(Kind) - frozenset(METHODS)
# May come on the wall while people still write, when the script says so.
SHOWN_AT_ONCE = frozenset({Kind.CHECK_IN, Kind.BRAINSTORM})
# Only the one who wrote them sees the words; the others see how many.
KEPT_TO_ONESELF = frozenset({Kind.WRITE_ALONE})
