"""StorySource."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.cards import Card
from workbench.core.db import Model, words


class StoryKind(StrEnum):
    INTERVIEWS = "interviews"
    MIRROR_TALK = "mirror_talk"
    OPEN_ANSWERS = "open_answers"
    TABLE_TALK = "table_talk"
    COMPLAINTS = "complaints"
    VISITS = "visits"
    OTHER = "other"


KIND_NAMES = {
    StoryKind.INTERVIEWS: _("gesprekken met mensen apart"),
    StoryKind.MIRROR_TALK: _("spiegelgesprek: inwoners praten, de raad luistert"),
    StoryKind.OPEN_ANSWERS: _("open antwoorden uit een onderzoek"),
    StoryKind.TABLE_TALK: _("tafelgesprek met een groep"),
    StoryKind.COMPLAINTS: _("klachten en meldingen"),
    StoryKind.VISITS: _("werkbezoeken"),
    StoryKind.OTHER: _("iets anders"),
}


class StorySource(Card, Model):
    """A way in which people tell how it is. Describes groups and offices; it names nobody."""

    __tablename__ = "story_source"
    CONTENT: ClassVar = ("name", "kind", "from_whom", "collector", "collected_on", "next_on")
    name: Mapped[str]
    kind: Mapped[StoryKind] = mapped_column(words(StoryKind, "story_kind"))
    from_whom: Mapped[str]
    collector: Mapped[str] = mapped_column(default="")
    collected_on: Mapped[date | None]  # the last time; None: not yet
    next_on: Mapped[date | None]

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])
