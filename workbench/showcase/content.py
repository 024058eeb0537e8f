"""What goes along when something is shared: these fields and no others. The documented form of `SharedTemplate.content`.

A list of what is allowed, never of what is not: a new column or question stays at home until it is named here. What is
of one place or of somebody stays at home as well: members and offices, dates, positions and minority views, stories
and who tells them, figures, limits and aims, amounts, reasons of decisions.

`version` counts changes of this form; a field that goes or changes its meaning needs a new one. Every card has its key
and revision, so that a copy knows where it came from.
"""

from typing import Literal
from uuid import UUID, uuid5

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict

from workbench.core.text import current_language
from workbench.evidence.follow_up.models import TASK_NAMES, Task
from workbench.evidence.measuring.models import DIRECTION_NAMES
from workbench.evidence.models import QUALITY_NAMES, Quality
from workbench.figures.options import BlockOptions
from workbench.figures.registry import KINDS
from workbench.indicators.catalogue import Direction
from workbench.monitors.change_words import KIND_NAMES as BLOCK_NAMES
from workbench.stories.models import KIND_NAMES, StoryKind
from workbench.vision.models import ACTOR_NAMES, AIM_NAMES, DUTY_NAMES, Actor, Aim, Duty, whole_sentence
from workbench.vision.steps import QuestionKind
from workbench.workshops.kinds import Kind

# Keys of the questions of the step plan (seeds/stepplan.yaml) whose answer goes along.
SHARED_ANSWERS = frozenset(
    {
        "opdracht",
        "beeld-ruimte",
        "schuren-notities",
        "nodig-notities",
        "nodig-wie",
        "nodig-rol",
        "nodig-niet",
        "sturen-notities",
        "sturen-middel",
        "vastleggen-notities",
        "vastleggen-geleerd",
        "vastleggen-overdracht",
    }
)
# And those whose answer never does: people, dates, money, stories, and what is about this place or this group alone.
KEPT_ANSWERS = frozenset(
    {
        "waarom",
        "werkgroep",
        "beslist",
        "klaar",
        "buiten",
        "beeld-notities",
        "beeld-verhalen",
        "beeld-vragen",
        "schuren-voorrang",
        "schuren-anders",
        "kosten-notities",
        "kosten-bedrag",
        "kosten-stopt",
        "sturen-dag",
        "sturen-eigenaar",
        "vastleggen-evaluatie",
    }
)
QUESTIONS = UUID("5b0d7c0e-52c3-4f0e-9a55-0d9d2f1f8f6e")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SharedCard(_Part):
    key: UUID
    revision: int


class SharedValue(SharedCard):
    """Without the group's position and the minority view."""

    mark: int
    name: str
    own_words: str
    seen_when: str
    not_this: str
    short_changed: str
    counter_value: str
    bottom_line: str
    library_slug: str | None


class SharedQuestion(SharedCard):
    text: str


class SharedReading(SharedCard):
    """How a figure is read. Without start, aims, signal limit and the ends of a band."""

    direction: Direction
    direction_reason: str
    reading_up: str
    reading_down: str

    @property
    def direction_name(self) -> str:
        return str(DIRECTION_NAMES[self.direction])


class SharedFigure(SharedCard):
    """`indicator`: slug in the catalogue; None: the municipality counts it itself, and only the name goes along."""

    indicator: str | None
    name: str
    reason: str
    quality: Quality
    not_saying: str
    reading: SharedReading | None

    @property
    def quality_name(self) -> str:
        return str(QUALITY_NAMES[self.quality])


class SharedStories(SharedCard):
    """The kind of stories alone."""

    kind: StoryKind
    reason: str
    not_saying: str

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])


class SharedNeed(SharedCard):
    change: str
    task: Task
    players: str
    room: str
    not_doing: str

    @property
    def task_name(self) -> str:
        return str(TASK_NAMES[self.task])


class SharedMoment(SharedCard):
    """Slugs of a moment and an instrument. Without day, owner and note."""

    moment: str
    instrument: str


