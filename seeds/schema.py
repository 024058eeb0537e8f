"""What the seed files must look like: areas and their changes, figures, step plan, knowledge, demo."""

import csv
import io
from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workbench.evidence.follow_up.models import Certainty, Task
from workbench.evidence.models import Quality
from workbench.indicators.catalogue import AreaType, PeriodCode, Slug, Theme
from workbench.indicators.compare import Kind
from workbench.indicators.events.models import EventKind
from workbench.indicators.recast import ChangeKind
from workbench.knowledge.models import Asked, LawKind, Weight
from workbench.monitors.conversation.models import Kind as Talk
from workbench.monitors.conversation.states import Act
from workbench.monitors.meeting.differences import Verdict
from workbench.stories.models import StoryKind
from workbench.vision.models import Actor, Aim
from workbench.vision.models import Duty as GoalDuty
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


class LibraryValue(Content):
    """A value card to start from; `parts` (`frame/part`) is a first guess of what it serves."""

    slug: Slug
    name: Text
    sentence: Text
    seen_when: Text
    not_this: Text
    short_changed: Text
    counter_value: Text
    parts: tuple[Text, ...] = ()


class FramePart(Content):
    slug: Slug
    name: Text
    about: Text


class Frame(Content):
    """A known list of values or legal aims; `verified` is false where its content still has to be checked."""

    slug: Slug
    name: Text
    about: Text
    source: Text
    verified: bool
    parts: tuple[FramePart, ...] = Field(min_length=2)


class ValueLibrary(Content):
    frames: tuple[Frame, ...]
    values: tuple[LibraryValue, ...]

    @model_validator(mode="after")
    def _parts_exist(self) -> Self:
        known = {f"{frame.slug}/{part.slug}" for frame in self.frames for part in frame.parts}
        for value in self.values:
            if unknown := set(value.parts) - known:
                raise ValueError(f"value {value.slug} names unknown parts: {sorted(unknown)}")
        return self


class Known(Content):
    """What every card of knowledge has. `verified` is false exactly when something in it must still be checked."""

    slug: Slug
    name: Text
    summary: Text
    search_words: tuple[Text, ...] = ()
    source: Text
    seen_on: date
    verified: bool
    open_points: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_what_must_be_checked(self) -> Self:
        if self.verified == bool(self.open_points):
            raise ValueError(f"{self.slug}: verified is false exactly when open_points says what to check")
        return self

    def body(self) -> str:
        """All other text of the card, to search in."""
        apart = {"slug", "name", "search_words", "seen_on", "verified"}
        return " ".join(_words_in(self.model_dump(mode="json", exclude=apart)))


def _words_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _words_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words_in(part)


class Decider(Content):
    who: Text
    what: Text


class Duty(Content):
    """Something the council must lay down, with the article that says so and how often."""

    what: Text
    basis: Text | None = None
    rhythm: Text | None = None
    verified: bool = True


class Change(Content):
    text: Text
    verified: bool = True


class Measure(Content):
    """A duty to say in a plan how results will be measured; `max_years`: how long the plan may last."""

    basis: Text
    document: Text
    asks: tuple[Asked, ...] = Field(min_length=1)
    max_years: int | None = Field(default=None, ge=1, le=10)


class LawCard(Known):
    kind: LawKind = LawKind.ACT
    number: Annotated[str, Field(pattern=r"^BWBR[0-9]{7}$")] | None = None
    purpose: Text
    target_group: Text
    decides: tuple[Decider, ...] = Field(min_length=1)
    duties: tuple[Duty, ...] = ()
    measures: tuple[Measure, ...] = ()
    room: tuple[Text, ...] = ()
    money: Text
    changes: tuple[Change, ...] = ()
    related: tuple[Slug, ...] = ()
    players: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _parts_that_must_be_checked_are_told(self) -> Self:
        certain = [part.verified for part in self.duties] + [part.verified for part in self.changes]
        if self.verified and not all(certain):
            raise ValueError(f"{self.slug}: a part is not verified, so the card is not")
        return self


class MomentCard(Known):
    first_month: int = Field(ge=1, le=12)
    last_month: int = Field(ge=1, le=12)
    question: Text
    deadline: Text | None = None
    basis: Text | None = None
    use: Text
    by_council: bool


class Finding(Content):
    see: Text
    ask: Text


