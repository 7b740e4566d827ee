"""Changes of JSON documents that a service may make any day, and that a plugin must bear."""

from __future__ import annotations

from typing import Any


def with_unknown_members(document: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the document with a member more in every object."""
    if isinstance(document, dict):
        known = {key: with_unknown_members(value) for key, value in document.items()}
        return {**known, "xUnknown": "new"}
    if isinstance(document, list):
        return [with_unknown_members(each) for each in document]
    return document


def without_numbers(document: Any, *, in_rows: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return the document with null for every number in the rows of its lists."""
    if isinstance(document, dict):
        return {key: without_numbers(value, in_rows=in_rows) for key, value in document.items()}
    if isinstance(document, list):
        return [without_numbers(each, in_rows=True) for each in document]
    number = isinstance(document, int | float) and not isinstance(document, bool)
    return None if number and in_rows else document


def with_half_characters(document: Any, *, in_rows: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return the document with half a character behind every text in the rows of its lists."""
    if isinstance(document, dict):
        return {key: with_half_characters(each, in_rows=in_rows) for key, each in document.items()}
    if isinstance(document, list):
        return [with_half_characters(each, in_rows=True) for each in document]
    return f"{document}\ud800" if isinstance(document, str) and in_rows else document


def with_unreadable_row(document: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the document with a row more that says nothing, in the longest list at its top."""
    if isinstance(document, list):
        return [{}, *document] if _has_rows(document) else document
    if not isinstance(document, dict):
        return document
    lists = {key: len(value) for key, value in document.items() if _has_rows(value)}
    if not lists:
        return document
    longest = max(lists, key=lambda key: lists[key])
    return {**document, longest: [{}, *document[longest]]}


def _has_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
