"""The source line under a figure: who, which table, when fetched, which licence."""

from flask import url_for
from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.indicators.models import Indicator


def source_line(indicator: Indicator) -> list[dict[str, str | None]]:
    """Parts of the line: text, and href where it leads somewhere."""
    if not indicator.series:
        return [{"text": _("Bron: nog niet gekoppeld."), "href": None}]
    newest = max(indicator.series, key=lambda series: series.part)
    line = newest.source_line or _(
        "Bron: %(source)s, tabel %(table)s.", source=newest.source, table=newest.table
    )
    if newest.fetched_at:
        fetched = _("Opgehaald op %(date)s.", date=current_language().date(newest.fetched_at))
    else:
        fetched = _("Meegeleverd met de werkbank; de dag van ophalen is niet bekend.")
    parts: list[dict[str, str | None]] = [{"text": line, "href": None}, {"text": fetched, "href": None}]
    if newest.computed:
        parts.append({"text": _("Berekend door de werkbank: %(how)s", how=newest.computed), "href": None})
    if newest.licence:
        parts.append({"text": newest.licence + ".", "href": None})
    parts.append(
        {"text": _("Uitleg bij dit cijfer"), "href": url_for("indicators.show", slug=indicator.slug)}
    )
    return parts
