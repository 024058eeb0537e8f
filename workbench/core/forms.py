"""Form fields that draw themselves: a page says `{{ form.name }}` and gets label, hint, error and control."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import wtforms
from flask import get_template_attribute, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import validators
from wtforms.meta import DefaultMeta

from workbench.core.cards import EditConflict
from workbench.core.db import Model
from workbench.core.text import current_language

MAX_TEXT = 20_000


class _DrawsItself(DefaultMeta):
    """WTForms asks the form's Meta to draw a field; the component does it."""

    def render_field(self, field: Any, render_kw: Any) -> Markup:
        if render_kw or isinstance(field, wtforms.HiddenField):
            return super().render_field(field, render_kw)
        return Markup(get_template_attribute("components/field.html", "field")(field))  # noqa: S704 - our own macro


class Form(FlaskForm):  # type: ignore[misc]
    """Base of every form. A form that comes back after an expired session is shown, not saved."""

    class Meta(_DrawsItself, FlaskForm.Meta):  # type: ignore[misc]
        locales = ("nl",)

        def get_translations(self, form: Any) -> Any:
            return _Messages()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        if self.is_reshown:
            return False
        return bool(super().validate_on_submit(extra_validators))

    @property
    def is_reshown(self) -> bool:
        """True when this post only brings back what was typed before signing in again."""
        return bool(self.is_submitted() and "_reshow" in request.form)


class CardForm(Form):
    """A form over a card: carries the version the edit started from."""

    base_version = wtforms.HiddenField()
    theirs: dict[str, str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs = {}

    def start_from(self, card: Any) -> None:
        """Carry the version that this edit starts from (not when it is already on its way)."""
        if not self.is_submitted():
            self.base_version.data = str(card.version)

    def base(self) -> int:
        """The version this edit started from; 0 when the field is absent or spoiled, which shows as a conflict."""
        data = self.base_version.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else 0

    def saved(self, save: Callable[[], object]) -> bool:
        """Save; when a colleague was first, show both versions instead and save nothing.

        The form then carries the colleague's version as its base: saving again is a choice made with open eyes.
        """
        try:
            save()
        except EditConflict as conflict:
            self.theirs = {
                name: in_words(self[name], value) for name, value in conflict.theirs.items() if name in self
            }
            self.base_version.data = str(conflict.card.version)
            return False
        return True

    def problems(self) -> dict[str, Any]:
        """Why this was not saved, for the script of the form: both versions, or what must be mended."""
        if self.theirs:
            return {
                "version": int(self.base_version.data or 0),
                "theirs": [
                    {"label": str(self[name].label.text), "text": text} for name, text in self.theirs.items()
                ],
            }
        return {"errors": {name: [str(error) for error in errors] for name, errors in self.errors.items()}}

    def changes(self) -> dict[str, Any]:
        """Field name -> typed value, for every visible field."""
        return {f.name: f.data for f in self if not isinstance(f, wtforms.HiddenField)}


def in_words(field: Any, value: Any, gone: str | None = None) -> str:
    """A value of this field as people read it: the name of what was chosen, a day, a number, yes or no.

    `gone` stands for what can no longer be chosen; without it such a value is shown as it is.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        places = {choice.value: place for place, choice in enumerate(getattr(field, "choices", None) or ())}
        ordered = sorted(value, key=lambda item: places.get(_key(item), len(places)))
        return ", ".join(in_words(field, item, gone) for item in ordered)
    if isinstance(value, bool):
        return str(_("ja") if value else _("nee"))
    if isinstance(value, date):
        return current_language().date(value)
    if isinstance(value, float):
        decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
        return current_language().number(value, decimals)
    if offered := getattr(field, "choices", None):
        return str({choice.value: choice.label for choice in offered}.get(_key(value), gone or value))
    return str(value)


def _key(value: Any) -> str:
    """How a value stands among the choices of its field."""
    return str(value.id if isinstance(value, Model) else value)


class _Messages:
    """WTForms' own messages, in our words."""

    TEXTS = {
        "Not a valid choice.": lazy_gettext("Kies een van de mogelijkheden."),
        "Not a valid integer value.": lazy_gettext("Vul een heel getal in, zonder letters."),
        "Not a valid date value.": lazy_gettext("Vul een datum in, zoals 23-6-2027."),
        "Invalid Choice: could not coerce.": lazy_gettext("Kies een van de mogelijkheden."),
        "Invalid choice(s): one or more data inputs could not be coerced.": lazy_gettext(
            "Kies een van de mogelijkheden."
        ),
        "The CSRF token is missing.": lazy_gettext("Deze pagina was verlopen. Probeer het nog eens."),
    }

    def gettext(self, text: str) -> str:
        return str(self.TEXTS.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if "valid choice" in singular:
            return str(self.TEXTS["Not a valid choice."])
        return singular if n == 1 else plural


def clean_text(text: str | None) -> str | None:
    """Trim, one kind of newline, no control characters (PostgreSQL refuses NUL)."""
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF)
    ).strip()


