"""The map of arrival: one choice for every slot of an example."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from workbench.core.forms import Form, SelectField, choices
from workbench.showcase.arrival.queries import Offer
from workbench.showcase.content import SharedFigure, SharedStories


class MapForm(Form):
    """A field for each offer; `field_of` finds it by the key of the slot."""

    def field_of(self, key: UUID) -> Any:
        return self[_name(key)]


def _name(key: UUID) -> str:
    return f"slot_{key.hex}"


def map_form(offers: list[Offer]) -> MapForm:
    fields = {
        _name(offer.slot.key): SelectField(
            _label(offer),
            description=offer.proposal,
            choices=choices(offer.choices),
            default=offer.chosen,
        )
        for offer in offers
    }
    form: type[MapForm] = type("MapFormOfExample", (MapForm,), fields)
    return form()


def _label(offer: Offer) -> Any:
    if isinstance(offer.slot, SharedFigure):
        return offer.slot.name
    if isinstance(offer.slot, SharedStories):
        return _("Verhalen: %(kind)s", kind=offer.slot.kind_name)
    return _("Wanneer kijkt uw raad?")
