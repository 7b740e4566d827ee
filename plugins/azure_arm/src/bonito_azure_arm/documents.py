"""Reading the JSON that Azure answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0)?")


def read_json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    r"""Return the value; half a character (a lone ``\\ud800``), which no page can hold, as ``?``.

    Raises:
        ValueError: It is no JSON, or is nested too deeply to be read.
    """
    try:
        value = json.loads(content)
        if _HALF.search(content):
            whole = json.dumps(value, ensure_ascii=False).encode(errors="replace")
            value = json.loads(whole)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def text(value: object) -> str | None:
    """Return a text that says something and can be written out, or None.

    JSON can carry half a character (a lone surrogate), which no page and no file can hold.
    """
    if not isinstance(value, str) or not value:
        return None
    return value if value.isascii() or value.encode(errors="ignore").decode() == value else None


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def whole(value: object) -> int | None:
    """Return a whole number that is not negative, or None in place of anything else.

    Azure writes one as a number, with or without a point, and in capabilities as text (recorded).
    """
    found = _WHOLE.fullmatch(str(value))
    return int(found[1]) if found else None


def at(value: object, *path: str | int) -> object:
    """Return what stands at a path of keys and places, or None where it leads nowhere."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
