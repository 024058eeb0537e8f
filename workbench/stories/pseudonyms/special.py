"""Words that ask for a second pair of eyes: what the law protects extra, and what makes somebody easy to recognise."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from workbench.stories.pseudonyms.words import key, words_of

_LISTS = Path(__file__).parent / "data" / "special.yaml"


class Topic(StrEnum):
    HEALTH = "health"
    CRIME = "crime"
    DANGER = "danger"  # violence or a life in danger: care first, then the story
    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    SEXUAL_LIFE = "sexual_life"
    POLITICS = "politics"
    RARE = "rare"


@dataclass(frozen=True, order=True)
class Flag:
    """`text[start:end] == words`, and why somebody should look."""

    start: int
    end: int
    topic: Topic
    words: str


_LARGE_FAMILY = re.compile(
    r"\b(?:zes|zeven|acht|negen|tien|elf|twaalf|[6-9]|1[0-9]) (?:kinderen|zonen|zoons|dochters|broers|zussen)\b",
    re.IGNORECASE,
)
_ONLY_ONE = re.compile(
    r"\b(?:(?:als|was|ben|is) (?:de )?(?:enige|eerste) (?:vrouw|man|in|van|die)|de (?:oudste|jongste) (?:inwoner|bewoner|van)[^.!?\n]{0,30})",
    re.IGNORECASE,
)
_VERY_OLD = re.compile(r"\b(?:9[5-9]|10\d|11\d)[ \-]jaar(?:ig|\b)|\bhonderdjarige\b", re.IGNORECASE)


def sensitive(text: str) -> list[Flag]:
    """Everything in the text that tells of health, crime, descent, faith, sexual life or politics."""
    return sorted(flag for topic in Topic if topic is not Topic.RARE for flag in _listed(text, topic))


def rare(text: str) -> list[Flag]:
    """What few people have: together with a place or a year it may point at one person."""
    flags = _listed(text, Topic.RARE)
    for pattern in (_LARGE_FAMILY, _ONLY_ONE, _VERY_OLD):
        flags += [Flag(*match.span(), Topic.RARE, match[0]) for match in pattern.finditer(text)]
    return sorted(flags)


def _listed(text: str, topic: Topic) -> list[Flag]:
    whole, beginnings = _lists()[topic]
    return [
        Flag(word.start, word.end, topic, word.words)
        for word in words_of(text)
        if word.key in whole or word.key.startswith(beginnings)
    ]


@cache
def _lists() -> dict[Topic, tuple[frozenset[str], tuple[str, ...]]]:
    """Per topic the whole words, and the beginnings of words."""
    read: dict[str, list[str]] = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    return {
        Topic(topic): (
            frozenset(key(word) for word in words if not word.endswith("*")),
            tuple(key(word[:-1]) for word in words if word.endswith("*")),
        )
        for topic, words in read.items()
    }
