"""What everybody may read about laws, moments, instruments and choices."""

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.core.text import current_language
from workbench.core.web import page, public
from workbench.knowledge import queries
from workbench.knowledge.models import ASKED_NAMES, Moment
from workbench.knowledge.queries import Hit, Kind

bp = Blueprint("knowledge", __name__, url_prefix="/kennis")

KIND_NAMES = {
    Kind.LAW: lazy_gettext("wet"),
    Kind.CHOICE: lazy_gettext("keuze"),
    Kind.INSTRUMENT: lazy_gettext("instrument"),
    Kind.MOMENT: lazy_gettext("moment"),
}


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """All laws; or, with a question, every card that fits it."""
    typed = request.args.get("q", "").strip()[:100]
    return page(
        "knowledge/index.html",
        typed=typed,
        found=queries.search(typed) if typed else None,
        laws=[] if typed else queries.laws(),
        kinds=KIND_NAMES,
        address=_address,
        tabs=_tabs("knowledge.index"),
    )


@bp.get("/wetten/<slug>")
@public
def law(slug: str) -> ResponseReturnValue:
    found = queries.find_law(slug) or abort(404)
    return page(
        "knowledge/law.html",
        law=found,
        related=queries.names_of_laws(found.related),
        choices=queries.choice_cards(slug),
        asked=ASKED_NAMES,
    )


@bp.get("/momenten")
@public
def moments() -> ResponseReturnValue:
    return page(
        "knowledge/moments.html",
        moments=queries.moments(),
        months=months_in_words,
        tabs=_tabs("knowledge.moments"),
    )


def months_in_words(moment: Moment) -> str:
    """'mei tot en met juli'."""
    first, last = (
        current_language().month_name(number) for number in (moment.first_month, moment.last_month)
    )
    return first if first == last else _("%(first)s tot en met %(last)s", first=first, last=last)


@bp.get("/instrumenten")
@public
def instruments() -> ResponseReturnValue:
    return page(
        "knowledge/instruments.html",
        instruments=queries.instruments(),
        tabs=_tabs("knowledge.instruments"),
    )


@bp.get("/keuzes")
@public
def choices() -> ResponseReturnValue:
    return page(
        "knowledge/choices.html",
        choices=queries.choice_cards(),
        laws={law.slug: law for law in queries.laws()},
        tabs=_tabs("knowledge.choices"),
    )


def _tabs(current: str) -> list[dict[str, object]]:
    names = {
        "knowledge.index": _("Wetten"),
        "knowledge.choices": _("Keuzes"),
        "knowledge.moments": _("Momenten"),
        "knowledge.instruments": _("Instrumenten"),
    }
    return [
        {"label": name, "href": url_for(endpoint), "current": endpoint == current}
        for endpoint, name in names.items()
    ]


def _address(hit: Hit) -> str:
    """Where a card that was found stands."""
    match hit.kind:
        case Kind.LAW:
            return url_for("knowledge.law", slug=hit.slug)
        case Kind.CHOICE:
            return url_for("knowledge.choices", _anchor=hit.slug)
        case Kind.INSTRUMENT:
            return url_for("knowledge.instruments", _anchor=hit.slug)
        case Kind.MOMENT:
            return url_for("knowledge.moments", _anchor=hit.slug)
