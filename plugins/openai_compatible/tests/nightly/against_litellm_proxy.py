"""The plugin on a server of the API that its authors did not write; `make litellm-proxy` runs this.

Plugin and emulator are by the same authors, who may have taken one thing wrongly twice. The LiteLLM
Proxy 1.105.3 is by others.
"""

from __future__ import annotations

import pytest

from bonito_contract_tests.litellm_process import Answer, Failure, LiteLLMProcess
from bonito_providers import Connection, Deployment, NetworkSettings, verify
from bonito_providers.errors import CredentialsRejected, HostRefused, RequestError
from bonito_providers.invocation import InvocationRequest
from plugins.openai_compatible.tests.nightly.litellm_proxy import ANSWER
from plugins.openai_compatible.tests.resources import Connect

pytestmark = pytest.mark.anyio


async def deployments(connection: Connection) -> dict[str, Deployment]:
    listing = await connection.provider.list_deployments(connection)
    assert listing.complete
    return {each.ref.name: each for each in listing.items}


async def test_the_master_key_is_accepted(connect: Connect) -> None:
    async with connect() as connection:
        report = await connection.provider.check_credentials(connection)
    assert report.usable
    assert [each.reason for each in report.items] == ["It answers.", "The key is accepted."]


@pytest.mark.parametrize("key", ["wrong", "sk-of-somebody-else"])
async def test_a_wrong_key_is_refused_as_one(connect: Connect, key: str) -> None:
    async with connect(api_key=key) as connection:
        report = await connection.provider.check_credentials(connection)
        with pytest.raises(CredentialsRejected):
            await connection.provider.list_models(connection)
    assert not report.usable
    assert report.items[-1].error == "CredentialsRejected"


async def test_the_models_are_listed_with_what_the_proxy_says_of_them(connect: Connect) -> None:
    async with connect() as connection:
        listing = await connection.provider.list_models(connection)
    models = {each.id: each for each in listing.items}
    assert sorted(models) == ["gpt-4o", "team/chat", "vectors"]
    assert (models["gpt-4o"].kind, models["gpt-4o"].context_window) == ("chat", 128_000)
    assert models["vectors"].kind == "embedding"
    assert models["team/chat"].kind is None


@pytest.mark.parametrize("name", ["gpt-4o", "team/chat", "vectors"])
async def test_every_model_is_verified_by_a_call(connect: Connect, name: str) -> None:
    async with connect() as connection:
        found = await verify(connection, (await deployments(connection))[name])
    assert found.verified, found.verified_reason


async def test_chat_and_embedding_come_back_whole(connect: Connect) -> None:
    async with connect() as connection:
        found = await deployments(connection)
        invoke = connection.provider.invoke_model
        chat = await invoke(connection, found["gpt-4o"], InvocationRequest())
        vector = InvocationRequest(kind="embedding")
        embedded = await invoke(connection, found["vectors"], vector)
    assert chat.text == ANSWER
    assert chat.input_tokens
    assert embedded.dimensions == 3


async def test_an_unknown_model_is_a_refused_request(connect: Connect) -> None:
    async with connect() as connection:
        found = (await deployments(connection))["gpt-4o"]
        nobody = found.model_copy(update={"ref": found.ref.model_copy(update={"name": "nobody"})})
        with pytest.raises(RequestError, match="nobody"):
            await connection.provider.invoke_model(connection, nobody, InvocationRequest())


async def test_the_gateways_entries_arrive_in_one_piece_and_as_a_stream(
    connect: Connect, gateway: LiteLLMProcess
) -> None:
    async with connect() as connection:
        found = await deployments(connection)
        build = connection.provider.build_gateway_entry
        entries = {name: build(connection.credentials, each) for name, each in found.items()}
    for name in ("gpt-4o", "team/chat"):
        whole = gateway.call(entries[name].to_litellm(), "chat")
        assert isinstance(whole, Answer), whole
        assert whole.text == ANSWER
        stream = gateway.call(entries[name].to_litellm(), "stream")
        assert isinstance(stream, Answer), stream
        assert stream.text == ANSWER
        assert stream.pieces > 1
    vector = gateway.call(entries["vectors"].to_litellm(), "embedding")
    assert isinstance(vector, Answer), vector
    assert vector.dimensions == (3,)


async def test_a_wrong_key_is_refused_through_the_gateway_too(
    connect: Connect, gateway: LiteLLMProcess
) -> None:
    async with connect() as connection:
        found = (await deployments(connection))["gpt-4o"]
    async with connect(api_key="sk-of-somebody-else") as other:
        entry = other.provider.build_gateway_entry(other.credentials, found)
    assert isinstance(gateway.call(entry.to_litellm(), "chat"), Failure)


async def test_without_the_operators_word_the_proxy_is_never_asked(
    connect: Connect, address: str
) -> None:
    async with connect() as connection:
        provider, credentials = connection.provider, connection.credentials
    async with provider.connect(credentials, network=NetworkSettings()) as closed:
        with pytest.raises(HostRefused, match="http is not https"):
            await provider.list_models(closed)
