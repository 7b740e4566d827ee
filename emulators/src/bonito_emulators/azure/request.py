"""A request as it reached one of the cloud's hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from bonito_emulators.exchange import Exchange

_BEARER = "bearer "


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `path` is decoded, `query` is as sent."""

    exchange: Exchange
    method: str
    path: str
    query: str
    headers: Headers
    body: bytes

    def violation(self, sentence: str) -> None:
        """Records what the service does not know, with the request it came in."""
        self.exchange.violation(f"{self.method} {self.exchange.host}{self.path}: {sentence}")

    @property
    def content_type(self) -> str:
        """What the body is declared as, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def bearer(self) -> str | None:
        """The bearer credential, where there is one."""
        authorization = self.headers.get("authorization", "")
        if not authorization.lower().startswith(_BEARER):
            return None
        return authorization[len(_BEARER) :]
