"""Choosing two to six templates, and their formats beside each other."""

from uuid import UUID

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from workbench.core.web import page, public
from workbench.showcase import queries
from workbench.showcase.comparing.common import LEAST, MOST, Common, Format, Thing, compare
from workbench.showcase.content import PlanContent

bp = Blueprint("comparing", __name__)


@bp.get("/etalage/vergelijken")
@public
def choose() -> ResponseReturnValue:
    """Without a good choice: the list to choose from. What was revoked is gone from both."""
    wanted = _wanted()
    if LEAST <= len(wanted) <= MOST and "kies" not in request.args:
        found = [queries.find_shown(key) or abort(404) for key in wanted]
        common = compare([format_of(shown.content) for shown in found])
        return page(
            "showcase/comparing/show.html", found=found, common=common, sentence=_in_short(common, len(found))
        )
    offered = [item for item in queries.shown() if item.content.values or item.content.figures]
    problem = _("Kies twee tot zes voorbeelden.") if len(request.args.getlist("t")) > 1 else ""
    return page("showcase/comparing/choose.html", offered=offered, wanted=wanted, problem=problem)


def _wanted() -> list[UUID]:
    """As they were chosen, each once."""
    found = []
    for text in request.args.getlist("t")[: MOST + 1]:
        try:
            found.append(UUID(text))
        except ValueError:
            abort(404)
    return list(dict.fromkeys(found))


def format_of(content: PlanContent) -> Format:
    return Format(
        values=tuple(
            Thing(
                value.name,
                value.library_slug,
                tuple(goal.whole_sentence for goal in content.goals if value.key in goal.values),
            )
            for value in content.values
        ),
        figures=tuple(
            Thing(figure.name, figure.indicator, (goal.whole_sentence,))
            for goal in content.goals
            for figure in goal.figures
        ),
        questions=tuple(question.text for goal in content.goals for question in goal.questions),
    )


def _in_short(common: Common, number: int) -> str:
    values, figures = common.shared_values, common.shared_figures
    if not values and not figures:
        return str(_("Deze %(n)s voorbeelden hebben geen waarde en geen cijfer gemeen.", n=number))
    said = ngettext("%(num)s waarde", "%(num)s waarden", len(values))
    counted = ngettext("%(num)s cijfer", "%(num)s cijfers", len(figures))
    sentence: str = _("Van deze %(n)s voorbeelden komen %(values)s en %(figures)s in twee of meer voor.", n=number, values=said, figures=counted)  # fmt: skip
    everywhere = [row.name for row in values if row.is_everywhere]
    if everywhere:
        sentence += " " + _("Allemaal noemen ze: %(names)s.", names=", ".join(everywhere))
    return sentence
