"""Forms about a workshop, the parts of its script, its announcement, and signing up."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.accounts.forms import is_address
from workbench.core.cards import EditConflict
from workbench.core.forms import (
    CardForm,
    CheckboxField,
    DateField,
    EmailField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    in_words,
    required,
)
from workbench.core.language import AMSTERDAM
from workbench.rounds.forms import SIDES
from workbench.vision.models import Plan
from workbench.workshops.kinds import Kind
from workbench.workshops.models import Activity, Naming, Workshop
from workbench.workshops.script.library import LONGEST as LONGEST_PART
from workbench.workshops.script.library import keyed
from workbench.workshops.script.planning import LISTED, most_options

CLOCK = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?(?:\s*(?:uur|u))?$", re.IGNORECASE)
OPTIONAL = [validators.Optional()]
MOST_PEOPLE = 500
LONGEST = timedelta(hours=12)
ACTIVITY_TEXTS = ("title", "question", "explanation", "minutes", "materials", "note")
# Settings with one value each, as an activity keeps them when nothing was chosen.
USUAL = {"most": 1, "dots": 5, "per_option": 3, "per_person": 3, "ask_reason": True, "shows_at_once": False}
SETTINGS = ("options", "parts", "block", *USUAL)
_WITH_REASON = {"options", "ask_reason"}
FIELDS: dict[Kind, set[str]] = {
    Kind.CHECK_IN: {"per_person", "shows_at_once"},
    Kind.BRAINSTORM: {"per_person", "shows_at_once"},
    Kind.EXIT_QUESTION: {"per_person"},
    Kind.DOTS: {*_WITH_REASON, "dots", "per_option"},
    Kind.POINTS: _WITH_REASON,
    Kind.RANKING: _WITH_REASON,
    Kind.PAIRWISE: _WITH_REASON,
    Kind.POSITION: _WITH_REASON,
    Kind.STATEMENTS: _WITH_REASON,
    Kind.DILEMMA: {*_WITH_REASON, "most"},
    Kind.FIGURE_AND_STORY: {"parts", "block"},
    Kind.MEANING: {"parts", "block"},
}
_ONE_A_LINE = _("Eén mogelijkheid per regel.")
_OPTION_HINTS = {
    Kind.POSITION: _(
        "Eén lijn per regel, met een schuine streep tussen de kanten: nabijheid / deskundigheid."
    ),
    Kind.STATEMENTS: _("Eén stelling per regel, als een zin waar men het mee eens kan zijn."),
    Kind.PAIRWISE: _(
        "Eén mogelijkheid per regel, hooguit acht. Elke mogelijkheid meer geeft veel meer paren."
    ),
}
PLAIN = (
    "title",
    "purpose",
    "place",
    "size",
    "tables",
    "keeps_days",
)  # fields that are kept as they are typed


def clock(text: str) -> time | None:
    """19:30, 19.30, 19 or 19.30 uur as a time; None: it is none."""
    found = CLOCK.match(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return time(int(found[1]), int(found[2] or 0))


def lines(text: str, longest: int = 200) -> list[str]:
    """The lines that say something, each once."""
    return list(dict.fromkeys(line.strip()[:longest] for line in text.splitlines() if line.strip()))


def between(least: int, most: int, message: Any) -> list[Any]:
    return [validators.InputRequired(message), validators.NumberRange(least, most, message)]


def _typed_in(form: Form, names: tuple[str, ...]) -> dict[str, Any]:
    """A field that was not sent at all is an empty text."""
    return {name: form[name].data if form[name].kind == "number" else form[name].text for name in names}


class _VersionForm(CardForm):
    """A form over something that carries a version, with fields that are not named as what is kept."""

    def shown(self, _thing: Any) -> dict[str, Any]:
        """Field -> what it shows of this thing, for the fields that are named otherwise."""
        return {}

    def show(self, thing: Any) -> None:
        """What is known (not when other words are already on their way)."""
        self.start_from(thing)
        if not self.is_submitted():
            for name, value in self.shown(thing).items():
                self[name].data = value

    def saved(self, save: Callable[[], object]) -> bool:
        try:
            save()
        except EditConflict as conflict:
            theirs = self.shown(conflict.card)
            self.theirs = {
                name: in_words(self[name], value)
                for name, value in theirs.items()
                if (value or "") != (self[name].data or "")
            }
            self.base_version.data = str(conflict.card.version)
            return False
        return True


class WorkshopForm(_VersionForm):
    title = TextField(
        _("Hoe heet het leeratelier?"),
        description=_("Bijvoorbeeld: Wat vinden wij belangrijk in de jeugdhulp?"),
        validators=required(_("Geef het leeratelier een naam.")),
    )
    purpose = TextArea(
        _("Wat is er na afloop?"),
        maximum=1000,
        description=_("In een of twee zinnen. Deelnemers lezen dit ook."),
        validators=OPTIONAL,
    )
    day = DateField(
        _("Op welke dag?"),
        description=_("Bijvoorbeeld 23-6-2027."),
        validators=[validators.InputRequired(_("Vul de dag in, zoals 23-6-2027."))],
    )
    begins = TextField(
        _("Hoe laat begint het?"),
        maximum=10,
        description=_("Bijvoorbeeld 19:30."),
        validators=required(_("Vul in hoe laat het begint, zoals 19:30.")),
    )
    ends = TextField(
        _("Hoe laat moet het klaar zijn?"),
        maximum=10,
        description=_("Het draaiboek telt de minuten op en zegt of het past."),
        validators=required(_("Vul in hoe laat het klaar moet zijn, zoals 21:30.")),
    )
    place = TextField(
        _("Waar?"), description=_("Zaal en adres, of: online."), maximum=300, validators=OPTIONAL
    )
    size = NumberField(
        _("Hoeveel mensen verwacht u?"),
        description=_("Een schatting is genoeg. Sommige werkvormen passen niet bij elke groep."),
        validators=between(2, MOST_PEOPLE, _("Vul een getal in van 2 tot en met 500.")),
    )
    tables = NumberField(
        _("Aan hoeveel tafels zitten zij?"),
        default=0,
        description=_("0 als iedereen in één kring zit."),
        validators=between(0, 60, _("Vul een getal in van 0 tot en met 60.")),
    )
    plan = SelectField(
        _("Bij welk traject hoort het?"),
        description=_("Daar kunnen de uitkomsten later als waarde, doel of vraag in komen."),
        validators=OPTIONAL,
    )
    naming = RadioField(
        _("Wat mogen deelnemers over zichzelf zeggen als zij meedoen op hun telefoon?"),
        description=_("Het hoeft nooit: ieder mag het leeg laten."),
        default=Naming.NOTHING.value,
        choices=choices(
            {
                Naming.NOTHING: _("Niets: iedereen doet mee zonder naam"),
                Naming.FIRST_NAME: _("Een voornaam"),
                Naming.FACTION: _("De fractie of groep, uit een lijst"),
            }
        ),
    )
    factions = TextArea(
        _("Welke fracties of groepen staan in die lijst?"),
        description=_("Eén per regel. Groepen van minder dan drie mensen worden nooit apart getoond."),
        validators=OPTIONAL,
    )
    councils = TextArea(
        _("Komen er mensen van verschillende gemeenten?"),
        description=_("Zet dan de gemeenten hier, één per regel. Anders blijft dit leeg."),
        validators=OPTIONAL,
    )
    keeps_days = NumberField(
        _("Na hoeveel dagen wist de werkbank wat niet in een traject of verslag kwam?"),
        default=90,
        description=_("Losse kaartjes en aanmeldingen. Tel vanaf het einde van het leeratelier."),
        validators=between(1, 365, _("Vul een getal in van 1 tot en met 365.")),
    )

    def offer(self, plans: list[Plan]) -> None:
        names: dict[str, Any] = {"": _("Bij geen traject")}
        self.plan.choices = choices(names | {str(plan.id): plan.title for plan in plans})

    def shown(self, thing: Workshop) -> dict[str, Any]:
        begins = thing.starts_at.astimezone(AMSTERDAM)
        ends = thing.ends_at.astimezone(AMSTERDAM) if thing.ends_at else None
        return {
            **{name: getattr(thing, name) for name in PLAIN},
            "day": begins.date(),
            "begins": begins.strftime("%H:%M"),
            "ends": ends.strftime("%H:%M") if ends else "",
            "plan": str(thing.plan_id or ""),
            "naming": thing.naming.value,
            "factions": "\n".join(thing.factions),
            "councils": "\n".join(thing.councils),
        }

    def validate_begins(self, field: TextField) -> None:
        if clock(field.text) is None:
            raise validators.ValidationError(_("Schrijf de tijd als 19:30."))

    def validate_ends(self, field: TextField) -> None:
        if clock(field.text) is None:
            raise validators.ValidationError(_("Schrijf de tijd als 21:30."))
        if self.day.data and clock(self.begins.text) and self._until() - self._from() > LONGEST:
            raise validators.ValidationError(
                _("Dat is meer dan twaalf uur. Kijk of de tijden kloppen, of maak er twee leerateliers van.")
            )

    def _at(self, text: str) -> datetime:
        day: date = self.day.data  # type: ignore[assignment]  # asked for when it may be missing: see validate_ends
        return datetime.combine(day, clock(text) or time(), AMSTERDAM)

    def _from(self) -> datetime:
        return self._at(self.begins.text)

    def _until(self) -> datetime:
        """On the next day when it goes on past midnight."""
        until = self._at(self.ends.text)
        return until if until > self._from() else until + timedelta(days=1)

    def facts(self) -> dict[str, Any]:
        return {
            **_typed_in(self, PLAIN),
            "starts_at": self._from(),
            "ends_at": self._until(),
            "plan_id": UUID(self.plan.data) if self.plan.data else None,
            "naming": Naming(self.naming.data),
            "factions": lines(self.factions.text),
            "councils": lines(self.councils.text),
        }


class ActivityForm(_VersionForm):
    """A part of a script; `fit` leaves the fields that its kind asks for."""

    title = TextField(
        _("Hoe heet dit onderdeel?"),
        description=_("Zo staat het in het programma."),
        validators=required(_("Geef het onderdeel een naam.")),
    )
    question = TextArea(
        _("Welke vraag ziet de groep?"),
        maximum=300,
        description=_("Eén vraag, groot op het scherm en op elke telefoon."),
        validators=required(_("Schrijf de vraag op die de groep beantwoordt.")),
    )
    explanation = TextArea(
        _("Wat moet de groep erbij weten?"),
        maximum=1000,
        description=_("Staat kleiner onder de vraag, voor iedereen."),
        validators=OPTIONAL,
    )
    minutes = NumberField(
        _("Hoeveel minuten?"),
        validators=between(1, LONGEST_PART, _("Vul een getal in van 1 tot en met 240.")),
    )
    options = TextArea(_("Waaruit kan de groep kiezen?"), maximum=8000, validators=OPTIONAL)
    most = NumberField(
        _("Hoeveel mag ieder er hooguit kiezen?"),
        validators=between(1, 30, _("Vul een getal in van 1 tot en met 30.")),
    )
    dots = NumberField(
        _("Hoeveel stippen krijgt ieder?"),
        validators=between(1, 30, _("Vul een getal in van 1 tot en met 30.")),
    )
    per_option = NumberField(
        _("Hoeveel stippen mogen er hooguit bij één mogelijkheid?"),
        validators=between(1, 30, _("Vul een getal in van 1 tot en met 30.")),
    )
    per_person = NumberField(
        _("Hoeveel kaartjes mag ieder hooguit insturen?"),
        validators=between(1, 20, _("Vul een getal in van 1 tot en met 20.")),
    )
    ask_reason = CheckboxField(_("Vraag ook naar de reden"))
    shows_at_once = CheckboxField(_("Laat kaartjes meteen op het scherm zien, zonder naam"))
    parts = TextArea(
        _("Welke deelvragen?"),
        maximum=2000,
        description=_("Eén per regel. De groep stuurt bij elke deelvraag kaartjes in."),
        validators=OPTIONAL,
    )
    block = SelectField(
        _("Over welk cijfer gaat het?"),
        description=_("Uit de monitor van het traject. Het komt op het scherm, met bron en jaar."),
        validators=OPTIONAL,
    )
    materials = TextArea(_("Wat heeft u nodig?"), maximum=500, validators=OPTIONAL)
    note = TextArea(
        _("Uw eigen notitie"),
        maximum=2000,
        description=_(
            "Alleen wie het leeratelier begeleidt, leest dit: op het eigen scherm en in het draaiboek."
        ),
        validators=OPTIONAL,
    )
    kind: Kind

    def fit(self, kind: Kind, figures: dict[str, str], now: str = "") -> None:
        """`figures`: to choose from; `now`: the one that was chosen, also when it can no longer be."""
        self.kind = kind
        for name in set(SETTINGS) - FIELDS.get(kind, set()):
            del self[name]
        if kind in LISTED:
            self.options.description = _OPTION_HINTS.get(kind, _ONE_A_LINE)
        if "block" in self:
            offered = {"": _("Nog geen cijfer, of een cijfer op papier"), **figures}
            if now and now not in figures:
                offered[now] = _("Een cijfer dat niet meer in de monitor staat")
            self.block.choices = choices(offered)

    def shown(self, thing: Activity) -> dict[str, Any]:
        kept = thing.settings
        settings = {
            "options": "\n".join(_typed(option) for option in kept.get("options", ())),
            "parts": "\n".join(kept.get("parts", ())),
            "block": kept.get("block_id", ""),
            **{name: kept.get(name, usual) for name, usual in USUAL.items()},
        }
        return {
            **{name: getattr(thing, name) for name in ACTIVITY_TEXTS},
            **{name: value for name, value in settings.items() if name in self},
        }

    def validate_options(self, field: TextArea) -> None:
        typed = self._choices()
        if len(typed) > most_options(self.kind):
            raise validators.ValidationError(
                gettext(
                    "Dit zijn er %(n)s. Deze werkvorm gaat met hooguit %(most)s mogelijkheden.",
                    n=len(typed),
                    most=most_options(self.kind),
                )
            )
        if self.kind is Kind.POSITION and not all(counter for _label, counter in typed):
            raise validators.ValidationError(
                _(
                    "Zet op elke regel twee kanten, met een schuine streep ertussen: nabijheid / deskundigheid."
                )
            )

    def _choices(self) -> list[tuple[str, str]]:
        typed = []
        for line in lines(self.options.text, 300):
            label, _slash, counter = line.partition(SIDES) if self.kind is Kind.POSITION else (line, "", "")
            typed.append((label.strip(), counter.strip()))
        return typed

    def facts(self, *more: str) -> dict[str, Any]:
        """What is kept; `more`: options that come behind those that were typed, where they are not there yet."""
        settings = {name: self[name].data for name in USUAL if name in self}
        if "options" in self:
            typed = self._choices()
            there = {label for label, _counter in typed}
            typed += [(label, "") for label in more if label not in there]
            settings["options"] = keyed(typed[: most_options(self.kind)])
        if "parts" in self:
            settings["parts"] = lines(self.parts.text)
        if "block" in self and self.block.data:
            settings["block_id"] = self.block.data
        return {**_typed_in(self, ACTIVITY_TEXTS), "settings": settings}


def _typed(option: dict[str, str]) -> str:
    return f"{option['label']}{SIDES}{option['counter']}" if option["counter"] else option["label"]


class MoveForm(Form):
    place = NumberField(_("Naar plek"), validators=between(1, 100, _("Vul het nummer van een plek in.")))


class AnnouncementForm(_VersionForm):
    for_whom = TextArea(
        _("Voor wie is het?"),
        maximum=600,
        description=_(
            "Bijvoorbeeld: voor raadsleden en inwoners van Almere. U hoeft niets van cijfers te weten."
        ),
        validators=required(_("Schrijf op voor wie het is.")),
    )
    accessibility = TextArea(
        _("Hoe toegankelijk is de plek?"),
        maximum=1000,
        description=_(
            "Rolstoel, lift, toilet, ringleiding, tolk, parkeren, bus. Schrijf ook op wat er niet is, en wie men kan bellen."
        ),
        validators=required(
            _("Schrijf op hoe toegankelijk de plek is, ook als u het nog niet precies weet.")
        ),
    )

    def shown(self, thing: Workshop) -> dict[str, Any]:
        return {"for_whom": thing.for_whom, "accessibility": thing.accessibility}

    def facts(self) -> dict[str, str]:
        return {"for_whom": self.for_whom.text, "accessibility": self.accessibility.text}


class SignUpForm(Form):
    name = TextField(
        _("Uw naam"),
        maximum=100,
        render_kw={"autocomplete": "name"},
        validators=required(_("Vul uw naam in.")),
    )
    email = EmailField(
        _("Uw e-mailadres"),
        description=_("Voor een bevestiging, een herinnering en bericht als er iets verandert."),
        render_kw={"autocomplete": "email"},
        validators=[
            *required(_("Vul uw e-mailadres in.")),
            is_address,
        ],
    )
