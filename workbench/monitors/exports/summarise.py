"""The four pieces of a plan for one sheet, as this reader may see them; in a request of that reader."""

from collections.abc import Iterable

from flask_babel import gettext as _

from workbench.core.text import current_language
from workbench.documents.evidence import goal_name
from workbench.documents.queries import GoalCard, Material
from workbench.evidence.follow_up.queries import sums
from workbench.monitors.contents import ListWords, MonitorWords
from workbench.monitors.exports.summary import Group, Line, PieceWords, SummaryWords
from workbench.vision.models import Value
from workbench.vision.queries import VALUE_STEPS
from workbench.vision.steps import COSTS, EVIDENCE, GOALS, NEEDS, PIECE_NAMES, STEERING, Piece


def sheet_of(material: Material, monitor: MonitorWords) -> SummaryWords:
    """From the plan, and from its monitor as the same reader sees it."""
    return SummaryWords(
        council=_("Raad van %(name)s", name=monitor.council),
        title=monitor.title,
        language=monitor.language,
        read_on=monitor.read_on,
        warning=monitor.warning,
        pieces=(
            _vision(material),
            _knowledge(material, monitor),
            _steering(material),
            _information(material, monitor),
        ),
    )


def _piece(piece: Piece, about: str, groups: Iterable[tuple[str, list[Line]]]) -> PieceWords:
    return PieceWords(
        name=str(PIECE_NAMES[piece]),
        about=about,
        empty=_("Hier is nog niets ingevuld, of het is nog niet opengesteld."),
        groups=tuple(Group(title=title, lines=tuple(lines)) for title, lines in groups if lines),
    )


def _goals(material: Material) -> list[GoalCard]:
    return material.goals if material.sees(GOALS) else []


def _vision(material: Material) -> PieceWords:
    values = material.values if material.sees(*VALUE_STEPS) else []
    if material.decision is not None:
        values = [value for value in values if value.id in material.decision.chosen]
    return _piece(
        Piece.VISION,
        _("Wat vinden wij belangrijk?"),
        (
            (
                _("Onze waarden"),
                [
                    Line(strong=value.name, text=f"{value.own_words} {_position(value)}".strip())
                    for value in values
                ],
            ),
            (
                _("Wat inwoners merken"),
                [
                    Line(strong=goal_name(card.number).capitalize(), text=card.goal.whole_sentence)
                    for card in _goals(material)
                ],
            ),
        ),
    )


def _position(value: Value) -> str:
    """Where the group stands, without the number on the line."""
    sentence = value.position_sentence.partition(". ")[0].rstrip(".")
    return f"{sentence}." if sentence else ""


def _knowledge(material: Material, monitor: MonitorWords) -> PieceWords:
    """What is needed and set by law; and of each goal what its first figure found, in the order of the monitor."""
    cards = _goals(material)
    needs = [need for card in cards for need in card.needs] if material.sees(NEEDS) else []
    laws = dict.fromkeys(name for card in cards for name in card.law_names)
    first = {figure.goal_id: figure for figure in reversed(monitor.figures) if figure.state == "ready"}
    found = [figure for figure in monitor.figures if first.get(figure.goal_id) is figure]
    return _piece(
        Piece.KNOWLEDGE,
        _("Wat weten wij, wat is nodig en wat vraagt de wet?"),
        (
            (_("Wat de cijfers zeggen"), [Line(text=figure.title) for figure in found]),
            (_("Wat nodig is"), [Line(text=need.change) for need in needs]),
            (_("Wetten bij deze doelen"), [Line(text=name) for name in laws]),
        ),
    )


def _steering(material: Material) -> PieceWords:
    spoken = current_language()
    cards = _goals(material)
    moments = []
    costs = []
    for card in cards:
        if material.sees(STEERING):
            for item in card.steering:
                day = spoken.date(item.steering.on) if item.steering.on else _("nog geen dag")
                told = (goal_name(card.number), item.instrument, day)
                moments.append(Line(strong=item.moment, text=", ".join(filter(None, told))))
        if material.sees(COSTS) and card.costs:
            total = sums([cost.line for cost in card.costs])
            once = _("eenmalig € %(number)s", number=spoken.number(total.once)) if total.once else ""
            yearly = _("elk jaar € %(number)s", number=spoken.number(total.yearly)) if total.yearly else ""
            costs.append(
                Line(strong=goal_name(card.number).capitalize(), text=", ".join(filter(None, (once, yearly))))
            )
    return _piece(
        Piece.STEERING,
        _("Wanneer en hoe stuurt de raad?"),
        ((_("Wanneer de raad kijkt"), moments), (_("Wat het kost"), costs)),
    )


def _information(material: Material, monitor: MonitorWords) -> PieceWords:
    told = [story for card in _goals(material) for story in card.stories] if material.sees(EVIDENCE) else []
    stories = {story.source.id: story.source for story in told}
    counted = {figure.link_id: figure.subject for figure in monitor.figures}
    unknown = dict.fromkeys(  # a monitor may hold this list more than once
        line
        for item in monitor.items
        if isinstance(item, ListWords) and item.kind == "unknown"
        for line in item.lines
    )
    return _piece(
        Piece.INFORMATION,
        _("Hoe merken wij of het lukt?"),
        (
            (_("Wat we tellen"), [Line(text=name) for name in dict.fromkeys(counted.values())]),
            (
                _("Wat ons verteld wordt"),
                [Line(strong=source.name, text=source.from_whom) for source in stories.values()],
            ),
            (_("Wat we niet weten"), [Line(text=line) for line in unknown]),
        ),
    )
