"""What the seed files must look like: areas and their changes, figures, step plan, demo."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workbench.indicators.catalogue import AreaType, PeriodCode, Slug
from workbench.indicators.recast import ChangeKind
from workbench.vision.steps import Piece, QuestionKind

Text = Annotated[str, Field(min_length=1)]


class Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Area(Content):
    """An area and the days between which its code exists; `valid_until` is the first day without it."""

    code: Text
    name: Text
    type: AreaType
    province: str | None
    valid_from: date | None
    valid_until: date | None


class AreaChange(Content):
    """What went from `origin` to `heir` on a day: inhabitants and dwellings; None where that is not known."""

    day: date
    origin: Text
    heir: Text
    kind: ChangeKind
    inhabitants: int | None = Field(ge=0)
    dwellings: int | None = Field(ge=0)


class Status(StrEnum):
    FINAL = "final"
    PROVISIONAL = "provisional"
    UNKNOWN = "unknown"


class Figure(NamedTuple):
    area: str
    period: str
    value: float
    status: Status


class FigureFile(Content):
    """One bundled series: where it comes from, and its figures as a matrix of areas by periods.

    `computed` says how we calculated the value from the table (None: as published); `modified` is the day the source
    last changed the table, `recorded_on` the day we took it; None where that is not known.
    """

    name: Text
    source: Slug
    table: Text
    measure: Text
    title: Text
    unit: Text
    licence: Text
    source_line: Text
    computed: str | None
    modified: date | None
    recorded_on: date | None
    statuses: dict[PeriodCode, Status]
    matrix: str = Field(repr=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """(source, table, measure): what the catalogue names it by."""
        return self.source, self.table, self.measure

    def rows(self) -> Iterator[Figure]:
        """Every figure there is, by area and then period; an empty cell yields nothing."""
        for row in csv.DictReader(io.StringIO(self.matrix)):
            for period, status in self.statuses.items():
                if row[period]:
                    yield Figure(row["area"], period, float(row[period]), status)


class Need(Content):
    """A step that must have something in it first, and the sentence to show when it has not."""

    step: int
    missing: Text


class Question(Content):
    """One question of a step. `help` is two sentences why; a `choice` has its choices, in order."""

    key: Slug
    text: Text
    help: Text
    example: Text
    kind: QuestionKind
    choices: tuple[Text, ...] = ()
    required: bool = False

    @model_validator(mode="after")
    def _only_a_choice_has_choices(self) -> Self:
        if (self.kind is QuestionKind.CHOICE) != (len(self.choices) > 1):
            raise ValueError(
                f"question {self.key}: two or more choices go with the kind choice, and only with that"
            )
        return self


class Step(Content):
    """One step of the plan. `why` is two sentences; `fills` names what the step leaves behind; `minutes` is a guess."""

    number: int = Field(ge=0, le=9)
    key: Slug
    title: Text
    question: Text
    why: Text
    example: Text
    minutes: int = Field(ge=5, le=240)
    piece: Piece
    fills: tuple[Text, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()
    needs: tuple[Need, ...] = ()


Role = Literal["clerk", "councillor", "officer", "executive", "adviser", "auditor", "facilitator", "reader"]


class Membership(Content):
    council: Slug
    role: Role


class Person(Content):
    name: Text
    email: Annotated[str, Field(pattern=r"^[a-z0-9.-]+@[a-z0-9.-]+\.example$")]
    memberships: tuple[Membership, ...] = Field(min_length=1)


class DemoValue(Content):
    """A value card; `position` is the place between the value (0) and its counter-value (100)."""

    key: Slug
    name: Text
    own_words: Text
    seen_when: Text
    not_this: Text
    short_changed: Text
    counter_value: Text
    position: int = Field(ge=0, le=100)
    bottom_line: Text
    minority_view: str | None = None


class DemoLink(Content):
    indicator: Slug
    quality: Literal["direct", "partial", "proxy"]
    reason: Text
    not_saying: Text


class DemoGoal(Content):
    """A goal, the keys of the values it serves, and at most three links, money last."""

    key: Slug
    sentence: Text
    values: tuple[Slug, ...] = Field(min_length=1)
    target_group: Text
    horizon: int = Field(ge=2026, le=2040)
    links: tuple[DemoLink, ...] = Field(default=(), max_length=3)


class DemoPlan(Content):
    """`answers`: key of the question -> what was answered; the working group as name -> faction."""

    title: Text
    answers: dict[Slug, str | int | date | dict[str, str]]
    finished: tuple[int, ...] = ()
    values: tuple[DemoValue, ...] = Field(min_length=1)
    goals: tuple[DemoGoal, ...] = ()

    @model_validator(mode="after")
    def _goals_serve_values_of_this_plan(self) -> Self:
        known = {value.key for value in self.values}
        for goal in self.goals:
            if unknown := set(goal.values) - known:
                raise ValueError(f"goal {goal.key} names unknown values: {sorted(unknown)}")
        return self


class DemoCouncil(Content):
    slug: Slug
    name: Text
    region: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]
    fictitious: Literal[True]
    plan: DemoPlan


class Demo(Content):
    """The demo councils and their people: everything in it is invented, and says so."""

    fictitious: Literal[True]
    notice: Text
    password: Text
    councils: tuple[DemoCouncil, ...]
    people: tuple[Person, ...]

    @model_validator(mode="after")
    def _members_belong_to_these_councils(self) -> Self:
        known = {council.slug for council in self.councils}
        for person in self.people:
            if unknown := {membership.council for membership in person.memberships} - known:
                raise ValueError(f"{person.email} is a member of unknown councils: {sorted(unknown)}")
        return self
