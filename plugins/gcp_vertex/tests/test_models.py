"""The catalogue: all publishers, paged, served models and weights told apart."""

from __future__ import annotations

import pytest

from bonito_emulators import Fault, Respond
from bonito_emulators.gcp import GoogleCloud, PublisherModel
from bonito_gcp_vertex.facts import facts_of
from bonito_providers import Connection, Model, Provider, find_price
from bonito_providers.errors import ServiceUnavailable

pytestmark = pytest.mark.anyio


async def listed(provider: Provider, connection: Connection) -> dict[str, Model]:
    return {each.id: each for each in (await provider.list_models(connection)).items}


async def test_models_of_all_publishers_and_pages_are_listed(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.page_size = 3
    found = await listed(provider, connection)
    publishers = {each.partition("/")[0] for each in found}
    assert publishers >= {"google", "anthropic", "mistralai", "meta", "qwen", "openai", "xai"}


async def test_served_models_and_weights_are_told_apart_by_the_api(
    provider: Provider, connection: Connection
) -> None:
    found = await listed(provider, connection)
    assert [sku.name for sku in found["google/gemini-3.8-flash"].skus or ()] == ["serverless"]
    assert [sku.name for sku in found["google/gemma3@gemma-3-27b-it"].skus or ()] == [
        "a3-highgpu-2g:2xNVIDIA_H100_80GB",
        "g2-standard-12:1xNVIDIA_L4",
    ]
    alone = found["mistral-ai/mistral@mistral-7b-instruct-v0.3"].skus or ()
    assert [sku.name for sku in alone] == ["g2-standard-12:1xNVIDIA_L4"]


async def test_nothing_is_chat_only_because_its_kind_is_not_told(
    provider: Provider, connection: Connection
) -> None:
    found = await listed(provider, connection)
    assert {
        name: found[name].kind
        for name in (
            "google/gemini-3.8-flash",
            "google/gemini-3.1-flash-image",
            "google/veo-3.1-lite-generate-001@001",
            "google/text-embedding-005@001",
            "mistralai/mistral-ocr-2505@001",
            "contoso/weather-oracle@001",
        )
    } == {
        "google/gemini-3.8-flash": "chat",
        "google/gemini-3.1-flash-image": "image",
        "google/veo-3.1-lite-generate-001@001": "video",
        "google/text-embedding-005@001": "embedding",
        "mistralai/mistral-ocr-2505@001": "ocr",
        "contoso/weather-oracle@001": None,
    }


async def test_the_publisher_is_read_from_the_name_and_not_from_the_template(
    provider: Provider, connection: Connection
) -> None:
    found = await listed(provider, connection)
    assert found["qwen/qwen3-next-80b-a3b-instruct-maas@001"].format == "qwen"


async def test_a_failing_page_is_an_error_and_no_empty_list(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.faults.add(
        Fault(action=Respond(500, body={}), path_prefix="/v1beta1/publishers", times=None)
    )
    with pytest.raises(ServiceUnavailable):
        await provider.list_models(connection)


async def test_a_new_word_of_the_service_passes_through(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.catalogue.models.append(
        PublisherModel(publisher="google", name="gemini-5", stage="LIMITED_GA", surface="gemini")
    )
    assert (await listed(provider, connection))["google/gemini-5"].lifecycle == "LIMITED_GA"


async def test_served_models_are_priced_by_the_row_that_litellm_has_for_them(
    provider: Provider, connection: Connection
) -> None:
    found = await listed(provider, connection)
    for name in (
        "google/gemini-3.8-flash",
        "google/gemini-embedding-2",
        "anthropic/claude-opus-5",
        "mistralai/mistral-medium-3@001",
        "meta/llama-3.3-70b-instruct-maas@001",
        "openai/gpt-oss-120b-maas@001",
    ):
        key = found[name].price_key
        assert key is not None
        assert find_price(key) is not None or "llama" in key, key
    assert found["google/gemma3@gemma-3-1b-it"].price_key is None


def test_an_operators_rows_come_before_the_shipped_ones() -> None:
    own = {"match": "contoso/*", "kind": "chat", "surface": "openapi", "source": "us", "date": ""}
    assert facts_of("contoso", "weather-oracle", [own]).surface == "openapi"
    assert facts_of("contoso", "weather-oracle").surface is None
