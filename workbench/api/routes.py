"""All operations of /api/v1, in the order in which the description lists them."""

from workbench.api import councils, published  # noqa: F401 - they add their operations
from workbench.api.serving import init_app, operations

__all__ = ["init_app", "operations"]
