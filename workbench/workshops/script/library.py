"""What the library of working forms and of ready scripts holds. Pure."""

import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workbench.workshops.kinds import Kind

Text = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
LONGEST = 240  # minutes


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Duration(_Content):
    """How many minutes a working form takes, and how that grows with the group and with what there is to choose."""

    base: int = Field(ge=1, le=LONGEST)
    per_person: float = Field(default=0, ge=0, le=10)
    per_option: float = Field(default=0, ge=0, le=10)
    per_pair: float = Field(default=0, ge=0, le=5)
    usual: int = Field(default=5, ge=1, le=30)  # options, where nobody said yet what they are

    def minutes(self, people: int, options: int) -> int:
        """Whole minutes, rounded up; of n options there are n(n-1)/2 pairs."""
        options = options or self.usual
        pairs = options * (options - 1) / 2
        grown = people * self.per_person + options * self.per_option + pairs * self.per_pair
        return min(math.ceil(self.base + round(grown, 6)), LONGEST)


class Choice(_Content):
    """One thing to choose from; `counter`: the other end of a line."""

    label: Text
    counter: str = ""


class Settings(_Content):
    """What a working form sets to begin with; None and empty: it does not ask for this."""

    options: tuple[Choice, ...] = ()
    parts: tuple[Text, ...] = ()
    most: int | None = Field(default=None, ge=1, le=30)
    dots: int | None = Field(default=None, ge=1, le=30)
    per_option: int | None = Field(default=None, ge=1, le=30)
    per_person: int | None = Field(default=None, ge=1, le=20)
    ask_reason: bool | None = None
    shows_at_once: bool | None = None

    def as_kept(self) -> dict[str, Any]:
        """As an activity keeps them."""
        kept = self.model_dump(exclude_none=True, exclude={"options", "parts"})
        if self.options:
            kept["options"] = keyed([(one.label, one.counter) for one in self.options])
        if self.parts:
            kept["parts"] = list(self.parts)
        return kept


def keyed(choices: list[tuple[str, str]]) -> list[dict[str, str]]:
    """(label, other end) of each option as an activity keeps them; keys are numbers, since they stand for nothing else."""
    return [
        {"key": str(number), "label": label, "counter": counter}
        for number, (label, counter) in enumerate(choices)
    ]


class WorkingForm(_Content):
    """One way to work with a group. `verified` is false exactly when something in it must still be checked."""

    slug: Slug
    kind: Kind
    name: Text
    purpose: Text
    when: Text
    not_when: Text
    fewest: int = Field(ge=1, le=500)
    most_people: int = Field(ge=1, le=500)
    duration: Duration
    grows: Text  # how the minutes hang on the group, in a sentence
    steps: tuple[Text, ...] = Field(min_length=2)
    say: Text
    materials: Text
    question: Text
    explanation: str = ""
    settings: Settings = Settings()
    source: Text
    verified: bool
    open_points: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.fewest > self.most_people:
            raise ValueError(f"{self.slug}: the smallest group is larger than the largest")
        if self.verified == bool(self.open_points):
            raise ValueError(f"{self.slug}: verified is false exactly when open_points says what to check")
        return self

    def suits(self, people: int) -> bool:
        return self.fewest <= people <= self.most_people


class ScriptPart(_Content):
    """A working form in its place in a ready script; what is left empty is that of the form."""

    form: Slug
    title: str = ""
    question: str = ""
    explanation: str = ""
    note: str = ""
    minutes: int = Field(ge=1, le=LONGEST)
    settings: Settings | None = None


class ReadyScript(_Content):
    slug: Slug
    name: Text
    purpose: Text
    for_whom: Text
    people: int = Field(ge=2, le=500)  # for how many its minutes were reckoned
    result: Text
    parts: tuple[ScriptPart, ...] = Field(min_length=3)

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


class Library(_Content):
    forms: tuple[WorkingForm, ...]
    scripts: tuple[ReadyScript, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = [form.slug for form in self.forms]
        if len(set(known)) < len(known):
            raise ValueError("two working forms have the same slug")
        if missing := set(Kind) - {form.kind for form in self.forms}:
            raise ValueError(f"no working form of the kinds {sorted(missing)}")
        for script in self.scripts:
            if unknown := {part.form for part in script.parts} - set(known):
                raise ValueError(f"script {script.slug} names unknown working forms: {sorted(unknown)}")
        return self


def facts_of(form: WorkingForm, people: int, part: ScriptPart | None = None) -> dict[str, Any]:
    """What an activity says to begin with, of a form, or of a form in its place in a ready script."""
    facts: dict[str, Any] = {
        "form": form.slug,
        "title": form.name,
        "question": form.question,
        "explanation": form.explanation,
        "materials": form.materials,
        "minutes": form.duration.minutes(people, len(form.settings.options)),
        "settings": form.settings.as_kept(),
    }
    if part is not None:
        own = {"title": part.title, "question": part.question, "explanation": part.explanation}
        facts |= {name: text for name, text in own.items() if text}
        facts |= {"minutes": part.minutes, "note": part.note}
        if part.settings is not None:
            facts["settings"] |= part.settings.as_kept()
    return facts
