"""The catalogue in a council: every indicator, with our own figures, to read and to take along."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from workbench.accounts.access import Permission, requires
from workbench.core.components import drawn
from workbench.core.drawn_once import drawn_once
from workbench.core.language import AMSTERDAM, Language
from workbench.core.remembered import remembered
from workbench.core.text import current_language
from workbench.core.web import limiter, page
from workbench.figures.words import missing_text, short_text, status_text
from workbench.indicators import areas, download, queries, reports
from workbench.indicators.catalogue import LAW_NAMES, AreaType, Law, Priority, Theme
from workbench.indicators.compare import INHABITANTS
from workbench.indicators.events.models import SeriesEvent
from workbench.indicators.events.queries import events_by_indicator, events_of
from workbench.indicators.levels import heading, not_ours, whose
from workbench.indicators.models import Area, Indicator
from workbench.indicators.oddities import Oddity, oddities, sentence, short_note
from workbench.indicators.periods import parse_period
from workbench.indicators.queries import Choice, Have

bp = Blueprint("indicators", __name__, url_prefix="/<council>/cijfers")

PAGE_SIZE = 15
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


PRIORITY_NAMES = {
    Priority.BESTAANSZEKERHEID: _("bestaanszekerheid"),
    Priority.KANSENGELIJKHEID: _("kansengelijkheid"),
    Priority.GEZOND_LEVEN: _("gezond (samen)leven"),
}
RECENT = 2  # years before this one that count as recent: most figures are a year or two behind

E = TypeVar("E", bound=StrEnum)


@bp.get("/")
@requires(Permission.READ_CATALOGUE)
def index() -> ResponseReturnValue:
    area, version = queries.own_area_and_version()
    choice = Choice(
        words=request.args.get("q", "").strip()[:100],
        theme=_chosen(Theme, "thema"),
        law=_chosen(Law, "wet"),
        level=_chosen(AreaType, "niveau"),
        have=_chosen(Have, "cijfers") if area else None,
        area=area,
        recent_from=_today().year - RECENT,
    )
    number = max(1, min(request.args.get("pagina", 1, type=int), 1000))
    main = remembered(
        lambda: _draw_found(choice, number),
        "catalogue",
        version,
        replace(choice, area=None),
        area and area.id,
        number,
        _today(),
    )
    return page("indicators/index.html", area=area, main=main, spoken=current_language())


def _draw_found(choice: Choice, number: int) -> Markup:
    """The search form and a page of what was found. Remembered: only public figures in here."""
    area = choice.area
    found = queries.find(choice, most=PAGE_SIZE, skip=(number - 1) * PAGE_SIZE)
    spoken = current_language()
    lines = queries.lines_around(found.indicators, area) if area else queries.Lines({}, {})
    levels = queries.known_levels()
    cards = {item.slug: reports.card(item, lines.own.get(item.slug, []), spoken) for item in found.indicators}
    return drawn(
        "indicators/_found.html",
        choice=choice,
        themes=THEME_NAMES,
        laws=LAW_NAMES,
        haves=_have_names(choice.recent_from),
        levels={level: reports.level_text(level, spoken) for level in AreaType if level in levels},
        found=found,
        cards=cards,
        instead=lines.instead,
        not_ours=not_ours,
        area=area,
        number=number,
        pages=max(1, -(-found.total // PAGE_SIZE)),
        spoken=spoken,
    )


def _chosen(kind: type[E], name: str) -> E | None:
    """The chosen value of a filter; anything else filters nothing."""
    text = request.args.get(name, "")
    return kind(text) if text in list(kind) else None


def _have_names(recent_from: int) -> dict[Have, object]:
    return {
        Have.SOME: _("met een cijfer"),
        Have.RECENT: _("nieuwste uit %(year)s of later", year=recent_from),
        Have.OLDER: _("nieuwste van voor %(year)s", year=recent_from),
        Have.NONE: _("nog zonder cijfer"),
    }


def _today() -> date:
    return datetime.now(AMSTERDAM).date()


@dataclass(frozen=True)
class Drawn:
    """What a page on an indicator shows of the catalogue and the sources."""

    id: UUID
    slug: str
    name: str
    definition: str
    is_linked: bool  # to a source
    top: Markup
    figures: Markup
    remarks: Markup
    origin: Markup
    has_figures: bool
    changes: list[reports.Told]
    days: list[date]
    chosen: str | None  # code of the municipality beside us


@bp.get("/<slug>")
@requires(Permission.READ_CATALOGUE)
@drawn_once
def show(slug: str) -> ResponseReturnValue:
    """One indicator: our figures, those of the areas we lie in, and of one municipality that was chosen."""
    area, version = queries.own_area_and_version()
    as_of, is_refused = _as_of()
    beside = request.args.get("naast", "")[:10]
    indicator = remembered(
        lambda: _draw_indicator(slug, area, beside, as_of, is_refused=is_refused),
        "indicator",
        version,
        slug,
        area and area.id,
        beside,
        as_of,
        is_refused,
        _today(),
    )
    return page(
        "indicators/show.html",
        indicator=indicator,
        area=area,
        as_of=as_of,
        events=events_of(indicator.id),
        spoken=current_language(),
    )


def _draw_indicator(
    slug: str, area: Area | None, beside: str, as_of: date | None, *, is_refused: bool
) -> Drawn:
    """Remembered: only public figures in here. A slug that is not there is a 404."""
    found = queries.find_indicators({slug, INHABITANTS})
    indicator = found.get(slug) or abort(404)
    known = areas.known(indicator, found.get(INHABITANTS), area, beside)
    shown = [*([area] if area else []), *known.beside]
    figures = {item.id: known.archive.figures(indicator, item.id, _end_of(as_of)) for item in shown}
    own = figures[area.id] if area else []
    possible = [figure for figure in own if figure.missing != "impossible"]
    odd = {item.id: oddities(figures[item.id], indicator.unit) for item in shown}
    history = known.archive.history(indicator, area.id) if area else queries.History([], [])
    chosen = next((item for item in known.beside if item.type is AreaType.GEMEENTE), None)
    spoken = current_language()
    levels = reports.levels_text(indicator, spoken)
    facts = {
        "indicator": indicator,
        "area": area,
        "figures": possible,
        "newest": queries.newest(possible),
        "around": areas.around(known),
        "chosen": chosen,
        "as_of": as_of,
        "today": _today(),
        "levels": levels,
        "spoken": spoken,
        "whose": whose,
        "not_ours": not_ours,
    }
    return Drawn(
        id=indicator.id,
        slug=indicator.slug,
        name=indicator.name,
        definition=indicator.definition,
        is_linked=bool(indicator.series),
        top=drawn("indicators/_top.html", **facts),
        figures=drawn(
            "indicators/_figures.html",
            **facts,
            beside=[
                (item, {figure.period.code: figure for figure in figures[item.id]})
                for item in known.beside
                if any(figure.value is not None for figure in figures[item.id])
            ],
            municipalities=known.municipalities,
            is_refused=is_refused,
            odd={
                area_id: {code: short_note(oddity, spoken) for code, oddity in found.items()}
                for area_id, found in odd.items()
            },
            heading=heading,
            short_text=short_text,
            status_text=status_text,
            missing_text=missing_text,
        ),
        remarks=drawn(
            "indicators/_remarks.html",
            **facts,
            odd_sentences=[
                text
                for item in shown
                for text in _odd_sentences(
                    odd[item.id],
                    figures[item.id],
                    item,
                    known.inhabitants_of(item),
                    spoken,
                    is_ours=item is area,
                )
            ],
            breaks=[(parse_period(item["period"]).label(spoken), item["text"]) for item in indicator.breaks],
        ),
        origin=drawn(
            "indicators/_origin.html",
            indicator=indicator,
            themes=THEME_NAMES,
            laws=LAW_NAMES,
            priorities=PRIORITY_NAMES,
            levels=levels,
        ),
        has_figures=bool(possible),
        changes=reports.changes_told(indicator, history.changes, spoken),
        days=history.days,
        chosen=chosen.code if chosen else None,
    )


def _odd_sentences(
    odd: dict[str, Oddity],
    line: list[queries.Figure],
    area: Area,
    people: float | None,
    language: Language,
    *,
    is_ours: bool,
) -> list[str]:
    return [
        sentence(
            odd[figure.period.code],
            figure.period.label(language)
            if is_ours
            else f"{area.short_name}, {figure.period.label(language)}",
            area.short_name,
            people,
            language,
        )
        for figure in line
        if figure.period.code in odd
    ]


def _as_of() -> tuple[date | None, bool]:
    """The day in `op`, and whether something else than a day until today was given."""
    text = request.args.get("op", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, bool(text)
    return (day, False) if day <= _today() else (None, True)


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.max, AMSTERDAM) if day else None


@bp.get("/<slug>.csv")
@limiter.limit("60 per minute")
@requires(Permission.READ_CATALOGUE)
def as_csv(slug: str) -> ResponseReturnValue:
    """The figures of one area: ours, or the one of `gebied`; with `op` as known on that day."""
    indicator, area, as_of = _asked_for(slug)
    spoken = current_language()
    figures = queries.figures_of(indicator, area, _end_of(as_of))
    content = download.as_csv(reports.rows(indicator, area, figures, spoken, _noted(indicator, area)), spoken)
    return _file(content, "text/csv; charset=utf-8", reports.file_name(indicator, area, as_of, "csv"))


@bp.get("/<slug>.xlsx")
@limiter.limit("60 per minute")
@requires(Permission.READ_CATALOGUE)
def as_xlsx(slug: str) -> ResponseReturnValue:
    """The same with a sheet that says what the figures mean and where they come from."""
    indicator, area, as_of = _asked_for(slug)
    spoken = current_language()
    figures = queries.figures_of(indicator, area, _end_of(as_of))
    events = _noted(indicator, area)
    content = download.as_xlsx(
        reports.rows(indicator, area, figures, spoken, events),
        reports.facts(indicator, area, spoken, as_of=as_of, is_demo=g.council.is_demo, events=events),
        indicator.decimals,
        spoken,
    )
    return _file(content, XLSX, reports.file_name(indicator, area, as_of, "xlsx"))


def _asked_for(slug: str) -> tuple[Indicator, Area, date | None]:
    """404 for what is not there, also for a day that is none: a file of other figures would mislead."""
    indicator = queries.find_indicator(slug) or abort(404)
    code = request.args.get("gebied")
    area = (queries.find_area(code) if code else queries.own_area()) or abort(404)
    as_of, is_refused = _as_of()
    if is_refused:
        abort(404)
    return indicator, area, as_of


def _noted(indicator: Indicator, area: Area) -> list[SeriesEvent]:
    """What the council noted about the figures of its own area, in order of time."""
    own = queries.own_area()
    if own is None or own.id != area.id:
        return []
    return events_by_indicator([indicator.id]).get(indicator.id, [])


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
