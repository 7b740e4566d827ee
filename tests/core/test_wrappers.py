"""Wrappers stand around every call, in the operator's order, and see no secret."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, MutableMapping
from functools import wraps
from typing import cast

import pytest
from pydantic import SecretStr

from bonito_providers import Call, Deployment, Invocation, InvocationRequest, Proceed
from bonito_providers.errors import PermissionMissing, PluginError, ProviderError, RateLimited
from tests.core.calls import CALLS
from tests.core.plugins import CANARY, HOOKS, READY, connected, raising, returning

pytestmark = pytest.mark.anyio


class Recorder:
    """Notes what goes in and what comes out."""

    def __init__(self, name: str, seen: list[str], calls: list[Call] | None = None) -> None:
        self.name = name
        self.seen = seen
        self.calls = [] if calls is None else calls

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        self.calls.append(call)
        self.seen.append(f"{self.name} before")
        try:
            return await proceed()
        finally:
            self.seen.append(f"{self.name} after")


class Listening:
    """Keeps what comes back: a result, or what was raised."""

    def __init__(self, seen: list[object]) -> None:
        self.seen = seen

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        try:
            result = await proceed()
        except BaseException as error:
            self.seen.append(error)
            raise
        self.seen.append(result)
        return result


class Answering:
    """Answers in the call's place."""

    def __init__(self, answer: Callable[[], object]) -> None:
        self.answer = answer

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        return self.answer()


async def test_the_first_wrapper_is_the_outermost() -> None:
    seen: list[str] = []
    wrappers = (Recorder("one", seen), Recorder("two", seen))
    async with connected(wrappers=wrappers) as connection:
        await connection.provider.list_models(connection)
    assert seen == ["one before", "two before", "two after", "one after"]


@pytest.mark.parametrize("name", CALLS)
async def test_every_call_goes_through_and_says_what_it_is(name: str) -> None:
    recorder = Recorder("one", [])
    async with connected(wrappers=(recorder,)) as connection:
        await CALLS[name](connection)
    [call] = recorder.calls
    assert (call.provider, call.hook, call.connection) == ("acme", name, "here")
    assert "connection" not in call.arguments


async def test_a_wrapper_sees_no_secret() -> None:
    recorder = Recorder("one", [])
    deployment = READY.model_copy(update={"operation": SecretStr("signed-url")})
    async with connected(wrappers=(recorder,)) as connection:
        await connection.provider.invoke_model(connection, deployment, InvocationRequest())
    assert recorder.calls[0].arguments["deployment"] == deployment
    assert CANARY not in repr(recorder.calls)
    assert "signed-url" not in repr(recorder.calls)


async def test_a_wrapper_sees_no_secret_in_what_comes_back() -> None:
    seen: list[object] = []
    echoing = READY.model_copy(update={"error": f"no such key: {CANARY}"})
    hook = returning("get_deployment", echoing)
    async with connected(wrappers=(Listening(seen),), get_deployment=hook) as connection:
        await CALLS["get_deployment"](connection)
    assert isinstance(seen[0], Deployment)
    assert CANARY not in repr(seen)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (RateLimited(f"too many with {CANARY}", hint=CANARY, code=CANARY), "RateLimited"),
        (RuntimeError(f"crashed with {CANARY}"), "PluginError"),
    ],
)
async def test_a_wrapper_sees_errors_named_and_without_a_secret(
    raised: Exception, kind: str
) -> None:
    seen: list[object] = []
    hook = raising("list_models", raised)
    async with connected(wrappers=(Listening(seen),), list_models=hook) as connection:
        with pytest.raises(ProviderError):
            await CALLS["list_models"](connection)
    [error] = seen
    assert isinstance(error, ProviderError)
    assert (error.kind, error.provider, error.operation) == (kind, "acme", "list_models")
    assert CANARY not in f"{error} {error!r} {vars(error)}"
    assert (error.__cause__, error.__context__) == (None, None)


async def test_a_plugin_that_answers_the_wrong_type_is_at_fault_not_the_wrapper() -> None:
    seen: list[object] = []
    hook = returning("list_models", "text")
    async with connected(wrappers=(Listening(seen),), list_models=hook) as connection:
        with pytest.raises(PluginError, match="The plugin acme failed in list_models"):
            await CALLS["list_models"](connection)
    assert isinstance(seen[0], PluginError)


async def test_a_wrapper_that_crashes_is_at_fault_not_the_plugin() -> None:
    def crash() -> object:
        raise RuntimeError(f"no disk for {CANARY}")

    async with connected(wrappers=(Answering(crash),)) as connection:
        with pytest.raises(
            PluginError, match="A wrapper failed around list_models of acme"
        ) as told:
            await CALLS["list_models"](connection)
    assert "defect of the wrapper" in told.value.hint
    assert CANARY not in str(told.value)


async def test_a_wrapper_sees_a_cancellation_and_not_an_error() -> None:
    seen: list[object] = []
    called = asyncio.Event()

    @wraps(HOOKS["list_models"])
    async def hangs(*_: object) -> None:
        called.set()
        await asyncio.Event().wait()

    async with connected(wrappers=(Listening(seen),), list_models=hangs) as connection:
        task = asyncio.ensure_future(CALLS["list_models"](connection))
        await called.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    [told] = seen
    assert isinstance(told, asyncio.CancelledError)


async def test_a_wrapper_may_answer_in_the_calls_place() -> None:
    answer = Invocation(text="from a cache", surface="cache")
    hook = raising("invoke_model", AssertionError("the plugin was asked"))
    wrappers = (Answering(lambda: answer),)
    async with connected(wrappers=wrappers, invoke_model=hook) as connection:
        assert await CALLS["invoke_model"](connection) == answer


async def test_a_wrappers_answer_is_checked_like_a_plugins() -> None:
    async with connected(wrappers=(Answering(lambda: "text"),)) as connection:
        with pytest.raises(PluginError, match="returned str instead of Invocation"):
            await CALLS["invoke_model"](connection)


async def test_a_wrapper_may_refuse_a_call() -> None:
    def refuse() -> object:
        raise PermissionMissing("Not on Sundays.")

    async with connected(wrappers=(Answering(refuse),)) as connection:
        with pytest.raises(PermissionMissing, match="Not on Sundays"):
            await CALLS["list_models"](connection)


async def test_a_wrapper_cannot_change_the_arguments() -> None:
    class Changing:
        async def around_call(self, call: Call, proceed: Proceed) -> object:
            cast("MutableMapping[str, object]", call.arguments)["request"] = None
            return await proceed()

    async with connected(wrappers=(Changing(),)) as connection:
        with pytest.raises(PluginError, match="TypeError"):
            await CALLS["invoke_model"](connection)
