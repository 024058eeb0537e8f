"""The codebook: the tree of labels, one label, merging and retiring."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.web import get_or_404, page
from workbench.stories.coding import tags
from workbench.stories.coding.forms import TagForm
from workbench.stories.coding.models import Tag
from workbench.vision.histories import History, form_words, offer
from workbench.vision.steps import EVIDENCE

bp = Blueprint("labels", __name__, url_prefix="/<council>/labels")


@bp.get("/")
@requires(Permission.CODE_STORIES)
def index() -> ResponseReturnValue:
    return page(
        "coding/labels.html",
        tree=tags.tree(with_retired=True),
        counts=tags.counts(),
        about=tags.about(tags.offer()),
    )


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.CODE_STORIES)
def new() -> ResponseReturnValue:
    return _edit(None)


@bp.route("/<uuid:tag_id>", methods=["GET", "POST"])
@requires(Permission.CODE_STORIES)
def edit(tag_id: UUID) -> ResponseReturnValue:
    return _edit(get_or_404(Tag, tag_id))


def _edit(tag: Tag | None) -> ResponseReturnValue:
    tree, offered = tags.tree(), tags.offer()
    start = {"look": tags.least_used([item.tag for item in tree])}
    form = TagForm(data={name: getattr(tag, name) for name in Tag.CONTENT} if tag else start)
    form.offer(tree, offered, tag)
    if tag:
        form.start_from(tag)
        form.start_with(tags.about(offered)[tag.id])
    status = 200
    if form.validate_on_submit():
        try:
            if form.saved(lambda: _save(tag, form, offered)):
                flash(_("Bewaard."), "success")
                return redirect(url_for("labels.index"))
            status = 409
        except Conflict as problem:
            form.name.errors = [str(problem)]
            status = 422
    others = [item for item in tree if tag is not None and item.tag.id != tag.id]
    return page("coding/label.html", status=status, form=form, tag=tag, others=others)


def _save(tag: Tag | None, form: TagForm, offered: tags.Offer) -> None:
    base = form.base() if tag else None
    saved = tags.save(tag, form.card(), by=current_user.id, base_version=base)
    tags.connect(saved, offered, form.goals.data or (), form.values.data or ())


@bp.post("/<uuid:tag_id>/opnemen")
@requires(Permission.CODE_STORIES)
def merge(tag_id: UUID) -> ResponseReturnValue:
    tag = get_or_404(Tag, tag_id)
    into = next((i.tag for i in tags.tree() if str(i.tag.id) == request.form.get("in")), None)
    if into is None:
        raise Conflict(_("Kies een ander label om dit label in op te nemen."))
    tags.merge(tag, into, by=current_user.id)
    flash(_("De citaten hebben nu het label „%(name)s”.", name=into.name), "success")
    return redirect(url_for("labels.edit", tag_id=into.id))


@bp.post("/<uuid:tag_id>/aanbod")
@requires(Permission.CODE_STORIES)
def retire(tag_id: UUID) -> ResponseReturnValue:
    """Offer a label no more, or again."""
    tag = get_or_404(Tag, tag_id)
    if request.form.get("wat") == "weer":
        tags.restore(tag, by=current_user.id)
    else:
        tags.retire(tag, by=current_user.id)
    flash(_("Bewaard."), "success")
    return redirect(url_for("labels.edit", tag_id=tag.id))


def _history(tag_id: UUID) -> History:
    tag = get_or_404(Tag, tag_id)
    form = TagForm(formdata=None)
    form.offer(tags.tree(with_retired=True), tags.Offer([], []))
    back = url_for("labels.edit", tag_id=tag.id)
    # Where it hangs stays: another label may hang under it by now.
    return History(tag, None, EVIDENCE, tag.name, back, form_words(form), stays=("parent_id",))


offer(bp, "/<uuid:tag_id>", "history", _history)
