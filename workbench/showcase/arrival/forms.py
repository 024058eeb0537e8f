"""The map of arrival: one choice for every slot of an example."""

from typing import Any
from uuid import UUID

from workbench.core.forms import Form, SelectField, choices
from workbench.showcase.arrival.queries import Offer


class MapForm(Form):
    """A field for each offer; `field_of` finds it by the key of the slot."""

    def field_of(self, key: UUID) -> Any:
        return self[_name(key)]


def _name(key: UUID) -> str:
    return f"slot_{key.hex}"


def map_form(offers: list[Offer]) -> MapForm:
    fields = {
        _name(offer.slot.key): SelectField(
            offer.label,
            description=offer.hint,
            choices=choices(offer.choices),
            default=offer.chosen,
        )
        for offer in offers
    }
    form: type[MapForm] = type("MapFormOfExample", (MapForm,), fields)
    return form()
