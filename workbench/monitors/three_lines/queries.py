"""What there is to begin the three lines of a goal with."""

import sqlalchemy as sa

from workbench.core.db import db
from workbench.evidence.insight import queries as insight
from workbench.evidence.insight.models import Says
from workbench.evidence.models import Link
from workbench.knowledge.calendar.models import today
from workbench.monitors.models import BlockDocument, Monitor, MonitorKind
from workbench.monitors.three_lines.proposal import Proposal, first_of, propose
from workbench.stories.kept.queries import audience
from workbench.vision.models import Goal


def sentences_of(goal: Goal, language: str) -> list[str]:
    """What the monitor of the council says of each figure in view under a goal, after the name of the figure."""
    sentence = BlockDocument.content["sentence"].astext
    query = (
        sa.select(BlockDocument.content["title"].astext, sentence)
        .join(Link, Link.id == BlockDocument.link_id)
        .join(Monitor, Monitor.id == BlockDocument.monitor_id)
        .where(
            Link.goal_id == goal.id,
            Link.rests_until.is_(None),
            Monitor.plan_id == goal.plan_id,
            Monitor.kind == MonitorKind.COUNCIL,
            BlockDocument.language == language,
            sentence != "",
        )
        .order_by(Link.created_at, Link.id, BlockDocument.block_id)
    )
    return [f"{title}: {first_of(said)}" for title, said in db.execute(query)]


def proposal(goal: Goal, language: str) -> Proposal:
    heard = insight.heard(goal.id, audience(), today())
    return propose(
        sentences_of(goal, language),
        heard.sentences if heard.is_enough else [],
        [(finding.text, finding.says is Says.CONTRADICTS) for finding in insight.findings_of(goal.id)],
    )
