"""Refusing a caller's request, with the field at fault."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST_MODEL = 300
_LONGEST_FIELD = 80


def cleaned(text: str, *, longest: int = LONGEST_MODEL) -> str:
    """Return a text as it can be kept and sent: cut, without controls and halves of characters."""
    return "".join("\ufffd" if unprintable(each) else each for each in text[:longest])


class RequestRefused(Exception):
    """A request cannot be taken as it is.

    Attributes:
        message: Why, in one sentence.
        field: Which field is at fault, if one is; fit to be sent.
        model: The model's name where it is what is at fault, as the caller gave it.
    """

    def __init__(self, message: str, *, field: str | None = None, model: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        # A field that is not known carries the caller's own name for it.
        self.field = None if field is None else cleaned(field, longest=_LONGEST_FIELD)
        self.model = model


def require_only(value: Mapping[str, Any], known: frozenset[str], field: str) -> None:
    """Refuse an object with a field that is not known here."""
    for name in value:
        if name not in known:
            message = f"The gateway does not take the field {name[:80]!r} in {field}."
            raise RequestRefused(message, field=f"{field}.{name}")


def require_list(value: object, field: str) -> list[Any]:
    """Return a list; refuse anything else."""
    if not isinstance(value, list):
        raise RequestRefused(f"{field} must be a list.", field=field)
    return value


def unprintable(character: str) -> bool:
    """Tell whether a character can be neither kept nor sent."""
    # Stores refuse NUL, and nothing can encode half a character.
    return unicodedata.category(character) in {"Cc", "Cs"}
