"""Rounds in plain words: their names, why an answer is refused, what a group said, and one's own answer."""

from workbench.rounds.words.between import between, group_sentences
from workbench.rounds.words.faults import fault_sentence
from workbench.rounds.words.names import (
    CONSENT_NAMES,
    METHOD_NAMES,
    METHOD_SENTENCES,
    STATE_NAMES,
    VOTE_NAMES,
    invitation,
    line_name,
    ready_sentence,
)
from workbench.rounds.words.ordered import circles
from workbench.rounds.words.own import own_words, pairs_of
from workbench.rounds.words.stood import DIVIDED, line_sentence
from workbench.rounds.words.told import reason_lists, told

__all__ = [
    "CONSENT_NAMES",
    "DIVIDED",
    "METHOD_NAMES",
    "METHOD_SENTENCES",
    "STATE_NAMES",
    "VOTE_NAMES",
    "between",
    "circles",
    "fault_sentence",
    "group_sentences",
    "invitation",
    "line_name",
    "line_sentence",
    "own_words",
    "pairs_of",
    "ready_sentence",
    "reason_lists",
    "told",
]
