"""The clerk's side: choose block by block, look as a resident, publish, keep up to date, revoke."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import escape

from workbench.accounts.access import Permission, requires
from workbench.core.errors import Conflict
from workbench.core.web import csp_nonce, language, page
from workbench.knowledge.calendar.models import today
from workbench.monitors.contents import (
    FigureWords,
    GoalWords,
    MoneyWords,
    MonitorWords,
    QuoteWords,
    StoriesWords,
)
from workbench.monitors.hearing import hear
from workbench.monitors.publishing import operations, pages, queries
from workbench.monitors.publishing.choosing import News, news, offered, seen
from workbench.monitors.publishing.forms import PublishForm, SettingsForm
from workbench.monitors.publishing.hosts import read_hosts
from workbench.monitors.publishing.models import Publication
from workbench.monitors.publishing.public_routes import resident_values
from workbench.monitors.publishing.queries import Own, Source
from workbench.stories.kept.visibility import Audience

bp = Blueprint("publishing", __name__, url_prefix="/<council>/inwoners")


@bp.get("")
@requires(Permission.PUBLISH_MONITOR)
def index() -> ResponseReturnValue:
    """Where it stands: what residents read now, what is in the making, and what has changed since."""
    own = queries.own(g.council, language())
    settings = own.settings
    found_news = None
    if own.standing and own.page:
        found_news = news(own.page, _for_residents(own.standing, _source(own.standing.monitor_id)))
    return page(
        "publishing/index.html",
        own=own,
        settings=settings,
        monitors=queries.monitors_for_residents(),
        news=found_news,
        News=News,
        today=today(),
        is_open=bool(own.standing and own.standing.is_open(today()))
        and not (settings.quiet_hides and settings.is_quiet(today())),
        address=_base() + pages.page_address(g.council.slug, "nl"),
        embeds=_embeds(own) if settings.hosts else [],
    )


def _base() -> str:
    return str(current_app.extensions["settings"].base_url).rstrip("/")


def _embeds(own: Own) -> list[tuple[str, str]]:
    """(name, code to copy) of everything that can stand elsewhere by itself."""
    items = list(own.page.items) if own.page else []
    goals = {item.goal_id: item.sentence for item in items if isinstance(item, GoalWords)}
    named = [(_name(item, goals), item.id) for item in items if not isinstance(item, GoalWords)]
    return [(name, _embed(name, block_id)) for name, block_id in named]


def _embed(name: str, block_id: UUID) -> str:
    address = _base() + url_for("public_monitor.block", block_id=block_id)
    return (
        f'<iframe src="{address}" title="{escape(name)}" width="100%" height="720" loading="lazy"></iframe>'
    )


def _name(item: object, goals: dict[UUID, str]) -> str:
    if isinstance(item, FigureWords):
        return item.title
    if isinstance(item, MoneyWords):
        goal = item.about or goals.get(item.goal_id, "")
        return str(_("Wat het kost: %(goal)s", goal=goal) if goal else _("Wat het kost"))
    if isinstance(item, QuoteWords | StoriesWords):
        return str(_("Wat inwoners vertellen"))
    return str(getattr(item, "title", "") or getattr(item, "text", "")[:60])


@bp.route("/monitors/<uuid:monitor_id>", methods=["GET", "POST"])
@requires(Permission.PUBLISH_MONITOR)
def choose(monitor_id: UUID) -> ResponseReturnValue:
    """Every block of what is published of a monitor, each with a checkbox."""
    of = _source(monitor_id)
    operations.check_published(of)
    found = queries.told(of, g.council, g.membership, language())
    problem = None
    if request.method == "POST":
        wanted = [UUID(text) for text in request.form.getlist("blok") if _is_id(text)]
        try:
            operations.tick(of, found, wanted, g.membership.person_id)
        except Conflict as conflict:
            problem = str(conflict)
        else:
            return redirect(url_for("publishing.publish", monitor_id=monitor_id))
    own = queries.own(g.council, language())
    earlier = next(
        (item for item in (own.draft_of(monitor_id), own.standing) if item and item.monitor_id == monitor_id),
        None,
    )
    return page(
        "publishing/choose.html",
        status=422 if problem else 200,
        problem=problem,
        monitor=of.monitor,
        plan=of.plan,
        offers=offered(found.words, found.closed),
        voices=found.voices,
        ticked=set(earlier.ticked) if earlier and not problem else set(),
    )


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@bp.get("/monitors/<uuid:monitor_id>/voorbeeld")
@requires(Permission.PUBLISH_MONITOR)
def preview(monitor_id: UUID) -> ResponseReturnValue:
    """Exactly the page that residents get, marked as an example."""
    _of, words = _draft(queries.own(g.council, language()), monitor_id)

    def chart_at(figure: FigureWords) -> str:
        if not figure.svg or not figure.version:
            return ""
        return url_for("monitors.chart", block_id=figure.id, v=figure.version)

    return pages.draw(
        "publishing/public.html",
        language(),
        **resident_values(words, g.council.slug, language()),
        draw=pages.drawing(words, chart_at, hear(words.excerpt_ids, Audience.PUBLIC)),
        onward=url_for("publishing.publish", monitor_id=monitor_id),
        published_at=None,
        quiet_until=None,
        og=None,
        style_key=csp_nonce(),
    )


@bp.route("/monitors/<uuid:monitor_id>/publiceren", methods=["GET", "POST"])
@requires(Permission.PUBLISH_MONITOR)
def publish(monitor_id: UUID) -> ResponseReturnValue:
    """What was sent twice, or is opened again after it was published, leads to what stands now."""
    own = queries.own(g.council, language())
    if own.draft_of(monitor_id) is None:
        _source(monitor_id)  # what is not ours is not there
        if own.standing is None or own.standing.monitor_id != monitor_id:
            return redirect(url_for("publishing.choose", monitor_id=monitor_id))
        flash(_("Deze monitor staat al voor inwoners. Er wacht niets om te publiceren."), "success")
        return redirect(url_for("publishing.index"))
    of, words = _draft(own, monitor_id)
    form = PublishForm(starts_on=today())
    looked_at, form.seen.data = form.seen.data, seen(words)
    is_changed = False
    if form.validate_on_submit():
        is_changed = not operations.publish(
            of,
            g.council,
            g.membership,
            looked_at=looked_at or "",
            starts_on=form.starts_on.data or today(),
            ends_on=form.ends_on.data,
        )
        if not is_changed:
            flash(_("Gepubliceerd. Dit is wat inwoners nu van uw monitor lezen."), "success")
            return redirect(url_for("publishing.index"))
    return page(
        "publishing/publish.html",
        status=409 if is_changed else 200,
        form=form,
        monitor=of.monitor,
        words=words,
        is_changed=is_changed,
        replaces=own.standing,
        settings=own.settings,
        today=today(),
    )


@bp.post("/bijwerken")
@requires(Permission.PUBLISH_MONITOR)
def update() -> ResponseReturnValue:
    standing = queries.own(g.council, language()).standing or abort(404)
    operations.update(_source(standing.monitor_id), g.council, g.membership)
    flash(_("Bijgewerkt. Inwoners lezen nu de nieuwste cijfers."), "success")
    return redirect(url_for("publishing.index"))


@bp.route("/intrekken", methods=["GET", "POST"])
@requires(Permission.PUBLISH_MONITOR)
def revoke() -> ResponseReturnValue:
    standing = queries.own(g.council, language()).standing
    if standing is None:
        flash(_("Er staat niets voor inwoners. Intrekken is niet nodig."), "success")
        return redirect(url_for("publishing.index"))
    if request.method == "POST":
        operations.revoke(standing)
        flash(_("Ingetrokken. Niemand buiten uw raad kan de monitor nog lezen."), "success")
        return redirect(url_for("publishing.index"))
    return page("publishing/revoke.html", standing=standing)


@bp.route("/instellingen", methods=["GET", "POST"])
@requires(Permission.PUBLISH_MONITOR)
def settings() -> ResponseReturnValue:
    kept = queries.settings_of_council()
    form = SettingsForm(
        quiet_from=kept.quiet_from,
        quiet_until=kept.quiet_until,
        quiet_hides="ja" if kept.quiet_hides else "nee",
        hosts="\n".join(kept.hosts),
    )
    if form.validate_on_submit():
        operations.set_up(
            quiet_from=form.quiet_from.data,
            quiet_until=form.quiet_until.data,
            quiet_hides=form.quiet_hides.data == "ja",
            hosts=read_hosts(form.hosts.text),
        )
        flash(_("Bewaard. Dit geldt meteen."), "success")
        return redirect(url_for("publishing.index"))
    return page("publishing/settings.html", form=form)


def _source(monitor_id: UUID) -> Source:
    """A monitor that may go to residents; whoever publishes may read all of its plan."""
    return queries.source(monitor_id) or abort(404)


def _draft(own: Own, monitor_id: UUID) -> tuple[Source, MonitorWords]:
    """What was ticked of a monitor and is not published yet, as a resident would read it."""
    draft = own.draft_of(monitor_id) or abort(404)
    of = _source(monitor_id)
    operations.check_published(of)
    return of, _for_residents(draft, of)


def _for_residents(publication: Publication, of: Source) -> MonitorWords:
    return operations.for_residents(publication, queries.told(of, g.council, g.membership, language()))
