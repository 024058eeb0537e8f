"""Step and StepQuestion (content); Plan with its steps, skips, questions, answers and what is left open; Value, Goal."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.accounts.models import Membership, Role
from workbench.core.cards import Card
from workbench.core.db import Base, Model, words
from workbench.core.errors import Conflict
from workbench.core.tenancy import CouncilOwned
from workbench.vision.steps import LAST, AnswerState, Piece, QuestionKind

WORKING_GROUP = frozenset({Role.CLERK, Role.COUNCILLOR, Role.FACILITATOR})
MARKS = 8  # shapes with a colour that values carry through every page


class Aim(StrEnum):
    """The three aims (speerpunten) that municipalities set together."""

    SECURITY = "security"
    CHANCES = "chances"
    HEALTH = "health"


class Duty(StrEnum):
    DUTY = "duty"
    CHOICE = "choice"


class Actor(StrEnum):
    """Who can bring it about."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    OTHERS = "others"
    TOGETHER = "together"


AIM_NAMES = {
    Aim.SECURITY: lazy_gettext("bestaanszekerheid"),
    Aim.CHANCES: lazy_gettext("kansengelijkheid"),
    Aim.HEALTH: lazy_gettext("gezond samenleven"),
}
DUTY_NAMES = {
    Duty.DUTY: lazy_gettext("de wet vraagt dit van de gemeente"),
    Duty.CHOICE: lazy_gettext("de raad kiest dit zelf"),
}
ACTOR_NAMES = {
    Actor.MUNICIPALITY: lazy_gettext("de gemeente zelf"),
    Actor.REGION: lazy_gettext("gemeenten samen in de regio"),
    Actor.OTHERS: lazy_gettext("anderen, zoals scholen, zorgverzekeraars of het Rijk"),
    Actor.TOGETHER: lazy_gettext("de gemeente samen met anderen"),
}


def whole_sentence(sentence: str) -> str:
    """The form asks to finish "In vier jaar merken inwoners dat …"; who wrote a whole sentence is not made to say it twice."""
    if " merken " in sentence or sentence.startswith("In "):
        return sentence
    return str(_("In vier jaar merken inwoners dat %(sentence)s", sentence=sentence))


class Step(Base):
    """Content of one step of the step plan; public, from the seeds."""

    __tablename__ = "step"
    number: Mapped[int] = mapped_column(primary_key=True)
    piece: Mapped[Piece] = mapped_column(words(Piece, "puzzle_piece"))
    title: Mapped[str]
    question: Mapped[str]
    why: Mapped[str]
    example: Mapped[str]
    fills: Mapped[str]
    minutes: Mapped[int]


class StepQuestion(Base):
    """A question of a step as every plan begins with it; public, from the seeds."""

    __tablename__ = "step_question"
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(sa.ForeignKey("step.number"))
    position: Mapped[int]
    text: Mapped[str]
    help: Mapped[str]
    example: Mapped[str]
    kind: Mapped[QuestionKind] = mapped_column(words(QuestionKind, "question_kind"))
    choices: Mapped[list[str]]
    required: Mapped[bool]


