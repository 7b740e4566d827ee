"""Every call to a provider is a span that tells what happened, and no secret."""

from __future__ import annotations

import asyncio
import json
from functools import wraps
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.trace import SpanKind, StatusCode

from bonito_emulators import Fault, Respond
from bonito_providers import (
    Call,
    Connection,
    DeploymentRequest,
    InvocationRequest,
    Proceed,
    Provider,
    hookimpl,
    wait,
)
from bonito_providers.errors import CredentialsRejected, PluginError, ProviderError, RateLimited
from bonito_providers.registry import RegistrySettings, load_wrappers
from bonito_tracing import Tracing
from tests.core.calls import CALLS
from tests.core.plugins import CANARY, HOOKS, connected, plugin_with, raising
from tests.toy_service import KEY, MANAGER_SECRET, ToyService
from wrappers.tracing.tests.conftest import Connect, Spans

pytestmark = pytest.mark.anyio

PARROT = DeploymentRequest(model="parrot-1", name="polly", sku="perch", capacity=3)


def told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def everything(spans: Spans) -> str:
    """What an exporter would send."""
    return json.dumps([json.loads(span.to_json() or "") for span in spans()])


@pytest.mark.parametrize("name", CALLS)
async def test_every_hook_is_one_client_span_that_names_provider_and_connection(
    name: str, tracers: TracerProvider, spans: Spans
) -> None:
    async with connected(wrappers=(Tracing(tracers),)) as connection:
        await CALLS[name](connection)
    [span] = spans()
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    about = {"bonito.provider.name": "acme", "bonito.hook": name, "bonito.connection.id": "here"}
    assert about.items() <= told(span).items()
    assert name == "invoke_model" or span.name == f"{name} acme"


async def test_a_deployment_is_told_with_model_sku_and_what_became_of_it(
    connection: Connection, spans: Spans
) -> None:
    provider = connection.provider
    plan = await provider.plan_deployment(connection, PARROT)
    await provider.deploy(connection, plan)
    planned, deployed = map(told, spans())
    assert planned["bonito.sku.name"] == "perch"
    assert planned["bonito.capacity"] == 3
    assert planned["bonito.model.name"] == "parrot-1"
    assert deployed["bonito.deployment.name"] == "polly"
    assert deployed["bonito.deployment.state"] == "ready"
    assert deployed["bonito.deployment.created"] is True


async def test_a_listing_is_told_by_its_length_and_not_by_its_contents(
    connection: Connection, spans: Spans
) -> None:
    await connection.provider.list_models(connection)
    [span] = spans()
    assert told(span)["bonito.listing.items"] == 3
    assert told(span)["bonito.listing.complete"] is True
    assert "raven" not in everything(spans)


async def test_a_model_call_follows_the_conventions_and_holds_no_content(
    connection: Connection, spans: Spans
) -> None:
    provider = connection.provider
    plan = await provider.plan_deployment(connection, PARROT)
    made = await provider.deploy(connection, plan)
    asked = InvocationRequest(prompt="private words")
    assert "private words" in str(await provider.invoke_model(connection, made, asked))
    span = spans()[-1]
    assert span.name == "chat parrot-1"
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "toy",
        "gen_ai.request.model": "parrot-1",
        "gen_ai.usage.input_tokens": 2,
        "gen_ai.usage.output_tokens": 3,
    }
    assert expected.items() <= told(span).items()
    assert "private" not in everything(spans)


async def test_an_error_is_told_by_its_kind_and_without_the_key_it_quotes(
    connect: Connect, toy: ToyService, spans: Spans
) -> None:
    toy.echo = True
    wrong = "wrong-key-0123456789abcdef"
    async with connect(api_key=wrong) as connection:
        with pytest.raises(CredentialsRejected):
            await connection.provider.list_models(connection)
    [span] = spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == "no such key: **********"
    expected = {
        "error.type": "CredentialsRejected",
        "http.response.status_code": 401,
        "bonito.error.code": "bad_key",
        "bonito.error.request_id": "toy-1",
    }
    assert expected.items() <= told(span).items()
    assert span.events == ()
    assert wrong not in everything(spans)


async def test_what_the_service_asks_to_wait_is_told(
    connection: Connection, toy: ToyService, spans: Spans
) -> None:
    plan = await connection.provider.plan_deployment(connection, PARROT)
    made = await connection.provider.deploy(connection, plan)
    busy = Respond(429, {"retry-after": "7"}, {"error": {"code": "slow_down"}})
    toy.faults.add(Fault(action=busy, path_prefix="/v1/deployments/polly/chat", times=None))
    with pytest.raises(RateLimited):
        await connection.provider.invoke_model(connection, made, InvocationRequest())
    assert told(spans()[-1])["bonito.retry_after"] == 7
    assert told(spans()[-1])["error.type"] == "RateLimited"


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "error",
    [
        RateLimited(f"too many with {CANARY}", hint=CANARY, code=CANARY, request_id=CANARY),
        RuntimeError(f"crashed with {CANARY}"),
        SystemExit(CANARY),
    ],
    ids=["told", "crashed", "ended"],
)
async def test_no_secret_reaches_a_span_whatever_a_plugin_raises(
    name: str, error: BaseException, tracers: TracerProvider, spans: Spans
) -> None:
    async with connected(
        wrappers=(Tracing(tracers),), **{name: raising(name, error)}
    ) as connection:
        with pytest.raises(ProviderError):
            await CALLS[name](connection)
    [span] = spans()
    expected = "RateLimited" if isinstance(error, RateLimited) else "PluginError"
    assert told(span)["error.type"] == expected
    assert CANARY not in everything(spans)


