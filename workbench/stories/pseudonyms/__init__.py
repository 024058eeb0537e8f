"""Pseudonymise a story: find what says who somebody is, propose role words, put decisions in. Pure; keeps nothing."""

from workbench.stories.pseudonyms.finding import find, leftovers
from workbench.stories.pseudonyms.found import Found, Kind
from workbench.stories.pseudonyms.replacing import (
    CannotReplace,
    Decision,
    OutsideText,
    Overlapping,
    Replaced,
    replaced,
)
from workbench.stories.pseudonyms.special import Flag, Topic, rare, sensitive

__all__ = [
    "CannotReplace",
    "Decision",
    "Flag",
    "Found",
    "Kind",
    "OutsideText",
    "Overlapping",
    "Replaced",
    "Topic",
    "find",
    "leftovers",
    "rare",
    "replaced",
    "sensitive",
]
