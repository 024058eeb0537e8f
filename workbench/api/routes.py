"""Routes of /api/v1: the published figures, open to everyone, one area per request; and what is of one council,
for the program of a member.

A view gets its checked parameters and gives an answer of `schema`; `operation` does the rest, and tells `openapi`.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request, url_for
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed

from workbench.accounts import queries as accounts
from workbench.accounts.access import Permission, requires
from workbench.accounts.models import Council
from workbench.api import openapi, schema
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.settings import Settings
from workbench.core.tenancy import open_door, published_door
from workbench.core.web import limiter, public
from workbench.evidence.models import Link
from workbench.evidence.queries import links_by_goal
from workbench.indicators import areas
from workbench.indicators import queries as indicators
from workbench.indicators.models import Area, Indicator, Missing, Series, Status
from workbench.knowledge.calendar.models import today
from workbench.monitors import views as monitors
from workbench.monitors.adopting.models import AdoptedVersion
from workbench.monitors.adopting.queries import newest_of
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
from workbench.monitors.conversation import queries as conversation
from workbench.monitors.format import TOLD
from workbench.monitors.hearing import hear
from workbench.monitors.publishing import queries as publications
from workbench.monitors.publishing.pages import page_address
from workbench.monitors.queries import BlockView
from workbench.monitors.voices import Voice, from_all, told_by, why_not
from workbench.sources import queries as sources
from workbench.sources.reports import run_report
from workbench.stories.kept.visibility import Audience
from workbench.uploads import queries as uploads
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.models import Goal, Plan

Q = TypeVar("Q", bound=schema.Query)
T = TypeVar("T")
PREFIX = "/api/v1"
MINUTE = 60

bp = Blueprint("api", __name__, url_prefix=PREFIX)
limiter.shared_limit(
    "120 per minute",
    scope="api",
    error_message="U deed meer dan 120 verzoeken in een minuut. Wacht een minuut en probeer het opnieuw.",
)(bp)
operations: list[openapi.Operation] = []


class WrongParameters(BadRequest):
    """400 that names the parameters."""

    def __init__(self, errors: list[schema.ParameterProblem]) -> None:
        self.errors = errors
        super().__init__(" ".join(error.detail for error in errors))


def operation(
    path: str,
    summary: str,
    query: type[Q],
    answer: type[schema.Answer],
    mark: Callable[[Callable[..., Response]], Callable[..., Response]] = public,
) -> Callable[[Callable[..., schema.Answer]], Callable[..., Response]]:
    """Serve and describe a view that takes a `query` (and what stands in the path) and gives an `answer`."""

    def serve(view: Callable[..., schema.Answer]) -> Callable[..., Response]:
        @wraps(view)
        def endpoint(**names: str) -> Response:
            asked = _read(query)
            given = view(asked, **names)
            response = jsonify(given.model_dump(mode="json"))
            if isinstance(given, schema.Page):
                response.headers["Link"] = _links(given, asked)
            return response

        bp.add_url_rule(path, view_func=mark(endpoint), strict_slashes=True)
        operations.append(
            openapi.Operation(view.__name__, path, summary, query, answer, for_members=mark is not public)
        )
        return endpoint

    return serve


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
    return schema.Areas(data=_areas(found), page=query.page, per_page=query.per_page, total=total)


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


@operation(
    "/councils/<council>", "Een raad.", schema.Query, schema.Council, requires(Permission.VIEW_COUNCIL)
)
def show_council(_query: schema.Query) -> schema.Council:
    area = indicators.own_area()
    return schema.Council(
        slug=g.council.slug,
        name=g.council.name,
        kind=g.council.kind,
        area=_areas([area])[0] if area else None,
        fictitious=g.council.is_demo,
    )


@operation(
    "/councils/<council>/values",
    "Wat de raad belangrijk vindt.",
    schema.PageQuery,
    schema.Values,
    requires(Permission.READ_PLAN),
)
def list_values(query: schema.PageQuery) -> schema.Values:
    return schema.Values(
        **_page_of(
            [value for plan in _plans_open_at(*plans.VALUE_STEPS) for value in plans.values_of(plan)],
            schema.Value.model_validate,
            query,
        )
    )


@operation(
    "/councils/<council>/goals",
    "Wat inwoners gaan merken.",
    schema.PageQuery,
    schema.Goals,
    requires(Permission.READ_PLAN),
)
def list_goals(query: schema.PageQuery) -> schema.Goals:
    found = _plans_open_at(steps.GOALS)
    sees_values = {plan.id for plan in found if plans.may_read(plan, *plans.VALUE_STEPS)}

    def shown(goal: Goal) -> schema.Goal:
        return schema.Goal(
            id=goal.id,
            plan_id=goal.plan_id,
            sentence=goal.sentence,
            target_group=goal.target_group,
            horizon=goal.horizon,
            values=sorted(value.id for value in goal.values if goal.plan_id in sees_values),
            revision=goal.revision,
            edited_at=goal.edited_at,
        )

    return schema.Goals(**_page_of([goal for plan in found for goal in plans.goals_of(plan)], shown, query))


@operation(
    "/councils/<council>/links",
    "Welk cijfer bij welk doel hoort, en waarom.",
    schema.PageQuery,
    schema.Links,
    requires(Permission.READ_PLAN),
)
def list_links(query: schema.PageQuery) -> schema.Links:
    def shown(link: Link) -> schema.Link:
        return schema.Link(
            id=link.id,
            goal_id=link.goal_id,
            **_subject(link),
            reason=link.reason,
            quality=link.quality,
            not_saying=link.not_saying,
            in_focus=link.rests_until is None,
            resting_until=link.rests_until,
            revision=link.revision,
            edited_at=link.edited_at,
        )

    links = [
        link
        for plan in _plans_open_at(steps.EVIDENCE)
        for found in links_by_goal(plan).values()
        for link in found
    ]
    return schema.Links(**_page_of(links, shown, query))


@operation(
    "/councils/<council>/monitor",
    "De monitor van het traject dat voorop staat, in woorden.",
    schema.Query,
    schema.Monitor,
    requires(Permission.READ_MONITOR),
)
def show_monitor(_query: schema.Query) -> schema.Monitor:
    found = plans.plans()
    if not found:
        abort(404, "Deze raad heeft nog geen traject dat u mag zien.")
    return schema.Monitor(
        plan_id=found[0].id,
        title=found[0].title,
        adopted=_adopted(newest_of(found[0].id)),
        fictitious=g.council.is_demo,
        sections=[
            schema.Section(
                value_id=section.value.id if section.value else None,
                name=section.name,
                blocks=[_block(view) for view in section.figures],
                quotes=_quotes(section),
            )
            for section in monitors.monitor_of(found[0], "nl", g.membership).sections
            if section.value or any(section.figures) or any(item.voices for item in section.items)
        ],
    )


def _adopted(version: AdoptedVersion | None) -> schema.Adopted | None:
    if version is None:
        return None
    return schema.Adopted(
        version=version.edition,
        adopted_on=version.adopted_on,
        decided_by=version.decided_by,
        hash=version.hash,
        address=url_for("adopting.show", plan_id=version.plan_id, edition=version.edition, _external=True),
    )


@operation(
    "/councils/<council>/figure-questions",
    "Wat er bij de cijfers en teksten is gevraagd en gezegd: wat te laat is eerst.",
    schema.PageQuery,
    schema.FigureQuestions,
    requires(Permission.READ_CONVERSATION),
)
def list_figure_questions(query: schema.PageQuery) -> schema.FigureQuestions:
    day = today()
    found, total = conversation.listed(
        conversation.Choice(conversation.View.ALL),
        plans.plans(),
        day,
        query.per_page,
        (query.page - 1) * query.per_page,
    )
    then = conversation.contents_as_of([item.id for item in found])
    return schema.FigureQuestions(
        data=[
            schema.FigureQuestion(
                id=item.id,
                plan_id=item.plan_id,
                kind=item.kind,
                subject=item.subject,
                block_id=item.block_id,
                link_id=item.link_id,
                goal_id=item.goal_id,
                value_id=item.value_id,
                title=item.title,
                period=item.period,
                text=item.text,
                state=item.state,
                asked_by=item.asked_by.name if item.asked_by else None,
                asked_at=item.asked_at,
                owner=item.owner.name if item.owner else None,
                due_on=item.due_on,
                overdue=item.is_overdue(day),
                answer=item.answer,
                as_of=schema.AsOf(**then[item.id]),
            )
            for item in found
        ],
        page=query.page,
        per_page=query.per_page,
        total=total,
        fictitious=g.council.is_demo,
    )


@operation(
    "/councils/<council>/audit",
    "Wie wat veranderde, het nieuwste eerst.",
    schema.PageQuery,
    schema.AuditEntries,
    requires(Permission.READ_AUDIT),
)
def list_audit_entries(query: schema.PageQuery) -> schema.AuditEntries:
    entries, total = accounts.audit_entries(query.per_page, (query.page - 1) * query.per_page)
    return schema.AuditEntries(
        data=[
            schema.AuditEntry(
                at=entry.at,
                person=name,
                action=entry.action,
                object_type=entry.object_type,
                object_id=entry.object_id,
            )
            for entry, name in entries
        ],
        page=query.page,
        per_page=query.per_page,
        total=total,
        fictitious=g.council.is_demo,
    )


def _plans_open_at(*numbers: int) -> list[Plan]:
    """The plans of which this member may see one of these steps."""
    return [plan for plan in plans.plans() if plans.may_read(plan, *numbers)]


def _page_of(found: list[T], shown: Callable[[T], schema.Answer], query: schema.PageQuery) -> dict[str, Any]:
    """The fields of a page of what one council has; a council has tens of these, not thousands."""
    first = (query.page - 1) * query.per_page
    return {
        "data": [shown(item) for item in found[first : first + query.per_page]],
        "page": query.page,
        "per_page": query.per_page,
        "total": len(found),
        "fictitious": g.council.is_demo,
    }


def _block(view: BlockView) -> schema.Block:
    return schema.Block(
        id=view.block_id,
        link_id=view.link.id,
        **_subject(view.link),
        state=view.state,
        title=view.content.get("title", view.link.subject.name),
        sentence=view.content.get("sentence", view.content.get("state_text", "")),
        source=view.content.get("source", ""),
        version=view.document.version if view.document else None,
    )


def _quotes(section: monitors.SectionView) -> list[schema.Quote]:
    dutch = Language("nl")
    return [
        schema.Quote(
            id=item.block.id,
            goal_id=item.block.goal_id,
            words=voice.words if voice.is_heard else None,
            told_by=told_by(voice, dutch),
            silence=why_not(voice, dutch) or None,
        )
        for item in section.items
        if isinstance(item.block, TOLD)
        for voice in item.voices
    ]


def _subject(link: Link) -> dict[str, Any]:
    """Which figure a link has: of the catalogue, or the municipality's own."""
    public = link.indicator if link.indicator_id else None
    return {"indicator": public.slug if public else None, "own_figure": link.own_indicator_id}


