"""What a narrator chooses and asks beside the text of a story. Kept sealed as JSON until the story is safe. Pure."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from workbench.stories.kept.visibility import Allowed, Reach

_OWN = "verteller-"  # the explanation on the narrator's own pages; that of collectors has numbers of its own
FORM_VERSION = f"{_OWN}2"  # grows when the explanation of what is allowed changes
BY_PARENT = " met ouder"


def explained(form_version: str) -> tuple[str, bool]:
    """For people: the number of the explanation, and whether a parent decided along."""
    number = form_version.removeprefix(_OWN)
    return number.removesuffix(BY_PARENT), number.endswith(BY_PARENT)


class Age(StrEnum):
    """Under 16 a parent decides along (AVG article 8)."""

    GROWN = "grown"
    WITH_PARENT = "with_parent"
    ALONE = "alone"


AGE_NAMES = {
    Age.GROWN: _("Ik ben 16 jaar of ouder"),
    Age.WITH_PARENT: _("Ik ben jonger dan 16. Mijn ouder of verzorger vindt het goed"),
    Age.ALONE: _("Ik ben jonger dan 16. Mijn ouder of verzorger weet het nog niet"),
}


class Gap(StrEnum):
    """What is still missing before a story can be sent; each is a question with a page of its own."""

    WORDS = "words"
    REACH = "reach"
    AGE = "age"
    PARENT = "parent"


@dataclass(frozen=True)
class Told:
    version: int = 0  # of the text: a second window started from an older one
    code_seen: bool = False
    reach: Reach | None = None
    quotes_only: bool | None = None
    until_asked: bool = False
    ends_on: date | None = None
    teller: str = ""  # how the narrator wants to be described
    age: Age | None = None
    remark: str = ""  # to those who make the story safe

    @property
    def only_quotes(self) -> bool:
        return self.quotes_only is not False

    @property
    def allowed(self) -> Allowed | None:
        return Allowed(self.reach, self.only_quotes, self.ends_on) if self.reach else None

    @property
    def form_version(self) -> str:
        return FORM_VERSION + (BY_PARENT if self.age is Age.WITH_PARENT else "")

    def gaps(self, *, has_words: bool) -> list[Gap]:
        """What must be answered first. What one does not choose goes as carefully as possible."""
        found = [] if has_words else [Gap.WORDS]
        if self.reach is None:
            found.append(Gap.REACH)
        if self.age is None:
            found.append(Gap.AGE)
        elif self.age is Age.ALONE:
            found.append(Gap.PARENT)
        return found

    def with_answers(self, **answers: Any) -> "Told":
        return replace(self, **answers)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self) | {"ends_on": self.ends_on and self.ends_on.isoformat()}).encode()


def read_told(kept: bytes | None) -> Told:
    facts = json.loads(kept) if kept else {}
    day = facts.get("ends_on")
    return Told(
        **facts
        | {
            "reach": Reach(facts["reach"]) if facts.get("reach") else None,
            "age": Age(facts["age"]) if facts.get("age") else None,
            "ends_on": date.fromisoformat(day) if day else None,
        }
    )
