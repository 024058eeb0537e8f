"""Choosing how a block looks, adding one, naming and splitting a section."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.core.text import current_language
from workbench.figures.option_words import questions
from workbench.figures.options import parse_options
from workbench.monitors.change_words import KIND_NAMES
from workbench.monitors.format import (
    KINDS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    AnyBlock,
    Figure,
    Question,
    Quote,
    Stories,
    Table,
    Text,
)
from workbench.monitors.models import KIND_NAMES as MONITOR_KINDS
from workbench.monitors.models import MonitorKind
from workbench.monitors.voices import FEWEST, MOST, Voice, differ, told_by
from workbench.stories.kept.models import LEANING_NAMES, Leaning

EARLIEST, LATEST = 1950, 2100


class ShapeForm(Form):
    """Carries the number of the draft that this edit started from."""

    base = wtforms.HiddenField()

    def start_from(self, draft: int) -> None:
        self.base.data = str(draft)


def _year() -> NumberField:
    message = _("Vul een jaar in, zoals 2015, of laat het leeg.")
    return NumberField(
        _("Vanaf welk jaar?"),
        description=_("Leeg: alle jaren die er zijn."),
        validators=[validators.Optional(), validators.NumberRange(EARLIEST, LATEST, message)],
    )


class TableForm(ShapeForm):
    from_year = _year()
    show_band = CheckboxField(_("Toon de middelste helft van vergelijkbare gemeenten"))

    def fill(self, block: Any) -> None:
        self.from_year.data, self.show_band.data = block.from_year, block.show_band

    def applied(self, block: Any) -> AnyBlock:
        return Table(
            id=block.id,
            hidden=block.hidden,
            link_id=block.link_id,
            from_year=self.from_year.data,
            show_band=self.show_band.data,
        )


@dataclass(frozen=True)
class Offer:
    """What there is to choose for a figure. `views`: each with why it suits, or does not, as the worker found; `periods`:
    code -> name; `others`: what the figure may be related to, by link; `spending`: money to stand beside it, by slug.
    """

    views: list[dict[str, Any]] = field(default_factory=list)
    periods: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    spending: dict[str, str] = field(default_factory=dict)

    def may_choose(self, view: dict[str, Any]) -> bool:
        """A relation depends on the second figure, which is chosen afterwards."""
        return bool(view["suits"] or (view["kind"] == "relation" and self.others))

    def words(self, view: dict[str, Any]) -> str:
        reason = view["reason"]
        if not view["suits"] and self.may_choose(view):
            reason = gettext("U kiest hierna het tweede cijfer.")
        return str(gettext("%(name)s. %(reason)s", name=view["name"], reason=reason))


class FigureForm(ShapeForm):
    """The view, and what there is to choose for it: the fields in `OPTIONS` that the present view has."""

    OPTIONS = ("show_band", "first", "last", "same_scale", "rows", "shade", "other", "spending")

    view = RadioField(
        _("Welke weergave?"),
        description=_("Na bewaren ziet u wat er bij deze weergave te kiezen is."),
        validators=required(_("Kies een weergave.")),
    )
    rows = RadioField(
        "",
        default="areas",
        choices=choices(
            {
                "areas": _("Uw gemeente naast provincie, land en wijken"),
                "goal": _("De cijfers bij dit doel"),
            }
        ),
    )
    other = SelectField("", default="")
    spending = SelectField("", default="")
    first = SelectField("", default="")
    last = SelectField("", default="")
    same_scale = CheckboxField("")
    shade = CheckboxField("")
    from_year = _year()
    show_band = CheckboxField("")
    show_events = CheckboxField(_("Toon gebeurtenissen die de gemeente bij dit cijfer opschreef"))
    table_open = CheckboxField(_("Toon de tabel meteen, zonder eerst te klikken"))

    def offer(self, block: Any, offer: Offer) -> None:
        """Only the views that suit the figures, beside the present one; each with the reason."""
        names = {
            view["kind"]: offer.words(view)
            for view in offer.views
            if offer.may_choose(view) or view["kind"] == block.view.kind
        }
        if len(names) > 1:
            self.view.choices = choices(names)
        else:
            del self.view
        asked = {question.field: question for question in questions(block.view.kind, current_language())}
        for name in self.OPTIONS:
            if name in asked:
                self[name].label.text, self[name].description = asked[name].label, asked[name].hint
            else:
                del self[name]
        for name, first, found in (
            ("first", gettext("De oudste die te vergelijken is"), offer.periods),
            ("last", gettext("De nieuwste"), offer.periods),
            ("other", gettext("Het eerste andere cijfer"), offer.others),
            ("spending", gettext("Wat bij dit doel hoort, anders het hele sociaal domein"), offer.spending),
        ):
            if name in self:
                self[name].choices = choices({"": first} | found)

    def fill(self, block: Any) -> None:
        if self.view:
            self.view.data = block.view.kind
        for name in self._asked():
            self[name].data = getattr(block.view, name)
        self.from_year.data = block.from_year
        self.show_events.data, self.table_open.data = block.show_events, block.table_open

    def _asked(self) -> list[str]:
        return [name for name in self.OPTIONS if name in self]

    def applied(self, block: Any) -> AnyBlock:
        """Another view keeps of the choices what it has too."""
        kind = self.view.data if self.view else block.view.kind
        chosen = {name: self[name].data for name in self._asked() if self[name].data is not None}
        known = type(parse_options({"kind": kind})).model_fields
        kept = block.view.model_dump() if kind == block.view.kind else {}
        facts = {**kept, **{name: value for name, value in chosen.items() if name in known}}
        return Figure(
            id=block.id,
            hidden=block.hidden,
            link_id=block.link_id,
            view=parse_options({**facts, "kind": kind}),
            from_year=self.from_year.data,
            show_events=self.show_events.data,
            table_open=self.table_open.data,
        )


class TextForm(ShapeForm):
    text = TextArea(_("Tekst"), maximum=LONGEST_TEXT, validators=required(_("Vul een tekst in.")))

    def fill(self, block: Any) -> None:
        self.text.data = block.text

    def applied(self, block: Any) -> AnyBlock:
        changed: AnyBlock = block.model_copy(update={"text": self.text.data})
        return changed


LONGEST_PERIOD = 40


def _beside() -> SelectField:
    return SelectField(
        _("Bij welk cijfer hoort dit?"),
        default="",
        description=_("Mag leeg blijven. Het cijfer staat er dan bij genoemd."),
    )


def _period() -> TextField:
    return TextField(
        _("Over welke tijd gaat het?"),
        maximum=LONGEST_PERIOD,
        description=_(
            "Mag leeg blijven. Schrijft u een tijd op die in het cijfer staat, zoals 2024? Dan komt daar in de figuur een"
            " merkteken."
        ),
        validators=[validators.Optional()],
    )


class _VoicesForm(ShapeForm):
    """What both forms about passages of stories share. A passage that went meanwhile cannot be chosen again."""

    beside: SelectField
    period: TextField
    voices: dict[str, Voice]

    def offer(self, voices: list[Voice], figures: dict[str, str]) -> None:
        self.voices = {str(voice.excerpt_id): voice for voice in voices}
        self.beside.choices = choices({"": gettext("Het staat op zichzelf")} | figures)

    def words(self) -> dict[str, str]:
        """What each passage says."""
        return {name: f"‘{voice.words}’" for name, voice in self.voices.items()}

    def fill(self, block: Any) -> None:
        self.beside.data, self.period.data = str(block.beside or ""), block.period

    def chosen(self) -> dict[str, Any]:
        """What the block is made of, besides its goal."""
        return {
            "beside": UUID(self.beside.data) if self.beside.data else None,
            "period": self.period.text,
        }

    def applied(self, block: Any) -> AnyBlock:
        changed: AnyBlock = block.model_copy(update=self.chosen())
        return changed

    def told(self) -> dict[str, str]:
        """Under each passage: who told it, and which way it goes."""
        return {name: told_of(voice) for name, voice in self.voices.items()}


def told_of(voice: Voice) -> str:
    leaning = str(LEANING_NAMES[Leaning(voice.leaning)]) if voice.leaning else ""
    return " · ".join(part for part in (told_by(voice, current_language()), leaning) if part)


class QuoteForm(_VoicesForm):
    excerpt = RadioField(_("Welk fragment?"), validators=required(_("Kies een fragment.")))
    beside, period = _beside(), _period()

    def offer(self, voices: list[Voice], figures: dict[str, str]) -> None:
        super().offer(voices, figures)
        told = self.told()
        self.excerpt.choices = choices(
            {name: f"{words} – {told[name]}".rstrip(" –") for name, words in self.words().items()}
        )

    def fill(self, block: Any) -> None:
        super().fill(block)
        self.excerpt.data = str(block.excerpt_id)

    def chosen(self) -> dict[str, Any]:
        return {"excerpt_id": UUID(self.excerpt.data), **super().chosen()}


class StoriesForm(_VoicesForm):
    excerpts = CheckboxesField(
        _("Welke fragmenten?"),
        description=_(
            "Kies er 2 tot 5, van verschillende mensen. Laat ook iemand horen die het anders ziet."
        ),
        validators=required(_("Kies 2 tot 5 fragmenten.")),
    )
    beside, period = _beside(), _period()

    def offer(self, voices: list[Voice], figures: dict[str, str]) -> None:
        super().offer(voices, figures)
        self.excerpts.choices = choices(self.words())
        self.excerpts.hints = self.told()

    def validate_excerpts(self, field: Any) -> None:
        chosen = [self.voices[name] for name in field.data or () if name in self.voices]
        if not FEWEST <= len(chosen) <= MOST:
            raise validators.ValidationError(gettext("Kies 2 tot 5 fragmenten."))
        if differ(voice.leaning for voice in self.voices.values()) and not differ(
            voice.leaning for voice in chosen
        ):
            raise validators.ValidationError(
                gettext(
                    "Kies ook een fragment dat anders klinkt: bij dit doel gaat niet alles dezelfde kant op."
                )
            )

    def fill(self, block: Any) -> None:
        super().fill(block)
        self.excerpts.data = [str(excerpt_id) for excerpt_id in block.excerpt_ids]

    def chosen(self) -> dict[str, Any]:
        return {"excerpt_ids": tuple(map(UUID, self.excerpts.data or ())), **super().chosen()}


VOICES: dict[type[AnyBlock], type[QuoteForm | StoriesForm]] = {Quote: QuoteForm, Stories: StoriesForm}
FORMS: dict[type[AnyBlock], type[FigureForm | TableForm | TextForm | QuoteForm | StoriesForm]] = {
    **VOICES,
    Figure: FigureForm,
    Table: TableForm,
    Text: TextForm,
    Question: TextForm,
}


ABOUT_A_GOAL = ("goal", "money", "quote", "stories")


class AddForm(ShapeForm):
    kind = RadioField(
        _("Wat voor blok?"),
        choices=choices({kind: KIND_NAMES[kind] for kind in KINDS}),
        validators=required(_("Kies wat voor blok u toevoegt.")),
    )
    link_id = SelectField(_("Welk cijfer?"), default="", description=_("Alleen bij een figuur of tabel."))
    goal_id = SelectField(
        _("Welk doel?"),
        default="",
        description=_("Alleen bij een doel, een citaat, verhalen of bij wat het kost."),
    )
    text = TextArea(
        _("Welke tekst?"), maximum=LONGEST_TEXT, description=_("Alleen bij een tekst of een vraag.")
    )

    def validate_link_id(self, field: Any) -> None:
        if self.kind.data in ("figure", "table") and not field.data:
            raise validators.ValidationError(gettext("Kies een cijfer."))

    def validate_goal_id(self, field: Any) -> None:
        if self.kind.data in ABOUT_A_GOAL and not field.data:
            raise validators.ValidationError(gettext("Kies een doel."))

    def validate_text(self, field: Any) -> None:
        if self.kind.data in ("text", "question") and not field.data:
            raise validators.ValidationError(gettext("Vul een tekst in."))

    def about(self) -> dict[str, Any]:
        """What the block of this kind is about."""
        return {
            name: field.data
            for name, field, kinds in (
                ("link_id", self.link_id, ("figure", "table")),
                ("goal_id", self.goal_id, ABOUT_A_GOAL),
                ("text", self.text, ("text", "question")),
            )
            if self.kind.data in kinds
        }


class TitleForm(ShapeForm):
    title = TextField(
        _("Hoe heet dit deel?"), maximum=LONGEST_TITLE, validators=required(_("Vul een naam in."))
    )


class MonitorForm(Form):
    title = TextField(
        _("Hoe heet deze monitor?"), maximum=LONGEST_TITLE, validators=required(_("Vul een naam in."))
    )
    kind = RadioField(
        _("Voor wie is deze monitor?"),
        choices=choices(
            {kind.value: MONITOR_KINDS[kind] for kind in (MonitorKind.PUBLIC, MonitorKind.THEME)}
        ),
        validators=required(_("Kies voor wie deze monitor is.")),
    )


class SectionForm(ShapeForm):
    title = TextField(
        _("Hoe heet dit deel?"),
        maximum=LONGEST_TITLE,
        description=_("Leeg: het deel heet naar zijn waarde, of naar wat erin staat."),
    )
    place = NumberField(
        _("Op welke plek?"),
        description=_("1 is bovenaan."),
        validators=required(_("Vul een getal in. 1 is bovenaan.")),
    )
    hidden = CheckboxField(_("Verberg dit deel voor lezers"))