@bp.get("/openapi.json", strict_slashes=True)
@public
def describe() -> Response:
    settings: Settings = current_app.extensions["settings"]
    return jsonify(openapi.document(operations, settings.base_url.rstrip("/"), settings.contact))


def _areas(found: list[Area]) -> list[schema.Area]:
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


def _read(query: type[Q]) -> Q:
    """The parameters of this request. An empty one was not given. Raises: BadRequest, WrongParameters."""
    try:
        given = {name: values for name, values in request.args.lists() if any(values)}
    except UnicodeDecodeError:
        raise BadRequest("De vraag bevat tekens die geen tekst zijn. Gebruik UTF-8.") from None
    if repeated := [name for name, values in given.items() if len(values) > 1]:
        raise WrongParameters([_problem(name, "Geef deze parameter één keer.") for name in repeated])
    try:
        return query.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise WrongParameters([_objection(query, item) for item in error.errors()]) from None


def _objection(query: type[schema.Query], error: ErrorDetails) -> schema.ParameterProblem:
    known = {field.alias or name: field.description for name, field in query.model_fields.items()}
    name = str(error["loc"][0])
    match error["type"]:
        case "extra_forbidden":
            others = f" Wel: {', '.join(known)}." if known else ""
            return _problem(name, f"Deze parameter is er hier niet.{others}")
        case "missing":
            return _problem(name, f"Deze parameter ontbreekt. {known[name]}")
        case _:
            return _problem(name, f"Deze waarde kan niet. {known[name]}")