async def test_no_secret_reaches_a_span_that_somebody_took_for_a_name(
    tracers: TracerProvider, spans: Spans
) -> None:
    async with connected(wrappers=(Tracing(tracers),)) as connection:
        request = DeploymentRequest(model=CANARY, name=CANARY)
        await connection.provider.plan_deployment(connection, request)
    assert told(spans()[0])["bonito.model.name"] != CANARY
    assert CANARY not in everything(spans)


async def test_an_error_of_another_wrapper_is_told_by_its_class_alone(
    tracers: TracerProvider, spans: Spans
) -> None:
    class Careless:
        async def around_call(self, call: Call, proceed: Proceed) -> object:
            raise LookupError(f"nothing under {CANARY}")

    async with connected(wrappers=(Tracing(tracers), Careless())) as connection:
        with pytest.raises(PluginError):
            await CALLS["list_models"](connection)
    [span] = spans()
    assert told(span)["error.type"] == "LookupError"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert CANARY not in everything(spans)


async def test_a_cancelled_call_ends_its_span_and_is_no_error(
    tracers: TracerProvider, spans: Spans
) -> None:
    called = asyncio.Event()

    @wraps(HOOKS["list_models"])
    async def hangs(*_: object) -> None:
        called.set()
        await asyncio.Event().wait()

    async with connected(wrappers=(Tracing(tracers),), list_models=hangs) as connection:
        task = asyncio.ensure_future(CALLS["list_models"](connection))
        await called.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    [span] = spans()
    assert told(span)["bonito.cancelled"] is True
    assert "error.type" not in told(span)
    assert span.status.status_code is StatusCode.UNSET


async def test_waiting_is_traced_call_by_call_under_the_callers_span(
    connection: Connection, toy: ToyService, tracers: TracerProvider, spans: Spans
) -> None:
    toy.busy, toy.slowness = 1, 1
    plan = await connection.provider.plan_deployment(connection, PARROT)
    with tracers.get_tracer("host").start_as_current_span("request") as request:
        assert (await wait(connection, plan)).verified
    above = request.get_span_context().span_id
    under = [span for span in spans() if span.parent and span.parent.span_id == above]
    names = [span.name for span in under]
    assert names == ["deploy toy", "deploy toy", "get_deployment toy", "chat parrot-1"]
    states = [told(span).get("bonito.deployment.state") for span in under]
    assert states == ["queued", "provisioning", "ready", "ready"]


async def test_what_happens_inside_a_call_is_below_its_span(
    tracers: TracerProvider, spans: Spans
) -> None:
    @wraps(HOOKS["list_models"])
    async def traced(connection: Connection) -> object:
        with tracers.get_tracer("http").start_as_current_span("GET"):
            return await HOOKS["list_models"](connection)

    async with connected(wrappers=(Tracing(tracers),), list_models=traced) as connection:
        await CALLS["list_models"](connection)
    inner, outer = spans()
    assert outer.context is not None
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id


async def test_calls_at_the_same_time_never_mix(tracers: TracerProvider, spans: Spans) -> None:
    arrived = asyncio.Semaphore(0)
    together = asyncio.Event()

    @wraps(HOOKS["list_models"])
    async def meeting(connection: Connection) -> object:
        arrived.release()
        await together.wait()
        with tracers.get_tracer("http").start_as_current_span(connection.id):
            return await HOOKS["list_models"](connection)

    plugin = plugin_with(list_models=hookimpl(meeting))
    provider = Provider(plugin, wrappers=(Tracing(tracers),))

    async def one(id: str) -> None:
        async with provider.connect({"api_key": CANARY}, id=id) as connection:
            with tracers.get_tracer("host").start_as_current_span(f"request of {id}"):
                await provider.list_models(connection)

    names = [f"customer-{number}" for number in range(20)]
    tasks = [asyncio.ensure_future(one(name)) for name in names]
    for _ in names:
        await arrived.acquire()
    together.set()
    await asyncio.gather(*tasks)
    by_id = {span.context.span_id: span for span in spans() if span.context}
    for inner in (span for span in spans() if span.name in names):
        assert inner.parent is not None
        call = by_id[inner.parent.span_id]
        assert told(call)["bonito.connection.id"] == inner.name
        assert call.parent is not None
        assert by_id[call.parent.span_id].name == f"request of {inner.name}"
    assert len(spans()) == 3 * len(names)


async def test_an_operator_names_it_by_its_entry_point(spans: Spans) -> None:
    [wrapper] = load_wrappers(RegistrySettings(wrappers=("tracing",)))
    async with connected(wrappers=(wrapper,)) as connection:
        listing = await connection.provider.list_models(connection)
    assert listing.complete
    assert spans() == ()


async def test_the_keys_of_a_real_connection_are_in_no_span(
    connection: Connection, toy: ToyService, spans: Spans
) -> None:
    toy.echo = True
    provider = connection.provider
    await provider.check_credentials(connection)
    plan = await provider.plan_deployment(connection, PARROT)
    made = await wait(connection, plan)
    await provider.get_deployment(connection, made.ref)
    await provider.delete_deployment(connection, made.ref)
    assert len(spans()) == 6
    sent = everything(spans)
    assert KEY not in sent
    assert MANAGER_SECRET not in sent
