"""What callers may ask, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.gateway.requests import RequestRefused, chat_request, embedding_request

CHAT: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
EMBEDDING: dict[str, Any] = {"model": "m", "input": "x"}
HARMFUL = [
    "api_base",
    "api_key",
    "api_version",
    "aws_access_key_id",
    "aws_bedrock_runtime_endpoint",
    "azure_ad_token",
    "base_url",
    "cache",
    "callbacks",
    "client",
    "context_window_fallback_dict",
    "custom_llm_provider",
    "default_headers",
    "deployment_id",
    "drop_params",
    "extra_body",
    "extra_headers",
    "extra_query",
    "fallbacks",
    "guardrails",
    "headers",
    "hf_model_name",
    "litellm_credential_name",
    "litellm_params",
    "logger_fn",
    "max_retries",
    "metadata",
    "mock_response",
    "mock_tool_calls",
    "model_info",
    "model_list",
    "num_retries",
    "organization",
    "prompt_id",
    "proxy_server_request",
    "region_name",
    "shared_session",
    "specific_deployment",
    "ssl_verify",
    "store",
    "tags",
    "timeout",
    "user_config",
    "vertex_credentials",
    "_target_order",
]
NAMES = st.one_of(st.sampled_from(HARMFUL), st.text(min_size=1, max_size=20))
VALUES = st.one_of(
    st.none(), st.booleans(), st.text(max_size=5), st.dictionaries(st.text(), st.text())
)
PASSED = {
    "frequency_penalty",
    "logit_bias",
    "messages",
    "n",
    "seed",
    "stop",
    "temperature",
    "tools",
    "top_p",
    "user",
}


@pytest.mark.parametrize("field", HARMFUL)
def test_what_litellm_would_obey_is_refused_by_name(field: str) -> None:
    for read, body in ((chat_request, CHAT), (embedding_request, EMBEDDING)):
        with pytest.raises(RequestRefused) as refused:
            read(json.dumps({**body, field: "x"}).encode())
        assert refused.value.field == field


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_nothing_but_openais_own_fields_ever_passes(fields: dict[str, Any]) -> None:
    try:
        request = chat_request(json.dumps({**fields, **CHAT}).encode())
    except RequestRefused:
        return
    assert set(request.body) <= PASSED
    assert request.model == "m"
    assert "stream" not in request.body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        b"{}",
        json.dumps({**CHAT, "model": 7}).encode(),
        json.dumps({**CHAT, "messages": []}).encode(),
        json.dumps({**CHAT, "messages": "hello"}).encode(),
        json.dumps({**CHAT, "messages": ["hello"]}).encode(),
        json.dumps({**CHAT, "stream": "yes"}).encode(),
        json.dumps({**CHAT, "stream": 2}).encode(),
        json.dumps({**CHAT, "tools": {}}).encode(),
        json.dumps({**CHAT, "tools": [7]}).encode(),
        json.dumps({**CHAT, "tools": [{"type": "mcp", "server_url": "http://x"}]}).encode(),
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefused):
        chat_request(body)


def test_nulls_are_left_to_the_service_and_options_of_streams_to_streams() -> None:
    whole = chat_request(
        json.dumps(
            {**CHAT, "temperature": None, "stream_options": {"include_usage": True}}
        ).encode()
    )
    assert set(whole.body) == {"messages"}
    streamed = chat_request(
        json.dumps({**CHAT, "stream": True, "stream_options": {"include_usage": True}}).encode()
    )
    assert streamed.stream
    assert set(streamed.body) == {"messages", "stream_options"}


@pytest.mark.parametrize(
    "fields", [{"encoding_format": "hex"}, {"input": []}, {"input": ""}, {"api_base": "x"}]
)
def test_what_is_no_request_for_vectors_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(RequestRefused):
        embedding_request(json.dumps({**EMBEDDING, **fields}).encode())
