"""The monitor in a meeting: cards on the screen, what a councillor holds in the hand, and what comes along."""

import io
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, Response, current_app, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from workbench.accounts.access import Permission, may, requires
from workbench.core.forms import choices
from workbench.core.text import current_language
from workbench.core.web import language, page
from workbench.evidence.follow_up.queries import spending_of
from workbench.evidence.models import Link
from workbench.indicators import queries as catalogue
from workbench.monitors import queries as monitors
from workbench.monitors import views
from workbench.monitors.conversation import tables
from workbench.monitors.meeting import cards as decks
from workbench.monitors.meeting import operations, queries
from workbench.monitors.meeting.cards import Card, Kind, Shown
from workbench.monitors.meeting.drawings import on_wall
from workbench.monitors.meeting.forms import AgendaForm
from workbench.monitors.meeting.models import Meeting
from workbench.monitors.queries import BlockView
from workbench.monitors.routes import as_block, happened_in
from workbench.monitors.views import Item, MonitorView, SectionView
from workbench.monitors.voices import Voice
from workbench.vision import queries as plans
from workbench.vision.models import Plan
from workbench.vision.steps import GOALS

bp = Blueprint("meeting", __name__, url_prefix="/<council>")

MOST_FIGURES = 3  # of one item, on a phone
MOST_VOICES = 2
MOST_ROWS = 6  # of a table, on the screen


# --- The screen -----------------------------------------------------------------------------------------------------


@bp.get("/trajecten/<uuid:plan_id>/vergaderen/scherm")
@requires(Permission.READ_MONITOR)
def screen(plan_id: UUID) -> ResponseReturnValue:
    """One card at its own address; who leads the meeting turns it for everybody, others for themselves."""
    plan = plans.readable_plan(plan_id)
    found, cards = _deck(plan, queries.meeting_of(plan))
    number = _number(request.args.get("kaart", 1, type=int), cards)
    card = cards[number - 1]
    return page(
        "meeting/screen.html",
        plan=plan,
        cards=cards,
        card=card,
        number=number,
        dots=decks.dots_of(cards),
        Kind=Kind,
        shown=_content(card),
        most_rows=MOST_ROWS,
        lines=decks.event_lines(happened_in(found)) if card.kind is Kind.EVENTS else card.lines,
        spending=_spending(card),
        spoken=current_language(),
        join=_join_address(),
        code=_code(_join_address()),
    )


@bp.post("/trajecten/<uuid:plan_id>/vergaderen/scherm")
@requires(Permission.LEAD_PLAN)
def turn(plan_id: UUID) -> ResponseReturnValue:
    """Show this card on the screen, so that phones follow; without a number the screen is put away."""
    plan = plans.readable_plan(plan_id)
    wanted = request.form.get("kaart", type=int)
    if wanted is None:
        operations.turn(plan, {})
        return redirect(url_for("meeting.here", plan_id=plan.id))
    _found, cards = _deck(plan, queries.meeting_of(plan))
    number = _number(wanted, cards)
    card = cards[number - 1]
    operations.turn(plan, card.as_shown(language(), _content(card).get("title", "")))
    return redirect(url_for("meeting.screen", plan_id=plan.id, kaart=number))


def _deck(plan: Plan, meeting: Meeting) -> tuple[MonitorView, list[Card]]:
    found = views.monitor_of(plan, language(), g.membership, with_content=False)
    return found, decks.cards_of(plan, decks.on_agenda(found, meeting.chosen), found)


def _number(wanted: int, cards: list[Card]) -> int:
    """A number past either end is that end: cards come and go."""
    return min(max(1, wanted), len(cards))


def _content(card: Card) -> dict[str, Any]:
    """The figure of a card as the monitor shows it, with its table to draw large."""
    if card.kind is not Kind.FIGURE or not card.item or not card.item.figure:
        return {}
    view = card.item.figure
    contents = monitors.contents_of([view])
    block = as_block(view, contents.get(view.block_id) if view.block_id else None)
    return block | {
        "svg": on_wall(block["svg"]) if block.get("svg") else "",
        "table": tables.read(block["table_html"]),
        "is_table": card.item.kind == "table",
        "short_source": _source(view.link),
    }


def _source(link: Link) -> str:
    """Who counted it; the monitor names the table and the day."""
    if link.own_indicator_id:
        return str(_("Bron: eigen cijfer van de gemeente."))
    if link.indicator is None or not link.indicator.series:
        return str(_("Bron: nog niet gekoppeld."))
    return str(_("Bron: %(source)s.", source=link.indicator.series[-1].source_name))


def _spending(card: Card) -> dict[str, Any]:
    if card.kind is not Kind.MONEY or card.item is None:
        return {}
    return {item.indicator.slug: item for item in spending_of(card.item.costs, catalogue.own_area(), None)}


def _join_address() -> str:
    """Short enough to type over from a wall."""
    base: str = current_app.extensions["settings"].base_url
    return base.rstrip("/") + url_for("meeting.join")


