"""The forms of the calendar: one entry, and the usual year with days to fill in."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import (
    CardForm,
    DateField,
    Form,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.knowledge.models import Moment

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def _on_a_possible_day(_form: Any, field: Any) -> None:
    if field.data is not None and not EARLIEST <= field.data <= LATEST:
        raise validators.ValidationError(gettext("Vul een jaar in tussen 2000 en 2100."))


MAY_STAY_EMPTY = [validators.Optional(), _on_a_possible_day]


class YearDay(DateField):
    """A day in the form of the whole year, which says once that any of them may stay empty."""

    optional = False


def _day(label: Any, *, description: Any = "", first: Any = None) -> DateField:
    checks = [first, _on_a_possible_day] if first else MAY_STAY_EMPTY
    return DateField(label, description=description, validators=checks)


def _not_after(last: DateField, first: DateField) -> None:
    """Raises: ValidationError when handing in ends after the day itself."""
    if last.data and first.data and last.data > first.data:
        raise validators.ValidationError(gettext("Kies een dag die niet na het moment zelf ligt."))


class EntryForm(CardForm):
    name = TextField(
        _("Hoe heet het?"),
        maximum=150,
        description=_("Bijvoorbeeld: Kadernota, of Themabijeenkomst jeugd."),
        validators=required(_("Schrijf op hoe het heet.")),
    )
    moment_id = SelectField(
        _("Hoort het bij een vast moment van het jaar?"),
        coerce=lambda text: UUID(str(text)) if text else None,
    )
    starts_on = _day(
        _("Op welke dag?"),
        description=_("Bijvoorbeeld: 23-6-2027."),
        first=validators.InputRequired(_("Vul de dag in, zoals 23-6-2027.")),
    )
    ends_on = _day(_("Tot en met welke dag?"), description=_("Alleen als het meer dan één dag duurt."))
    submit_by = _day(
        _("Tot en met welke dag kunnen leden iets indienen?"),
        description=_("Bijvoorbeeld een amendement of een motie."),
    )
    who = TextField(
        _("Wie doen er mee?"), maximum=200, description=_("Bijvoorbeeld: de hele raad, of de werkgroep.")
    )
    note = TextArea(_("Wat moeten anderen nog weten?"), maximum=1000)

    def offer(self, moments: Iterable[Moment]) -> None:
        self.names = {str(moment.id): moment.name for moment in moments}
        self.moment_id.choices = choices({"": gettext("nee, iets van onszelf"), **self.names})

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise validators.ValidationError(gettext("Kies een dag na de eerste dag."))

    def validate_submit_by(self, field: Any) -> None:
        _not_after(field, self.starts_on)

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        if found["ends_on"] == found["starts_on"]:
            found["ends_on"] = None  # it lasts one day
        return found


class YearForm(Form):
    """Two dates for every moment of the usual year; see `year_form`."""

    moments: tuple[Moment, ...] = ()

    def rows(self) -> Iterator[tuple[Moment, DateField, DateField]]:
        for moment in self.moments:
            yield moment, self[_name("day", moment)], self[_name("submit", moment)]

    def dates(self) -> list[tuple[Moment, date, date | None]]:
        """The moments that got a day."""
        return [
            (moment, day.data, submit.data) for moment, day, submit in self.rows() if day.data is not None
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = bool(super().validate(extra_validators))
        for _moment, day, submit in self.rows():
            if submit.data and not day.data and not day.errors:
                day.errors = [gettext("Vul ook de dag van het moment zelf in.")]
                is_right = False
            try:
                _not_after(submit, day)
            except validators.ValidationError as error:
                submit.errors = [str(error)]
                is_right = False
        if is_right and not self.dates():
            next(self.rows())[1].errors = [gettext("Vul bij ten minste één moment een dag in.")]
            is_right = False
        return is_right


def year_form(moments: Iterable[Moment]) -> YearForm:
    """The form over these moments; at least one."""
    fields: dict[str, Any] = {"moments": tuple(moments)}
    for moment in fields["moments"]:
        fields[_name("day", moment)] = YearDay(
            gettext("%(name)s: op welke dag?", name=moment.name), validators=MAY_STAY_EMPTY
        )
        fields[_name("submit", moment)] = YearDay(
            gettext("Indienen kan tot en met"), validators=MAY_STAY_EMPTY
        )
    made: YearForm = type("FilledYearForm", (YearForm,), fields)()
    return made


def _name(what: str, moment: Moment) -> str:
    return f"{what}_{moment.slug.replace('-', '_')}"
