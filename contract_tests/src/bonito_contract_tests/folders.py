"""Texts that may travel: they name files, but no folder of a machine."""

from __future__ import annotations

import re

_FOLDERS = re.compile(r"(?<![\w:/])(?:[A-Za-z]:)?[/\\](?:[^/\\\s'\"]+[/\\])+(?=[^/\\\s]+\.py\b)")


def without_folders(text: str) -> str:
    """Return the text with the folders cut off the Python files it names."""
    return _FOLDERS.sub("", text)
