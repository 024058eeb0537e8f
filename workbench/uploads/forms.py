"""The forms of own figures: the file, what it is, how to read it, and taking it back."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired
from wtforms import validators

from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    FileField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.core.tables import Table
from workbench.indicators.catalogue import Direction, Theme
from workbench.indicators.disclosure import LEAST_THRESHOLD, ROUNDINGS, THRESHOLD
from workbench.indicators.models import Status
from workbench.indicators.routes import THEME_NAMES
from workbench.uploads.checking import Kind
from workbench.uploads.mapping import IN_HEADERS, OWN_AREA, period_headers, text_columns

KIND_NAMES = {
    Kind.PEOPLE: _("een aantal mensen of huishoudens"),
    Kind.SHARE: _("een aandeel van mensen of huishoudens, in procenten"),
    Kind.OTHER: _("iets anders: geld, afstand, een rapportcijfer"),
}
STATUS_NAMES = {Status.FINAL: _("definitief"), Status.PROVISIONAL: _("voorlopig: ze kunnen nog veranderen")}
DIRECTION_NAMES = {
    Direction.CONTEXT: _("dat hangt ervan af"),
    Direction.UP: _("hoger is beter"),
    Direction.DOWN: _("lager is beter"),
    Direction.BAND: _("niet te hoog en niet te laag"),
}
FIXED = ""  # no column: the officer types the period


class FileForm(Form):
    file = FileField(
        _("Bestand met cijfers"),
        description=_("CSV of Excel (.xlsx), hooguit 2 MB. Een export van StatLine mag zo."),
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
        validators=[FileRequired(_("Kies een bestand."))],
    )


def _between(least: int, most: int, message: Any) -> list[Any]:
    return [validators.InputRequired(message), validators.NumberRange(least, most, message)]


class AboutForm(Form):
    """What the figures are, in words; it can be put better later."""

    name = TextField(
        _("Hoe heet het cijfer?"),
        description=_("Bijvoorbeeld: wachttijd voor een eerste gesprek."),
        validators=required(_("Geef het cijfer een naam.")),
    )
    definition = TextArea(
        _("Wat telt u precies?"),
        maximum=2000,
        description=_("Wie telt mee, wie niet, en op welk moment?"),
        validators=required(_("Schrijf op wat u telt. Anders kan niemand het cijfer uitleggen.")),
    )
    source = TextField(
        _("Waar komt het vandaan?"),
        maximum=500,
        description=_("Bijvoorbeeld: registratie van het wijkteam, of CBS StatLine, tabel 85098NED."),
        validators=required(_("Schrijf op waar de cijfers vandaan komen.")),
    )
    unit = TextField(
        _("In welke eenheid?"),
        maximum=60,
        description=_("Bijvoorbeeld: aantal, %, euro, dagen."),
        validators=required(_("Vul de eenheid in, bijvoorbeeld aantal of %.")),
    )
    decimals = NumberField(
        _("Hoeveel cijfers achter de komma?"),
        default=0,
        validators=_between(0, 3, _("Vul een getal van 0 tot en met 3 in.")),
    )
    themes = CheckboxesField(
        _("Bij welke thema's hoort het?"),
        choices=choices({str(theme): name for theme, name in THEME_NAMES.items()}),
        coerce=lambda word: str(Theme(word)),
    )

    def words(self) -> dict[str, Any]:
        """What was filled in, to be kept."""
        return {f.name: f.data for f in self if f.name != "csrf_token"}


class DescribeForm(AboutForm):
    """Also what decides which numbers are too small to be shown: that is fixed once there are figures."""

    kind = RadioField(
        _("Wat voor cijfer is het?"),
        choices=choices(KIND_NAMES),
        coerce=lambda word: Kind(word) if word else None,
        description=_("Kleine aantallen mensen tonen wij niet. Daarom moeten wij dit weten."),
        validators=required(_("Kies wat voor cijfer het is.")),
    )
    threshold = NumberField(
        _("Vanaf hoeveel mensen mag een aantal zichtbaar zijn?"),
        default=THRESHOLD,
        description=_(
            "Meestal 10. Lager alleen met advies van uw functionaris gegevensbescherming, en nooit onder 5."
        ),
        validators=_between(LEAST_THRESHOLD, 1000, _("Vul een getal van 5 of hoger in. Onder 5 kan niet.")),
    )
    rounding = SelectField(
        _("Aantallen afronden?"),
        choices=choices({1: _("niet afronden"), 5: _("op vijftallen"), 10: _("op tientallen")}),
        coerce=int,
        default=ROUNDINGS[0],
    )


class EditForm(AboutForm):
    """Also how to read the figures: that is known once they are there."""

    direction = RadioField(
        _("Welke kant op is het beter?"),
        choices=choices(DIRECTION_NAMES),
        coerce=lambda word: Direction(word) if word else None,
        validators=required(_("Kies hoe het cijfer te lezen is.")),
    )
    reading_up = TextField(_("Wat kan het betekenen als het stijgt?"), maximum=500)
    reading_down = TextField(_("Wat kan het betekenen als het daalt?"), maximum=500)


class ReviewForm(Form):
    """How to read the file. Call `offer` before use."""

    region = SelectField(_("Waar staat het gebied?"))
    period = SelectField(_("Waar staat de periode?"))
    fixed_period = TextField(
        _("Welke periode, als die niet in het bestand staat?"),
        maximum=60,
        description=_("Bijvoorbeeld 2024, 2024 1e halfjaar of januari 2024."),
    )
    value = SelectField(_("In welke kolom staan de cijfers?"))
    base = SelectField(_("Over hoeveel mensen gaat elk aandeel?"))
    decimal = SelectField(
        _("Hoe zijn de getallen geschreven?"),
        choices=choices({",": _("met een komma: 1.234,5"), ".": _("met een punt: 1,234.5")}),
    )
    only = SelectField(_("Welke rijen?"))
    status = SelectField(_("Hoe zeker zijn de cijfers?"), choices=choices(STATUS_NAMES))
    skip_unknown = CheckboxField(_("Sla rijen over met een gebied dat wij niet kennen"))
    first_of_double = CheckboxField(_("Staat een gebied er twee keer in? Dan geldt de eerste rij"))
    reason = TextArea(
        _("Waarom kloppen deze cijfers toch?"),
        maximum=1000,
        description=_("Uw uitleg blijft bij de cijfers staan."),
    )

    def offer(self, table: Table) -> None:
        """Fill the lists with what is in the file."""
        columns = {str(number): name[:80] for number, name in enumerate(table.header)}
        self.region.choices = choices({str(OWN_AREA): _("nergens: alles gaat over onze gemeente"), **columns})
        places = {FIXED: _("nergens: ik vul de periode hieronder in")}
        if period_headers(table):
            places[str(IN_HEADERS)] = _("in de kop: elke periode een kolom")
        self.period.choices = choices({**places, **columns})
        self.value.choices = choices({"": _("kies een kolom"), **columns})
        self.base.choices = choices({"": _("weet ik niet"), **columns})
        self.only.choices = choices(
            {"": _("alle rijen")}
            | {
                f"{number}={value}": f"{table.header[number][:40]}: {value[:60]}"
                for number, values in text_columns(table).items()
                for value in values
            }
        )

    def words(self) -> dict[str, Any]:
        """The choices, to be kept with the draft."""
        return {f.name: f.data for f in self if f.name not in ("csrf_token", "reason")}


class WithdrawForm(Form):
    reason = TextArea(
        _("Waarom trekt u deze cijfers in?"),
        maximum=1000,
        validators=required(_("Schrijf op waarom u de cijfers intrekt.")),
    )
