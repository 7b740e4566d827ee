"""Which models are listed, by which way, and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_openai.facts import facts_of
from bonito_azure_openai.models import parse_model
from bonito_emulators import Emulation, Fault
from bonito_emulators.azure import Account, Application, AzureCloud, Deployment, bundled_catalogue
from bonito_providers import Connection, Listing, Model, ProviderRegistry, RegistrySettings, Skipped
from plugins.azure_arm.tests.faults import answer
from plugins.azure_openai.tests.json_values import JSON
from plugins.azure_openai.tests.resources import (
    ARM,
    BY_PRINCIPAL,
    HOST,
    KEYS,
    MANAGED,
    OPENAI,
    UPGRADED,
    Connect,
)
from tests.virtual_time import START

pytestmark = pytest.mark.anyio

WAYS = [{"endpoint": OPENAI, "api_key": KEYS[0]}, BY_PRINCIPAL, MANAGED]


async def _listed(connection: Connection) -> Listing[Model]:
    async with connection:
        return await connection.provider.list_models(connection)


@pytest.mark.parametrize("fields", WAYS, ids=["key", "principal", "managed"])
@pytest.mark.parametrize("endpoint", [OPENAI, UPGRADED])
async def test_only_models_of_openai_are_listed_whatever_the_way_and_the_account(
    connect: Connect, fields: dict[str, str], endpoint: str
) -> None:
    listing = await _listed(connect(**{**fields, "endpoint": endpoint}))
    openai = {model.id for model in bundled_catalogue() if model.format == "OpenAI"}
    openai |= {f"OpenAI.{model.name}.{model.version}" for model in bundled_catalogue()}
    assert listing.complete
    assert {model.id for model in listing.items} <= openai
    assert {model.format for model in listing.items} == {"OpenAI"}
    assert {"gpt-4o", "gpt-5-mini", "text-embedding-3-small"} <= {
        model.name for model in listing.items
    }


async def test_every_model_that_a_key_sees_is_listed_or_left_out_with_the_reason(
    connect: Connect,
) -> None:
    listing = await _listed(connect())
    seen = {model.id for model in listing.items} | {each.id for each in listing.skipped}
    assert seen == {model.id for model in bundled_catalogue()}
    reasons = {each.id: each.reason for each in listing.skipped}
    assert "format is DeepSeek" in reasons["DeepSeek-V3.1"]
    assert "Foundry" in reasons["DeepSeek-V3.1"]
    assert "format is OpenAI-OSS" in reasons["gpt-oss-120b"]


async def test_every_shipped_name_of_the_catalogue_has_its_format() -> None:
    wrong = {
        model.name: (model.format, facts_of(model.name).format)
        for model in bundled_catalogue()
        if facts_of(model.name).format != model.format
    }
    assert wrong == {}


async def test_by_management_there_are_skus_versions_and_prices(
    connect: Connect, emulation: Emulation
) -> None:
    listing = await _listed(connect(**MANAGED))
    assert "Azure Resource Manager" in listing.source
    mini = next(model for model in listing.items if model.name == "gpt-4o-mini")
    assert (mini.publisher, mini.sold_by, mini.terms_needed) == ("OpenAI", "first_party", False)
    assert (mini.kind, mini.deployed_as) == ("chat", ("mini",))
    assert mini.price_key == "azure/gpt-4o-mini-2024-07-18"
    assert mini.skus is not None
    assert "Standard" in {sku.name for sku in mini.skus}
    assert emulation.log.select(HOST) == []


async def test_by_the_data_plane_skus_are_unknown_and_a_note_says_so(connect: Connect) -> None:
    listing = await _listed(connect())
    assert {model.skus for model in listing.items} == {None}
    assert "show only with a service principal" in listing.notes[0]


async def test_what_is_deployed_is_known_where_one_version_can_be_meant(
    connect: Connect, account: Account
) -> None:
    account.add(Deployment(name="omni", model="gpt-4o"))
    found = {model.id: model.deployed_as for model in (await _listed(connect())).items}
    assert found["gpt-4o-mini-2024-07-18"] == ("mini",)
    assert found["text-embedding-3-large"] == ()
    assert found["gpt-4o-2024-11-20"] is found["gpt-4o-2024-08-06"] is None


async def test_without_the_right_to_manage_the_data_plane_lists_and_a_note_says_why(
    connect: Connect, application: Application
) -> None:
    application.roles = []
    listing = await _listed(connect(**MANAGED, api_key=KEYS[0]))
    assert listing.source == "The region's base models, by the data plane."
    assert "Azure Resource Manager did not list them" in listing.notes[0]
    assert listing.items


async def test_where_the_deployments_cannot_be_listed_nobody_says_that_there_are_none(
    connect: Connect, account: Account
) -> None:
    account.legacy_listing = False
    listing = await _listed(connect())
    assert {model.deployed_as for model in listing.items} == {None}


async def test_an_operators_row_makes_an_unknown_model_one_of_openais(
    connect: Connect, cloud: AzureCloud
) -> None:
    unknown = {"data": [{"id": "omega-1"}]}
    cloud.faults.add(Fault(action=answer(200, unknown), path_prefix="/openai/models", times=1))
    listing = await _listed(connect())
    assert [each.reason for each in listing.skipped] == [
        "nothing says that omega-1 is one of OpenAI's models"
    ]
    row = {"match": "omega-*", "format": "OpenAI", "kind": "chat", "source": "us", "date": "2026"}
    settings = RegistrySettings(data_overrides={"azure_openai": {"models": [row]}})
    registry = ProviderRegistry.discover(settings)
    rows = registry.provider("azure_openai").data_overrides["models"]
    model = parse_model({"id": "omega-1"}, now=START, overrides=rows)
    assert isinstance(model, Model)
    assert (model.kind, model.price_key) == ("chat", "azure/omega-1")


async def test_the_catalogue_of_the_management_plane_is_read_page_by_page(
    connect: Connect, cloud: AzureCloud, emulation: Emulation
) -> None:
    whole = await _listed(connect(**MANAGED))
    cloud.page_size = 7
    emulation.log.clear()
    paged = await _listed(connect(**MANAGED))
    assert paged.items == tuple(each.model_copy() for each in whole.items)
    assert len([each for each in emulation.log.select(ARM) if each.path.endswith("/models")]) > 5


def test_a_retired_model_is_left_out_with_the_date() -> None:
    row = {
        "id": "gpt-4o",
        "deprecation": {"inference": datetime(2025, 1, 1, tzinfo=UTC).timestamp()},
    }
    assert parse_model(row, now=START) == Skipped(id="gpt-4o", reason="retired on 2025-01-01")


ROWS = JSON | st.fixed_dictionaries(
    {"id": st.sampled_from(["gpt-4o", "gpt-5-2025-08-07", "x"]) | JSON},
    optional=dict.fromkeys(("capabilities", "lifecycle_status"), JSON)
    | {"deprecation": st.fixed_dictionaries({"inference": JSON}) | JSON},
)


@given(row=ROWS)
def test_a_row_of_any_shape_is_a_model_or_left_out_with_a_reason(row: Any) -> None:
    item = parse_model(row, now=START)
    assert item.model_dump_json()
    if isinstance(item, Skipped):
        assert item.reason
    else:
        assert item.format == "OpenAI"
