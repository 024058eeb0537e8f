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


class Basis(StrEnum):
    """On which ground of the law the council may keep these stories."""

    PUBLIC_TASK = "public_task"
    CONSENT = "consent"


BASIS_NAMES = {
    Basis.PUBLIC_TASK: _("publieke taak: onderzoek voor beleid (AVG artikel 6, lid 1, onder e)"),
    Basis.CONSENT: _(
        "uitdrukkelijke toestemming (AVG artikel 6, lid 1, onder a, en artikel 9, lid 2, onder a)"
    ),
}


class Stage(StrEnum):
    """How far the collecting is."""

    PLANNED = "planned"
    COLLECTING = "collecting"
    CODING = "coding"
    DONE = "done"


STAGE_NAMES = {
    Stage.PLANNED: _("nog niet begonnen"),
    Stage.COLLECTING: _("verhalen worden opgehaald"),
    Stage.CODING: _("verhalen worden gelezen"),
    Stage.DONE: _("klaar"),
}


class StorySource(Card, Model):
    """A way in which people tell how it is. Describes groups and offices; it names nobody."""

    __tablename__ = "story_source"
    CONTENT: ClassVar = (
        "name",
        "kind",
        "from_whom",
        "collector",
        "collected_on",
        "next_on",
        "how_many",
        "spread",
        "purpose",
        "basis",
        "basis_why",
        "topics",
        "stage",
        "starts_on",
        "ends_on",
        "keep_until",
        "special_data",
        "special_why",
        "asks_narrator",
    )
    name: Mapped[str]
    kind: Mapped[StoryKind] = mapped_column(words(StoryKind, "story_kind"))
    from_whom: Mapped[str]
    collector: Mapped[str] = mapped_column(default="")
    collected_on: Mapped[date | None]  # the last time; None: not yet
    next_on: Mapped[date | None]
    # The plan for collecting.
    how_many: Mapped[int | None]  # stories wished for
    spread: Mapped[str] = mapped_column(default="")  # which different people one wants to hear
    purpose: Mapped[str] = mapped_column(default="")  # what the stories are for, as the narrator reads it
    basis: Mapped[Basis | None] = mapped_column(words(Basis, "story_basis"))  # without it no story comes in
    basis_why: Mapped[str] = mapped_column(default="")
    topics: Mapped[str] = mapped_column(default="")  # a line each
    stage: Mapped[Stage] = mapped_column(words(Stage, "story_stage"), default=Stage.PLANNED)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    keep_until: Mapped[date | None]  # the last day on which its stories are kept
    special_data: Mapped[bool] = mapped_column(default=False)  # health, origin, belief: always a second look
    special_why: Mapped[str] = mapped_column(default="")  # which exception of article 9 GDPR, and why
    asks_narrator: Mapped[bool] = mapped_column(
        default=True
    )  # a story is used only after its narrator read it

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])

    @property
    def stage_name(self) -> str:
        return str(STAGE_NAMES[self.stage])

    @property
    def basis_name(self) -> str:
        return str(BASIS_NAMES[self.basis]) if self.basis else ""
