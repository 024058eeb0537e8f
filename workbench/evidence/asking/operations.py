"""Writing questions, requests and what was passed over."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.evidence.asking.models import Candidate, DataRequest, InformationQuestion, Verdict
from workbench.indicators.models import Indicator
from workbench.vision.models import Goal


def ask(goal: Goal, by: UUID | None, **content: Any) -> InformationQuestion:
    question = InformationQuestion(goal_id=goal.id)
    db.add(question)
    save_card(question, content, by=by)
    return question


def request_data(goal: Goal, by: UUID | None, **content: Any) -> DataRequest:
    request = DataRequest(goal_id=goal.id)
    db.add(request)
    save_card(request, content, by=by)
    return request


def remove(card: InformationQuestion | DataRequest) -> None:
    audit.record(f"{card.__tablename__}_removed", card)
    db.delete(card)


def pass_over(goal: Goal, indicator: Indicator, review_on: date | None) -> None:
    """Not now, with a day to look again; without a day: it does not fit, and is not suggested again."""
    db.refresh(goal, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    found = db.scalar(
        sa.select(Candidate).where(Candidate.goal_id == goal.id, Candidate.indicator_id == indicator.id)
    )
    if found is None:
        found = Candidate(goal_id=goal.id, indicator_id=indicator.id)
        db.add(found)
    found.verdict = Verdict.LATER if review_on else Verdict.UNFIT
    found.review_on = review_on


def take_back(goal: Goal, indicator: Indicator) -> None:
    """Suggest a figure again that was passed over."""
    db.execute(
        sa.delete(Candidate).where(Candidate.goal_id == goal.id, Candidate.indicator_id == indicator.id)
    )
