"""What is deployed: by management, else by the preview listing, else nothing is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonito_emulators import Emulation, Fault, Reset
from bonito_emulators.azure import Account, Application, AzureCloud, Deployment
from bonito_providers import Connection, Listing, State
from bonito_providers import Deployment as Found
from bonito_providers.errors import CredentialsRejected, HostUnreachable, ServiceUnavailable
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_openai.tests.json_values import JSON
from plugins.azure_openai.tests.resources import (
    ARM,
    BY_KEY,
    BY_PRINCIPAL,
    HOST,
    KEYS,
    MANAGED,
    OPENAI,
    UPGRADED,
    WRONG_KEY,
    Connect,
    model_calls,
)

pytestmark = pytest.mark.anyio

PATH = "/openai/deployments"


async def _listed(connection: Connection) -> Listing[Found]:
    async with connection:
        return await connection.provider.list_deployments(connection)


def _names(listing: Listing[Found]) -> list[str]:
    return [item.ref.name for item in listing.items]


@pytest.mark.parametrize("fields", [BY_KEY, BY_PRINCIPAL], ids=["key", "principal"])
async def test_the_preview_listing_says_that_it_is_undocumented(
    connect: Connect, emulation: Emulation, fields: dict[str, str]
) -> None:
    listing = await _listed(connect(**fields))
    assert _names(listing) == ["mini", "reasoner", "vectors"]
    assert "undocumented 2023-03-15-preview" in listing.source
    assert listing.complete
    assert {(item.sku, item.owned) for item in listing.items} == {(None, None)}
    [request] = emulation.log.select(path=PATH)
    assert request.query == "api-version=2023-03-15-preview"


async def test_management_tells_version_sku_and_owner_and_the_data_plane_hears_nothing(
    connect: Connect, emulation: Emulation, account: Account
) -> None:
    account.add(
        Deployment(
            name="ours", model="gpt-4o", sku="Standard", tags={"managed-by": "bonito-providers"}
        )
    )
    listing = await _listed(connect(**MANAGED))
    found = {item.ref.name: item for item in listing.items}
    assert sorted(found) == ["mini", "ours", "reasoner", "vectors"]
    mini = found["mini"]
    assert (mini.sku, mini.capacity, mini.model.version) == ("Standard", 50, "2024-07-18")
    assert {name: item.owned for name, item in found.items()} == {
        "mini": False,
        "ours": True,
        "reasoner": False,
        "vectors": False,
    }
    assert {request.host for request in emulation.log.requests} - {HOST} == {
        ARM,
        "login.microsoftonline.com",
    }
    assert emulation.log.select(HOST) == []


@pytest.mark.parametrize("fields", [BY_KEY, MANAGED], ids=["key", "managed"])
async def test_a_partners_deployment_is_left_out_and_foundry_is_named(
    connect: Connect, fields: dict[str, str]
) -> None:
    listing = await _listed(connect(**{**fields, "endpoint": UPGRADED}))
    assert _names(listing) == ["mini"]
    [skipped] = listing.skipped
    assert skipped.id == "partner"
    assert "format is DeepSeek" in skipped.reason
    assert "Foundry" in skipped.reason


async def test_what_nobody_knows_the_model_of_stays_because_it_may_be_a_fine_tune(
    connect: Connect, cloud: AzureCloud
) -> None:
    rows = [{"id": "tuned", "model": "our-own-tune", "status": "succeeded"}]
    cloud.faults.add(Fault(action=answer(200, {"data": rows}), path_prefix=PATH))
    listing = await _listed(connect())
    assert _names(listing) == ["tuned"]
    assert listing.items[0].model.format is None


async def test_without_the_right_to_manage_the_preview_lists_and_a_note_says_why(
    connect: Connect, application: Application
) -> None:
    application.roles = []
    listing = await _listed(connect(**MANAGED, api_key=KEYS[0]))
    assert _names(listing) == ["mini", "reasoner", "vectors"]
    assert "Azure Resource Manager did not list them" in listing.notes[0]


async def test_where_no_listing_answers_the_empty_list_says_that_it_knows_nothing(
    connect: Connect, account: Account
) -> None:
    account.legacy_listing = False
    listing = await _listed(connect())
    assert (listing.items, listing.complete) == ((), False)
    assert listing.source == "No listing answers."
    assert "can be adopted" in listing.notes[-1]


async def test_a_refused_key_is_an_error_and_not_an_empty_list(connect: Connect) -> None:
    with pytest.raises(CredentialsRejected):
        await _listed(connect(endpoint=OPENAI, api_key=WRONG_KEY))


@pytest.mark.parametrize("fields", [BY_KEY, MANAGED], ids=["key", "managed"])
async def test_a_service_that_is_down_is_an_error_and_not_an_empty_list(
    connect: Connect, cloud: AzureCloud, fields: dict[str, str]
) -> None:
    cloud.faults.add(always(Reset()))
    with pytest.raises(ServiceUnavailable):
        await _listed(connect(**fields))


async def test_a_dead_host_is_an_error(connect: Connect, emulation: Emulation) -> None:
    with pytest.raises(HostUnreachable):
        await _listed(connect(endpoint="https://nobody.openai.azure.com", api_key=KEYS[0]))
    assert emulation.log.requests == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("succeeded", State.READY),
        ("running", State.PROVISIONING),
        ("notRunning", State.PROVISIONING),
        ("failed", State.FAILED),
        ("canceled", State.FAILED),
        ("deleted", State.ABSENT),
    ],
)
async def test_the_preview_listings_words_are_states(
    connect: Connect, account: Account, status: str, state: State
) -> None:
    account.add(Deployment(name="writer", model="gpt-4o-mini", status=status))
    found = {item.ref.name: item.state for item in (await _listed(connect())).items}
    assert found["writer"] is state


async def test_nobody_is_said_to_have_verified_what_is_listed(
    connect: Connect, emulation: Emulation
) -> None:
    for fields in (BY_KEY, MANAGED):
        listing = await _listed(connect(**fields))
        assert {(item.verified, item.created) for item in listing.items} == {(None, None)}
    assert model_calls(emulation.log) == []


ROWS = JSON | st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("id", "model"), JSON) | {"status": st.just("succeeded") | JSON},
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=6))
async def test_rows_of_any_shape_are_deployments_or_skipped_with_a_reason(
    connect: Connect, cloud: AzureCloud, rows: list[Any]
) -> None:
    cloud.faults.add(Fault(action=answer(200, {"data": rows}), path_prefix=PATH))
    listing = await _listed(connect())
    assert listing.model_dump_json()
    assert len(listing.items) + len(listing.skipped) <= len(rows)
    assert all(each.reason for each in listing.skipped)
    assert all(item.ref.name for item in listing.items)
