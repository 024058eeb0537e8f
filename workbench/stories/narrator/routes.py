"""What a narrator sees: no account, one question at a time, and the own story for as long as it is there.

The code of a story is its token and stands in the path only. Whoever comes is a visitor here, also a member: what is
told is never tied to an account. Nothing is remembered by caches, sent on as referrer, or shown to search engines.
"""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, abort, current_app, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import RequestEntityTooLarge

from workbench.accounts.models import Audience
from workbench.core.errors import WorkbenchError
from workbench.core.files import Kind, kind_of
from workbench.core.forms import Form
from workbench.core.text import current_language
from workbench.core.web import csrf, limiter, page, problem, public, saved, saves_itself
from workbench.knowledge.calendar.models import today
from workbench.stories.kept.codes import new_code, read_code
from workbench.stories.kept.models import GivenBy, Story
from workbench.stories.kept.operations import GONE, approve
from workbench.stories.kept.visibility import REACH_NAMES, State
from workbench.stories.models import StorySource
from workbench.stories.narrator import operations, queries
from workbench.stories.narrator.forms import (
    AgeForm,
    BeginForm,
    CodeForm,
    ConsentForm,
    LinesForm,
    PartsForm,
    PressForm,
    ReachForm,
    RemarkForm,
    SoundForm,
    TellerForm,
    UntilForm,
    WriteForm,
)
from workbench.stories.narrator.lines import LINES, in_words
from workbench.stories.narrator.news import news_of
from workbench.stories.narrator.told import Age, Gap, Told, explained
from workbench.stories.taking_in.queries import settings

bp = Blueprint("narrator", __name__)
limiter.limit("300 per minute")(bp)  # several people may sit behind one address, in a library

LARGEST_SOUND = 10 * 1024 * 1024
REPLACED = re.compile(r"(\[[^\[\]\n]{1,80}\])")

F = TypeVar("F", bound=Callable[..., Any])

# The questions of telling, in order: word in the address -> form. The text itself comes first, then these.
QUESTIONS: dict[str, type[Form]] = {
    "lezers": ReachForm,
    "deel": PartsForm,
    "tijd": UntilForm,
    "betekenis": LinesForm,
    "verteller": TellerForm,
    "leeftijd": AgeForm,
}
HEADINGS = {
    "lezers": lazy_gettext("Wie mag uw verhaal lezen?"),
    "deel": lazy_gettext("Mag uw hele verhaal gelezen worden?"),
    "tijd": lazy_gettext("Hoe lang mag uw verhaal bewaard worden?"),
    "betekenis": lazy_gettext("Wat betekent het voor u?"),
    "verteller": lazy_gettext("Hoe mogen we u noemen?"),
    "leeftijd": lazy_gettext("Hoe oud bent u?"),
}
ORDER = tuple(QUESTIONS)
STEPS = len(QUESTIONS) + 2  # the text before them, sending after them
GAP_QUESTIONS = {Gap.REACH: "lezers", Gap.AGE: "leeftijd", Gap.PARENT: "leeftijd"}


@bp.before_request
def as_a_visitor() -> None:
    """Nobody's account is looked up: not for the page, and not for the audit trail."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


@bp.after_request
def quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint == "narrator.sound":  # the only page that asks for a microphone
        response.headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=()"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@bp.errorhandler(WorkbenchError)
def refused(error: WorkbenchError) -> ResponseReturnValue:
    """In the frame of narrators, without a menu of the workbench."""
    if saves_itself():
        return problem(409, str(error))
    return page("narrator/refused.html", status=409, message=str(error))


def _at_home(council_id: Any) -> None:
    """The page stands in the style of this council."""
    g.council = queries.council(council_id)
    g.council_slug = g.council.slug


# --- The door of a source -------------------------------------------------------------------------------------------


@bp.route("/vertel", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute; 200 per hour", methods=["POST"])
def door() -> ResponseReturnValue:
    """Type a code: of a source, to tell, or of one's own story."""
    form = CodeForm()
    if form.validate_on_submit():
        leads, code = operations.leads_to(form.code.text, today()), read_code(form.code.text)
        if leads is Audience.NARRATOR:
            return redirect(url_for("narrator.own", token=code))
        if leads is Audience.STORY_SOURCE:
            return redirect(url_for("narrator.start", token=code))
        form.code.errors = [_no_such_code()]
    return page("narrator/door.html", form=form)


