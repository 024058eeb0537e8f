"""Taking stories, labels and citations along as files, and bringing them back."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import act_as, act_for
from workbench.core.text import current_language
from workbench.core.web import page, takes_files
from workbench.knowledge.calendar.models import today
from workbench.stories.coding import bringing, taking
from workbench.stories.coding.exchange.project import Codebook, Project, Refused
from workbench.stories.coding.exchange.reading import read_qdc, read_qdpx
from workbench.stories.coding.exchange.sheets import (
    codings_csv,
    is_tags_csv,
    read_codings_csv,
    read_tags_csv,
    tags_csv,
)
from workbench.stories.coding.exchange.writing import qdpx_chunks, write_qdc
from workbench.stories.coding.forms import BringForm
from workbench.stories.kept.queries import audience

bp = Blueprint("exchange", __name__, url_prefix="/<council>/verhalen/uitwisseling")

CSV = "text/csv"
MEGABYTES = 25  # what a file may be that comes back: two thousand stories take 11
MOST_REMARKS = 5  # shown; they travel in a cookie


@bp.route("/", methods=["GET", "POST"])
@takes_files(MEGABYTES)
@requires(Permission.CODE_STORIES)
def index() -> ResponseReturnValue:
    form = BringForm()
    if form.validate_on_submit():
        with form.file.data.stream as stream:
            data = stream.read()
        try:
            with db.begin_nested():  # whatever is wrong, nothing of the file stays
                brought = _bring(data, form.file.data.filename or "")
        except (Refused, Conflict) as problem:
            form.file.errors = [str(problem)]
        else:
            for sentence in _told(brought):
                flash(sentence, "success")
            return redirect(url_for("exchange.index"))
    return page(
        "coding/exchange.html",
        form=form,
        stories=taking.count(audience(), today()),
        has_labels=bool(taking.labels()),
    )


def _bring(data: bytes, name: str) -> bringing.Brought:
    """Raises: Refused, Conflict."""
    spoken, me, who = current_language(), current_user.id, audience()
    if name.lower().endswith(".qdc"):
        return bringing.bring_labels(read_qdc(data, spoken), by=me)
    if not name.lower().endswith(".csv"):
        return bringing.bring(read_qdpx(data, spoken), who, today(), by=me)
    if is_tags_csv(data):
        return bringing.bring_labels(Codebook(read_tags_csv(data, spoken)), by=me)
    there, labels = tuple(taking.sources(who, today())), taking.labels()
    codings = read_codings_csv(data, there, labels, None, spoken)
    sources = tuple(
        replace(source, codings=codings[source.guid]) for source in there if source.guid in codings
    )
    return bringing.bring(Project("", tags=labels, sources=sources), who, today(), by=me)


def _told(brought: bringing.Brought) -> list[str]:
    remarks = list(brought.remarks[:MOST_REMARKS])
    if left := len(brought.remarks) - len(remarks):
        remarks.append(_("Er waren nog %(count)s opmerkingen.", count=left))
    return [
        _(
            "Binnengekomen. Nieuwe labels: %(tags)s. Labels op citaten: %(codings)s. Notities: %(notes)s. Verhalen: %(stories)s.",
            tags=brought.tags,
            codings=brought.codings,
            notes=brought.notes,
            stories=brought.stories,
        ),
        *remarks,
    ]


def _meanwhile(pieces: Iterable[bytes], council_id: UUID, person_id: UUID) -> Iterator[bytes]:
    """The request is over when these are fetched, and its session with it: the next one acts for the same reader."""
    act_for(db, council_id)
    act_as(db, person_id)
    yield from pieces


def _sent(pieces: Iterable[bytes], mimetype: str, name: str) -> Response:
    """While it is made."""
    audit.record("stories_taken_along", form=name.rpartition(".")[2])
    answer = Response(
        stream_with_context(_meanwhile(pieces, g.council.id, current_user.id)), mimetype=mimetype
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/verhalen.qdpx")
@requires(Permission.CODE_STORIES)
def project_file() -> ResponseReturnValue:
    project = taking.project(_("Verhalen van %(council)s", council=g.council.name), audience(), today())
    return _sent(qdpx_chunks(project, current_language()), "application/zip", "verhalen.qdpx")


@bp.get("/labels.qdc")
@requires(Permission.CODE_STORIES)
def codebook_file() -> ResponseReturnValue:
    file = io.BytesIO()
    write_qdc(taking.whole_codebook(), file, current_language())
    return _sent([file.getvalue()], "application/xml", "labels.qdc")


@bp.get("/labels.csv")
@requires(Permission.CODE_STORIES)
def labels_sheet() -> ResponseReturnValue:
    return _sent([tags_csv(taking.labels(), current_language())], CSV, "labels.csv")


@bp.get("/citaten.csv")
@requires(Permission.CODE_STORIES)
def citations_sheet() -> ResponseReturnValue:
    who = audience()
    pieces = codings_csv(
        taking.sources(who, today()), taking.labels(), taking.coders(who, today()), current_language()
    )
    return _sent(pieces, CSV, "citaten.csv")