def _problem(name: str, detail: str) -> schema.ParameterProblem:
    short = name[:50]  # a stranger chose it
    return schema.ParameterProblem(parameter=short, detail=f"{short}: {detail}")


def _links(page: schema.Page[Any], asked: schema.Query) -> str:
    """RFC 8288, relative to this host: first and last, and previous and next where they are."""
    last = max(1, -(-page.total // page.per_page))
    numbers = {"first": 1, "prev": min(page.page - 1, last), "next": page.page + 1, "last": last}
    same = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return ", ".join(
        f'<{url_for(str(request.endpoint), **{**same, "page": number})}>; rel="{relation}"'
        for relation, number in numbers.items()
        if 1 <= number <= last
    )


@bp.errorhandler(HTTPException)
def _refuse(error: HTTPException) -> tuple[Response, int]:
    status = error.code or 500
    errors = error.errors if isinstance(error, WrongParameters) else None
    body = schema.Problem(
        type="about:blank", title=error.name, status=status, detail=error.description, errors=errors
    ).body()
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response, status


def _stamp(response: Response) -> Response:
    """Headers of every answer here, errors included."""
    if not f"{request.path}/".startswith(f"{PREFIX}/"):
        return response
    response.headers["API-Version"] = openapi.VERSION
    response.headers["Content-Language"] = "nl"
    response.headers["X-Frame-Options"] = "DENY"
    if response.status_code == 429:
        response.headers["Retry-After"] = str(MINUTE)
    if isinstance(request.routing_exception, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(request.routing_exception.valid_methods or []))
    return response


def init_app(app: Flask) -> None:
    """Register the API."""
    app.register_blueprint(bp)
    app.after_request(_stamp)
