"""What a council settles about stories: its form, its register, risks, what ended, and who read what was not safe yet."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import validators

from workbench.accounts.access import Permission, requires
from workbench.core.forms import DateField, Form, RadioField, TextField, choices
from workbench.core.web import get_or_404, page
from workbench.stories import queries as sources
from workbench.stories.kept.visibility import REACH_NAMES
from workbench.stories.models import StorySource
from workbench.stories.taking_in import queries, register, settling
from workbench.stories.taking_in.forms import SettingsForm
from workbench.stories.taking_in.models import StoryRisks
from workbench.stories.taking_in.risks import ANSWERS, QUESTIONS, open_questions
from workbench.stories.taking_in.words import ENDED_BY, STATE_NAMES

LATE = timedelta(days=2)  # without a look of the nightly job: something is wrong with it

bp = Blueprint("story_settings", __name__, url_prefix="/<council>")


def _number() -> int:
    return min(max(1, request.args.get("pagina", 1, type=int)), 10_000)


@bp.route("/verhalen/instellingen", methods=["GET", "POST"])
@requires(Permission.SET_UP_COUNCIL)
def settings() -> ResponseReturnValue:
    present = queries.settings()
    form = SettingsForm(obj=present)
    if form.validate_on_submit():
        settling.settle({name: form[name].text for name in settling.TEXTS}, by=current_user.id)
        flash(_("Bewaard."), "success")
        return redirect(url_for("story_settings.settings"))
    return page(
        "taking_in/settings.html",
        form=form,
        present=present,
        sources=sources.sources(),
        looked=queries.risks_looked_at(),
        open_questions=open_questions,
    )


@bp.get("/verhalen/verwerkingsregister")
@requires(Permission.SET_UP_COUNCIL)
def processing_register() -> ResponseReturnValue:
    entries = register.entries(
        g.council.name, sources.sources(), queries.settings(), queries.risks_looked_at()
    )
    return page("taking_in/register.html", entries=entries)


@bp.get("/verhaalbronnen/<uuid:story_source_id>/toestemmingsformulier")
@requires(Permission.COLLECT_STORIES)
def consent_form(story_source_id: UUID) -> ResponseReturnValue:
    """To print and sign, in plain words."""
    return page(
        "taking_in/consent_form.html",
        source=get_or_404(StorySource, story_source_id),
        present=queries.settings(),
        reaches=REACH_NAMES,
        authority=register.AUTHORITY,
    )


# --- Risks ----------------------------------------------------------------------------------------------------------


@bp.route("/verhalen/risico", methods=["GET", "POST"])
@requires(Permission.SET_UP_COUNCIL)
def risks() -> ResponseReturnValue:
    """For all stories of the council."""
    return _risks(None)


@bp.route("/verhaalbronnen/<uuid:story_source_id>/risico", methods=["GET", "POST"])
@requires(Permission.SET_UP_COUNCIL)
def risks_of_source(story_source_id: UUID) -> ResponseReturnValue:
    """For the stories of one source."""
    return _risks(get_or_404(StorySource, story_source_id))


def _not_in_the_future(_form: Any, field: Any) -> None:
    if field.data and field.data > date.today():  # noqa: DTZ011 - a calendar day
        raise validators.ValidationError(_("Deze dag moet nog komen."))


class _RisksForm(Form):
    looked_on = DateField(
        lazy_gettext("Op welke dag liep u dit na?"), validators=[validators.Optional(), _not_in_the_future]
    )


def _risks_form(present: StoryRisks | None) -> Form:
    """An answer and a note for each question."""

    class Questions(_RisksForm):
        pass

    values: dict[str, object] = {"looked_on": present.looked_on if present else None}
    for key, (title, hint) in QUESTIONS.items():
        answer = RadioField(
            title,
            description=hint,
            choices=choices(ANSWERS),
            coerce=lambda word: word or "",
            validators=[validators.Optional()],
        )
        setattr(Questions, key, answer)
        note = TextField(lazy_gettext("Toelichting"), maximum=1000, validators=[validators.Optional()])
        setattr(Questions, f"{key}_note", note)
        said = present.answers.get(key, {}) if present else {}
        values[key], values[f"{key}_note"] = said.get("answer"), said.get("note", "")
    return Questions(data=values)


def _risks(source: StorySource | None) -> ResponseReturnValue:
    source_id = source.id if source else None
    present = queries.risks(source_id)
    form = _risks_form(present)
    if form.validate_on_submit():
        answers = {
            key: {"answer": form[key].data or "", "note": form[f"{key}_note"].text} for key in QUESTIONS
        }
        settling.weigh(source_id, answers, form.looked_on.data, by=current_user.id)
        flash(_("Bewaard."), "success")
        return redirect(url_for("story_settings.settings"))
    return page("taking_in/risks.html", form=form, source=source, questions=QUESTIONS)


# --- What ended, and who looked -------------------------------------------------------------------------------------


@bp.get("/verhalen/verdwenen")
@requires(Permission.READ_AUDIT)
def ended() -> ResponseReturnValue:
    """Which stories are gone, when, and by which rule."""
    number = _number()
    found, pages = queries.ended(number)
    tended_at = queries.settings().tended_at
    return page(
        "taking_in/ended.html",
        stories=found,
        page=number,
        pages=pages,
        states=STATE_NAMES,
        ended_by=ENDED_BY,
        kept=queries.kept_until(date.today()) if number == 1 else [],  # noqa: DTZ011 - a calendar day
        tended_at=tended_at,
        is_late=tended_at is not None and tended_at < datetime.now(UTC) - LATE,
    )


@bp.get("/verhalen/inzage")
@requires(Permission.READ_AUDIT)
def opened() -> ResponseReturnValue:
    """Who read a story that was not safe yet."""
    number = _number()
    found, pages = queries.opened(number)
    return page("taking_in/opened.html", opened=found, page=number, pages=pages)
