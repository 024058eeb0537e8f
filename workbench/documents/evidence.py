"""How a group notices whether its goals come nearer, in a document: figures, stories, requests, and what rests."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.documents.parts import Bullets, Heading, Lines, Paragraph, Part, Table, said
from workbench.documents.queries import Chosen, GoalCard, Material, amount
from workbench.evidence.asking.models import Verdict
from workbench.evidence.measuring.models import AIMING_NAMES, Aiming, Measuring
from workbench.figures.words import status_text
from workbench.indicators.catalogue import Direction
from workbench.indicators.models import Indicator
from workbench.stories.models import StorySource
from workbench.uploads.models import OwnIndicator
from workbench.uploads.words import period_label

Item = TypeVar("Item")

# --- Under one goal -------------------------------------------------------------------------------------------------


def under_goal(card: GoalCard) -> list[Part]:
    """What the group wants to know, the figures in view, the stories, and what is asked for."""
    parts: list[Part] = []
    if card.questions:
        questions = Bullets(tuple(question.text for question in card.questions))
        parts += [Heading(_("Wat we willen weten"), 3), questions]
    parts += [Heading(_("Hoe we dit merken"), 3), *(_figure(item) for item in card.in_view)]
    if not card.in_view:
        parts.append(Paragraph(_("Bij dit doel is nog geen cijfer gekozen."), is_note=True))
    parts += [Heading(_("Wat ons verteld wordt"), 3)]
    parts += [
        said(
            (_("Verhalen"), told.source.name),
            (_("Waarom deze verhalen"), told.link.reason),
            (_("Wie we zo niet horen"), told.link.not_saying),
        )
        for told in card.stories
    ]
    if not card.stories:
        parts.append(Paragraph(_("Bij dit doel zijn nog geen verhalen gekozen."), is_note=True))
    if card.findings:
        read = Bullets(
            tuple(
                _("%(text)s (%(says)s)", text=finding.text, says=finding.says_name)
                for finding in card.findings
            )
        )
        parts += [Heading(_("Wat de groep in verhalen leest"), 3), read]
    for written in card.lines:
        parts += [Heading(_("In het kort"), 3), said(*written.lines())]
    if card.requests:
        rows = [
            (
                item.wanted,
                _whom(item.from_whom),
                _by(item.due_on),
                _("geleverd") if item.delivered else _("loopt"),
            )
            for item in card.requests
        ]
        columns = (_("Wat"), _("Van wie"), _("Voor wanneer"), _("Stand"))
        parts += [Heading(_("Wat we nog vragen"), 3), Table(_("Verzoeken"), columns, tuple(rows))]
    return parts


def _figure(figure: Chosen, *before: tuple[str, str]) -> Lines:
    """A figure with its newest value, where that comes from, why it was chosen and how it is measured."""
    link = figure.link
    return said(
        (_("Cijfer"), link.subject.name),
        *before,
        (_("Nieuwste waarde van onze gemeente"), figure.value),
        (_("Bron"), figure.source),
        (_("Dit cijfer"), link.quality_name),
        (_("Waarom dit cijfer"), link.reason),
        (_("Wat het niet zegt"), link.not_saying),
        *(
            _measured(link.measuring, link.subject)
            if link.measuring
            else [(_("Begin, streven en richting"), _("nog niet gekozen"))]
        ),
    )


def _measured(card: Measuring, subject: Indicator | OwnIndicator) -> list[tuple[str, str]]:
    """The measuring card of a figure."""
    return [
        (_("Het begin"), _start(card, subject) or _("nog niet gekozen")),
        (_("Volgen of streven"), _aims(card, subject)),
        (_("Signaal"), _signal(card, subject) or _("geen grens gekozen")),
        (_("Wat beter is"), _better(card, subject)),
        (_("Als het stijgt"), card.reading_up),
        (_("Als het daalt"), card.reading_down),
    ]


def _start(card: Measuring, subject: Indicator | OwnIndicator) -> str:
    if card.baseline_value is None:
        return ""
    facts = [period_label(card.baseline_period)]
    if card.baseline_status:
        facts.append(status_text(card.baseline_status, current_language()))
    return f"{amount(card.baseline_value, subject)} ({', '.join(facts)})"


def _aims(card: Measuring, subject: Indicator | OwnIndicator) -> str:
    if card.aiming is Aiming.FOLLOW:
        return str(AIMING_NAMES[Aiming.FOLLOW])
    return ", ".join(
        _("%(value)s in %(year)s", value=amount(value, subject), year=year)
        for year, value in card.aims_by_year().items()
    )


def _signal(card: Measuring, subject: Indicator | OwnIndicator) -> str:
    if card.signal_side is None or card.signal_limit is None:
        return ""
    limit = amount(card.signal_limit, subject)
    if card.signal_side == "above":
        return str(_("als het cijfer hoger is dan %(limit)s", limit=limit))
    return str(_("als het cijfer lager is dan %(limit)s", limit=limit))


def _better(card: Measuring, subject: Indicator | OwnIndicator) -> str:
    """The direction that the council gave it, with its reason."""
    if card.direction is Direction.BAND and card.band_low is not None and card.band_high is not None:
        low, high = amount(card.band_low, subject), amount(card.band_high, subject)
        named = _("tussen %(low)s en %(high)s", low=low, high=high)
    else:
        named = card.direction_name
    return f"{named}: {card.direction_reason}" if card.direction_reason else named


# --- Of the whole plan ----------------------------------------------------------------------------------------------


def of_plan(material: Material) -> list[Part]:
    """The focus set, the comparison, every source of stories once, and what rests with its day; empty without evidence."""
    cards = material.goals
    if not any(card.figures or card.stories or card.passed_over for card in cards):
        return []
    comparison = material.comparison
    parts: list[Part] = [
        Paragraph(_("De cijfers in beeld en de verhalen staan bij de doelen.")),
        said(
            (_("Hoeveel cijfers er hooguit in beeld zijn"), str(material.focus_size)),
            (_("Waarmee we vergelijken"), comparison.kind_name),
            (_("Welke gemeenten dat zijn"), ", ".join(comparison.names)),
            (_("Waarom deze vergelijking"), comparison.reason or _("De raad koos nog niets.")),
        ),
        *story_sources(cards),
    ]
    resting = _by_day([(item.link.rests_until, card.number, item) for card in cards for item in card.resting])
    later = _passed_over(cards, Verdict.LATER)
    unfit = _passed_over(cards, Verdict.UNFIT)
    parts.append(Heading(_("Wat nu rust"), 2))
    if not resting and not later:
        parts.append(Paragraph(_("Er rust nu niets.")))
    for day, number, item in resting:
        when = (_("Opnieuw bekijken op"), day)
        parts.append(_figure(item, (_("Bij"), goal_name(number)), when))
    if later:
        columns = (_("Cijfer"), _("Bij"), _("Opnieuw bekijken op"))
        rows = tuple((name, goal_name(number), day) for day, number, name in later)
        parts.append(Table(_("Nog niet gekozen cijfers"), columns, rows))
    if unfit:
        pairs = tuple((name, goal_name(number)) for _day, number, name in unfit)
        parts.append(Table(_("Cijfers die volgens de groep niet passen"), (_("Cijfer"), _("Bij")), pairs))
    return parts


def resting_list(cards: Sequence[GoalCard]) -> list[Part]:
    """What rests, or was kept for later, by the day to look again."""
    rests = [
        (item.link.rests_until, card.number, item.link.subject.name)
        for card in cards
        for item in card.resting
    ]
    rows = [*_by_day(rests), *_passed_over(cards, Verdict.LATER)]
    heading = Heading(_("Wat nu rust"))
    if not rows:
        return [heading, Paragraph(_("Er rust nu niets."))]
    columns = (_("Cijfer"), _("Bij"), _("Opnieuw bekijken op"))
    lines = tuple((name, goal_name(number), day) for day, number, name in rows)
    return [heading, Table(_("Cijfers die rusten"), columns, lines)]


def story_sources(cards: Sequence[GoalCard], level: int = 2) -> list[Part]:
    """Where stories come from; a source that serves several goals stands here once."""
    found: dict[object, StorySource] = {
        told.source.id: told.source for card in cards for told in card.stories
    }
    if not found:
        return []
    rows = tuple(
        (
            source.name,
            source.kind_name,
            source.from_whom,
            source.collector or _("nog niet bekend"),
            _day(source.collected_on) or _("nog niet opgeschreven"),
            _day(source.next_on) or _("nog niet afgesproken"),
        )
        for source in found.values()
    )
    columns = (
        _("Verhalen"),
        _("Vorm"),
        _("Van wie"),
        _("Wie ze ophaalt"),
        _("Voor het laatst"),
        _("De volgende keer"),
    )
    parts: list[Part] = [Heading(_("Waar verhalen vandaan komen"), level)]
    parts.append(Table(_("Bronnen van verhalen"), columns, rows))
    for source in found.values():
        parts += [Heading(source.name, level + 1), said(*_collecting(source))]
    return parts


def _collecting(source: StorySource) -> Iterator[tuple[object, object]]:
    """The plan for collecting the stories of a source."""
    yield _("Hoe ver het is"), source.stage_name
    yield _("Hoeveel verhalen"), source.how_many
    yield _("Welke verschillende mensen"), source.spread
    yield _("Ophalen vanaf"), _day(source.starts_on)
    yield _("Ophalen tot en met"), _day(source.ends_on)
    yield _("Waarover"), source.topics
    yield _("Waarvoor de raad ze gebruikt"), source.purpose
    yield _("Grond in de wet"), source.basis_name
    yield _("Waarom die grond"), source.basis_why
    if source.special_data:
        yield _("Gevoelig"), _("ja, een tweede persoon kijkt mee")
        yield _("Waarom dat mag"), source.special_why
    if source.asks_narrator:
        yield _("Terug naar de verteller"), _("de verteller leest het eigen verhaal eerst terug")
    yield _("Bewaren tot en met"), _day(source.keep_until)


def open_requests(cards: Sequence[GoalCard]) -> list[Part]:
    """What was asked for and not delivered yet, the first due first."""
    there = [(request, card.number) for card in cards for request in card.requests if not request.delivered]
    heading = Heading(_("Wat wij nog vragen"))
    if not there:
        return [heading, Paragraph(_("Er loopt geen verzoek om een cijfer."))]
    there.sort(key=lambda item: item[0].due_on or date.max)
    rows = tuple(
        (request.wanted, _whom(request.from_whom), _by(request.due_on), goal_name(number))
        for request, number in there
    )
    return [heading, Table(_("Verzoeken"), (_("Wat"), _("Van wie"), _("Voor wanneer"), _("Bij")), rows)]


def goal_name(number: int) -> str:
    return str(_("doel %(number)s", number=number))


def _passed_over(cards: Sequence[GoalCard], verdict: Verdict) -> list[tuple[str, int, str]]:
    return _by_day(
        [
            (item.candidate.review_on, card.number, item.name)
            for card in cards
            for item in card.passed_over
            if item.candidate.verdict is verdict
        ]
    )


def _by_day(rows: Iterable[tuple[date | None, int, Item]]) -> list[tuple[str, int, Item]]:
    """The first day to look again first, days in words."""
    ordered = sorted(rows, key=lambda row: (row[0] or date.max, row[1]))
    return [(_day(day), number, item) for day, number, item in ordered]


def _day(day: date | None) -> str:
    return current_language().date(day) if day else ""


def _by(day: date | None) -> str:
    return _day(day) or str(_("nog niet afgesproken"))


def _whom(who: str) -> str:
    return who or str(_("nog niet bekend"))
