"""The pages of a phone in a workshop. Whoever has the code is a visitor here, also a member: no account is looked up.

Two things send: the forms of the page, with the token of every form; and the script of the page (js/doe-mee.js), which
may send hours later what it kept, when that token is long gone. The script says so in a header that no other site can
send, and the cookie of the device is not sent from other sites at all.

Limits. What a device sends is counted per device. Joining and wrong codes are counted per address, generously: a whole
room has one address. When there were too many, only devices that do not take part yet must wait; those that do go on.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.forms import Form
from workbench.core.text import current_language
from workbench.core.web import csrf, limiter, page, problem, public
from workbench.rounds import queries as rounds
from workbench.rounds import words
from workbench.rounds.forms import BallotForm, ballot_form
from workbench.rounds.methods.base import AnswerRefused
from workbench.rounds.models import Round
from workbench.workshops import standing
from workbench.workshops.evidence import evidence_for_phone
from workbench.workshops.harvest.words import forgetting
from workbench.workshops.models import Activity, ActivityState, Attendee, Workshop
from workbench.workshops.phone import operations, queries
from workbench.workshops.phone.forms import CardForm, CodeForm, JoinForm, PressForm, as_code

bp = Blueprint("phone", __name__)
F = TypeVar("F", bound=Callable[..., Any])

COOKIE = "toestel"
LASTS = 24 * 3600  # seconds
WRONG_CODES = "60 per minute; 600 per hour"  # per address
SENT = "120 per minute"  # per device
JOINED = "600 per minute"  # per address: a whole room has one, and comes in at once
HEADER = "X-Doe-Mee"  # of the script


@dataclass(frozen=True)
class Visit:
    """Who comes: to which workshop, with which device, and as whom when that takes part."""

    workshop: Workshop | None
    device: str | None
    attendee: Attendee | None


def _visit() -> Visit:
    """Looked up once per request; afterwards the session acts for the council of the workshop, and for this device."""
    if "visit" not in g:
        token = (request.view_args or {}).get("token")
        workshop = queries.behind(token) if token else None
        held = request.cookies.get(COOKIE)
        device = operations.device_hash(held) if held else None
        attendee = None
        if workshop is not None and device is not None:
            operations.act_as_device(device)
            attendee = queries.attendee_of(workshop, device)
        g.visit = Visit(workshop, device, attendee)
    return cast("Visit", g.visit)


def _takes_part() -> bool:
    return _visit().attendee is not None


def _is_wrong(response: Response) -> bool:
    """Was this a code that opens nothing?"""
    return bool(g.get("wrong_code")) and response.status_code in (404, 422)


def _device_or_address() -> str:
    return _visit().device or get_remote_address()


limiter.limit(WRONG_CODES, deduct_when=_is_wrong, exempt_when=_takes_part)(bp)


@bp.before_request
def as_a_visitor() -> None:
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    if HEADER in request.headers:
        g.csrf_valid = True  # every form here asks for its token otherwise


@bp.after_request
def quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _is_script() -> bool:
    return HEADER in request.headers or request.accept_mimetypes.best == "application/json"


@bp.errorhandler(WorkbenchError)
def refused(error: WorkbenchError) -> ResponseReturnValue:
    """In the frame of phones, without a menu of the workbench."""
    if _is_script():
        return problem(409, str(error))
    return page("phone/refused.html", status=409, message=str(error))


# --- The door -------------------------------------------------------------------------------------------------------


@bp.route("/doe-mee", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # see as_a_visitor
def door() -> ResponseReturnValue:
    """Type the code that stands on the screen."""
    form = CodeForm()
    if form.validate_on_submit():
        code = as_code(form.code.text)
        if queries.behind(code) is not None:
            return redirect(url_for("phone.show", token=code))
        g.wrong_code = True
        form.code.errors = [
            _("Deze code werkt niet. Kijk nog eens op het scherm, of vraag het de begeleider.")
        ]
    return page("phone/door.html", form=form)


def _wrong() -> ResponseReturnValue:
    """The same, whatever is wrong with the code: never there, or the workshop is over."""
    g.wrong_code = True
    if _is_script():
        return problem(404, _("Dit leeratelier is afgelopen, of de code werkt niet meer."))
    return page("phone/door.html", status=404, form=CodeForm(formdata=None), is_wrong=True)


def in_workshop(*, joined: bool = True) -> Callable[[F], F]:
    """A view in the workshop of the code in the address. `joined`: only for who takes part; others are led to the door."""

    def wrap(view: F) -> F:
        @wraps(view)
        def guarded(token: str, **values: Any) -> ResponseReturnValue:
            visit = _visit()
            if visit.workshop is None:
                code = as_code(token)
                if request.method == "GET" and code != token and queries.behind(code) is not None:
                    return redirect(url_for(request.endpoint or "phone.show", token=code, **values))
                return _wrong()
            if joined and visit.attendee is None:
                if _is_script():
                    return problem(401, _("U doet op dit toestel nog niet mee. Druk op ‘Doe mee’."))
                return redirect(url_for("phone.show", token=token))
            return cast("ResponseReturnValue", view(token, visit, **values))

        return cast("F", guarded)

    return wrap


def _at_home(workshop: Workshop) -> None:
    """The page stands in the style of the council."""
    g.council = queries.council_of(workshop)
    g.council_slug = g.council.slug


def _workshop(visit: Visit) -> Workshop:
    return visit.workshop or abort(404)


@bp.get("/doe-mee/<token>")
@public
@in_workshop(joined=False)
def show(token: str, visit: Visit) -> ResponseReturnValue:
    """The one thing of now; who does not take part yet is asked to."""
    workshop = _workshop(visit)
    if visit.attendee is None:
        form = JoinForm(formdata=None)
        form.offer(workshop)
        return _join_page(token, workshop, form)
    return _page(token, workshop, visit.attendee)


def _join_page(token: str, workshop: Workshop, form: JoinForm) -> ResponseReturnValue:
    _at_home(workshop)
    return page("phone/join.html", form=form, token=token, workshop=workshop, forgetting=forgetting(workshop))


@bp.post("/doe-mee/<token>")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # see as_a_visitor
@limiter.limit(JOINED)
@in_workshop(joined=False)
def join(token: str, visit: Visit) -> ResponseReturnValue:
    """Take part. A device that did so before is the same one, so that nobody counts twice."""
    workshop = _workshop(visit)
    form = JoinForm()
    form.offer(workshop)
    if not form.validate_on_submit():
        return _join_page(token, workshop, form)
    held = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    operations.join(workshop, operations.device_hash(held), form.told())
    response = make_response(redirect(url_for("phone.show", token=token)))
    response.set_cookie(
        COOKIE,
        held,
        max_age=LASTS,
        path=url_for("phone.show", token=token),
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].secure,
    )
    return response


@bp.route("/doe-mee/<token>/stoppen", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # see as_a_visitor
@limiter.limit(SENT, key_func=_device_or_address, methods=["POST"])
@in_workshop()
def leave(token: str, visit: Visit) -> ResponseReturnValue:
    """Take part no more; coming back is possible with the same code."""
    workshop, form = _workshop(visit), PressForm()
    if visit.attendee is not None and form.validate_on_submit():
        operations.leave(workshop, visit.attendee)
        return redirect(url_for("phone.show", token=token))
    _at_home(workshop)
    return page("phone/leave.html", form=form, token=token, workshop=workshop)


# --- What is asked now ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CardQuestion:
    """One question of an activity with cards: the own cards so far, and the form for another or for another text."""

    label: str
    cards: list[Any]
    form: CardForm | None  # None: as many as were asked
    changes: bool  # the form changes the one card that is asked


def _page(
    token: str,
    workshop: Workshop,
    attendee: Attendee,
    *,
    status: int = 200,
    refused: str = "",
    unsent: list[str] | None = None,
    faulty: Form | None = None,
) -> ResponseReturnValue:
    """`refused`: why something was not taken, with the texts that were not sent; or the form that must be mended."""
    _at_home(workshop)
    now = _now(workshop, attendee, faulty)
    return page(
        "phone/now.html",
        status=status,
        token=token,
        workshop=workshop,
        refused=refused,
        unsent=unsent or [],
        **now,
    )


def _now(workshop: Workshop, attendee: Attendee, faulty: Form | None = None) -> dict[str, Any]:
    """What the page and its renewed part draw."""
    stand = standing.stand(workshop)  # first: what is drawn after it is as new, or newer
    activity = queries.activity_of(workshop, workshop.current_id)
    values: dict[str, Any] = {
        "stand": stand,
        "activity": activity,
        "State": ActivityState,
        "until": None,
        "is_private": False,
        "attendee": attendee,
        "evidence": evidence_for_phone(workshop, activity) if activity else None,
    }
    if activity is None or activity.state in (ActivityState.WAITING, ActivityState.SKIPPED):
        return {**values, "activity": None, "coming": activity}
    if activity.ends_at and activity.state == ActivityState.OPEN:
        values["until"] = current_language().moment(activity.ends_at).rpartition(" ")[2]
    if activity.round_id is not None:
        return values | _of_round(activity, attendee, faulty)
    return values | _of_cards(activity, attendee, faulty)


def _of_round(activity: Activity, attendee: Attendee, faulty: Form | None) -> dict[str, Any]:
    found = queries.round_of(activity)
    own = rounds.own_answer(found, device_hash=attendee.device_hash)
    result = rounds.result(found) if activity.state == ActivityState.REVEALED else None
    if result is not None:
        return {
            "round": found,
            "own": words.own_words(found, own),
            "result": result,
            "told": words.told(found, result),
            "between": words.between(found, result),
        }
    form = None
    if activity.state == ActivityState.OPEN:
        form = faulty if isinstance(faulty, BallotForm) else _ballot(found, own, as_kept=True)
    return {"round": found, "own": words.own_words(found, own), "form": form, "result": None}


def _ballot(found: Round, own: rounds.OwnAnswer | None, *, as_kept: bool) -> BallotForm:
    """The form of a round, without what somebody said when joining."""
    form = ballot_form(found, own, None, as_kept=as_kept)
    if form.faction:
        del form.faction
    return form


def _of_cards(activity: Activity, attendee: Attendee, faulty: Form | None) -> dict[str, Any]:
    is_private = operations.is_private(activity)
    mine = queries.own_cards(activity, attendee)
    is_open = activity.state == ActivityState.OPEN
    most = standing.cards_per_person(activity)
    asked = []
    for number, part in enumerate(activity.settings.get("parts") or [""]):
        cards = [card for card in mine if card.part == part]
        form = None
        if is_open and isinstance(faulty, CardForm) and (faulty.part.data or "") == part:
            form = faulty
        elif is_open and (len(cards) < most or most == 1):
            form = CardForm(formdata=None)
            form.start(part, cards[0] if most == 1 and cards else None)
        if form is not None:
            form.ask(number, part)
        asked.append(CardQuestion(part, cards, form, most == 1 and bool(cards)))
    shown = activity.state == ActivityState.REVEALED and not is_private
    return {
        "round": None,
        "asked": asked,
        "most": most,
        "is_private": is_private,
        "piles": queries.piles(activity) if shown else None,
    }


def _renewed(workshop: Workshop, attendee: Attendee, token: str) -> dict[str, Any]:
    """The renewed part of the page, for its script."""
    values = _now(workshop, attendee)
    activity = values["activity"]
    return {
        "shows": values["stand"]["shows"],
        "ends_at": values["stand"]["activity"]["ends_at"] if activity else None,
        "heading": activity.question if activity else "",
        "html": render_template("phone/_now.html", token=token, workshop=workshop, **values),
    }


@bp.get("/doe-mee/<token>/nu")
@public
@in_workshop()
def now(token: str, visit: Visit) -> ResponseReturnValue:
    workshop = _workshop(visit)
    return _renewed(workshop, visit.attendee or abort(404), token)


@bp.get("/doe-mee/<token>/stand")
@public
@in_workshop(joined=False)
def stand(token: str, visit: Visit) -> ResponseReturnValue:
    """What all screens share; 304 as long as nothing changed."""
    found = standing.stand(_workshop(visit))
    response = jsonify(found)
    response.set_etag(found["version"])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@bp.get("/doe-mee/<token>/stroom")
@public
@in_workshop()
def stream(token: str, visit: Visit) -> ResponseReturnValue:
    """Where this device can hear that something changed; to be used within two minutes."""
    return {"address": standing.stream(_workshop(visit), visit.device or "")}


# --- Answering ------------------------------------------------------------------------------------------------------


@bp.post("/doe-mee/<token>/antwoord/<uuid:activity_id>")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # see as_a_visitor
@limiter.limit(SENT, key_func=_device_or_address)
@in_workshop()
def answer(token: str, visit: Visit, activity_id: UUID) -> ResponseReturnValue:
    """An answer or a card. What is refused is told, with what was typed still there."""
    workshop, attendee = _workshop(visit), visit.attendee or abort(404)
    activity = queries.activity_of(workshop, activity_id) or abort(404)
    send = _send_answer if activity.round_id is not None else _send_card
    form, keep = send(workshop, activity, attendee)
    if not form.validate_on_submit():
        return _mend(token, workshop, attendee, form)
    try:
        keep()
    except AnswerRefused as fault:
        form.refuse(words.fault_sentence(form.round, fault))
        return _mend(token, workshop, attendee, form)
    except Conflict as conflict:
        if _is_script():
            return problem(409, str(conflict))
        return _page(token, workshop, attendee, status=409, refused=str(conflict), unsent=_typed(form))
    return _done(token, workshop, attendee, _("Verstuurd ✓"))


def _send_answer(
    workshop: Workshop, activity: Activity, attendee: Attendee
) -> tuple[Any, Callable[[], None]]:
    found = queries.round_of(activity)
    form = _ballot(found, None, as_kept=False)
    return form, lambda: operations.answer(workshop, activity, attendee, form.reply())


def _send_card(workshop: Workshop, activity: Activity, attendee: Attendee) -> tuple[Any, Callable[[], None]]:
    form = CardForm()

    def keep() -> None:
        operations.send_card(
            workshop,
            activity,
            attendee,
            form.id(),
            form.text.text,
            part=form.part.data or "",
            instead_of=form.replaced(),
        )

    return form, keep


def _mend(token: str, workshop: Workshop, attendee: Attendee, form: Any) -> ResponseReturnValue:
    if _is_script():
        return problem(422, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return _page(token, workshop, attendee, status=422, faulty=form)


def _typed(form: Form) -> list[str]:
    """The texts somebody wrote, to read back."""
    return [field.data for field in form if field.type in ("TextArea", "_Text", "TextField") and field.data]


def _done(token: str, workshop: Workshop, attendee: Attendee, sentence: str) -> ResponseReturnValue:
    if _is_script():
        return _renewed(workshop, attendee, token)
    flash(sentence, "success")
    return redirect(url_for("phone.show", token=token))


@bp.post("/doe-mee/<token>/kaart/<uuid:activity_id>/<uuid:card_id>/weg")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # see as_a_visitor
@limiter.limit(SENT, key_func=_device_or_address)
@in_workshop()
def take_back(token: str, visit: Visit, activity_id: UUID, card_id: UUID) -> ResponseReturnValue:
    """Remove an own card."""
    workshop, attendee = _workshop(visit), visit.attendee or abort(404)
    activity = queries.activity_of(workshop, activity_id) or abort(404)
    if not PressForm().validate_on_submit():
        abort(400)
    operations.take_back(workshop, activity, attendee, card_id)
    return _done(token, workshop, attendee, _("Uw kaart is weg."))
