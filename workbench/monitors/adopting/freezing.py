"""What would be adopted now: the published monitor and all that it rests on, put into parts; in a request of the clerk."""

from dataclasses import dataclass
from uuid import uuid5

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.accounts.models import Council, Membership
from workbench.comparison.models import KIND_NAMES
from workbench.comparison.queries import comparables_at_once
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.language import Language
from workbench.core.remembered import remembered
from workbench.core.text import speaking
from workbench.evidence.focus.models import USUAL, FocusSet
from workbench.evidence.models import Link
from workbench.monitors import queries, views
from workbench.monitors.adopting.document import GoalCard, Listing, Part, ValueCard, monitor_parts, whole_hash
from workbench.monitors.contents import MonitorWords
from workbench.monitors.format import Format, Resting, Section, Unknown
from workbench.monitors.queries import Shown
from workbench.monitors.read_out import monitor_in_words, position_words
from workbench.monitors.views import MonitorView
from workbench.vision.models import Goal, Plan, StepSkip, Value

DUTCH = Language("nl")  # the language of a council's decisions


@dataclass(frozen=True)
class Frozen:
    """Everything but the cover and the decision, which come when the council decides."""

    words: MonitorWords
    parts: tuple[Part, ...]

    @property
    def fingerprint(self) -> str:
        """What a person saw who checked this."""
        return whole_hash(self.parts)


def freeze(plan: Plan, council: Council, reader: Membership) -> Frozen:
    """Raises: Conflict when nothing is published, or a figure is still being made."""
    shown = queries.stored_by_plan(plan.id).get(plan.id, queries.NOTHING)
    if not shown.is_published:
        raise Conflict(
            _(
                "Er is nog geen gepubliceerde monitor. Publiceer eerst het concept; daarna kan de raad het vaststellen."
            )
        )
    with speaking(DUTCH):
        found = views.monitor_view(plan, _whole(shown), DUTCH.code, reader)
        words = monitor_in_words(plan, found, council, reader, DUTCH.code)
        parts = tuple(_parts(plan, found, words))
    if words.unready:
        raise Conflict(
            ngettext(
                "Er wordt nog een figuur gemaakt. Wacht een halve minuut en probeer het opnieuw.",
                "Er worden nog %(num)s figuren gemaakt. Wacht een halve minuut en probeer het opnieuw.",
                words.unready,
            )
        )
    return Frozen(words, parts)


def _whole(shown: Shown) -> Shown:
    """With what rests and what is not known, also when the group left these out: they belong to what is adopted."""
    there = {type(block) for block in shown.format.blocks if not block.hidden}
    base = shown.monitor.id if shown.monitor else shown.format.sections[0].id
    left_out = tuple(
        Section(id=uuid5(base, f"adopted {kind.__name__}"), blocks=(kind(id=uuid5(base, kind.__name__)),))
        for kind in (Resting, Unknown)
        if kind not in there
    )
    return shown._replace(format=Format(sections=(*shown.format.sections, *left_out)))


def _parts(plan: Plan, found: MonitorView, words: MonitorWords) -> list[Part]:
    size, skips = _around(plan)
    names = {value.id: value.name for value in found.values}
    return [
        *(Part.of(f"value-{value.id}", _value(value), value.id) for value in found.values),
        *(
            Part.of(f"goal-{goal.id}", _goal(goal, [names[i] for i in ids if i in names]), goal.id)
            for goal, ids in found.goals
        ),
        Part.of("focus", Listing(kind="focus", title=_("Cijfers in beeld"), lines=_focus(found, size))),
        *monitor_parts(words),
        Part.of("sources", Listing(kind="sources", title=_("Bronnen"), lines=_sources(found))),
        Part.of("comparison", Listing(kind="comparison", title=_("Met wie is vergeleken"), lines=_group())),
        Part.of("skips", Listing(kind="skips", title=_("Overgeslagen stappen"), lines=skips)),
    ]


def _value(value: Value) -> ValueCard:
    same = ("name", "mark", "own_words", "seen_when", "not_this", "short_changed", "counter_value")
    texts = {name: getattr(value, name) for name in (*same, "bottom_line", "minority_view")}
    return ValueCard(id=value.id, position=position_words(value), **texts)


def _goal(goal: Goal, values: list[str]) -> GoalCard:
    return GoalCard(
        id=goal.id,
        sentence=goal.whole_sentence,
        values=tuple(sorted(values)),
        lines=tuple(f"{question}: {answer}" for question, answer in goal.lines()),
    )


def _around(plan: Plan) -> tuple[int, tuple[str, ...]]:
    """How many figures may be in view, and which steps were skipped and why; in one query."""
    size = sa.select(FocusSet.size).where(FocusSet.plan_id == Plan.id).scalar_subquery()
    rows = db.execute(
        sa.select(size, StepSkip.number, StepSkip.reason)
        .select_from(Plan)
        .outerjoin(StepSkip, sa.and_(StepSkip.plan_id == Plan.id, StepSkip.undone_at.is_(None)))
        .where(Plan.id == plan.id)
        .order_by(StepSkip.number)
    ).all()
    skips = tuple(
        f"{plan.step(number).named[:1].upper()}{plan.step(number).named[1:]}: {reason}"
        for _size, number, reason in rows
        if number is not None
    )
    return rows[0][0] or USUAL, skips or (_("Er is geen stap overgeslagen."),)


def _links(found: MonitorView) -> list[Link]:
    """Those in view and those that rest, each once."""
    return list({link.id: link for link in (*(view.link for view in found.figures), *found.resting)}.values())


def _focus(found: MonitorView, size: int) -> tuple[str, ...]:
    sentences = {goal.id: goal.whole_sentence for goal, _ids in found.goals}
    in_view = {view.link.id: view.link for view in found.figures}
    return (
        _("De raad houdt hooguit %(n)s cijfers tegelijk in beeld.", n=size),
        *(
            _("%(name)s, bij het doel: %(goal)s", name=link.subject.name, goal=sentences[link.goal_id])
            for link in in_view.values()
        ),
    )


def _sources(found: MonitorView) -> tuple[str, ...]:
    lines = []
    for link in _links(found):
        if link.own_indicator:
            source = link.own_indicator.source or _("eigen cijfer van de gemeente")
            lines.append(f"{link.subject.name}: {source}")
        for series in link.indicator.series if link.indicator_id and link.indicator else ():
            told = [
                series.source_name,
                _("tabel %(table)s", table=series.table),
                series.title,
                series.licence,
            ]
            lines.append(f"{link.subject.name}: {', '.join(text for text in told if text)}")
    return tuple(dict.fromkeys(lines))


def _group() -> tuple[str, ...]:
    """Names in alphabetical order, without figures."""
    found = comparables_at_once()
    if found is None:
        return (_("De raad heeft nog geen gebied gekozen, dus er is niet vergeleken."),)
    lines = [found.because(DUTCH) or found.why_not(DUTCH) or str(KIND_NAMES[found.kind])]
    if found.decision and found.decision.reason:
        lines.append(_("Waarom: %(reason)s", reason=found.decision.reason))
    if found.area_ids:
        lines.append(remembered(lambda: ", ".join(found.names()), "names", *found.area_ids))
    return tuple(lines)
