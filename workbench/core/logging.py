"""Logs: events with facts; never a story, a name, an e-mail address or a form text."""

import sys
from pathlib import Path

import structlog


def places(error: BaseException) -> list[str]:
    """Where an error came about: file names and line numbers, the innermost last.

    Its message and its variables may hold what people typed, so those are never logged.
    """
    found = []
    trace = error.__traceback__
    while trace is not None:
        found.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-6:]


def configure(*, development: bool) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False)
            if development
            else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(
            sys.stderr
        ),  # standard output is for what a command answers
    )
