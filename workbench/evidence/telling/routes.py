"""Choosing stories for a goal."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import save_card
from workbench.core.web import get_or_404, page, saved
from workbench.evidence.telling import operations, queries
from workbench.evidence.telling.forms import REASONS, NewStoryForm, StoryLinkForm
from workbench.evidence.telling.models import StoryLink
from workbench.stories.models import StorySource
from workbench.stories.queries import sources
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.histories import History, form_words, offer

bp = Blueprint("telling", __name__, url_prefix="/<council>")


@bp.get("/doelen/<uuid:goal_id>/verhalen/kiezen")
@requires(Permission.EDIT_PLAN)
def choose(goal_id: UUID) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    linked = {link.story_source_id for link in queries.of_goal(goal)}
    return page("telling/choose.html", goal=goal, sources=sources(), linked=linked)


@bp.route("/doelen/<uuid:goal_id>/verhalen/nieuw", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new(goal_id: UUID) -> ResponseReturnValue:
    """A new source of stories, under this goal at once."""
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    form = NewStoryForm()
    if form.validate_on_submit():
        typed = form.changes()
        why = {name: typed.pop(name) for name in REASONS}
        operations.link_stories(goal, operations.add_source(current_user.id, **typed), current_user.id, **why)
        return _done(goal.id)
    return page("telling/form.html", form=form, goal=goal, source=None, link=None)


@bp.route("/doelen/<uuid:goal_id>/verhalen/<uuid:story_source_id>/koppelen", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def new_link(goal_id: UUID, story_source_id: UUID) -> ResponseReturnValue:
    goal = plans.goal_at_work(goal_id, steps.EVIDENCE)
    source = get_or_404(StorySource, story_source_id)
    form = StoryLinkForm()
    if form.validate_on_submit():
        operations.link_stories(goal, source, current_user.id, **form.changes())
        return _done(goal.id)
    return page("telling/form.html", form=form, goal=goal, source=source, link=None)


@bp.route("/verhaalkoppelingen/<uuid:story_link_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit_link(story_link_id: UUID) -> ResponseReturnValue:
    link = queries.story_link(story_link_id) or abort(404)
    goal = plans.goal_at_work(link.goal_id, steps.EVIDENCE)
    form = StoryLinkForm(obj=link)
    form.start_from(link)
    status = 200
    if form.validate_on_submit():
        if form.saved(lambda: save_card(link, form.changes(), by=current_user.id, base_version=form.base())):
            return saved(link, url_for("evidence.goal", goal_id=goal.id), _("De reden is bewaard."))
        status = 409
    return page("telling/form.html", status=status, form=form, goal=goal, source=link.source, link=link)


def _history(story_link_id: UUID) -> History:
    link = queries.story_link(story_link_id) or abort(404)
    goal = plans.goal_with_values(link.goal_id)
    back = url_for("telling.edit_link", story_link_id=link.id)
    words = form_words(StoryLinkForm(formdata=None))
    return History(link, goal.plan_id, steps.EVIDENCE, link.source.name, back, words)


offer(bp, "/verhaalkoppelingen/<uuid:story_link_id>", "history", _history)


@bp.post("/verhaalkoppelingen/<uuid:story_link_id>/verwijderen")
@requires(Permission.EDIT_PLAN)
def remove_link(story_link_id: UUID) -> ResponseReturnValue:
    link = get_or_404(StoryLink, story_link_id)
    goal = plans.goal_at_work(link.goal_id, steps.EVIDENCE)
    operations.remove_stories(link)
    flash(_("Deze verhalen horen niet meer bij dit doel."), "success")
    return redirect(url_for("evidence.goal", goal_id=goal.id))


def _done(goal_id: UUID) -> ResponseReturnValue:
    flash(_("De verhalen horen nu bij dit doel."), "success")
    return redirect(url_for("evidence.goal", goal_id=goal_id))
