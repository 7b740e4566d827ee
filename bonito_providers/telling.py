"""The items of a check, told one by one while it goes on.

A plugin tells by `Connection.tell`, a host listens by `Provider.check_credentials`. Who listens is
a matter of the running check and not of the connection, since several may check one at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from bonito_providers.redaction import redacted

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.report import CheckItem, CredentialReport

Progress = Callable[["CheckItem"], None]
"""Called with an item of a check as soon as it is known."""

_log = logging.getLogger(__name__)
# Tasks and threads that a check starts take a copy along, and so tell the same listener.
_current: ContextVar[_Telling | None] = ContextVar("telling", default=None)


class _Telling:
    """What one check has told of one connection so far.

    Args:
        connection: What is checked.
        progress: Who listens.
    """

    def __init__(self, connection: Connection, progress: Progress) -> None:
        import asyncio

        self.connection = connection
        self._progress = progress
        self._told: dict[str, CheckItem] = {}
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._over = False

    def hear(self, item: CheckItem) -> None:
        """Pass an item on, unless one of its name was, or the check is over."""
        if threading.get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self.hear, item)
        elif not self._over and item.name not in self._told:
            self._pass_on(redacted(item, self.connection.redact))

    def finish(self, report: CredentialReport) -> None:
        """Pass on what was not told, and what was told otherwise than the report has it."""
        for item in report.items:
            if self._told.get(item.name) != item:
                self._pass_on(item)

    def close(self) -> None:
        """Hear nothing more: what a check left running may still tell."""
        self._over = True

    def _pass_on(self, item: CheckItem) -> None:
        self._told[item.name] = item
        try:
            self._progress(item)
        except Exception as error:  # noqa: BLE001 - whoever listens must not decide over the check
            _log.warning("a listener to a check failed with %s", type(error).__name__)


def tell(connection: Connection, items: Iterable[object]) -> None:
    """Tell whoever listens to the check of this connection that is running here.

    Raises:
        TypeError: It is no `CheckItem`.
    """
    from bonito_providers.report import CheckItem

    telling = _current.get()
    for item in items:
        if not isinstance(item, CheckItem):
            message = f"a check tells CheckItem, not {type(item).__name__}"
            raise TypeError(message)
        if telling is not None and telling.connection is connection:
            telling.hear(item)


@contextmanager
def telling_to(connection: Connection, progress: Progress | None) -> Iterator[_Telling | None]:
    """Let a listener hear of a check for the length of a block, and of no other one."""
    telling = None if progress is None else _Telling(connection, progress)
    before = _current.set(telling)
    try:
        yield telling
    finally:
        _current.reset(before)
        if telling is not None:
            telling.close()
