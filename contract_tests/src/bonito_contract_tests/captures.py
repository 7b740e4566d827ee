"""Everything that is said aside while a plugin works: logs, warnings, what is printed."""

from __future__ import annotations

import io
import logging
import os
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field

from bonito_contract_tests.audits import CLOUD_THREAD

_STREAMS = (1, 2)
"""Standard output and error, as programs and extension modules know them."""


@dataclass
class Said:
    """What was said aside, each with where.

    Attributes:
        logs: Every record, rendered as a handler would, with whatever it carries along.
        warned: Every warning.
        printed: What went to standard output and error, also past `sys.stdout`.
    """

    logs: list[tuple[str, str]] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    printed: str = ""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield where something was said, and what."""
        for logger, text in self.logs:
            yield f"a record of the logger {logger}", text
        for text in self.warned:
            yield "a warning", text
        if self.printed:
            yield "what was printed", self.printed


class _Collector(logging.Handler):
    """Takes the records of one thread; the emulated cloud logs in others, and knows secrets."""

    def __init__(self, said: Said) -> None:
        super().__init__(level=1)
        self._said = said
        self._cloud = _threads_of_the_cloud()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread not in self._cloud:
            self._said.logs.append((record.name, rendered(record)))


@contextmanager
def captured() -> Iterator[Said]:
    """Collect what is said while the context is open, from level 1 on, by every logger."""
    said = Said()
    printed = io.StringIO()
    with (
        _all_loggers_to(_Collector(said)),
        warnings.catch_warnings(record=True) as warned,
        _descriptors_to(said),
        redirect_stdout(printed),
        redirect_stderr(printed),
    ):
        warnings.simplefilter("always")
        yield said
    said.warned += [str(each.message) for each in warned]
    said.printed += printed.getvalue()


@contextmanager
def _descriptors_to(said: Said) -> Iterator[None]:
    """Collect what is written to the descriptors themselves, by programs that run, too."""
    with tempfile.TemporaryFile() as file:
        _flush()
        before = [os.dup(each) for each in _STREAMS]
        for each in _STREAMS:
            os.dup2(file.fileno(), each)
        try:
            yield
        finally:
            _flush()
            for each, kept in zip(_STREAMS, before, strict=True):
                os.dup2(kept, each)
                os.close(kept)
            file.seek(0)
            said.printed += file.read().decode("utf-8", "replace")


def _flush() -> None:
    for each in (sys.__stdout__, sys.__stderr__):
        if each is not None and not each.closed:
            each.flush()


def rendered(record: logging.LogRecord) -> str:
    """Return all that a handler could write of a record: text, exception, extra fields."""
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001 - a log call with wrong arguments says what it says
        message = str(record.msg)
    parts = [message, repr(record.args), record.exc_text or ""]
    if record.exc_info and record.exc_info[0] is not None:
        parts += traceback.format_exception(*record.exc_info)
    extra = {name: each for name, each in vars(record).items() if name not in _PLAIN}
    return "\n".join([*parts, repr(extra)])


_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


@contextmanager
def _all_loggers_to(handler: logging.Handler) -> Iterator[None]:
    """Let every record reach the handler once, by the root or where it ends before the root."""
    named = logging.Logger.manager.loggerDict.values()
    loggers = [logging.root, *(each for each in named if isinstance(each, logging.Logger))]
    before = [(each, each.level, each.disabled) for each in loggers]
    disabled = logging.root.manager.disable
    ends = [each for each in loggers if each is logging.root or not each.propagate]
    logging.disable(logging.NOTSET)
    for logger in loggers:
        logger.setLevel(1)
        logger.disabled = False
    for logger in ends:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in ends:
            logger.removeHandler(handler)
        for logger, level, off in before:
            logger.setLevel(level)
            logger.disabled = off
        logging.disable(disabled)


def _threads_of_the_cloud() -> frozenset[int | None]:
    return frozenset(
        each.ident for each in threading.enumerate() if each.name.startswith(CLOUD_THREAD)
    )
