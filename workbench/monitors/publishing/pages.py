"""What residents read, drawn from the stored words alone: no session, no cookie, nobody's name."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from flask import current_app, get_template_attribute, url_for
from markupsafe import Markup

from workbench.accounts.theme.routes import house_style
from workbench.core.language import Language
from workbench.core.text import speaking
from workbench.monitors.contents import (
    AnyWords,
    FigureWords,
    GoalWords,
    MoneyWords,
    MonitorWords,
    QuoteWords,
    StoriesWords,
    TableWords,
)
from workbench.monitors.voices import Voice

TERRITORIES = {"nl": "nl_NL", "en": "en_GB"}  # as Open Graph names a language

Address = Callable[[FigureWords], str]


def draw(template: str, language: str, **values: Any) -> str:
    """A page in this language and the house style of its council, without what pages for members know of their reader."""
    with speaking(Language(language)):
        template_ = current_app.jinja_env.get_template(template)
        return template_.render(language=language, dressed=house_style(), **values)


def drawing(
    words: MonitorWords, chart_at: Address, heard: Mapping[UUID, Voice]
) -> Callable[[AnyWords, int], Markup]:
    """How a figure, the table of costs or a voice is drawn under a heading of some level; `chart_at`: where a chart is,
    empty without one; `heard`: the words of voices as they may be read now.
    """
    goals = {item.goal_id: item.sentence for item in words.items if isinstance(item, GoalWords)}
    figure_block = get_template_attribute("components/figure.html", "figure_block")

    kept_voices = get_template_attribute("components/voice.html", "kept_voices")

    def draw_item(item: AnyWords, level: int) -> Markup:
        if isinstance(item, FigureWords):
            return cast("Markup", figure_block(_block(item, chart_at(item)), level=level))
        if isinstance(item, MoneyWords):
            return _table(
                item.table, f"{item.table.caption}: {item.about or goals.get(item.goal_id, item.id)}"
            )
        if isinstance(item, QuoteWords | StoriesWords):
            return cast("Markup", kept_voices(item, heard))
        raise TypeError(type(item))

    return draw_item


def _table(table: TableWords, label: str | None = None) -> Markup:
    data_table = get_template_attribute("components/table.html", "data_table")
    drawn = data_table(table.caption, table.columns, table.rows, list(table.numeric), label=label)
    return cast("Markup", drawn)


def _block(figure: FigureWords, src: str) -> dict[str, Any]:
    """As the figure component takes it."""
    return {
        "id": figure.id,
        "state": figure.state,
        "state_text": figure.state_text,
        "title": figure.title,
        "sentence": figure.sentence,
        "alt": figure.alt,
        "table_html": _table(figure.table) if figure.table else "",
        "svg": figure.svg,
        "notes": [{"kind": "note", "text": text} for text in figure.notes]
        + [{"kind": "reading", "text": text} for text in figure.readings],
        "src": src,
        "source_line": [{"text": text, "href": ""} for text in figure.source],
        "reason": figure.reason,
        "quality_label": figure.quality,
        "not_saying": figure.not_saying,
        "table_open": not figure.svg,
    }


def page_address(slug: str, language: str, *, external: bool = False) -> str:
    return url_for("public_monitor.show", council=slug, taal=_said(language), _external=external)


def chart_address(slug: str, language: str) -> Address:
    """Where a visitor finds the chart of a figure."""

    def address(figure: FigureWords) -> str:
        if not figure.svg or not figure.version:
            return ""
        return url_for(
            "public_monitor.chart",
            council=slug,
            block_id=figure.id,
            v=figure.version,
            taal=_said(language),
        )

    return address


def _said(language: str) -> str | None:
    """Dutch needs no word in an address."""
    return language if language != "nl" else None
