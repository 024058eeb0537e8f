"""Which module draws which kind of figure. Loads Bokeh: for the worker only."""

from types import ModuleType

from workbench.figures import trend

KINDS: dict[str, ModuleType] = {"trend": trend}
