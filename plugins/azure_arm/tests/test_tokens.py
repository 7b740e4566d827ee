"""Tokens: one per audience, kept until they end, and a refused sign-in says what to mend."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from bonito_azure_arm.access import (
    ARM_HOST,
    ARM_SCOPE,
    COGNITIVE_SCOPE,
    FOUNDRY_SCOPE,
    INFERENCE_SCOPE,
    LOGIN_HOST,
)
from bonito_azure_arm.management import Management
from bonito_emulators import Emulation, Redirect, Reset, Truncate
from bonito_emulators.azure import DEFAULT_TENANT, AzureCloud, ClientSecret
from bonito_emulators.faults import Action
from bonito_providers import Connection
from bonito_providers.errors import (
    CredentialsRejected,
    HostRefused,
    MalformedAnswer,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import (
    DOMAIN,
    SECRET,
    WRONG_SECRET,
    access,
    application_of,
    bearers,
    entra_fault,
)
from tests.virtual_time import START

pytestmark = pytest.mark.anyio


def scopes_asked(emulation: Emulation) -> list[str]:
    forms = [
        parse_qs(each.body.decode()) for each in emulation.log.select(LOGIN_HOST, method="POST")
    ]
    return [form["scope"][0] for form in forms]


async def test_each_audience_has_a_token_of_its_own(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    scopes = [ARM_SCOPE, COGNITIVE_SCOPE, FOUNDRY_SCOPE, INFERENCE_SCOPE]
    tokens = [(await management.token(scope)).get_secret_value() for scope in scopes]
    issued = [cloud.directory.token(token) for token in tokens]
    assert [f"{each.audience}/.default" for each in issued if each] == scopes
    assert scopes_asked(emulation) == scopes


async def test_a_token_is_asked_for_once_by_however_many(
    management: Management, emulation: Emulation
) -> None:
    first = await management.token(ARM_SCOPE)
    again = await asyncio.gather(*(management.token(ARM_SCOPE) for _ in range(20)))
    assert {each.get_secret_value() for each in again} == {first.get_secret_value()}
    assert scopes_asked(emulation) == [ARM_SCOPE]


async def test_a_token_that_has_ended_is_asked_for_anew(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.directory.token_lifetime = 0
    first = await management.token(ARM_SCOPE)
    second = await management.token(ARM_SCOPE)
    assert first.get_secret_value() != second.get_secret_value()
    assert len(scopes_asked(emulation)) == 2


async def test_the_management_calls_carry_the_token_that_was_asked_for(
    management: Management, emulation: Emulation
) -> None:
    await management.accounts()
    await management.models("swedencentral")
    token = (await management.token(ARM_SCOPE)).get_secret_value()
    assert bearers(emulation.log.select(ARM_HOST)) == {token}
    assert scopes_asked(emulation) == [ARM_SCOPE]


async def test_a_tenant_may_be_named_by_its_domain(connection: Connection) -> None:
    assert await Management(connection, access(tenant_id=DOMAIN)).token(ARM_SCOPE)


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"client_secret": WRONG_SECRET}, "AADSTS7000215", 401),
        ({"client_id": "00000000-0000-4000-8000-000000000001"}, "AADSTS700016", 400),
    ],
)
async def test_what_entra_refuses_is_named_with_its_mend(
    connection: Connection, changes: dict[str, str], code: str, status: int
) -> None:
    with pytest.raises(CredentialsRejected) as refusal:
        await Management(connection, access(**changes)).accounts()
    assert (refusal.value.code, refusal.value.status) == (code, status)
    assert refusal.value.hint


async def test_a_tenant_that_does_not_exist_is_refused(connection: Connection) -> None:
    changed = access(tenant_id="00000000-0000-4000-8000-000000000002")
    with pytest.raises(CredentialsRejected) as refusal:
        await Management(connection, changed).token(ARM_SCOPE)
    assert "tenant" in refusal.value.hint.lower()


async def test_an_expired_secret_asks_for_a_new_one(
    management: Management, cloud: AzureCloud
) -> None:
    ended = ClientSecret(value=SECRET, expires=START - timedelta(days=1))
    application_of(cloud).secrets = [ended]
    with pytest.raises(CredentialsRejected, match="expired") as refusal:
        await management.token(ARM_SCOPE)
    assert refusal.value.code == "AADSTS7000222"
    application_of(cloud).secrets = [ClientSecret(value=SECRET)]
    assert await management.token(ARM_SCOPE)


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (answer(503, b"down"), ServiceUnavailable),
        (answer(429, {"error": "throttled"}), RateLimited),
        (answer(200, b"<html>sign in</html>"), MalformedAnswer),
        (answer(200, {}), MalformedAnswer),
        (answer(200, {"token_type": "Bearer"}), MalformedAnswer),
        (Truncate(5), ServiceUnavailable),
        (Reset(), ServiceUnavailable),
        (Redirect("https://evil.test/token"), HostRefused),
    ],
)
async def test_a_sign_in_out_of_order_is_no_wrong_secret_and_is_not_repeated(
    management: Management,
    cloud: AzureCloud,
    emulation: Emulation,
    action: Action,
    kind: type[ProviderError],
) -> None:
    cloud.faults.add(entra_fault(action))
    with pytest.raises(kind):
        await management.accounts()
    assert [each.host for each in emulation.log.requests] == [LOGIN_HOST]


async def test_signing_in_asks_the_tenants_own_address_and_nobody_where_that_is(
    management: Management, emulation: Emulation
) -> None:
    """So that no discovery document can name another place to send the secret to."""
    await management.token(ARM_SCOPE)
    [request] = emulation.log.requests
    assert (request.host, request.method) == (LOGIN_HOST, "POST")
    assert request.path == f"/{DEFAULT_TENANT}/oauth2/v2.0/token"
    assert SECRET.encode() in request.body


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_the_secret_goes_nowhere_when_entra_redirects(
    management: Management, cloud: AzureCloud, emulation: Emulation, status: int
) -> None:
    elsewhere = Redirect("https://contoso.services.ai.azure.com/", status)
    cloud.faults.add(entra_fault(elsewhere))
    with pytest.raises(HostRefused):
        await management.token(ARM_SCOPE)
    assert [each.host for each in emulation.log.requests] == [LOGIN_HOST]
