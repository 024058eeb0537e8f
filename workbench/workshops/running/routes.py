"""The screen of the facilitator and the screen on the wall. Each button is a plain form, so it works without a script."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import segno
from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup

from workbench.accounts.access import Permission, may, requires
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.forms import clean_text
from workbench.core.web import page
from workbench.rounds import words as said
from workbench.rounds.words import ready_sentence
from workbench.workshops import standing
from workbench.workshops.harvest.words import forgetting
from workbench.workshops.kinds import KEPT_TO_ONESELF, WITH_CARDS
from workbench.workshops.models import Activity, ActivityState, Attendee, State, Workshop
from workbench.workshops.running import codes, operations, queries, wall, words
from workbench.workshops.running.words import Do
from workbench.workshops.script.queries import library_form

bp = Blueprint("running", __name__, url_prefix="/<council>/ateliers/<uuid:workshop_id>")

LONGEST_CARD = 500
LONGEST_NAME = 80  # of a pile
LONGEST_NOTE = 4000
# Where each button leads: pressed by two people, the second finds it done already.
DONE = {
    Do.OPEN: (ActivityState.OPEN,),
    Do.REOPEN: (ActivityState.OPEN,),
    Do.CLOSE: (ActivityState.CLOSED, ActivityState.REVEALED),
    Do.REVEAL: (ActivityState.REVEALED,),
}


# --- The facilitator ------------------------------------------------------------------------------------------------


@bp.get("/leiden")
@requires(Permission.RUN_WORKSHOPS)
def lead(workshop_id: UUID) -> ResponseReturnValue:
    return _lead(queries.workshop_or_404(workshop_id))


def _lead(workshop: Workshop, refused: str = "") -> ResponseReturnValue:
    """`refused`: why the last thing was not done; what was typed with it stands in its field again."""
    now = datetime.now(UTC)
    current = queries.current_of(workshop)
    stand = standing.stand(workshop)
    people = queries.attendees(workshop)
    moderated = queries.cards(current, hidden=True) if current and queries.to_moderate(current) else ()
    late = queries.late(people, current.opened_at) if current else 0
    return page(
        "running/lead.html",
        status=409 if refused else 200,
        workshop=workshop,
        current=current,
        step=words.next_step(workshop),
        after=queries.following(workshop),
        stand=stand,
        ready_line=words.ready_line(stand["ready"], stand["of"], late),
        people=[(one, words.name_of(one, number)) for number, one in enumerate(people, 1)],
        piles=queries.on_piles([card for card in moderated if card.hidden_at is None]),
        hidden_cards=[card for card in moderated if card.hidden_at is not None],
        takes_cards=current is not None
        and current.kind in WITH_CARDS - KEPT_TO_ONESELF
        and current.state not in (ActivityState.WAITING, ActivityState.SKIPPED),
        moderates=current is not None and queries.to_moderate(current),
        source=queries.source_of_options(workshop.activities, current) if current else None,
        has_cards=current is not None and current.kind in WITH_CARDS - KEPT_TO_ONESELF,
        told=_told(current),
        forgetting=forgetting(workshop),
        form=library_form(current.form) if current and current.form else None,
        left=words.time_left(current.ends_at, now) if current and current.ends_at else "",
        programme=words.programme_sentence(workshop, now) if workshop.state == State.RUNNING else "",
        card_id=uuid4(),
        refused=refused,
        typed=request.form if refused else {},
        now=now,
        words=words,
        Do=Do,
        State=State,
        ActivityState=ActivityState,
        **_joining(workshop),
    )


def _told(current: Activity | None) -> list[str]:
    """What the group answered, in the sentences that stand on the wall: who leads faces the room."""
    found = queries.outcome(current) if current else None
    return said.told(*found).sentences if found else []


@bp.get("/leiden/stand")
@requires(Permission.READ_WORKSHOPS)
def stand(workshop_id: UUID) -> ResponseReturnValue:
    """What a screen asks every few seconds: did anything change, how many are ready, and where to listen."""
    workshop = queries.workshop_or_404(workshop_id)
    found = standing.stand(workshop)
    return {
        "version": found["version"],
        "ready": found["ready"],
        "of": found["of"],
        "ready_text": ready_sentence(found["ready"], found["of"]),
        "stream": standing.stream(workshop, str(current_user.id))
        if workshop.state == State.RUNNING
        else None,
    }


@bp.post("/leiden/openen")
@requires(Permission.RUN_WORKSHOPS)
def open_(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    return _try(workshop, lambda: operations.open_workshop(workshop), lambda: workshop.state == State.RUNNING)


@bp.post("/leiden/afsluiten")
@requires(Permission.RUN_WORKSHOPS)
def end(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    return _try(workshop, lambda: operations.end_workshop(workshop), lambda: workshop.state == State.ENDED)


@bp.post("/leiden/stap")
@requires(Permission.RUN_WORKSHOPS)
def step(workshop_id: UUID) -> ResponseReturnValue:
    """The big button and its smaller ones; of the wall too."""
    workshop = queries.workshop_or_404(workshop_id)
    try:
        do = Do(request.form.get("doe", ""))
    except ValueError:
        abort(400)
    activity = _activity(workshop)
    acts: dict[Do, Callable[[], None]] = {
        Do.OPEN: lambda: operations.begin(activity, current_user.id),
        Do.CLOSE: lambda: operations.close(activity),
        Do.REVEAL: lambda: operations.reveal(activity),
        Do.REOPEN: lambda: operations.reopen(activity),
        Do.SHOW: lambda: operations.show(activity),
        Do.LONGER: lambda: operations.add_time(activity, request.form.get("minuten", 0, type=int)),
        Do.NEXT: lambda: operations.go_on(workshop, activity.id),
    }
    return _try(workshop, acts[do], lambda: activity.state in DONE.get(do, ()))


@bp.post("/leiden/mogelijkheden")
@requires(Permission.RUN_WORKSHOPS)
def take_options(workshop_id: UUID) -> ResponseReturnValue:
    """What people said before is what they choose from now."""
    workshop = queries.workshop_or_404(workshop_id)
    activity = _activity(workshop)
    return _try(workshop, lambda: operations.take_options(activity))


@bp.post("/leiden/overslaan")
@requires(Permission.RUN_WORKSHOPS)
def skip(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    activity = _activity(workshop)
    return _try(
        workshop,
        lambda: operations.skip(activity, _text("waarom", 300)),
        lambda: activity.state == ActivityState.SKIPPED,
    )


@bp.post("/leiden/notitie")
@requires(Permission.RUN_WORKSHOPS)
def note(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    activity = _activity(workshop)

    def keep() -> None:
        operations.write_note(activity, _text("notitie", LONGEST_NOTE))
        flash(_("Uw notitie is bewaard."), "success")

    return _try(workshop, keep)


# --- Cards ----------------------------------------------------------------------------------------------------------


@bp.post("/leiden/kaart")
@requires(Permission.RUN_WORKSHOPS)
def write_card(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    activity = _activity(workshop)

    def keep() -> None:
        operations.write_card(
            activity, _id("kaart"), _text("tekst", LONGEST_CARD), _text("vraag", LONGEST_CARD)
        )
        flash(_("De kaart ligt erbij."), "success")

    return _try(workshop, keep)


@bp.post("/leiden/kaarten")
@requires(Permission.RUN_WORKSHOPS)
def cards(workshop_id: UUID) -> ResponseReturnValue:
    """Hide the chosen cards, show them again, or put them on a pile."""
    workshop = queries.workshop_or_404(workshop_id)
    activity = _activity(workshop)
    do = request.form.get("doe")

    def change() -> None:
        chosen = [_as_id(text) for text in request.form.getlist("kaart")]
        if not chosen:
            raise Conflict(_("Kies eerst een of meer kaarten."))
        if do == "stapel":
            name = _text("stapel", LONGEST_NAME) or _text("bestaande", LONGEST_NAME)
            if not name:
                raise Conflict(_("Geef de stapel een naam."))
            operations.put_on_pile(activity, chosen, name)
        elif do == "los":
            operations.put_on_pile(activity, chosen, "")
        else:
            operations.hide(activity, chosen, hidden=do == "verberg")

    return _try(workshop, change)


@bp.post("/leiden/stapel")
@requires(Permission.RUN_WORKSHOPS)
def rename(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    activity = _activity(workshop)

    def change() -> None:
        operations.rename_pile(activity, _text("stapel", LONGEST_NAME), _text("naam", LONGEST_NAME))

    return _try(workshop, change)


# --- Tables ---------------------------------------------------------------------------------------------------------


@bp.post("/leiden/tafels")
@requires(Permission.RUN_WORKSHOPS)
def seat(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)

    def change() -> None:
        n = operations.seat(workshop, everyone=request.form.get("wie") == "iedereen")
        flash(ngettext("1 deelnemer kreeg een tafel.", "%(num)s deelnemers kregen een tafel.", n), "success")

    return _try(workshop, change)


@bp.post("/leiden/tafel")
@requires(Permission.RUN_WORKSHOPS)
def move(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    attendee = db.get(Attendee, _id("deelnemer"))
    if attendee is None or attendee.workshop_id != workshop.id:
        abort(404)
    table = request.form.get("tafel", type=int)
    return _try(workshop, lambda: operations.move(workshop, attendee, table))


# --- The wall -------------------------------------------------------------------------------------------------------


@bp.get("/scherm")
@requires(Permission.READ_WORKSHOPS)
def screen(workshop_id: UUID) -> ResponseReturnValue:
    """Large, for everybody; who leads may press on with the arrow keys."""
    workshop = queries.workshop_or_404(workshop_id)
    if workshop.state == State.DRAFT and not may(Permission.RUN_WORKSHOPS):
        abort(403)
    running = workshop.state == State.RUNNING
    current = queries.current_of(workshop) if running else None
    parts = wall.parts_of(workshop, current)
    wanted = (
        request.args.get("deel", 1, type=int) if request.args.get("bij") == str(workshop.current_id) else 1
    )
    number = min(max(1, wanted), len(parts))
    return page(
        "running/screen.html",
        workshop=workshop,
        current=current,
        part=parts[number - 1],
        number=number,
        parts=len(parts),
        stand=standing.stand(workshop),
        step=words.next_step(workshop) if running else None,
        before=_before(workshop),
        leads=may(Permission.RUN_WORKSHOPS),
        ready_sentence=ready_sentence,
        now=datetime.now(UTC),
        words=words,
        Do=Do,
        State=State,
        ActivityState=ActivityState,
        **_joining(workshop),
    )


def _before(workshop: Workshop) -> Activity | None:
    """What was done before the present activity."""
    places = [one.id for one in workshop.activities]
    here = places.index(workshop.current_id) if workshop.current_id in places else 0
    done = [one for one in workshop.activities[:here] if one.state != ActivityState.SKIPPED]
    return done[-1] if done else None


def _joining(workshop: Workshop) -> dict[str, Any]:
    """How people join: while it runs, and never after."""
    if workshop.code is None:
        return {"code": "", "qr": "", "join_at": "", "join": ""}
    base: str = current_app.extensions["settings"].base_url.rstrip("/")
    join = f"{base}/doe-mee/{workshop.code}"
    return {
        "code": codes.grouped(workshop.code),
        "qr": _qr(join),
        "join_at": f"{base.partition('://')[2]}/doe-mee",
        "join": join,
    }


@lru_cache(maxsize=200)
def _qr(address: str) -> Markup:
    """A picture that needs no other file."""
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(
        file, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(file.getvalue().decode())  # noqa: S704 - drawn by segno from our own address


# --- What they share ------------------------------------------------------------------------------------------------


def _try(
    workshop: Workshop, act: Callable[[], None], is_done: Callable[[], bool] = lambda: False
) -> ResponseReturnValue:
    """Do it and go back to the screen it was pressed on. Refused: say why, and keep what was typed."""
    try:
        act()
    except Conflict as conflict:
        if not is_done():  # else a colleague was just before, or it was pressed twice
            return _lead(queries.workshop_or_404(workshop.id), str(conflict))
    target = "running.screen" if request.form.get("scherm") else "running.lead"
    return redirect(url_for(target, workshop_id=workshop.id))


def _activity(workshop: Workshop) -> Activity:
    """The one that the form is about."""
    wanted = _id("onderdeel")
    return next((one for one in workshop.activities if one.id == wanted), None) or abort(404)


def _id(name: str) -> UUID:
    return _as_id(request.form.get(name, ""))


def _as_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(400)


def _text(name: str, most: int) -> str:
    """What was typed. Raises: Conflict when it is too long."""
    text = clean_text(request.form.get(name)) or ""
    if len(text) > most:
        raise Conflict(
            _(
                "Maak de tekst korter: hooguit %(max)s tekens, het zijn er nu %(n)s.",
                max=most,
                n=len(text),
            )
        )
    return text
