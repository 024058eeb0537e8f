"""The story sources of a council: a list, and changing one."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import save_card
from workbench.core.web import get_or_404, page, saved
from workbench.stories import queries
from workbench.stories.forms import CollectionPlanForm
from workbench.stories.models import StorySource
from workbench.vision.histories import History, form_words, offer
from workbench.vision.steps import EVIDENCE

bp = Blueprint("stories", __name__, url_prefix="/<council>")


@bp.get("/verhaalbronnen")
@requires(Permission.CODE_STORIES)
def index() -> ResponseReturnValue:
    return page("stories/index.html", sources=queries.sources())


@bp.route("/verhaalbronnen/<uuid:story_source_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_PLAN)
def edit(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = CollectionPlanForm(obj=source)
    form.start_from(source)
    status = 200
    if form.validate_on_submit():
        if form.saved(
            lambda: save_card(source, form.changes(), by=current_user.id, base_version=form.base())
        ):
            return saved(source, url_for("stories.index"), _("Bewaard."))
        status = 409
    return page("stories/form.html", status=status, form=form, source=source)


def _history(story_source_id: UUID) -> History:
    source = get_or_404(StorySource, story_source_id)
    back = url_for("stories.edit", story_source_id=source.id)
    return History(source, None, EVIDENCE, source.name, back, form_words(CollectionPlanForm(formdata=None)))


offer(bp, "/verhaalbronnen/<uuid:story_source_id>", "history", _history)
