"""Access tokens: fetched once, renewed in time, and for one connection alone."""

from __future__ import annotations

import asyncio

import pytest

from bonito_emulators import Emulation, RequestLog
from bonito_emulators.gcp import GoogleCloud
from bonito_providers import Connection, Provider
from bonito_providers.errors import CredentialsRejected
from plugins.gcp_vertex.tests.resources import Connect, key_file
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio
TOKENS = "oauth2.googleapis.com"


def fetched(log: RequestLog) -> int:
    return len(log.select(TOKENS))


async def test_calls_at_once_share_one_token(
    provider: Provider, connection: Connection, emulation: Emulation
) -> None:
    await asyncio.gather(*(provider.list_deployments(connection) for _ in range(4)))
    assert fetched(emulation.log) == 1


async def test_a_token_is_renewed_before_it_ends(
    provider: Provider, connection: Connection, emulation: Emulation, clock: VirtualClock
) -> None:
    await provider.list_deployments(connection)
    clock.elapsed += 3400
    await provider.list_deployments(connection)
    assert fetched(emulation.log) == 1
    clock.elapsed += 150
    await provider.list_deployments(connection)
    assert fetched(emulation.log) == 2


async def test_a_token_that_is_refused_is_used_no_more(
    provider: Provider, connection: Connection, emulation: Emulation, cloud: GoogleCloud
) -> None:
    await provider.list_deployments(connection)
    cloud.identities.expire()
    with pytest.raises(CredentialsRejected):
        await provider.list_deployments(connection)
    assert (await provider.list_deployments(connection)).items
    assert fetched(emulation.log) == 2


async def test_two_connections_share_no_token(
    provider: Provider, connect: Connect, emulation: Emulation
) -> None:
    async with connect() as one, connect() as other:
        await provider.list_deployments(one)
        await provider.list_deployments(other)
    sent = {each.header("authorization") for each in emulation.log.requests} - {None}
    assert len(sent) == 2


async def test_a_wrong_key_is_told_as_what_it_is(provider: Provider, connect: Connect) -> None:
    async with connect(service_account_json=key_file(wrong=True)) as connection:
        with pytest.raises(CredentialsRejected) as caught:
            await provider.list_models(connection)
    assert (caught.value.code, caught.value.status) == ("invalid_grant", 400)
    assert "key" in caught.value.hint


async def test_a_key_that_is_no_key_is_told_as_what_it_is(
    provider: Provider, connect: Connect, emulation: Emulation
) -> None:
    pem = "-----BEGIN PRIVATE KEY-----\nAAAAAAAA\n-----END PRIVATE KEY-----\n"
    async with connect(service_account_json={**key_file(), "private_key": pem}) as connection:
        with pytest.raises(CredentialsRejected, match="cannot be read"):
            await provider.list_models(connection)
    assert emulation.log.requests == []


async def test_a_deleted_account_is_told_as_rejected(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.identities.accounts[0].deleted = True
    with pytest.raises(CredentialsRejected, match="account not found"):
        await provider.list_models(connection)


async def test_signing_leaves_the_event_loop_free(
    provider: Provider, connection: Connection
) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.ensure_future(tick())
    await provider.list_deployments(connection)
    ticking.cancel()
    assert ticks > 10