class PlanStatus(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    ARCHIVED = "archived"


STATUS_NAMES = {
    PlanStatus.RUNNING: lazy_gettext("loopt"),
    PlanStatus.FINISHED: lazy_gettext("afgerond"),
    PlanStatus.ARCHIVED: lazy_gettext("gearchiveerd"),
}


class Plan(Card, Model):
    """One run through the step plan by one working group: a term, or a theme."""

    __tablename__ = "plan"
    CONTENT: ClassVar = ("title",)
    title: Mapped[str]
    status: Mapped[PlanStatus] = mapped_column(words(PlanStatus, "plan_status"), default=PlanStatus.RUNNING)
    # When it got its own copy of the questions; None: it is from before plans had one.
    copied_at: Mapped[datetime | None]
    # The last of a council's plans that was put first stands on the home page and in the menu; None: never.
    put_first_at: Mapped[datetime | None]
    steps: Mapped[list["PlanStep"]] = relationship(order_by="PlanStep.position", viewonly=True)

    @property
    def status_name(self) -> str:
        return str(STATUS_NAMES[self.status])

    def step(self, number: int) -> "PlanStep":
        """The plan's own copy of a step."""
        return next(step for step in self.steps if step.number == number)

    @property
    def opened_steps(self) -> frozenset[int]:
        """The steps that the clerk opened to those outside the working group."""
        return frozenset(step.number for step in self.steps if step.opened_at)

    def may_be_read_by(self, membership: Membership, *numbers: int) -> bool:
        """Any of these steps; without numbers: anything of this plan at all."""
        if membership.role in WORKING_GROUP:
            return True
        return bool(self.opened_steps & set(numbers or range(LAST + 1)))

    def open(self, *numbers: int) -> None:
        """Open these steps (none named: all) to those outside the working group."""
        for step in self.steps:
            if not numbers or step.number in numbers:
                step.open()


class PlanStep(CouncilOwned, Model):
    """A step of one plan: the council's own copy, which it may rename, and where it stands."""

    __tablename__ = "plan_step"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]  # which step it is: the same in every plan
    position: Mapped[int]  # the place that the council gave it, and the number that people see
    title: Mapped[str]
    minutes: Mapped[int]
    # Until the clerk opens it, only the working group sees anything of a step.
    opened_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    @property
    def spoken_title(self) -> str:
        return str(_(self.title))

    @property
    def named(self) -> str:
        """As a sentence speaks of it: stap 4, Doelen."""
        return str(_("stap %(number)s, %(title)s", number=self.position, title=self.spoken_title))

    def open(self) -> None:
        if self.opened_at:
            raise Conflict(_("Deze stap is al opengesteld."))
        self.opened_at = datetime.now(UTC)

    def close(self) -> None:
        if not self.opened_at:
            raise Conflict(_("Deze stap is al gesloten."))
        self.opened_at = None


