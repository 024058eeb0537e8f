"""A monitor as one reader sees it, put into words that stand on their own; in a request of that reader."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _

from workbench.accounts.models import Council, Membership
from workbench.core.language import Language
from workbench.core.text import current_language
from workbench.evidence.follow_up.queries import Spending, spending_of
from workbench.indicators import queries as catalogue
from workbench.indicators.events.queries import events_by_indicator
from workbench.knowledge.calendar.models import today
from workbench.monitors import queries, views
from workbench.monitors.contents import (
    AnyWords,
    FigureWords,
    GoalWords,
    ListWords,
    MoneyWords,
    MonitorWords,
    PageBreakWords,
    QuestionWords,
    QuoteWords,
    SectionWords,
    StoriesWords,
    TableWords,
    TextWords,
    VoiceWords,
)
from workbench.monitors.format import (
    Events,
    Figure,
    GoalHead,
    Methods,
    Money,
    PageBreak,
    Question,
    Quote,
    Resting,
    Stories,
    Table,
    Text,
    Unknown,
)
from workbench.monitors.queries import BlockView, Freshness
from workbench.monitors.source_lines import source_line
from workbench.monitors.telling import about_figure, balance_line, stories_lines
from workbench.monitors.views import GoalView, Item, MonitorView, SectionView
from workbench.monitors.voices import Voice, mark_of
from workbench.vision.models import Plan, Value
from workbench.vision.steps import EVIDENCE


def monitor_in_words(
    plan: Plan, found: MonitorView, council: Council, reader: Membership, language: str
) -> MonitorWords:
    """What this reader may see of the monitor, in a fixed number of queries; the language is that of the request."""
    area = found.shown.area or catalogue.own_area()
    documents = queries.contents_of(found.figures)
    indicator_ids = {view.link.indicator_id for view in found.figures if view.link.indicator_id}
    with_events = any(item.kind == "events" for section in found.sections for item in section.items)
    reading = _Reading(
        found,
        documents,
        {item.indicator.slug: item for item in spending_of(found.costs, area, None)},
        _happened(indicator_ids) if with_events else (),
        plan.may_be_read_by(reader, EVIDENCE),
        current_language(),
    )
    ready = {block_id for block_id, content in documents.items() if content["state"] == "ready"}
    monitor = found.shown.monitor
    return MonitorWords(
        council=council.name,
        title=(monitor.title if monitor else "") or plan.title,
        language=language,
        area=area.name if area else "",
        warning=_("Fictief voorbeeld: de personen, de teksten en de eigen cijfers zijn bedacht.")
        if council.is_demo
        else "",
        freshness=_freshness(queries.freshness(found.figures, ready)),
        format_number=found.shown.number,
        read_on=today(),
        sections=tuple(
            reading.section(section)
            for section in found.sections
            if section.value or found.resting or any(item.kind != "resting" for item in section.items)
        ),
    )


def _freshness(fresh: Freshness) -> str:
    if fresh.oldest is None:
        return ""
    spoken = current_language()
    day = spoken.date(fresh.oldest.day)
    if fresh.oldest.table:
        return str(_("tabel %(table)s, opgehaald op %(day)s", table=fresh.oldest.table, day=day))
    return str(_("eigen cijfer “%(name)s”, aangeleverd op %(day)s", name=fresh.oldest.name, day=day))


def _happened(indicator_ids: set[UUID]) -> tuple[str, ...]:
    events = [event for noted in events_by_indicator(indicator_ids).values() for event in noted]
    newest = sorted(events, key=lambda event: (event.happened_on, event.id), reverse=True)
    spoken = current_language()
    return tuple(
        _(
            "%(day)s: %(text)s (bron: %(source)s)",
            day=spoken.date(event.happened_on),
            text=event.text,
            source=event.source,
        )
        for event in newest
    )


def position_words(value: Value) -> str:
    return value.position_sentence or _(
        "%(name)s schuurt met %(other)s. Waar de groep daartussen staat, is nog niet gekozen.",
        name=value.name,
        other=value.counter_value,
    )


@dataclass(frozen=True)
class _Reading:
    """One reading of one monitor: what its items are put into words with."""

    found: MonitorView
    documents: dict[UUID, dict[str, Any]]  # by block
    spending: dict[str, Spending]  # by slug
    happened: tuple[str, ...]
    sees_figures: bool
    spoken: Language

    def section(self, view: SectionView) -> SectionWords:
        value = view.value
        return SectionWords(
            id=view.section.id,
            name=view.name,
            value_id=value.id if value else None,
            mark=value.mark if value else None,
            own_words=value.own_words if value else "",
            position=position_words(value) if value else "",
            items=tuple(self._item(item, view, place) for place, item in enumerate(view.items)),
        )

    def _item(self, item: Item, section: SectionView, place: int) -> AnyWords:
        block = item.block
        match block:
            case GoalHead():
                return self._goal(item, cast("GoalView", item.goal))
            case Figure() | Table():
                return self._figure(item, cast("BlockView", item.figure))
            case Quote():
                return QuoteWords(**self._told(item, block), voice=_kept(item.voices[0]))
            case Stories():
                lines = tuple(stories_lines(item, self.spoken))
                voices = tuple(_kept(voice) for voice in item.voices)
                return StoriesWords(**self._told(item, block), lines=lines, voices=voices)
            case Text():
                return TextWords(id=block.id, text=block.text)
            case Question():
                return QuestionWords(id=block.id, text=block.text)
            case Money():
                return self._money(item, block)
            case PageBreak():
                return PageBreakWords(id=block.id)
            case Events():
                title, intro, lines = self._events()
            case Resting():
                title, intro, lines = self._resting()
            case Unknown():
                title, intro, lines = self._unknown()
            case Methods():
                title, intro, lines = self._methods()
        names_section = place == 0 and not section.value and not section.section.title
        return ListWords(
            id=block.id,
            kind=block.kind,
            title=title,
            level=item.level,
            is_titled=not names_section or block.kind == "events",
            intro=intro,
            lines=lines,
        )

    def _goal(self, item: Item, goal: GoalView) -> GoalWords:
        return GoalWords(
            id=item.block.id,
            goal_id=goal.goal.id,
            sentence=goal.goal.whole_sentence,
            lines=tuple(self._goal_lines(item, goal)),
        )

    def _goal_lines(self, item: Item, goal: GoalView) -> list[str]:
        if item.elsewhere:
            name = next(part.name for part in self.found.sections if part.section.id == item.elsewhere.id)
            return [_("De cijfers bij dit doel staan bij %(name)s.", name=name)]
        if not self.sees_figures:
            return [_("De cijfers bij dit doel zijn nog niet opengesteld.")]
        lines = [balance_line(goal)]
        if goal.written:
            lines += [f"{name}: {text}" for name, text in goal.written.lines()]
        return lines

    def _told(self, item: Item, block: Quote | Stories) -> dict[str, Any]:
        return {
            "id": block.id,
            "goal_id": block.goal_id,
            "about": item.goal.goal.whole_sentence if item.is_apart and item.goal else "",
            "level": item.level,
            "beside": about_figure(item),
        }

    def _figure(self, item: Item, view: BlockView) -> FigureWords:
        block, link = item.block, view.link
        content = self.documents.get(block.id, {"state": "building"})
        notes = content.get("notes", [])
        about = item.goal.goal.whole_sentence if item.is_apart and item.goal else ""
        return FigureWords(
            id=block.id,
            link_id=link.id,
            goal_id=link.goal_id,
            subject=link.subject.name,
            slug=link.indicator.slug if link.indicator_id and link.indicator else "",
            about=about,
            level=item.level,
            state=content["state"],
            state_text=content.get("state_text", ""),
            title=content.get("title", link.subject.name),
            sentence=content.get("sentence", ""),
            alt=content.get("alt", ""),
            notes=tuple(note["text"] for note in notes if note["kind"] != "reading"),
            readings=tuple(note["text"] for note in notes if note["kind"] == "reading"),
            table=table_words(content["table"]) if content.get("table") else None,
            svg=content.get("svg", ""),
            source=tuple(
                str(part["text"]) for part in source_line(link.subject, content) if not part["href"]
            ),
            reason=link.reason,
            quality=link.quality_name,
            not_saying=link.not_saying,
            version=view.document.version if view.document else "",
        )

    def _money(self, item: Item, block: Money) -> MoneyWords:
        about = item.goal.goal.whole_sentence if item.is_apart and item.goal else ""
        slugs = dict.fromkeys(line.spending for line in item.costs if line.spending in self.spending)

        def euros(amount: int | None) -> str:
            return "–" if amount is None else self.spoken.number(amount)

        return MoneyWords(
            id=block.id,
            goal_id=block.goal_id,
            about=about,
            level=item.level,
            table=TableWords(
                caption=_("Kosten van dit doel, in euro's"),
                columns=(_("Waarvoor"), _("Eenmalig"), _("Elk jaar"), _("Hoe zeker")),
                rows=tuple(
                    (line.name, euros(line.once), euros(line.yearly), line.certainty_name)
                    for line in item.costs
                ),
                numeric=(False, True, True, False),
            ),
            spent=tuple(self._spent(self.spending[slug]) for slug in slugs),
        )

    def _spent(self, real: Spending) -> str:
        newest = real.years[-1].figure if real.years else None
        if newest is None or newest.value is None:
            return f"{real.indicator.name}: {_('Van uw gemeente is hierover geen cijfer bekend.')}"
        amount = self.spoken.number(newest.value, real.indicator.decimals)
        told = _("Dit is wat de gemeente echt uitgaf, aan de hele taak en niet aan dit doel alleen.")
        period = newest.period.label(self.spoken)
        return f"{real.indicator.name}: {amount} {real.indicator.unit}, {period}. {told}"

    def _events(self) -> tuple[str, str, tuple[str, ...]]:
        intro = "" if self.happened else _("Er is bij deze cijfers nog geen gebeurtenis opgeschreven.")
        return _("Gebeurtenissen bij de cijfers"), intro, self.happened

    def _resting(self) -> tuple[str, str, tuple[str, ...]]:
        if not self.found.resting:
            return _("Later"), _("Er rust nu geen cijfer."), ()
        intro = _("Deze cijfers koos de raad ook. Ze rusten nu, zodat de monitor kort blijft.")
        return (
            _("Later"),
            intro,
            tuple(
                f"{link.subject.name}. "
                + _("Opnieuw bekijken op %(day)s.", day=self.spoken.date(link.rests_until))
                for link in self.found.resting
                if link.rests_until
            ),
        )

    def _unknown(self) -> tuple[str, str, tuple[str, ...]]:
        lines = []
        for item in (item for section in self.found.sections for item in section.items):
            if item.kind == "goal" and item.goal and not item.goal.counted and not item.elsewhere:
                if self.sees_figures:
                    lines.append(_("Hoe we dit merken: %(sentence)s", sentence=item.goal.goal.whole_sentence))
            elif item.figure and item.is_first and (missing := self._not_known(item)):
                lines.append(f"{item.figure.link.subject.name}: {missing}")
        if not self.found.has_voices:
            lines.append(_("Wat inwoners zelf vertellen, staat nog niet in deze monitor."))
        return _("Wat we niet weten"), "", tuple(lines)

    def _not_known(self, item: Item) -> str:
        return queries.not_known(self.documents.get(item.block.id, {}))

    def _methods(self) -> tuple[str, str, tuple[str, ...]]:
        lines = [
            _(
                "Deze monitor begint bij wat de raad belangrijk vindt. Daarna komen de doelen, en dan pas de cijfers. "
                "Bij elk cijfer staat waarom het is gekozen en wat het niet zegt."
            )
        ]
        if self.found.figures:
            lines += [
                _(
                    "De cijfers van de eigen gemeente staan naast de middelste helft van vergelijkbare gemeenten. "
                    "Dat is geen wedstrijd: er staat geen volgorde en geen rapportcijfer bij."
                ),
                _(
                    "Onder elke figuur staat de bron en de dag van ophalen. Komen er nieuwe cijfers, dan maakt de "
                    "werkbank de figuur opnieuw."
                ),
            ]
        return _("Hoe dit gemaakt is"), "", tuple(lines)


def _kept(voice: Voice) -> VoiceWords:
    return VoiceWords(excerpt_id=voice.excerpt_id, mark=mark_of(voice), source=voice.source)


def table_words(table: dict[str, Any]) -> TableWords:
    """A table of a figure; a note in a cell stands behind its text."""
    return TableWords(
        caption=table["caption"],
        columns=tuple(map(str, table["columns"])),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in table["rows"]),
        numeric=tuple(map(bool, table.get("numeric", ()))),
    )


def _cell(cell: Any) -> str:
    if isinstance(cell, dict):
        return f"{cell['text']} ({cell['note']})" if cell.get("note") else str(cell["text"])
    return str(cell)


def council_monitor_in_words(plan: Plan, council: Council, reader: Membership, language: str) -> MonitorWords:
    """The monitor of the council on this plan, as its page shows it to this reader."""
    return monitor_in_words(
        plan, views.monitor_of(plan, language, reader, with_content=False), council, reader, language
    )
