"""The demo: councils with fictitious people, one filled plan that is shared as an example, and a council that has still
to begin. Idempotent.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from flask import current_app, g
from sqlalchemy.orm import joinedload

from seeds import read
from seeds.quotes import add_quotes
from seeds.schema import (
    DemoAdopted,
    DemoCouncil,
    DemoDuo,
    DemoGoal,
    DemoLink,
    DemoMeasuring,
    DemoMoment,
    DemoOwnFigure,
    DemoPlan,
    DemoRound,
    DemoWorkshop,
    Person,
)
from seeds.stories import add_stories
from workbench.accounts import operations as accounts
from workbench.accounts import passwords
from workbench.accounts.models import Council, CouncilKind, Membership, Role
from workbench.accounts.queries import members
from workbench.accounts.theme import operations as theme
from workbench.comparison.operations import decide
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job, enqueue
from workbench.core.language import AMSTERDAM
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.asking.operations import ask, request_data
from workbench.evidence.focus.operations import rest, set_size
from workbench.evidence.follow_up import operations as follow_up
from workbench.evidence.follow_up.models import Part
from workbench.evidence.measuring.models import Aiming, Side
from workbench.evidence.measuring.operations import measure
from workbench.evidence.measuring.queries import starts_of
from workbench.evidence.models import Link, Quality
from workbench.evidence.operations import link_indicator
from workbench.evidence.telling.operations import add_source, link_stories
from workbench.figures.options import parse_options
from workbench.indicators.catalogue import Direction
from workbench.indicators.disclosure import ROUNDINGS, THRESHOLD
from workbench.indicators.events.operations import add_event
from workbench.indicators.models import Indicator
from workbench.indicators.operations import set_area
from workbench.indicators.queries import find_indicator, own_area
from workbench.knowledge.calendar.models import today
from workbench.knowledge.calendar.operations import add_entry
from workbench.knowledge.models import Moment
from workbench.monitors import operations as monitors
from workbench.monitors.adopting import operations as adopting
from workbench.monitors.adopting.document import Decision
from workbench.monitors.adopting.freezing import freeze
from workbench.monitors.building import build_blocks
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation import queries as conversations
from workbench.monitors.conversation.signals.operations import choose, raise_signals
from workbench.monitors.conversation.signals.rules import Cause
from workbench.monitors.format import Figure, Format, Text, add_block, change_block
from workbench.monitors.meeting import operations as meeting
from workbench.monitors.models import BlockDocument, MonitorKind
from workbench.monitors.operations import first_monitor, propose_monitors, shape
from workbench.monitors.plan_facts import facts_by_plan
from workbench.monitors.publishing import operations as publications
from workbench.monitors.publishing import queries as publishing
from workbench.monitors.publishing.choosing import offered, seen
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option
from workbench.showcase.operations import share
from workbench.showcase.queries import content_of
from workbench.uploads import operations as uploads
from workbench.uploads.checking import Kind
from workbench.uploads.models import OwnIndicator
from workbench.vision import operations as vision
from workbench.vision.choosing import operations as choosing
from workbench.vision.choosing.queries import library_value
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.queries import asked_of, group_candidates
from workbench.vision.steps import AnswerState
from workbench.vision.together import operations as together
from workbench.workshops.script import operations as workshops
from workbench.workshops.script import queries as library


def load() -> None:
    """Make what is not there yet. Within an app context; changes nothing that people made since."""
    content, told = read.demo(), read.stories()
    with as_platform():
        new = [item for item in content.councils if _add_council(item)]
        for person in content.people:
            _add_person(person, content.password)
        act_for(db, None)
    for item in new:
        act_for(db, db.scalar(sa.select(Council.id).where(Council.slug == item.slug)))
        plan = _add_plan(item.plan) if item.plan else None
        if item.colour:
            tried = theme.try_out(item.colour, None, keeps_logo=False)
            theme.take_into_use(theme.version_of(tried), None)
        _add_calendar(item.calendar)
        if item.comparison:
            decide(item.comparison.kind, item.comparison.reason, None, base=0)
        for event in item.events:
            add_event(_indicator(event.indicator), None, **event.model_dump(exclude={"indicator"}))
        if plan and item.plan and item.slug == told.council:
            add_stories(told, _goals_by_key(plan, item.plan), _clerk())
        if plan and item.plan:
            _choose_views(plan, item.plan)
        if plan and item.plan and item.slug == told.council:
            add_quotes(told, plan, _goals_by_key(plan, item.plan))
        if plan and item.plan and item.plan.talks:
            _add_conversation(plan, item.plan)
        if plan and item.plan and item.plan.residents:
            _publish_for_residents(plan, item)
        for workshop in item.workshops:
            _add_workshop(workshop, plan)
        enqueue(Job.BUILD_BLOCKS)
        db.commit()


def _add_workshop(item: DemoWorkshop, plan: Plan | None) -> None:
    """Ready to be led, and announced."""
    day = today() + timedelta(days=item.in_days)
    starts_at = datetime.combine(day, item.begins, AMSTERDAM)
    told = item.model_dump(
        include={"title", "purpose", "place", "for_whom", "accessibility", "size", "tables"}
    )
    workshop = workshops.make_workshop(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=item.minutes),
        councils=list(item.councils),
        plan_id=plan.id if plan else None,
        **told,
    )
    db.flush()
    [script] = [script for script in library.ready_scripts() if script.slug == item.script]
    workshops.take_script(workshop, script, library.library())
    workshops.announce(workshop)


def _indicator(slug: str) -> Indicator:
    found = find_indicator(slug)
    if found is None:
        raise LookupError(f"the demo names an unknown indicator: {slug}")
    return found


def accounts_table() -> list[tuple[str, str, str, str]]:
    """Rows (council, role, name, e-mail address) for the table that the demo prints."""
    content = read.demo()
    names = {item.slug: item.name for item in content.councils}
    order = list(names)
    rows = [
        (
            order.index(membership.council),
            list(Role).index(Role(membership.role)),
            names[membership.council],
            membership.role,
            person.name,
            person.email,
        )
        for person in content.people
        for membership in person.memberships
    ]
    return [row[2:] for row in sorted(rows)]


def _add_council(item: DemoCouncil) -> bool:
    if db.scalar(sa.select(Council.id).where(Council.slug == item.slug)):
        return False
    kind = CouncilKind.MUNICIPALITY if item.region else CouncilKind.ATELIER
    council = accounts.add_council(item.name, item.slug, is_demo=True, kind=kind)
    act_for(db, council.id)
    if item.region:
        set_area(item.region)
    db.flush()
    return True


# Everybody may know the password of the demo: one hash of it serves for all.
_hashed = cache(passwords.hash_password)


def _add_person(item: Person, password: str) -> None:
    if accounts.find_person(item.email):
        return
    person = accounts.add_hashed(item.email, item.name, _hashed(password))
    for membership in item.memberships:
        act_for(db, db.scalar(sa.select(Council.id).where(Council.slug == membership.council)))
        accounts.add_member(person, Role(membership.role))


LOOKS_BACK = timedelta(days=75)  # so that the calendar holds something that is past, too
THURSDAY = 3


def _add_calendar(moments: tuple[DemoMoment, ...]) -> None:
    ids = dict(db.execute(sa.select(Moment.slug, Moment.id)).all())
    for item in moments:
        day = first_day(item, today() - LOOKS_BACK)
        add_entry(
            None,
            name=item.name,
            moment_id=ids[item.moment] if item.moment else None,
            starts_on=day,
            ends_on=day + timedelta(days=item.days - 1) if item.days > 1 else None,
            submit_by=day - timedelta(days=item.submit) if item.submit is not None else None,
            who=item.who,
            note=item.note,
        )


def first_day(item: DemoMoment, since: date) -> date:
    """The first day of this moment in the year that begins on `since`: a Thursday, when councils meet."""
    for year in (since.year, since.year + 1):
        day = date(year, item.month, item.day)
        day += timedelta(days=(THURSDAY - day.weekday()) % 7)
        if day >= since:
            break
    return day


def _value(answer: str | int | date | dict[str, str]) -> object:
    """An answer as it is kept; people by their ids."""
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, dict):
        ids = {name: person_id for person_id, name in group_candidates().items()}
        return {ids[name]: faction for name, faction in answer.items()}
    return answer


def _add_plan(item: DemoPlan) -> Plan:
    answers: dict[str, Any] = {key: _value(answer) for key, answer in item.answers.items()}
    plan = vision.start_plan(None, title=item.title, **answers)
    for asked in asked_of(plan):
        if asked.question.key in item.later:
            vision.save_answer(asked.question, AnswerState.LATER, "", None)
    for step in plan.steps:
        if step.number in item.finished:
            vision.finish_step(step, [], None)
    set_size(plan.id, item.focus)
    values = {}
    for value in item.values:
        texts = value.model_dump(exclude={"key"})
        values[value.key] = vision.add_value(
            plan, None, **{**texts, "minority_view": value.minority_view or ""}
        )
        db.flush()
        if example := library_value(value.key):
            choosing.start_from_library(values[value.key], example)
    for goal in item.goals:
        _add_goal(plan, values, goal, item.own_figures)
    _open(plan, item.opened)
    if item.decision:
        choosing.decide(
            plan,
            None,
            [values[key] for key in item.decision.chosen],
            reasons=item.decision.reasons,
            minority_view=item.decision.minority_view,
        )
    for group_round in item.rounds:
        _add_round(plan, values, group_round)
    if item.duo:
        _add_duo(plan, item, item.duo)
    if item.share:
        db.flush()
        share(plan, content_of(plan), fictitious=True, title=item.title, **item.share.model_dump())
    return plan


def _add_goal(
    plan: Plan, values: dict[str, Value], goal: DemoGoal, own_figures: tuple[DemoOwnFigure, ...]
) -> None:
    added = vision.add_goal(
        plan,
        None,
        values=[values[key] for key in goal.values],
        **goal.model_dump(
            include={"sentence", "target_group", "horizon", "aim", "duty", "area", "actor", "owner"}
        ),
        laws=list(goal.laws),
    )
    db.flush()
    _add_follow_up(added, goal)
    for figure in own_figures:
        if figure.goal == goal.key:
            _link(added, _add_own_figure(figure), figure)
    for link in goal.links:
        _link(added, _indicator(link.indicator), link)
    for story in goal.stories:
        why = {"reason": story.reason, "not_saying": story.not_saying}
        about = story.model_dump(exclude=set(why))
        link_stories(added, add_source(None, **about), None, **why)
    for question in goal.questions:
        ask(added, None, text=question)
    for request in goal.requests:
        request_data(added, None, **request.model_dump())


def _goals_by_key(plan: Plan, item: DemoPlan) -> dict[str, Goal]:
    goals = {goal.sentence: goal for goal in db.scalars(sa.select(Goal).where(Goal.plan_id == plan.id))}
    return {goal.key: goals[goal.sentence] for goal in item.goals}


def _clerk() -> UUID:
    """Of the acting council."""
    return next(member.person_id for member in members() if member.role == Role.CLERK)


def _open(plan: Plan, numbers: tuple[int, ...]) -> None:
    db.flush()
    db.refresh(plan, attribute_names=["steps"])
    for step in plan.steps:
        if step.number in numbers:
            step.open()


def _choose_views(plan: Plan, item: DemoPlan) -> None:
    """The views that the group chose in the monitor, which goes on following its plan."""
    db.flush()
    found = {
        (link.goal.sentence, link.indicator_id): link
        for link in db.scalars(
            sa.select(Link).join(Goal).where(Goal.plan_id == plan.id).options(joinedload(Link.goal))
        )
    }
    views = {
        found[goal.sentence, _indicator(link.indicator).id].id: parse_options(link.view)
        for goal in item.goals
        for link in goal.links
        if link.view
    }
    if not views:
        return
    propose_monitors()
    monitor = first_monitor(plan.id)

    def chosen(format_: Format) -> Format:
        for block in format_.drawn:
            if isinstance(block, Figure) and block.link_id in views:
                format_ = change_block(format_, block.model_copy(update={"view": views[block.link_id]}))
        return format_

    shape(monitor, monitor.draft, chosen, {"what": "proposed"}, None)
    monitor.shaped = False


def _add_conversation(plan: Plan, item: DemoPlan) -> None:
    """What people asked and said while the figures stood as they stood then; afterwards the newer ones come in."""
    db.flush()
    build_blocks()
    people = {member.person.name: member.person_id for member in members()}
    if item.signals_to:
        choose(Cause, people[item.signals_to], None)
    raise_signals()  # the figures have been looked at: what comes later is new
    now = datetime.now(UTC)
    figures = {}
    for block_id in db.scalars(sa.select(BlockDocument.block_id).distinct()):
        if about := conversations.figure(block_id):
            figures[about.title] = about
    for talk in item.talks:
        at = now - timedelta(days=talk.days_ago)
        about, by = figures[talk.about], people[talk.by]
        if talk.owner is None:
            conversation.say(about, talk.kind, talk.text, by, period=talk.period, at=at)
            continue
        asked = conversation.ask(about, talk.text, people[talk.owner], by, period=talk.period, at=at)
        for step in talk.steps:
            conversation.act(
                asked, step.act, people[step.by], step.text, at=now - timedelta(days=step.days_ago)
            )
    for meaning in item.meanings:
        conversation.interpret(figures[meaning.about], None, meaning.model_dump(exclude={"about"}))
    if item.adopted:
        _adopt(plan, item.adopted)
    for figure in item.own_figures:
        if figure.later:
            _load_numbers(
                figure,
                db.scalars(sa.select(OwnIndicator).where(OwnIndicator.name == figure.name)).one(),
                figure.later,
            )


def _add_duo(plan: Plan, item: DemoPlan, pair: DemoDuo) -> None:
    """One of the two is ready, so nobody sees yet what that one wrote."""
    db.flush()
    sentence = next(goal.sentence for goal in item.goals if goal.key == pair.goal)
    goal = db.scalars(sa.select(Goal).where(Goal.plan_id == plan.id, Goal.sentence == sentence)).one()
    people = {member.person.name: member.person_id for member in members()}
    reading = meeting.form_duo(goal, people[pair.coalition], people[pair.opposition], None)
    db.flush()
    writer = people[pair.note.by]
    act_as(db, writer)
    meeting.write(reading, writer, pair.note.model_dump(exclude={"by"}), 0, is_ready=True)
    db.flush()
    act_as(db, None)


def _publish_for_residents(plan: Plan, item: DemoCouncil) -> None:
    """A monitor of its own, of which residents read the figures and stories that are everybody's, the words of the
    council and how it was made; no costs.
    """
    title = item.plan.residents if item.plan else ""
    facts = facts_by_plan(plan.id)[plan.id]
    monitor = monitors.add_monitor(plan.id, title, MonitorKind.PUBLIC, facts, None)
    monitors.publish(monitor, monitor.draft, None)
    build_blocks()
    monitor_id = monitor.id
    db.commit()
    with current_app.test_request_context():  # the words tell addresses, so they are made in a request
        g.council_slug = item.slug
        council = db.scalars(sa.select(Council).where(Council.slug == item.slug)).one()
        act_for(db, council.id)
        _tick_for_residents(monitor_id, council)
        db.commit()


def _tick_for_residents(monitor_id: UUID, council: Council) -> None:
    of, reader = publishing.source(monitor_id), Membership(role=Role.CLERK)
    if of is None:
        raise LookupError("the monitor for residents was not made")
    found = publishing.told(of, council, reader, "nl")
    kinds = ("figure", "words", "quote", "stories", "unknown", "methods")
    wanted = [choice.id for offer in offered(found.words) for choice in offer.choices if choice.kind in kinds]
    draft = publications.tick(of, found, wanted, None)
    looked_at = seen(publications.for_residents(draft, found))
    publications.publish(of, council, reader, looked_at=looked_at, starts_on=today(), ends_on=None)


def _adopt(plan: Plan, item: DemoAdopted) -> None:
    """The council adopts what is published; the monitor goes on."""
    clerk = next(member for member in members() if member.role is Role.CLERK)
    council = db.get_one(Council, clerk.council_id)
    monitor = monitors.first_monitor(plan.id)
    monitors.publish(monitor, monitor.draft, clerk.person_id)
    with current_app.test_request_context(f"/{council.slug}/"):
        g.council_slug = council.slug
        frozen = freeze(plan, council, clerk)
    g.pop("council_slug", None)
    decision = Decision(adopted_on=today(), decided_by=item.decided_by, minority_views=item.minority_views)
    adopting.adopt(plan, "demo", frozen, decision, clerk.person_id, seen=frozen.fingerprint)
    said = Text(id=uuid5(plan.id, "afterwards"), text=item.afterwards)
    monitors.shape(
        monitor,
        monitor.draft,
        lambda it: add_block(it, said, it.sections[0].id, 1),
        {"what": "added", "kind": "text", "name": ""},
        None,
    )
    monitors.publish(monitor, monitor.draft, clerk.person_id)


def _add_round(plan: Plan, values: dict[str, Value], item: DemoRound) -> None:
    """Everybody answers under their own name, since nobody else could."""
    method = Method(item.method)
    ask_about = list(values.values())
    if method == Method.POSITION:
        found = together.ask_positions(plan, ask_about, None)
    elif method == Method.STATEMENTS:
        options = [Option(key, text) for key, text in item.statements.items()]
        found = together.ask_statements(plan, options, None)
    else:
        found = together.ask_weight(plan, ask_about, method, None)
    ids = {name: UUID(person_id) for person_id, name in group_candidates().items()}
    kind = {Method.POSITION: "places", Method.STATEMENTS: "votes"}.get(method, "points")
    key_of = {key: str(value.key) for key, value in values.items()} | {key: key for key in item.statements}
    for answer in item.answers:
        act_as(db, ids[answer.by])
        given = {key_of[key]: number for key, number in answer.given.items()}
        reply = rounds.Reply({kind: given}, answer.reason, bool(answer.reason), answer.minority)
        rounds.cast(found, reply, person_id=ids[answer.by])
    act_as(db, None)
    if item.revealed:
        rounds.close_round(found)
        rounds.reveal_round(found)


def _add_follow_up(goal: Goal, item: DemoGoal) -> None:
    """What the goal asks for: first what is needed, then the money."""
    for part, cards in ((Part.NEED, item.needs), (Part.COST, item.costs), (Part.STEERING, item.steering)):
        for card in cards:
            follow_up.add(goal, part, None, **card.model_dump())
            db.flush()
    parts = {"needs": Part.NEED, "costs": Part.COST, "steering": Part.STEERING}
    for name in item.unknown:
        plan = db.get_one(Plan, goal.plan_id)
        vision.leave_open(plan, follow_up.STEPS[parts[name]], AnswerState.UNKNOWN, None, goal.id)


def _link(goal: Goal, indicator: Indicator | OwnIndicator, why: DemoLink | DemoOwnFigure) -> None:
    link = link_indicator(
        goal,
        indicator,
        None,
        reason=why.reason,
        quality=Quality(why.quality),
        not_saying=why.not_saying,
    )
    db.flush()
    if why.measuring:
        _measure(link, why.measuring)
    if isinstance(why, DemoLink) and why.rests_until:
        rest(link, why.rests_until, None)


def _measure(link: Link, how: DemoMeasuring) -> None:
    db.refresh(link, attribute_names=["own_indicator"])
    starts = starts_of(link)
    side, limit = how.signal or (None, None)
    measure(
        link,
        starts,
        None,
        baseline_period=starts[0].period if starts else "",
        aiming=Aiming.AIM if how.aims else Aiming.FOLLOW,
        aims="\n".join(f"{year}: {number}" for year, number in how.aims.items()),
        signal_side=Side(side) if side else None,
        signal_limit=limit,
        direction=Direction(how.direction),
        direction_reason=how.direction_reason,
        reading_up=how.reading_up,
        reading_down=how.reading_down,
    )


def _add_own_figure(item: DemoOwnFigure) -> OwnIndicator:
    """As an officer would: a file that is read, checked and guarded."""
    indicator = OwnIndicator(
        name=item.name,
        definition=item.definition,
        source=item.source,
        unit=item.unit,
        decimals=0,
        themes=[str(theme) for theme in item.themes],
        kind=Kind.PEOPLE,
        threshold=THRESHOLD,
        rounding=ROUNDINGS[0],
        reading_up=item.reading_up,
        reading_down=item.reading_down,
    )
    _load_numbers(item, indicator, item.numbers)
    return indicator


def _load_numbers(item: DemoOwnFigure, indicator: OwnIndicator, numbers: dict[int, int]) -> None:
    area = own_area()
    rows = [
        f"{area.code if area else ''};{year}{'*' if year in item.provisional else ''};{number}"
        for year, number in sorted(numbers.items())
    ]
    file = "\n".join(["gemeente;jaar;aantal", *rows])
    uploads.load_file(file.encode(), "fictief.csv", indicator, None)
