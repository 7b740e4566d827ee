"""What checks of the gateway work with: entries of what stands, and calls by the real LiteLLM."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_contract_tests import untouched
from bonito_contract_tests.litellm_process import Failure
from bonito_contract_tests.questions import OPERATIONS
from bonito_contract_tests.secrets_of import redactor_of
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers import Capability

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access, ExpectedRequest, Operation, Route
    from bonito_contract_tests.litellm_process import Answer
    from bonito_emulators import RecordedRequest
    from bonito_providers import Deployment, GatewayEntry


@dataclass(frozen=True, kw_only=True)
class Called:
    """A call through the gateway: what arrived and what came back.

    Attributes:
        requests: What reached the cloud meanwhile, in order.
        came: What LiteLLM returned, or how it failed.
    """

    requests: tuple[RecordedRequest, ...]
    came: Answer | Failure

    def at(self, host: str) -> list[RecordedRequest]:
        """Return what reached one host; tokens are fetched from another."""
        return [each for each in self.requests if each.host == host]


class Routing:
    """The way from a harness's routes to entries and calls, for one check.

    Args:
        bench: The check's.

    Attributes:
        redact: Hides every secret of the harness; texts of LiteLLM may quote them.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.redact = redactor_of(bench.harness)

    def accesses(self) -> list[Access]:
        """Return the accesses that can route."""
        return self._bench.accesses_for(Capability.ROUTE)

    def access(self, route: Route) -> Access:
        """Return the access of a route."""
        return self._bench.access(route.access) or self._bench.narrowest

    def routes(self, *operations: Operation) -> list[Route]:
        """Return the routes that are supported and ask for one of the operations.

        None is right only for what nothing in the cloud is for, or the service has not.

        Raises:
            HarnessError: Something stands that could be asked so, and no route does; or a route
                asks for what the service has not.
        """
        offered = self._bench.harness.operations
        routes = [each for each in self._bench.harness.routes if each.operation in operations]
        if strange := sorted({each.operation for each in routes} - set(offered)):
            raise HarnessError(f"there are routes for {strange}, which `operations` leaves out")
        kinds = {each.kind for each in self._bench.harness.standing(self._bench.cloud).values()}
        askable = [each for kind in kinds for each in OPERATIONS.get(kind, ())]
        askable = [each for each in askable if each in offered]
        missing = [each for each in operations if each in askable and not _any(routes, each)]
        if missing:
            raise HarnessError(
                f"the cloud holds deployments for {', '.join(missing)}, and the harness has no "
                "route for it: add a Route with the request that the service documents, or leave "
                "it out of `operations` where the service has no such thing"
            )
        return [each for each in routes if each.expected is not None]

    async def deployments(self, access: Access) -> Mapping[str, Deployment]:
        """Return what an access lists, by name; nothing where it cannot list."""
        return {each.ref.name: each for each in await untouched.listed(self._bench, access)}

    async def deployment(self, name: str, access: Access) -> Deployment:
        """Return a deployment as that access lists it, or else as it adopts it.

        Raises:
            HarnessError: Nothing of that name stands.
            Violation: The plugin finds none.
        """
        if name not in self._bench.harness.standing(self._bench.cloud):
            raise HarnessError(f"a route names {name}, which does not stand in the fresh cloud")
        listed = await self.deployments(access)
        if name in listed:
            return listed[name]
        if Capability.ADOPT not in self._bench.capabilities(access):
            raise Violation(f"{access.name} lists no {name}", expected="every deployment listed")
        return await untouched.adopted(self._bench, access, name)

    async def entries(self, access: Access) -> list[tuple[Deployment, GatewayEntry]]:
        """Return every deployment that an access sees, with its entry.

        Raises:
            HarnessError: It sees none, so that nothing would be tried.
        """
        listed = dict(await self.deployments(access))
        for route in self._bench.harness.routes:
            if self.access(route) == access and route.deployment not in listed:
                listed[route.deployment] = await self.deployment(route.deployment, access)
        if not listed:
            raise HarnessError(f"the access {access.name} sees no deployment: add routes for it")
        return [(each, self.entry(access, each)) for each in listed.values()]

    def entry(self, access: Access, deployment: Deployment) -> GatewayEntry:
        """Return the entry of a deployment."""
        credentials = self._bench.provider.read_credentials(access.fields)
        return self._bench.provider.build_gateway_entry(credentials, deployment)

    async def supported_entry(self, route: Route) -> GatewayEntry:
        """Return the entry behind a route.

        Raises:
            Violation: It says that LiteLLM cannot route there.
        """
        access = self.access(route)
        entry = self.entry(access, await self.deployment(route.deployment, access))
        must(
            entry.supported,
            seen=f"the entry of {route.deployment} says it is not supported: {entry.reason}",
            expected=f"a route, since the service answers {route.operation} there",
        )
        return entry

    async def call(
        self,
        entry: GatewayEntry,
        operation: Operation,
        *,
        lent: Mapping[str, str] | None = None,
    ) -> Called:
        """Let the real LiteLLM call by an entry.

        Args:
            entry: The entry.
            operation: What is asked.
            lent: Variables that LiteLLM finds in its environment meanwhile.

        Raises:
            Violation: The entry is none that could be handed on.
            HarnessError: LiteLLM cannot be had.
        """
        gateway = self._bench.stage.gateway
        async with self._bench.unhurried():
            await asyncio.to_thread(lambda: gateway.version)
        before = len(self._bench.wire)
        try:
            came = await asyncio.to_thread(gateway.call, entry.to_litellm(), operation, lent=lent)
        except TypeError as error:
            raise Violation(
                f"the entry of {entry.model_name} is no JSON: {error}",
                expected="texts, numbers, booleans, lists and mappings",
            ) from None
        return Called(requests=tuple(self._bench.wire[before:]), came=came)

    def told(self, called: Called) -> str:
        """Return a call in a sentence, without secrets."""
        lines = [
            f"{each.method} {each.host}{each.path} ({each.status})" for each in called.requests
        ]
        arrived = self.redact("; ".join(lines)) or "nothing"
        if isinstance(called.came, Failure):
            status = called.came.status or "no status"
            text = " ".join(self.redact(called.came.message).split())[:300]
            return f"arrived: {arrived}; LiteLLM raised {called.came.kind} ({status}): {text}"
        return f"arrived: {arrived}; LiteLLM answered"