def required(message: str) -> list[Any]:
    """Validators of a field that must be filled; the message says what to do."""
    return [validators.InputRequired(message), validators.DataRequired(message)]


class _Limit:
    """At most this many characters; says how many there are."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and len(field.data) > self.maximum:
            raise validators.ValidationError(
                _(
                    "Maak de tekst korter: hooguit %(max)s tekens, het zijn er nu %(n)s.",
                    max=self.maximum,
                    n=len(field.data),
                )
            )


class _Field:
    """What the component needs to know about a field."""

    kind = "text"

    @property
    def optional(self) -> bool:
        return not self.flags.required  # type: ignore[attr-defined]

    @property
    def text(self) -> str:
        """What was typed; empty when the field was not sent."""
        return self.data or ""  # type: ignore[attr-defined]


def _with_limit(kwargs: dict[str, Any], maximum: int) -> dict[str, Any]:
    kwargs["validators"] = [*kwargs.get("validators", []), _Limit(maximum)]
    kwargs["filters"] = [clean_text, *kwargs.get("filters", [])]
    return kwargs


class TextField(_Field, wtforms.StringField):
    def __init__(self, label: Any, *, maximum: int = 200, **kwargs: Any) -> None:
        super().__init__(label, **_with_limit(kwargs, maximum))


class TextArea(_Field, wtforms.TextAreaField):
    kind = "textarea"

    def __init__(self, label: Any, *, maximum: int = 4000, **kwargs: Any) -> None:
        super().__init__(label, **_with_limit(kwargs, maximum))


class EmailField(_Field, wtforms.EmailField):
    kind = "email"

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **_with_limit(kwargs, 254))


class PasswordField(_Field, wtforms.PasswordField):
    kind = "password"

    def __init__(self, label: Any, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        super().__init__(label, render_kw={"autocomplete": autocomplete}, **kwargs)


class FileField(_Field, wtforms.FileField):
    """A file to bring; the form around it is sent as multipart."""


def choices(names: Mapping[Any, Any]) -> list[Any]:
    """Value -> name on screen, as the choices of a radio, select or checkboxes field."""
    return [wtforms.SelectChoice(value=str(value), label=name) for value, name in names.items()]  # type: ignore[attr-defined]


class NumberField(_Field, wtforms.IntegerField):
    kind = "number"


class DateField(_Field, wtforms.DateField):
    """A day, typed as people write it; also as a calendar control would send it."""

    widget = wtforms.widgets.TextInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, format=["%d-%m-%Y", "%Y-%m-%d"], **kwargs)

    def _value(self) -> str:
        return clean_text(super()._value()) or ""  # type: ignore[misc]


class RadioField(_Field, wtforms.RadioField):
    kind = "radios"


class SelectField(_Field, wtforms.SelectField):
    """One of its choices is always chosen, so it is never left out."""

    kind = "select"
    optional = False


class CheckboxField(_Field, wtforms.BooleanField):
    kind = "checkbox"
    optional = False


class CheckboxesField(_Field, wtforms.SelectMultipleField):
    kind = "checkboxes"
    widget = wtforms.widgets.ListWidget(prefix_label=False)
    option_widget = wtforms.widgets.CheckboxInput()
    hints: Mapping[str, str] = {}  # value of a choice -> a sentence under it
