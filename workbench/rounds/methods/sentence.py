"""One sentence each. Nothing is counted: the texts are put side by side, in alphabetical order so that nobody
can tell who wrote first. The silent first half of the nominal group technique.

Delbecq, A. L. and Van de Ven, A. H. (1971), A Group Process Model for Problem Identification and Program Planning,
Journal of Applied Behavioral Science 7(4), 466-492.
"""

from collections.abc import Sequence
from typing import Any

from workbench.rounds.methods.base import AnswerRefused, Content, Fault, Rules


def check(content: Content, _keys: Sequence[str], _rules: Rules) -> Content:
    """{"text": …}. Raises: AnswerRefused."""
    text = str(content.get("text") or "").strip()
    if not text:
        raise AnswerRefused(Fault.EMPTY)
    return {"text": text}


def summarise(contents: Sequence[Content], keys: Sequence[str], _rules: Rules) -> dict[str, Any]:
    """The sentences by alphabet."""
    return common(contents, keys)


def common(contents: Sequence[Content], _keys: Sequence[str]) -> dict[str, Any]:
    """Of few answers too: who writes knows that the group will read it."""
    return {
        "texts": sorted((content["text"] for content in contents), key=lambda text: (text.casefold(), text))
    }
