"""The demo: five councils with fictitious people and one filled example plan. Idempotent."""

from datetime import date

import sqlalchemy as sa

from seeds import read
from seeds.schema import DemoCouncil, DemoPlan, Person
from workbench.accounts import operations as accounts
from workbench.accounts.models import Council, Role
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job, enqueue
from workbench.core.tenancy import act_for
from workbench.evidence.models import Quality
from workbench.evidence.operations import link_indicator
from workbench.indicators.operations import set_area
from workbench.indicators.queries import find_indicator
from workbench.vision import operations as vision
from workbench.vision.models import Plan
from workbench.vision.queries import group_candidates


def load() -> None:
    """Make what is not there yet. Within an app context; changes nothing that people made since."""
    content = read.demo()
    with as_platform():
        new = [item for item in content.councils if _add_council(item)]
        for person in content.people:
            _add_person(person, content.password)
        act_for(db, None)
    for item in new:
        act_for(db, db.scalar(sa.select(Council.id).where(Council.slug == item.slug)))
        _add_plan(item.plan)
        enqueue(Job.BUILD_BLOCKS)
        db.commit()


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
    council = accounts.add_council(item.name, item.slug, is_demo=True)
    act_for(db, council.id)
    set_area(item.region)
    db.flush()
    return True


def _add_person(item: Person, password: str) -> None:
    if accounts.find_person(item.email):
        return
    person = accounts.add_person(item.email, item.name, password)
    for membership in item.memberships:
        act_for(db, db.scalar(sa.select(Council.id).where(Council.slug == membership.council)))
        accounts.add_member(person, Role(membership.role))


def _value(answer: str | int | date | dict[str, str]) -> object:
    """An answer as it is kept; people by their ids."""
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, dict):
        ids = {name: person_id for person_id, name in group_candidates().items()}
        return {ids[name]: faction for name, faction in answer.items()}
    return answer


def _add_plan(item: DemoPlan) -> Plan:
    plan = vision.start_plan(
        None, title=item.title, **{key: _value(answer) for key, answer in item.answers.items()}
    )
    for step in plan.steps:
        if step.number in item.finished:
            vision.finish_step(step, [], None)
    values = {}
    for value in item.values:
        texts = value.model_dump(exclude={"key"})
        values[value.key] = vision.add_value(
            plan, None, **{**texts, "minority_view": value.minority_view or ""}
        )
    for goal in item.goals:
        added = vision.add_goal(
            plan,
            None,
            values=[values[key] for key in goal.values],
            sentence=goal.sentence,
            target_group=goal.target_group,
            horizon=goal.horizon,
        )
        db.flush()
        for link in goal.links:
            indicator = find_indicator(link.indicator)
            if indicator is None:
                raise LookupError(f"demo link to unknown indicator {link.indicator}")
            link_indicator(
                added,
                indicator,
                None,
                reason=link.reason,
                quality=Quality(link.quality),
                not_saying=link.not_saying,
            )
    return plan
