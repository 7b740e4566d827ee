"""Reading answers: JSON objects, and how long a service asks to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_providers.answers import json_list, json_object, retry_after
from bonito_providers.errors import MalformedAnswer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ODD = ("", " ", ".", "-5", "1e3", "inf", "nan", "1_0", "0x10", "١٢", "Thu", "32 Jan 2026 25:61:61")


def answer(content: bytes, *, kind: str = "text/html; charset=utf-8") -> httpx.Response:
    request = httpx.Request("GET", "https://one.acme.example/v1")
    return httpx.Response(200, content=content, headers={"content-type": kind}, request=request)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"x-ms-retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:09 GMT"}, 9),
        ({"retry-after": "Wed, 31 Dec 2025 23:59:00 GMT"}, 0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1" * 30}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_a_service_may_ask_to_wait_in_several_ways(
    headers: Mapping[str, str], seconds: float | None
) -> None:
    assert retry_after(headers, now=NOW) == seconds


@given(st.integers(0, 10**6))
def test_a_date_means_the_seconds_until_then(seconds: int) -> None:
    text = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert retry_after({"retry-after": text}, now=NOW) == seconds


@given(
    st.sampled_from(["retry-after", "retry-after-ms", "x-ms-retry-after-ms"]),
    st.text() | st.sampled_from(ODD) | st.from_regex(r"\w{3}, \d+ \w{3} \d+ [\d:]+( [-+\w]+)?"),
)
def test_whatever_a_service_writes_is_a_finite_wait_or_nothing(name: str, text: str) -> None:
    seconds = retry_after({name: text}, now=NOW)
    assert seconds is None or 0 <= seconds < float("inf")


def test_a_json_object_is_returned_as_it_is() -> None:
    assert json_object(answer(b'{"a": [1]}')) == {"a": [1]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty body"),
        (b"<html>", "6 bytes that are not JSON (text/html)"),
        (b"[1]", "JSON of type list"),
        (b"null", "JSON of type NoneType"),
        (b"\xff\xfe\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
    ids=["empty", "page", "list", "null", "no text", "too deep"],
)
def test_anything_else_says_who_answered_and_what(content: bytes, said: str) -> None:
    with pytest.raises(MalformedAnswer) as caught:
        json_object(answer(content))
    assert "one.acme.example answered 200 with" in caught.value.message
    assert said in caught.value.message
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("container", [{}, {"value": None}, {"value": {"a": 1}}, {"value": "abc"}])
def test_a_list_that_is_none_is_malformed(container: Mapping[str, Any]) -> None:
    with pytest.raises(MalformedAnswer, match="no list under 'value'"):
        json_list(container, "value", answer(b"{}"))


def test_a_list_is_returned_as_it_is() -> None:
    assert json_list({"value": [1, 2]}, "value", answer(b"{}")) == [1, 2]
