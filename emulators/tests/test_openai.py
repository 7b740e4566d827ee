"""`/openai/v1` and the classic surface: headers, versions, bodies, embeddings."""

from __future__ import annotations

import base64
import math
import struct
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_emulators.models.vectors import vector

if TYPE_CHECKING:
    from bonito_emulators import Emulation
    from bonito_emulators.azure import Account

pytestmark = pytest.mark.slow

V1 = "/openai/v1/chat/completions"
CLASSIC = "/openai/deployments/mini/chat/completions"
DATED = "?api-version=2024-10-21"


def body(model: str = "mini", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "hello"}], **more}


def credential(header: str, key: str) -> dict[str, str]:
    return {header: f"Bearer {key}" if header == "authorization" else key}


@pytest.fixture
def keyed(client: httpx.Client, key: str) -> httpx.Client:
    client.headers["api-key"] = key
    return client


@pytest.mark.parametrize("model", ["mini", "partner"])
@pytest.mark.parametrize("header", ["api-key", "authorization"])
@pytest.mark.parametrize("query", ["", "?api-version=preview", "?api-version=v1"])
def test_v1_takes_either_header_and_no_dated_version(  # noqa: PLR0917 - parameters
    emulation: Emulation, client: httpx.Client, key: str, model: str, header: str, query: str
) -> None:
    answer = client.post(V1 + query, json=body(model), headers=credential(header, key))
    assert answer.status_code == 200
    assert emulation.log.violations == []


def test_v1_refuses_a_dated_version(keyed: httpx.Client) -> None:
    answer = keyed.post(V1 + DATED, json=body())
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        "api-version query parameter is not allowed when using /v1 path"
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("acme.services.ai.azure.com", 200),
        ("acme.openai.azure.com", 200),
        ("acme.cognitiveservices.azure.com", 404),
        ("legacy.openai.azure.com", 200),
    ],
)
def test_v1_is_served_where_it_is_documented(keyed: httpx.Client, host: str, status: int) -> None:
    assert keyed.post(f"https://{host}{V1}", json=body()).status_code == status


def test_v1_can_be_absent(keyed: httpx.Client, account: Account) -> None:
    account.openai_v1_surface = False
    assert keyed.post(V1, json=body()).status_code == 404


def test_v1_names_the_error_of_an_unknown_deployment_more_fully(keyed: httpx.Client) -> None:
    error = keyed.post(V1, json=body("gpt-4o-mini-2024-07-18")).json()["error"]
    assert error["code"] == "DeploymentNotFound"
    assert (error["type"], error["param"]) == ("invalid_request_error", None)
    classic = keyed.post(f"/openai/deployments/nothing/chat/completions{DATED}", json=body())
    assert classic.status_code == 404
    assert classic.json()["error"].keys() == {"code", "message"}


@pytest.mark.parametrize("path", [V1, f"/openai/deployments/sonnet/chat/completions{DATED}"])
def test_claude_is_not_served_on_openai_routes(keyed: httpx.Client, path: str) -> None:
    answer = keyed.post(path, json=body("sonnet"))
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "api_not_supported"


@pytest.mark.parametrize(
    "host",
    ["acme.services.ai.azure.com", "acme.openai.azure.com", "acme.cognitiveservices.azure.com"],
)
def test_classic_is_served_on_every_host_and_ignores_the_model(
    emulation: Emulation, keyed: httpx.Client, host: str
) -> None:
    answer = keyed.post(f"https://{host}{CLASSIC}{DATED}", json=body("whatever"))
    assert answer.json()["model"] == "gpt-4o-mini-2024-07-18"
    assert emulation.log.violations == []


@pytest.mark.parametrize(
    "version",
    [
        "2024-10-21",
        "2024-12-01-preview",
        "2025-01-01-preview",
        "2025-02-01-preview",
        "2025-04-01-preview",
    ],
)
def test_classic_takes_dated_versions(keyed: httpx.Client, version: str) -> None:
    assert keyed.post(f"{CLASSIC}?api-version={version}", json=body()).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("", 404, "Resource not found"),
        ("?api-version=v1", 400, "API version not supported"),
        ("?api-version=2099-01-01", 400, "API version not supported"),
    ],
)
def test_classic_refuses_other_versions(
    emulation: Emulation, keyed: httpx.Client, query: str, status: int, message: str
) -> None:
    answer = keyed.post(CLASSIC + query, json=body())
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, message)
    assert emulation.log.violations == []


