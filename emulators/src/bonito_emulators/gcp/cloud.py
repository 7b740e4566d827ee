"""The emulated Google Cloud: a project, who may use it, and what a test may change."""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING

from bonito_emulators.exchange import exchange_of
from bonito_emulators.faults import Faults
from bonito_emulators.gcp import refusals, serviceusage, token, vertex
from bonito_emulators.gcp.catalogue import Catalogue, default_catalogue
from bonito_emulators.gcp.identities import Identities, service_account
from bonito_emulators.gcp.projects import OWN_MARK, Endpoint, Project
from bonito_emulators.gcp.request import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Receive, Scope, Send

    from bonito_emulators.gcp.identities import ServiceAccount

_REGIONAL = re.compile(r"([a-z]+-[a-z]+[0-9]+)-aiplatform\.googleapis\.com")
_SHARED = re.compile(r"aiplatform\.(us|eu)\.rep\.googleapis\.com")


class GoogleCloud:
    """Vertex AI for one project, with the token endpoint and Service Usage.

    Attributes:
        project: The customer's project.
        identities: Who may ask for tokens.
        catalogue: What Model Garden lists.
        page_size: How many rows a page of any list holds at most.
        deploy_looks: How many looks find a new endpoint without its model.
        deploy_failure: How new deployments end, where they fail.
        removal_looks: How many looks find something still there that is taken away.
        faults: What shall go wrong on the socket.
    """

    name = "gcp"
    host_patterns = ("*.googleapis.com", "*.us.rep.googleapis.com", "*.eu.rep.googleapis.com")

    def __init__(
        self, project: Project | None = None, accounts: Iterable[ServiceAccount] = ()
    ) -> None:
        self.project = project or Project(id="acme-prod")
        self.identities = Identities(accounts or [service_account(self.project.id)])
        self.catalogue: Catalogue = default_catalogue()
        self.page_size = 12
        self.deploy_looks = 0
        self.deploy_failure: refusals.Failure | None = None
        self.removal_looks = 0
        self.faults = Faults()
        self._lock = threading.RLock()

    def put_endpoint(
        self, name: str, publisher_model: str, *, location: str, owned: bool = False
    ) -> Endpoint:
        """Lets somebody deploy weights, ready at once; `owned` gives it the project's mark."""
        publisher, _, text = publisher_model.removeprefix("publishers/").partition("/models/")
        found = self.catalogue.find(publisher, text)
        machines = found.machines if found else ()
        endpoint = Endpoint(
            id=name,
            location=location,
            publisher_model=publisher_model,
            machine=machines[0].spec if machines else {"machineType": "n1-standard-4"},
            display_name=f"{name} ({OWN_MARK})" if owned else name,
            model_id=f"bonito-{name}" if owned else f"{len(self.project.uploaded) + 1:019}",
            state="deployed",
        )
        with self._lock:
            self.project.endpoints[location, name] = endpoint
            self.project.uploaded[location, endpoint.model_id] = publisher_model
        return endpoint

    def remove_endpoint(self, name: str, *, location: str) -> None:
        """Lets somebody take an endpoint and its model away, at once."""
        with self._lock:
            gone = self.project.endpoints.pop((location, name), None)
            if gone is not None:
                self.project.uploaded.pop((location, gone.model_id), None)

    def withdraw(self, publisher: str, name: str) -> None:
        """Lets a publisher take a model off the market."""
        with self._lock:
            self.catalogue.models = [
                each
                for each in self.catalogue.models
                if (each.publisher, each.name) != (publisher, name)
            ]

    def finish(self) -> None:
        """Ends everything that is under way."""
        with self._lock:
            for endpoint in list(self.project.endpoints.values()):
                endpoint.finish()
            for removal in self.project.removals.values():
                removal.finish()
            if self.project.enabling_asked:
                self.project.api_enabled, self.project.spreading_looks = True, 0

    def knows(self, host: str) -> bool:
        """Tells whether there is such a host."""
        return host in (token.HOST, serviceusage.HOST) or location_of(host) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or does to it what a fault orders."""
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
        await _sent(reply, send)

    def _answer(self, request: Request) -> Reply:
        try:
            if request.host == token.HOST:
                return token.answer(self.identities, request)
            account = self.identities.behind(request.bearer)
            if account is None:
                raise refusals.unauthenticated()
            if request.host == serviceusage.HOST:
                return serviceusage.answer(self.project, account, request)
            location = location_of(request.host) or ""
            return vertex.answer(self, account, request, location=location)
        except refusals.Refusal as refusal:
            return Reply(refusal.body, status=refusal.status, headers=refusal.headers)


def location_of(host: str) -> str | None:
    """Gives the location that a host of Vertex AI serves; None for any other host."""
    if host == refusals.SERVICE:
        return "global"
    match = _REGIONAL.fullmatch(host) or _SHARED.fullmatch(host)
    return match[1] if match else None


async def _sent(reply: Reply, send: Send) -> None:
    whole = json.dumps(reply.content).encode()
    kind = "application/json; charset=UTF-8" if reply.events is None else "text/event-stream"
    headers = {"content-type": kind, **reply.headers}
    if reply.events is None:
        headers["content-length"] = str(len(whole))
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    for piece in [whole] if reply.events is None else reply.events:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
