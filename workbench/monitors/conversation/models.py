"""FigureQuestion, QuestionStep, QuestionSnapshot, Interpretation."""

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.accounts.models import Person
from workbench.core.cards import Card
from workbench.core.db import Model, words
from workbench.core.tenancy import CouncilOwned
from workbench.core.text import current_language
from workbench.monitors.conversation import states
from workbench.monitors.conversation.states import Act, State
from workbench.vision.models import Plan


class Kind(StrEnum):
    """What somebody says, or what the figures give cause to ask: only questions and signals have a term."""

    QUESTION = "question"
    REMARK = "remark"
    REACTION = "reaction"  # of the executive
    ADVICE = "advice"  # of the adviser
    SIGNAL = "signal"  # a question that nobody asked: a figure passed its limit, came or was revised


class Subject(StrEnum):
    """What it is about: a figure or a voice of the monitor, or a text of the plan."""

    FIGURE = "figure"
    QUOTE = "quote"
    GOAL = "goal"
    VALUE = "value"


KIND_NAMES = {
    Kind.QUESTION: lazy_gettext("vraag"),
    Kind.REMARK: lazy_gettext("opmerking"),
    Kind.REACTION: lazy_gettext("reactie van de wethouder"),
    Kind.ADVICE: lazy_gettext("advies van de adviesraad"),
    Kind.SIGNAL: lazy_gettext("signaal"),
}
STATE_NAMES = {
    State.ASKED: lazy_gettext("wacht op antwoord"),
    State.ANSWERED: lazy_gettext("beantwoord"),
    State.UNCLEAR: lazy_gettext("niet helder, opnieuw gevraagd"),
    State.CLEAR: lazy_gettext("helder"),
    State.CLOSED: lazy_gettext("gesloten"),
    State.WITHDRAWN: lazy_gettext("ingetrokken"),
    State.SAID: lazy_gettext("geplaatst"),
}


class FigureQuestion(CouncilOwned, Model):
    """A question about a figure or a text, with an owner and a term; or a remark, reaction or advice beside it.

    `block_id` is the address of the figure, also after it left the monitor; so there is no reference.
    """

    __tablename__ = "figure_question"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind IN ('question', 'signal')) = (due_on IS NOT NULL)", name="a_question_has_a_term"
        ),
        # A signal without one waits for the working group.
        sa.CheckConstraint(
            "kind = 'signal' OR (kind = 'question') = (owner_id IS NOT NULL)", name="a_question_has_an_owner"
        ),
        sa.CheckConstraint(
            "(subject::text IN ('figure', 'quote')) = (block_id IS NOT NULL)", name="a_figure_has_an_address"
        ),
        sa.Index("ix_figure_question_plan_id_state", "plan_id", "state"),
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(words(Kind, "conversation_kind"))
    subject: Mapped[Subject] = mapped_column(words(Subject, "conversation_subject"))
    block_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    link_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("link.id", ondelete="SET NULL"), index=True
    )
    goal_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("goal.id", ondelete="SET NULL"), index=True
    )
    value_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("value.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str]  # of what it is about, as it was called then
    period: Mapped[str] = mapped_column(default="")  # as people say it; empty: about the whole figure
    text: Mapped[str]
    in_english: Mapped[str] = mapped_column(default="")  # of a signal, which the workbench wrote itself
    state: Mapped[State] = mapped_column(words(State, "conversation_state"))
    asked_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    asked_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[date | None]
    plan: Mapped[Plan] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    steps: Mapped[list["QuestionStep"]] = relationship(
        lazy="raise", viewonly=True, order_by="QuestionStep.at"
    )

    @property
    def said(self) -> str:
        """The text for who reads now: what a person wrote as it was written, a signal in the reader's language."""
        return self.in_english if self.in_english and current_language().code == "en" else self.text

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])

    @property
    def is_waiting(self) -> bool:
        return self.state in states.WAITING

    def is_overdue(self, day: date) -> bool:
        return states.is_overdue(self.state, self.due_on, day)

    @property
    def answer(self) -> str:
        """The newest answer; empty when there is none."""
        given = [step.text for step in self.steps if step.act is Act.ANSWER]
        return given[-1] if given else ""


class QuestionStep(CouncilOwned, Model):
    """What happened to a question: who, when, and why or with which words. Never changed."""

    __tablename__ = "question_step"
    question_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("figure_question.id", ondelete="CASCADE"), index=True
    )
    act: Mapped[Act] = mapped_column(words(Act, "conversation_act"))
    at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(default="")
    to_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))  # the new owner
    due_on: Mapped[date | None]  # the new term
    by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[by_id])
    to: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[to_id])


class QuestionSnapshot(CouncilOwned, Model):
    """What the figure or text showed on the day of the question, in one language. Never changed."""

    __tablename__ = "question_snapshot"
    __table_args__ = (sa.UniqueConstraint("question_id", "language"),)
    question_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("figure_question.id", ondelete="CASCADE"))
    language: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Interpretation(Card, Model):
    """What the group said about a figure: the four questions that give it meaning."""

    __tablename__ = "interpretation"
    __table_args__ = (sa.UniqueConstraint("block_id"),)
    CONTENT: ClassVar = ("recognise", "explain", "judge", "improve")
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    block_id: Mapped[uuid.UUID]
    link_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("link.id", ondelete="SET NULL"), index=True
    )
    recognise: Mapped[str] = mapped_column(default="")
    explain: Mapped[str] = mapped_column(default="")
    judge: Mapped[str] = mapped_column(default="")
    improve: Mapped[str] = mapped_column(default="")
