"""Answers and differences between versions, as people read them."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.vision.steps import AnswerState, QuestionKind


def answer_words(kind: QuestionKind, value: Any, people: dict[str, str]) -> str:
    """What was answered, as text. `people`: person id -> name, of those who can be named."""
    if value in (None, "", {}):
        return ""
    match kind:
        case QuestionKind.DATE:
            return current_language().date(date.fromisoformat(value))
        case QuestionKind.NUMBER:
            return current_language().number(value)
        case QuestionKind.CHOICE:
            return str(_(value))
        case QuestionKind.PEOPLE:
            gone = _("iemand die geen lid meer is")
            named = sorted((people.get(person, gone), faction) for person, faction in value.items())
            return ", ".join(f"{name} ({faction})" if faction else name for name, faction in named)
    return str(value)


def state_words(state: AnswerState, words: str) -> str:
    """An answer with what the group said of it."""
    if state is AnswerState.UNKNOWN:
        return "\n".join(filter(None, [_("Dit weten we niet."), words]))
    if state is AnswerState.LATER:
        return "\n".join(filter(None, [_("Hier kijken we later naar."), words]))
    return words


@dataclass(frozen=True)
class Part:
    """A part of a text: kept, added or gone since the version before."""

    text: str
    change: str = ""  # "", "added" or "gone"


def difference(before: str, after: str) -> list[Part]:
    """What changed between two texts, word by word; the kept and added parts together are the new text."""
    old, new = _split(before), _split(after)
    return list(_parts(old, new))


def _split(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Part("".join(new[j1:j2]))
            continue
        if i2 > i1:
            yield Part("".join(old[i1:i2]), "gone")
        if j2 > j1:
            yield Part("".join(new[j1:j2]), "added")
