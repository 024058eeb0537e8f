"""Pseudonymise a story: find what says who somebody is, propose role words, put decisions in. Pure; keeps nothing."""

from workbench.stories.pseudonyms.finding import find, leftovers
from workbench.stories.pseudonyms.found import Found, Kind
from workbench.stories.pseudonyms.replacing import CannotReplace, Decision, Replaced, replaced

__all__ = ["CannotReplace", "Decision", "Found", "Kind", "Replaced", "find", "leftovers", "replaced"]
