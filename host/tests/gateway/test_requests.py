"""What callers may ask, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.gateway.request_refused import RequestRefused, cleaned
from bonito_host.gateway.requests import chat_request, embedding_request

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
        json.dumps({**CHAT, "temperature": float("nan")}).encode(),
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


def refused_field(**fields: Any) -> str | None:
    """Which field of a chat is refused; None where all is taken."""
    try:
        chat_request(json.dumps({**CHAT, **fields}).encode())
    except RequestRefused as refused:
        return refused.field
    return None


def refused_part(part: Any) -> str | None:
    """Which field of a message's part is refused, told from the part on."""
    field = refused_field(messages=[{"role": "user", "content": [part]}])
    return None if field is None else field.removeprefix("messages[0].content[0]")


@pytest.mark.parametrize("model", ["a\ud800", "a\x00", "a\nb", "a\x85", "m" * 301])
def test_a_models_name_that_cannot_be_kept_is_refused(model: str) -> None:
    assert refused_field(model=model) == "model"
    with pytest.raises(RequestRefused):
        embedding_request(json.dumps({**EMBEDDING, "model": model}).encode())


def test_a_models_name_may_be_long_and_in_any_script() -> None:
    assert refused_field(model="m" * 300) is None
    assert refused_field(model="モデル/\U0001f41f") is None


def test_a_name_is_cut_and_cleaned_to_be_kept() -> None:
    assert cleaned("a\ud800\x00b" + "c" * 400) == "a\ufffd\ufffdb" + "c" * 296


def test_the_field_that_is_told_can_be_sent() -> None:
    field = refused_field(**{"\ud800" + "x" * 200: 1})
    assert field == "\ufffd" + "x" * 79


@pytest.mark.parametrize(
    ("tool", "field"),
    [
        ({"type": "function", "function": {"name": "f"}}, None),
        ({"type": "function", "function": {"name": "f", "strict": None}}, None),
        ({"type": "function", "function": {"name": "f"}, "server_url": "x"}, ".server_url"),
        ({"type": "function", "function": {"name": "f", "url": "x"}}, ".function.url"),
        ({"type": "function", "function": {}}, ".function.name"),
        ({"type": "function", "function": "f"}, ".function"),
        ({"type": "function"}, ".function"),
        ({"type": "mcp", "function": {"name": "f"}}, ""),
        ({"type": ["function"]}, ""),
        ("f", ""),
    ],
)
def test_a_tool_is_a_function_of_known_fields(tool: Any, field: str | None) -> None:
    expected = None if field is None else f"tools[0]{field}"
    assert refused_field(tools=[tool]) == expected


@pytest.mark.parametrize(
    ("functions", "field"),
    [
        ([{"name": "f", "description": "d", "parameters": {}}], None),
        ([{"name": "f", "strict": True}], "functions[0].strict"),
        ([{"name": "f"}, {"name": "g", "type": "mcp"}], "functions[1].type"),
        (["f"], "functions[0]"),
        ({}, "functions"),
    ],
)
def test_a_legacy_function_holds_known_fields_only(functions: Any, field: str | None) -> None:
    assert refused_field(functions=functions) == field


@pytest.mark.parametrize("url", ["https://example.com/a.png", "data:image/png;base64,AA=="])
def test_a_picture_may_be_inline_or_at_a_public_address(url: str) -> None:
    assert refused_part({"type": "image_url", "image_url": {"url": url}}) is None
    assert refused_part({"type": "image_url", "image_url": url}) is None


