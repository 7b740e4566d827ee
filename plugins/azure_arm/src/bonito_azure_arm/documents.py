"""Reading the JSON that ARM answers."""

from __future__ import annotations

import json
import re
from typing import Any

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


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
