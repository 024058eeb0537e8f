"""Why these stories belong to a goal."""

from flask_babel import lazy_gettext as _
from wtforms import validators

from workbench.core.forms import CardForm, TextArea, required
from workbench.stories.forms import StorySourceForm

REASONS = ("reason", "not_saying")


class StoryLinkForm(CardForm):
    reason = TextArea(
        _("Waarom horen deze verhalen bij dit doel?"),
        maximum=1000,
        validators=required(_("Schrijf op waarom deze verhalen bij dit doel horen.")),
    )
    not_saying = TextArea(
        _("Wie hoort u zo niet?"),
        maximum=1000,
        description=_("Bijvoorbeeld: wie geen Nederlands spreekt, of wie nooit om hulp vroeg."),
        validators=[validators.Optional()],
    )


class NewStoryForm(StorySourceForm, StoryLinkForm):
    """A new source and its reason at once."""