def _no_such_code() -> str:
    return str(_("Deze code werkt niet, of werkt niet meer. Kijk of u hem goed overtypte."))


def _wrong() -> ResponseReturnValue:
    """The same, whatever is wrong with the code."""
    form = CodeForm(formdata=None)
    return make_response(page("narrator/door.html", status=404, form=form, is_wrong=True))


@bp.route("/vertel/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute; 300 per hour", methods=["POST"])
def start(token: str) -> ResponseReturnValue:
    """What this is about and who reads it, before anything is asked."""
    source = operations.enter_source(token, today())
    if source is None:
        return _wrong()
    form = BeginForm()
    if form.validate_on_submit():
        code = operations.begin(source, form.code.data or "")
        return redirect(url_for("narrator.write", token=code))
    _at_home(source.council_id)
    form.code.data = new_code()
    return page("narrator/start.html", form=form, source=source, officer=settings().officer_email)


def _topics(source: StorySource) -> list[str]:
    return [line.strip() for line in source.topics.splitlines() if line.strip()]


# --- The own story --------------------------------------------------------------------------------------------------


def with_story(*states: State) -> Callable[[F], F]:
    """Give the view the story of the code in its address; where the story is further on, its own page answers."""

    def mark(view: F) -> F:
        @wraps(view)
        def found(token: str, **values: Any) -> ResponseReturnValue:
            story = operations.enter_story(token)
            if story is None:
                return _wrong()
            token = read_code(token) or token  # as on paper, however it was typed
            _at_home(story.council_id)
            g.story = story
            if states and story.state not in states:
                return redirect(_own(token))
            return cast("ResponseReturnValue", view(token, story, **values))

        return cast("F", found)

    return mark


def _own(token: str) -> str:
    return url_for("narrator.own", token=token)


def _page(
    template: str, token: str, story: Story, told: Told | None = None, **values: Any
) -> ResponseReturnValue:
    """A page of a narrator, that always says who reads the story, until when, and how to stop."""
    return page(
        template,
        token=token,
        story=story,
        source=story.source,
        told=told,
        readers=_readers(story),
        last_day=queries.last_day(story, told),
        in_words=in_words,
        State=State,
        **values,
    )


def _readers(story: Story) -> str:
    """Who reads the story now."""
    if story.state == State.TELLING:
        return str(_("nog niemand. Pas als u het verstuurt."))
    if story.state in GONE:
        return str(_("niemand meer."))
    if story.state == State.READY and story.reach is not None:
        readers = str(REACH_NAMES[story.reach])
        if story.quotes_only:
            return str(_("%(readers)s, alleen in stukjes.", readers=readers))
        return f"{readers}."
    return str(_("alleen wie de verhalen veilig maakt."))


@bp.get("/verteller/<token>")
@public
@with_story()
def own(token: str, story: Story) -> ResponseReturnValue:
    """Where my story is now, what I can do, and what was done with it."""
    if story.state in GONE:
        return redirect(url_for("narrator.proof", token=token))
    if story.state == State.TELLING:
        return redirect(url_for("narrator.write", token=token))
    form = RemarkForm(formdata=None)
    if story.state in operations.NOT_SAFE_YET:
        form.remark.data = operations.told(story).remark
    return _own_page(token, story, form)


def _own_page(token: str, story: Story, form: RemarkForm) -> ResponseReturnValue:
    not_safe = story.state in operations.NOT_SAFE_YET
    consent = next(iter(queries.consents(story)), None)
    version, with_parent = explained(consent.form_version if consent else "")
    return _page(
        "narrator/own.html",
        token,
        story,
        form=form,
        not_safe=not_safe,
        has_sound=not_safe and operations.has_sound(story),
        messages=queries.messages_for(story),
        news=news_of(story),
        reading=operations.own_reading(story),
        reach=str(REACH_NAMES[story.reach]) if story.reach else "",
        consent=consent,
        version=version,
        with_parent=with_parent,
        GivenBy=GivenBy,
    )


@bp.post("/verteller/<token>/opmerking")
@public
@with_story()
def remark(token: str, story: Story) -> ResponseReturnValue:
    form = RemarkForm()
    if form.validate_on_submit():
        operations.remark(story, form.remark.text)
        flash(_("Bewaard. Wie uw verhaal veilig maakt, leest dit."), "success")
        return redirect(_own(token))
    if story.state not in operations.NOT_SAFE_YET:
        return redirect(_own(token))
    return _own_page(token, story, form)


