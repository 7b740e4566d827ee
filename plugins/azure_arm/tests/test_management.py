"""The management calls: answered as they arrived, by one retry layer, at one host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from bonito_azure_arm.access import ARM_HOST, ARM_SCOPE, COGNITIVE_SCOPE
from bonito_azure_arm.errors import ResourceMissing
from bonito_azure_arm.management import PAGES, Management
from bonito_emulators import Emulation, RecordedRequest, Redirect, Reset, Truncate
from bonito_emulators.azure import (
    READER,
    Account,
    AzureCloud,
    Deployment,
    RoleAssignment,
)
from bonito_emulators.faults import Action
from bonito_providers import Connection
from bonito_providers.errors import (
    CredentialsRejected,
    HostRefused,
    MalformedAnswer,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import (
    ACCOUNT_PATH,
    DATA_HOST,
    access,
    application_of,
    arm_fault,
    bearers,
)
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio

MINI = {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"}
BODY = {"sku": {"name": "GlobalStandard", "capacity": 5}, "properties": {"model": MINI}}
CALLS: dict[str, Callable[[Management], Awaitable[Any]]] = {
    "accounts": lambda one: one.accounts(),
    "account": lambda one: one.account("contoso"),
    "models": lambda one: one.models("swedencentral"),
    "usages": lambda one: one.usages("swedencentral"),
    "deployments": lambda one: one.deployments("contoso"),
    "deployment": lambda one: one.deployment("contoso", "mini"),
    "put": lambda one: one.put_deployment("contoso", "mini", BODY),
    "delete": lambda one: one.delete_deployment("contoso", "mini"),
}
LISTINGS = ("accounts", "models", "usages", "deployments")


def arm(emulation: Emulation) -> list[RecordedRequest]:
    return emulation.log.select(ARM_HOST)


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_is_one_request_with_the_version_and_a_token(
    management: Management, emulation: Emulation, name: str
) -> None:
    await CALLS[name](management)
    [request] = arm(emulation)
    assert parse_qs(request.query)["api-version"] == ["2025-09-01"]
    assert "bonito-providers" in request.user_agent
    assert bearers([request]) == {(await management.token(ARM_SCOPE)).get_secret_value()}


async def test_a_listing_is_followed_over_its_pages_link_by_link(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    whole = await management.models("swedencentral")
    cloud.page_size = 40
    emulation.log.clear()
    assert await management.models("swedencentral") == whole
    requests = arm(emulation)
    assert len(requests) == -(-len(whole) // 40)
    assert all("skiptoken" in each.query for each in requests[1:])


async def test_rows_arrive_with_what_the_sdk_has_no_field_for(
    management: Management, account: Account
) -> None:
    account.add(Deployment(name="mini", model="gpt-4o-mini", tags={"team": "blue"}))
    [deployment] = await management.deployments("contoso")
    assert deployment["tags"] == {"team": "blue"}
    assert deployment["sku"] == {"name": "GlobalStandard", "capacity": 50}
    models = await management.models("swedencentral")
    assert any("modelCatalogAssetId" in each["model"] for each in models)


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"https://{DATA_HOST}/next",
        "https://evil.services.ai.azure.com/next",
        "https://login.microsoftonline.com/next",
        "https://evil.test/next",
        "http://management.azure.com/next",
        "https://management.azure.com@evil.test/next",
    ],
)
@pytest.mark.parametrize("name", LISTINGS)
async def test_a_page_named_at_another_host_gets_nothing(
    management: Management, cloud: AzureCloud, emulation: Emulation, name: str, elsewhere: str
) -> None:
    cloud.faults.add(arm_fault(answer(200, {"value": [], "nextLink": elsewhere})))
    with pytest.raises((HostRefused, MalformedAnswer)):
        await CALLS[name](management)
    [request] = arm(emulation)
    sent = {each.host for each in emulation.log.requests if bearers([each])}
    assert sent == {request.host}
    assert emulation.log.select(DATA_HOST) == []
    assert emulation.log.refused_names == []


@pytest.mark.parametrize("following", [5, ["https://management.azure.com/x"], {"href": "x"}, True])
@pytest.mark.parametrize("name", LISTINGS)
async def test_a_next_page_that_cannot_be_read_is_no_last_page(
    management: Management, cloud: AzureCloud, name: str, following: object
) -> None:
    cloud.faults.add(arm_fault(answer(200, {"value": [], "nextLink": following})))
    with pytest.raises(MalformedAnswer):
        await CALLS[name](management)


async def test_a_listing_without_an_end_is_given_up(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    again = f"https://{ARM_HOST}{ACCOUNT_PATH}/deployments?api-version=2025-09-01&$skiptoken=x"
    cloud.faults.add(arm_fault(answer(200, {"value": [], "nextLink": again}), times=None))
    with pytest.raises(MalformedAnswer, match="more than"):
        await management.deployments("contoso")
    assert len(arm(emulation)) == PAGES


@pytest.mark.parametrize(
    "case",
    [
        (answer(503, b"down"), ServiceUnavailable),
        (answer(429, {"error": {"code": "TooManyRequests"}}), RateLimited),
        (Reset(), ServiceUnavailable),
        (Truncate(5), ServiceUnavailable),
    ],
)
async def test_only_the_connections_client_tries_again(
    management: Management,
    cloud: AzureCloud,
    emulation: Emulation,
    clock: VirtualClock,
    case: tuple[Action, type[ProviderError]],
) -> None:
    action, kind = case
    cloud.faults.add(arm_fault(action, times=None))
    with pytest.raises(kind):
        await management.models("swedencentral")
    truncated = isinstance(action, Truncate)
    assert len(arm(emulation)) == (1 if truncated else 3)
    assert len(clock.slept) == len(arm(emulation)) - 1


async def test_a_passing_failure_is_passed_over(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.faults.add(arm_fault(answer(503, b"down"), times=2))
    assert await management.models("swedencentral")
    assert len(arm(emulation)) == 3


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("name", ["models", "put", "delete"])
async def test_no_redirect_is_followed(
    management: Management, cloud: AzureCloud, emulation: Emulation, name: str, status: int
) -> None:
    cloud.faults.add(arm_fault(Redirect(f"https://{DATA_HOST}/", status), times=None))
    with pytest.raises(HostRefused):
        await CALLS[name](management)
    assert len(arm(emulation)) == 1
    assert emulation.log.select(DATA_HOST) == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>proxy</html>",
        b"[]",
        b"null",
        b'"text"',
        b'{"value": {}}',
        b'{"value": null}',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("name", LISTINGS)
async def test_a_listing_that_is_none_is_malformed(
    management: Management, cloud: AzureCloud, name: str, body: bytes
) -> None:
    cloud.faults.add(arm_fault(answer(200, body, content_type="application/json")))
    with pytest.raises((MalformedAnswer, HostRefused)):
        await CALLS[name](management)


async def test_half_a_character_is_read_as_a_question_mark(
    management: Management, cloud: AzureCloud
) -> None:
    body = rb'{"value": [{"unit": "gpt\ud800"}, {"unit": "\ud83d\ude00"}]}'
    cloud.faults.add(arm_fault(answer(200, body, content_type="application/json")))
    rows = await management.usages("swedencentral")
    assert [row["unit"] for row in rows] == ["gpt?", "😀"]


@pytest.mark.parametrize("name", ["models", "put"])
async def test_without_a_role_the_one_needed_is_named(
    management: Management, cloud: AzureCloud, name: str
) -> None:
    application_of(cloud).roles = []
    with pytest.raises(PermissionMissing) as refusal:
        await CALLS[name](management)
    assert "Cognitive Services Contributor" in refusal.value.hint
    assert refusal.value.request_id


async def test_who_may_only_read_can_list_and_not_write(
    management: Management, cloud: AzureCloud
) -> None:
    scope = ACCOUNT_PATH.partition("/resourceGroups")[0]
    application_of(cloud).roles = [RoleAssignment(role=READER, scope=scope)]
    assert await management.models("swedencentral")
    with pytest.raises(PermissionMissing):
        await CALLS["put"](management)


@pytest.mark.parametrize(
    "changes",
    [{"subscription_id": "00000000-0000-4000-8000-00000000dead"}, {"resource_group": "rg-none"}],
)
async def test_a_place_that_does_not_exist_says_what_to_check(
    connection: Connection, changes: dict[str, str]
) -> None:
    with pytest.raises(ResourceMissing) as refusal:
        await Management(connection, access(**changes)).accounts()
    assert "subscription, resource group" in refusal.value.hint


async def test_a_token_that_arm_does_not_take_is_a_matter_of_credentials(
    management: Management, cloud: AzureCloud
) -> None:
    await management.token(ARM_SCOPE)
    cloud.advance(4000)
    with pytest.raises(CredentialsRejected) as refusal:
        await management.accounts()
    assert refusal.value.code == "ExpiredAuthenticationToken"


async def test_what_is_not_there_is_none(management: Management) -> None:
    assert await management.deployment("contoso", "nobody") is None
    with pytest.raises(ResourceMissing):
        await management.account("nobody")


async def test_a_404_that_is_not_azures_own_does_not_say_that_nothing_is_there(
    management: Management, cloud: AzureCloud
) -> None:
    cloud.faults.add(arm_fault(answer(404, "<html>not here</html>")))
    with pytest.raises(ResourceMissing):
        await management.deployment("contoso", "mini")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"properties": null}'])
@pytest.mark.parametrize("name", ["account", "deployment"])
async def test_a_resource_without_properties_is_malformed(
    management: Management, cloud: AzureCloud, name: str, body: bytes
) -> None:
    cloud.faults.add(arm_fault(answer(200, body, content_type="application/json")))
    with pytest.raises(MalformedAnswer):
        await CALLS[name](management)


async def test_a_refusal_that_the_sdk_fails_over_is_a_refusal(
    management: Management, cloud: AzureCloud
) -> None:
    nested = answer(403, b"[" * 100_000, content_type="application/json")
    cloud.faults.add(arm_fault(nested))
    with pytest.raises(PermissionMissing) as refusal:
        await management.models("swedencentral")
    assert refusal.value.status == 403


async def test_no_variable_of_the_environment_chooses_the_cloud(
    management: Management, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_SDK_CLOUD_CONF", "nowhere")
    assert await management.accounts()


async def test_management_is_opened_once_for_a_connection(connection: Connection) -> None:
    opened = [await Management.of(connection, access()) for _ in range(2)]
    assert opened[0] is opened[1]


async def test_a_call_that_is_cancelled_ends_and_the_next_one_works(
    management: Management, cloud: AzureCloud
) -> None:
    arrived, loop = asyncio.Event(), asyncio.get_running_loop()

    async def hold(app: object, scope: object, receive: object, send: object) -> None:
        """Never answers, and tells the test's own loop that it was asked."""
        loop.call_soon_threadsafe(arrived.set)
        await asyncio.Event().wait()

    cloud.faults.add(arm_fault(hold))
    task = asyncio.create_task(management.models("swedencentral"))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await management.usages("swedencentral")


async def test_an_answer_without_end_is_cut_off(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    huge = b'{"value": ["' + b"x" * (33 * 1024 * 1024) + b'"]}'
    cloud.faults.add(arm_fault(answer(200, huge, content_type="application/json")))
    with pytest.raises(MalformedAnswer):
        await management.models("swedencentral")
    assert len(arm(emulation)) == 1


async def test_tokens_of_two_audiences_never_meet(
    management: Management, cloud: AzureCloud, emulation: Emulation
) -> None:
    data = (await management.token(COGNITIVE_SCOPE)).get_secret_value()
    for call in CALLS.values():
        await call(management)
    assert data not in bearers(arm(emulation))
    known = [cloud.directory.token(each) for each in bearers(arm(emulation))]
    assert [each.audience for each in known if each] == ["https://management.azure.com"]
