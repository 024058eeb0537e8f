"""The three questions that every narrator gets about the own story, each a line between two words. Pure.

They are about the one who tells, ask nothing about others, and are the same for all sources, so that stories can be
laid beside each other. A story keeps them as they were asked; who changes a word here gives it a new key.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from workbench.core.language import Language
from workbench.core.text import speaking


@dataclass(frozen=True)
class Line:
    key: str
    question: str
    left: str
    right: str

    def as_asked(self) -> dict[str, str]:
        """In the source language, whatever language its narrator reads: see `in_words`."""
        with speaking(Language()):
            return self.now()

    def now(self) -> dict[str, str]:
        return {
            "key": self.key,
            "question": str(self.question),
            "left": str(self.left),
            "right": str(self.right),
        }


LINES = (
    Line("own-way-1", _("Ging het zoals u wilde?"), _("helemaal niet"), _("helemaal wel")),
    Line("say-1", _("Wie besliste?"), _("anderen beslisten"), _("ik besliste zelf")),
    Line("alone-1", _("Stond u er alleen voor?"), _("helemaal alleen"), _("er waren mensen om mij heen")),
)


def in_words(asked: Mapping[str, str]) -> Mapping[str, str]:
    """A question as it was asked, in the language of who reads it now; one that is no longer asked as it was kept."""
    return next((line.now() for line in LINES if line.key == asked["key"]), asked)
