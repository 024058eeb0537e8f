"""Pages of what a workshop leaves behind: its outcomes, the way to a plan, the report, its boards, and other councils."""

import io
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.forms import Form
from workbench.core.text import current_language
from workbench.core.web import get_or_404, limiter, page
from workbench.documents import docx, pictures
from workbench.documents.parts import Document
from workbench.knowledge.calendar.models import today
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.models import Plan, PlanStatus
from workbench.workshops.harvest import operations, queries, words
from workbench.workshops.harvest.boards import Board, Row, draw
from workbench.workshops.harvest.forms import Offer, TakeForm, card_ids, hand_over_form, harvest_form
from workbench.workshops.harvest.operations import Chosen, Origin
from workbench.workshops.harvest.outcomes import ActivityOutcome, Card, Outcome, shareable
from workbench.workshops.harvest.report import report as written_report
from workbench.workshops.models import Handover, ReceivedReport, State, Workshop

bp = Blueprint("harvest", __name__, url_prefix="/<council>/ateliers")

MOST_AT_ONCE = 20  # cards on one page to look over


def _person() -> str:
    return f"results {getattr(current_user, 'id', request.remote_addr)}"


def _readable(workshop_id: UUID) -> Workshop:
    """Only those who run workshops know of a draft."""
    workshop = queries.workshop_or_404(workshop_id)
    if workshop.state is State.DRAFT and not may(Permission.RUN_WORKSHOPS):
        abort(403)
    return workshop


# --- What came out --------------------------------------------------------------------------------------------------


@bp.get("/<uuid:workshop_id>/uitkomsten")
@requires(Permission.READ_WORKSHOPS)
def outcomes(workshop_id: UUID) -> ResponseReturnValue:
    """All that was shown in the room, per activity, with the choice what of it goes to a plan."""
    workshop = _readable(workshop_id)
    return _shown(workshop, queries.outcome_of(workshop, g.council.name))


@bp.get("/meegekregen/<uuid:received_report_id>")
@requires(Permission.READ_WORKSHOPS)
def received(received_report_id: UUID) -> ResponseReturnValue:
    """What another council or atelier gave along, to read and to take cards from."""
    return _shown(*queries.received(received_report_id))