class InstrumentCard(Known):
    basis: Text
    good_for: Text
    not_for: Text
    weight: Weight
    findings: tuple[Finding, ...] = ()


class Option(Content):
    name: Text
    gives: Text
    costs: Text


class ChoiceCard(Known):
    """A choice with at least three ways to go, one of them near to leaving things as they are."""

    laws: tuple[Slug, ...] = Field(min_length=1)
    options: tuple[Option, ...] = Field(min_length=3)


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


class DemoMeasuring(Content):
    """How a figure is measured; without aims (year -> number) the group follows it. It starts at the newest figure."""

    aims: dict[int, int] = Field(default_factory=dict)
    signal: tuple[Literal["above", "below"], int] | None = None
    direction: Literal["up", "down", "context"]
    direction_reason: str = ""
    reading_up: Text
    reading_down: Text

    @model_validator(mode="after")
    def _a_direction_has_a_reason(self) -> Self:
        if (self.direction == "context") == bool(self.direction_reason):
            raise ValueError("a direction has a reason, and “it depends” has none")
        return self


class DemoLink(Content):
    """`rests_until`: out of view, to be looked at again on that day. `view`: how the monitor shows it; empty: as a line."""

    indicator: Slug
    view: dict[str, str | bool] = {}
    quality: Literal["direct", "partial", "proxy"]
    reason: Text
    not_saying: Text
    measuring: DemoMeasuring | None = None
    rests_until: date | None = None


class DemoOwnFigure(Content):
    """An invented figure that the municipality counts itself, under a goal: year -> number; some are too small to show."""

    name: Annotated[str, Field(pattern=r"\(fictief\)$")]
    definition: Text
    source: Text
    unit: Text
    themes: tuple[Theme, ...]
    reading_up: Text
    reading_down: Text
    numbers: dict[int, int] = Field(min_length=2)
    provisional: frozenset[int] = frozenset()
    # What came in, or was counted anew, after people had begun to talk about this figure.
    later: dict[int, int] = {}
    goal: Slug
    quality: Literal["direct", "partial", "proxy"]
    reason: Text
    not_saying: Text
    measuring: DemoMeasuring | None = None


class DemoNeed(Content):
    change: Text
    task: Task
    players: str = ""
    room: str = ""
    not_doing: str = ""


class DemoCost(Content):
    """In whole euros; at least one of the two."""

    name: Text
    once: int | None = Field(default=None, ge=0)
    yearly: int | None = Field(default=None, ge=0)
    cover: str = ""
    certainty: Certainty
    spending: str = ""


class DemoSteering(Content):
    moment: Slug
    instrument: str = ""
    owner: str = ""
    note: str = ""


class DemoDecision(Content):
    """The values that the group holds on to, by their keys."""

    chosen: tuple[Slug, ...] = Field(min_length=3, max_length=5)
    reasons: Text
    minority_view: str = ""


class DemoAnswer(Content):
    """What one member answered, by the keys of the values or the statements; the reason is one to share."""

    by: Text
    given: dict[Slug, int | Literal["agree", "disagree", "pass"]]
    reason: str = ""
    minority: str = ""


class DemoRound(Content):
    """A round about the values, or about statements by key: revealed, or still open with some answers in it."""

    purpose: Literal["weight", "positions", "statements"]
    method: Literal["points", "position", "statements"]
    statements: dict[Slug, Text] = Field(default_factory=dict)
    revealed: bool = False
    answers: tuple[DemoAnswer, ...]


class DemoStep(Content):
    """What happened to a question, so many days ago; `by` a member."""

    act: Act
    by: Text
    days_ago: int = Field(ge=0)
    text: str = ""


class DemoTalk(Content):
    """A question, remark, reaction or advice about a figure; `about`: the name of the figure; only a question has an owner."""

    kind: Talk = Talk.QUESTION
    about: Text
    period: str = ""
    by: Text
    owner: Text | None = None
    days_ago: int = Field(ge=0)
    text: Text
    steps: tuple[DemoStep, ...] = ()

    @model_validator(mode="after")
    def _a_question_has_an_owner(self) -> Self:
        if (self.kind is Talk.QUESTION) != (self.owner is not None):
            raise ValueError("a question has an owner, and nothing else has")
        return self


