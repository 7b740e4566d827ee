"""CALL, second part: the id by which support finds a call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.invocation import CALLS, call_of, each_callable
from bonito_contract_tests.violation import must
from bonito_providers import Capability

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

_REQUEST_ID = re.compile(r"request-?id$", re.IGNORECASE).search
"""Every service has a prefix of its own: ``x-request-id``, ``apim-request-id``, …"""


@CALLS.check(
    8,
    rule="A call that went well carries the service's request id, as the answer's header has it; "
    "where none has, None.",
    mend="Read the header that the service's support asks for, and fill `request_id`.",
    needs=(Capability.INVOKE,),
)
async def a_call_carries_its_request_id(bench: Bench) -> None:
    async with each_callable(bench) as found:
        for access, connection, deployment in found:
            answer = await bench.provider.invoke_model(connection, deployment, call_of(deployment))
            headers = bench.wire[-1].response_headers
            named = [value for name, value in headers if _REQUEST_ID(name)]
            # A service may call it otherwise; made up it is never.
            known: list[str | None] = [*named] or [None, *(value for _, value in headers)]
            must(
                answer.request_id in known,
                seen=f"calling {deployment.ref.name} with {access.name} gave the request id "
                f"{answer.request_id!r}",
                expected=" or ".join(named) or "one of the answer's headers, or None",
            )