@lru_cache(maxsize=200)
def _code(address: str) -> Markup:
    """A QR code, as a picture that needs no other file."""
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(
        file, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    return Markup(file.getvalue().decode())  # noqa: S704 - drawn by segno from our own address


# --- The phone ------------------------------------------------------------------------------------------------------


@bp.get("/vergaderen")
@requires(Permission.READ_MONITOR)
def join() -> ResponseReturnValue:
    """The address on the screen: to the meeting that is on a screen now, else to that of the first plan."""
    found = plans.plans()
    if not found:
        return page("monitors/none.html")
    on_screen = queries.newest_on_screen()
    plan = next((plan for plan in found if plan.id == on_screen), found[0])
    return redirect(url_for("meeting.here", plan_id=plan.id))


@bp.get("/trajecten/<uuid:plan_id>/vergaderen")
@requires(Permission.READ_MONITOR)
def here(plan_id: UUID) -> ResponseReturnValue:
    """To read along and to ask: what is on the screen first."""
    plan = plans.readable_plan(plan_id)
    meeting = queries.meeting_of(plan)
    shown = queries.shown_in(meeting, plan)
    found = views.monitor_of(plan, language(), g.membership, with_content=False)
    items = [
        section
        for section in decks.on_agenda(found, meeting.chosen)
        if section.value or section.section.title
    ]
    items.sort(key=lambda section: shown is None or str(section.section.id) != shown.section)
    figures = {str(section.section.id): _first_figures(section, shown) for section in items}
    contents = monitors.contents_of([view for views_ in figures.values() for view in views_])
    return page(
        "meeting/here.html",
        plan=plan,
        meeting=meeting,
        shown=shown,
        items=items,
        figures={
            name: [as_block(view, contents.get(view.block_id)) for view in found_ if view.block_id]
            for name, found_ in figures.items()
        },
        voices={str(section.section.id): _voices(section, shown) for section in items},
        stories={str(section.section.id): _story(section) for section in items},
        may_read_goals=plans.may_read(plan, GOALS),
        duos_for_you=queries.waiting_for(plan, current_user.id) if may(Permission.VOTE) else [],
    )


def _first_figures(section: SectionView, shown: Shown | None) -> list[BlockView]:
    """The one on the screen first, then in the order of the monitor."""
    found = sorted(section.figures, key=lambda view: shown is None or view.block_id != shown.block_id)
    return found[:MOST_FIGURES]


def _voices(section: SectionView, shown: Shown | None) -> list[tuple[Voice, Item]]:
    """The first that may be heard here, each with the block that it stands in; what is on the screen first."""
    items = sorted(section.items, key=lambda item: shown is None or item.block.id != shown.block_id)
    heard = ((voice, item) for item in items for voice in item.voices if voice.is_heard)
    return list(islice(heard, MOST_VOICES))


def _story(section: SectionView) -> Any:
    """One source of stories about the goals of this section: what was told last, else what is still to be told."""
    links = [
        link for item in section.items if item.kind == "goal" and item.goal for link in item.goal.stories
    ]
    told = [link for link in links if link.source.collected_on]
    return max(told, key=lambda link: (link.source.collected_on, link.id), default=next(iter(links), None))


@bp.get("/trajecten/<uuid:plan_id>/vergaderen/nu")
@requires(Permission.READ_MONITOR)
def now(plan_id: UUID) -> ResponseReturnValue:
    """A fragment that tells what the screen shows; phones ask for it every 2 seconds, and mostly hear "the same"."""
    plan = plans.readable_plan(plan_id)
    shown = queries.shown_in(queries.meeting_of(plan), plan)
    response: Response = make_response(page("meeting/_now.html", plan=plan, shown=shown))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    response.add_etag()
    return response.make_conditional(request)


# --- What comes along -----------------------------------------------------------------------------------------------


@bp.route("/trajecten/<uuid:plan_id>/vergaderen/agenda", methods=["GET", "POST"])
@requires(Permission.LEAD_PLAN)
def agenda(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.readable_plan(plan_id)
    meeting = queries.meeting_of(plan)
    found = views.monitor_of(plan, language(), g.membership, with_content=False)
    form = AgendaForm(obj=meeting)
    sections = decks.with_cards(plan, found)
    form.sections.choices = choices({section.section.id: section.name for section in sections})
    form.sections.hints = {str(section.section.id): _holds(section) for section in sections}
    if form.validate_on_submit():
        operations.prepare(plan, form.held_on.data, form.sections.data or [], current_user.id)
        flash(_("Bewaard. Dit gaat mee naar de vergadering."), "success")
        return redirect(url_for("meeting.here", plan_id=plan.id))
    return page("meeting/agenda.html", plan=plan, form=form)


def _holds(section: SectionView) -> str:
    """'2 doelen, 3 cijfers' – how much there is to talk about."""
    goals = sum(item.kind == "goal" for item in section.items)
    figures = len(list(section.figures))
    parts = [
        _("1 doel") if goals == 1 else _("%(n)s doelen", n=goals) if goals else "",
        _("1 cijfer") if figures == 1 else _("%(n)s cijfers", n=figures) if figures else "",
    ]
    return ", ".join(part for part in parts if part)
