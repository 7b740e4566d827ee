"""An account is found by the hosts ARM says it answers on, never by its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_arm.access import ARM_HOST
from bonito_azure_arm.accounts import Account, find_account
from bonito_azure_arm.errors import ResourceMissing
from bonito_azure_arm.management import Management
from bonito_emulators import Emulation
from bonito_emulators.azure import Account as Resource
from bonito_emulators.azure import AzureCloud
from bonito_providers import Connection
from bonito_providers.errors import InvalidRequest
from plugins.azure_arm.tests.resources import KEYS, access, contoso, managed_cloud
from plugins.azure_foundry.tests.json_values import JSON

pytestmark = pytest.mark.anyio

FOUNDRY = frozenset({"AIServices"})


@pytest.fixture
def cloud(account: Resource) -> AzureCloud:
    """`contoso`, one of the old kind, one with a subdomain of its own, and one with none."""
    return managed_cloud(
        account,
        Resource(name="legacy", kind="OpenAI", keys=KEYS),
        Resource(name="Renamed-Account", keys=KEYS, custom_subdomain="Shop"),
        Resource(name="regional", keys=KEYS, custom_subdomain=None),
        Resource(name="elsewhere", keys=KEYS, resource_group="rg-other"),
    )


async def found(
    connection: Connection,
    label: str,
    *,
    kinds: Collection[str] = FOUNDRY,
    account_name: str | None = None,
) -> Account:
    named = {} if account_name is None else {"account_name": account_name}
    management = Management(connection, access(**named))
    return await find_account(connection, management, label=label, kinds=kinds)


@pytest.mark.parametrize(
    ("label", "name"),
    [("contoso", "contoso"), ("shop", "Renamed-Account"), ("regional", "regional")],
)
async def test_an_account_is_found_by_any_of_its_hosts(
    connection: Connection, label: str, name: str
) -> None:
    account = await found(connection, label)
    assert (account.name, account.kind, account.location) == (name, "AIServices", "swedencentral")
    assert any(host.startswith(f"{label}.") for host in account.hosts)


async def test_the_region_that_accounts_without_a_subdomain_share_is_no_label_of_theirs(
    connection: Connection,
) -> None:
    """`properties.endpoint` is then the region's (recorded, 28 October 2025)."""
    with pytest.raises(ResourceMissing):
        await found(connection, "swedencentral.api")


async def test_a_name_alone_does_not_make_it_the_account(connection: Connection) -> None:
    with pytest.raises(InvalidRequest, match=r"Renamed-Account does not answer on contoso"):
        await found(connection, "contoso", account_name="Renamed-Account")
    assert (await found(connection, "shop", account_name="renamed-account")).name


async def test_an_account_named_that_is_not_there_is_missing(connection: Connection) -> None:
    with pytest.raises(ResourceMissing) as refusal:
        await found(connection, "contoso", account_name="nobody")
    assert refusal.value.hint


async def test_an_endpoint_of_another_resource_group_names_the_accounts_of_this_one(
    connection: Connection,
) -> None:
    with pytest.raises(ResourceMissing) as refusal:
        await found(connection, "elsewhere")
    assert "Renamed-Account, contoso, legacy, regional" in refusal.value.hint


async def test_an_account_of_another_kind_is_for_another_provider(connection: Connection) -> None:
    with pytest.raises(InvalidRequest, match="of kind OpenAI, not AIServices"):
        await found(connection, "legacy")
    assert (await found(connection, "legacy", kinds={"AIServices", "OpenAI"})).kind == "OpenAI"


async def test_an_account_is_looked_for_once_and_after_a_failure_again(
    connection: Connection, emulation: Emulation, account: Resource
) -> None:
    account.custom_subdomain = "not-yet"
    with pytest.raises(ResourceMissing):
        await found(connection, "contoso")
    account.custom_subdomain = "contoso"
    for _ in range(3):
        await found(connection, "contoso")
    assert len(emulation.log.select(ARM_HOST)) == 2


async def test_an_account_on_a_further_page_is_found(
    connection: Connection, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.page_size = 1
    assert (await found(connection, "regional")).name == "regional"
    assert len(emulation.log.select(ARM_HOST)) == 4


async def test_whether_an_account_takes_keys_is_read(
    connection: Connection, account: Resource
) -> None:
    account.local_auth_disabled = True
    assert (await found(connection, "contoso")).keys_disabled


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": JSON,
            "kind": JSON,
            "properties": JSON
            | st.fixed_dictionaries(
                {},
                optional={
                    "endpoint": JSON | st.sampled_from(["https://[", "//x", "https://a:b:c/"]),
                    "endpoints": JSON | st.dictionaries(st.text(), JSON | st.just("https://[::")),
                },
            ),
        },
    )
)
def test_an_account_of_any_json_is_read_and_never_raises(body: dict[str, Any]) -> None:
    account = Account.parse(body)
    assert all(host == host.lower() for host in account.hosts)
    assert account.answers_on("contoso") in {True, False}


def test_the_plain_resource_of_these_tests_answers_on_its_name() -> None:
    assert contoso().hosts[0] == "contoso.services.ai.azure.com"
