"""What happened to a monitor, in sentences; the names of blocks as people read them."""

from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext, ngettext

from workbench.core.text import current_language
from workbench.evidence.models import Link
from workbench.figures.option_words import questions
from workbench.figures.options import BlockOptions
from workbench.figures.registry import KINDS
from workbench.indicators.periods import parse_period
from workbench.monitors.changes import Difference
from workbench.monitors.format import (
    DRAWN,
    TOLD,
    AnyBlock,
    Figure,
    GoalHead,
    Money,
    Question,
    Section,
    Stories,
    Text,
)
from workbench.monitors.proposal import News
from workbench.monitors.views import section_name
from workbench.vision.models import Goal, Value

KIND_NAMES = {
    "section": lazy_gettext("Deel"),
    "goal": lazy_gettext("Doel"),
    "figure": lazy_gettext("Figuur"),
    "table": lazy_gettext("Tabel"),
    "quote": lazy_gettext("Citaat"),
    "stories": lazy_gettext("Verhalen"),
    "text": lazy_gettext("Tekst"),
    "question": lazy_gettext("Vraag om over te praten"),
    "money": lazy_gettext("Wat het kost"),
    "events": lazy_gettext("Gebeurtenissen bij de cijfers"),
    "resting": lazy_gettext("Wat nu rust"),
    "unknown": lazy_gettext("Wat we niet weten"),
    "methods": lazy_gettext("Hoe dit gemaakt is"),
    "page_break": lazy_gettext("Nieuwe bladzijde op papier"),
}
SENTENCES = {
    "proposed": lazy_gettext("De werkbank maakte een voorstel."),
    "laid_out": lazy_gettext("De monitor staat in de volgorde van een voorbeeld."),
    "taken_in": lazy_gettext("Wat er in het traject veranderde, is overgenomen."),
    "added": lazy_gettext("Toegevoegd: %(name)s."),
    "gone": lazy_gettext("Weggehaald: %(name)s."),
    "moved": lazy_gettext("Verplaatst: %(name)s, naar plek %(place)s van %(of)s."),
    "changed": lazy_gettext("Veranderd: %(name)s."),
    "hidden": lazy_gettext("Verborgen: %(name)s."),
    "shown": lazy_gettext("Weer getoond: %(name)s."),
    "split": lazy_gettext("Gesplitst: %(name)s is nu een eigen deel."),
}
LONGEST = 60  # letters of a text that name its block


class Names:
    """What values, goals and figures of a plan are called."""

    def __init__(self, values: list[Value], goals: list[Goal], links: list[Link]) -> None:
        self.values = {value.id: value for value in values}
        self.goals = {goal.id: goal for goal in goals}
        self.links = {link.id: link for link in links}

    def bare(self, part: AnyBlock | Section) -> str:
        """The name of a part without its kind; empty when its kind says it all."""
        if isinstance(part, Section):
            return section_name(part, self.values.get(part.value_id) if part.value_id else None)
        if isinstance(part, DRAWN):
            link = self.links.get(part.link_id)
            return link.subject.name if link else gettext("een cijfer dat niet meer bij dit traject hoort")
        if isinstance(part, (GoalHead, Money, *TOLD)):
            goal = self.goals.get(part.goal_id)
            return goal.whole_sentence if goal else gettext("een doel dat er niet meer is")
        if isinstance(part, Text | Question):
            return part.text if len(part.text) <= LONGEST else f"{part.text[:LONGEST].rstrip()} …"
        return ""

    def of(self, part: AnyBlock | Section) -> str:
        """Figuur: Inwoners op 1 januari."""
        return named(_kind(part), self.bare(part))

    def change(self, what: str, part: AnyBlock | Section, **facts: Any) -> dict[str, Any]:
        """What a format keeps about how it came to be; `sentence` reads it back."""
        return {"what": what, "kind": _kind(part), "name": self.bare(part), **facts}

    def difference(self, item: Difference) -> str:
        return sentence(self.change(item.what.value, item.part, place=item.place, of=item.of))

    def news(self, told: News) -> list[str]:
        """What is new in the plan, and what went from it."""
        values = [self.values[value_id].name for value_id in told.new_values]
        goals = [self.goals[goal_id].whole_sentence for goal_id in told.new_goals]
        links = [self.links[link_id].subject.name for link_id in told.new_links]
        return [
            *(gettext("Nieuwe waarde: %(name)s.", name=name) for name in values),
            *(gettext("Nieuw doel: %(name)s.", name=name) for name in goals),
            *(gettext("Nieuw cijfer: %(name)s.", name=name) for name in links),
            *_gone(told.gone_values, gettext("Er verviel een waarde. Wat er nog bij staat, blijft staan.")),
            *_gone(told.gone_goals, gettext("Er verviel een doel. De kop en de kosten daarvan gaan weg.")),
            *_gone(told.gone_links, gettext("Er is een cijfer weggehaald bij een doel. De figuur gaat weg.")),
        ]


