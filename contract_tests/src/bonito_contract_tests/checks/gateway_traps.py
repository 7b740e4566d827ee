"""GATE: where routes go wrong unseen: foreign hosts, other customers' keys, misleading names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bonito_contract_tests.checks.gateway import GATEWAY, NEEDS
from bonito_contract_tests.checks.gateway_calls import expected_of, whole
from bonito_contract_tests.litellm_process import Answer
from bonito_contract_tests.questions import OPERATIONS
from bonito_contract_tests.routing import Routing
from bonito_contract_tests.violation import HarnessError, must
from bonito_providers import HostPolicy

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access, Operation, Route
    from bonito_contract_tests.routing import Called
    from bonito_providers import Credentials, GatewayEntry

_ADDRESS = re.compile(r"base|endpoint|url|uri")
"""Parameters that say where to call; a scope of a token looks like an address and is none."""
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/:?#]*)", re.IGNORECASE)
_REFUSALS = {400, 401, 403}
"""400 is how token services refuse a client."""
NAMES: Mapping[Operation, tuple[str, ...]] = {
    "chat": (
        "gpt-4o",
        "gpt-5.5",
        "gpt-5-codex",
        "o1-pro",
        "claude-alike",
        "model-router-alike",
        "grok-alike",
    ),
    "embedding": ("claude-embed", "gpt-5-embed"),
}
"""Names that sound like other families, by which LiteLLM changes paths and parameters."""


@GATEWAY.check(
    11,
    rule="An entry carries the credentials it is built from: with a wrong secret LiteLLM raises "
    "what the service's 401 or 403 stands for.",
    mend="Take secrets from the credentials given, never from an earlier connection, a cache or "
    "the environment.",
    needs=NEEDS,
)
async def a_wrong_secret_is_refused(bench: Bench) -> None:
    routing, tried = Routing(bench), 0
    standing = bench.harness.standing(bench.cloud)
    ready = {name for name, each in standing.items() if each.ready}
    for access in routing.accesses():
        entries = await routing.entries(access)
        callable_entries = [
            each for each in entries if each[0].ref.name in ready and each[1].supported
        ]
        deployment, entry = [*callable_entries, *entries][0]
        operation = OPERATIONS.get(deployment.model.kind or "chat", ("chat",))[0]
        carried = [each for each in access.wrong if _carries(entry, access.fields.get(each))]
        for field in carried:
            credentials = _with(bench, access, field)
            wrong = bench.provider.build_gateway_entry(credentials, deployment)
            called = await routing.call(wrong, operation)
            must(
                _refused(called),
                seen=f"{operation} to {deployment.ref.name} with a wrong {field}: "
                f"{routing.told(called)}",
                expected="a refusal of the service, 401 or 403",
            )
        tried += len(carried)
    if not tried:
        raise HarnessError("no access has a `wrong` value for a secret that its entries carry")


def _with(bench: Bench, access: Access, wrong: str) -> Credentials:
    return bench.provider.read_credentials({**access.fields, wrong: access.wrong[wrong]})


def _carries(entry: GatewayEntry, secret: object) -> bool:
    values = [each for each in entry.litellm_params.values() if isinstance(each, SecretStr)]
    return any(each.get_secret_value() == secret for each in values)


def _refused(called: Called) -> bool:
    """Whether the cloud refused it; of a sign-in LiteLLM tells in classes of many kinds."""
    if isinstance(called.came, Answer) or not called.requests:
        return False
    statuses = {called.came.status, *(each.status for each in called.requests)}
    return not statuses.isdisjoint(_REFUSALS)


@GATEWAY.check(
    12,
    rule="An entry leads to hosts that the provider declares, by https, and a call through it goes "
    "nowhere else.",
    mend="Build addresses from the credentials' own host; name every host in `host_suffixes`.",
    needs=NEEDS,
)
async def routes_stay_with_the_provider(bench: Bench) -> None:
    routing = Routing(bench)
    policy = HostPolicy(bench.provider.info.host_suffixes)
    for access in routing.accesses():
        for deployment, entry in await routing.entries(access):
            strange = [each for each in _addresses(entry) if not _allowed(policy, each)]
            must(
                not strange,
                seen=f"the entry of {deployment.ref.name} leads to {', '.join(strange)}",
                expected=f"https and {', '.join(bench.provider.info.host_suffixes)}",
            )
    for route in routing.routes("chat", "embedding"):
        called = await routing.call(await routing.supported_entry(route), route.operation)
        hosts = {each.host for each in called.requests if not policy.allows_host(each.host)}
        must(
            called.requests and not hosts,
            seen=f"{route.operation} to {route.deployment}: {routing.told(called)}",
            expected=f"calls to {', '.join(bench.provider.info.host_suffixes)} alone",
        )


def _addresses(entry: GatewayEntry) -> list[str]:
    named = [each for each in entry.litellm_params if _ADDRESS.search(each)]
    return [str(entry.litellm_params[each]) for each in named]


def _allowed(policy: HostPolicy, address: str) -> bool:
    found = _URL.match(address)
    return (
        found is not None
        and found["scheme"].lower() == "https"
        and policy.allows_host(found["host"])
    )


@GATEWAY.check(
    15,
    rule="A deployment whose name sounds like another family's, or any where names are the cloud's "
    "own, is called rightly, or its entry says that LiteLLM cannot.",
    mend="LiteLLM reads the name behind the prefix: choose a prefix that does not, or return "
    "`supported=False` for such names.",
    needs=NEEDS,
)
async def misleading_names_mislead_nobody(bench: Bench) -> None:
    routing = Routing(bench)
    standing = bench.harness.standing(bench.cloud)
    for route in _one_of_each(routing):
        access, host = routing.access(route), expected_of(route).host
        names = [each for each in NAMES[route.operation] if each not in standing]
        model = standing[route.deployment].model
        put = [name for name in names if bench.put_outside(name, model)]
        for name in put or [route.deployment]:
            entry = routing.entry(access, await routing.deployment(name, access))
            for operation in _operations(bench, route) if entry.supported else ():
                called = await routing.call(entry, operation)
                must(
                    len(called.at(host)) == 1 and whole(called.came, operation),
                    seen=f"{operation} to a deployment called {name}: {routing.told(called)}",
                    expected="one request and its answer, or an entry that is not supported",
                )


def _one_of_each(routing: Routing) -> list[Route]:
    routes = {each.operation: each for each in reversed(routing.routes(*NAMES))}
    return list(routes.values())


def _operations(bench: Bench, route: Route) -> tuple[Operation, ...]:
    """Return what to ask: tools too, if the same deployment takes some; they go other ways."""
    asked = {each.operation for each in bench.harness.routes if each.deployment == route.deployment}
    return (route.operation, "tools") if "tools" in asked else (route.operation,)
