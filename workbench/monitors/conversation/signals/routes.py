"""Which signals a council wants. The signals themselves stand in the conversation."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import PERMISSIONS, Permission, requires
from workbench.accounts.queries import members
from workbench.core.web import page
from workbench.monitors.conversation.signals import operations
from workbench.monitors.conversation.signals.forms import SignalsForm
from workbench.monitors.conversation.signals.rules import Cause

bp = Blueprint("signals", __name__, url_prefix="/<council>")


@bp.route("/signalen", methods=["GET", "POST"])
@requires(Permission.SET_UP_COUNCIL)
def settings() -> ResponseReturnValue:
    choice = operations.find_choice()
    form = SignalsForm(
        wanted=[cause.value for cause in choice.wanted],
        owner=str(choice.owner_id) if choice.owner_id else "",
    )
    form.owner.choices = [
        ("", _("de werkgroep: zij spreken af wie het oppakt")),
        *(
            (str(member.person_id), f"{member.person.name}, {member.role_name}")
            for member in members()
            if Permission.ANSWER_QUESTIONS in PERMISSIONS[member.role]
        ),
    ]
    if form.validate_on_submit():
        wanted = [Cause(word) for word in form.wanted.data or []]
        operations.choose(wanted, UUID(form.owner.data) if form.owner.data else None, current_user.id)
        flash(_("Bewaard. Het geldt vanaf de volgende verversing."), "success")
        return redirect(url_for("signals.settings"))
    return page("signals/settings.html", form=form)
