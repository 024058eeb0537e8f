"""A figure of Bokeh as plain JSON, with less work than Bokeh's own way. Loads Bokeh, so only the worker may.

What comes out is what Bokeh gives (a test compares them for every view). Left out is what it does besides: to go
through the whole figure three times more to warn its maker, to look up for every property of every part what its class
said about it, and to make two more looks of every line for selections, which our figures do not have.
"""

from functools import cache
from typing import Any

import bokeh
from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import ColumnDataSource, Plot
from bokeh.models.glyph import Glyph


def json_item(plot: Model) -> dict[str, Any]:
    """As Bokeh's json_item gives it."""
    root = _OnlyWhatWasSet(deferred=False).encode(plot)
    made = Document(title="").to_json(deferred=False) | {"roots": [root]}
    return {"target_id": None, "root_id": plot.id, "doc": made, "version": bokeh.__version__}


def add(plot: Plot, glyph: Glyph, source: ColumnDataSource, **facts: Any) -> Any:
    """Draw this with the same look, whatever is selected or muted."""
    return plot.add_glyph(source, glyph, **facts)


class _OnlyWhatWasSet(Serializer):
    """Bokeh asks every property for its value, and then leaves out those that nobody set."""

    def _encode(self, obj: Any) -> Any:
        if not isinstance(obj, Model):
            return super()._encode(obj)
        self.add_ref(obj, obj.ref)
        own, made = obj._property_values, obj._unstable_default_values
        attributes = {}
        for name in type(obj).properties(_with_props=True):
            if name in own or (name in made and not isinstance(made[name], PropertyValueContainer)):
                descriptor = obj.lookup(name)
                if descriptor.serialized:
                    attributes[name] = self.encode(descriptor.get_value(obj))
        written = {"type": "object", "name": obj.__qualified_model__, "id": obj.id}
        return written | {"attributes": attributes} if attributes else written


def _look_up_once_per_class() -> None:
    """Bokeh finds these out again for each part of each figure, and they say the same of every part of a class."""
    overridden: Any = HasProps._overridden_defaults
    unstable: Any = PropertyDescriptor.has_unstable_default

    defaults: Any = cache(lambda kind: dict(overridden.__func__(kind)))
    is_made_anew: Any = cache(lambda descriptor, kind: bool(unstable(descriptor, kind)))
    patched: Any = HasProps
    patched._overridden_defaults = classmethod(defaults)
    patched = PropertyDescriptor
    patched.has_unstable_default = lambda self, part: is_made_anew(self, type(part))


_look_up_once_per_class()
