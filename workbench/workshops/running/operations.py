"""What a facilitator does to a running workshop. Each locks the workshop, so that two who press at once wait for each other.

The row of an activity is locked too: who sends a card holds it shared, so that closing waits for cards on their way, as
the round itself waits for ballots.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import class_mapper

from workbench.accounts.models import Audience
from workbench.accounts.operations import is_taken, make_door, shut_doors
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.rounds import operations as rounds
from workbench.rounds.models import Option, Round
from workbench.rounds.models import State as RoundState
from workbench.workshops import standing
from workbench.workshops.kinds import KEPT_TO_ONESELF, METHODS, WITH_CARDS
from workbench.workshops.models import (
    Activity,
    ActivityState,
    Attendee,
    Contribution,
    Naming,
    State,
    Workshop,
)
from workbench.workshops.running import queries
from workbench.workshops.running.codes import new_code
from workbench.workshops.script.library import keyed
from workbench.workshops.script.planning import most_options

SETTINGS_OF_ROUND = ("most", "dots", "per_option", "ask_reason")
MOST_MINUTES = 60  # added at once


# --- The workshop ---------------------------------------------------------------------------------------------------


def open_workshop(workshop: Workshop) -> None:
    """From now on people can join with the code. Raises: Conflict."""
    _lock(workshop)
    if workshop.state not in (State.DRAFT, State.ANNOUNCED):
        raise Conflict(_("Dit leeratelier is al begonnen of voorbij."))
    code = new_code()
    while is_taken(code):
        code = new_code()
    make_door(Audience.WORKSHOP, workshop.id, token=code)
    workshop.code, workshop.state, workshop.opened_at = code, State.RUNNING, _now()
    first = next(iter(_script(workshop)), None)
    workshop.current_id = first.id if first else None
    _done("workshop_opened", workshop, workshop)


def end_workshop(workshop: Workshop) -> None:
    """The code is worthless at once; an open activity is closed, so that what people sent counts. Raises: Conflict."""
    _lock_running(workshop)
    for activity in _script(workshop):
        if activity.state == ActivityState.OPEN:
            _close(activity)
    shut_doors(workshop.id, Audience.WORKSHOP)
    now = _now()
    workshop.code, workshop.state, workshop.ended_at = None, State.ENDED, now
    workshop.forget_on = now.date() + timedelta(days=workshop.keeps_days)
    _done("workshop_ended", workshop, workshop)


# --- One activity ---------------------------------------------------------------------------------------------------


def show(activity: Activity) -> None:
    """Put this activity on the screens, as it is; also one that was done before. Raises: Conflict."""
    workshop = _take(activity)
    _none_open(workshop, but=activity)
    workshop.current_id = activity.id
    standing.changed(workshop)


def begin(activity: Activity, by: UUID | None = None) -> None:
    """From now on people can answer, and its time runs. One that was skipped may begin after all. Raises: Conflict."""
    workshop = _take(activity)
    if activity.state not in (ActivityState.WAITING, ActivityState.SKIPPED):
        raise Conflict(_("Dit onderdeel is al geopend."))
    _none_open(workshop)
    if activity.kind in METHODS:
        _open_round(workshop, activity, by)
    activity.state, activity.skipped_why, activity.opened_at = ActivityState.OPEN, "", _now()
    activity.closed_at, activity.ends_at = None, _now() + timedelta(minutes=activity.minutes)
    workshop.current_id = activity.id
    _done("activity_opened", activity, workshop)


def _open_round(workshop: Workshop, activity: Activity, by: UUID | None) -> None:
    if activity.round_id is not None:  # it was skipped while it was open
        rounds.reopen_round(_round(activity))
        return
    options = [Option(one["key"], one["label"], one.get("counter", "")) for one in _options(activity)]
    settings = {name: activity.settings[name] for name in SETTINGS_OF_ROUND if name in activity.settings}
    made = rounds.start_round(
        activity.question,
        METHODS[activity.kind],
        options,
        by=by,
        explanation=activity.explanation,
        factions=groups_of(workshop),
        devices=True,
        **settings,
    )
    db.flush()
    rounds.open_round(made)
    activity.round_id = made.id


def _options(activity: Activity) -> Sequence[dict[str, str]]:
    return activity.settings.get("options") or ()


def groups_of(workshop: Workshop) -> list[str]:
    """Between which groups an outcome may be told: the councils when several came, else the factions when people say theirs."""
    if len(workshop.councils) > 1:
        return list(workshop.councils)
    return list(workshop.factions) if workshop.naming == Naming.FACTION else []


def take_options(activity: Activity) -> None:
    """Let the group choose from the piles, or else the cards, of the part before. Raises: Conflict."""
    workshop = _take(activity)
    source = queries.source_of_options(_script(workshop), activity)
    if source is None:
        raise Conflict(_("Er zijn nog geen kaarten om uit te kiezen. Sluit eerst het onderdeel met kaarten."))
    labels = queries.option_labels(source)[: most_options(activity.kind)]
    activity.settings = {**activity.settings, "options": keyed([(label, "") for label in labels])}
    _done("activity_options_taken", activity, workshop, options=len(labels))


def add_time(activity: Activity, minutes: int) -> None:
    """So many minutes more; when the time is over, from now. Raises: Conflict."""
    workshop = _take(activity)
    _must_be(activity, ActivityState.OPEN)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Conflict(_("Geef er 1 tot %(most)s minuten bij.", most=MOST_MINUTES))
    activity.ends_at = max(activity.ends_at or _now(), _now()) + timedelta(minutes=minutes)
    _done("activity_longer", activity, workshop, minutes=minutes)


def close(activity: Activity) -> None:
    """From now on nobody can answer; answers on their way are waited for. Raises: Conflict."""
    workshop = _take(activity)
    _must_be(activity, ActivityState.OPEN)
    _close(activity)
    _done("activity_closed", activity, workshop)


def _close(activity: Activity) -> None:
    _close_round(activity)
    activity.state, activity.closed_at, activity.ends_at = ActivityState.CLOSED, _now(), None


def _close_round(activity: Activity) -> None:
    """Its round may have been closed on the page of rounds."""
    if activity.round_id is not None and (found := _round(activity)).state == RoundState.OPEN:
        rounds.close_round(found)


def reopen(activity: Activity) -> None:
    """For those who were not done; not after the reveal. Raises: Conflict."""
    workshop = _take(activity)
    if activity.state != ActivityState.CLOSED:
        raise Conflict(_("Heropenen kan alleen na het sluiten en vóór het tonen van de uitkomst."))
    _none_open(workshop)
    if activity.round_id is not None:
        rounds.reopen_round(_round(activity))
    activity.state, activity.closed_at = ActivityState.OPEN, None
    activity.ends_at = _now() + timedelta(minutes=1)
    workshop.current_id = activity.id
    _done("activity_reopened", activity, workshop)


def reveal(activity: Activity) -> None:
    """Show what everyone said together; one that is open is closed first. Also after the end. Raises: Conflict."""
    workshop = _workshop(activity)
    _lock(workshop)
    _lock(activity)
    if activity.kind in KEPT_TO_ONESELF:
        raise Conflict(_("Wat mensen hier schrijven, is alleen voor henzelf. Er is niets te tonen."))
    if activity.state == ActivityState.OPEN:
        _close(activity)
    if activity.state != ActivityState.CLOSED:
        raise Conflict(_("Tonen kan als dit onderdeel open of gesloten is."))
    if activity.round_id is not None and (found := _round(activity)).state == RoundState.CLOSED:
        rounds.reveal_round(found)
    activity.state, activity.revealed_at = ActivityState.REVEALED, _now()
    _done("activity_revealed", activity, workshop)


def skip(activity: Activity, why: str) -> None:
    """Leave it out, with the reason; the next one comes on the screens. Raises: Conflict."""
    workshop = _take(activity)
    if not why.strip():
        raise Conflict(_("Schrijf kort op waarom u dit overslaat."))
    if activity.state not in (ActivityState.WAITING, ActivityState.OPEN):
        raise Conflict(_("Dit onderdeel is al gedaan. Overslaan kan niet meer."))
    _close_round(activity)
    activity.state, activity.skipped_why, activity.ends_at = ActivityState.SKIPPED, why.strip(), None
    if workshop.current_id == activity.id and (after := _after(workshop)):
        workshop.current_id = after.id
    _done("activity_skipped", activity, workshop)


def go_on(workshop: Workshop, after: UUID) -> None:
    """Show what comes after this activity; when a colleague did so already, nothing happens. Raises: Conflict."""
    _lock_running(workshop)
    if workshop.current_id not in (None, after):
        return
    _none_open(workshop)
    following = _after(workshop)
    if following is None:
        raise Conflict(_("Dit was het laatste onderdeel."))
    workshop.current_id = following.id
    standing.changed(workshop)


def _after(workshop: Workshop) -> Activity | None:
    script = _script(workshop)
    place = next((place for place, one in enumerate(script) if one.id == workshop.current_id), -1)
    return next((one for one in script[place + 1 :] if one.state != ActivityState.SKIPPED), None)


def write_note(activity: Activity, text: str) -> None:
    """What only who leads sees; also afterwards, until it is forgotten. Raises: Conflict."""
    if _workshop(activity).forgotten_at:
        raise Conflict(_("Wat in dit leeratelier is opgeschreven, is gewist. Er kan geen notitie meer bij."))
    activity.note = text


# --- Cards ----------------------------------------------------------------------------------------------------------


def write_card(activity: Activity, card_id: UUID, text: str, part: str = "") -> None:
    """Write down what somebody without a phone says. The same card sent twice is kept once. Raises: Conflict."""
    workshop = _take(activity)
    if activity.kind not in WITH_CARDS - KEPT_TO_ONESELF:
        raise Conflict(_("Bij dit onderdeel horen geen kaarten."))
    if activity.state in (ActivityState.WAITING, ActivityState.SKIPPED):
        raise Conflict(_("Open dit onderdeel eerst."))
    if part and part not in activity.settings.get("parts", []):
        raise Conflict(_("Deze vraag hoort niet bij dit onderdeel."))
    if not text.strip():
        raise Conflict(_("Schrijf op de kaart wat gezegd is."))
    db.execute(
        insert(Contribution.__table__)  # type: ignore[arg-type]
        .values(
            id=card_id, activity_id=activity.id, part=part, text=text.strip(), cluster="", saved_at=_now()
        )
        .on_conflict_do_nothing()
    )
    standing.changed(workshop)


def hide(activity: Activity, card_ids: Sequence[UUID], *, hidden: bool = True) -> int:
    """These cards are shown nowhere any more, or again; gives how many changed."""
    return _change_cards(
        activity,
        Contribution.id.in_(card_ids),
        Contribution.hidden_at.is_(None) if hidden else Contribution.hidden_at.is_not(None),
        hidden_at=_now() if hidden else None,
    )


def put_on_pile(activity: Activity, card_ids: Sequence[UUID], name: str) -> int:
    """Together under one name; without a name each lies apart again. Gives how many changed."""
    name = " ".join(name.split())
    return _change_cards(activity, Contribution.id.in_(card_ids), Contribution.cluster != name, cluster=name)


def rename_pile(activity: Activity, old: str, new: str) -> int:
    """With the name of another pile they become one. Gives how many cards lie on it. Raises: Conflict."""
    new = " ".join(new.split())
    if not new:
        raise Conflict(_("Geef de stapel een naam."))
    return _change_cards(activity, Contribution.cluster == old, Contribution.cluster != "", cluster=new)


def _change_cards(activity: Activity, *which: sa.ColumnElement[bool], **facts: object) -> int:
    workshop = _workshop(activity)
    changed = db.execute(
        sa.update(Contribution)
        .where(Contribution.activity_id == activity.id, Contribution.withdrawn_at.is_(None), *which)
        .values(**facts)
        .returning(Contribution.id)
    ).all()
    standing.changed(workshop)
    return len(changed)


# --- Tables ---------------------------------------------------------------------------------------------------------


def seat(workshop: Workshop, *, everyone: bool) -> int:
    """Give people a table, mixed by council and faction; `everyone` anew, else only who has none. Gives how many.

    Raises: Conflict when there are no tables.
    """
    _lock(workshop)
    if workshop.tables < 1:
        raise Conflict(_("Dit leeratelier heeft geen tafels. Zet in het draaiboek hoeveel het er zijn."))
    found = db.scalars(
        sa.select(Attendee)
        .where(Attendee.workshop_id == workshop.id, Attendee.left_at.is_(None))
        .order_by(Attendee.council, Attendee.faction, Attendee.joined_at, Attendee.id)
    ).all()
    if everyone:
        for attendee in found:
            attendee.table_number = None
    sizes = dict.fromkeys(range(1, workshop.tables + 1), 0)
    waiting = []
    for attendee in found:
        if attendee.table_number in sizes:
            sizes[attendee.table_number] += 1
        else:
            waiting.append(attendee)
    for attendee in waiting:
        emptiest = min(sizes, key=lambda number: (sizes[number], number))
        attendee.table_number = emptiest
        sizes[emptiest] += 1
    standing.changed(workshop)
    return len(waiting)


def move(workshop: Workshop, attendee: Attendee, table: int | None) -> None:
    """To another table, or to none. Raises: Conflict when it is not there."""
    if table is not None and not 1 <= table <= workshop.tables:
        raise Conflict(_("Die tafel is er niet."))
    attendee.table_number = table
    standing.changed(workshop)


# --- What they share ------------------------------------------------------------------------------------------------


def _now() -> datetime:
    return datetime.now(UTC)


def _lock(thing: Workshop | Activity) -> None:
    """Two people who press a button at once: the second sees what the first did."""
    db.flush()
    columns = [column.key for column in class_mapper(type(thing)).column_attrs]  # what was read along stays
    db.refresh(thing, attribute_names=columns, with_for_update={"key_share": True})


def _lock_running(workshop: Workshop) -> None:
    _lock(workshop)
    if workshop.state == State.ENDED:
        raise Conflict(_("Dit leeratelier is voorbij."))
    if workshop.state != State.RUNNING:
        raise Conflict(_("Dit leeratelier is nog niet begonnen."))


def _workshop(activity: Activity) -> Workshop:
    return db.get_one(Workshop, activity.workshop_id)


def _take(activity: Activity) -> Workshop:
    """Lock the workshop, which must run, and the activity."""
    workshop = _workshop(activity)
    _lock_running(workshop)
    _lock(activity)
    return workshop


def _round(activity: Activity) -> Round:
    return db.get_one(Round, activity.round_id)


def _script(workshop: Workshop) -> Sequence[Activity]:
    """As it stands in the database now."""
    return db.scalars(
        sa.select(Activity)
        .where(Activity.workshop_id == workshop.id)
        .order_by(Activity.position, Activity.id)
        .execution_options(populate_existing=True)
    ).all()


def _none_open(workshop: Workshop, but: Activity | None = None) -> None:
    still = next((one for one in _script(workshop) if one.state == ActivityState.OPEN), None)
    if still is not None and still is not but:
        raise Conflict(_("‘%(title)s’ is nog open. Sluit die eerst.", title=still.title))


def _must_be(activity: Activity, state: ActivityState) -> None:
    if activity.state != state:
        raise Conflict(_("Dit onderdeel is niet open."))


def _done(action: str, thing: Workshop | Activity, workshop: Workshop, **facts: int) -> None:
    audit.record(action, thing, by=None, **facts)
    standing.changed(workshop)