class StepSkip(CouncilOwned, Model):
    """A step that was skipped, by whom and why. An undone skip stays on record."""

    __tablename__ = "step_skip"
    __table_args__ = (
        sa.Index(
            "uq_step_skip_standing",
            "plan_id",
            "number",
            unique=True,
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    reason: Mapped[str]
    skipped_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    skipped_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class PlanQuestion(CouncilOwned, Model):
    """A question of one plan: copied when the plan began (`key` says from which), or the council's own."""

    __tablename__ = "plan_question"
    __table_args__ = (sa.UniqueConstraint("plan_id", "key"),)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    key: Mapped[str | None]
    position: Mapped[int]
    text: Mapped[str]
    help: Mapped[str]
    example: Mapped[str]
    kind: Mapped[QuestionKind] = mapped_column(words(QuestionKind, "question_kind"))
    choices: Mapped[list[str]]
    required: Mapped[bool]
    left_out: Mapped[bool] = mapped_column(default=False)


class Answer(Card, Model):
    """What the group answered to a question of its plan, or that it does not know, or will look at it later.

    The value is text; a day as ISO text, a whole number as a number, people as person id -> faction ("" is fine).
    A text that was typed stays when the group says it does not know after all.
    """

    __tablename__ = "answer"
    CONTENT: ClassVar = ("state", "value")
    question_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("plan_question.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[AnswerState] = mapped_column(words(AnswerState, "answer_state"))
    value: Mapped[Any] = mapped_column(JSONB)

    @property
    def is_given(self) -> bool:
        return self.state is AnswerState.GIVEN and self.value not in (None, "", {})


class LeftOpen(CouncilOwned, Model):
    """What the group said of a step with cards, or of one goal in it, for want of a card: we do not know, or later.

    It goes when a card comes.
    """

    __tablename__ = "left_open"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number", "goal_id", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("state <> 'given'", name="is_no_answer"),
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"))
    number: Mapped[int]
    goal_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("goal.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[AnswerState] = mapped_column(words(AnswerState, "answer_state"))
    edited_at: Mapped[datetime] = mapped_column(
        default=lambda: datetime.now(UTC), onupdate=lambda: datetime.now(UTC)
    )
    edited_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))


class GoalValue(CouncilOwned, Model):
    """Which goals serve which values."""

    __tablename__ = "goal_value"
    __table_args__ = (sa.UniqueConstraint("goal_id", "value_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goal.id", ondelete="CASCADE"))
    value_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("value.id", ondelete="CASCADE"), index=True)


class Value(Card, Model):
    """What the council finds important, with the value it rubs against."""

    __tablename__ = "value"
    CONTENT: ClassVar = (
        "name",
        "own_words",
        "seen_when",
        "not_this",
        "short_changed",
        "counter_value",
        "position",
        "bottom_line",
        "minority_view",
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    mark: Mapped[int]  # which shape and colour, 0 to MARKS - 1
    name: Mapped[str]
    own_words: Mapped[str] = mapped_column(default="")
    seen_when: Mapped[str] = mapped_column(default="")
    not_this: Mapped[str] = mapped_column(default="")
    short_changed: Mapped[str] = mapped_column(default="")
    counter_value: Mapped[str]
    position: Mapped[int | None]  # 0 = wholly this value, 100 = wholly the counter-value
    bottom_line: Mapped[str] = mapped_column(default="")
    minority_view: Mapped[str] = mapped_column(default="")
    library_slug: Mapped[str | None] = mapped_column(sa.ForeignKey("library_value.slug", ondelete="SET NULL"))
    # A value that went into another one: hidden, but kept to be taken out again.
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("value.id", ondelete="SET NULL"), index=True
    )
    plan: Mapped[Plan] = relationship(lazy="raise")
    goals: Mapped[list["Goal"]] = relationship(secondary="goal_value", back_populates="values", lazy="raise")

    @property
    def position_sentence(self) -> str:
        """Where the group stands between this value and its counter-value, in words; empty when it did not choose."""
        if self.position is None:
            return ""
        ends = {"name": self.name, "other": self.counter_value}
        if self.position == 0:
            words = _("De groep kiest helemaal voor %(name)s.", **ends)
        elif self.position < 30:
            words = _("De groep staat veel dichter bij %(name)s dan bij %(other)s.", **ends)
        elif self.position < 45:
            words = _("De groep staat wat dichter bij %(name)s dan bij %(other)s.", **ends)
        elif self.position <= 55:
            words = _("De groep staat ongeveer in het midden tussen %(name)s en %(other)s.", **ends)
        elif self.position <= 70:
            words = _("De groep staat wat dichter bij %(other)s dan bij %(name)s.", **ends)
        elif self.position < 100:
            words = _("De groep staat veel dichter bij %(other)s dan bij %(name)s.", **ends)
        else:
            words = _("De groep kiest helemaal voor %(other)s.", **ends)
        place = _(
            "Dat is %(place)s op een lijn van 0 (%(name)s) tot 100 (%(other)s).", place=self.position, **ends
        )
        return f"{words} {place}"


class Goal(Card, Model):
    """What residents should notice within the plan's horizon."""

    __tablename__ = "goal"
    CONTENT: ClassVar = (
        "sentence",
        "values",
        "aim",
        "laws",
        "duty",
        "target_group",
        "area",
        "horizon",
        "actor",
        "owner",
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    sentence: Mapped[str]
    target_group: Mapped[str] = mapped_column(default="")
    horizon: Mapped[int | None]  # year
    aim: Mapped[Aim | None] = mapped_column(words(Aim, "goal_aim"))
    laws: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.Text), default=list)  # slugs of law cards
    duty: Mapped[Duty | None] = mapped_column(words(Duty, "goal_duty"))
    area: Mapped[str] = mapped_column(default="")
    actor: Mapped[Actor | None] = mapped_column(words(Actor, "goal_actor"))
    owner: Mapped[str] = mapped_column(default="")  # who is asked about it, by office rather than by name
    plan: Mapped[Plan] = relationship(lazy="raise")
    values: Mapped[list[Value]] = relationship(secondary="goal_value", back_populates="goals", lazy="raise")

    @property
    def whole_sentence(self) -> str:
        return whole_sentence(self.sentence)

    def lines(self) -> list[tuple[str, str]]:
        """What was filled in beside sentence, values and laws: (question, answer), in the order of the form."""
        found = [
            (_("Bij welk speerpunt het hoort"), AIM_NAMES[self.aim] if self.aim else ""),
            (_("Moet het of kiest u het?"), DUTY_NAMES[self.duty] if self.duty else ""),
            (_("Om wie het vooral gaat"), self.target_group),
            (_("Waar"), self.area),
            (_("Wanneer het te merken is"), _("in %(year)s", year=self.horizon) if self.horizon else ""),
            (_("Wie het kan doen"), ACTOR_NAMES[self.actor] if self.actor else ""),
            (_("Wie erover gaat"), self.owner),
        ]
        return [(str(question), str(answer)) for question, answer in found if answer]
