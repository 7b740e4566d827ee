"""The guard in front of every route: what it does not let through never reaches one.

It stands before routing, so that a new route is guarded without anybody thinking of it.
"""

from __future__ import annotations

import hmac
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bonito_host.web.security.attempts import TooManyWaiting
from bonito_host.web.security.bodies import (
    BodyTooLarge,
    ClientGone,
    form_value,
    read_body,
    replayed,
)
from bonito_host.web.security.door import CSRF_FIELD, CSRF_HEADER, Door
from bonito_host.web.security.sessions import Session

OPEN_PATHS = frozenset({"/sign-in", "/health", "/ready"})
OPEN_FOLDERS = ("/static/",)
KEYED_FOLDERS = ("/v1/",)
"""The gateway's: its callers bring keys of their own, which its routes check."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM = "application/x-www-form-urlencoded"
_BEARER = "bearer "


class Guard:
    """Refuses what does not come from the operator, in the operator's own browser or program.

    Args:
        app: What is guarded.
        door: Who the operator is.
    """

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        refusal = self._strange(scope, headers)
        try:
            if refusal is None and not _is_open(scope["path"]):
                refusal, receive = await self._unknown(scope, headers, receive)
            elif refusal is None and scope["path"] in OPEN_PATHS:
                receive = replayed(await read_body(receive), receive)
        except ClientGone:
            return
        except BodyTooLarge:
            refusal = _refused(scope, 413, "The request is larger than anything this host takes.")
        await (refusal or self._app)(scope, receive, send)

    def _strange(self, scope: Scope, headers: Headers) -> Response | None:
        """Refuse what was sent under another name, or by another site's page."""
        host = headers.get("host", "")
        if not self._door.knows_host(host):
            return _refused(scope, 421, "This host does not answer to that name.")
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return _refused(scope, 403, "Another site's page sent this.")
        site = headers.get("sec-fetch-site", "none")
        if origin is None and scope["method"] not in _SAFE and site not in {"same-origin", "none"}:
            return _refused(scope, 403, "Another site's page sent this.")
        return None

    async def _unknown(
        self, scope: Scope, headers: Headers, receive: Receive
    ) -> tuple[Response | None, Receive]:
        """Refuse who has not signed in, and changes that no page of this host asked for."""
        given = headers.get("authorization", "")
        if given.lower().startswith(_BEARER):
            return await self._programme(scope, given[len(_BEARER) :].strip()), receive
        session = self._door.session_of(headers)
        if session is None:
            return _sign_in_first(scope, headers), receive
        scope.setdefault("state", {})["session"] = session
        if scope["method"] in _SAFE:
            return None, receive
        return await _asked_for(scope, headers, receive, session)

    async def _programme(self, scope: Scope, secret: str) -> Response | None:
        # No browser adds this header by itself, so there is nothing to forge.
        address = (scope.get("client") or ("unknown",))[0]
        try:
            if await self._door.opens(secret, address=address):
                return None
        except TooManyWaiting:
            refusal = _refused(scope, 429, "Too many are trying secrets now. Try again.")
            refusal.headers["retry-after"] = "1"
            return refusal
        return _refused(scope, 401, "This is not the operator's secret.")


async def _asked_for(
    scope: Scope, headers: Headers, receive: Receive, session: Session
) -> tuple[Response | None, Receive]:
    body = await read_body(receive)
    token = headers.get(CSRF_HEADER, "")
    if not token and headers.get("content-type", "").lower().startswith(_FORM):
        token = form_value(body, CSRF_FIELD)
    if not hmac.compare_digest(token.encode(), session.csrf.encode()):
        message = "The form is from before you signed in. Go back, reload the page, try again."
        return _refused(scope, 403, message), receive
    return None, replayed(body, receive)


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith((*OPEN_FOLDERS, *KEYED_FOLDERS))


def _sign_in_first(scope: Scope, headers: Headers) -> Response:
    if scope["method"] != "GET" or "text/html" not in headers.get("accept", ""):
        return _refused(scope, 401, "Sign in first.")
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", status_code=303)


def _refused(scope: Scope, status: int, message: str) -> Response:
    if scope["path"].startswith(("/api/", *KEYED_FOLDERS)):
        document = {"error": {"class": "Refused", "message": message, "hint": ""}}
        return JSONResponse(document, status_code=status)
    return PlainTextResponse(message, status_code=status)
