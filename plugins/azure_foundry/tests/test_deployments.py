"""What is deployed: project listing, else preview listing, else nothing, each under its name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonito_azure_arm.deployments import LIMIT
from bonito_azure_foundry import deployments
from bonito_emulators import Emulation, Fault, Reset
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers import Connection, Listing, State
from bonito_providers import Deployment as Found
from bonito_providers.errors import CredentialsRejected, HostUnreachable, ServiceUnavailable
from bonito_providers.network import ATTEMPTS
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_foundry.tests.json_values import JSON
from plugins.azure_foundry.tests.resources import (
    COGNITIVE,
    OPENAI,
    PROJECT,
    SERVICES,
    WRONG_KEY,
    Connect,
    keys_sent,
    model_calls,
)

pytestmark = pytest.mark.anyio

ALL = ["assistant", "mini", "partner", "reasoner", "vectors"]
PROJECT_PATH = "/api/projects/team/deployments"
PREVIEW_PATH = "/openai/deployments"
ROW = {"name": "writer", "type": "ModelDeployment", "modelName": "gpt-4o-mini"}


async def _listed(connection: Connection) -> Listing[Found]:
    async with connection:
        return await connection.provider.list_deployments(connection)


def _names(listing: Listing[Found]) -> list[str]:
    return [item.ref.name for item in listing.items]


def _page(rows: list[Any], link: object = None) -> dict[str, Any]:
    return {"value": rows} if link is None else {"value": rows, "nextLink": link}


def _project(body: dict[str, Any]) -> Fault:
    return Fault(action=answer(200, body), path_prefix=PROJECT_PATH)


def _preview(rows: list[Any]) -> Fault:
    return Fault(action=answer(200, {"data": rows}), path_prefix=PREVIEW_PATH)


async def test_the_project_is_listed_page_by_page_with_version_publisher_and_sku(
    connect: Connect, emulation: Emulation
) -> None:
    listing = await _listed(connect(PROJECT))
    assert _names(listing) == ALL
    assert (listing.complete, listing.skipped, listing.notes) == (True, (), ())
    assert listing.source == "The deployments of project team."
    mini = listing.items[1]
    assert (mini.model.name, mini.model.version) == ("gpt-4o-mini", "2024-07-18")
    assert (mini.model.publisher, mini.sku, mini.capacity) == ("OpenAI", "GlobalStandard", 50)
    assert len(emulation.log.select(path=PROJECT_PATH)) == 3
    assert emulation.log.select(path=PREVIEW_PATH) == []


async def test_without_a_project_the_preview_listing_says_that_it_is_undocumented(
    connect: Connect, emulation: Emulation
) -> None:
    listing = await _listed(connect())
    assert _names(listing) == ALL
    assert "undocumented 2023-03-15-preview" in listing.source
    assert listing.complete
    assert {(item.model.version, item.sku) for item in listing.items} == {(None, None)}
    [request] = emulation.log.select(path=PREVIEW_PATH)
    assert request.query == "api-version=2023-03-15-preview"


@pytest.mark.parametrize("host", [OPENAI, COGNITIVE])
async def test_the_twin_hosts_list_the_same(connect: Connect, host: str) -> None:
    assert _names(await _listed(connect(host))) == ALL


async def test_a_project_that_takes_no_keys_is_passed_over_with_a_note(
    connect: Connect, account: Account
) -> None:
    account.project_listing_accepts_key = False
    listing = await _listed(connect(PROJECT))
    assert _names(listing) == ALL
    assert "preview" in listing.source
    assert "project team did not answer" in listing.notes[0]


async def test_a_project_that_does_not_exist_is_passed_over_with_a_note(
    connect: Connect,
) -> None:
    listing = await _listed(connect(f"{SERVICES}/api/projects/nobodys"))
    assert _names(listing) == ALL
    assert "project nobodys did not answer" in listing.notes[0]


@pytest.mark.parametrize("endpoint", [SERVICES, PROJECT])
async def test_where_no_listing_answers_the_empty_list_says_that_it_knows_nothing(
    connect: Connect, account: Account, endpoint: str
) -> None:
    account.legacy_listing = account.project_listing_accepts_key = False
    listing = await _listed(connect(endpoint))
    assert (listing.items, listing.complete) == ((), False)
    assert listing.source == "No listing answers."
    assert "can be adopted" in listing.notes[-1]


async def test_a_refused_key_is_an_error_and_not_an_empty_list(connect: Connect) -> None:
    with pytest.raises(CredentialsRejected):
        await _listed(connect(key=WRONG_KEY))


@pytest.mark.parametrize("endpoint", [SERVICES, PROJECT])
async def test_a_service_that_is_down_is_an_error_and_not_an_empty_list(
    connect: Connect, cloud: AzureCloud, endpoint: str
) -> None:
    cloud.faults.add(always(Reset()))
    with pytest.raises(ServiceUnavailable):
        await _listed(connect(endpoint))


async def test_a_dead_host_is_not_asked_by_a_second_way(
    connect: Connect, emulation: Emulation
) -> None:
    with pytest.raises(HostUnreachable):
        await _listed(connect("https://nobody.services.ai.azure.com/api/projects/team"))
    assert emulation.log.refused_names == ["nobody.services.ai.azure.com"] * ATTEMPTS


LINKS = [
    "https://evil.test/api/projects/team/deployments?skip=2",
    "https://legacy.openai.azure.com/api/projects/team/deployments?skip=2",
    "https://contoso.openai.azure.com/api/projects/team/deployments?skip=2",
    "https://contoso.services.ai.azure.com.evil.test/api/projects/team/deployments",
    "https://contoso.services.ai.azure.com:8443/api/projects/team/deployments",
    "https://user@contoso.services.ai.azure.com/api/projects/team/deployments",
    "http://contoso.services.ai.azure.com/api/projects/team/deployments",
    "//evil.test/api/projects/team/deployments",
    "/api/projects/team/deployments?skip=2",
    f"{SERVICES}/api/../openai/deployments",
    f"{SERVICES}/api/projects\n",
    f"{SERVICES}/api/\x00",
    f"{SERVICES}/api/{'x' * 70_000}",
    f"{SERVICES}/openai/deployments",
    7,
    {"href": "https://evil.test"},
    ["https://evil.test"],
]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: repr(link)[:60])
async def test_a_further_page_elsewhere_gets_nothing_and_the_listing_says_so(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, link: object
) -> None:
    cloud.faults.add(_project(_page([ROW], link)))
    listing = await _listed(connect(PROJECT))
    assert _names(listing) == ["writer"]
    assert not listing.complete
    assert "the key was not sent there" in listing.notes[0]
    assert {host for host, _ in keys_sent(emulation.log)} == {"contoso.services.ai.azure.com"}
    assert len(emulation.log.select(path_prefix="/api/")) == 1
    assert emulation.log.refused_names == []


async def test_a_further_page_that_redirects_is_not_followed(
    connect: Connect, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.faults.add(_project(_page([ROW], f"{SERVICES}{PROJECT_PATH}?api-version=v1&skip=2")))
    cloud.faults.add(
        Fault(action=answer(307, location="https://evil.test/"), path_prefix=PROJECT_PATH)
    )
    listing = await _listed(connect(PROJECT))
    assert "project team did not answer" in listing.notes[0]
    assert emulation.log.refused_names == []


async def test_pages_without_end_are_read_up_to_a_limit_and_the_listing_says_so(
    connect: Connect, cloud: AzureCloud, emulation: Emulation
) -> None:
    link = f"{SERVICES}{PROJECT_PATH}?api-version=v1&skip=2"
    cloud.faults.add(always(answer(200, _page([ROW], link)), PROJECT_PATH))
    listing = await _listed(connect(PROJECT))
    assert len(emulation.log.select(path=PROJECT_PATH)) == deployments.PAGES
    assert _names(listing) == ["writer"]
    assert not listing.complete
    assert f"more than {deployments.PAGES} pages" in listing.notes[0]


async def test_rows_without_end_are_not_all_fetched(
    connect: Connect, cloud: AzureCloud, emulation: Emulation
) -> None:
    rows = [{**ROW, "name": f"d{number:05}"} for number in range(LIMIT + 1)]
    link = f"{SERVICES}{PROJECT_PATH}?api-version=v1&skip=2"
    cloud.faults.add(always(answer(200, _page(rows, link)), PROJECT_PATH))
    listing = await _listed(connect(PROJECT))
    assert len(listing.items) == LIMIT
    assert not listing.complete
    assert len(emulation.log.select(path=PROJECT_PATH)) == 1


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


@pytest.mark.parametrize("status", ["hibernating", "", None, 5])
async def test_an_unknown_status_is_skipped_with_the_reason(
    connect: Connect, cloud: AzureCloud, status: object
) -> None:
    cloud.faults.add(_preview([{"id": "writer", "model": "gpt-4o", "status": status}]))
    listing = await _listed(connect())
    assert listing.items == ()
    [skipped] = listing.skipped
    assert skipped.id == "writer"
    assert "status" in skipped.reason
    assert "adopted by its name" in skipped.reason


async def test_what_is_no_deployment_of_a_model_is_skipped_with_the_reason(
    connect: Connect, cloud: AzureCloud
) -> None:
    cloud.faults.add(_project(_page([ROW, {**ROW, "name": "x", "type": "AgentDeployment"}])))
    listing = await _listed(connect(PROJECT))
    assert _names(listing) == ["writer"]
    assert [(each.id, "AgentDeployment" in each.reason) for each in listing.skipped] == [
        ("x", True)
    ]


async def test_rows_that_cannot_be_read_are_counted_and_the_others_stay(
    connect: Connect, cloud: AzureCloud
) -> None:
    good = {"id": "writer", "model": "gpt-4o", "status": "succeeded"}
    cloud.faults.add(_preview([None, 5, "x", [], {}, {"id": ""}, {"id": 7}, good, good]))
    listing = await _listed(connect())
    assert _names(listing) == ["writer"]
    assert len(listing.skipped) == 7


async def test_each_deployment_carries_what_was_seen_of_the_surfaces(
    connect: Connect, account: Account
) -> None:
    account.models_surface = False
    listing = await _listed(connect())
    for item in listing.items:
        seen = {surface.name: surface.answers for surface in item.surfaces}
        assert seen == {"models": False, "openai_v1": True}
        assert all(surface.observed_at for surface in item.surfaces)


async def test_nobody_is_said_to_own_or_to_have_verified_what_is_listed(
    connect: Connect, emulation: Emulation
) -> None:
    listing = await _listed(connect())
    assert {(item.owned, item.verified, item.created) for item in listing.items} == {
        (None, None, None)
    }
    assert model_calls(emulation.log) == []


KEYS_OF_A_ROW = (
    "id", "name", "type", "status", "model", "modelName", "modelVersion", "modelPublisher", "sku"
)  # fmt: skip
ROWS = JSON | st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(KEYS_OF_A_ROW, JSON)
    | {
        "type": st.just("ModelDeployment"),
        "status": st.just("succeeded"),
        "sku": st.fixed_dictionaries({}, optional={"name": JSON, "capacity": JSON}),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=6))
@pytest.mark.parametrize("endpoint", [SERVICES, PROJECT])
async def test_rows_of_any_shape_are_deployments_or_skipped_with_a_reason(
    connect: Connect, cloud: AzureCloud, endpoint: str, rows: list[Any]
) -> None:
    cloud.faults.add(_project(_page(rows)) if endpoint == PROJECT else _preview(rows))
    listing = await _listed(connect(endpoint))
    assert listing.model_dump_json()
    assert len(listing.items) + len(listing.skipped) <= len(rows)
    assert all(each.reason for each in listing.skipped)
    for item in listing.items:
        assert item.ref.name
        assert item.capacity is None or item.capacity > 0