def test_classic_refuses_a_key_as_bearer(client: httpx.Client, key: str) -> None:
    answer = client.post(CLASSIC + DATED, json=body(), headers=credential("authorization", key))
    assert answer.status_code == 401


@pytest.mark.parametrize("path", [V1, CLASSIC + DATED])
def test_an_unknown_key_in_the_body_is_refused_and_a_violation(
    emulation: Emulation, keyed: httpx.Client, path: str
) -> None:
    answer = keyed.post(path, json=body(azure_ad_token="t", custom_field=1))
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        "Unrecognized request argument supplied: azure_ad_token, custom_field"
    )
    [sentence] = emulation.log.violations
    assert sentence.endswith("the body holds unknown keys: azure_ad_token, custom_field")


def test_usage_comes_at_the_end_of_a_stream_when_asked_for(keyed: httpx.Client) -> None:
    options = {"include_usage": True}
    answer = keyed.post(V1, json=body(stream=True, stream_options=options))
    *_, last, done = [line for line in answer.text.split("\n\n") if line]
    assert done == "data: [DONE]"
    assert '"choices": [], "usage"' not in answer.text.partition(last)[0]
    assert '"total_tokens": 7' in last


def test_embeddings_are_vectors_of_the_models_length(keyed: httpx.Client) -> None:
    reply = keyed.post("/openai/v1/embeddings", json={"model": "vectors", "input": ["a", "b c"]})
    answer = reply.json()
    assert answer["model"] == "text-embedding-3-small"
    assert answer["usage"] == {"prompt_tokens": 3, "total_tokens": 3}
    assert [len(item["embedding"]) for item in answer["data"]] == [1536, 1536]
    assert [item["index"] for item in answer["data"]] == [0, 1]


def test_base64_holds_the_same_numbers_as_the_list(keyed: httpx.Client) -> None:
    path = f"/openai/deployments/vectors/embeddings{DATED}"
    asked = {"input": "text", "dimensions": 8}
    floats = keyed.post(path, json=asked).json()["data"][0]["embedding"]
    encoded = keyed.post(path, json=asked | {"encoding_format": "base64"}).json()
    packed = base64.b64decode(encoded["data"][0]["embedding"])
    assert list(struct.unpack("<8f", packed)) == pytest.approx(floats)


@given(text=st.text(), dimensions=st.integers(min_value=1, max_value=64))
def test_a_vector_belongs_to_its_text_and_has_length_one(text: str, dimensions: int) -> None:
    made = vector(text, dimensions)
    assert made == vector(text, dimensions)
    assert len(made) == dimensions
    assert math.isclose(math.hypot(*made), 1.0) or not any(made)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"input": [1, 2, 3]}, 200),
        ({"input": [[1], [2, 3]]}, 200),
        ({"input": []}, 400),
        ({"input": {"a": 1}}, 400),
        ({}, 400),
        ({"input": "x", "dimensions": 4000}, 400),
        ({"input": "x", "encoding_format": "hex"}, 400),
        ({"input": "x", "input_type": "query"}, 400),
    ],
)
def test_embeddings_take_texts_and_tokens_only(
    keyed: httpx.Client, asked: dict[str, Any], status: int
) -> None:
    answer = keyed.post("/openai/v1/embeddings", json={"model": "vectors", **asked})
    assert answer.status_code == status


def test_embeddings_under_models_take_an_api_version_and_the_key_header(
    client: httpx.Client, key: str
) -> None:
    path, asked = "/models/embeddings", {"model": "vectors", "input": "x", "input_type": "query"}
    version = "?api-version=2024-05-01-preview"
    good = client.post(path + version, json=asked, headers={"api-key": key})
    assert good.status_code == 200
    bearer = client.post(path + version, json=asked, headers=credential("authorization", key))
    assert bearer.status_code == 401
    assert client.post(path, json=asked, headers={"api-key": key}).status_code == 400


def test_a_chat_model_makes_no_embeddings(keyed: httpx.Client) -> None:
    answer = keyed.post("/openai/v1/embeddings", json={"model": "mini", "input": "x"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "OperationNotSupported"
