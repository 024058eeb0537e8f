"""One story on its way from sealed to readable: checking, confirming, a second look, and what the narrator allowed."""

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core import audit
from workbench.core.web import page
from workbench.stories.kept import operations as kept
from workbench.stories.kept import queries as stories
from workbench.stories.kept.models import Sealing, Story, Way
from workbench.stories.kept.visibility import Allowed, State
from workbench.stories.narrator.operations import told
from workbench.stories.pseudonyms import Flag, leftovers, rare, sensitive
from workbench.stories.taking_in import drafts, operations, queries
from workbench.stories.taking_in.drafts import Choice, Draft, Group, NotThere
from workbench.stories.taking_in.forms import (
    AllowForm,
    CheckForm,
    ConfirmForm,
    SecondForm,
    StopForm,
    WriteOutForm,
)
from workbench.stories.taking_in.operations import Elsewhere
from workbench.stories.taking_in.words import (
    KIND_NAMES,
    LEFT_OUT,
    OWN,
    REASONS,
    ROLE_WORDS,
    STATE_NAMES,
    TOPIC_NAMES,
)

bp = Blueprint("making_safe", __name__, url_prefix="/<council>")

SAFE = (State.WITH_NARRATOR, State.READY)

# What the first bytes of a recording tell a browser.
SOUNDS = (
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
    (b"RIFF", "audio/wav"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff", "audio/mpeg"),
)


def _story(story_id: UUID) -> Story:
    return stories.story(story_id) or abort(404)


@bp.get("/verhalen/<uuid:story_id>/verwerking")
@requires(Permission.COLLECT_STORIES)
def story(story_id: UUID) -> ResponseReturnValue:
    """Where one story is and what comes next. Shows no word of it."""
    found = _story(story_id)
    return _standing_page(found)


def _standing_page(
    found: Story,
    *,
    form: AllowForm | None = None,
    stop_form: StopForm | None = None,
    link: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    waits = found.state in (State.WITH_NARRATOR, State.SECOND_LOOK)
    return page(
        "taking_in/story.html",
        status=status,
        story=found,
        states=STATE_NAMES,
        form=form or (AllowForm(formdata=None) if waits and found.reach is None else None),
        stop_form=stop_form or (StopForm(formdata=None) if found.state in SAFE else None),
        is_the_narrators_own=kept.is_the_narrators_own(found),
        not_safe=found.state in operations.NOT_SAFE,
        link=link,
        another=queries.next_to_check(found.source_id, found.number),
        me=current_user.id,
    )


@bp.get("/verhalen/<uuid:story_id>/verwerking/stand")
@requires(Permission.COLLECT_STORIES)
def standing(story_id: UUID) -> ResponseReturnValue:
    """A fragment that tells how far it is; the page asks for it every 2 seconds."""
    return page("taking_in/_standing.html", story=_story(story_id), states=STATE_NAMES, me=current_user.id)


# --- Checking -------------------------------------------------------------------------------------------------------


@bp.route("/verhalen/<uuid:story_id>/nakijken", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def check(story_id: UUID) -> ResponseReturnValue:
    """Everything that may say who somebody is, to be replaced or left with a reason."""
    found = _story(story_id)
    if request.method == "GET" and found.state is not State.TO_CHECK:
        return redirect(url_for("making_safe.story", story_id=found.id))
    form = CheckForm()
    if not form.validate_on_submit():
        return _check_page(found, operations.draft_of(found), form)
    choices = typed_choices(request.form)
    act = request.form.get("do", "")
    try:
        draft = operations.keep(found, form.base(), lambda draft: _changed(draft, choices, form, act))
    except Elsewhere:
        draft = operations.draft_of(found)
        return _check_page(found, drafts.decided(draft, choices), form, elsewhere=True)
    except NotThere:
        form.words.errors = [_("Deze woorden staan niet in het verhaal. Typ ze precies zo over.")]
        draft = drafts.decided(operations.draft_of(found), choices)
        return _check_page(found, draft, form, status=422)
    if act == "verder" and _without_reason(draft):
        return redirect(url_for("making_safe.check", story_id=found.id, reden="mist"))
    if act == "verder":
        return redirect(url_for("making_safe.confirm", story_id=found.id))
    flash(_("Bewaard, op slot."), "success")
    return redirect(url_for("making_safe.check", story_id=found.id))


def _changed(draft: Draft, choices: Mapping[int, Choice], form: CheckForm, act: str) -> Draft:
    """With what somebody chose and pointed out. Raises: NotThere."""
    changed = drafts.decided(draft, choices)
    if act.startswith("overal-") and act.removeprefix("overal-").isdecimal():
        changed = drafts.everywhere(changed, int(act.removeprefix("overal-")[:9]))
    if form.words.text:
        instead = form.instead.text or LEFT_OUT
        changed = operations.add_words(changed, form.words.text, instead, is_name=form.is_name.data)
    return changed


def typed_choices(form: Mapping[str, str]) -> dict[int, Choice]:
    """What was chosen per group, by its number."""
    choices = {}
    for name, typed in form.items():
        number = name.removeprefix("word-")
        if name.startswith("word-") and number.isdecimal() and len(number) < 9:
            if f"stay-{number}" in form:
                reason = form.get(f"reason-{number}", "")
                choices[int(number)] = Choice(None, reason if reason in REASONS else "")
            elif words := " ".join(typed.replace("\x00", "").split())[:100]:
                choices[int(number)] = Choice(words)
    return choices


def _without_reason(draft: Draft) -> list[Group]:
    return [group for group in drafts.groups(draft) if group.replacement is None and not group.reason]


def _check_page(
    found: Story, draft: Draft, form: CheckForm, *, elsewhere: bool = False, status: int = 200
) -> ResponseReturnValue:
    if elsewhere or not form.is_submitted():
        form.base_version.data = str(draft.version)
    return page(
        "taking_in/check.html",
        status=409 if elsewhere else status,
        story=found,
        draft=draft,
        form=form,
        groups=drafts.groups(draft),
        pieces=drafts.pieces(draft),
        refused=_without_reason(draft) if "reden" in request.args else [],
        elsewhere=elsewhere,
        kinds=KIND_NAMES,
        own=OWN,
        reasons=REASONS,
        role_words=ROLE_WORDS,
        has_sound=queries.has_sound(found.id),
        asked=told(found).remark if found.way is Way.NARRATOR else "",
    )


@bp.route("/verhalen/<uuid:story_id>/uitschrijven", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def write_out(story_id: UUID) -> ResponseReturnValue:
    """A recording is written out, or another text takes the place of what came in."""
    found = _story(story_id)
    if found.state not in (State.TO_CHECK, State.FAILED):
        return redirect(url_for("making_safe.story", story_id=found.id))
    form = WriteOutForm()
    has_draft = found.state is State.TO_CHECK
    elsewhere = False
    if form.validate_on_submit():
        try:
            operations.write_out(found, form.base(), form.text.text)
        except Elsewhere:
            elsewhere = True
        else:
            return redirect(url_for("making_safe.story", story_id=found.id))
    draft = operations.draft_of(found) if has_draft else Draft("")
    if elsewhere or not form.is_submitted():
        form.base_version.data = str(draft.version)
    if not form.is_submitted():
        form.text.data = draft.text
    return page(
        "taking_in/write_out.html",
        status=409 if elsewhere else 200,
        story=found,
        form=form,
        elsewhere=elsewhere,
        has_sound=queries.has_sound(found.id),
    )


@bp.get("/verhalen/<uuid:story_id>/geluid")
@requires(Permission.COLLECT_STORIES)
def sound(story_id: UUID) -> ResponseReturnValue:
    """The recording, for the page that writes it out; kept by no browser."""
    found = _story(story_id)
    if found.state not in (State.RECEIVED, State.TO_CHECK):
        abort(404)
    recording = kept.unsealed(found.id, Sealing.AUDIO) or abort(404)
    audit.record("story_opened", found)
    kind = next((kind for start, kind in SOUNDS if recording.startswith(start)), "audio/mp4")
    response = send_file(io.BytesIO(recording), mimetype=kind)
    response.headers["Cache-Control"] = "no-store"
    return response


# --- Confirming -----------------------------------------------------------------------------------------------------


@bp.route("/verhalen/<uuid:story_id>/bevestiging", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def confirm(story_id: UUID) -> ResponseReturnValue:
    """The text as others will read it, who tells, and what the narrator allowed."""
    found = _story(story_id)
    if request.method == "GET" and found.state is not State.TO_CHECK:
        return redirect(url_for("making_safe.story", story_id=found.id))
    wanted = queries.wanted_of(found.source)
    draft = operations.draft_of(found)
    form = ConfirmForm(data=_typed_before(draft))
    form.offer(wanted, narrator_chose=found.reach is not None)
    only_saves = request.form.get("do") == "bewaren"
    if only_saves:
        form.is_read.validators = []
    elsewhere = False
    if _without_reason(draft):
        return redirect(url_for("making_safe.check", story_id=found.id, reden="mist"))
    if form.validate_on_submit():
        try:
            draft = operations.keep(found, form.base(), lambda draft: _with_teller(draft, form))
            if only_saves:
                flash(_("Bewaard, op slot."), "success")
                return redirect(url_for("making_safe.confirm", story_id=found.id))
            version = str(queries.settings().form_version)
            operations.confirm(found, draft.version, by=current_user.id, form_version=version)
            return redirect(url_for("making_safe.story", story_id=found.id))
        except Elsewhere:
            elsewhere = True
    if elsewhere or not form.is_submitted():
        form.base_version.data = str(draft.version)
    text = drafts.safe_text(draft)
    flags, left = sensitive(text), [(one.start, one.end) for one in leftovers(text)]
    return page(
        "taking_in/confirm.html",
        status=409 if elsewhere else 200,
        story=found,
        form=form,
        before=draft.text,
        after=drafts.marked(text, left),
        left=len(left),
        topics=_topics(flags),
        rare=_topics(rare(text)),
        is_sensitive=found.is_sensitive or bool(flags),
        is_empty=not text.strip(),
        elsewhere=elsewhere,
    )


def _typed_before(draft: Draft) -> dict[str, Any]:
    consent = draft.consent
    until = operations.allowed_in(draft).ends_on if consent else None
    return {
        "teller": draft.teller,
        "traits": list(draft.traits),
        "how": consent.get("how", ""),
        "reach": consent.get("reach"),
        "quotes_only": consent.get("quotes_only") == "yes",
        "until": until,
    }


def _with_teller(draft: Draft, form: ConfirmForm) -> Draft:
    traits = dict.fromkeys(form.traits.data or (), "ja") if "traits" in form else {}
    return replace(draft, teller=form.teller.text, traits=traits, consent=form.words())


def _topics(flags: list[Flag]) -> dict[str, list[str]]:
    """Per subject the words that told of it."""
    found: dict[str, list[str]] = {}
    for flag in flags:
        words = found.setdefault(str(TOPIC_NAMES[flag.topic]), [])
        if flag.words not in words:
            words.append(flag.words)
    return found


# --- The second look ------------------------------------------------------------------------------------------------


@bp.route("/verhalen/<uuid:story_id>/tweede-lezer", methods=["GET", "POST"])
@requires(Permission.COLLECT_STORIES)
def second(story_id: UUID) -> ResponseReturnValue:
    """Another person reads the text as others will, may take out more, says yes or sends it back."""
    found = _story(story_id)
    if found.state is not State.SECOND_LOOK or found.confirmed_by_id == current_user.id:
        return redirect(url_for("making_safe.story", story_id=found.id))
    form = SecondForm()
    elsewhere = False
    if form.validate_on_submit():
        try:
            return _seconded(found, form)
        except Elsewhere:
            elsewhere = True
        except NotThere:
            form.words.errors = [_("Deze woorden staan niet in het verhaal. Typ ze precies zo over.")]
    draft = operations.to_second(found)
    if elsewhere or not form.is_submitted():
        form.base_version.data = str(draft.version)
    spots = [(one.start, one.end) for one in leftovers(draft.text)]
    return page(
        "taking_in/second.html",
        status=409 if elsewhere else 422 if form.errors else 200,
        story=found,
        draft=draft,
        form=form,
        text=drafts.marked(draft.text, spots),
        left=len(spots),
        topics=_topics(sensitive(draft.text)),
        rare=_topics(rare(draft.text)),
        elsewhere=elsewhere,
        role_words=ROLE_WORDS,
    )


def _seconded(found: Story, form: SecondForm) -> ResponseReturnValue:
    """Words that were typed are replaced first, whatever button follows. Raises: Elsewhere, NotThere."""
    act, base = request.form.get("do"), form.base()
    if form.words.text:
        instead = form.instead.text or LEFT_OUT
        base = operations.keep_second(
            found,
            base,
            lambda draft: operations.add_words(draft, form.words.text, instead, is_name=form.is_name.data),
        ).version
    if act == "terug":
        operations.send_back(found, base, form.remark.text)
        flash(_("Het verhaal is terug bij wie het nakeek."), "success")
    elif act == "akkoord":
        operations.second(found, base, by=current_user.id)
        flash(_("Dank u. Het verhaal is nu veilig."), "success")
    else:
        flash(_("Bewaard, op slot."), "success")
        return redirect(url_for("making_safe.second", story_id=found.id))
    return redirect(url_for("making_safe.story", story_id=found.id))


# --- What the narrator allowed --------------------------------------------------------------------------------------


@bp.post("/verhalen/<uuid:story_id>/toestemming")
@requires(Permission.COLLECT_STORIES)
def allow(story_id: UUID) -> ResponseReturnValue:
    """A consent on paper or aloud, written down after the story was made safe."""
    found = _story(story_id)
    form = AllowForm()
    if form.validate_on_submit():
        allowed = Allowed(form.reach.data, bool(form.quotes_only.data), form.until.data)
        version = str(queries.settings().form_version)
        operations.allow(found, allowed, form_version=version, how=form.how.data)
        flash(_("Vastgelegd wat de verteller toestaat."), "success")
        return redirect(url_for("making_safe.story", story_id=found.id))
    return _standing_page(found, form=form)


@bp.post("/verhalen/<uuid:story_id>/eigen-link")
@requires(Permission.COLLECT_STORIES)
def own_link(story_id: UUID) -> ResponseReturnValue:
    """A link of the narrator's own; it is shown once and kept nowhere."""
    found = _story(story_id)
    if found.state in kept.GONE:
        abort(404)
    base: str = current_app.extensions["settings"].base_url
    address = url_for("narrator.own", token=kept.narrator_link(found))
    return _standing_page(found, link=base.rstrip("/") + address)


@bp.post("/verhalen/<uuid:story_id>/verwijdering")
@requires(Permission.COLLECT_STORIES)
def remove(story_id: UUID) -> ResponseReturnValue:
    """Before it is safe: it does not belong here. Afterwards: its narrator asked for it."""
    found = _story(story_id)
    if found.state in SAFE:
        form = StopForm()
        if not form.validate_on_submit():
            return _standing_page(found, stop_form=form, status=422)
        operations.withdraw_for_narrator(found, how=form.asked.data, by=current_user.id)
    else:
        operations.remove(found, by=current_user.id)
    flash(_("Verhaal %(number)s is weg, met de sleutel erbij.", number=found.number), "success")
    return redirect(url_for("taking_in.index", story_source_id=found.source_id))
