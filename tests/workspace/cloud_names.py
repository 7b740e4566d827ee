"""Finding clouds' names in code that must not know any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

# These stand for a cloud wherever they occur, also inside a longer word (`azureopenai`).
_ANYWHERE = re.compile("amazon|azure|bedrock|foundry|google|microsoft|vertex", re.IGNORECASE)

# These occur inside honest words (draws, central), so they count as words of their own only.
_WORDS = frozenset({"aws", "entra", "gcp"})

# `AWSRegion` is AWS and Region; `aws_region` and `aws2` have their words between other signs.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def cloud_names(text: str) -> set[str]:
    """The clouds' names in a text, in lower case."""
    words = {word.lower() for word in _WORD.findall(text)}
    return (words & _WORDS) | {name.lower() for name in _ANYWHERE.findall(text)}


def offences(folder: Path) -> Iterator[str]:
    """Each line below a folder that names a cloud, and each file that does by its own name."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        relative = path.relative_to(folder)
        if names := cloud_names(str(relative)):
            yield f"{relative}: {', '.join(sorted(names))}"
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            if names := cloud_names(line):
                yield f"{relative}:{number}: {', '.join(sorted(names))}"
