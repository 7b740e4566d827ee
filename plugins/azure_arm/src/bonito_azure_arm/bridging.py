"""Names by which LiteLLM sends a chat to the Responses API instead."""

from __future__ import annotations

import re

_BRIDGED = re.compile(
    r"gpt-5\.(?:[4-9]|\d\d)|gpt-[6-9]"  # with tools
    r"|^codex-mini|gpt-5[\d.]*-(?:codex|pro)|^o\d[\w.-]*-(?:pro|deep-research)"  # always
)


def bridged(name: str | None) -> str:
    """Return the words in a name that make LiteLLM do so under ``azure/``, or nothing.

    It reads the deployment's name, whatever the model behind it (measured on litellm 1.105.3, and
    the `mode` column of its price file).
    """
    found = _BRIDGED.search((name or "").lower())
    return found[0] if found else ""
