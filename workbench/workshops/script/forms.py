"""Forms about a workshop, the parts of its script, its announcement, and signing up."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.cards import EditConflict
from workbench.core.forms import (
    CardForm,
    DateField,
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
from workbench.vision.models import Plan
from workbench.workshops.models import Naming, Workshop

CLOCK = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?(?:\s*(?:uur|u))?$", re.IGNORECASE)
OPTIONAL = [validators.Optional()]
MOST_PEOPLE = 500
LONGEST = timedelta(hours=12)
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


class _VersionForm(CardForm):
    """A form over something that carries a version, with fields that are not named as what is kept."""

    def shown(self, thing: Any) -> dict[str, Any]:
        """Field -> what it shows of this thing."""
        raise NotImplementedError

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
            **{name: self[name].data for name in PLAIN},
            "starts_at": self._from(),
            "ends_at": self._until(),
            "plan_id": UUID(self.plan.data) if self.plan.data else None,
            "naming": Naming(self.naming.data),
            "factions": lines(self.factions.text),
            "councils": lines(self.councils.text),
        }
