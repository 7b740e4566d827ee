"""Logging to stderr, with every live secret hidden whoever logs it."""

from __future__ import annotations

import logging

from bonito_host.log_lines import JsonLines
from bonito_providers.redaction import RedactingFilter

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_logging(level: str, *, as_json: bool = False) -> None:
    """Send what is logged from this level on to stderr, redacted, as lines of text or of JSON.

    The filter sits on the handler, so that it sees the records of every logger.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else logging.Formatter(_FORMAT))
    handler.addFilter(RedactingFilter())
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, logging.StreamHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    # Python prints warnings by itself otherwise, with the line that caused them.
    logging.captureWarnings(capture=True)


def redact_unhandled() -> None:
    """Redact also what is logged while nobody asked for logs: Python prints warnings by itself."""
    last = logging.lastResort
    if last is not None and not last.filters:
        last.addFilter(RedactingFilter())
