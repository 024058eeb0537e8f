"""Errors a person can do something about."""


class WorkbenchError(Exception):
    """Base: str(error) is a sentence we may show to the user."""


class Conflict(WorkbenchError):
    """The thing is not in a state in which this can be done: 409."""
