"""Secrets are recognised by their value, wherever they turn up: in an error, a log, a header.

Services echo credentials back, in error texts, in headers, in links. A redactor knows the live
secrets of a connection in the forms they travel in and replaces each by a mark.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
import traceback
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import quote, quote_plus

from pydantic import BaseModel, SecretStr

Redactable = TypeVar("Redactable")

MARK = "**********"
_SHORTEST = 4
"""Shorter values are too common to be told from ordinary text; no real credential is as short."""
_PREFIX = 12
"""A truncated echo is recognised from this many leading characters on."""
_OPAQUE = re.compile(r"[\w+/=.~%-]{24,}")
"""Only token-like secrets: the beginning of a JSON document or a PEM block is no secret."""
_ESCAPE = re.compile("%[0-9A-F]{2}")

_live: weakref.WeakSet[Redactor] = weakref.WeakSet()
_lock = threading.Lock()


class Redactor:
    """Replaces known secrets in text.

    Args:
        secrets: The values to hide. Each is recognised plain, URL-quoted, JSON-escaped, in
            base64, and cut short after at least twelve characters.

    Attributes:
        forms: Every form of every secret.
        prefixes: Beginnings by which a form that was cut short is recognised, with these forms.
    """

    def __init__(self, secrets: Iterable[SecretStr] = ()) -> None:
        self.forms: tuple[str, ...] = ()
        self.prefixes: dict[str, list[str]] = {}
        self._adding = threading.Lock()
        self.add(*secrets)
        with _lock:
            _live.add(self)

    def add(self, *secrets: SecretStr) -> None:
        """Hide these from now on as well: tokens that were fetched with the credentials."""
        plain = [secret.get_secret_value() for secret in secrets]
        plain = [text for text in plain if len(text) >= _SHORTEST]
        new = {form for text in plain for form in _forms_of(text)}
        with self._adding:
            # Longest first, so that no form is replaced inside a longer one and leaves its rest.
            forms = tuple(sorted({*new, *self.forms}, key=len, reverse=True))
            prefixes: dict[str, list[str]] = {}
            for form in filter(_OPAQUE.fullmatch, forms):
                prefixes.setdefault(form[:_PREFIX], []).append(form)
            # Set when they are whole: other threads log, and so read them, at any moment.
            self.forms, self.prefixes = forms, prefixes

    def __call__(self, text: str) -> str:
        """Return the text without the secrets; the same object if there are none in it."""
        return _hidden(text, self.forms, self.prefixes)

    def __repr__(self) -> str:
        return f"<Redactor of {len(self.forms)} forms>"


def _hidden(text: str, forms: Iterable[str], prefixes: Mapping[str, Collection[str]]) -> str:
    """Hide whole secrets, the longest form first, then what was cut short."""
    for form in forms:
        if form in text:
            text = text.replace(form, MARK)
    for prefix, cut in prefixes.items():
        if prefix in text:
            text = _without_prefix(text, prefix, cut)
    return text


def _forms_of(secret: str) -> set[str]:
    raw = secret.encode()
    encoded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return {
        secret,
        *_quoted(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        *encoded,
        *(form.rstrip("=") for form in encoded),
    }


def _quoted(secret: str) -> Iterator[str]:
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield quoted
        # Some services write escapes in lower case.
        yield _ESCAPE.sub(lambda escape: escape[0].lower(), quoted)


def _shared(form: str, text: str) -> int:
    """Return how many characters the two have in common at their beginning."""
    pairs = enumerate(zip(form, text, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(form), len(text)))


def _without_prefix(text: str, prefix: str, forms: Iterable[str]) -> str:
    start = text.find(prefix)
    while start >= 0:
        # The plain and the quoted form begin alike; the one that goes on longest is meant.
        shown = max(_shared(form, text[start : start + len(form)]) for form in forms)
        text = text[:start] + MARK + text[start + shown :]
        start = text.find(prefix, start + len(MARK))
    return text


def redacted(value: Redactable, redact: Redactor) -> Redactable:
    """Return a value with every text in it redacted; the same object if there is nothing to hide.

    Services echo keys in what becomes a report's reason or a deployment's error.
    """
    texts: list[str] = []
    _gather(value, texts)
    # A listing of a large catalogue has thousands of texts, and nearly never a secret in one:
    # they are searched all at once, apart from each other.
    together = "\0".join(texts)
    if redact(together) is together:
        return value
    return cast("Redactable", _redacted(value, redact))


def _gather(value: object, texts: list[str]) -> None:
    """Collect every text that `_redacted` would look at."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, BaseModel):
        for item in value.__dict__.values():
            _gather(item, texts)
        for item in (value.model_extra or {}).values():
            _gather(item, texts)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            _gather(item, texts)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _gather(name, texts)
            _gather(item, texts)


def _redacted(value: object, redact: Redactor) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, BaseModel):
        changed = _changed(dict(value), redact)
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, Mapping):
        names = {name: _redacted(name, redact) for name in value}
        changed = _changed(value, redact)
        if not changed and all(new is name for name, new in names.items()):
            return value
        return {names[name]: changed.get(name, item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [_redacted(item, redact) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    return value


def _changed(fields: Mapping[Any, object], redact: Redactor) -> dict[Any, object]:
    new = {name: _redacted(old, redact) for name, old in fields.items()}
    return {name: item for name, item in new.items() if item is not fields[name]}


def redact_live(text: str) -> str:
    """Return the text without the secrets of any live connection."""
    with _lock:
        known = tuple(_live)
    # Nearly every record of a log is without a secret, and what follows sorts every form.
    if all(redact(text) is text for redact in known):
        return text
    return redact_all(text, known)


def redact_all(text: str, redactors: Collection[Redactor]) -> str:
    """Return the text without the secrets that any of these knows.

    Tokens of two connections begin alike. Were the beginning of one hidden while the other still
    stands whole, the other's rest would not be recognised any more; so all are hidden together.
    """
    forms = sorted({form for each in redactors for form in each.forms}, key=len, reverse=True)
    prefixes: dict[str, set[str]] = {}
    for each in redactors:
        for prefix, cut in each.prefixes.items():
            prefixes.setdefault(prefix, set()).update(cut)
    return _hidden(text, forms, prefixes)


class RedactingFilter(logging.Filter):
    """Renders each record, exception included, and hides every live secret in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record in place; it always passes."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a log call with wrong arguments must not fail here
            message = str(record.msg)
        record.msg, record.args = redact_live(message), None
        if record.exc_info and record.exc_info[0] is not None:
            lines = traceback.format_exception(*record.exc_info)
            record.exc_text = redact_live("".join(lines).rstrip())
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact_live(record.exc_text)
        return True


def redact_logs(*loggers: str) -> None:
    """Hide live secrets in what these loggers write, whichever handler writes it.

    A filter acts on records made by the named logger itself, not by its children, so each
    logger has to be named.
    """
    for name in loggers:
        logger = logging.getLogger(name)
        if not any(isinstance(existing, RedactingFilter) for existing in logger.filters):
            logger.addFilter(RedactingFilter())
