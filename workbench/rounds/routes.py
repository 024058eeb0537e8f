"""Pages of rounds: the list, making one, answering, waiting, and what the group said."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.errors import Conflict
from workbench.core.web import get_or_404, page
from workbench.rounds import operations, queries, words
from workbench.rounds.forms import BallotForm, RoundForm, ballot_form
from workbench.rounds.methods.base import AnswerRefused
from workbench.rounds.models import Round, State
from workbench.rounds.operations import ChangedElsewhere
from workbench.rounds.queries import OwnAnswer

bp = Blueprint("rounds", __name__, url_prefix="/<council>")


def _readable(round_id: UUID) -> Round:
    """The round; only those who run rounds see one that has not begun."""
    found = get_or_404(Round, round_id)
    return found if found.state != State.DRAFT or may(Permission.RUN_ROUNDS) else abort(403)


@bp.get("/rondes")
@requires(Permission.READ_ROUNDS)
def index() -> ResponseReturnValue:
    lines = queries.rounds(g.membership)
    if not may(Permission.RUN_ROUNDS):
        lines = [line for line in lines if line.round.state != State.DRAFT]
    return page("rounds/index.html", lines=lines, State=State, words=words)


@bp.route("/rondes/nieuw", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def new() -> ResponseReturnValue:
    return _prepare(RoundForm(), None)


@bp.route("/rondes/<uuid:round_id>/bewerken", methods=["GET", "POST"])
@requires(Permission.RUN_ROUNDS)
def edit(round_id: UUID) -> ResponseReturnValue:
    found = get_or_404(Round, round_id)
    found.must_be_draft()
    form = RoundForm()
    form.start_from(found)
    return _prepare(form, found)


def _prepare(form: RoundForm, found: Round | None) -> ResponseReturnValue:
    """The form of a round that has not begun; kept, it leads to what a councillor will see."""
    if form.validate_on_submit():
        texts: dict[str, Any] = {"explanation": form.explanation.text, **form.chosen_settings()}
        asked = (form.question.text, form.chosen_method(), form.chosen_options())
        try:
            if found is None:
                kept = operations.start_round(*asked, by=current_user.id, **texts)
            else:
                kept = operations.change_round(found, *asked, **texts)
        except Conflict as conflict:
            form.options.errors = [str(conflict)]
        else:
            return redirect(url_for("rounds.show", round_id=kept.id))
    return page("rounds/form.html", form=form, round=found)


@bp.get("/rondes/<uuid:round_id>")
@requires(Permission.READ_ROUNDS)
def show(round_id: UUID) -> ResponseReturnValue:
    found = _readable(round_id)
    result = queries.result(found)
    if result is not None:
        return page(
            "rounds/revealed.html",
            round=found,
            result=result,
            told=words.told(found, result),
            between=words.between(found, result),
            reasons=words.reason_lists(found, result),
            own=words.own_words(found, _own(found)),
            words=words,
        )
    own = _own(found)
    asked = found.state == State.OPEN and may(Permission.VOTE) and found.asks(current_user.id)
    answers = found.state == State.DRAFT or asked
    return _waiting(found, own, ballot_form(found, own, current_user.id) if answers else None)


def _own(found: Round) -> OwnAnswer | None:
    return queries.own_answer(found, current_user.id) if may(Permission.VOTE) else None


def _waiting(
    found: Round,
    own: OwnAnswer | None,
    form: BallotForm | None,
    *,
    elsewhere: OwnAnswer | None = None,
    refused: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page before the reveal: one's own form or answer, and how many are ready."""
    return page(
        "rounds/waiting.html",
        status=status,
        round=found,
        form=form,
        own=words.own_words(found, own),
        elsewhere=words.own_words(found, elsewhere),
        refused=refused,
        ready=queries.ready(found),
        State=State,
        words=words,
    )


@bp.get("/rondes/<uuid:round_id>/stand")
@requires(Permission.READ_ROUNDS)
def progress(round_id: UUID) -> ResponseReturnValue:
    """A fragment that tells how many are ready; the page asks for it every 2 seconds."""
    found = _readable(round_id)
    return page("rounds/_progress.html", round=found, ready=queries.ready(found), State=State, words=words)


@bp.route("/rondes/<uuid:round_id>/antwoord", methods=["GET", "POST"])
@requires(Permission.VOTE)
def answer(round_id: UUID) -> ResponseReturnValue:
    found = _readable(round_id)
    own = _own(found)
    form = ballot_form(found, own, current_user.id)
    if not form.is_submitted():
        return redirect(url_for("rounds.show", round_id=found.id))
    if not form.validate_on_submit():
        return _waiting(found, own, form)
    try:
        operations.cast(found, form.reply(), base_version=form.base(), person_id=current_user.id)
    except AnswerRefused as refused:
        form.refuse(words.fault_sentence(found, refused))
        return _waiting(found, own, form)
    except ChangedElsewhere as changed:
        form.base_version.data = str(changed.theirs.ballot.version)
        return _waiting(found, own, form, elsewhere=changed.theirs, status=409)
    except Conflict as conflict:
        return _waiting(found, own, form, refused=str(conflict), status=409)
    flash(
        _("Uw antwoord is veranderd en bewaard. Alleen u ziet het.")
        if own
        else _("Uw antwoord is bewaard. Alleen u ziet het. U kunt het veranderen zolang de ronde open is."),
        "success",
    )
    return redirect(url_for("rounds.show", round_id=found.id))


@bp.post("/rondes/<uuid:round_id>/intrekken")
@requires(Permission.VOTE)
def withdraw(round_id: UUID) -> ResponseReturnValue:
    found = _readable(round_id)
    operations.withdraw(found, current_user.id)
    flash(_("Uw antwoord is ingetrokken. Het telt niet mee."), "success")
    return redirect(url_for("rounds.show", round_id=found.id))


def _step(round_id: UUID, take: Callable[[Round], None], done: str = "") -> ResponseReturnValue:
    """Bring a round one step further, say so, and show it again."""
    found = get_or_404(Round, round_id)
    take(found)
    if done:
        flash(done, "success")
    return redirect(url_for("rounds.show", round_id=found.id))


@bp.post("/rondes/<uuid:round_id>/openen")
@requires(Permission.RUN_ROUNDS)
def open_(round_id: UUID) -> ResponseReturnValue:
    done = _("De ronde is open. Raadsleden kunnen nu antwoord geven.")
    return _step(round_id, operations.open_round, done)


@bp.post("/rondes/<uuid:round_id>/sluiten")
@requires(Permission.RUN_ROUNDS)
def close(round_id: UUID) -> ResponseReturnValue:
    done = _(
        "De ronde is gesloten. Niemand kan nu nog antwoorden. Onthul de uitkomst als de groep bij elkaar is."
    )
    return _step(round_id, operations.close_round, done)


@bp.post("/rondes/<uuid:round_id>/heropenen")
@requires(Permission.RUN_ROUNDS)
def reopen(round_id: UUID) -> ResponseReturnValue:
    return _step(round_id, operations.reopen_round, _("De ronde is weer open."))


@bp.post("/rondes/<uuid:round_id>/onthullen")
@requires(Permission.RUN_ROUNDS)
def reveal(round_id: UUID) -> ResponseReturnValue:
    return _step(round_id, operations.reveal_round)


@bp.post("/rondes/<uuid:round_id>/verwijderen")
@requires(Permission.RUN_ROUNDS)
def discard(round_id: UUID) -> ResponseReturnValue:
    operations.discard_round(get_or_404(Round, round_id))
    flash(_("De ronde is weggegooid."), "success")
    return redirect(url_for("rounds.index"))
