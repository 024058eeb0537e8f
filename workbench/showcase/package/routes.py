"""A shared template as a file, what such a file looks like, and using one that comes from elsewhere."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.web import page, public
from workbench.showcase import queries
from workbench.showcase.models import TemplateKind
from workbench.showcase.operations import CopiedBefore
from workbench.showcase.package import operations
from workbench.showcase.package.forms import PackageForm, UseAgainForm, UseForm
from workbench.showcase.package.operations import Package
from workbench.showcase.package.reading import Refused
from workbench.showcase.package.words import sentence

bp = Blueprint("package", __name__)


@bp.get("/etalage/<uuid:template_id>/pakket")
@public
def download(template_id: UUID) -> ResponseReturnValue:
    shown = queries.find_shown(template_id) or abort(404)
    name = f"voorbeeld-{str(template_id)[:8]}-versie-{shown.template.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(operations.write(shown), content_type="application/json", headers=headers)


@bp.get("/etalage/pakket/schema.json")
@public
def schema() -> ResponseReturnValue:
    """What a package looks like, as JSON Schema."""
    return jsonify(Package.model_json_schema())


@bp.route("/<council>/etalage/pakket", methods=["GET", "POST"])
@requires(Permission.COPY_TEMPLATE)
def bring(status: int = 200, problem: str = "") -> ResponseReturnValue:
    """Choose a file, then look at what is in it; nothing changes yet."""
    form = PackageForm()
    if problem:
        form.file.errors = [problem]
    elif form.validate_on_submit():
        with form.file.data.stream as stream:
            data = stream.read()
        try:
            package = operations.read(data)
        except Refused as refused:
            form.file.errors, status = [sentence(refused)], 422
        else:
            return _check(package, _form_for(package, data))
    return page("showcase/package/bring.html", status=status, form=form)


def _form_for(package: Package, data: bytes | None = None) -> UseForm:
    earlier = queries.earlier_copies(operations.key_of(package.origin))
    kind = UseAgainForm if earlier else UseForm
    form = kind() if data is None else kind(formdata=None, title=package.title)
    if data is not None:
        form.package.data = data.decode("utf-8-sig")
    if package.kind == TemplateKind.SCRIPT:
        form.keep_only()
    return form


def _check(package: Package, form: UseForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "showcase/package/check.html",
        status=status,
        package=package,
        use=form,
        names=queries.names_in(package.content),
        unknown=operations.unknown_here(package.content),
        earlier=queries.earlier_copies(operations.key_of(package.origin)),
    )


@bp.post("/<council>/etalage/pakket/gebruiken")
@requires(Permission.COPY_TEMPLATE)
def use() -> ResponseReturnValue:
    """The package comes along once more and is read once more: what was looked at is not trusted either."""
    try:
        package = operations.read((UseForm().package.data or "").encode("utf-8", "replace"))
    except Refused as refused:
        return bring(status=422, problem=sentence(refused))
    form = _form_for(package)
    if not form.validate_on_submit():
        return _check(package, form, 422)
    if form.use.data == "keep":
        template = operations.keep(package, form.title.text)
        flash(_("Het voorbeeld is bewaard. Alleen uw eigen raad leest het."), "success")
        if template.kind is TemplateKind.SCRIPT:
            return redirect(url_for("showcase.copy", template_id=template.id))
        return redirect(url_for("showcase.ours", _anchor=f"voorbeeld-{template.id}"))
    once_more = isinstance(form, UseAgainForm) and bool(form.once_more.data)
    try:
        plan = operations.begin(package, form.title.text, current_user.id, once_more=once_more)
    except CopiedBefore as before:
        form.use.errors = [str(before)]
        return _check(package, form, 409)
    flash(_("Het nieuwe traject is begonnen. Begin met de opdracht; het voorbeeld ligt klaar."), "success")
    return redirect(url_for("evidence.plan", plan_id=plan.id))
