"""Findings, and rounds about stories."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.insight import queries
from workbench.evidence.insight.models import Finding, GoalLines, StoryRound
from workbench.evidence.insight.queries import Mark
from workbench.evidence.insight.wording import MOST_WORDS, taken_over
from workbench.knowledge.calendar.models import today
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option, Round
from workbench.stories.kept.queries import quoted
from workbench.stories.kept.visibility import Audience
from workbench.vision.models import Goal, Plan
from workbench.vision.together.queries import group_of

FEWEST_STORIES, MOST_STORIES = 3, 8


class TakenOver(Conflict):
    """What people write stays; a story goes when its narrator withdraws it."""


def check_own_words(text: str, excerpt_ids: Collection[UUID]) -> None:
    """Raises: TakenOver when a text of the group repeats the story of one of these excerpts."""
    if excerpt_ids and (found := taken_over(text, queries.spared(excerpt_ids))):
        raise TakenOver(
            _(
                "U neemt meer dan %(n)s woorden achter elkaar over uit een verhaal: “%(words)s”. Schrijf het in eigen"
                " woorden. Het citaat zelf blijft erbij staan, zolang de verteller dat goedvindt.",
                n=MOST_WORDS,
                words=found,
            )
        )


def add_finding(goal: Goal, by: UUID | None, **content: Any) -> Finding:
    """Raises: Conflict; see `change_finding`."""
    _check(content)
    last = db.scalar(sa.select(sa.func.max(Finding.place)).where(Finding.goal_id == goal.id))
    finding = Finding(goal_id=goal.id, place=(last or 0) + 1)
    db.add(finding)
    save_card(finding, content, by=by)
    db.flush()
    return finding


def change_finding(finding: Finding, by: UUID | None, base_version: int, **content: Any) -> None:
    """Raises: Conflict when it stands on no excerpt, or repeats one; EditConflict."""
    _check(content)
    save_card(finding, content, by=by, base_version=base_version)


def _check(content: dict[str, Any]) -> None:
    excerpt_ids = content["excerpt_ids"]
    if not excerpt_ids or set(queries.quotes(excerpt_ids, Audience.MAKER, today())) != set(excerpt_ids):
        raise Conflict(_("Kies bij een bevinding minstens één citaat dat er nu nog is."))
    check_own_words(content["text"], excerpt_ids)


def move_up(finding: Finding) -> None:
    """One place up; what stands first stays there."""
    others = queries.findings_of(finding.goal_id)
    at = others.index(finding)
    if at:
        others[at - 1 : at + 1] = [finding, others[at - 1]]
    for place, other in enumerate(others, start=1):
        other.place = place


def remove_finding(finding: Finding) -> None:
    audit.record("finding_removed", finding)
    db.delete(finding)


def write_lines(goal: Goal, by: UUID | None, base_version: int, **content: str) -> GoalLines:
    """The three lines of a goal. Raises: Conflict when one repeats a story of the goal; EditConflict."""
    marks = queries.heard(goal.id, Audience.MAKER, today()).marks
    check_own_words("\n\n".join(content.values()), [mark.id for mark in marks])
    db.refresh(goal, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    lines = queries.lines_of(goal.id)
    if lines is None:
        lines = GoalLines(goal_id=goal.id)
        db.add(lines)
        save_card(lines, content, by=by)
    else:
        save_card(lines, content, by=by, base_version=base_version)
    db.flush()
    return lines


# --- The most significant change ------------------------------------------------------------------------------------


def _check_reason(found: Round, text: str) -> None:
    """A reason outlives a story that is withdrawn, so it may not repeat one."""
    if db.scalar(sa.select(sa.exists().where(StoryRound.round_id == found.id))):
        check_own_words(text, [UUID(key) for key in found.keys])


rounds.check_texts(_check_reason)


def ask_most_telling(goal: Goal, marks: Sequence[Mark], method: Method, by: UUID | None) -> Round:
    """Which of these stories shows the change that matters most? Open at once for the working group. Raises: Conflict.

    The round holds ids and neutral names: whoever reads it gets the words from the stories, as long as these are there.
    """
    if not FEWEST_STORIES <= len(marks) <= MOST_STORIES:
        raise Conflict(
            _(
                "Kies %(fewest)s tot %(most)s citaten. Met minder valt er weinig te kiezen, met meer leest niemand alles.",
                fewest=FEWEST_STORIES,
                most=MOST_STORIES,
            )
        )
    if len(quoted([mark.id for mark in marks], Audience.COUNCIL, today())) < len(marks):
        raise Conflict(
            _(
                "Een van deze citaten mag de hele raad niet (meer) lezen. Kies alleen citaten die iedereen ziet."
            )
        )
    plan = db.get_one(Plan, goal.plan_id)
    db.refresh(plan, attribute_names=["version"], with_for_update=True)  # two people at once: one waits
    if queries.running(goal.id):
        raise Conflict(_("Deze ronde loopt al. Sluit en onthul haar eerst."))
    faction_of = {str(person_id): faction for person_id, faction in group_of(plan).items()}
    made = rounds.start_round(
        _("Welk verhaal laat zien wat er het meest toe doet?"),
        method,
        options(marks),
        by=by,
        explanation="\n\n".join(
            (
                _("Het gaat om dit doel: %(goal)s", goal=goal.whole_sentence),
                _(
                    "Lees de citaten. Kies, en zeg waarom. Neem in uw reden geen zinnen uit een verhaal over: een verteller"
                    " mag het verhaal altijd terughalen."
                ),
            )
        ),
        members=list(faction_of),
        faction_of=faction_of,
        most=1,
    )
    db.flush()
    rounds.open_round(made)
    db.add(StoryRound(goal_id=goal.id, round_id=made.id))
    db.flush()
    return made


def options(marks: Sequence[Mark]) -> list[Option]:
    """Under a neutral name each: the number of the story, and which excerpt of it when there are more."""
    numbers = [mark.number for mark in marks]
    found = []
    for at, mark in enumerate(marks):
        name = _("Verhaal %(number)s", number=mark.number)
        if numbers.count(mark.number) > 1:
            name = _(
                "Verhaal %(number)s, citaat %(which)s",
                number=mark.number,
                which=numbers[: at + 1].count(mark.number),
            )
        found.append(Option(str(mark.id), name))
    return found
