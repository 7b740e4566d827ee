"""What opens the pages: the operator's secret, and the sessions it began."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Self

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from bonito_host.web.security.attempts import Attempts
from bonito_host.web.security.public_url import PublicUrl
from bonito_host.web.security.sessions import Session, Sessions
from bonito_providers.clock import Clock

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
_SHORTEST = 12


class Door:
    """Decides who is the operator.

    Args:
        secret: The operator's password, or a token made for this run.
        names: Host names the pages are reached by besides loopback ones.
        cookie: The cookie's name; hosts on one machine need different ones, since browsers do
            not tell ports apart.
        public_url: Where a reverse proxy shows the pages; its name is known too.
        clock: What to tell the time by.

    Raises:
        ValueError: The secret is shorter than twelve characters.
    """

    def __init__(
        self,
        secret: str,
        *,
        names: Iterable[str] = (),
        cookie: str = "bonito-session",
        public_url: PublicUrl | None = None,
        clock: Clock | None = None,
    ) -> None:
        if len(secret) < _SHORTEST:
            message = f"the password must have at least {_SHORTEST} characters"
            raise ValueError(message)
        self._secret = _digest(secret)
        public = () if public_url is None else (public_url.name,)
        self._names = {name.lower() for name in (*LOOPBACK_NAMES, *names, *public)}
        self.public_url = public_url
        self.cookie = cookie
        self.sessions = Sessions(clock=clock)
        self.attempts = Attempts(clock=clock)

    @classmethod
    def with_token(
        cls, *, names: Iterable[str] = (), cookie: str, public_url: PublicUrl | None = None
    ) -> tuple[Self, str]:
        """Return a door with a token of its own, and the token."""
        token = secrets.token_urlsafe(24)
        return cls(token, names=names, cookie=cookie, public_url=public_url), token

    def knows_host(self, host: str) -> bool:
        """Tell whether a ``Host`` header names this host, whatever the port.

        Any other name is somebody else's, led to this address to act in the operator's browser.
        """
        return _name_of(host) in self._names

    def comes_by_tls(self, headers: Headers) -> bool:
        """Tell whether the browser came by TLS: by the public address, or as it says itself."""
        if headers.get("origin", "").startswith("https://"):
            return True
        public = self.public_url
        return public is not None and public.secure and _name_of(headers["host"]) == public.name

    def fits(self, secret: str) -> bool:
        """Tell whether this is the operator's secret, in the same time for every guess."""
        return hmac.compare_digest(_digest(secret), self._secret)

    async def opens(self, secret: str, *, address: str) -> bool:
        """Tell the same when it is this attempt's turn, which takes the longer the more failed.

        Raises:
            TooManyWaiting: It was not looked at; it may come again at once.
        """
        async with self.attempts.turn(address) as attempt:
            attempt.succeeded = self.fits(secret)
        return attempt.succeeded

    def session_of(self, headers: Headers) -> Session | None:
        """Return the session whose cookie the request carries."""
        value = cookie_of(headers, self.cookie)
        return self.sessions.find(value) if value else None


def _name_of(host: str) -> str:
    """Return the name in a ``Host`` header, without its port."""
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    return (name if port.isdigit() else host).lower()


def cookie_of(headers: Headers, name: str) -> str | None:
    """Return the value of a cookie."""
    for header in headers.getlist("cookie"):
        if value := cookie_parser(header).get(name):
            return value
    return None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
