"""Own figures in words, as they stand in a table or on a card."""

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.figures.words import missing_text, short_text
from workbench.indicators.periods import parse_period
from workbench.uploads.checking import Figure
from workbench.uploads.models import OwnIndicator, OwnObservation


def period_label(code: str) -> str:
    return parse_period(code).label(current_language())


def figure_text(figure: OwnObservation | Figure, indicator: OwnIndicator) -> str:
    """The value, or why there is none."""
    spoken = current_language()
    if figure.guarded:
        return str(_("niet getoond: te weinig mensen"))
    if figure.value is None:
        return missing_text(figure.missing or "unknown", spoken)
    return short_text(figure.value, indicator.unit, indicator.decimals, spoken)
