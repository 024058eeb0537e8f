"""Asking, saying, answering and closing. The audit trail tells that something was said, not what."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import AMSTERDAM
from workbench.evidence.insight.operations import check_own_words
from workbench.monitors.conversation import states, words
from workbench.monitors.conversation.models import (
    FigureQuestion,
    Interpretation,
    Kind,
    QuestionSnapshot,
    QuestionStep,
    Subject,
)
from workbench.monitors.conversation.queries import About
from workbench.monitors.conversation.states import Act, Impossible, State
from workbench.vision.models import Plan


def ask(
    about: About, text: str, owner_id: UUID, by: UUID | None, *, period: str = "", at: datetime | None = None
) -> FigureQuestion:
    """Put a question to its owner, with the term that everybody has. Raises: Conflict."""
    at = at or datetime.now(UTC)
    due_on = at.astimezone(AMSTERDAM).date() + states.TERM
    return _add(
        about,
        Kind.QUESTION,
        text,
        by,
        asked_at=at,
        period=period,
        state=State.ASKED,
        owner_id=owner_id,
        due_on=due_on,
    )


def signal(
    about: About, text: str, in_english: str, owner_id: UUID | None, *, period: str, at: datetime
) -> FigureQuestion:
    """A question that a figure gives cause to; without an owner it waits for the working group. Raises: Conflict."""
    due_on = at.astimezone(AMSTERDAM).date() + states.TERM
    return _add(
        about,
        Kind.SIGNAL,
        text,
        None,
        asked_at=at,
        in_english=in_english,
        period=period,
        state=State.ASKED,
        owner_id=owner_id,
        due_on=due_on,
    )


def say(
    about: About, kind: Kind, text: str, by: UUID | None, *, period: str = "", at: datetime | None = None
) -> FigureQuestion:
    """A remark, reaction or advice: it has no owner and no term. Raises: Conflict."""
    return _add(about, kind, text, by, asked_at=at or datetime.now(UTC), period=period, state=State.SAID)


def _add(about: About, kind: Kind, text: str, by: UUID | None, **facts: Any) -> FigureQuestion:
    if not about.contents:
        raise Conflict(_("Dit cijfer wordt nog gemaakt. Probeer het over een minuut opnieuw."))
    _check_words(about.contents.values(), text)
    made = FigureQuestion(
        plan_id=about.plan_id,
        kind=kind,
        subject=about.subject,
        block_id=about.block_id,
        link_id=about.link_id,
        goal_id=about.goal_id,
        value_id=about.value_id,
        title=about.title,
        text=text,
        asked_by_id=by,
        **facts,
    )
    db.add(made)
    db.flush()
    for language, content in about.contents.items():
        db.add(QuestionSnapshot(question_id=made.id, language=language, content=content))
    audit.record(f"figure_{kind}_added", made, by=by)
    return made


def _check_words(contents: Iterable[Mapping[str, Any]], *texts: str | None) -> None:
    """Raises: TakenOver when a text repeats a story that is quoted there."""
    quoted = {UUID(one["excerpt_id"]) for content in contents for one in content.get("voices", [])}
    check_own_words("\n\n".join(filter(None, texts)), quoted)


def act(
    question: FigureQuestion,
    what: Act,
    by: UUID | None,
    text: str = "",
    *,
    to: UUID | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> None:
    """Take one step with a question. Raises: Conflict when it does not go from here, TakenOver."""
    at = at or datetime.now(UTC)
    db.flush()
    if question.subject is Subject.QUOTE and text:
        shown = sa.select(QuestionSnapshot.content).where(QuestionSnapshot.question_id == question.id)
        _check_words(db.scalars(shown), text)
    # Two people who press a button at once: the second sees what the first did.
    db.refresh(question, attribute_names=["state", "owner_id", "due_on"], with_for_update=True)
    try:
        question.state = states.after(question.state, what)
    except Impossible as error:
        raise Conflict(words.refusal(error.state, error.act)) from None
    if what is Act.UNCLEAR:  # asked again: who answers has the whole term again
        due_on = at.astimezone(AMSTERDAM).date() + states.TERM
    question.owner_id = to or question.owner_id
    question.due_on = due_on or question.due_on
    db.add(
        QuestionStep(question_id=question.id, act=what, at=at, by_id=by, text=text, to_id=to, due_on=due_on)
    )
    audit.record(f"figure_question_{what}", question, by=by)


def interpret(
    about: About, by: UUID | None, content: Mapping[str, str], base_version: int | None = None
) -> Interpretation:
    """Write down what the group says a figure or a quote means. Raises: EditConflict, TakenOver."""
    _check_words(about.contents.values(), *content.values())
    # Two who begin at once: one waits, and then sees what the other wrote.
    db.execute(sa.select(Plan.id).where(Plan.id == about.plan_id).with_for_update(key_share=True))
    found = db.scalar(sa.select(Interpretation).where(Interpretation.block_id == about.block_id))
    if found is None:
        found = Interpretation(plan_id=about.plan_id, block_id=about.block_id, link_id=about.link_id)
        db.add(found)
        base_version = None
    save_card(found, dict(content), by=by, base_version=base_version)
    return found
