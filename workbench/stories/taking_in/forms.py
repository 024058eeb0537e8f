"""Forms for bringing stories in, making them safe, and what a council settles about stories."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired, FileSize
from wtforms import HiddenField, validators

from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    Form,
    RadioField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.stories.kept.visibility import REACH_NAMES, Reach
from workbench.stories.pseudonyms import find
from workbench.stories.taking_in.operations import Split
from workbench.stories.transcripts.normal import MOST_CHARACTERS
from workbench.stories.transcripts.reading import MOST_BYTES

SPLIT_NAMES = {
    Split.NOT: _("Het is één verhaal"),
    Split.MARKS: _("Bij elke regel met alleen ---"),
    Split.SPEAKERS: _("Per spreker: alles wat iemand zegt wordt één verhaal"),
}
HOW_NAMES = {
    "": _("Nee, nog niet. De verteller kiest zelf op de eigen bladzijde"),
    "papier": _("Ja, op papier met een handtekening"),
    "hardop": _("Ja, hardop in het gesprek"),
}


def _not_in_the_future(_form: Any, field: Any) -> None:
    if field.data and field.data > date.today():  # noqa: DTZ011 - a calendar day
        raise validators.ValidationError(gettext("Deze dag moet nog komen. Vul in wanneer het verteld is."))


_not_too_large = FileSize(
    MOST_BYTES, message=_("Dit bestand is groter dan 5 MB. Haal er plaatjes uit, of bewaar alleen de tekst.")
)


class BringForm(Form):
    """What every way in asks."""

    told_on = DateField(_("Wanneer is het verteld?"), validators=[validators.Optional(), _not_in_the_future])


class FileForm(BringForm):
    file = FileField(
        _("Bestand met het uitgeschreven gesprek"),
        description=_("TXT, Word (.docx), ODT, PDF, VTT of SRT, hooguit 5 MB. Eén gesprek per bestand."),
        render_kw={"accept": ".txt,.docx,.odt,.pdf,.vtt,.srt"},
        validators=[FileRequired(_("Kies een bestand.")), _not_too_large],
    )


class TextForm(BringForm):
    text = TextArea(
        _("Wat is er verteld?"),
        maximum=MOST_CHARACTERS,
        description=_(
            "Typ of plak het gesprek. Zet niet eerst zelf de namen weg: dat doet u in de volgende stap."
        ),
        validators=required(_("Typ of plak eerst wat er verteld is.")),
    )


class TalkForm(BringForm):
    """Notes of a talk with several people: typed, or as a file."""

    text = TextArea(
        _("Verslag van het gesprek"),
        maximum=MOST_CHARACTERS,
        description=_("Typ of plak het verslag, of kies hieronder een bestand."),
    )
    file = FileField(
        _("Of kies een bestand met het verslag"),
        description=_("TXT, Word (.docx), ODT, PDF, VTT of SRT, hooguit 5 MB."),
        render_kw={"accept": ".txt,.docx,.odt,.pdf,.vtt,.srt"},
        validators=[validators.Optional(), _not_too_large],
    )
    split = RadioField(
        _("Hoe haalt de werkbank de verhalen uit elkaar?"),
        choices=choices(SPLIT_NAMES),
        coerce=lambda word: Split(word) if word else None,
        default=Split.NOT,
        description=_("Zo kan elke verteller later over het eigen verhaal beslissen."),
        validators=required(_("Kies hoe de verhalen uit elkaar gaan.")),
    )

    def validate_text(self, field: Any) -> None:
        if not field.text and not self.file.data:
            raise validators.ValidationError(gettext("Typ of plak het verslag, of kies een bestand."))


class SurveyForm(BringForm):
    file = FileField(
        _("Bestand met de antwoorden"),
        description=_("CSV of Excel (.xlsx), hooguit 5 MB, met een kop boven de kolommen."),
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
        validators=[FileRequired(_("Kies een bestand.")), _not_too_large],
    )


class ColumnsForm(Form):
    """Which columns of a survey hold stories."""

    columns = CheckboxesField(
        _("In welke kolommen staan de open antwoorden?"),
        description=_("Elk antwoord wordt een eigen verhaal. Uit de andere kolommen nemen wij niets over."),
        validators=required(_("Kies ten minste één kolom.")),
    )

    def offer(self, header: list[str], likely: list[str]) -> None:
        self.columns.choices = [(str(place), name) for place, name in enumerate(header)]
        if not self.is_submitted():
            self.columns.data = [str(place) for place, name in enumerate(header) if name in likely]

    def chosen(self, header: list[str]) -> list[str]:
        return [header[int(place)] for place in self.columns.data or ()]


class DraftForm(Form):
    """Carries the version of the draft that an edit started from."""

    base_version = HiddenField()

    def base(self) -> int:
        data = self.base_version.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else 0


class CheckForm(DraftForm):
    """Words that the person points out; what was found has fields of its own, drawn by the page."""

    words = TextField(
        _("Welke woorden moeten ook weg?"),
        maximum=300,
        description=_("Precies zoals ze in het verhaal staan."),
        validators=[validators.Optional()],
    )
    instead = TextField(
        _("Wat komt daarvoor in de plaats?"),
        maximum=100,
        render_kw={"list": "role-words"},
        validators=[validators.Optional()],
    )
    is_name = CheckboxField(_("Dit is een naam: zoek ook waar hij anders geschreven staat"))


CONSENT_FIELDS = ("how", "reach", "quotes_only", "until")


def _said_with_consent(form: Any, field: Any) -> None:
    """Needed as soon as there is a consent."""
    if not field.data:
        field.errors[:] = []  # nothing chosen is no wrong choice
        needed = gettext("Kies wie het verhaal mag lezen, zoals de verteller zei.")
        raise validators.StopValidation(needed if form.how.data else "")


class ConsentForm(Form):
    """What a narrator allows, as said in a talk or on paper."""

    how = RadioField(
        _("Gaf de verteller al toestemming?"),
        choices=choices(HOW_NAMES),
        coerce=lambda word: word or "",
        default="",
        validators=[validators.Optional()],
    )
    reach = RadioField(
        _("Wie mag het lezen?"),
        choices=choices(REACH_NAMES),
        coerce=lambda word: Reach(word) if word else None,
        validators=[_said_with_consent],
    )
    quotes_only = CheckboxField(_("Alleen korte stukjes, nooit het hele verhaal"))
    until = DateField(
        _("Tot en met welke dag?"),
        description=_("Leeg: zolang de raad de verhalen van deze bron bewaart."),
        validators=[validators.Optional()],
    )

    def validate_until(self, field: Any) -> None:
        if field.data and field.data < date.today():  # noqa: DTZ011 - a calendar day
            raise validators.ValidationError(gettext("Deze dag is al voorbij."))

    def words(self) -> dict[str, str]:
        """As the draft keeps it; empty when nothing was allowed yet."""
        if "how" not in self or not self.how.data:
            return {}
        return {
            "how": self.how.data,
            "reach": self.reach.data or "",
            "quotes_only": "yes" if self.quotes_only.data else "no",
            "until": self.until.data.isoformat() if self.until.data else "",
        }


class AllowForm(ConsentForm):
    """A consent that came after the story was made safe: there is one."""

    how = RadioField(
        _("Hoe gaf de verteller toestemming?"),
        choices=choices({how: name for how, name in HOW_NAMES.items() if how}),
        coerce=lambda word: word or "",
        validators=required(_("Kies hoe de verteller toestemming gaf.")),
    )


class StopForm(Form):
    """A narrator wants the story gone, and said so to a member."""

    asked = RadioField(
        _("Hoe vroeg de verteller dit?"),
        choices=choices({"papier": _("Op papier of in een mail"), "hardop": _("Hardop, zelf gehoord")}),
        coerce=lambda word: word or "",
        validators=required(_("Kies hoe de verteller dit vroeg.")),
    )


class ConfirmForm(ConsentForm):
    """Who tells, what the narrator allows, and: nobody can be known from this."""

    base_version = HiddenField()
    teller = TextField(
        _("Wie vertelt dit, zonder naam?"),
        maximum=120,
        description=_("Zo staat het straks bij een citaat. Bijvoorbeeld: moeder van twee kinderen."),
        validators=[validators.Optional()],
    )
    traits = CheckboxesField(
        _("Bij wie hoort dit verhaal?"),
        description=_("Zo ziet u wie u nog niet hoorde. Het staat nooit bij het verhaal zelf."),
        validators=[validators.Optional()],
    )
    is_read = CheckboxField(
        _("Ik las de hele tekst hierboven. Niemand is eraan te herkennen."),
        validators=[validators.DataRequired(_("Lees de hele tekst en zet dan een vinkje."))],
    )

    def validate_teller(self, field: Any) -> None:
        if any(found.sure for found in find(field.text)):
            raise validators.ValidationError(
                gettext("Dit lijkt een naam of iets anders dat naar iemand wijst. Zeg het met een rol.")
            )

    def offer(self, wanted: list[str], *, narrator_chose: bool) -> None:
        """`wanted`: the groups that the source wants to hear; `narrator_chose`: nobody else says what is allowed."""
        if narrator_chose:
            for name in CONSENT_FIELDS:
                del self[name]
        if wanted:
            self.traits.choices = [(name, name) for name in wanted]
        else:
            del self.traits

    def base(self) -> int:
        data = self.base_version.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else 0


class ShortSecondForm(Form):
    """Which of the answers on a page are safe, each in the version that was shown: `<story>:<version>`."""

    safe = CheckboxesField(
        _("Welke antwoorden zijn veilig?"),
        validate_choice=False,
        validators=required(_("Zet een vinkje bij elk antwoord dat veilig is.")),
    )

    def answers(self) -> list[tuple[UUID, int]]:
        """Spoiled ones are left out."""
        found = []
        for typed in self.safe.data or ():
            story_id, _colon, version = typed.partition(":")
            with suppress(ValueError):
                found.append((UUID(story_id), int(version[:9])))
        return found


class ShortForm(ShortSecondForm, ConsentForm):
    """With who tells and what was allowed: the same for all of them."""

    teller = TextField(
        _("Wie vertelt dit, zonder naam?"),
        maximum=120,
        description=_("Zo staat het straks bij een citaat. Bijvoorbeeld: deelnemer aan het onderzoek."),
        validators=[validators.Optional()],
    )
    how = RadioField(
        _("Gaven de mensen toestemming?"),
        choices=choices(
            {
                "vragenlijst": _("Ja, bij de vragen van het onderzoek"),
                "": _("Nee, nog niet. Ik leg het later per verhaal vast"),
            }
        ),
        coerce=lambda word: word or "",
        default="",
        validators=[validators.Optional()],
    )

    def same_again(self) -> dict[str, Any]:
        """For the next page of the same survey."""
        return {
            "teller": self.teller.text,
            "how": self.how.data,
            "reach": self.reach.data,
            "quotes_only": bool(self.quotes_only.data),
        }


class WriteOutForm(DraftForm):
    text = TextArea(
        _("De tekst van het verhaal"),
        maximum=MOST_CHARACTERS,
        validators=required(_("Typ eerst wat er verteld is.")),
    )


class SecondForm(CheckForm):
    remark = TextArea(
        _("Wat moet er anders?"),
        maximum=1000,
        description=_("Alleen nodig als u het verhaal terugstuurt. Schrijf er geen namen in."),
        validators=[validators.Optional()],
    )


class SettingsForm(Form):
    """What a council settles about stories."""

    officer_name = TextField(
        _("Functionaris gegevensbescherming: welk bureau of welke afdeling?"),
        maximum=120,
        description=_("Een functie, geen naam. Vertellers lezen dit op het formulier."),
        validators=[validators.Optional()],
    )
    officer_email = EmailField(
        _("E-mailadres van dat bureau"),
        validators=[
            validators.Optional(),
            validators.Regexp(
                r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=_("Vul een e-mailadres in, zoals fg@gemeente.nl.")
            ),
        ],
    )
    contact = TextField(
        _("Waar is de raad te bereiken over deze verhalen?"),
        maximum=200,
        description=_("Adres of e-mail van de griffie. Dit hoort in het register."),
        validators=[validators.Optional()],
    )
    processor = TextArea(
        _("Wie beheert deze werkbank voor u, en in welk land staan de computers?"),
        maximum=1000,
        description=_("Dat is de verwerker. Met een verwerker sluit de raad een overeenkomst."),
        validators=[validators.Optional()],
    )
    receivers = TextArea(
        _("Wie krijgt de verhalen nog meer te zien?"),
        maximum=1000,
        description=_("Bijvoorbeeld een onderzoeksbureau. Leeg: alleen wie voor de raad werkt."),
        validators=[validators.Optional()],
    )
    safety = TextArea(
        _("Wat doet u zelf om de verhalen te beschermen?"),
        maximum=2000,
        description=_("Bijvoorbeeld: gesprekken niet op privételefoons opnemen."),
        validators=[validators.Optional()],
    )
    form_text = TextArea(
        _("Wat wilt u op het toestemmingsformulier toevoegen?"),
        maximum=3000,
        description=_("Een andere tekst geeft een nieuwe versie. Bij elk verhaal staat welke versie gold."),
        validators=[validators.Optional()],
    )
