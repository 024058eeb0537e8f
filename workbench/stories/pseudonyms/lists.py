"""The word lists beside this module, read once and only when they are needed."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from workbench.stories.pseudonyms.words import key

_DATA = Path(__file__).parent / "data"

Group = Literal["own", "office", "title"]


@dataclass(frozen=True)
class Role:
    """A word before a name: what the person is. A title ("mevrouw") stays and says nothing."""

    word: str
    replacement: str
    group: Group


@cache
def first_names() -> frozenset[str]:
    return _names("first_names.yaml")


@cache
def surnames() -> frozenset[str]:
    return _names("surnames.yaml")


@cache
def roles() -> dict[str, Role]:
    with (_DATA / "role_words.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["word"]: Role(row["word"], row["replacement"], _group(row["group"]))
            for row in csv.DictReader(file)
        }


@cache
def ordinary() -> frozenset[str]:
    """Names that are ordinary words, and ordinary words that open a sentence."""
    return frozenset(key(word) for line in _lines("ordinary.txt") for word in line.split())


@cache
def no_names() -> frozenset[str]:
    """Words written with a capital that name no person."""
    return frozenset(key(word) for line in _lines("capitals.txt") for word in line.split())


@cache
def municipalities() -> frozenset[str]:
    return frozenset(key(line) for line in _lines("municipalities.txt"))


@cache
def care_providers() -> tuple[str, ...]:
    return tuple(sorted(_lines("care_providers.txt"), key=len, reverse=True))


@cache
def amounts() -> frozenset[str]:
    """Words that make the number before them a quantity."""
    return frozenset(word for line in _lines("not_words.txt") for word in line.split())


def _names(file: str) -> frozenset[str]:
    by_origin: dict[str, str] = yaml.safe_load((_DATA / file).read_text(encoding="utf-8"))
    return frozenset(key(name) for names in by_origin.values() for name in names.split())


def _lines(file: str) -> Iterator[str]:
    for line in (_DATA / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.strip()


def _group(word: str) -> Group:
    if word == "own":
        return "own"
    return "office" if word == "office" else "title"