class SharedGoal(SharedCard):
    """Without the area and who is asked about it."""

    sentence: str
    values: tuple[UUID, ...]  # keys
    aim: Aim | None
    laws: tuple[str, ...]  # slugs
    duty: Duty | None
    target_group: str
    horizon: int | None
    actor: Actor | None
    needs: tuple[SharedNeed, ...]
    questions: tuple[SharedQuestion, ...]
    figures: tuple[SharedFigure, ...]
    stories: tuple[SharedStories, ...]
    moments: tuple[SharedMoment, ...]

    @property
    def whole_sentence(self) -> str:
        return whole_sentence(self.sentence)

    def lines(self) -> list[tuple[str, str]]:
        """(question, answer), as at `Goal.lines`."""
        found = [
            (_("Bij welk speerpunt het hoort"), AIM_NAMES[self.aim] if self.aim else ""),
            (_("Moet het of kiest u het?"), DUTY_NAMES[self.duty] if self.duty else ""),
            (_("Om wie het vooral gaat"), self.target_group),
            (_("Wanneer het te merken is"), _("in %(year)s", year=self.horizon) if self.horizon else ""),
            (_("Wie het kan doen"), ACTOR_NAMES[self.actor] if self.actor else ""),
        ]
        return [(str(question), str(answer)) for question, answer in found if answer]


class SharedAnswer(_Part):
    question: str  # key
    text: str


class SharedBlock(_Part):
    """One block of a monitor. `goal` and `figure`: keys of cards in this content; `view`: how a figure is drawn.

    `text`: of a block of text or a question to talk about. Never a passage of a story.
    """

    kind: Literal[
        "goal", "figure", "table", "text", "question", "money", "events", "resting", "unknown", "methods", "page_break"
    ]  # fmt: skip
    goal: UUID | None = None
    figure: UUID | None = None
    view: BlockOptions | None = None
    text: str = ""

    @property
    def kind_name(self) -> str:
        return str(BLOCK_NAMES[self.kind])

    @property
    def view_name(self) -> str:
        return str(KINDS[self.view.kind].name(current_language())) if self.view else ""


class SharedSection(_Part):
    """A part of a monitor: about a value (its key), or under a title of its own."""

    title: str = ""
    value: UUID | None = None
    blocks: tuple[SharedBlock, ...]

    @property
    def bare_name(self) -> str:
        """Of a part without a title or a value: as in a monitor, it goes by its first block."""
        return self.blocks[0].kind_name if self.blocks else str(_("Zonder kop"))


class SharedStepQuestion(_Part):
    """A question that a council added to a step. Without its answer."""

    step: int
    text: str
    hint: str
    example: str
    kind: QuestionKind

    @property
    def origin(self) -> UUID:
        """What it is known by where it was taken over: a question has no key of its own."""
        return uuid5(QUESTIONS, f"{self.step} {self.text}")


class SharedOption(_Part):
    """Something to choose from; `counter`: the other end of the line, where people take a position."""

    label: str
    counter: str = ""


class SharedSettings(_Part):
    """How people answer in an activity."""

    options: tuple[SharedOption, ...] = ()
    parts: tuple[str, ...] = ()  # questions that are answered apart
    most: int | None = None
    dots: int | None = None
    per_option: int | None = None
    per_person: int | None = None
    ask_reason: bool = True
    shows_at_once: bool = False


class SharedActivity(_Part):
    """Without the note to the facilitator, and without anything that people sent."""

    kind: Kind
    title: str
    question: str
    explanation: str
    minutes: int
    materials: str
    settings: SharedSettings = SharedSettings()


class PlanContent(_Part):
    """The parts that a kind of template does not have are empty."""

    version: Literal[1] = 1
    values: tuple[SharedValue, ...] = ()
    goals: tuple[SharedGoal, ...] = ()
    answers: tuple[SharedAnswer, ...] = ()
    sections: tuple[SharedSection, ...] = ()  # of the format of a monitor
    own_questions: tuple[SharedStepQuestion, ...] = ()  # of a step plan
    script: tuple[SharedActivity, ...] = ()  # of a workshop
    open_points: tuple[str, ...] = ()  # what its makers have still to check

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.goals or self.sections or self.own_questions or self.script)

    @property
    def minutes(self) -> int:
        return sum(activity.minutes for activity in self.script)

    def figure(self, key: UUID) -> SharedFigure | None:
        return next((item for goal in self.goals for item in goal.figures if item.key == key), None)

    @property
    def figures(self) -> int:
        return sum(len(goal.figures) for goal in self.goals)

    @property
    def stories(self) -> int:
        return sum(len(goal.stories) for goal in self.goals)

    def goals_under(self, value: SharedValue) -> list[SharedGoal]:
        """The goals of which this is the first value, so that each is told once."""
        return [goal for goal in self.goals if goal.values[:1] == (value.key,)]

    def values_of(self, goal: SharedGoal) -> list[SharedValue]:
        return [value for value in self.values if value.key in goal.values]

    def value(self, key: UUID) -> SharedValue | None:
        return next((value for value in self.values if value.key == key), None)

    def goal(self, key: UUID) -> SharedGoal | None:
        return next((goal for goal in self.goals if goal.key == key), None)
