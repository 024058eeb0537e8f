"""The catalogue in a council: every indicator, with our own figures."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from workbench.accounts.access import Permission, requires
from workbench.core.text import current_language
from workbench.core.web import page
from workbench.figures.words import missing_text, short_text, status_text
from workbench.indicators import areas, queries
from workbench.indicators.catalogue import Theme
from workbench.indicators.events.queries import events_of
from workbench.indicators.periods import parse_period

bp = Blueprint("indicators", __name__, url_prefix="/<council>/cijfers")

PAGE_SIZE = 25
THEME_NAMES = {
    Theme.WMO: _("Wmo"),
    Theme.JEUGD: _("jeugd"),
    Theme.PARTICIPATIE: _("werk en inkomen"),
    Theme.ARMOEDE: _("armoede"),
    Theme.SCHULDEN: _("schulden"),
    Theme.GEZONDHEID: _("gezondheid"),
    Theme.KANSEN: _("kansen"),
    Theme.ONDERWIJS: _("onderwijs"),
    Theme.WONEN: _("wonen"),
    Theme.LEEFBAARHEID: _("leefbaarheid"),
    Theme.VEILIGHEID: _("veiligheid"),
    Theme.FINANCIEN: _("geld"),
    Theme.STAPELING: _("stapeling"),
    Theme.ERVARING: _("ervaringen"),
    Theme.BEVOLKING: _("bevolking"),
}


@bp.get("/")
@requires(Permission.READ_CATALOGUE)
def index() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:100]
    theme = request.args.get("thema", "")
    if theme not in list(Theme):
        theme = ""
    number = max(1, min(request.args.get("pagina", 1, type=int), 1000))
    count, shown = queries.search(words, theme or None, most=PAGE_SIZE, skip=(number - 1) * PAGE_SIZE)
    area = queries.own_area()
    return page(
        "indicators/index.html",
        words=words,
        theme=theme,
        themes=THEME_NAMES,
        count=count,
        shown=shown,
        newest=queries.newest_figures(shown, area) if area else {},
        area=area,
        number=number,
        pages=max(1, -(-count // PAGE_SIZE)),
        spoken=current_language(),
    )


@bp.get("/<slug>")
@requires(Permission.READ_CATALOGUE)
def show(slug: str) -> ResponseReturnValue:
    indicator = queries.find_indicator(slug) or abort(404)
    area = queries.own_area()
    figures = queries.figures_of(indicator, area) if area and indicator.series else []
    possible = [figure for figure in figures if figure.missing != "impossible"]
    spoken = current_language()
    return page(
        "indicators/show.html",
        indicator=indicator,
        area=area,
        figures=possible,
        newest=next((figure for figure in reversed(possible) if figure.value is not None), None),
        revisions=sorted(
            (figure for figure in possible if figure.revised_at),
            key=lambda figure: (figure.revised_at, figure.period.starts_on),
            reverse=True,
        ),
        events=events_of(indicator),
        around=areas.around(indicator, area),
        breaks=[(parse_period(item["period"]).label(spoken), item["text"]) for item in indicator.breaks],
        themes=THEME_NAMES,
        spoken=spoken,
        short_text=short_text,
        status_text=status_text,
        missing_text=missing_text,
    )