@bp.route("/meegekregen/<uuid:received_report_id>/weggooien", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def discard(received_report_id: UUID) -> ResponseReturnValue:
    """First what goes and what stays; then it is gone."""
    report = get_or_404(ReceivedReport, received_report_id)
    form = Form()
    if form.validate_on_submit():
        operations.discard(report)
        flash(_("De uitkomsten zijn weggegooid."), "success")
        return redirect(url_for("harvest.take"))
    return page("workshops/harvest/discard.html", report=report, went=len(queries.rows_of(report)))


def _shown(origin: Origin, found: Outcome) -> ResponseReturnValue:
    return page(
        "workshops/harvest/outcomes.html",
        origin=origin,
        workshop=origin if isinstance(origin, Workshop) else None,
        found=found,
        harvested=queries.harvested(origin),
        words=words,
        to_plan=_to_plan_address(origin),
    )


def _to_plan_address(origin: Origin) -> str:
    if isinstance(origin, Workshop):
        return url_for("harvest.to_plan", workshop_id=origin.id)
    return url_for("harvest.received_to_plan", received_report_id=origin.id)


def _outcomes_address(origin: Origin) -> str:
    if isinstance(origin, Workshop):
        return url_for("harvest.outcomes", workshop_id=origin.id)
    return url_for("harvest.received", received_report_id=origin.id)


@bp.post("/<uuid:workshop_id>/bewaren")
@requires(Permission.RUN_WORKSHOPS)
def let_go(workshop_id: UUID) -> ResponseReturnValue:
    """The facilitator says which cards may be kept and shared, one by one or a whole activity, or takes that back.

    The same form leads to the plan.
    """
    workshop = queries.workshop_or_404(workshop_id)
    sources = request.form.getlist("kaart")
    if "naar-traject" in request.form:
        return redirect(url_for("harvest.to_plan", workshop_id=workshop.id, kaart=sources))
    if whole := request.form.get("werkvorm"):
        found = queries.outcome_of(workshop)
        sources = [card.source for item in found.activities if str(item.id) == whole for card in item.cards]
    may_stay = "niet" not in request.form
    changed = operations.let_go(workshop, card_ids(sources), may_stay=may_stay)
    if not changed:
        flash(_("Er is niets veranderd. Vink eerst een of meer kaarten aan."), "warning")
    elif may_stay:
        flash(
            ngettext("Eén kaart mag blijven.", "%(num)s kaarten mogen blijven.", changed),
            "success",
        )
    else:
        flash(
            ngettext("Eén kaart blijft niet.", "%(num)s kaarten blijven niet.", changed),
            "success",
        )
    return redirect(url_for("harvest.outcomes", workshop_id=workshop.id))


# --- Into a plan ----------------------------------------------------------------------------------------------------


@bp.route("/<uuid:workshop_id>/naar-traject", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def to_plan(workshop_id: UUID) -> ResponseReturnValue:
    workshop = queries.workshop_or_404(workshop_id)
    return _to_plan(workshop, queries.outcome_of(workshop, g.council.name))


@bp.route("/meegekregen/<uuid:received_report_id>/naar-traject", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def received_to_plan(received_report_id: UUID) -> ResponseReturnValue:
    return _to_plan(*queries.received(received_report_id))


def _to_plan(origin: Origin, found: Outcome) -> ResponseReturnValue:
    """What was ticked, to look over: the text of each card, and what it becomes."""
    wanted = request.args.getlist("kaart")
    if not wanted and request.method == "GET":
        flash(_("Vink eerst aan wat naar het traject gaat."), "warning")
        return redirect(_outcomes_address(origin))
    cards = [(item, card) for item, card in found.cards() if card.source in wanted][:MOST_AT_ONCE]
    if not cards:
        abort(404)
    back = _outcomes_address(origin)
    plan = _chosen_plan(origin)
    if plan is None:
        running = [item for item in plans.plans() if item.status is PlanStatus.RUNNING]
        ways = [(item.title, f"{request.path}?{urlencode({'kaart': wanted, 'traject': item.id}, doseq=True)}") for item in running]  # fmt: skip
        return page("workshops/harvest/choose_plan.html", found=found, ways=ways, back=back)
    plans.check_running(plan)
    facts = plans.check_step(plan, steps.VALUES)
    before = queries.harvested(origin)
    stands = [(card, before[card.source]) for _item, card in cards if _is_there(before, card)]
    fresh = [(item, card) for item, card in cards if not _is_there(before, card)]
    form = harvest_form(fresh, _offer(plan, facts)) if fresh else None
    if form and form.validate_on_submit():
        return _harvested(origin, plan, form.chosen())
    return page(
        "workshops/harvest/to_plan.html",
        form=form,
        found=found,
        plan=plan,
        stands=stands,
        words=words,
        missing=plans.missing_for(plan, steps.GOALS, facts),
        left=len(wanted) - len(cards),
        back=back,
    )


def _is_there(before: dict[str, queries.Harvested], card: Card) -> bool:
    return card.source in before and before[card.source].text is not None


def _chosen_plan(origin: Origin) -> Plan | None:
    """The plan of the workshop, else the one that was chosen, else the only one that runs."""
    if isinstance(origin, Workshop) and origin.plan_id:
        return plans.readable_plan(origin.plan_id, steps.VALUES)
    typed = request.args.get("traject", type=UUID)
    if typed is not None:
        return plans.readable_plan(typed, steps.VALUES)
    running = [plan for plan in plans.plans() if plan.status is PlanStatus.RUNNING]
    return running[0] if len(running) == 1 else None


def _offer(plan: Plan, facts: steps.Facts) -> Offer:
    """What this plan has room for now, for this member: the values lock decides."""

    def is_open(number: int) -> bool:
        return plans.missing_for(plan, number, facts) is None

    leads = may(Permission.LEAD_PLAN)
    return Offer(
        plans.values_on_offer(plan) if is_open(steps.GOALS) else [],
        plans.goals_of(plan, with_values=False) if is_open(steps.EVIDENCE) else [],
        [step for step in plan.steps if leads and is_open(step.number)],
    )


def _harvested(origin: Origin, plan: Plan, chosen: list[Chosen]) -> ResponseReturnValue:
    for number in {item.to.step for item in chosen}:
        plans.plan_at_work(plan.id, number)
    went, stood = operations.harvest(origin, plan, chosen, current_user.id)
    if went:
        flash(
            ngettext("Eén kaart staat nu in het traject.", "%(num)s kaarten staan nu in het traject.", went),
            "success",
        )
    if stood:
        flash(
            _("Dit stond er al, en is niet nog eens toegevoegd: %(texts)s", texts="; ".join(stood)), "warning"
        )
    return redirect(_outcomes_address(origin))


# --- The report and the boards --------------------------------------------------------------------------------------


@bp.get("/<uuid:workshop_id>/verslag")
@requires(Permission.READ_WORKSHOPS)
def report(workshop_id: UUID) -> ResponseReturnValue:
    workshop, found, document = _report(workshop_id)
    boards = [item for item in found.activities if _has_board(item)]
    return page("workshops/harvest/report.html", workshop=workshop, document=document, boards=boards)


@bp.get("/<uuid:workshop_id>/verslag.docx")
@requires(Permission.READ_WORKSHOPS)
def report_file(workshop_id: UUID) -> ResponseReturnValue:
    """Made at once: it is text and tables, so it takes less than two tenths of a second of the processor."""
    _workshop, _found, document = _report(workshop_id)
    return send_file(
        io.BytesIO(docx.write(document)),
        mimetype=docx.MIMETYPE,
        as_attachment=True,
        download_name=f"{_('verslag')}-{g.council.slug}-{document.written_on.isoformat()}.docx",
    )


def _report(workshop_id: UUID) -> tuple[Workshop, Outcome, Document]:
    workshop = _readable(workshop_id)
    found = shareable(queries.outcome_of(workshop, g.council.name))
    document = written_report(
        found, queries.harvested(workshop), g.council, today(), words.forgetting(workshop)
    )
    return workshop, found, document


def _has_board(item: ActivityOutcome) -> bool:
    told = words.round_told(item)
    return bool(item.cards or (told and told.told.pictures))


@bp.get("/<uuid:workshop_id>/borden/<uuid:activity_id>.svg")
@requires(Permission.READ_WORKSHOPS)
def board(workshop_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    return Response(_board(workshop_id, activity_id), mimetype="image/svg+xml")


@bp.get("/<uuid:workshop_id>/borden/<uuid:activity_id>.png")
@requires(Permission.READ_WORKSHOPS)
@limiter.limit("60 per hour", key_func=_person)
def board_picture(workshop_id: UUID, activity_id: UUID) -> ResponseReturnValue:
    """Made at once, for the same reason."""
    [png] = pictures.as_pngs([_board(workshop_id, activity_id)], current_language())
    return Response(png, mimetype="image/png")


def _board(workshop_id: UUID, activity_id: UUID) -> str:
    """With what may be kept: who has a picture has it for ever."""
    found = shareable(queries.outcome_of(_readable(workshop_id), g.council.name))
    item = next((item for item in found.activities if item.id == activity_id), None)
    if item is None or not _has_board(item):
        abort(404)
    told = words.round_told(item)
    drawings = told.told.pictures if told else []
    notes = [picture.key for picture in drawings] + [words.unkept(item)]
    notes += [
        _("Links: %(left)s. Rechts: %(right)s.", left=picture.ends[0], right=picture.ends[1])
        for picture in drawings
        if picture.ends
    ]
    where = _("%(title)s, %(day)s", title=found.title, day=current_language().date(found.held_on))
    return draw(
        Board(
            item.title,
            item.question,
            [
                (part, [(pile, [card.text for card in cards]) for pile, cards in piles])
                for part, piles in item.parts
            ],
            [Row(row.name, row.text, str(row.svg)) for picture in drawings for row in picture.rows],
            [*filter(None, notes), where],
        )
    )


# --- To and from another council ------------------------------------------------------------------------------------


@bp.route("/<uuid:workshop_id>/meegeven", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
def hand_over(workshop_id: UUID) -> ResponseReturnValue:
    """A code per council that came; it is shown once."""
    workshop = queries.workshop_or_404(workshop_id)
    form: Any = hand_over_form(workshop.councils)
    code = None
    if form.validate_on_submit():
        found = queries.outcome_of(workshop, g.council.name)
        code = operations.hand_over(workshop, form.council.data, found)
    return page(
        "workshops/harvest/hand_over.html",
        status=200 if code is None else 201,
        form=form,
        workshop=workshop,
        code=code,
        handovers=queries.handovers(workshop),
        words=words,
    )


@bp.post("/<uuid:workshop_id>/meegeven/<uuid:handover_id>/intrekken")
@requires(Permission.RUN_WORKSHOPS)
def revoke(workshop_id: UUID, handover_id: UUID) -> ResponseReturnValue:
    found = get_or_404(Handover, handover_id)
    if found.workshop_id != workshop_id:
        abort(404)
    operations.revoke(found)
    flash(_("De code is ingetrokken. Wie hem heeft, kan er niets meer mee."), "success")
    return redirect(url_for("harvest.hand_over", workshop_id=workshop_id))


@bp.route("/meegekregen", methods=["GET", "POST"])
@requires(Permission.RUN_WORKSHOPS)
@limiter.limit("10 per minute; 40 per hour", key_func=_person, methods=["POST"])
def take() -> ResponseReturnValue:
    """Type the code of another council's session; below it what was received before."""
    form = TakeForm()
    if form.validate_on_submit():
        report = operations.take(form.code.text, current_user.id)
        if report is not None:
            flash(_("De uitkomsten staan nu bij uw raad. U kunt er kaarten uit overnemen."), "success")
            return redirect(url_for("harvest.received", received_report_id=report.id))
        form.code.errors = [
            _(
                "Deze code werkt hier niet. Kijk of u hem goed overtypte. Misschien is hij al gebruikt, ingetrokken of"
                " verlopen, of is hij voor een andere gemeente. Vraag de begeleider dan om een nieuwe."
            )
        ]
    return page("workshops/harvest/take.html", form=form, reports=queries.received_reports())
