"""A small, strict cloud that exists nowhere else: what the fake provider talks to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bonito_emulators import Exchange, Faults, exchange_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

KEY = "toy/key+0123456789abcdef0123456789=="
MANAGER_SECRET = "toy-manager-secret-fedcba9876543210"
HOST = "contoso.toy.example"

_ONE = re.compile(r"/v1/deployments/([a-z0-9-]+)")
_CHAT = re.compile(r"/v1/deployments/([a-z0-9-]+)/chat")
Answer = tuple[int, Mapping[str, Any]]


@dataclass
class Standing:
    """A deployment of the toy service."""

    model: str
    owner: str
    polls_until_ready: int = 0


@dataclass
class ToyService:
    """One account; the test changes its fields to steer it.

    Attributes:
        busy: How many writes are turned away before one is accepted.
        slowness: How many looks at a new deployment find it unfinished.
        settling: How many calls to a finished deployment still find nothing.
        echo: Whether refusals quote the key they were given.
        page_size: How many models a page has.
        created: The name of every deployment made, once for each time.
    """

    name: str = "toy"
    host_patterns: tuple[str, ...] = ("*.toy.example",)
    models: tuple[str, ...] = ("parrot-1", "parrot-2", "raven-1")
    deployments: dict[str, Standing] = field(default_factory=dict)
    busy: int = 0
    slowness: int = 0
    settling: int = 0
    echo: bool = False
    page_size: int = 2
    created: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def knows(self, host: str) -> bool:
        return host == HOST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.faults.serve(self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = (await receive())["body"]
        status, answer = self._answer(scope, headers, body, exchange_of(scope))
        payload = json.dumps(answer).encode()
        sent = [(b"content-type", b"application/json"), (b"x-toy-request-id", b"toy-1")]
        if self.echo:
            sent.append((b"x-toy-echo", headers.get("x-toy-key", "").encode()))
        sent.append((b"content-length", str(len(payload)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": payload})

    def _answer(
        self, scope: Scope, headers: Mapping[str, str], body: bytes, exchange: Exchange
    ) -> Answer:
        return self._refusal(scope["method"], headers) or self._route(scope, body, exchange)

    def _refusal(self, method: str, headers: Mapping[str, str]) -> Answer | None:
        given = headers.get("x-toy-key", "")
        if given != KEY:
            return self._refused(401, "bad_key", f"no such key: {given if self.echo else '...'}")
        if method in ("PUT", "DELETE") and headers.get("x-toy-manager") != f"m1:{MANAGER_SECRET}":
            return self._refused(403, "not_a_manager", "only the manager may do that")
        return None

    def _route(self, scope: Scope, body: bytes, exchange: Exchange) -> Answer:
        method, path = scope["method"], scope["path"]
        if (method, path) == ("GET", "/v1/models"):
            return self._page(scope["query_string"].decode())
        if (method, path) == ("GET", "/v1/deployments"):
            return 200, {"deployments": [self._shown(name) for name in sorted(self.deployments)]}
        if match := _ONE.fullmatch(path):
            return self._one(method, match[1], body)
        if (match := _CHAT.fullmatch(path)) and method == "POST":
            return self._chat(match[1], json.loads(body))
        exchange.violation(f"the toy service has no {method} {path}")
        return self._refused(404, "no_such_path", path)

    def _page(self, query: str) -> Answer:
        start = int(query.removeprefix("from=") or 0)
        end = start + self.page_size
        answer: dict[str, Any] = {"models": self.models[start:end]}
        if end < len(self.models):
            answer["next"] = f"https://{HOST}/v1/models?from={end}"
        return 200, answer

    def _one(self, method: str, name: str, body: bytes) -> Answer:
        standing = self.deployments.get(name)
        if method == "PUT":
            return self._put(name, json.loads(body)["model"], standing)
        if standing is None:
            return self._refused(404, "no_such_deployment", name)
        if method == "DELETE":
            del self.deployments[name]
            return 200, {}
        standing.polls_until_ready -= 1
        return 200, self._shown(name)

    def _put(self, name: str, model: str, standing: Standing | None) -> Answer:
        if self.busy:
            self.busy -= 1
            return self._refused(409, "busy", "another write is under way")
        if standing is not None and standing.model != model:
            return self._refused(409, "taken", f"{name} is {standing.model}")
        if standing is None:
            self.deployments[name] = Standing(model, "bonito", self.slowness)
            self.created.append(name)
        return 200 if standing else 201, self._shown(name)

    def _chat(self, name: str, question: Mapping[str, Any]) -> Answer:
        if name not in self.deployments or self.settling:
            self.settling = max(0, self.settling - 1)
            return self._refused(404, "no_such_deployment", name)
        answer = f"{self.deployments[name].model} heard {question['prompt']}"
        return 200, {"answer": answer, "tokens": [len(question["prompt"].split()), 3]}

    def _shown(self, name: str) -> dict[str, Any]:
        each = self.deployments[name]
        state = "ready" if each.polls_until_ready <= 0 else "building"
        return {"name": name, "model": each.model, "owner": each.owner, "state": state}

    def _refused(self, status: int, code: str, message: str) -> Answer:
        return status, {"error": {"code": code, "message": message}}
