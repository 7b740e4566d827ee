"""Wrappers stand around every call, in the operator's order, and see no secret."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import cast

import pytest
from pydantic import SecretStr

from bonito_providers import Call, Invocation, InvocationRequest, Proceed
from bonito_providers.errors import PermissionMissing, PluginError
from tests.core.calls import CALLS
from tests.core.plugins import CANARY, READY, connected, raising

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
