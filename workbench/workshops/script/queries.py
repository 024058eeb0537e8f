"""Reading workshops, their scripts, and the library to make one from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.vision.models import Plan
from workbench.vision.queries import goals_serving, values_of
from workbench.workshops.models import Activity, ActivityState, LibraryForm, LibraryScript, SignUp, Workshop
from workbench.workshops.script.library import ReadyScript, WorkingForm
from workbench.workshops.script.planning import Point, minutes_left, points_of, times


def find_workshop(workshop_id: UUID) -> Workshop | None:
    """With its activities, in order."""
    return db.scalar(
        sa.select(Workshop).where(Workshop.id == workshop_id).options(selectinload(Workshop.activities))
    )


def workshops() -> list[Workshop]:
    """Of the acting council, the latest first; with their activities."""
    return list(
        db.scalars(
            sa.select(Workshop)
            .order_by(Workshop.starts_at.desc(), Workshop.id)
            .options(selectinload(Workshop.activities))
        )
    )


def activities_of(workshop: Workshop) -> list[Activity]:
    """In the order of the script, as it is now."""
    return list(
        db.scalars(
            sa.select(Activity)
            .where(Activity.workshop_id == workshop.id)
            .order_by(Activity.position, Activity.id)
        )
    )


def library() -> list[WorkingForm]:
    """The working forms, in the order of a meeting."""
    found = db.scalars(sa.select(LibraryForm.content).order_by(LibraryForm.position))
    return [WorkingForm.model_validate(content) for content in found]


def library_form(slug: str) -> WorkingForm | None:
    content = db.scalar(sa.select(LibraryForm.content).where(LibraryForm.slug == slug))
    return WorkingForm.model_validate(content) if content else None


def ready_scripts() -> list[ReadyScript]:
    found = db.scalars(sa.select(LibraryScript.content).order_by(LibraryScript.position))
    return [ReadyScript.model_validate(content) for content in found]


# --- The script as a plan -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A part of the script at its time. `form`: the card of the library that it began with, as that is now."""

    activity: Activity
    place: int
    starts_at: datetime
    ends_at: datetime
    form: WorkingForm | None
    points: list[Point]

    @property
    def is_fixed(self) -> bool:
        """It began already, or was skipped."""
        return self.activity.state is not ActivityState.WAITING


@dataclass(frozen=True)
class Script:
    """The parts of a workshop in order. `left`: minutes until the planned end; None: no end was planned."""

    lines: list[Line]
    ends_at: datetime
    minutes: int
    left: int | None

    @property
    def needed(self) -> list[Line]:
        """The parts that cannot begin yet."""
        return [line for line in self.lines if any(point.is_needed for point in line.points)]


def script_of(workshop: Workshop) -> Script:
    """What was skipped takes no time."""
    forms = {form.slug: form for form in library()} if workshop.activities else {}
    lasts = [
        0 if activity.state is ActivityState.SKIPPED else activity.minutes for activity in workshop.activities
    ]
    planned = times(workshop.starts_at, lasts)
    lines = [
        Line(
            activity, place, starts_at, ends_at, forms.get(activity.form), _points(activity, workshop, forms)
        )
        for place, (activity, (starts_at, ends_at)) in enumerate(
            zip(workshop.activities, planned, strict=True), start=1
        )
    ]
    return Script(
        lines,
        planned[-1][1] if planned else workshop.starts_at,
        sum(lasts),
        minutes_left(workshop.starts_at, workshop.ends_at, lasts) if workshop.ends_at else None,
    )


def _points(activity: Activity, workshop: Workshop, forms: dict[str, WorkingForm]) -> list[Point]:
    if activity.state is not ActivityState.WAITING:
        return []
    return points_of(
        activity.kind,
        activity.settings,
        activity.minutes,
        people=workshop.size,
        tables=workshop.tables,
        form=forms.get(activity.form),
    )


# --- What a plan has to talk about ----------------------------------------------------------------------------------


def values_and_goals(plan: Plan) -> tuple[list[str], list[str]]:
    """Their names and sentences, to choose from."""
    goals = [goal.sentence for goal, _values in goals_serving(plan)]
    return [value.name for value in values_of(plan)], goals


# --- Who will come --------------------------------------------------------------------------------------------------


def sign_ups_of(workshop: Workshop) -> list[SignUp]:
    """In the order in which they came."""
    return list(
        db.scalars(
            sa.select(SignUp)
            .where(SignUp.workshop_id == workshop.id)
            .order_by(SignUp.signed_up_at, SignUp.id)
        )
    )
