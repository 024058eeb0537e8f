"""Own figures: the list, bringing a file in steps, the figures with their history, and taking them back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.files import Unreadable
from workbench.core.language import Language
from workbench.core.text import current_language
from workbench.core.web import get_or_404, page
from workbench.figures.words import status_text
from workbench.indicators.queries import own_area
from workbench.indicators.routes import THEME_NAMES
from workbench.uploads import operations, queries
from workbench.uploads.checking import Checked, Figure, Kind, Problem
from workbench.uploads.forms import (
    DIRECTION_NAMES,
    DescribeForm,
    EditForm,
    FileForm,
    ReviewForm,
    WithdrawForm,
)
from workbench.uploads.mapping import Gazetteer
from workbench.uploads.models import OwnIndicator, OwnUpload
from workbench.uploads.reading import Table
from workbench.uploads.words import figure_text, period_label

bp = Blueprint("uploads", __name__, url_prefix="/<council>/eigen-cijfers")

MOST_PROBLEMS = 50  # shown at once
MOST_NAMES = 30  # to be chosen at once
PREVIEW = 12


@bp.get("/")
@requires(Permission.READ_CATALOGUE)
def index() -> ResponseReturnValue:
    found = queries.own_indicators()
    area = own_area()
    return page(
        "uploads/index.html",
        indicators=found,
        newest=queries.newest(found, area.code if area else None),
        drafts=queries.drafts(),
        area=area,
        text=figure_text,
        label=period_label,
    )


# --- Bringing a file --------------------------------------------------------------------------------------------------


@bp.route("/bestand", methods=["GET", "POST"])
@requires(Permission.UPLOAD_FIGURES)
def new_file() -> ResponseReturnValue:
    """Step 1, for a figure that is not there yet."""
    return _bring(None)


@bp.route("/<uuid:own_indicator_id>/bestand", methods=["GET", "POST"])
@requires(Permission.UPLOAD_FIGURES)
def next_file(own_indicator_id: UUID) -> ResponseReturnValue:
    """Step 1, for new or better figures of what is there already."""
    return _bring(get_or_404(OwnIndicator, own_indicator_id))


def _bring(indicator: OwnIndicator | None) -> ResponseReturnValue:
    form = FileForm()
    if form.validate_on_submit():
        with form.file.data.stream as stream:
            data = stream.read()
        name = form.file.data.filename
        try:
            upload = operations.start_upload(data, name, current_user.id, indicator, current_language())
        except Unreadable as problem:
            form.file.errors = [str(problem)]
        else:
            step = "uploads.review" if indicator else "uploads.describe"
            return redirect(url_for(step, own_upload_id=upload.id))
    return page("uploads/file.html", form=form, indicator=indicator)


@bp.route("/concepten/<uuid:own_upload_id>/beschrijving", methods=["GET", "POST"])
@requires(Permission.UPLOAD_FIGURES)
def describe(own_upload_id: UUID) -> ResponseReturnValue:
    """Step 2: what is it?"""
    upload = get_or_404(OwnUpload, own_upload_id)
    table = operations.table_of(upload)
    if upload.own_indicator_id:
        return redirect(url_for("uploads.review", own_upload_id=upload.id))
    form = DescribeForm(data=upload.description or None)
    if form.validate_on_submit():
        if queries.find_by_name(form.name.text):
            form.name.errors = [
                _("Er is al een eigen cijfer met deze naam. Kies een andere naam, of vul dat cijfer aan.")
            ]
        else:
            upload.description = form.words()
            return redirect(url_for("uploads.review", own_upload_id=upload.id))
    return page("uploads/describe.html", form=form, upload=upload, table=table)


def _indicator_of(upload: OwnUpload) -> OwnIndicator | None:
    """The indicator that a draft is for; a new one is not in the database before its figures are."""
    if upload.own_indicator_id:
        return db.get_one(OwnIndicator, upload.own_indicator_id)
    if not upload.description:
        return None
    return OwnIndicator(**{**upload.description, "kind": Kind(upload.description["kind"])})


@dataclass(frozen=True)
class Review:
    """What would be stored, and what is to be said about it."""

    checked: Checked
    figures: list[Figure]


@bp.route("/concepten/<uuid:own_upload_id>/nakijken", methods=["GET", "POST"])
@requires(Permission.UPLOAD_FIGURES)
def review(own_upload_id: UUID) -> ResponseReturnValue:
    """Step 3: how we read it, what is wrong, what is strange."""
    upload = get_or_404(OwnUpload, own_upload_id)
    table = operations.table_of(upload)
    indicator = _indicator_of(upload)
    if indicator is None:
        return redirect(url_for("uploads.describe", own_upload_id=upload.id))
    areas, spoken = queries.gazetteer(), current_language()
    kept = upload.choices
    form = ReviewForm(data=kept)
    form.offer(table)
    if form.validate_on_submit():
        kept = {**form.words(), "picks": _picks(kept.get("picks", {}))}
        if request.form.get("action") == "check":
            upload.choices = kept
            if form.reason.data is not None:  # the page asks for it when something is strange
                upload.reason = form.reason.text
            return redirect(url_for("uploads.review", own_upload_id=upload.id))
        found = _look(table, indicator, areas, kept, spoken)
        if found.checked.warnings and not form.reason.text:
            form.reason.errors = [
                _("Schrijf op waarom de opvallende cijfers kloppen, of verbeter het bestand.")
            ]
        elif not found.checked.errors:
            operations.load(upload, indicator, found.checked, areas, form.reason.text)
            flash(_("De cijfers staan erin."), "success")
            return redirect(url_for("uploads.show", own_indicator_id=indicator.id))
    else:
        found = _look(table, indicator, areas, kept, spoken)
        if not form.is_submitted():
            form.reason.data = upload.reason
    checked = found.checked
    return page(
        "uploads/review.html",
        form=form,
        upload=upload,
        indicator=indicator,
        table=table,
        review=found,
        checked=checked,
        problems=checked.errors[:MOST_PROBLEMS],
        warnings=checked.warnings[:MOST_PROBLEMS],
        names=_names_to_choose(checked, areas, kept.get("picks", {}), skips=bool(kept.get("skip_unknown"))),
        preview=found.figures[:PREVIEW],
        hidden=sum(figure.guarded for figure in found.figures),
        text=figure_text,
        status_text=status_text,
        spoken=spoken,
    )


def _look(
    table: Table, indicator: OwnIndicator, areas: Gazetteer, kept: dict[str, Any], spoken: Language
) -> Review:
    """Check the table with these choices, and guard the outcome."""
    checked = operations.check(table, indicator, areas, kept, spoken)
    if checked.errors:
        return Review(checked, [])
    figures, exposed = operations.guarded(checked.figures, indicator, areas)
    if exposed:
        checked.warnings.append(
            Problem(
                0,
                "",
                _(
                    "%(n)s kleine aantallen zijn eerder al getoond, of volgen uit wat eerder is getoond. Wij verbergen ze nu, maar wie de oude cijfers kent, kent ze ook.",
                    n=len(exposed),
                ),
            )
        )
    return Review(checked, figures)


def _picks(before: dict[str, str]) -> dict[str, str]:
    """Area text -> the code that the officer chose for it, now or earlier."""
    texts, codes = request.form.getlist("area_text"), request.form.getlist("area_code")
    now = {text[:2000]: code.strip()[:40] for text, code in zip(texts, codes, strict=False)}
    return {text: code for text, code in {**before, **now}.items() if code}


def _names_to_choose(
    checked: Checked, areas: Gazetteer, picks: dict[str, str], *, skips: bool
) -> list[dict[str, Any]]:
    """The names that somebody has to look at: with candidates, or to be filled in."""
    names = [
        {
            "text": text,
            "options": [(code, f"{areas.by_code[code].name} ({code})") for code in match.candidates],
            "chosen": picks.get(text, ""),
        }
        for text, match in checked.doubtful.items()
    ]
    if not skips or len(checked.unknown) <= MOST_NAMES:  # who skips thousands need not look at some of them
        names += [{"text": text, "options": [], "chosen": picks.get(text, "")} for text in checked.unknown]
    return sorted(names, key=lambda name: bool(name["chosen"]))[:MOST_NAMES]  # the open ones first


@bp.post("/concepten/<uuid:own_upload_id>/weggooien")
@requires(Permission.UPLOAD_FIGURES)
def discard(own_upload_id: UUID) -> ResponseReturnValue:
    operations.discard(get_or_404(OwnUpload, own_upload_id))
    flash(_("Het bestand is weg. Er is niets veranderd aan de cijfers."), "success")
    return redirect(url_for("uploads.index"))


# --- The figures ------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:own_indicator_id>")
@requires(Permission.READ_CATALOGUE)
def show(own_indicator_id: UUID) -> ResponseReturnValue:
    """One area at a time: own figures are to be explained, not to be ranked."""
    indicator = get_or_404(OwnIndicator, own_indicator_id)
    by_area = queries.figures_by_area(queries.current(indicator))
    own = own_area()
    chosen = request.args.get("gebied", "")
    if chosen not in by_area:
        chosen = own.code if own and own.code in by_area else next(iter(by_area), "")
    return page(
        "uploads/show.html",
        indicator=indicator,
        figures=by_area.get(chosen, []),
        chosen=chosen,
        areas=[(code, rows[0].area_name) for code, rows in by_area.items()],
        uploads=queries.uploads_of(indicator),
        revisions=queries.revisions(indicator),
        themes=THEME_NAMES,
        directions=DIRECTION_NAMES,
        text=figure_text,
        label=period_label,
        status_text=status_text,
        spoken=current_language(),
    )


@bp.route("/<uuid:own_indicator_id>/beschrijving", methods=["GET", "POST"])
@requires(Permission.UPLOAD_FIGURES)
def edit(own_indicator_id: UUID) -> ResponseReturnValue:
    """Put better what the figures are."""
    indicator = get_or_404(OwnIndicator, own_indicator_id)
    form = EditForm(obj=indicator)
    if form.validate_on_submit():
        try:
            operations.describe(indicator, **form.words())
        except Conflict as problem:
            form.name.errors = [str(problem)]
        else:
            flash(_("De beschrijving is bewaard. De figuren in de monitor volgen."), "success")
            return redirect(url_for("uploads.show", own_indicator_id=indicator.id))
    return page("uploads/edit.html", form=form, indicator=indicator)


@bp.post("/<uuid:own_indicator_id>/openbaar")
@requires(Permission.UPLOAD_FIGURES)
def publish(own_indicator_id: UUID) -> ResponseReturnValue:
    indicator = get_or_404(OwnIndicator, own_indicator_id)
    operations.publish(indicator)
    flash(_("De cijfers zijn nu openbaar. Iedereen kan ze als open data ophalen."), "success")
    return redirect(url_for("uploads.show", own_indicator_id=indicator.id))


@bp.post("/<uuid:own_indicator_id>/besloten")
@requires(Permission.UPLOAD_FIGURES)
def unpublish(own_indicator_id: UUID) -> ResponseReturnValue:
    indicator = get_or_404(OwnIndicator, own_indicator_id)
    operations.unpublish(indicator)
    flash(_("De cijfers zijn nu weer alleen voor uw eigen raad."), "success")
    return redirect(url_for("uploads.show", own_indicator_id=indicator.id))


@bp.route("/<uuid:own_indicator_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.UPLOAD_FIGURES)
def withdraw(own_indicator_id: UUID) -> ResponseReturnValue:
    indicator = get_or_404(OwnIndicator, own_indicator_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        operations.withdraw(indicator, form.reason.text)
        flash(_("De cijfers zijn ingetrokken. De geschiedenis blijft staan."), "success")
        return redirect(url_for("uploads.show", own_indicator_id=indicator.id))
    return page("uploads/withdraw.html", form=form, indicator=indicator)
