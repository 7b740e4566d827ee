"""Keeping signed addresses out of logs before anybody has read them."""

from __future__ import annotations

import logging
import re

from bonito_providers.redaction import MARK

_WIRE_LOGGERS = ("httpcore.http11", "httpcore.http2")
_HEADER = re.compile(r"(\(b'(?:azure-asyncoperation|location)', b')[^']*", re.IGNORECASE)


class SignedAddressFilter(logging.Filter):
    """Hides where a long operation is followed: the address is signed, so it is a key.

    The connection's redactor learns it only once the answer has been read; the HTTP client logs
    an answer's headers before.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide the values in place; every record passes."""
        text = record.getMessage()
        hidden = _HEADER.sub(rf"\g<1>{MARK}", text)
        if hidden != text:
            record.msg, record.args = hidden, None
        return True


def hide_signed_addresses() -> None:
    """Hide them in what the HTTP client writes, whichever handler writes it."""
    for name in _WIRE_LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(existing, SignedAddressFilter) for existing in logger.filters):
            logger.addFilter(SignedAddressFilter())
