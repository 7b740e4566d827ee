"""A check that is played through without a way out: whom it would call, how fields are read."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bonito_host.doctor.choosing import Chosen
from bonito_providers.clock import SystemClock
from bonito_providers.errors import BonitoError, HostRefused
from bonito_providers.guard import HostPolicy
from bonito_providers.network import NetworkSettings
from bonito_providers.report import CheckItem, Verdict

_EXPECTED = frozenset({"HostUnreachable", "ServiceUnavailable", "DeadlineExceeded"})


@dataclass(frozen=True)
class Way:
    """Whom a connection calls, and how.

    Attributes:
        scheme: ``https``; ``http`` only to an origin that the operator names.
        host: The name, or an address.
        port: 443, but to such an origin.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        usual = (self.scheme, self.port) == ("https", 443)
        return self.host if usual else f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """What a check would do first.

    Attributes:
        ways: Whom it would call, in the order it asked for them.
        notes: What the fields were understood as.
        refused: What failed although nothing was asked of the network: the guard's refusals.
    """

    ways: tuple[Way, ...]
    notes: tuple[str, ...]
    refused: tuple[CheckItem, ...]


class _Nowhere:
    """Resolves no name, and notes for whom it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        self.asked.append((host, port))
        return ()


class _Hasty(SystemClock):
    """Waits for nothing: who repeats a call that cannot succeed need not pause."""

    async def sleep(self, seconds: float) -> None:
        """Return at once."""


@contextmanager
def _silence() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


async def rehearse(chosen: Chosen, network: NetworkSettings) -> Rehearsed:
    """Play the check through; nothing leaves this process.

    Args:
        chosen: The connection.
        network: The operator's settings, of which only the way out is replaced.
    """
    nowhere = _Nowhere()
    closed = replace(network, resolver=nowhere, proxy=None, clock=_Hasty())
    notes: tuple[str, ...] = ()
    refused: tuple[CheckItem, ...] = ()
    try:
        with _silence():  # libraries log that nothing answers
            async with chosen.connect(closed) as connection:
                report = await chosen.provider.check_credentials(connection)
    except BonitoError:
        pass  # the real check meets it again, and says it where it can be told from others
    else:
        notes = report.notes
        failed = (item for item in report.items if item.verdict is Verdict.FAILED)
        refused = tuple(item for item in failed if item.error not in _EXPECTED)
    policy = HostPolicy(chosen.provider.info.host_suffixes, extra_hosts=network.extra_hosts)
    ways = tuple(_way(*asked, policy) for asked in dict.fromkeys(nowhere.asked))
    return Rehearsed(ways=ways, notes=notes, refused=refused)


def _way(host: str, port: int, policy: HostPolicy) -> Way:
    """Return how it would be called: by http only where that origin is named."""
    try:
        policy.require_url(scheme="http", host=host, port=port, userinfo=False)
    except HostRefused:
        return Way("https", host, port)
    return Way("http", host, port)
