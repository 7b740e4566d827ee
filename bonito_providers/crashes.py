"""What a plugin's crash was, in words."""

from __future__ import annotations


def text_of(error: BaseException) -> str:
    """Return an exception's text, also where the exception cannot even be printed."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a plugin's exception may do anything
        return "its text cannot be read"


def place_of(error: BaseException) -> str:
    """Return the file and line that raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"


def described(error: BaseException) -> str:
    """Return class, place and text of an exception."""
    return f"{type(error).__name__} at {place_of(error)}: {text_of(error)}"
