"""Logs: events with facts; never a story, a name, an e-mail address or a form text."""

import structlog


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
    )