@bp.route("/verteller/<token>/tekst", methods=["GET", "POST"])
@public
@with_story(State.TELLING, State.WITH_NARRATOR, State.READY)
def write(token: str, story: Story) -> ResponseReturnValue:
    """The text: saved while it is typed as long as it was not sent; afterwards the safe text, changed with a button."""
    telling = story.state == State.TELLING
    told = operations.told(story) if telling else Told()
    form = WriteForm()
    if form.validate_on_submit():
        if not telling and not form.text.text:
            form.text.errors = [
                _("Laat de tekst niet leeg. Wilt u uw verhaal weghalen? Kies dan “Stop en verwijder”.")
            ]
        elif (
            not telling
            and "toch" not in request.form
            and (seen := operations.names_in(story, form.text.text))
        ):
            return _write_page(token, story, told, form, status=422, pointing=seen)
        elif form.saved(lambda: _save(story, form)):
            return _after_writing(token, story)
        else:
            return _write_page(token, story, told, form, status=409)
    if not form.is_submitted():
        form.text.data = operations.written(story) if telling else story.safe.text if story.safe else ""
        form.base_version.data = str(told.version if telling or not story.safe else story.safe.edition)
    return _write_page(token, story, told, form)


def _save(story: Story, form: WriteForm) -> None:
    if story.state == State.TELLING:
        operations.write(story, form.text.text, form.base())
    else:
        operations.rewrite(story, form.text.text, form.base())


def _after_writing(token: str, story: Story) -> ResponseReturnValue:
    if saves_itself():
        return saved(operations.told(story), "")
    if story.state != State.TELLING:
        flash(_("Uw tekst is veranderd. Stukjes met woorden die weg zijn, staan nergens meer."), "success")
        return redirect(url_for("narrator.read", token=token))
    if not operations.told(story).code_seen:
        return redirect(url_for("narrator.code", token=token))
    return redirect(url_for("narrator.ask", token=token, question=ORDER[0]))


def _write_page(
    token: str, story: Story, told: Told, form: WriteForm, *, status: int = 200, pointing: Sequence[str] = ()
) -> ResponseReturnValue:
    telling = story.state == State.TELLING
    return _page(
        "narrator/write.html",
        token,
        story,
        told,
        status=status,
        form=form,
        telling=telling,
        pointing=pointing,
        topics=_topics(story.source),
        has_sound=telling and operations.has_sound(story),
        place=1 if telling else None,
        steps=STEPS,
    )


@bp.route("/verteller/<token>/code", methods=["GET", "POST"])
@public
@with_story()
def code(token: str, story: Story) -> ResponseReturnValue:
    """The code to come back with, shown on purpose once the first words are kept."""
    form = PressForm()
    telling = story.state == State.TELLING
    if form.validate_on_submit():
        if not telling:
            return redirect(_own(token))
        operations.choose(story, code_seen=True)
        return redirect(url_for("narrator.ask", token=token, question=ORDER[0]))
    address = current_app.extensions["settings"].base_url.rstrip("/") + _own(token)
    return _page("narrator/code.html", token, story, form=form, address=address)


@bp.route(
    "/verteller/<token>/vraag/<any(lezers,deel,tijd,betekenis,verteller,leeftijd):question>",
    methods=["GET", "POST"],
)
@public
@with_story(State.TELLING)
def ask(token: str, story: Story, question: str) -> ResponseReturnValue:
    """One question; a later visit shows what was answered."""
    told = operations.told(story)
    form: Any = QUESTIONS[question]()
    if form.validate_on_submit():
        if question == "betekenis":
            operations.place(story, form.places())
        else:
            operations.choose(story, **form.answers())
        if getattr(form, "age", None) is not None and form.age.data is Age.ALONE:
            return redirect(url_for("narrator.ask_parent", token=token))
        return redirect(_next(token, question))
    if not form.is_submitted():
        if question == "betekenis":
            reading = operations.own_reading(story)
            form.show(reading.answers if reading else [])
        else:
            form.fill(told)
    return _page(
        "narrator/question.html",
        token,
        story,
        told,
        form=form,
        question=question,
        heading=HEADINGS[question],
        lines=LINES,
        place=ORDER.index(question) + 2,
        steps=STEPS,
        before=_before(token, question),
    )


def _next(token: str, question: str) -> str:
    after = ORDER.index(question) + 1
    if after == len(ORDER):
        return url_for("narrator.send", token=token)
    return url_for("narrator.ask", token=token, question=ORDER[after])