def _any(routes: Iterable[Route], operation: Operation) -> bool:
    return any(each.operation == operation for each in routes)


def url_of(expected: ExpectedRequest) -> str:
    """Return what is asked for, as a person reads it."""
    query = f"?{expected.query}" if expected.query else ""
    return f"{expected.method} https://{expected.host}{expected.path}{query}"


def differences(request: RecordedRequest, expected: ExpectedRequest) -> list[str]:
    """Return how a request differs from what it should be; of headers no value is told."""
    wanted = {
        "method": expected.method,
        "host": expected.host,
        "path": expected.path,
        "query": expected.query,
    }
    return [
        *(
            f"the {name} is {getattr(request, name)!r}, not {value!r}"
            for name, value in wanted.items()
            if getattr(request, name) != value
        ),
        *_header_differences(request, expected),
        *_body_differences(body_of(request), expected.body),
    ]


def _header_differences(request: RecordedRequest, expected: ExpectedRequest) -> Iterable[str]:
    for name, value in expected.headers.items():
        sent = request.header(name)
        if value is None and sent is not None:
            yield f"the header {name} is there and must not be"
        elif value is not None and sent is None:
            yield f"the header {name} is missing"
        elif value is not None and sent is not None:
            same = sent == value if isinstance(value, str) else value.fullmatch(sent)
            if not same:
                yield f"the header {name} has another value"


def _body_differences(body: object, wanted: Mapping[str, object]) -> Iterable[str]:
    members = body if isinstance(body, Mapping) else {}
    if wanted and members is not body:
        yield "the body is no JSON object"
    for name, value in wanted.items():
        if value is None and members.get(name) is not None:
            yield f"the body has {name!r}: {members[name]!r}, and must not"
        elif value is not None and members.get(name) != value:
            yield f"the body's {name!r} is {members.get(name)!r}, not {value!r}"


def body_of(request: RecordedRequest) -> object:
    """Return the JSON body, or None where it is none."""
    try:
        found: object = request.json()
    except ValueError:
        return None
    return found


def placed(request: RecordedRequest, secrets: Sequence[str]) -> list[str]:
    """Return where in a request one of the secrets stands: parts and header names, no values."""
    places = {
        "the path": request.path,
        "the query": request.query,
        "the body": request.body.decode("utf-8", "replace"),
        **{f"the header {name}": value for name, value in request.headers},
    }
    return [name for name, text in places.items() if any(each in text for each in secrets)]
