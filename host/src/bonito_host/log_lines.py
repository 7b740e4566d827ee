"""Log records as JSON, one object a line, for machines to read."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from bonito_providers.redaction import redact_live

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes what a record says, with the fields its logger added, and no live secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        own = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **own,
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            line["exception"] = record.exc_text
        # A field may hold a secret as well as the message, and JSON escapes what it writes.
        return redact_live(json.dumps(line, default=str))