def _before(token: str, question: str) -> str:
    place = ORDER.index(question)
    if place == 0:
        return url_for("narrator.write", token=token)
    return url_for("narrator.ask", token=token, question=ORDER[place - 1])


@bp.get("/verteller/<token>/ouder")
@public
@with_story(State.TELLING)
def ask_parent(token: str, story: Story) -> ResponseReturnValue:
    """Somebody under 16 asks a parent first; the text waits."""
    return _page("narrator/parent.html", token, story)


@bp.route("/verteller/<token>/opname", methods=["GET", "POST"])
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # its form checks the token, once a recording may come through
@with_story(State.TELLING)
def sound(token: str, story: Story) -> ResponseReturnValue:
    """Speak instead of typing: a recording of the phone, sealed, and thrown away once it is written out."""
    request.max_content_length = LARGEST_SOUND + 64 * 1024
    try:
        form = SoundForm()
    except RequestEntityTooLarge:  # so much that it is not even read
        form = SoundForm(formdata=None)
        form.file.errors = [_too_large()]
        return _sound_page(token, story, form, status=413)
    if form.validate_on_submit():
        if request.form.get("weg"):
            operations.keep_sound(story, None)
            flash(_("De opname is weggegooid."), "success")
            return redirect(url_for("narrator.sound", token=token))
        data = _brought(form)
        if not data:
            form.file.errors = [_("Kies eerst een opname.")]
        elif len(data) > LARGEST_SOUND:
            form.file.errors = [_too_large()]
        elif kind_of(data) is not Kind.SOUND:
            form.file.errors = [_("Dit is geen geluid dat wij herkennen. Neem het op met uw telefoon.")]
        else:
            operations.keep_sound(story, data)
            flash(_("Uw opname is bewaard. Niemand hoort hem voordat u verstuurt."), "success")
            return redirect(url_for("narrator.write", token=token))
    return _sound_page(token, story, form)


def _sound_page(token: str, story: Story, form: SoundForm, *, status: int = 200) -> ResponseReturnValue:
    has_sound = operations.has_sound(story)
    return _page("narrator/sound.html", token, story, status=status, form=form, has_sound=has_sound)


def _too_large() -> str:
    return str(_("Deze opname is te groot: hooguit 10 MB. Maak hem korter, of schrijf het op."))


def _brought(form: SoundForm) -> bytes:
    if not form.file.data:
        return b""
    with form.file.data.stream as stream:
        return bytes(stream.read())


@bp.route("/verteller/<token>/versturen", methods=["GET", "POST"])
@public
@with_story()
def send(token: str, story: Story) -> ResponseReturnValue:
    """All answers once more, and the button."""
    if story.state != State.TELLING:  # pressed twice, or in another window
        return redirect(_own(token))
    told, text, recording = operations.told(story), operations.written(story), operations.has_sound(story)
    gaps = told.gaps(has_words=bool(text) or recording)
    form = PressForm()
    status = 200
    if form.validate_on_submit():
        if not gaps:
            operations.send(story, today())
            return redirect(url_for("narrator.own", token=token))
        status = 422
    reading = operations.own_reading(story)
    return _page(
        "narrator/send.html",
        token,
        story,
        told,
        status=status,
        form=form,
        text=text,
        has_sound=recording,
        gaps=[(gap, _address_of(token, gap)) for gap in gaps],
        Gap=Gap,
        Age=Age,
        reach=str(REACH_NAMES[told.reach]) if told.reach else "",
        reading=reading,
        place=STEPS,
        steps=STEPS,
        before=url_for("narrator.ask", token=token, question=ORDER[-1]),
    )


def _address_of(token: str, gap: Gap) -> str:
    if gap is Gap.WORDS:
        return url_for("narrator.write", token=token)
    return url_for("narrator.ask", token=token, question=GAP_QUESTIONS[gap])


# --- After sending --------------------------------------------------------------------------------------------------


@bp.route("/verteller/<token>/lezen", methods=["GET", "POST"])
@public
@with_story(State.WITH_NARRATOR, State.READY)
def read(token: str, story: Story) -> ResponseReturnValue:
    """The safe text as others will read it; what was replaced is marked, for the narrator alone."""
    form = PressForm()
    if form.validate_on_submit():
        if story.state == State.WITH_NARRATOR:
            approve(story)
            flash(_("Dank u wel. Uw verhaal mag nu gebruikt worden."), "success")
        return redirect(_own(token))
    safe = story.safe or abort(404)
    parts = [(part, bool(REPLACED.fullmatch(part))) for part in REPLACED.split(safe.text) if part]
    return _page(
        "narrator/read.html",
        token,
        story,
        form=form,
        parts=parts,
        has_replaced=any(is_replaced for _part, is_replaced in parts),
        teller=safe.teller,
    )


