"""Forms for signing in, inviting and passwords."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, ValidationError

from workbench.accounts import passwords
from workbench.accounts.models import RHYTHM_NAMES, ROLE_NAMES
from workbench.core.forms import EmailField, Form, PasswordField, RadioField, TextField, choices, required


def is_address(_form: Any, field: Any) -> None:
    try:
        validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValidationError(
            _("Dit is geen e-mailadres. Een adres ziet eruit als naam@gemeente.nl.")
        ) from None


def is_good_password(form: Any, field: Any) -> None:
    if len(field.data) < passwords.SHORTEST:
        raise ValidationError(
            _("Kies een wachtwoord van minstens 12 tekens. Een paar woorden achter elkaar werkt goed.")
        )
    if len(field.data) > passwords.LONGEST:
        raise ValidationError(_("Kies een wachtwoord van hooguit 200 tekens."))
    if len(set(field.data)) < 5:
        raise ValidationError(
            _("Dit wachtwoord is te makkelijk te raden. Gebruik meer verschillende tekens.")
        )


class SignInForm(Form):
    email = EmailField(_("E-mailadres"), validators=required(_("Vul uw e-mailadres in.")))
    password = PasswordField(_("Wachtwoord"), validators=required(_("Vul uw wachtwoord in.")))
    next = HiddenField()


class ForgottenForm(Form):
    email = EmailField(_("E-mailadres"), validators=[*required(_("Vul uw e-mailadres in.")), is_address])


class NewPasswordForm(Form):
    password = PasswordField(
        _("Nieuw wachtwoord"),
        autocomplete="new-password",
        description=_("Minstens 12 tekens. Plakken uit een wachtwoordkluis mag."),
        validators=[*required(_("Vul een wachtwoord in.")), is_good_password],
    )


class JoinForm(NewPasswordForm):
    name = TextField(_("Uw naam"), maximum=100, validators=required(_("Vul uw naam in.")))
    password = PasswordField(
        _("Kies een wachtwoord"),
        autocomplete="new-password",
        description=_("Minstens 12 tekens. Plakken uit een wachtwoordkluis mag."),
        validators=[*required(_("Vul een wachtwoord in.")), is_good_password],
    )


class AcceptForm(Form):
    """Only a button: the person is known already."""


class RhythmForm(Form):
    rhythm = RadioField(
        _("Hoe vaak wilt u deze e-mail?"),
        choices=choices(RHYTHM_NAMES),
        validators=required(_("Kies hoe vaak.")),
    )


class RoleForm(Form):
    role = RadioField(
        _("Rol"),
        choices=choices(ROLE_NAMES),
        validators=required(_("Kies een rol.")),
    )


class InviteForm(RoleForm):
    email = EmailField(_("E-mailadres"), validators=[*required(_("Vul een e-mailadres in.")), is_address])
