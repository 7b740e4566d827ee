"""Where a secret could be found by somebody who holds an exception."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType
from typing import Any

_DEPTH = 6


def frames_with(error: BaseException, secret: str) -> list[str]:
    """Return the frames and exceptions reachable from an error whose contents show a secret.

    Follows causes, contexts, exception groups and the local variables of every frame, the way an
    error tracker does; frames of the tests themselves are left out. A `SecretStr` does not show.
    """
    return sorted({place for each in _chain(error) for place in _places(each, secret)})


def _chain(error: BaseException | None, seen: frozenset[int] = frozenset()) -> Iterator[Any]:
    if error is None or id(error) in seen:
        return
    yield error
    seen |= {id(error)}
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for each in (error.__cause__, error.__context__, *inner):
        yield from _chain(each, seen)


def _places(error: BaseException, secret: str) -> Iterator[str]:
    if _shows({"args": error.args, **vars(error)}, secret):
        yield type(error).__name__
    trace = error.__traceback__
    while trace is not None:
        if not _is_test(trace.tb_frame) and _shows(trace.tb_frame.f_locals, secret):
            yield f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        trace = trace.tb_next


def _is_test(frame: FrameType) -> bool:
    return frame.f_code.co_name.startswith("test_")


def _shows(value: Any, secret: str, depth: int = _DEPTH) -> bool:
    if isinstance(value, bytes):
        return secret.encode() in value
    if isinstance(value, dict) and depth:
        return any(_shows(each, secret, depth - 1) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple | set | frozenset) and depth:
        return any(_shows(each, secret, depth - 1) for each in value)
    return secret in (value if isinstance(value, str) else repr(value))