@bp.route("/verteller/<token>/toestemming", methods=["GET", "POST"])
@public
@with_story(*operations.NOT_SAFE_YET, State.WITH_NARRATOR, State.READY)
def allow(token: str, story: Story) -> ResponseReturnValue:
    form = ConsentForm()
    if form.validate_on_submit():
        operations.allow(story, form.allowed())
        flash(_("Bewaard. Dit geldt meteen."), "success")
        return redirect(_own(token))
    if not form.is_submitted() and story.allowed:
        form.show(story.allowed)
    return _page("narrator/allow.html", token, story, form=form)


@bp.route("/verteller/<token>/betekenis", methods=["GET", "POST"])
@public
@with_story(*operations.NOT_SAFE_YET, State.WITH_NARRATOR, State.READY)
def meaning(token: str, story: Story) -> ResponseReturnValue:
    """The three lines, for who did not place them while telling or wants to move them."""
    form = LinesForm()
    if form.validate_on_submit():
        operations.place(story, form.places())
        flash(_("Bewaard."), "success")
        return redirect(_own(token))
    if not form.is_submitted():
        reading = operations.own_reading(story)
        form.show(reading.answers if reading else [])
    return _page(
        "narrator/question.html",
        token,
        story,
        form=form,
        question="betekenis",
        heading=HEADINGS["betekenis"],
        lines=LINES,
        before=_own(token),
    )


@bp.route("/verteller/<token>/stop", methods=["GET", "POST"])
@public
@with_story()
def stop(token: str, story: Story) -> ResponseReturnValue:
    """A clear question first; then everything is gone at once."""
    if story.state in GONE:
        return redirect(url_for("narrator.proof", token=token))
    form = PressForm()
    if form.validate_on_submit():
        operations.withdraw(story)
        return redirect(url_for("narrator.proof", token=token))
    return _page("narrator/stop.html", token, story, form=form)


@bp.get("/verteller/<token>/bewijs")
@public
@with_story(*GONE)
def proof(token: str, story: Story) -> ResponseReturnValue:
    """What was removed, when, and what remains; to keep or print."""
    return _page("narrator/proof.html", token, story, facts=_facts(story))


@bp.get("/verteller/<token>/bewijs.txt")
@public
@with_story(*GONE)
def proof_file(token: str, story: Story) -> ResponseReturnValue:
    text = "\n".join([_("Bewijs van verwijdering"), "", *(f"{name}: {fact}" for name, fact in _facts(story))])
    headers = {"Content-Disposition": 'attachment; filename="bewijs-verhaal-verwijderd.txt"'}
    return Response(f"{text}\n", mimetype="text/plain", headers=headers)


def _facts(story: Story) -> list[tuple[str, str]]:
    """The proof, line by line; without a word of the story."""
    moment = current_language().moment
    ended = moment(story.ended_at) if story.ended_at else ""
    number = str(story.number) if story.number else _("geen: het was nog niet verstuurd")
    removed = _(
        "alle woorden, alle citaten, uw antwoorden op de drie vragen, de opname als die er was, en de sleutel"
    )
    facts = [
        (_("Gemeente"), g.council.name),
        (_("Verzameling"), story.source.name),
        (_("Nummer van het verhaal"), number),
        (
            _("Ingetrokken op")
            if story.state == State.WITHDRAWN
            else _("Verwijderd omdat de tijd om was, op"),
            ended,
        ),
        (_("Verwijderd"), removed),
        (_("Reservekopieën"), _("zonder de sleutel kan niemand uw woorden daar nog lezen")),
        (_("Wat blijft"), _("dit bewijs: het nummer, de dag en wat u toestond")),
        (
            _("Wat wij niet kunnen weghalen"),
            _("wat iemand al las, printte, downloadde of overschreef voordat u stopte"),
        ),
    ]
    cleared = (
        moment(story.cleared_at) if story.cleared_at else _("hier wordt nu aan gewerkt; kijk later nog eens")
    )
    return [*facts, (_("Overal weggehaald waar een citaat stond"), cleared)]
