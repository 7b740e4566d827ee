"""Invocation, gateway entries and what refusals mean; and that the service is strict."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bonito_aviary.emulator import AviaryService
from bonito_aviary.emulator.chat import FORBIDDEN
from bonito_aviary.plugin import Aviary
from bonito_emulators import Emulation, Fault, Respond, Truncate
from bonito_providers import (
    Connection,
    Deployment,
    InvocationRequest,
    Listing,
    NetworkSettings,
    Provider,
    errors,
    hookimpl,
)
from tests.third_party.aviary.tests.resources import fields

pytestmark = pytest.mark.anyio


async def standing(connection: Connection, service: AviaryService, model: str) -> Deployment:
    service.put_outside("bird", model)
    return (await connection.provider.list_deployments(connection)).items[0]


@pytest.mark.parametrize(
    ("model", "kind", "answered"),
    [
        ("finch-2", "chat", ("finch-2 heard: ping", None)),
        ("finch-embed", "embedding", (None, 8)),
    ],
)
async def test_a_deployment_is_called_by_its_kind(
    key_only: Connection,
    service: AviaryService,
    model: str,
    kind: Any,
    answered: tuple[str | None, int | None],
) -> None:
    bird = await standing(key_only, service, model)
    request = InvocationRequest(kind=kind)
    answer = await key_only.provider.invoke_model(key_only, bird, request)
    assert (answer.text, answer.dimensions) == answered
    assert answer.model == model
    assert answer.input_tokens == 1


async def test_a_call_asks_for_no_more_tokens_than_allowed(
    key_only: Connection, service: AviaryService
) -> None:
    bird = await standing(key_only, service, "finch-2")
    request = InvocationRequest(max_tokens=2)
    answer = await key_only.provider.invoke_model(key_only, bird, request)
    assert (answer.text, answer.output_tokens) == ("finch-2 heard:", 2)
    assert answer.request_id


async def test_a_call_is_never_repeated(
    key_only: Connection, service: AviaryService, emulation: Emulation
) -> None:
    bird = await standing(key_only, service, "finch-2")
    service.faults.add(Fault(action=Respond(503), method="POST"))
    with pytest.raises(errors.ServiceUnavailable):
        await key_only.provider.invoke_model(key_only, bird, InvocationRequest())
    assert len(emulation.log.select(method="POST")) == 1


async def test_a_filtered_prompt_is_told_as_such(
    key_only: Connection, service: AviaryService
) -> None:
    bird = await standing(key_only, service, "finch-2")
    with pytest.raises(errors.ContentFiltered):
        await key_only.provider.invoke_model(key_only, bird, InvocationRequest(prompt=FORBIDDEN))


@pytest.mark.parametrize(
    ("model", "kind"), [("heron-paint", "image"), ("choreographer", "choreography")]
)
async def test_what_litellm_cannot_route_says_why(
    key_only: Connection, service: AviaryService, model: str, kind: str
) -> None:
    bird = await standing(key_only, service, model)
    entry = key_only.provider.build_gateway_entry(key_only.credentials, bird)
    assert (entry.supported, dict(entry.litellm_params)) == (False, {})
    assert kind in entry.reason


async def test_an_entry_leads_to_the_account(key_only: Connection, service: AviaryService) -> None:
    bird = await standing(key_only, service, "finch-2")
    entry = key_only.provider.build_gateway_entry(key_only.credentials, bird)
    assert entry.to_litellm() == {
        "model_name": "bird",
        "litellm_params": {
            "model": "openai/bird",
            "api_base": "https://acme.aviary.example/v1",
            "api_key": service.accounts[0].keys[0],
        },
        "model_info": {"base_model": "aviary/finch"},
    }


async def test_a_name_that_litellm_misreads_is_not_routed(
    key_only: Connection, service: AviaryService
) -> None:
    bird = await standing(key_only, service, "finch-2")
    misnamed = bird.model_copy(update={"ref": bird.ref.model_copy(update={"name": "o3-mini"})})
    entry = key_only.provider.build_gateway_entry(key_only.credentials, misnamed)
    assert not entry.supported
    assert "o3" in entry.reason


REFUSALS = [
    (302, None, errors.HostRefused),
    (400, "bad_request", errors.InvalidRequest),
    (400, "content_filtered", errors.ContentFiltered),
    (401, "bad_key", errors.CredentialsRejected),
    (403, "not_yours", errors.PermissionMissing),
    (404, "model_not_found", errors.ModelNotFound),
    (404, None, errors.DeploymentNotFound),
    (408, None, errors.ServiceUnavailable),
    (409, "taken", errors.Conflict),
    (418, None, errors.InvalidRequest),
    (422, None, errors.InvalidRequest),
    (429, None, errors.RateLimited),
    (500, "content_filtered", errors.ServiceUnavailable),
    (599, None, errors.ServiceUnavailable),
]
PLAIN = [(status, error) for status, code, error in REFUSALS if code is None]


async def refused(
    connection: Connection, service: AviaryService, answer: Respond
) -> errors.ProviderError:
    """Call a deployment whose account answers with exactly this, and return what comes of it."""
    bird = await standing(connection, service, "finch-2")
    service.faults.add(Fault(action=answer, method="POST"))
    with pytest.raises(errors.ProviderError) as caught:
        await connection.provider.invoke_model(connection, bird, InvocationRequest())
    return caught.value


@pytest.mark.parametrize(("status", "code", "kind"), REFUSALS)
async def test_every_refusal_has_its_class(
    key_only: Connection,
    service: AviaryService,
    status: int,
    code: str | None,
    kind: type[errors.ProviderError],
) -> None:
    body = {"error": {"code": code, "message": "no", "request_id": "r"}}
    headers = {"retry-after": "7", "x-aviary-request": "r"}
    error = await refused(key_only, service, Respond(status, headers, body))
    assert type(error) is kind
    assert (error.status, error.code, error.retry_after, error.request_id) == (status, code, 7, "r")


@pytest.mark.parametrize(("status", "kind"), PLAIN)
@pytest.mark.parametrize("body", ["<h1>Sorry</h1>", b"", b"[1]", b'{"error": "Sorry"}', b"\xff"])
async def test_a_refusal_that_is_not_aviarys_own_is_read_by_its_status(
    key_only: Connection,
    service: AviaryService,
    status: int,
    kind: type[errors.ProviderError],
    body: bytes | str,
) -> None:
    error = await refused(key_only, service, Respond(status, body=body))
    assert (type(error), error.status, error.code) == (kind, status, None)
    assert "Sorry" not in str(error)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", {}, {"choices": []}, {"choices": [{"message": 1}]}]
)
async def test_a_success_of_another_form_is_malformed(
    key_only: Connection, service: AviaryService, body: Any
) -> None:
    bird = await standing(key_only, service, "finch-2")
    service.faults.add(Fault(action=Respond(200, body=body), method="POST"))
    with pytest.raises(errors.MalformedAnswer):
        await key_only.provider.invoke_model(key_only, bird, InvocationRequest())


async def test_an_answer_cut_short_is_a_failure_of_the_service(
    key_only: Connection, service: AviaryService
) -> None:
    service.faults.add(Fault(action=Truncate(10), times=None))
    with pytest.raises(errors.ServiceUnavailable):
        await key_only.provider.list_deployments(key_only)


async def test_a_subclass_does_one_thing_differently(
    network: NetworkSettings, service: AviaryService
) -> None:
    class Forgetful(Aviary):
        @hookimpl
        async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
            listing = await self.deployments(connection)
            return listing.model_copy(update={"source": "memory"})

        def owned(self, row: Any) -> bool:
            return True

    service.put_outside("bird", "finch-2")
    provider = Provider(Forgetful())
    async with provider.connect(fields(service), network=network) as opened:
        listing = await provider.list_deployments(opened)
    assert (listing.items[0].owned, listing.source) == (True, "memory")


@pytest.mark.parametrize(
    ("method", "url", "sent"),
    [
        ("GET", "https://acme.aviary.example/v2/models", {}),
        ("GET", "https://acme.aviary.example/v1/models?limit=1", {}),
        (
            "POST",
            "https://acme.aviary.example/v1/embeddings",
            {"json": {"model": "bird", "input": "x", "colour": "red"}},
        ),
        ("POST", "https://login.aviary.example/token", {"json": {}}),
        ("GET", "https://manage.aviary.example/accounts/acc-1001?version=2026-01-01", {}),
        ("GET", "https://manage.aviary.example/nests", {}),
    ],
)
def test_the_service_records_what_it_does_not_know(
    service: AviaryService, method: str, url: str, sent: dict[str, Any]
) -> None:
    headers = {"x-aviary-key": service.accounts[0].keys[0]}
    with Emulation(service) as emulation, emulation.in_process():
        answer = httpx.request(method, url, headers=headers, **sent)
        assert answer.is_client_error
        assert len(emulation.log.violations) == 1
        assert answer.json()["error"]["request_id"] == answer.headers["x-aviary-request"]


def test_management_wants_its_version(service: AviaryService) -> None:
    url = "https://manage.aviary.example/accounts/acc-1001?version=2025-01-01"
    with Emulation(service) as emulation, emulation.in_process():
        answer = httpx.get(url)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "version_required")
