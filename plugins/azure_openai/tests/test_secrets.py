"""Keys, secrets and tokens are nowhere to be found, whatever the services do with them."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bonito_emulators import Emulation, Fault, Redirect, Reset
from bonito_emulators.azure import AzureCloud
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    InvocationRequest,
    State,
    verify,
)
from bonito_providers.deployment import DeployedModel
from bonito_providers.redaction import MARK
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_arm.tests.secrecy import Hook, all_seen
from plugins.azure_openai.tests.resources import (
    ARM,
    HOST,
    KEYS,
    LOGIN,
    MANAGED,
    SECRET,
    Connect,
)
from tests.virtual_time import START

# Twelve hooks by fifteen echoes by three services.
pytestmark = [pytest.mark.anyio, pytest.mark.slow]

REF = DeploymentRef(provider="azure_openai", resource="contoso", name="mini")
ADOPT = DeploymentRequest(adopt=True, name="mini")
FRESH = DeploymentRequest(model="gpt-4o-mini", name="fresh")
BOTH = {**MANAGED, "api_key": KEYS[0]}


def _deployment(kind: str = "chat") -> Deployment:
    model = DeployedModel(name="x", format="OpenAI", kind=kind)
    return Deployment(ref=REF, model=model, state=State.READY, observed_at=START)


def _plan(request: DeploymentRequest) -> DeploymentPlan:
    model = DeployedModel(name="gpt-4o-mini", format="OpenAI", version="2024-07-18")
    return DeploymentPlan(
        ref=REF.model_copy(update={"name": request.name}),
        request=request,
        model=model,
        sku="Standard",
        capacity=1,
        created_at=START,
        expires_at=START.replace(year=START.year + 1),
    ).sealed()


async def _invoke(connection: Connection, kind: str) -> object:
    request = InvocationRequest.model_validate({"kind": kind})
    return await connection.provider.invoke_model(connection, _deployment(kind), request)


HOOKS: dict[str, Hook] = {
    "check": lambda one: one.provider.check_credentials(one),
    "models": lambda one: one.provider.list_models(one),
    "deployments": lambda one: one.provider.list_deployments(one),
    "plan": lambda one: one.provider.plan_deployment(one, FRESH),
    "plan-adopt": lambda one: one.provider.plan_deployment(one, ADOPT),
    "deploy": lambda one: one.provider.deploy(one, _plan(FRESH)),
    "adopt": lambda one: one.provider.deploy(one, _plan(ADOPT)),
    "get": lambda one: one.provider.get_deployment(one, REF),
    "delete": lambda one: one.provider.delete_deployment(one, REF, include_unowned=True),
    "chat": lambda one: _invoke(one, "chat"),
    "embedding": lambda one: _invoke(one, "embedding"),
    "verify": lambda one: verify(one, _deployment()),
}


def _echoing(secret: str) -> dict[str, Any]:
    """Makes answers that hold a secret wherever a client might read."""
    words = f"The value {secret} is wrong. {secret[:-1]}"
    body = {"error": {"code": "401", "message": words}}
    in_code = {"error": {"code": secret, "message": secret, "details": [secret]}}
    entra = {"error": "invalid_client", "error_description": f"AADSTS7000215: {words}"}
    headers = {"x_request_id": secret, "apim_request_id": secret, "x_ms_request_id": secret}
    row = {"id": secret, "name": secret, "model": secret, "status": secret, "kind": secret}
    rows = {"data": [row], "value": [row], "nextLink": f"https://evil.test/?key={secret}"}
    said = {
        "model": secret,
        "choices": [{"message": {"content": f"You sent {secret}"}}],
        "data": [{"embedding": [0.5], **row}],
        "value": [{**row, "properties": {"model": {"name": secret, "format": secret}}}],
        "access_token": secret,
        "expires_in": secret,
    }
    return {
        "401": answer(401, body, **headers),
        "403": answer(403, in_code, **headers),
        "404": answer(404, in_code, **headers),
        "400": answer(400, in_code, **headers),
        "entra": answer(401, entra, **headers),
        "409": answer(409, in_code, **headers),
        "429": answer(429, body, retry_after=secret, **headers),
        "500": answer(500, body, **headers),
        "500-html": answer(500, f"<html>{secret}</html>", content_type=f"text/{secret}"),
        "malformed": answer(200, f"<html>{secret}</html>", content_type=f"text/{secret}"),
        "malformed-json": answer(200, f'{{"data": "{secret}"}}', content_type="application/json"),
        "rows": answer(200, rows, **headers),
        "said": answer(200, said, **headers),
        "redirect": Redirect(f"https://evil.test/{secret}"),
        "reset": Reset(),
    }


ECHOES = {"plane": (HOST, KEYS[0]), "arm": (ARM, SECRET), "entra": (LOGIN, SECRET)}


@pytest.mark.parametrize("where", ECHOES)
@pytest.mark.parametrize("hook", HOOKS)
async def test_a_secret_that_is_echoed_back_is_nowhere_to_be_found(
    connect: Connect,
    cloud: AzureCloud,
    everything_logged: pytest.LogCaptureFixture,
    hook: str,
    where: str,
) -> None:
    host, secret = ECHOES[where]
    found = []
    for case, echo in _echoing(secret).items():
        cloud.faults.clear()
        cloud.faults.add(always(echo, host=host))
        everything_logged.clear()
        seen = await all_seen(connect(**BOTH), HOOKS[hook], secret, everything_logged)
        assert seen
        if secret[:12] in seen:
            found.append(case)
    assert found == []


@pytest.mark.parametrize("hook", HOOKS)
async def test_no_token_is_to_be_found_either(
    connect: Connect,
    emulation: Emulation,
    everything_logged: pytest.LogCaptureFixture,
    hook: str,
) -> None:
    seen = await all_seen(connect(**MANAGED), HOOKS[hook], SECRET, everything_logged)
    tokens = {request.header("authorization") for request in emulation.log.requests} - {None}
    assert tokens
    for token in tokens:
        assert token is not None
        assert token.removeprefix("Bearer ") not in seen
        assert token.rpartition(".")[2][:40] not in seen


async def test_the_measures_see_a_secret_that_is_there(
    connect: Connect, cloud: AzureCloud, everything_logged: pytest.LogCaptureFixture
) -> None:
    """So that the tests above can fail: what was hidden left its mark, and logs are seen."""
    cloud.faults.add(Fault(action=_echoing(KEYS[0])["401"], times=None))
    logging.getLogger("bonito_azure_openai.canary").debug("a log of %s", KEYS[1])
    fields = {"endpoint": MANAGED["endpoint"], "api_key": KEYS[0]}
    seen = await all_seen(connect(**fields), HOOKS["models"], KEYS[0], everything_logged)
    assert MARK in seen
    assert KEYS[1] in seen
    assert "httpcore" in seen
