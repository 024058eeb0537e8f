"""The stories of a source: how many, what waits for whom, and the ways in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.web import get_or_404, page, takes_files
from workbench.stories.kept.models import Way
from workbench.stories.kept.visibility import State
from workbench.stories.models import StorySource
from workbench.stories.taking_in import operations, queries, short
from workbench.stories.taking_in.forms import ColumnsForm, FileForm, SurveyForm, TalkForm, TextForm
from workbench.stories.taking_in.models import PileState, StoryPile
from workbench.stories.taking_in.operations import MOST_STORIES, TYPED, Split
from workbench.stories.taking_in.words import STATE_NAMES

bp = Blueprint("taking_in", __name__, url_prefix="/<council>")

MEGABYTES = 5


@bp.get("/verhaalbronnen/<uuid:story_source_id>/verhalen")
@requires(Permission.COLLECT_STORIES)
def index(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    number = min(max(1, request.args.get("pagina", 1, type=int)), 10_000)
    counts = queries.counts(source.id)
    waiting, pages = queries.under_way(source.id, number)
    return page(
        "taking_in/index.html",
        source=source,
        counts=counts,
        here=queries.here(counts),
        waiting=waiting,
        page=number,
        pages=pages,
        spread=queries.spread(source),
        piles=queries.to_choose(queries.piles(source.id)),
        short={state: short.count(source.id, state, current_user.id) for state in short.STATES},
        states=STATE_NAMES,
        State=State,
        me=current_user.id,
    )


# --- Ways in --------------------------------------------------------------------------------------------------------


@bp.route("/verhaalbronnen/<uuid:story_source_id>/verhalen/bestand", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
@takes_files(MEGABYTES)
def bring_file(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = FileForm()
    if form.validate_on_submit():
        story = operations.take_file(source, *_file(form.file), by=current_user.id, told_on=form.told_on.data)
        return redirect(url_for("making_safe.story", story_id=story.id))
    return page("taking_in/bring.html", form=form, source=source, way=Way.FILE)


@bp.route("/verhaalbronnen/<uuid:story_source_id>/verhalen/tekst", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def bring_text(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = TextForm()
    if form.validate_on_submit():
        story = operations.take_text(source, form.text.text, by=current_user.id, told_on=form.told_on.data)
        return redirect(url_for("making_safe.story", story_id=story.id))
    return page("taking_in/bring.html", form=form, source=source, way=Way.TYPED)


@bp.route("/verhaalbronnen/<uuid:story_source_id>/verhalen/gesprek", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
@takes_files(MEGABYTES)
def bring_talk(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = TalkForm()
    if form.validate_on_submit():
        name, data = _file(form.file) if form.file.data else (TYPED, form.text.text.encode())
        return _pile(source, Way.TALK, form, name=name, data=data, split=form.split.data)
    return page("taking_in/bring.html", form=form, source=source, way=Way.TALK)


@bp.route("/verhaalbronnen/<uuid:story_source_id>/verhalen/antwoorden", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
@takes_files(MEGABYTES)
def bring_answers(story_source_id: UUID) -> ResponseReturnValue:
    source = get_or_404(StorySource, story_source_id)
    form = SurveyForm()
    if form.validate_on_submit():
        name, data = _file(form.file)
        return _pile(source, Way.ANSWER, form, name=name, data=data, split=Split.NOT)
    return page("taking_in/bring.html", form=form, source=source, way=Way.ANSWER)


def _file(field: Any) -> tuple[str, bytes]:
    with field.data.stream as stream:
        return field.data.filename or "", stream.read()


def _pile(
    source: StorySource, way: Way, form: Any, *, name: str, data: bytes, split: Split
) -> ResponseReturnValue:
    pile = operations.take_pile(
        source, way, name, data, by=current_user.id, told_on=form.told_on.data, split=split
    )
    return redirect(url_for("taking_in.pile", story_pile_id=pile.id))


@bp.route("/verhaalbronnen/stapels/<uuid:story_pile_id>", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def pile(story_pile_id: UUID) -> ResponseReturnValue:
    """Waiting until it is read, choosing columns of a survey, and what became of it."""
    found = _found_pile(story_pile_id)
    if found.state is not PileState.TO_CHOOSE:
        return page("taking_in/pile.html", pile=found, most=MOST_STORIES)
    table = operations.table_of(found)
    form = ColumnsForm()
    form.offer(table["header"], table["open"])
    if form.validate_on_submit():
        operations.choose_answers(found, form.chosen(table["header"]))
        return redirect(url_for("taking_in.pile", story_pile_id=found.id))
    return page(
        "taking_in/columns.html",
        pile=found,
        form=form,
        notes=table["notes"],
        rows=len(table["rows"]),
        filled=[(name, _filled(table["rows"], place)) for place, name in enumerate(table["header"])],
    )


def _filled(rows: Any, place: int) -> int:
    return sum(1 for row in rows if row[place].strip())


@bp.get("/verhaalbronnen/stapels/<uuid:story_pile_id>/stand")
@requires(Permission.COLLECT_STORIES)
def pile_standing(story_pile_id: UUID) -> ResponseReturnValue:
    """A fragment that tells how far it is; the page asks for it every 2 seconds."""
    return page("taking_in/_pile.html", pile=_found_pile(story_pile_id), most=MOST_STORIES)


def _found_pile(pile_id: UUID) -> StoryPile:
    return queries.pile(pile_id) or abort(404)
