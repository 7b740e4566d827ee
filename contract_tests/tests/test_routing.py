"""What arrived against what is documented: every part that differs is told, and no secret."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bonito_contract_tests import ExpectedRequest
from bonito_contract_tests.routing import differences, placed
from bonito_emulators import RecordedRequest

KEY = "avk-0123456789abcdef"
EXPECTED = ExpectedRequest(
    host="acme.example",
    path="/v1/chat",
    query="version=1",
    headers={"Authorization": f"Bearer {KEY}", "api-key": None},
    body={"model": "bird", "api_base": None},
)


def arrived(**changed: Any) -> RecordedRequest:
    honest: dict[str, Any] = {
        "sequence": 1,
        "host": "acme.example",
        "method": "POST",
        "path": "/v1/chat",
        "query": "version=1",
        "headers": (("authorization", f"Bearer {KEY}"),),
        "body": json.dumps({"model": "bird", "stream": False}).encode(),
    }
    return RecordedRequest(**{**honest, **changed})


def test_what_is_as_documented_has_no_differences() -> None:
    assert differences(arrived(), EXPECTED) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"method": "PUT"}, "the method is 'PUT', not 'POST'"),
        ({"host": "b.example"}, "the host is 'b.example', not 'acme.example'"),
        ({"path": "/chat"}, "the path is '/chat', not '/v1/chat'"),
        ({"query": ""}, "the query is '', not 'version=1'"),
        ({"headers": ()}, "the header Authorization is missing"),
        ({"headers": (("authorization", KEY),)}, "the header Authorization has another value"),
        ({"body": b"[]"}, "the body is no JSON object"),
        ({"body": b"\xff"}, "the body is no JSON object"),
        ({"body": b"{}"}, "the body's 'model' is None, not 'bird'"),
        (
            {"body": b'{"model": "bird", "api_base": "x"}'},
            "the body has 'api_base': 'x', and must not",
        ),
    ],
)
def test_each_difference_is_told_without_the_value_of_a_header(
    changed: dict[str, Any], told: str
) -> None:
    found = differences(arrived(**changed), EXPECTED)
    assert told in found
    assert KEY not in " ".join(found)


def test_a_header_that_must_be_absent_is_told() -> None:
    headers = (("authorization", f"Bearer {KEY}"), ("api-key", KEY))
    assert differences(arrived(headers=headers), EXPECTED) == [
        "the header api-key is there and must not be"
    ]


@pytest.mark.parametrize(("value", "fits"), [("Bearer token-1", True), ("Basic token-1", False)])
def test_a_token_of_the_clouds_own_is_compared_with_a_pattern(value: str, *, fits: bool) -> None:
    headers = {"authorization": re.compile(r"Bearer [\w-]+")}
    expected = ExpectedRequest(
        host="acme.example", path="/v1/chat", query="version=1", headers=headers
    )
    assert (differences(arrived(headers=(("authorization", value),)), expected) == []) is fits


def test_every_place_of_a_secret_is_named() -> None:
    request = arrived(path=f"/{KEY}", query=f"k={KEY}", body=KEY.encode())
    places = ["the path", "the query", "the body", "the header authorization"]
    assert placed(request, [KEY]) == places