class DemoMeaning(Content):
    """What the group said about a figure, by the name of the figure."""

    about: Text
    recognise: str = ""
    explain: str = ""
    judge: str = ""
    improve: str = ""


class DemoNote(Content):
    """What one of two readers of a goal sees."""

    by: Text
    reached: Verdict
    seen: Text
    worth: Verdict
    why: str = ""


class DemoDuo(Content):
    """Two readers of a goal; of one of them the note, so that the other is still to come."""

    goal: Slug
    coalition: Text
    opposition: Text
    note: DemoNote

    @model_validator(mode="after")
    def _the_note_is_of_a_reader(self) -> Self:
        if self.note.by not in (self.coalition, self.opposition) or self.coalition == self.opposition:
            raise ValueError("two people read, and the note is of one of them")
        return self


class DemoAdopted(Content):
    """What the council decided, on the figures of that moment; `afterwards`: what the group added to the monitor since."""

    decided_by: Text
    minority_views: tuple[Text, ...] = ()
    afterwards: Text


class DemoStory(Content):
    """A source of stories under a goal; no story itself."""

    name: Text
    kind: StoryKind
    from_whom: Text
    collector: str = ""
    collected_on: date | None = None
    next_on: date | None = None
    reason: Text
    not_saying: str = ""


class DemoRequest(Content):
    """Something that the group needs and nobody has yet."""

    wanted: Text
    from_whom: Text
    due_on: date


class DemoGoal(Content):
    """A goal, the keys of the values it serves, and at most three links, money last."""

    key: Slug
    sentence: Text
    values: tuple[Slug, ...] = Field(min_length=1)
    target_group: Text
    horizon: int = Field(ge=2026, le=2040)
    aim: Aim | None = None
    laws: tuple[Slug, ...] = ()
    duty: GoalDuty | None = None
    area: str = ""
    actor: Actor | None = None
    owner: str = ""
    needs: tuple[DemoNeed, ...] = ()
    costs: tuple[DemoCost, ...] = ()
    steering: tuple[DemoSteering, ...] = ()
    links: tuple[DemoLink, ...] = Field(default=(), max_length=3)
    stories: tuple[DemoStory, ...] = ()
    questions: tuple[Text, ...] = ()
    requests: tuple[DemoRequest, ...] = ()
    unknown: tuple[Literal["needs", "costs", "steering"], ...] = ()  # of which the group says: we do not know


class DemoShare(Content):
    """What a council says with the plan that it shares as an example."""

    description: Text
    context: str = ""
    differently: str = ""


class DemoPlan(Content):
    """`answers`: key of the question -> what was answered; the working group as name -> faction."""

    title: Text
    answers: dict[Slug, str | int | date | dict[str, str]]
    later: tuple[Slug, ...] = ()  # keys of questions that were put off
    finished: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()  # steps that the clerk opened to those outside the working group
    values: tuple[DemoValue, ...] = Field(min_length=1)
    goals: tuple[DemoGoal, ...] = ()
    own_figures: tuple[DemoOwnFigure, ...] = ()
    focus: int = Field(7, ge=3, le=15)  # figures in view at most
    decision: DemoDecision | None = None
    rounds: tuple[DemoRound, ...] = ()
    share: DemoShare | None = None
    meanings: tuple[DemoMeaning, ...] = ()
    signals_to: Text | None = None  # who answers what figures give cause to ask; None: the working group
    talks: tuple[DemoTalk, ...] = ()
    duo: DemoDuo | None = None
    residents: str = ""  # the title of a monitor that residents read; empty: there is none
    adopted: DemoAdopted | None = None

    @model_validator(mode="after")
    def _own_figures_belong_to_goals_of_this_plan(self) -> Self:
        known = {goal.key for goal in self.goals}
        if unknown := {figure.goal for figure in self.own_figures} - known:
            raise ValueError(f"own figures name unknown goals: {sorted(unknown)}")
        if self.duo and self.duo.goal not in known:
            raise ValueError(f"the duo reads an unknown goal: {self.duo.goal}")
        return self

    @model_validator(mode="after")
    def _goals_serve_values_of_this_plan(self) -> Self:
        known = {value.key for value in self.values}
        for goal in self.goals:
            if unknown := set(goal.values) - known:
                raise ValueError(f"goal {goal.key} names unknown values: {sorted(unknown)}")
        return self