def _gone(ids: tuple[UUID, ...], words: str) -> list[str]:
    return [words] * len(ids)


def told(block: AnyBlock) -> list[str]:
    """How a block looks, for who must choose between two versions of it."""
    if isinstance(block, Text | Question):
        found = [block.text]
    elif isinstance(block, TOLD):
        if isinstance(block, Stories):
            number = len(block.excerpt_ids)
            found = [ngettext("1 fragment.", "%(num)s fragmenten.", number)]
        else:
            found = []
        found += [block.period] if block.period else []
    elif isinstance(block, DRAWN):
        band = getattr(block.view if isinstance(block, Figure) else block, "show_band", None)
        found = [
            gettext("Vanaf %(year)s.", year=block.from_year) if block.from_year else gettext("Alle jaren."),
            *([] if band is None else [_band_words(shown=band)]),
        ]
        if isinstance(block, Figure):
            found += [
                gettext("Weergave: %(name)s.", name=KINDS[block.view.kind].name(current_language())),
                *_option_words(block.view),
                gettext("Met gebeurtenissen.") if block.show_events else gettext("Zonder gebeurtenissen."),
                gettext("De tabel staat open.") if block.table_open else gettext("De tabel is ingeklapt."),
            ]
    else:
        found = []
    return [*found, gettext("Verborgen voor lezers.") if block.hidden else gettext("Zichtbaar voor lezers.")]


def _option_words(view: BlockOptions) -> list[str]:
    """What was chosen for this view, besides the band."""
    found = []
    for question in questions(view.kind, current_language()):
        value = getattr(view, question.field)
        if question.field == "show_band" or value == "":
            continue
        if isinstance(value, bool):
            chosen = gettext("ja") if value else gettext("nee")
        elif question.field in ("first", "last"):
            chosen = parse_period(value).label(current_language())
        elif question.field == "rows":
            chosen = gettext("de cijfers bij dit doel") if value == "goal" else gettext("gebieden")
        else:
            chosen = gettext("zelf gekozen")
        found.append(f"{question.label.rstrip('?')}: {chosen}.")
    return found


def _band_words(*, shown: bool) -> str:
    if shown:
        return str(gettext("Met de middelste helft van vergelijkbare gemeenten."))
    return str(gettext("Zonder andere gemeenten."))


def told_of_section(section: Section, names: Names) -> list[str]:
    return [
        names.bare(section),
        gettext("Verborgen voor lezers.") if section.hidden else gettext("Zichtbaar voor lezers."),
    ]


def _kind(part: AnyBlock | Section) -> str:
    return "section" if isinstance(part, Section) else part.kind


def named(kind: str, name: str) -> str:
    return f"{KIND_NAMES[kind]}: {name}" if name else str(KIND_NAMES[kind])


def sentence(change: dict[str, Any]) -> str:
    """Verplaatst: Figuur: Inwoners op 1 januari, naar plek 2 van 5."""
    facts = {**change, "name": named(change["kind"], change["name"])} if "kind" in change else change
    return str(SENTENCES[change["what"]]) % facts
