"""What a cloud has to be so that an emulation can serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


@runtime_checkable
class Cloud(Protocol):
    """An ASGI application that answers under the real host names of one cloud.

    The emulation adds an `Exchange` to every scope (`exchange_of(scope)`), by which the
    application reports violations and breaks connections.
    """

    @property
    def name(self) -> str:
        """Names the cloud in messages, for instance `azure`."""
        ...

    @property
    def host_patterns(self) -> tuple[str, ...]:
        """Names for the certificate: exact, or with `*` for the first label."""
        ...

    def knows(self, host: str) -> bool:
        """Tells whether the host resolves; a resource that does not exist has no name."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one HTTP request."""
        ...
