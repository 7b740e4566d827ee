"""GATE: what LiteLLM's own environment would add to a customer's call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests.checks.gateway import GATEWAY, NEEDS
from bonito_contract_tests.checks.gateway_calls import expected_of
from bonito_contract_tests.routing import Routing, placed, url_of
from bonito_contract_tests.violation import must

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

READ = (
    "OPENAI_ADMIN_KEY",
    "OPENAI_API_BASE",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_CUSTOM_HEADERS",
    "OPENAI_ORGANIZATION",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
)
"""What the openai client, and LiteLLM on its routes `openai/`, read: `openai/_client.py`."""
_OPERATORS = "an-operators-own-0123456789"
_LENT = f"x-lent: {_OPERATORS}"
"""Reads as a header, too: a variable may hold several of them."""


@GATEWAY.check(
    16,
    rule="What the openai client and LiteLLM read in the environment of whoever routes reaches no "
    "service: `ProviderInfo.environment` names it, and a host removes what is named.",
    mend="Name in `ProviderInfo.environment` every variable that LiteLLM and the clients below it "
    f"read on the routes of the entries; for `openai/` these are {', '.join(READ)}.",
    needs=NEEDS,
)
async def the_operators_variables_reach_no_service(bench: Bench) -> None:
    routing = Routing(bench)
    left = [name for name in READ if name not in bench.provider.info.environment]
    lent = dict.fromkeys(left, _LENT)
    for route in routing.routes("chat", "embedding"):
        entry = await routing.supported_entry(route)
        called = await routing.call(entry, route.operation, lent=lent)
        expected = expected_of(route)
        when = f"{route.operation} to {route.deployment} with {', '.join(left)} set"
        must(
            called.at(expected.host),
            seen=f"{when}: {routing.told(called)}",
            expected=url_of(expected),
        )
        for request in called.requests:
            places = placed(request, [_OPERATORS])
            must(
                not places,
                seen=f"{when}: what is the operator's went to {request.host} in "
                f"{', '.join(places)}",
                expected="the customer's own credentials, and nothing besides",
            )
