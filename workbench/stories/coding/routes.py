"""Stories: the list with its search, reading and coding one, and reading with more people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, may, requires
from workbench.core.errors import Conflict
from workbench.core.forms import clean_text
from workbench.core.text import current_language
from workbench.core.web import page, saves_itself
from workbench.knowledge.calendar.models import today
from workbench.stories.coding import operations, queries, tags
from workbench.stories.coding.agreement import agreement, meaning, segments
from workbench.stories.coding.comparing import Choice, Comparison, Decision
from workbench.stories.coding.turns import Turn
from workbench.stories.kept.models import LEANING_NAMES, Leaning, Story
from workbench.stories.kept.queries import audience

bp = Blueprint("coding", __name__, url_prefix="/<council>")

MOST_RECENT = 8
SENTENCES = "zinnen"
FROM_FILTERS = {"bron": "source_id", "label": "tag_id", "doel": "goal_id"}


# --- The list -------------------------------------------------------------------------------------------------------


@bp.get("/verhalen")
@requires(Permission.READ_STORIES)
def index() -> ResponseReturnValue:
    filters = _filters()
    number = max(1, min(request.args.get("pagina", 1, type=int), 10_000))
    codes = may(Permission.CODE_STORIES)
    found = queries.found(filters, audience(), today(), number)
    return page(
        "coding/index.html",
        filters=filters,
        found=found,
        asks_nothing=not found.stories and queries.asks_nothing(filters.text),
        number=number,
        sources=queries.sources_to_filter(),
        tree=tags.tree(),
        goals=tags.goals(),
        leanings=LEANING_NAMES,
        codes=codes,
        address=_address(),
    )


def _address() -> str:
    """Of this list, without the page."""
    asked: dict[str, Any] = {name: text for name, text in request.args.items() if name != "pagina" and text}
    return url_for("coding.index", **asked)


def _filters() -> queries.Filters:
    ids: dict[str, Any] = {}
    for name, field in FROM_FILTERS.items():
        if typed := request.args.get(name, ""):
            ids[field] = _uuid(typed) or abort(404)
    leaning = request.args.get("richting", "")
    if leaning and leaning not in list(Leaning):
        abort(404)
    state = request.args.get("lezen", "")
    return queries.Filters(
        text=(clean_text(request.args.get("q")) or "")[:200],
        leaning=Leaning(leaning) if leaning else None,
        state=state if state in ("los", "mijn") and may(Permission.CODE_STORIES) else "",
        **ids,
    )


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


# --- One story ------------------------------------------------------------------------------------------------------


@bp.get("/verhalen/<uuid:story_id>")
@requires(Permission.READ_STORIES)
def story(story_id: UUID) -> ResponseReturnValue:
    found, is_whole = queries.readable_story(story_id, today())
    if not is_whole:
        return page("coding/quotes.html", story=found, quotes=queries.quotes_of(found))
    return _reading(found, picking=request.args.get("kies") == SENTENCES)


def _reading(found: Story, *, picking: bool, problem: str = "") -> ResponseReturnValue:
    """`problem`: why what was ticked could not be marked; the ticks stay."""
    before, after = queries.neighbours(found, audience(), today())
    return page(
        "coding/story.html",
        status=409 if problem else 200,
        **_seen(found),
        before=before,
        after=after,
        people=_people(found),
        picking=picking,
        problem=problem,
        ticked=request.form.getlist("zin"),
        labelled=_labels(),
        leaning=_leaning(),
    )


def _people(story: Story) -> dict[UUID, str]:
    """Whom one could ask to read this story blind."""
    if story.settled_at is None and may(Permission.COLLECT_STORIES):
        return queries.people_to_ask(story, today())
    return {}


def _seen(story: Story) -> dict[str, Any]:
    """What the text with its marks needs."""
    codes = may(Permission.CODE_STORIES)
    desk = queries.desk(story, codes=codes, recent=session.get("labels", []))
    chosen = _uuid(request.values.get("citaat", ""))
    return {
        "story": story,
        "desk": desk,
        "codes": codes,
        "can_mark": codes and desk.can_mark,
        "why_not": operations.why_not(desk.turn) if codes and not desk.can_mark else "",
        "sentences": segments(desk.words.text),
        "leanings": LEANING_NAMES,
        "chosen": next((item for item in desk.marked if item.excerpt.id == chosen and item.can_change), None),
        "Turn": Turn,
    }


def _done(story: Story, message: str, anchor: str = "tekst") -> ResponseReturnValue:
    """Saved: the script of the page gets the text with its marks as they are now."""
    if saves_itself():
        return {"message": message, "html": render_template("coding/_work.html", **_seen(story))}
    flash(message, "success")
    return redirect(url_for("coding.story", story_id=story.id, _anchor=anchor))


def _edition() -> int:
    """Of the text, when the page was opened; 0 when it is absent or spoiled, which shows as a conflict."""
    typed = request.form.get("edition", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


def _place(name: str) -> int:
    typed = request.form.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


def _leaning() -> Leaning | None:
    typed = request.form.get("leaning", "")
    return Leaning(typed) if typed in list(Leaning) else None


def _labels(name: str = "label") -> list[UUID]:
    return [found for typed in request.form.getlist(name) if (found := _uuid(typed))]


def _with_new_label(chosen: list[UUID]) -> list[UUID]:
    """And the label that was made on the way; one with this name that is there already is taken."""
    name = (clean_text(request.form.get("nieuw")) or "")[:80]
    if not name:
        return chosen
    same = [item.tag for item in tags.tree() if item.tag.name.casefold() == name.casefold()]
    tag = same[0] if same else tags.save(None, {"name": name}, by=current_user.id)
    return [*chosen, tag.id]


def _remember(chosen: Sequence[UUID]) -> None:
    """What this person used last stands first in the palette."""
    used = dict.fromkeys([*(str(tag_id) for tag_id in chosen), *session.get("labels", [])])
    session["labels"] = list(used)[:MOST_RECENT]


@bp.post("/verhalen/<uuid:story_id>/citaten")
@requires(Permission.CODE_STORIES)
def mark(story_id: UUID) -> ResponseReturnValue:
    """Mark what was selected, or sentences that were ticked."""
    found = queries.story_to_code(story_id, today())
    passages = _ticked() or [(_place("start"), _place("end"))]
    try:
        chosen = _with_new_label(_labels())
        operations.mark(
            found,
            dict.fromkeys(passages, chosen),
            leaning=_leaning(),
            edition=_edition(),
            by=current_user.id,
        )
    except Conflict as problem:
        if request.form.get("kies") == SENTENCES:
            return _reading(found, picking=True, problem=str(problem))
        raise
    _remember(chosen)
    return _done(found, _("Gemarkeerd en bewaard."))


def _ticked() -> list[tuple[int, int]]:
    """Sentences that follow each other are one passage."""
    typed = [part.split("-") for part in request.form.getlist("zin")[:500]]
    places = sorted(
        {
            (int(part[0]), int(part[1]), int(part[2]))
            for part in typed
            if len(part) == 3 and all(number.isdecimal() and len(number) < 9 for number in part)
        }
    )
    passages: list[tuple[int, int]] = []
    last = -1
    for number, start, end in places:
        if passages and number == last + 1:
            passages[-1] = (passages[-1][0], end)
        else:
            passages.append((start, end))
        last = number
    return passages


@bp.post("/verhalen/<uuid:story_id>/citaten/<uuid:excerpt_id>")
@requires(Permission.CODE_STORIES)
def change(story_id: UUID, excerpt_id: UUID) -> ResponseReturnValue:
    found = queries.story_to_code(story_id, today())
    what = request.form.get("wat", "")
    edition, me = _edition(), current_user.id
    if what == "weg":
        operations.remove(found, excerpt_id, edition=edition, by=me)
        return _done(found, _("Het citaat is weg."))
    if what == "grenzen":
        borders = (_place("start"), _place("end"))
        operations.change(found, excerpt_id, borders=borders, edition=edition, by=me)
        return _done(found, _("De grenzen zijn veranderd."))
    if what != "labels":
        abort(404)
    had, chosen = set(_labels("had")), _with_new_label(_labels())
    operations.change(
        found,
        excerpt_id,
        add=[tag_id for tag_id in chosen if tag_id not in had],
        remove=had - set(chosen),
        leaning=_leaning() or "" if "leaning" in request.form else None,
        edition=edition,
        by=me,
    )
    _remember([tag_id for tag_id in chosen if tag_id not in had])
    return _done(found, _("Bewaard."))


@bp.post("/verhalen/<uuid:story_id>/notities")
@requires(Permission.CODE_STORIES)
def write_note(story_id: UUID) -> ResponseReturnValue:
    found = queries.story_to_code(story_id, today())
    about = _uuid(request.form.get("citaat", ""))
    text = clean_text(request.form.get("notitie")) or ""
    operations.write_note(found, text, excerpt_id=about, by=current_user.id)
    return _done(found, _("Uw notitie is bewaard."), "notities")


@bp.post("/verhalen/<uuid:story_id>/notities/<uuid:memo_id>")
@requires(Permission.CODE_STORIES)
def remove_note(story_id: UUID, memo_id: UUID) -> ResponseReturnValue:
    found = queries.story_to_code(story_id, today())
    operations.remove_note(found, memo_id, by=current_user.id)
    return _done(found, _("Uw notitie is weg."), "notities")


# --- Reading with more people ---------------------------------------------------------------------------------------


@bp.post("/verhalen/<uuid:story_id>/lezers")
@requires(Permission.COLLECT_STORIES)
def ask_blind(story_id: UUID) -> ResponseReturnValue:
    found = queries.story_to_code(story_id, today())
    if request.form.get("wat") == "stop":
        operations.stop_blind(found, by=current_user.id)
        return _to(found, _("Iedereen leest dit verhaal weer samen."))
    possible = queries.people_to_ask(found, today())
    wanted = [person for typed in request.form.getlist("lezer") if (person := _uuid(typed)) in possible]
    operations.ask_blind(found, [person for person in wanted if person], by=current_user.id)
    return _to(found, _("Zij lezen dit verhaal nu los van elkaar."))


def _to(story: Story, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("coding.story", story_id=story.id))


@bp.post("/verhalen/<uuid:story_id>/klaar")
@requires(Permission.CODE_STORIES)
def finish(story_id: UUID) -> ResponseReturnValue:
    """A blind reader is done, or goes on."""
    found = queries.story_to_code(story_id, today())
    if request.form.get("wat") == "verder":
        operations.take_up(found, by=current_user.id)
        return _to(found, _("U kunt weer verder lezen."))
    operations.finish(found, by=current_user.id)
    return _to(found, _("Uw lezing is klaar."))


@bp.post("/verhalen/<uuid:story_id>/samen")
@requires(Permission.CODE_STORIES)
def settle_together(story_id: UUID) -> ResponseReturnValue:
    found = queries.story_to_code(story_id, today())
    operations.settle_together(found, by=current_user.id)
    return _to(found, _("Dit is nu de gezamenlijke lezing."))


@bp.route("/verhalen/<uuid:story_id>/vergelijking", methods=["GET", "POST"])
@requires(Permission.CODE_STORIES)
def compare(story_id: UUID) -> ResponseReturnValue:
    """How alike blind readers read, and settling where they differ."""
    found = queries.story_to_code(story_id, today())
    blind = queries.blind_readings(found)
    if not blind:
        return _to(found, _("Er valt bij dit verhaal nu niets te vergelijken."))
    words = queries.words_of(found.id)
    comparison = Comparison(words.text, [reading.passages for reading in blind])
    missing: list[int] = []
    undecided: list[int] = []
    if request.method == "POST":
        decisions, missing = _decisions(comparison)
        ways, undecided = _ways(comparison)
        if not missing and not undecided:
            settled = comparison.settled(decisions, ways)
            operations.settle(found, settled, edition=_edition(), by=current_user.id)
            return _to(found, _("Er is nu één lezing van dit verhaal."))
    spoken = current_language()
    found_alike = comparison.agreement()
    placed = {item.tag.id: item for item in tags.tree(with_retired=True)}
    return page(
        "coding/compare.html",
        status=422 if missing or undecided else 200,
        story=found,
        edition=words.edition,
        readers=blind,
        comparison=comparison,
        labels=[placed[tag_id] for tag_id in comparison.tags],
        overall=meaning(found_alike.overall, spoken),
        measured=[
            (placed[tag_id], found_alike.per_tag[number]) for number, tag_id in enumerate(comparison.tags)
        ],
        differences=list(enumerate(comparison.differences)),
        divided=list(enumerate(comparison.divided)),
        leanings=LEANING_NAMES,
        Choice=Choice,
        missing=missing,
        undecided=undecided,
    )


@bp.get("/verhalen/overeenstemming")
@requires(Permission.CODE_STORIES)
def alike() -> ResponseReturnValue:
    """How alike the group reads, over all stories that were read blind."""
    read = queries.read_blind(audience(), today())
    found = agreement(read.texts, range(len(read.tags)))
    return page(
        "coding/alike.html",
        texts=len(read.texts),
        stories=queries.whole_stories(audience(), today()),
        overall=meaning(found.overall, current_language()) if read.texts else [],
        measured=[(placed, found.per_tag[number]) for number, placed in enumerate(read.tags)],
    )


OPEN = "open"


def _ways(comparison: Comparison) -> tuple[list[Leaning | None], list[int]]:
    """Which way each passage goes on which the readers are divided, and of which of them nothing was chosen."""
    typed = [request.form.get(f"kant-{number}", "") for number in range(len(comparison.divided))]
    ways = [Leaning(way) if way in list(Leaning) else None for way in typed]
    return ways, [number for number, way in enumerate(typed) if way not in [*Leaning, OPEN]]


def _decisions(comparison: Comparison) -> tuple[list[Decision], list[int]]:
    """What was chosen of each difference, and of which of them nothing (that can be)."""
    decisions, missing = [], []
    for number, difference in enumerate(comparison.differences):
        choice = request.form.get(f"keuze-{number}", "")
        own = None
        if choice == Choice.OWN:
            near = dict(comparison.near(difference))
            first, last = (near.get(_place(f"{end}-{number}")) for end in ("van", "tot"))
            if first and last and first.start < last.end:
                own = (first.start, last.end)
        if choice not in comparison.choices(difference) or (choice == Choice.OWN and own is None):
            missing.append(number)
        decisions.append(Decision(choice, own))
    return decisions, missing
