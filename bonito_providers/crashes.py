"""What a plugin's crash was, in words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import TracebackType

_LIBRARIES = sys.stdlib_module_names | {
    "bonito_contract_tests",
    "bonito_providers",
    "httpcore",
    "httpx",
    "pluggy",
    "pydantic",
    "pydantic_core",
}
"""Packages whose lines say nothing of where a plugin went wrong."""


def ends_the_program(error: BaseException) -> bool:
    """Tell whether it is no failure of a plugin, but somebody's wish to stop the program or task.

    Extension modules have failures of their own that are no `Exception`, such as the panics of
    those written in Rust (`pyo3_runtime.PanicException`).
    """
    from asyncio import CancelledError

    wishes = (KeyboardInterrupt, CancelledError, GeneratorExit)
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(wishes) is not None
    return isinstance(error, wishes)


def text_of(error: BaseException) -> str:
    """Return an exception's text, also where the exception cannot even be printed."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a plugin's exception may do anything
        return "its text cannot be read"


def place_of(error: BaseException) -> str:
    """Return the file and line that raised."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    places = list(_places(error.__traceback__))
    # Where a library raised tells its author little; what called it is the plugin's own, if any is.
    own = [each for each, package in places if package not in _LIBRARIES]
    return (own or [each for each, _ in places] or ["an unknown place"])[-1]


def _places(trace: TracebackType | None) -> Iterator[tuple[str, str]]:
    """Yield file and line of each frame, and the package it belongs to."""
    while trace is not None:
        code, module = trace.tb_frame.f_code, str(trace.tb_frame.f_globals.get("__name__", ""))
        if not code.co_filename.startswith("<frozen"):
            yield f"{code.co_filename}:{trace.tb_lineno}", module.partition(".")[0]
        trace = trace.tb_next


def described(error: BaseException) -> str:
    """Return class, place and text of an exception."""
    return f"{type(error).__name__} at {place_of(error)}: {text_of(error)}"
