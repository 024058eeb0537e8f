"""What everyone may ask: the published figures, one area per request, and what councils published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, current_app

from workbench.accounts import queries as accounts
from workbench.accounts.models import Council
from workbench.api import schema
from workbench.api.serving import PREFIX, operation
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.settings import Settings
from workbench.core.tenancy import open_door, published_door
from workbench.indicators import areas
from workbench.indicators import queries as indicators
from workbench.indicators.models import Area, Indicator, Missing, Series, Status
from workbench.monitors.contents import (
    FigureWords,
    GoalWords,
    ListWords,
    MoneyWords,
    PageBreakWords,
    QuestionWords,
    QuoteWords,
    StoriesWords,
    TextWords,
)
from workbench.monitors.hearing import hear
from workbench.monitors.publishing import queries as publications
from workbench.monitors.publishing.pages import page_address
from workbench.monitors.voices import Voice, from_all, told_by, why_not
from workbench.sources import queries as sources
from workbench.sources.reports import run_report
from workbench.stories.kept.visibility import Audience
from workbench.uploads import queries as uploads


@operation("/indicators", "Zoek in de catalogus.", schema.IndicatorQuery, schema.Indicators)
def list_indicators(query: schema.IndicatorQuery) -> schema.Indicators:
    total, found = indicators.search(
        query.q, query.theme, most=query.per_page, skip=(query.page - 1) * query.per_page
    )
    shown = [schema.IndicatorSummary(**_summary(item)) for item in found]
    return schema.Indicators(data=shown, page=query.page, per_page=query.per_page, total=total)


@operation("/indicators/<slug>", "Wat een indicator betekent.", schema.Query, schema.Indicator)
def show_indicator(_query: schema.Query, slug: str) -> schema.Indicator:
    indicator = _find(slug)
    return schema.Indicator(
        **_summary(indicator),
        direction=indicator.direction,
        reading_up=indicator.reading_up,
        reading_down=indicator.reading_down,
        caveats=indicator.caveats,
        breaks=[schema.Break(**item) for item in indicator.breaks],
        bbv=indicator.bbv,
        source=[_source(series) for series in indicator.series],
    )


@operation(
    "/indicators/<slug>/observations",
    "De cijfers van een indicator voor één gebied.",
    schema.ObservationQuery,
    schema.Observations,
)
def list_observations(query: schema.ObservationQuery, slug: str) -> schema.Observations:
    indicator = _find(slug)
    area = db.scalar(sa.select(Area).where(Area.code == query.region))
    if area is None:
        abort(404, f"Er is geen gebied met de code {query.region}. De codes staan in {PREFIX}/areas.")
    figures = [item for item in indicators.figures_of(indicator, area) if query.wants(item.period.year)]
    used = {figure.series.id for figure in figures}
    return schema.Observations(
        source=[_source(series) for series in indicator.series if series.id in used],
        data=[
            schema.Observation(
                indicator=indicator.slug,
                region=area.code,
                period=figure.period.code,
                period_type=schema.PERIOD_WORDS[figure.period.type],
                value=figure.value,
                unit=indicator.unit,
                status=Status(figure.status),
                missing=Missing(figure.missing) if figure.missing else None,
                level=area.type,
                table=figure.series.table,
                measure=figure.series.measure,
                fetched_at=figure.series.fetched_at,
                revised_from=figure.revised_from,
            )
            for figure in figures
        ],
    )


@operation("/areas", "De gebieden en hun codes.", schema.AreaQuery, schema.Areas)
def list_areas(query: schema.AreaQuery) -> schema.Areas:
    total, found = indicators.list_areas(query.type, query.per_page, (query.page - 1) * query.per_page)
    return schema.Areas(data=shown_areas(found), page=query.page, per_page=query.per_page, total=total)


@operation(
    "/refresh-runs", "De laatste verversingen, de nieuwste eerst.", schema.PageQuery, schema.RefreshRuns
)
def list_refresh_runs(query: schema.PageQuery) -> schema.RefreshRuns:
    total, found = sources.list_runs(query.per_page, (query.page - 1) * query.per_page)
    shown = [
        schema.RefreshRun(**run_report(run), queued_at=run.queued_at, finished_at=run.finished_at)
        for run in found
    ]
    return schema.RefreshRuns(data=shown, page=query.page, per_page=query.per_page, total=total)


@operation(
    "/own-figures",
    "Wat een gemeente zelf telt en openbaar heeft gemaakt.",
    schema.PublishedQuery,
    schema.OwnFigures,
)
def list_own_figures(query: schema.PublishedQuery) -> schema.OwnFigures:
    council = _open(query)
    return schema.OwnFigures(
        fictitious=council.is_demo,
        data=[
            schema.OwnFigure(
                id=item.id,
                name=item.name,
                definition=item.definition,
                origin=item.source,
                unit=item.unit,
                decimals=item.decimals,
                themes=item.themes,
                direction=item.direction,
                reading_up=item.reading_up,
                reading_down=item.reading_down,
                published_at=item.published_at,
            )
            for item in uploads.published()
        ],
    )


@operation(
    "/own-figures/observations",
    "Eén openbaar eigen cijfer, voor één gebied.",
    schema.OwnObservationQuery,
    schema.OwnObservations,
)
def list_own_observations(query: schema.OwnObservationQuery) -> schema.OwnObservations:
    council = _open(query)
    found = next((item for item in uploads.published() if item.id == query.figure), None)
    if found is None:
        abort(404, f"Dit cijfer is er niet, of het is niet openbaar. De ids staan in {PREFIX}/own-figures.")
    return schema.OwnObservations(
        fictitious=council.is_demo,
        data=[
            schema.OwnObservation(
                region=figure.area_code,
                region_name=figure.area_name,
                period=figure.period,
                period_type=schema.PERIOD_WORDS[figure.period_type],
                value=figure.value,
                unit=found.unit,
                status=figure.status,
                missing=figure.missing,
                delivered_at=figure.loaded_from,
            )
            for figure, _before in uploads.line_of(found, query.region)
        ],
    )


@operation(
    "/public-monitor",
    "Wat inwoners nu van de monitor van een raad lezen.",
    schema.PublicMonitorQuery,
    schema.PublicMonitor,
)
def show_public_monitor(query: schema.PublicMonitorQuery) -> schema.PublicMonitor:
    found = publications.open_to_all(query.council, query.language)
    if found is None or found.publication.published_at is None:
        abort(404, "Er is geen raad met deze naam, of die raad laat nu niets lezen.")
    settings: Settings = current_app.extensions["settings"]
    spoken, heard = Language(query.language), hear(found.words.excerpt_ids, Audience.PUBLIC)
    return schema.PublicMonitor(
        council=found.words.council,
        title=found.words.title,
        language=query.language,
        area=found.words.area,
        published_at=found.publication.published_at,
        ends_on=found.publication.ends_on,
        address=settings.base_url.rstrip("/") + page_address(found.council.slug, query.language),
        fictitious=found.council.is_demo,
        sections=[
            schema.PublicSection(
                name=section.name,
                own_words=section.own_words,
                position=section.position,
                blocks=[
                    _public_block(item, heard, spoken)
                    for item in section.items
                    if not isinstance(item, PageBreakWords)
                ],
            )
            for section in found.words.sections
        ],
    )


def _public_block(
    item: GoalWords
    | FigureWords
    | QuoteWords
    | StoriesWords
    | TextWords
    | QuestionWords
    | MoneyWords
    | ListWords,
    heard: Mapping[UUID, Voice],
    spoken: Language,
) -> schema.PublicBlock:
    told: dict[str, Any] = {
        "title": "",
        "text": "",
        "lines": [],
        "quotes": [],
        "reason": "",
        "not_saying": "",
        "source": [],
    }
    table = getattr(item, "table", None)
    match item:
        case GoalWords():
            told |= {"title": item.sentence, "lines": item.lines}
        case FigureWords():
            told |= {"title": item.title, "text": item.sentence or item.state_text}
            told |= {"lines": (*item.notes, *item.readings), "source": item.source}
            told |= {"reason": item.reason, "not_saying": item.not_saying}
        case QuoteWords() | StoriesWords():
            voices = [from_all(heard, it.excerpt_id, it.mark, it.source) for it in item.voices]
            told |= {"title": item.about, "lines": getattr(item, "lines", ())}
            told |= {"quotes": [_public_quote(voice, spoken) for voice in voices]}
        case MoneyWords():
            told |= {"title": item.about, "lines": item.spent}
        case ListWords():
            told |= {"title": item.title, "text": item.intro, "lines": item.lines}
        case TextWords() | QuestionWords():
            told |= {"text": item.text}
    return schema.PublicBlock(
        id=item.id,
        kind=item.kind,
        table=schema.PublicTable.model_validate(table) if table else None,
        **told,
    )


def _public_quote(voice: Voice, spoken: Language) -> schema.PublicQuote:
    return schema.PublicQuote(
        words=voice.words if voice.is_heard else None,
        told_by=told_by(voice, spoken),
        silence=why_not(voice, spoken) or None,
    )


def _open(query: schema.PublishedQuery) -> Council:
    """Open the door to what this council published; PostgreSQL shows nothing else through it."""
    council = accounts.find_council(query.council)
    if council is None:
        abort(404, "Er is geen raad met deze naam.")
    open_door(db, published_door(council.id))
    return council


def shown_areas(found: list[Area]) -> list[schema.Area]:
    heirs = areas.successors(found)
    return [
        schema.Area(
            code=area.code,
            name=area.name,
            type=area.type,
            province_code=area.province_code,
            valid_from=area.valid_from,
            valid_until=area.valid_until,
            successors=heirs.get(area.id, []),
        )
        for area in found
    ]


def _find(slug: str) -> Indicator:
    """404 for a slug that is not there; PostgreSQL text cannot hold the NUL character."""
    indicator = None if "\x00" in slug else indicators.find_indicator(slug)
    return indicator or abort(
        404, f"Er is geen indicator met deze naam. De namen staan in {PREFIX}/indicators."
    )


def _summary(indicator: Indicator) -> dict[str, Any]:
    return {
        "slug": indicator.slug,
        "name": indicator.name,
        "definition": indicator.definition,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "themes": indicator.themes,
        "connected": bool(indicator.series),
        "verified": indicator.verified,
    }


def _source(series: Series) -> schema.SourceLine:
    return schema.SourceLine(
        source=series.source,
        table=series.table,
        measure=series.measure,
        period_type=schema.PERIOD_WORDS[series.period_type],
        title=series.title,
        source_line=series.source_line or f"Bron: {series.source_name}, tabel {series.table}.",
        licence=series.licence or None,
        computed=series.computed,
        fetched_at=series.fetched_at,
    )