class DemoMoment(Content):
    """A moment of every year, on the first Thursday from this month and day; `submit`: so many days before it."""

    moment: Slug | None = None
    name: Text
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=28)
    days: int = Field(default=1, ge=1, le=60)
    submit: int | None = Field(default=None, ge=0, le=60)
    who: str = ""
    note: str = ""


class DemoEvent(Content):
    """Something invented that happened to the figures of an indicator; says so in its text and its source."""

    indicator: Slug
    happened_on: date
    kind: EventKind
    text: Annotated[str, Field(pattern="^Fictief: ")]
    source: Annotated[str, Field(pattern="[Ff]ictief")]


class DemoComparison(Content):
    """The group that the council decided to compare itself with, and why."""

    kind: Kind
    reason: Annotated[str, Field(pattern="^Fictief: ")]


class DemoWorkshop(Content):
    """A workshop some days after the demo began, with a ready script."""

    title: Text
    purpose: Text
    place: Text
    for_whom: Text
    accessibility: Text
    in_days: int = Field(ge=1)
    begins: time
    minutes: int = Field(ge=10)
    size: int = Field(ge=2)
    tables: int = 0
    councils: tuple[Text, ...] = ()  # that come; empty: the own one
    script: Slug


class DemoCouncil(Content):
    slug: Slug
    name: Text
    region: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")] | None = (
        None  # None: an atelier, of no municipality
    )
    fictitious: Literal[True]
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] | None = (
        None  # of its pages; None: the ordinary one
    )
    plan: DemoPlan | None = None  # None: it has still to begin
    calendar: tuple[DemoMoment, ...] = ()
    comparison: DemoComparison | None = None
    events: tuple[DemoEvent, ...] = ()
    workshops: tuple[DemoWorkshop, ...] = ()


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


class StarterValue(Content):
    """`key`: the card in the library that it begins with."""

    key: Slug
    own_words: Text
    seen_when: Text
    not_this: Text
    short_changed: Text
    counter_value: Text
    bottom_line: Text


class StarterFigure(Content):
    """A figure of the catalogue, or the name of one to ask for."""

    indicator: Slug | None = None
    name: str = ""
    quality: Quality
    reason: Text
    not_saying: Text
    reading_up: str = ""
    reading_down: str = ""

    @model_validator(mode="after")
    def _has_one_name(self) -> Self:
        if bool(self.indicator) == bool(self.name):
            raise ValueError("a figure is of the catalogue, or has a name of its own")
        return self


class StarterStories(Content):
    kind: StoryKind
    reason: Text
    not_saying: Text


class StarterMoment(Content):
    moment: Slug
    instrument: Slug


class StarterGoal(Content):
    """`needs` and `questions` by a key of their own, so that a card keeps its key when its words or its place change."""

    key: Slug
    sentence: Annotated[str, Field(pattern=r"^Over vier jaar merken inwoners .+\.$")]
    values: tuple[Slug, ...] = Field(min_length=1)
    target_group: Text
    aim: Aim
    duty: GoalDuty
    actor: Actor
    laws: tuple[Slug, ...] = Field(min_length=1)
    needs: dict[Slug, DemoNeed] = Field(min_length=1)
    questions: dict[Slug, Text] = Field(min_length=1)
    figures: tuple[StarterFigure, ...] = Field(min_length=1, max_length=3)
    stories: tuple[StarterStories, ...] = Field(min_length=1)
    moments: tuple[StarterMoment, ...] = Field(min_length=1)


class Starter(Content):
    """A template to begin with, of nobody in particular; `open_points` says what must be checked when it is not verified."""

    title: Text
    description: Text
    context: Text
    differently: Text
    verified: bool
    open_points: tuple[Text, ...] = ()
    answers: dict[Slug, Text] = {}
    values: tuple[StarterValue, ...] = Field(min_length=2)
    goals: tuple[StarterGoal, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _says_what_must_be_checked(self) -> Self:
        if self.verified == bool(self.open_points):
            raise ValueError("verified is false exactly when open_points says what to check")
        return self

    @model_validator(mode="after")
    def _goals_serve_values_of_this_template(self) -> Self:
        known = {value.key for value in self.values}
        for goal in self.goals:
            if unknown := set(goal.values) - known:
                raise ValueError(f"goal {goal.key} names unknown values: {sorted(unknown)}")
        return self
