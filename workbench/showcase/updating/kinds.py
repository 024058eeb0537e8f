"""The plan's own cards that can have come from an example: which of their texts are compared, and how they are shown."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _

from workbench.core.cards import typed
from workbench.core.forms import CardForm, TextField, choices
from workbench.evidence.asking.forms import QuestionForm, RequestForm
from workbench.evidence.asking.models import DataRequest, InformationQuestion
from workbench.evidence.follow_up.forms import NeedForm, SteeringForm
from workbench.evidence.follow_up.models import Need, Steering
from workbench.evidence.forms import LinkForm
from workbench.evidence.measuring.forms import MeasuringForm
from workbench.evidence.measuring.models import Measuring
from workbench.evidence.models import Link
from workbench.evidence.telling.forms import StoryLinkForm
from workbench.evidence.telling.models import StoryLink
from workbench.knowledge.queries import instruments, law_names, moments
from workbench.showcase.content import SharedCard, SharedFigure, SharedStories
from workbench.showcase.operations import wanted
from workbench.vision.forms import GoalForm, ValueForm
from workbench.vision.models import Goal, Value
from workbench.vision.steps import EVIDENCE, GOALS, NEEDS, STEERING, VALUES


class ReadingForm(CardForm):
    """The two readings of a figure; its direction is for the council itself."""

    reading_up = MeasuringForm.reading_up
    reading_down = MeasuringForm.reading_down


def _with_laws(form: Any) -> None:
    form.offer([], law_names())


def _with_moments(form: Any) -> None:
    form.moment.choices = choices({item.slug: item.name for item in moments()})
    form.instrument.choices = choices(
        {"": _("weet ik nog niet")} | {item.slug: item.name for item in instruments()}
    )


def _in_order(value: Any) -> Any:
    """A list means the same in whatever order."""
    return sorted(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Kind:
    """`endpoint`: where the card is read or worked on, by `argument`; None: it has no page of its own."""

    model: type[Any]
    fields: tuple[str, ...]
    form: type[CardForm]
    step: int
    name: Any
    endpoint: str | None = None
    argument: str = ""
    offer: Callable[[Any], None] | None = None

    def fields_of(self, item: SharedCard) -> dict[str, Any]:
        """What a card of an example says, in the fields of an own card of this kind; as JSON."""
        if self.model is DataRequest:
            return {"wanted": wanted(item) if isinstance(item, SharedFigure | SharedStories) else ""}
        return self.ordered(item.model_dump(mode="json", include=set(self.fields)))

    def ordered(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """As the form asks them."""
        return {name: _in_order(fields[name]) for name in self.fields}

    def form_for(self, names: Collection[str], **data: Any) -> CardForm:
        """With these fields, and no others."""
        form = self.form(data=data)
        if self.offer:
            self.offer(form)
        shown = {*names, "base_version", "csrf_token"}
        for name in [field.name for field in form if field.name not in shown]:
            del form[name]
        for field in form:
            if isinstance(field, TextField) and not field.raw_data and field.data:
                field.data = field.data.replace("\n\n", " / ")  # two texts on its one line
        return form

    def typed(self, content: dict[str, Any]) -> dict[str, Any]:
        """These texts, which are JSON, as the attributes of an own card take them."""
        return typed(self.model(), content)

    def typed_in(self, form: CardForm) -> dict[str, Any]:
        """What stands in this form; a choice that was left open as None."""
        columns = sa.inspect(self.model).columns
        return {
            name: None if value == "" and columns[name].nullable else value
            for name, value in form.changes().items()
        }


KINDS = {
    kind.model.__tablename__: kind
    for kind in (
        Kind(
            Value,
            ("name", "own_words", "seen_when", "not_this", "short_changed", "counter_value", "bottom_line"),
            ValueForm,
            VALUES,
            _("Waarde"),
            "vision.value",
            "value_id",
        ),
        Kind(
            Goal,
            ("sentence", "aim", "laws", "duty", "target_group", "horizon", "actor"),
            GoalForm,
            GOALS,
            _("Doel"),
            "evidence.goal",
            "goal_id",
            _with_laws,
        ),
        Kind(Need, ("change", "task", "players", "room", "not_doing"), NeedForm, NEEDS, _("Wat nodig is")),
        Kind(InformationQuestion, ("text",), QuestionForm, EVIDENCE, _("Vraag")),
        Kind(Link, ("reason", "quality", "not_saying"), LinkForm, EVIDENCE, _("Cijfer")),
        Kind(Measuring, ("reading_up", "reading_down"), ReadingForm, EVIDENCE, _("Hoe u het cijfer leest")),
        Kind(StoryLink, ("reason", "not_saying"), StoryLinkForm, EVIDENCE, _("Verhalen")),
        Kind(DataRequest, ("wanted",), RequestForm, EVIDENCE, _("Verzoek")),
        Kind(Steering, ("moment", "instrument"), SteeringForm, STEERING, _("Moment"), offer=_with_moments),
    )
}
