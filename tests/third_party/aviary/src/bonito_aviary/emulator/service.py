"""Aviary itself: the hosts, and what a test may change while calls are served."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from bonito_aviary.emulator import inference, login, management
from bonito_aviary.emulator.request import Refusal, Reply, Request
from bonito_aviary.emulator.state import (
    LOGIN,
    MANAGE,
    OWNED,
    Account,
    Charge,
    Deployment,
    default_accounts,
    default_catalogue,
    model_of,
)
from bonito_emulators import Faults, exchange_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Receive, Scope, Send


class AviaryService:
    """Aviary with some accounts; the documentation is that of this package.

    Time passes by looks: each answer that shows a deployment is one, listings included.

    Attributes:
        accounts: Whose hosts exist; the first is the one that the helpers mean.
        catalogue: The models as management lists them; rows may be changed.
        page_size: How many rows a page of management holds.
        busy: How many writes are turned away before one is accepted.
        build_looks: How many looks find a new deployment unfinished.
        removal_looks: How many looks find a deleted deployment still there.
        settling: How many calls to finished deployments still find nothing.
        fail_build: The code with which building ends, where it shall fail: ``internal``,
            ``quota_exceeded``, ``terms_required``; taken when the write arrives.
        echo: Whether refusals quote the secrets they were given.
        token_lifetime: Seconds that a token is said to live.
        tokens: The tokens that are accepted, with the account that each may manage.
        bill: What was created, deleted and called, in order.
        faults: What shall go wrong on the socket.
    """

    name = "aviary"
    host_patterns = ("*.aviary.example",)

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self.accounts = list(accounts) or default_accounts()
        self.catalogue: list[dict[str, Any]] = default_catalogue()
        self.page_size = 5
        self.busy = 0
        self.build_looks = 0
        self.removal_looks = 0
        self.settling = 0
        self.fail_build: str | None = None
        self.echo = False
        self.token_lifetime = 600
        self.tokens: dict[str, str] = {}
        self.tokens_issued = 0
        self.writes = 0
        self.bill: list[Charge] = []
        self.faults = Faults()
        self._lock = threading.RLock()

    def put_outside(
        self, name: str, model: str, *, owned: bool = False, sku: str = "shared", capacity: int = 1
    ) -> Deployment:
        """Let somebody else deploy a model, ready at once; `owned` gives it our mark."""
        row = model_of(self.catalogue, model) or {"versions": [{"version": "1"}], "kind": "chat"}
        versions = sorted(row["versions"], key=lambda each: bool(each.get("default")))
        made = Deployment(
            name=name,
            model=model,
            version=versions[-1]["version"],
            kind=row["kind"],
            sku=sku,
            capacity=capacity,
            tags=OWNED if owned else {"team": "research"},
            state="ready",
        )
        with self._lock:
            self.accounts[0].deployments[name] = made
        return made

    def remove_outside(self, name: str) -> None:
        """Let somebody else take a deployment away, at once."""
        with self._lock:
            self.accounts[0].deployments.pop(name, None)

    def finish(self) -> None:
        """End everything that is under way, in every account."""
        with self._lock:
            for account in self.accounts:
                for name, each in list(account.deployments.items()):
                    each.finish()
                    if each.state == "removing":
                        del account.deployments[name]

    def expire_tokens(self) -> None:
        """Accept no token any more that was handed out so far."""
        with self._lock:
            self.tokens.clear()

    def knows(self, host: str) -> bool:
        """Tell whether there is such a host."""
        return host in (MANAGE, LOGIN) or any(host == each.host for each in self.accounts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or do to it what a fault orders."""
        await self.faults.serve(self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(
            exchange=exchange_of(scope),
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
            body=(await receive())["body"],
        )
        with self._lock:
            reply = self._answer(request)
        await _sent(reply, request, send)

    def _answer(self, request: Request) -> Reply:
        try:
            if request.host == MANAGE:
                return management.answer(self, request)
            if request.host == LOGIN:
                return login.answer(self, request)
            account = next(each for each in self.accounts if each.host == request.host)
            return inference.answer(self, account, request)
        except Refusal as refusal:
            return self._refused(refusal, request)

    def _refused(self, refusal: Refusal, request: Request) -> Reply:
        message, headers = refusal.message, {}
        if self.echo:
            given = " ".join(request.secrets())
            message, headers = f"{message}; you sent {given}", {"x-aviary-echo": given}
        error = {"code": refusal.code, "message": message, "request_id": _identity(request)}
        return Reply({"error": error}, status=refusal.status, headers=headers)


def _identity(request: Request) -> str:
    return f"avr-{request.exchange.sequence}"


async def _sent(reply: Reply, request: Request, send: Send) -> None:
    headers = {"content-type": "application/json", **reply.headers}
    headers["x-aviary-request"] = _identity(request)
    pieces = reply.pieces
    if reply.events is None:
        headers["content-length"] = str(len(pieces[0]))
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
