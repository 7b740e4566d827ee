"""Writes by management: sent whole, followed by their operation, made once."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from bonito_azure_arm.access import ARM_HOST
from bonito_azure_arm.errors import Busy
from bonito_azure_arm.management import Management
from bonito_emulators import Emulation, RecordedRequest, Reset
from bonito_emulators.azure import (
    Account,
    AzureCloud,
    Creation,
    Pace,
)
from bonito_emulators.faults import AfterApplied
from bonito_providers.errors import (
    HostRefused,
)
from plugins.azure_arm.tests.resources import (
    DATA_HOST,
    arm_fault,
    writes,
)

pytestmark = pytest.mark.anyio

MINI = {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"}
BODY = {"sku": {"name": "GlobalStandard", "capacity": 5}, "properties": {"model": MINI}}


def arm(emulation: Emulation) -> list[RecordedRequest]:
    return emulation.log.select(ARM_HOST)


async def test_a_body_is_sent_whole_also_where_the_sdk_has_no_field(
    management: Management, emulation: Emulation
) -> None:
    """azure-mgmt-cognitiveservices 14.1 drops `modelProviderData` from what it serialises."""
    data = {"organizationName": "Contoso", "countryCode": "SE", "industry": "technology"}
    claude = {"format": "Anthropic", "name": "claude-haiku-4-5", "version": "2"}
    body = {
        "sku": {"name": "GlobalStandard", "capacity": 1},
        "properties": {"model": claude, "modelProviderData": data},
    }
    await management.put_deployment("contoso", "claude", body)
    [request] = writes(emulation.log)
    assert parse_qs(request.query)["api-version"] == ["2025-10-01-preview"]
    assert request.json() == body
    assert request.header("content-type") == "application/json"


async def test_deploying_and_deleting_return_at_once_with_the_way_to_follow(
    management: Management, account: Account, emulation: Emulation
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=1))
    made = await management.put_deployment("contoso", "mini", BODY)
    assert len(arm(emulation)) == 1
    assert made.operation is not None
    assert made.operation.get_secret_value().startswith(f"https://{ARM_HOST}/subscriptions/")
    assert made.operation.get_secret_value() not in repr(made)
    assert (await management.operation(made.operation))["status"] == "Creating"
    assert (await management.operation(made.operation))["status"] == "Succeeded"


async def test_deleting_what_is_gone_is_no_error(
    management: Management, emulation: Emulation
) -> None:
    await management.delete_deployment("contoso", "nobody")
    assert [each.method for each in arm(emulation)] == ["DELETE"]


async def test_a_write_while_another_goes_on_is_busy(
    management: Management, account: Account, emulation: Emulation
) -> None:
    account.hold_writes(Pace(looks=5))
    with pytest.raises(Busy):
        await management.put_deployment("contoso", "mini", BODY)
    assert len(writes(emulation.log)) == 1


async def test_a_lost_answer_to_a_write_is_asked_for_again_and_makes_one(
    management: Management, cloud: AzureCloud, account: Account, emulation: Emulation
) -> None:
    cloud.faults.add(arm_fault(AfterApplied(Reset()), method="PUT"))
    await management.put_deployment("contoso", "mini", BODY)
    assert [each.name for each in account.standing()] == ["mini"]
    assert cloud.bill.count("created") == 1
    assert len(writes(emulation.log)) == 2


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"https://{DATA_HOST}/operation",
        "https://evil.test/operation",
        "http://management.azure.com/",
    ],
)
async def test_an_operation_named_at_another_host_gets_nothing(
    management: Management, emulation: Emulation, elsewhere: str
) -> None:
    with pytest.raises(HostRefused):
        await management.operation(SecretStr(elsewhere))
    assert emulation.log.requests == []
    assert emulation.log.refused_names == []
