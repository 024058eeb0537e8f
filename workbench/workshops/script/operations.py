"""Making a workshop, its script, and telling people of it. What happens while it runs: workshops/running."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import EditConflict
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, ActivityState, State, Workshop
from workbench.workshops.script import queries
from workbench.workshops.script.announcing import announce, erase_sign_ups, tell_of_changes
from workbench.workshops.script.library import ReadyScript, WorkingForm, facts_of

# What other parts of a workshop need of announcing it stands here too.
__all__ = [
    "add_activity",
    "add_form",
    "announce",
    "change_activity",
    "change_workshop",
    "copy_script",
    "discard_workshop",
    "erase_sign_ups",
    "make_workshop",
    "move_activity",
    "remove_activity",
    "take_script",
]
MOST_ACTIVITIES = 40
TOLD = ("starts_at", "ends_at", "place")
# What a copy of an activity takes along: how it went, and who joined, stay with the workshop that it was.
COPIED = ("form", "title", "question", "explanation", "note", "materials", "minutes")


def _one_at_a_time(workshop: Workshop) -> None:
    """Two people at once: one waits, and then knows what the other did."""
    db.flush()
    db.refresh(workshop, attribute_names=["state", "version"], with_for_update=True)


def _must_not_be_over(workshop: Workshop) -> None:
    if workshop.state is State.ENDED:
        raise Conflict(_("Dit leeratelier is geweest. Het draaiboek staat nu vast."))


def _save(thing: Workshop | Activity, base_version: int | None, facts: dict[str, Any]) -> None:
    """Raises: EditConflict when somebody else saved other words since `base_version`."""
    if base_version is not None and base_version != thing.version:
        db.refresh(thing, attribute_names=["version", *facts])
        if theirs := {name: getattr(thing, name) for name in facts if getattr(thing, name) != facts[name]}:
            raise EditConflict(thing, theirs)  # type: ignore[arg-type]
    for name, value in facts.items():
        setattr(thing, name, value)
    thing.version += 1


# --- The workshop ---------------------------------------------------------------------------------------------------


def make_workshop(by: UUID | None = None, **facts: Any) -> Workshop:
    """A draft with an empty script."""
    workshop = Workshop(made_by_id=by, **facts)
    db.add(workshop)
    audit.record("workshop_made", workshop, by=by)
    return workshop


def change_workshop(workshop: Workshop, base_version: int | None = None, **facts: Any) -> None:
    """Who signed up hears when the time or the place is another. Raises: Conflict when it is over, EditConflict."""
    _one_at_a_time(workshop)
    _must_not_be_over(workshop)
    before = [getattr(workshop, name) for name in TOLD]
    _save(workshop, base_version, facts)
    audit.record("workshop_changed", workshop)
    if workshop.state is State.ANNOUNCED and before != [getattr(workshop, name) for name in TOLD]:
        tell_of_changes(workshop)


def discard_workshop(workshop: Workshop) -> None:
    """Throw away a workshop of which nobody heard. Raises: Conflict."""
    _one_at_a_time(workshop)
    if workshop.state is not State.DRAFT:
        raise Conflict(_("Dit leeratelier is al aangekondigd of geweest. Trek de aankondiging eerst in."))
    audit.record("workshop_discarded", workshop)
    db.execute(sa.delete(Workshop).where(Workshop.id == workshop.id))
    db.expunge(workshop)


# --- The script -----------------------------------------------------------------------------------------------------


def add_activity(workshop: Workshop, kind: Kind, **facts: Any) -> Activity:
    """At the end of the script. Raises: Conflict."""
    return _add(workshop, [(kind, facts)])[0]


def add_form(workshop: Workshop, form: WorkingForm) -> Activity:
    """A working form of the library, with the minutes that suit this group. Raises: Conflict."""
    return add_activity(workshop, form.kind, **facts_of(form, workshop.size))


def take_script(workshop: Workshop, script: ReadyScript, forms: list[WorkingForm]) -> list[Activity]:
    """Put all of a ready script at the end. Raises: Conflict."""
    known = {form.slug: form for form in forms}
    parts = [(known[part.form], part) for part in script.parts]
    return _add(workshop, [(form.kind, facts_of(form, workshop.size, part)) for form, part in parts])


def copy_script(workshop: Workshop, earlier: Workshop) -> list[Activity]:
    """Put the script of another workshop at the end. The block that it talked about comes along only within the same
    plan. Raises: Conflict.
    """
    copied = []
    for activity in queries.activities_of(earlier):
        settings = dict(activity.settings)
        if workshop.plan_id != earlier.plan_id:
            settings.pop("block_id", None)
        copied.append(
            (activity.kind, {**{name: getattr(activity, name) for name in COPIED}, "settings": settings})
        )
    return _add(workshop, copied)


def _add(workshop: Workshop, parts: list[tuple[Kind, dict[str, Any]]]) -> list[Activity]:
    _one_at_a_time(workshop)
    _must_not_be_over(workshop)
    there = queries.activities_of(workshop)
    if len(there) + len(parts) > MOST_ACTIVITIES:
        raise Conflict(_("Een draaiboek heeft hooguit %(n)s onderdelen.", n=MOST_ACTIVITIES))
    last = there[-1].position if there else 0
    added = [
        Activity(workshop_id=workshop.id, position=last + number, kind=kind, **facts)
        for number, (kind, facts) in enumerate(parts, start=1)
    ]
    db.add_all(added)
    _script_changed(workshop)
    return added


def change_activity(activity: Activity, base_version: int | None = None, **facts: Any) -> None:
    """Raises: Conflict when it began already, EditConflict."""
    _at_work(activity)
    _save(activity, base_version, facts)


def move_activity(activity: Activity, place: int) -> None:
    """To this place in the script, 1 is the first; never before what began already. Raises: Conflict."""
    workshop = _at_work(activity)
    order = [other for other in queries.activities_of(workshop) if other is not activity]
    begun = max(
        (number for number, other in enumerate(order, start=1) if other.state is not ActivityState.WAITING),
        default=0,
    )
    order.insert(max(place - 1, begun), activity)
    for number, other in enumerate(order, start=1):
        other.position = number
    _script_changed(workshop)


def remove_activity(activity: Activity) -> None:
    """Raises: Conflict when it began already."""
    workshop = _at_work(activity)
    db.delete(activity)
    _script_changed(workshop)


def _at_work(activity: Activity) -> Workshop:
    """Its workshop, with nobody else at its script. Raises: Conflict."""
    workshop = db.get_one(Workshop, activity.workshop_id)
    _one_at_a_time(workshop)
    db.refresh(activity, attribute_names=["state", "version"])
    _must_not_be_over(workshop)
    if activity.state is not ActivityState.WAITING:
        raise Conflict(_("Dit onderdeel is al begonnen. Het staat nu vast."))
    return workshop


def _script_changed(workshop: Workshop) -> None:
    db.flush()
    db.expire(workshop, ["activities"])
