"""The key is nowhere to be found, whatever the service does with it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bonito_emulators import Fault, Redirect, Reset
from bonito_emulators.azure import Account, AzureCloud
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
from plugins.azure_foundry.tests.resources import KEYS, PROJECT, Connect
from tests.virtual_time import START

pytestmark = pytest.mark.anyio

REF = DeploymentRef(provider="azure_foundry", resource="contoso", name="mini")
REQUEST = DeploymentRequest(adopt=True, name="mini")


def _deployment(format: str, kind: str = "chat") -> Deployment:
    model = DeployedModel(name="x", format=format, kind=kind)
    return Deployment(ref=REF, model=model, state=State.READY, observed_at=START)


def _plan() -> DeploymentPlan:
    later = START.replace(year=START.year + 1)
    plan = DeploymentPlan(ref=REF, request=REQUEST, created_at=START, expires_at=later)
    return plan.sealed()


async def _invoke(connection: Connection, format: str, kind: str = "chat") -> object:
    request = InvocationRequest.model_validate({"kind": kind})
    deployment = _deployment(format, kind)
    return await connection.provider.invoke_model(connection, deployment, request)


HOOKS: dict[str, Hook] = {
    "check": lambda one: one.provider.check_credentials(one),
    "models": lambda one: one.provider.list_models(one),
    "deployments": lambda one: one.provider.list_deployments(one),
    "plan": lambda one: one.provider.plan_deployment(one, REQUEST),
    "deploy": lambda one: one.provider.deploy(one, _plan()),
    "get": lambda one: one.provider.get_deployment(one, REF),
    "delete": lambda one: one.provider.delete_deployment(one, REF),
    "chat": lambda one: _invoke(one, "DeepSeek"),
    "claude": lambda one: _invoke(one, "Anthropic"),
    "embedding": lambda one: _invoke(one, "OpenAI", "embedding"),
    "verify": lambda one: verify(one, _deployment("DeepSeek")),
}


def _echoing(key: str) -> dict[str, Any]:
    """Makes answers that hold the key wherever a client might read."""
    body = {"error": {"code": "401", "message": f"The key {key} is wrong. {key[:-1]}"}}
    in_code = {"error": {"code": key, "type": key, "message": key, "details": [key]}}
    headers = {"x_request_id": key, "apim_request_id": key, "x_ms_error_code": key}
    row = {"id": key, "name": key, "model": key, "status": key, "type": key, "nextLink": key}
    rows = {"data": [row], "value": [row], "nextLink": f"https://evil.test/?key={key}", "id": key}
    said = {
        "model": key,
        "choices": [{"message": {"content": f"You sent {key}"}}],
        "content": [{"type": "text", "text": key}],
        "data": [{"embedding": [0.5], **row}],
        "value": [row],
    }
    return {
        "401": answer(401, body, **headers),
        "403": answer(403, body, **headers),
        "403-code": answer(403, in_code, **headers),
        "404": answer(404, in_code, **headers),
        "400": answer(400, in_code, **headers),
        "429": answer(429, body, retry_after=key, **headers),
        "500": answer(500, body, **headers),
        "500-html": answer(500, f"<html>{key}</html>", content_type=f"text/{key}"),
        "malformed": answer(200, f"<html>{key}</html>", content_type=f"text/{key}"),
        "malformed-json": answer(200, f'{{"data": "{key}"}}', **headers),
        "coding": answer(200, b"x", content_encoding=key),
        "rows": answer(200, rows, **headers),
        "said": answer(200, said, **headers),
        "redirect": Redirect(f"https://evil.test/{key}"),
        "reset": Reset(),
    }


@pytest.mark.parametrize("case", _echoing(KEYS[0]))
@pytest.mark.parametrize("hook", HOOKS)
async def test_a_key_that_is_echoed_back_is_nowhere_to_be_found(
    connect: Connect,
    cloud: AzureCloud,
    everything_logged: pytest.LogCaptureFixture,
    hook: str,
    case: str,
) -> None:
    cloud.faults.add(always(_echoing(KEYS[0])[case]))
    seen = await all_seen(connect(PROJECT), HOOKS[hook], KEYS[0], everything_logged)
    assert seen
    assert KEYS[0] not in seen
    assert KEYS[0][:12] not in seen


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("switch", ["", "local_auth_disabled", "wrong"])
async def test_a_service_that_echoes_every_key_gives_nothing_away(
    connect: Connect,
    account: Account,
    everything_logged: pytest.LogCaptureFixture,
    hook: str,
    switch: str,
) -> None:
    account.echo_key = True
    account.local_auth_disabled = switch == "local_auth_disabled"
    key = "canary-of-nobody-1f2e3d4c5b6a" if switch == "wrong" else KEYS[0]
    seen = await all_seen(connect(PROJECT, key), HOOKS[hook], key, everything_logged)
    assert key not in seen
    assert key[:12] not in seen


async def test_the_measures_see_a_key_that_is_there(
    connect: Connect, cloud: AzureCloud, everything_logged: pytest.LogCaptureFixture
) -> None:
    """So that the tests above can fail: what was hidden left its mark, and logs are seen."""
    cloud.faults.add(Fault(action=_echoing(KEYS[0])["401"], times=None))
    logging.getLogger("bonito_azure_foundry.canary").debug("a log of %s", KEYS[1])
    seen = await all_seen(connect(), HOOKS["models"], KEYS[0], everything_logged)
    assert MARK in seen
    assert KEYS[1] in seen
    assert "httpcore" in seen


async def test_a_gateway_entry_shows_the_key_to_litellm_alone(connection: Connection) -> None:
    for deployment in (await connection.provider.list_deployments(connection)).items:
        entry = connection.provider.build_gateway_entry(connection.credentials, deployment)
        assert KEYS[0] not in f"{entry!r} {entry} {entry.model_dump()} {entry.model_dump_json()}"
        assert entry.to_litellm()["litellm_params"]["api_key"] == KEYS[0]
