"""The emulated AWS itself: hosts, accounts, and what a test may steer."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from bonito_emulators.aws import control, runtime, sts
from bonito_emulators.aws.authentication import authenticate
from bonito_emulators.aws.catalogue import bundled_catalogue
from bonito_emulators.aws.errors import Refusal
from bonito_emulators.aws.holdings import Charge, Profile
from bonito_emulators.aws.request import Reply, Request
from bonito_emulators.exchange import exchange_of
from bonito_emulators.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.types import Receive, Scope, Send

    from bonito_emulators.aws.accounts import Account

_SERVICES = {"bedrock": control, "bedrock-runtime": runtime, "sts": sts}
_HOSTS = tuple(
    f"{service}.{place}.amazonaws.com"
    for place in bundled_catalogue().places
    for service in _SERVICES
)


class AWSCloud:
    """STS and Bedrock for the given accounts, in the regions of the catalogue.

    Attributes:
        accounts: whose credentials are known.
        catalogue: what can be called, and where.
        page_size: the most rows a page has.
        build_looks: how many looks find new throughput unfinished.
        fail_builds: whether building throughput ends in a failure.
        failure: what the service says of such a failure.
        unique_names: whether a second profile of one name is refused.
        echo: whether refusals quote what the client authenticated with.
        faults: what shall go wrong.
    """

    name = "aws"
    host_patterns = _HOSTS

    def __init__(self, accounts: Iterable[Account]) -> None:
        self.accounts = list(accounts)
        self.catalogue = bundled_catalogue()
        self.page_size = 20
        self.build_looks = 0
        self.fail_builds = False
        self.failure = "The capacity could not be provided."
        self.unique_names = True
        self.echo = False
        self.faults = Faults()
        self._identities = itertools.count(1)
        self._lock = threading.RLock()

    def knows(self, host: str) -> bool:
        """Tells whether it is STS's or Bedrock's host of a region that exists here."""
        return host in _HOSTS

    def identity(self) -> str:
        """Makes an id; they count up, so that runs repeat."""
        return f"{next(self._identities):012d}"

    def request_id(self, request: Request) -> str:
        """Gives the id of a request."""
        return f"00000000-0000-4000-8000-{request.exchange.sequence:012d}"

    def charge(
        self, account: Account, happening: str, name: str, model: str, *, hourly: bool = False
    ) -> None:
        """Writes down what somebody pays for, or stopped paying for."""
        account.bill.append(Charge(happening=happening, name=name, model=model, hourly=hourly))

    def put_outside(
        self, name: str, model: str, *, region: str, scope: str | None = None, owned: bool = False
    ) -> Profile:
        """Lets somebody make an application profile; `owned` gives it this project's tag."""
        account = self.accounts[0]
        found = self.catalogue.model(region, model)
        if found is None:
            raise LookupError(model)
        identity = self.identity()
        offered = self.catalogue.profiles_of(region, account.id)
        copied = next(
            (each for each in offered if each["inferenceProfileId"] == f"{scope}.{model}"), None
        )
        rows = copied["models"] if copied else [{"modelArn": found.arn(region)}]
        made = Profile(
            name=name,
            id=identity,
            arn=f"arn:aws:bedrock:{region}:{account.id}:application-inference-profile/{identity}",
            region=region,
            model=model,
            models=[row["modelArn"] for row in rows],
            tags={"managed-by": "bonito-providers"} if owned else {"team": "research"},
        )
        with self._lock:
            account.profiles.append(made)
        return made

    def remove_outside(self, name: str) -> None:
        """Lets somebody take away what has that name, at once."""
        account = self.accounts[0]
        with self._lock:
            account.profiles[:] = [each for each in account.profiles if each.name != name]
            account.throughputs[:] = [each for each in account.throughputs if each.name != name]

    def withdraw(self, identity: str) -> None:
        """Lets the service offer a profile or a model no more."""
        self.catalogue = self.catalogue.without(identity)

    def finish(self) -> None:
        """Ends what is being built."""
        with self._lock:
            for account in self.accounts:
                for each in account.throughputs:
                    each.finish()

    def offer_only(self, names: Collection[str]) -> None:
        """Leaves only these models in the catalogue: a small cloud answers sooner."""
        models = tuple(each for each in self.catalogue.models if each.id in names)
        self.catalogue = replace(self.catalogue, models=models)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or does to it what a fault orders."""
        await self.faults.serve(self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(
            exchange=exchange_of(scope),
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
            body=(await receive())["body"],
        )
        with self._lock:
            reply = self._answer(request)
        await _sent(reply, self.request_id(request), send)

    def _answer(self, request: Request) -> Reply:
        try:
            principal = authenticate(self.accounts, request)
            reply: Reply = _SERVICES[request.service].answer(self, principal, request)
        except Refusal as refusal:
            return self._refused(refusal, request)
        return reply

    def _refused(self, refusal: Refusal, request: Request) -> Reply:
        if self.echo:
            given = request.headers.get("authorization", "")
            token = request.headers.get("x-amz-security-token", "")
            refusal.message = f"{refusal.message} You sent {given} {token}".strip()
        if request.service == "sts":
            body = refusal.as_xml(self.request_id(request))
            return Reply(status=refusal.status, pieces=(body,), content_type="text/xml")
        return Reply(status=refusal.status, pieces=(refusal.body,), headers=refusal.headers)


async def _sent(reply: Reply, identity: str, send: Send) -> None:
    headers = {"content-type": reply.content_type, **reply.headers, "x-amzn-requestid": identity}
    pieces = reply.body
    if len(pieces) == 1:
        headers["content-length"] = str(len(pieces[0]))
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    *earlier, last = pieces
    for piece in earlier:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": last})
