"""GATE: what the real LiteLLM sends by an entry, compared with the service's documentation.

LiteLLM follows redirects, with the key, whatever an entry says; keeping it from that is the
host's part, so nothing here tries it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.gateway import GATEWAY, NEEDS
from bonito_contract_tests.litellm_process import Answer, Failure
from bonito_contract_tests.questions import PROMPT, TOOL_NAME
from bonito_contract_tests.routing import Routing, body_of, differences, placed, url_of
from bonito_contract_tests.violation import HarnessError, must
from bonito_providers import Redactor
from bonito_providers.gateway import COMMON_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import ExpectedRequest, Operation, Route
    from bonito_contract_tests.routing import Called
    from bonito_emulators import RecordedRequest

_MEND = (
    "Compare the request with the service's documentation: LiteLLM chooses path, headers and "
    "parameters by the prefix of `model`, the host of `api_base` and the deployment's name."
)
_WHOLE: tuple[Operation, ...] = ("chat", "embedding")


async def _arrives(bench: Bench, operation: Operation) -> list[Called]:
    """Make the call of each route and compare what arrived with what is documented."""
    routing, calls = Routing(bench), []
    for route in routing.routes(operation):
        called = await routing.call(await routing.supported_entry(route), operation)
        expected = expected_of(route)
        arrived = called.at(expected.host)
        must(
            arrived,
            seen=f"{operation} to {route.deployment}: {routing.told(called)}",
            expected=url_of(expected),
        )
        wrong = [*differences(arrived[0], expected), *_not_asked(arrived[0], operation)]
        must(
            not wrong,
            seen=routing.redact(f"{operation} to {route.deployment}: {'; '.join(wrong)}"),
            expected=f"{url_of(expected)}, with the documented headers and body",
        )
        calls.append(called)
    return calls


def expected_of(route: Route) -> ExpectedRequest:
    """Return what must arrive by a route that is supported.

    Raises:
        HarnessError: It is not.
    """
    if route.expected is None:
        raise HarnessError(f"the route of {route.deployment} expects no request")
    return route.expected


def _not_asked(request: RecordedRequest, operation: Operation) -> Iterable[str]:
    text = request.body.decode("utf-8", "replace")
    if PROMPT not in text:
        yield "the question is not in the body"
    if operation == "tools" and TOOL_NAME not in text:
        yield "the tool is not in the body"


@GATEWAY.check(
    3,
    rule="A chat through LiteLLM arrives as the service documents it: method, address, headers and "
    "body, absences included.",
    mend=_MEND,
    needs=NEEDS,
)
async def a_chat_arrives_as_documented(bench: Bench) -> None:
    await _arrives(bench, "chat")


@GATEWAY.check(
    4,
    rule="A streamed chat through LiteLLM arrives as the service documents it, and the service "
    "answers with a stream; where the service has none there is nothing to ask.",
    mend=_MEND,
    needs=NEEDS,
)
async def a_stream_arrives_as_documented(bench: Bench) -> None:
    for called in await _arrives(bench, "stream"):
        types = [dict(each.response_headers).get("content-type", "") for each in called.requests]
        must(
            "event" in types[-1],
            seen=f"the service was not asked for a stream: it answered with {types[-1] or 'none'}",
            expected="a stream of events from the service",
        )


@GATEWAY.check(
    5,
    rule="A chat with tools through LiteLLM arrives as the service documents it, with the tools; "
    "where the service takes none there is nothing to ask.",
    mend=_MEND,
    needs=NEEDS,
)
async def tools_arrive_as_documented(bench: Bench) -> None:
    await _arrives(bench, "tools")


@GATEWAY.check(
    6,
    rule="A request for embeddings through LiteLLM arrives as the service documents it; where "
    "nothing in the cloud embeds there is nothing to ask.",
    mend=_MEND,
    needs=NEEDS,
)
async def embeddings_arrive_as_documented(bench: Bench) -> None:
    await _arrives(bench, "embedding")


@GATEWAY.check(
    7,
    rule="One call through LiteLLM is one request to the service, and the answer comes back whole: "
    "text, a stream's pieces, a tool call, a vector.",
    mend="Let nothing be repeated, answered beforehand or rewritten on the way: give LiteLLM an "
    "address, a key and a version, and no settings besides.",
    needs=NEEDS,
)
async def one_request_brings_the_answer(bench: Bench) -> None:
    routing = Routing(bench)
    for route in routing.routes(*_WHOLE, "stream", "tools"):
        called = await routing.call(await routing.supported_entry(route), route.operation)
        must(
            len(called.at(expected_of(route).host)) == 1 and isinstance(called.came, Answer),
            seen=f"{route.operation} to {route.deployment}: {routing.told(called)}",
            expected="one request, and its answer",
        )
        must(
            whole(called.came, route.operation),
            seen=f"{route.operation} to {route.deployment} brought {_outline(called.came)}",
            expected="the answer that the service gave",
        )


def whole(came: Answer | Failure, operation: Operation) -> bool:
    """Whether a call brought what it asks for."""
    if isinstance(came, Failure):
        return False
    if operation == "embedding":
        return len(came.dimensions) == 1 and came.dimensions[0] > 0
    if operation == "tools":
        return any(name == TOOL_NAME and _is_object(given) for name, given in came.tools)
    return bool(came.text) and bool(came.finish_reason) and (operation == "chat" or came.pieces > 0)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _outline(came: Answer | Failure) -> str:
    if isinstance(came, Failure):
        return came.kind
    return (
        f"{len(came.text)} characters in {came.pieces} pieces, {len(came.tools)} tool calls, "
        f"{len(came.dimensions)} vectors, finish reason {came.finish_reason}"
    )


@GATEWAY.check(
    8,
    rule="Through LiteLLM a secret arrives in the documented headers and nowhere else, and none of "
    "LiteLLM's own parameters reaches the service.",
    mend="LiteLLM copies parameters it does not know into the body: give it documented ones only, "
    "and each secret once.",
    needs=NEEDS,
)
async def secrets_arrive_where_they_belong(bench: Bench) -> None:
    routing = Routing(bench)
    for route in routing.routes(*_WHOLE, "stream", "tools"):
        access, expected = routing.access(route), expected_of(route)
        forms = Redactor(bench.provider.read_credentials(access.fields).secrets()).forms
        called = await routing.call(await routing.supported_entry(route), route.operation)
        must(
            called.requests,
            seen=f"{route.operation} to {route.deployment}: {routing.told(called)}",
            expected=url_of(expected),
        )
        for request in called.requests:
            stray = _stray(request, expected, forms)
            must(
                not stray,
                seen=f"{route.operation} to {route.deployment}: a secret went to {request.host} "
                f"in {', '.join(stray)}",
                expected="secrets in the headers that the documentation names",
            )
            leaked = _leaked(request, bench, expected)
            must(
                not leaked,
                seen=f"{route.operation} to {route.deployment}: LiteLLM's own "
                f"{', '.join(leaked)} reached the service in the body",
                expected="the members that the service documents",
            )


def _stray(request: RecordedRequest, expected: ExpectedRequest, forms: Iterable[str]) -> list[str]:
    """Return the places of secrets that have no business there."""
    documented = {name.lower(): value for name, value in expected.headers.items() if value}
    if request.host == expected.host:
        proper = {f"the header {name}" for name in documented}
        return [each for each in placed(request, list(forms)) if each not in proper]
    # Where tokens are fetched other secrets are shown, but never the service's own.
    service = " ".join(each for each in documented.values() if isinstance(each, str))
    return placed(request, [form for form in forms if form in service])


def _leaked(request: RecordedRequest, bench: Bench, expected: ExpectedRequest) -> list[str]:
    body = body_of(request)
    own = (COMMON_PARAMETERS - {"model"}) | set(bench.provider.info.gateway_parameters)
    members = set(body) if isinstance(body, Mapping) else set()
    return sorted((own & members) - set(expected.body))
