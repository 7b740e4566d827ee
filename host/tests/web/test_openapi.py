"""The API keeps what its OpenAPI document promises, whatever is sent to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bonito_emulators.azure.scenario import scenario
from host.tests.web.serving import Site

FOUNDRY = scenario.connections[0]
CHECKS: list[Callable[..., Any]] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

EXAMPLES = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def connected(site: Site) -> Site:
    """A host with something in it, so that not every answer is 404."""
    with site.programme() as client:
        body = {"cloud": FOUNDRY.cloud, "fields": FOUNDRY.fields, "id": "0"}
        assert client.post("/api/connections", json=body).status_code == 201
    return site


@pytest.fixture(scope="module")
def document(connected: Site) -> Any:
    with connected.programme() as client:
        return client.get("/api/openapi.json").json()


def operations(document: Any) -> list[tuple[str, str]]:
    return [(path, method) for path, item in document["paths"].items() for method in item]


@EXAMPLES
def _kept(site: Site, case: Any) -> None:
    headers = {"authorization": f"Bearer {site.token}"}
    case.call_and_validate(headers=headers, checks=CHECKS)


def test_the_document_lists_the_api_and_nothing_else(document: Any) -> None:
    assert len(operations(document)) > 20
    assert all(path.startswith("/api/") for path, _ in operations(document))


@pytest.mark.slow
def test_whatever_is_sent_is_answered_as_the_document_says(connected: Site, document: Any) -> None:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=connected.address)
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        given(case=operation.as_strategy())(_kept)(connected)
        tried += 1
    assert tried == len(operations(document))
    assert connected.process.poll() is None


def test_a_body_that_is_no_json_is_refused_in_words(connected: Site) -> None:
    with connected.programme() as client:
        for content in (b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 10_000):
            answer = client.post("/api/plans", content=content)
            assert answer.status_code == 422, content[:20]
            assert answer.json()["error"]["message"]


def test_a_field_nobody_knows_is_refused_by_name_and_its_value_is_not_repeated(
    connected: Site,
) -> None:
    body = {"cloud": "azure", "fields": {}, "api_key": "canary-in-the-wrong-place"}
    with connected.programme() as client:
        answer = client.post("/api/connections", json=body)
    assert answer.status_code == 422
    assert "api_key" in answer.text
    assert "canary" not in answer.text


def test_the_document_asks_for_the_secret_too(site: Site) -> None:
    assert httpx.get(f"{site.address}/api/openapi.json").status_code == 401
