"""What is of one council, for the program of a member: only what that member may see."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, g, url_for

from workbench.accounts import queries as accounts
from workbench.accounts.access import Permission, requires
from workbench.api import schema
from workbench.api.published import shown_areas
from workbench.api.serving import operation
from workbench.core.language import Language
from workbench.evidence.models import Link
from workbench.evidence.queries import links_by_goal
from workbench.indicators import queries as indicators
from workbench.knowledge.calendar.models import today
from workbench.monitors import views as monitors
from workbench.monitors.adopting.models import AdoptedVersion
from workbench.monitors.adopting.queries import newest_of
from workbench.monitors.conversation import queries as conversation
from workbench.monitors.format import TOLD
from workbench.monitors.queries import BlockView
from workbench.monitors.voices import told_by, why_not
from workbench.stories.kept import queries as stories
from workbench.stories.kept.queries import audience
from workbench.vision import queries as plans
from workbench.vision import steps
from workbench.vision.models import Goal, Plan

T = TypeVar("T")


@operation(
    "/councils/<council>", "Een raad.", schema.Query, schema.Council, requires(Permission.VIEW_COUNCIL)
)
def show_council(_query: schema.Query) -> schema.Council:
    area = indicators.own_area()
    return schema.Council(
        slug=g.council.slug,
        name=g.council.name,
        kind=g.council.kind,
        area=shown_areas([area])[0] if area else None,
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
    "/councils/<council>/stories",
    "De verhalen die u mag lezen, het nieuwste eerst: waar ze vandaan komen, en de citaten die samen zijn gekozen. De"
    " hele tekst blijft in de werkbank, waar de verteller hem altijd kan terugnemen.",
    schema.PageQuery,
    schema.Stories,
    requires(Permission.READ_STORIES),
)
def list_stories(query: schema.PageQuery) -> schema.Stories:
    who, day = audience(), today()
    found, total = stories.listed(who, day, query.per_page, (query.page - 1) * query.per_page)
    quotes = stories.quotes_of([story.id for story in found], who, day)
    return schema.Stories(
        data=[
            schema.Story(
                id=story.id,
                number=story.number,
                source=story.source.name,
                kind=story.source.kind,
                told_by=story.safe.teller if story.safe else "",
                told_on=story.told_on,
                reach=story.reach,
                ends_on=story.ends_on,
                quotes=[
                    schema.StoryQuote(id=quote.id, words=quote.words, leaning=quote.leaning)
                    for quote in quotes.get(story.id, [])
                ],
            )
            for story in found
        ],
        **_place(query, total),
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
        **_place(query, total),
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
        **_place(query, total),
    )


def _plans_open_at(*numbers: int) -> list[Plan]:
    """The plans of which this member may see one of these steps."""
    return [plan for plan in plans.plans() if plans.may_read(plan, *numbers)]


def _page_of(found: list[T], shown: Callable[[T], schema.Answer], query: schema.PageQuery) -> dict[str, Any]:
    """The fields of a page of what one council has; a council has tens of these, not thousands."""
    first = (query.page - 1) * query.per_page
    return {
        "data": [shown(item) for item in found[first : first + query.per_page]],
        **_place(query, len(found)),
    }


def _place(query: schema.PageQuery, total: int) -> dict[str, Any]:
    """Which page of how many things this is; and whether they are made up."""
    return {
        "page": query.page,
        "per_page": query.per_page,
        "total": total,
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