@pytest.mark.parametrize(
    "url",
    [
        "gs://bucket/a.png",
        "s3://bucket/a.png",
        "file:///etc/passwd",
        "http://example.com/a.png",
        "https://example.com/gs://bucket/a.png",
        "data:gs://bucket/a.png",
        " https://example.com/a.png",
        "/etc/passwd",
        None,
        7,
    ],
)
def test_a_picture_at_any_other_address_is_refused(url: Any) -> None:
    assert refused_part({"type": "image_url", "image_url": {"url": url}}) == ".image_url"
    # LiteLLM may look for the field whatever the type says.
    assert refused_part({"type": "text", "text": "x", "image_url": url}) == ".image_url"


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"type": "file", "file": {"file_data": "data:application/pdf;base64,AA=="}}, None),
        ({"type": "file", "file": {"file_data": "AA==", "filename": "a.pdf"}}, None),
        ({"type": "file", "file": {"file_id": "x", "file_data": "AA=="}}, ".file.file_id"),
        ({"type": "file", "file": {"file_data": "gs://bucket/a"}}, ".file.file_data"),
        ({"type": "file", "file": {"file_data": "https://a.example"}}, ".file.file_data"),
        ({"type": "file", "file": "x"}, ".file.file_data"),
        ({"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}, None),
        ({"type": "input_audio", "input_audio": {"data": "s3://a/b"}}, ".input_audio.data"),
        ({"type": "video_url", "video_url": {"url": "gs://bucket/a"}}, ""),
        ({"type": ["text"]}, ""),
        ("text", ""),
    ],
)
def test_a_file_travels_in_the_request_itself(part: Any, field: str | None) -> None:
    assert refused_part(part) == field


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"role": "user", "content": "x"}, None),
        ({"role": "user", "content": "x", "name": "ann"}, None),
        ({"role": "developer", "content": [{"type": "text", "text": "x"}]}, None),
        ({"role": "assistant", "content": None, "tool_calls": [CALL]}, None),
        ({"role": "assistant", "function_call": CALL["function"]}, None),
        ({"role": "assistant", "content": "x", "tool_calls": None}, None),
        ({"role": "assistant", "content": None, "refusal": "No."}, None),
        ({"role": "assistant", "audio": {"id": "a1"}}, None),
        ({"role": "tool", "tool_call_id": "c1", "content": "x"}, None),
        ("x", ""),
        (["x"], ""),
        ({}, ".role"),
        ({"role": "wizard", "content": "x"}, ".role"),
        ({"role": ["user"], "content": "x"}, ".role"),
        ({"role": "user"}, ".content"),
        ({"role": "user", "content": None, "tool_calls": [CALL]}, ".content"),
        ({"role": "user", "content": 7}, ".content"),
        ({"role": "user", "content": {"text": "x"}}, ".content"),
        ({"role": "user", "content": [{"type": "text"}]}, ".content[0].text"),
        ({"role": "user", "content": [{"type": "text", "text": 7}]}, ".content[0].text"),
        ({"role": "user", "content": [{"type": "image_url"}]}, ".content[0].image_url"),
        ({"role": "user", "content": [{"type": "file"}]}, ".content[0].file.file_data"),
        ({"role": "user", "content": "x", "name": 7}, ".name"),
        ({"role": "tool", "content": "x"}, ".tool_call_id"),
        ({"role": "function", "content": "x"}, ".name"),
        ({"role": "assistant", "tool_calls": "x"}, ".tool_calls"),
        ({"role": "assistant", "tool_calls": []}, ".content"),
        ({"role": "assistant", "tool_calls": ["x"]}, ".tool_calls[0]"),
        ({"role": "assistant", "tool_calls": [{**CALL, "type": "mcp"}]}, ".tool_calls[0]"),
        ({"role": "assistant", "tool_calls": [{**CALL, "id": 7}]}, ".tool_calls[0].id"),
        ({"role": "assistant", "tool_calls": [{"id": "c1"}]}, ".tool_calls[0].function"),
        ({"role": "assistant", "function_call": {"name": "f"}}, ".function_call.arguments"),
    ],
)
def test_a_message_that_is_none_is_refused_with_the_field_at_fault(
    message: Any, field: str | None
) -> None:
    expected = None if field is None else f"messages[0]{field}"
    assert refused_field(messages=[message]) == expected


PIECES = st.recursive(
    st.one_of(st.none(), st.integers(), st.sampled_from(["user", "tool", "text", "function"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["role", "content", "tool_calls", "type", "text", "name", "id"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(PIECES)
def test_whatever_stands_for_messages_is_taken_or_refused_by_a_field(messages: Any) -> None:
    field = refused_field(messages=messages)
    assert field is None or field.startswith("messages")


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("temperature", [0, 0.5], ["hot", True, [], {}]),
        ("max_tokens", [5], ["5", 0.5, False, [5]]),
        ("logprobs", [True, False], [1, "true"]),
        ("user", ["ann"], [7, {}]),
        ("stop", ["x", ["x", "y"]], [7, {}]),
        ("tool_choice", ["auto", {"type": "function"}], [7, ["auto"]]),
        ("response_format", [{"type": "json_object"}], ["json"]),
        ("logit_bias", [{"1": 2}], ["x"]),
        ("modalities", [["text"]], ["text"]),
    ],
)
def test_a_field_is_of_its_kind(name: str, right: list[Any], wrong: list[Any]) -> None:
    assert [refused_field(**{name: value}) for value in right] == [None] * len(right)
    assert [refused_field(**{name: value}) for value in wrong] == [name] * len(wrong)


@pytest.mark.parametrize("given_", [{"a": 1}, 7, True, [], [{}], [None]])
def test_what_is_no_text_makes_no_vector(given_: Any) -> None:
    with pytest.raises(RequestRefused) as refused:
        embedding_request(json.dumps({**EMBEDDING, "input": given_}).encode())
    assert refused.value.field == "input"


@pytest.mark.parametrize("given_", ["x", ["x", "y"], [1, 2], [[1, 2], [3]]])
def test_texts_and_tokens_make_vectors(given_: Any) -> None:
    body = json.dumps({**EMBEDDING, "input": given_}).encode()
    assert embedding_request(body).body["input"] == given_
