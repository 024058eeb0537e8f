"""What an example asks for (a figure, stories, a moment), and where it can come from here."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from workbench.core.db import db
from workbench.core.text import current_language
from workbench.indicators import queries as catalogue
from workbench.indicators.models import Area, Indicator
from workbench.knowledge.queries import moments
from workbench.showcase.arrival.models import ArrivedCard, Origin
from workbench.showcase.content import PlanContent, SharedFigure, SharedMoment, SharedStories
from workbench.stories.queries import sources
from workbench.uploads.queries import own_indicators
from workbench.vision.models import Plan

Slot = SharedFigure | SharedStories | SharedMoment


def settled(plan: Plan) -> dict[UUID, ArrivedCard]:
    """Key of a card of an example -> what the group settled about it, with the figure or stories it chose."""
    rows = db.scalars(
        sa.select(ArrivedCard)
        .where(ArrivedCard.plan_id == plan.id)
        .options(
            joinedload(ArrivedCard.indicator).joinedload(Indicator.series),
            joinedload(ArrivedCard.own_indicator),
            joinedload(ArrivedCard.source),
        )
    )
    return {row.key: row for row in rows.unique()}


def slots(content: PlanContent) -> list[Slot]:
    """Figures, then stories, then moments."""
    return [
        *(item for goal in content.goals for item in goal.figures),
        *(item for goal in content.goals for item in goal.stories),
        *(item for goal in content.goals for item in goal.moments),
    ]


@dataclass(frozen=True)
class Offer:
    """Where one slot can come from: value of the choice -> its name; which is chosen now, and what is to be said of it."""

    slot: Slot
    label: str
    choices: dict[str, str]
    chosen: str
    hint: str


def offers(plan: Plan, content: PlanContent) -> list[Offer]:
    """Every slot of an example, in the order of `slots`."""
    asked = slots(content)
    before = settled(plan)
    figures = _figure_offers([slot for slot in asked if isinstance(slot, SharedFigure)])
    own_stories = {f"{Origin.OWN}:{source.id}": source.name for source in sources()}
    year = {moment.slug: moment.name for moment in moments()}
    found = []
    for slot in asked:
        if isinstance(slot, SharedFigure):
            label = slot.name
            choices, chosen, proposal = figures[slot.key]
        elif isinstance(slot, SharedStories):
            label = slot.kind_name[:1].upper() + slot.kind_name[1:]
            choices = {
                name: _("Eigen verhalen: %(name)s", name=text) for name, text in own_stories.items()
            } | _request()
            chosen, proposal = str(Origin.REQUEST), _("Verhalen haalt u in uw eigen gemeente op.")
        else:
            label = year.get(slot.moment, slot.moment)
            choices = {f"{Origin.OWN}:{moment}": name for moment, name in year.items()}
            known = slot.moment in year
            chosen = f"{Origin.OWN}:{slot.moment}" if known else str(Origin.LEFT_OUT)
            proposal = (
                "" if known else _("Dit moment kent deze werkbank niet. Kies een ander, of sla het over.")
            )
        choices = {**choices, str(Origin.LEFT_OUT): _("Overslaan")}
        was = _value(before.get(slot.key))
        reason = (
            ""
            if isinstance(slot, SharedMoment)
            else _("Waarom in het voorbeeld: %(reason)s", reason=slot.reason)
        )
        hint = f"{reason} {proposal}".strip()
        found.append(Offer(slot, label, choices, was if was in choices else chosen, hint))
    return found


def _request() -> dict[str, str]:
    return {str(Origin.REQUEST): _("Wordt een verzoek: u spreekt af wie het levert")}


def _value(card: ArrivedCard | None) -> str:
    """What was settled, as the choice of the form; empty when nothing was."""
    if card is None or card.origin is None:
        return ""
    slug = card.indicator.slug if card.indicator else None
    which = slug or card.own_indicator_id or card.story_source_id or card.moment
    return f"{card.origin}:{which}" if which else str(card.origin)


def _figure_offers(figures: list[SharedFigure]) -> dict[UUID, tuple[dict[str, str], str, str]]:
    """Key -> choices, the proposed one, and why."""
    national = catalogue.best_fits({item.key: (item.indicator, item.name) for item in figures})
    area = catalogue.own_area()
    newest = catalogue.newest_figures(set(national.values()), area) if area and national else {}
    own = {
        f"{Origin.OWN}:{item.id}": _("Eigen cijfer: %(name)s", name=item.name)
        for item in own_indicators(withdrawn=False)
    }
    found = {}
    for item in figures:
        indicator = national.get(item.key)
        choices = {}
        if indicator:
            choices[f"{Origin.NATIONAL}:{indicator.slug}"] = _("Landelijk: %(name)s", name=indicator.name)
        choices |= own | _request()
        if not indicator:
            proposal = _("In de catalogus staat geen cijfer dat hierop lijkt.")
        else:
            there = _data_sentence(newest.get(indicator.slug), area)
            if item.indicator == indicator.slug:
                proposal = there
            else:
                proposal = _(
                    "‘%(name)s’ in de catalogus lijkt erop. Kijk of het past. %(there)s",
                    name=indicator.name,
                    there=there,
                )
        # What another municipality counts itself is seldom the same as what the catalogue has.
        takes_national = indicator is not None and item.indicator is not None
        chosen = next(iter(choices)) if takes_national else str(Origin.REQUEST)
        found[item.key] = (choices, chosen, proposal)
    return found


def _data_sentence(figure: catalogue.Figure | None, area: Area | None) -> str:
    if area is None:
        return str(_("Van welke gemeente u bent, is nog niet ingesteld."))
    if figure is None:
        return str(_("Voor %(area)s zijn er nog geen cijfers.", area=area.name))
    period = figure.period.label(current_language())
    return str(_("Voor %(area)s zijn er cijfers, tot en met %(period)s.", area=area.name, period=period))
