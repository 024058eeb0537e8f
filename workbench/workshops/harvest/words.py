"""Results of a workshop in plain words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from workbench.core.text import current_language
from workbench.rounds import words
from workbench.rounds.models import Round
from workbench.rounds.queries import Result
from workbench.rounds.words.between import Between
from workbench.rounds.words.told import Told
from workbench.workshops.harvest.outcomes import NOT_HELD, ActivityOutcome, Outcome
from workbench.workshops.harvest.queries import Becomes, Harvested
from workbench.workshops.kinds import KEPT_TO_ONESELF
from workbench.workshops.models import ActivityState, Workshop

BECOMES_NAMES = {
    Becomes.VALUE: lazy_gettext("waarde"),
    Becomes.GOAL: lazy_gettext("doel"),
    Becomes.QUESTION: lazy_gettext("informatievraag"),
    Becomes.REQUEST: lazy_gettext("verzoek om gegevens"),
    Becomes.STEP_QUESTION: lazy_gettext("vraag in het traject"),
}


def not_readable(found: Harvested) -> str:
    """Why the text of what a card became is not told."""
    if found.text is None:
        return str(_("Later uit het traject gehaald."))
    return str(_("De werkgroep heeft deze stap nog niet opengesteld."))


@dataclass(frozen=True)
class RoundTold:
    """A round as its own page shows it."""

    told: Told
    between: Between | None
    reasons: list[tuple[str, list[str]]]
    minority: list[str]


def round_told(found: ActivityOutcome) -> RoundTold | None:
    """What the group answered, in words and pictures; None for an activity with cards."""
    if found.counted is None:
        return None
    facts = found.counted
    asked = Round(
        question=facts.question,
        method=facts.method,
        option_list=[option.model_dump() for option in facts.options],
        result=facts.result,
    )
    result = Result(**facts.result)
    return RoundTold(
        words.told(asked, result),
        words.between(asked, result),
        words.reason_lists(asked, result),
        result.minority,
    )


def standing(found: ActivityOutcome) -> str:
    """How it went with an activity, in one sentence."""
    spoken = current_language()
    if found.is_skipped:
        if found.skipped_why:
            return str(_("Overgeslagen. De reden: %(reason)s", reason=found.skipped_why))
        return str(_("Overgeslagen."))
    if found.state == NOT_HELD:
        return str(_("Niet gehouden."))
    if found.state == ActivityState.WAITING:
        return str(_("Nog niet gehouden."))
    if found.count is None:
        return str(_("Nog niet onthuld. Tot dan leest niemand wat anderen antwoordden."))
    if found.count == 0:
        return str(_("Er kwam geen antwoord."))
    n = spoken.number(found.count)
    if found.counted is not None:
        return str(ngettext("Eén antwoord.", "%(n)s antwoorden.", found.count, n=n))
    if found.kind in KEPT_TO_ONESELF:
        return str(
            ngettext(
                "Eén tekst. Alleen wie schreef, las de eigen woorden.",
                "%(n)s teksten. Alleen wie schreef, las de eigen woorden.",
                found.count,
                n=n,
            )
        )
    return str(ngettext("Eén kaart.", "%(n)s kaarten.", found.count, n=n))


def unkept(found: ActivityOutcome) -> str:
    """How many cards are counted but not told; empty when there are none."""
    if found.kind in KEPT_TO_ONESELF or found.unkept <= 0:
        return ""
    n = current_language().number(found.unkept)
    return str(
        ngettext(
            "Eén kaart telt mee, maar de tekst staat hier niet: die is niet bedoeld om te bewaren.",
            "%(n)s kaarten tellen mee, maar de teksten staan hier niet: die zijn niet bedoeld om te bewaren.",
            found.unkept,
            n=n,
        )
    )


def came(found: Outcome) -> str:
    """How many people took part."""
    n = current_language().number(found.people)
    return str(ngettext("Er deed één mens mee.", "Er deden %(n)s mensen mee.", found.people, n=n))


def groups_table(found: Outcome) -> dict[str, Any] | None:
    """Per council how many came; None where that may not be told."""
    if not found.groups:
        return None
    spoken = current_language()
    by_name = sorted(found.groups.items(), key=lambda group: (not group[0], group[0].casefold()))
    rows = [[name or str(_("overige")), spoken.number(n)] for name, n in by_name]
    return {
        "caption": str(_("Mensen per gemeente")),
        "columns": [str(_("Gemeente")), str(_("Mensen"))],
        "rows": rows,
        "numeric": [1],
    }


def forgetting(workshop: Workshop) -> str:
    """When what people wrote is erased: for the facilitator, and for the line about privacy on a phone."""
    spoken = current_language()
    if workshop.forgotten_at:
        return str(
            _(
                "Op %(day)s is gewist wat mensen in deze sessie schreven. Aantallen en wat mocht blijven, staan er nog.",
                day=spoken.date(workshop.forgotten_at),
            )
        )
    if workshop.forget_on:
        return str(
            _(
                "Op %(day)s wissen we namen, telefoons en teksten die niet mochten blijven.",
                day=spoken.date(workshop.forget_on),
            )
        )
    return str(
        ngettext(
            "Eén dag na de sessie wissen we namen, telefoons en teksten die niet mochten blijven.",
            "%(n)s dagen na de sessie wissen we namen, telefoons en teksten die niet mochten blijven.",
            workshop.keeps_days,
            n=spoken.number(workshop.keeps_days),
        )
    )
