"""The whole flow on a region's catalogue and quota as they were recorded from Azure."""

from __future__ import annotations

from pathlib import Path

import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import DeploymentRequest, NetworkSettings, Provider, State, wait
from plugins.azure_arm.tests.resources import FIELDS, KEYS, managed_cloud

RECORDED = Path(__file__).parents[4] / "shared" / "reference" / "azure-data" / "recorded"

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        not (RECORDED / "models.json").is_file(), reason="the recorded catalogue is not here"
    ),
]


@pytest.fixture
def account() -> Account:
    return Account(name="contoso", keys=KEYS, region="westeurope")


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    made = managed_cloud(account)
    region = made.load_recorded(RECORDED / "models.json", RECORDED / "usages.json")
    assert region.lower() == account.region
    return made


async def test_what_azure_was_seen_to_offer_is_listed_planned_deployed_called_and_deleted(
    provider: Provider, network: NetworkSettings, account: Account, emulation: Emulation
) -> None:
    ended: dict[str, State] = {}
    async with provider.connect(FIELDS, network=network) as managed:
        listing = await provider.list_models(managed)
        assert all(model.skus is not None for model in listing.items)
        for model in listing.items:
            request = DeploymentRequest(
                model=model.id, name="own", consents=frozenset({"marketplace_terms"})
            )
            plan = await provider.plan_deployment(managed, request)
            made = await wait(managed, plan)
            ended[model.id] = made.state
            if made.state is State.READY:
                standing = account.deployment("own")
                assert standing is not None
                assert (standing.sku, standing.capacity) == (plan.sku, plan.capacity)
                assert made.verified is not False
                gone = await provider.delete_deployment(managed, plan.ref)
                assert gone.state is State.ABSENT
            else:
                assert made.state is State.NEEDS_ACTION
                assert made.actions
    assert sum(state is State.READY for state in ended.values()) >= 15
    assert account.standing() == []
    # Neither a SKU, nor one that is billed by use.
    assert ended["OpenAI.gpt-image-1.2025-04-15"] is State.NEEDS_ACTION
    assert ended["OpenAI.gpt-4.1.2025-04-14-text"] is State.NEEDS_ACTION


async def test_the_default_beyond_the_quota_is_brought_down_as_azure_would_take_it(
    provider: Provider, network: NetworkSettings
) -> None:
    """MAI-DS-R1: default 5000, quota 1000, both recorded on 28 October 2025."""
    request = DeploymentRequest(model="MAI-DS-R1")
    async with provider.connect(FIELDS, network=network) as managed:
        plan = await provider.plan_deployment(managed, request)
        assert (plan.sku, plan.capacity) == ("GlobalStandard", 1000)
        assert (await wait(managed, plan)).state is State.READY
