"""The source line under a figure: who, which table, which periods and status, when fetched, which licence."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workbench.comparison.words import standing
from workbench.core.text import current_language
from workbench.indicators.compare import Kind
from workbench.indicators.models import Indicator
from workbench.uploads.models import OwnIndicator


def source_line(indicator: Indicator | OwnIndicator, content: dict[str, Any]) -> list[dict[str, str | None]]:
    """Parts of the line: text, and href where it leads somewhere. `content` is the stored document of the block."""
    if isinstance(indicator, OwnIndicator):
        address = url_for("uploads.show", own_indicator_id=indicator.id)
        line = content.get("source") or _("Bron: eigen cijfer van de gemeente.")
        return [{"text": line, "href": None}, {"text": _("Uitleg bij dit cijfer"), "href": address}]
    if not indicator.series:
        return [{"text": _("Bron: nog niet gekoppeld."), "href": None}]
    newest = max(indicator.series, key=lambda series: series.part)
    line = content.get("source") or _(
        "Bron: %(source)s, tabel %(table)s.", source=newest.source_name, table=newest.table
    )
    parts: list[dict[str, str | None]] = [{"text": line, "href": None}]
    if level := content.get("level"):
        parts.append({"text": f"{level[0].upper()}{level[1:]}.", "href": None})
    if not newest.fetched_at:
        parts.append(
            {"text": _("Meegeleverd met de werkbank; de dag van ophalen is niet bekend."), "href": None}
        )
    if newest.licence:
        parts.append({"text": newest.licence + ".", "href": None})
    if group := content.get("comparison"):
        decided_at = datetime.fromisoformat(group["decided_at"]) if group.get("decided_at") else None
        address = url_for("comparison.show", groep=group["number"], stand=group["known_at"])
        parts.append({"text": standing(Kind(group["kind"]), decided_at, current_language()), "href": None})
        parts.append({"text": _("Met wie is vergeleken"), "href": address})
    elif content.get("state") == "ready" and not content.get("leaves_others"):
        parts.append({"text": _("Waarom er geen vergelijking is"), "href": url_for("comparison.show")})
    parts.append(
        {"text": _("Uitleg bij dit cijfer"), "href": url_for("indicators.show", slug=indicator.slug)}
    )
    return parts
