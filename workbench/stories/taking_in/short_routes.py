"""Making short answers of a survey safe, many on one page."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.db import db
from workbench.core.web import get_or_404, page
from workbench.stories.kept.visibility import State
from workbench.stories.models import StorySource
from workbench.stories.taking_in import queries, short
from workbench.stories.taking_in.forms import ShortForm, ShortSecondForm

bp = Blueprint("short_answers", __name__, url_prefix="/<council>")

SAME_AGAIN = "short_answers"  # in the session: what was filled in for the page before, of which source


@bp.route("/verhaalbronnen/<uuid:story_source_id>/verhalen/korte-antwoorden", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def check(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = ShortForm(data=session.get(SAME_AGAIN, {}).get(str(source.id)))
    if form.validate_on_submit():
        session[SAME_AGAIN] = {str(source.id): form.same_again()}
        return _done(
            source,
            form,
            State.TO_CHECK,
            lambda: short.confirm(
                source.id,
                form.answers(),
                teller=form.teller.text,
                consent=form.words(),
                by=current_user.id,
                form_version=str(queries.settings().form_version),
            ),
        )
    return _page(source, form, State.TO_CHECK)


@bp.route(
    "/verhaalbronnen/<uuid:story_source_id>/verhalen/korte-antwoorden/tweede-lezer", methods=["GET", "POST"]
)
@requires(Permission.COLLECT_STORIES)
def second(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = ShortSecondForm()
    if form.validate_on_submit():
        return _done(
            source,
            form,
            State.SECOND_LOOK,
            lambda: short.second(source.id, form.answers(), by=current_user.id),
        )
    return _page(source, form, State.SECOND_LOOK)


def _done(
    source: StorySource, form: ShortSecondForm, state: State, save: Callable[[], int]
) -> ResponseReturnValue:
    """The next answers; all of these or none is saved."""
    try:
        with db.begin_nested():
            count = save()
    except short.ChangedMeanwhile as changed:
        return _page(source, form, state, changed.numbers)
    flash(ngettext("%(num)s antwoord is nagekeken.", "%(num)s antwoorden zijn nagekeken.", count), "success")
    return redirect(request.path)


def _page(
    source: StorySource, form: ShortSecondForm, state: State, missed: Sequence[int] = ()
) -> ResponseReturnValue:
    answers = short.some(source.id, state, current_user.id)
    if not answers and not missed:
        return redirect(url_for("taking_in.index", story_source_id=source.id))
    return page(
        "taking_in/short.html",
        status=409 if missed else 200,
        source=source,
        form=form,
        answers=answers,
        count=short.count(source.id, state, current_user.id),
        is_second=state is State.SECOND_LOOK,
        ticked=set(form.safe.data or ()),
        missed=missed,
    )
