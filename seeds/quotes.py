"""Quotes of the demo beside a point of a figure, with what people asked about them and said they mean."""

from uuid import uuid5

import sqlalchemy as sa

from seeds.story_content import DemoStories
from workbench.accounts.queries import members
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.evidence.queries import links_by_goal
from workbench.monitors import operations as monitors
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation import queries as conversations
from workbench.monitors.format import Format, Quote, add_block, place_of
from workbench.stories.kept.models import Excerpt
from workbench.vision.models import Goal, Plan


def add_quotes(content: DemoStories, plan: Plan, goals: dict[str, Goal]) -> None:
    """Passages beside a point of a figure, and what the council said of them; the monitor is the group's from now on."""
    monitor = monitors.first_monitor(plan.id)
    people = {member.person.name: member.person_id for member in members()}
    links = {link.subject.name: link for found in links_by_goal(plan).values() for link in found}
    for item in content.quotes:
        link = links[item.beside]
        excerpt_id = db.scalars(sa.select(Excerpt.id).where(Excerpt.words == item.marked)).one()
        goal = goals[item.goal]
        quote = Quote(
            id=uuid5(plan.id, item.marked),
            goal_id=goal.id,
            excerpt_id=excerpt_id,
            beside=link.id,
            period=item.period,
        )

        def behind(format_: Format, link: Link = link, quote: Quote = quote) -> Format:
            figure = next(block for block in format_.drawn if block.link_id == link.id)
            section, place = place_of(format_, figure.id)
            return add_block(format_, quote, section.id, place + 1)

        change = {"what": "added", "kind": "quote", "name": goal.whole_sentence}
        monitors.shape(monitor, monitor.draft, behind, change, None)
        db.flush()
        about = conversations.block(quote.id)
        if about is None:
            raise LookupError("the quote does not stand in the monitor")
        conversation.ask(about, item.asked, people[item.owner], people[item.by])
        conversation.interpret(
            about, None, {"recognise": item.recognise, "explain": "", "judge": "", "improve": item.improve}
        )
