"""Finding something in JSON documents whose form is not known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def json_of(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the document in a body; None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def members_in(document: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Yield name and value of every member of every object."""
    if isinstance(document, Mapping):
        yield from document.items()
    for each in _inside(document):
        yield from members_in(each)


def leaves_in(document: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    """Yield every value that is neither object nor list."""
    if not isinstance(document, Mapping | list):
        yield document
    for each in _inside(document):
        yield from leaves_in(each)


def vectors_in(document: Any) -> Iterator[list[float]]:  # noqa: ANN401 - JSON
    """Yield every list of numbers that is not empty."""
    if isinstance(document, list) and document and all(map(_is_number, document)):
        yield document
    for each in _inside(document):
        yield from vectors_in(each)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _inside(document: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    if isinstance(document, Mapping):
        yield from document.values()
    elif isinstance(document, list):
        yield from document
