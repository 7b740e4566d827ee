"""What Aviary's documentation says of refusals, addresses and calls, as the suite reads it."""

from __future__ import annotations

from bonito_contract_tests import ExpectedRequest, Pasted, Refusal, Route
from bonito_providers.errors import (
    Conflict,
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    ModelNotFound,
    PermissionMissing,
    RateLimited,
    ServiceUnavailable,
)

_HOST = "acme.aviary.example"
_ENDPOINT = f"https://{_HOST}"
_KEY = "avk-acme-first-0123456789abcdef"


def _body(code: str, message: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": code, "message": message, "request_id": "avr-1"}}


REFUSALS = (
    Refusal(
        name="a wrong key",
        status=401,
        body=_body("bad_key", "the key is missing or not the account's"),
        raises=CredentialsRejected,
        hooks=("list_models", "list_deployments", "invoke_model"),
        code="bad_key",
        access="key",
    ),
    Refusal(
        name="another account's client",
        status=403,
        body=_body("not_your_account", "this client does not manage that account"),
        raises=PermissionMissing,
        hooks=("list_models", "plan_deployment"),
        code="not_your_account",
        host="manage.aviary.example",
    ),
    Refusal(
        name="a deployment that is not there",
        status=404,
        body=_body("deployment_not_found", "there is no deployment"),
        raises=DeploymentNotFound,
        hooks=("invoke_model",),
        code="deployment_not_found",
        path_prefix="/v1/chat",
    ),
    Refusal(
        name="a model that is not there",
        status=404,
        body=_body("model_not_found", "there is no such model"),
        raises=ModelNotFound,
        hooks=("invoke_model",),
        code="model_not_found",
        path_prefix="/v1/chat",
    ),
    Refusal(
        name="another model under that name",
        status=409,
        body=_body("taken", "the name is taken"),
        raises=Conflict,
        hooks=("invoke_model",),
        code="taken",
        path_prefix="/v1/chat",
    ),
    Refusal(
        name="a body the service does not take",
        status=400,
        body=_body("bad_body", "max_tokens must be positive"),
        raises=InvalidRequest,
        hooks=("invoke_model",),
        code="bad_body",
        path_prefix="/v1/chat",
    ),
    Refusal(
        name="a filtered prompt",
        status=400,
        body=_body("content_filtered", "the prompt was refused"),
        raises=ContentFiltered,
        hooks=("invoke_model",),
        code="content_filtered",
        path_prefix="/v1/chat",
    ),
    Refusal(
        name="too many calls",
        status=429,
        body=_body("slow_down", "too many calls"),
        raises=RateLimited,
        hooks=("invoke_model", "list_deployments"),
        code="slow_down",
        retry_after=30,
        headers={"retry-after": "30"},
        access="key",
    ),
    Refusal(
        name="a failure within",
        status=500,
        body=_body("internal", "something broke"),
        raises=ServiceUnavailable,
        hooks=("list_models", "list_deployments", "invoke_model"),
        code="internal",
    ),
)

ENDPOINTS = (
    Pasted(field="endpoint", value=f"{_ENDPOINT}/", same_as=_ENDPOINT),
    Pasted(field="endpoint", value="HTTPS://Acme.Aviary.Example/v1", same_as=_ENDPOINT),
    Pasted(field="endpoint", value=f"{_ENDPOINT}/v1/chat/completions", same_as=_ENDPOINT),
    *(
        Pasted(field="endpoint", value=value, same_as=None)
        for value in (
            f"http://{_HOST}",
            f"{_ENDPOINT}:8443",
            f"https://user:pass@{_HOST}",
            f"{_ENDPOINT}?version=2026-01-01",
            f"{_ENDPOINT}/admin",
            "https://aviary.example",
            "https://manage.aviary.example",
            "https://acme.aviary.example.evil.example",
            "https://127.0.0.1",
        )
    ),
)

_AUTHORISED = {"authorization": f"Bearer {_KEY}", "x-aviary-key": None, "api-key": None}
_CHAT = ExpectedRequest(
    host=_HOST,
    path="/v1/chat/completions",
    headers=_AUTHORISED,
    body={"model": "team-chat", "api_key": None, "api_base": None},
)
ROUTES = (
    Route(deployment="team-chat", operation="chat", expected=_CHAT),
    Route(deployment="team-chat", operation="stream", expected=_CHAT),
    Route(deployment="team-chat", operation="tools", expected=_CHAT),
    Route(
        deployment="ours",
        operation="chat",
        access="management",
        expected=ExpectedRequest(
            host=_HOST,
            path="/v1/chat/completions",
            headers=_AUTHORISED,
            body={"model": "ours"},
        ),
    ),
    Route(
        deployment="team-embed",
        operation="embedding",
        expected=ExpectedRequest(
            host=_HOST,
            path="/v1/embeddings",
            headers=_AUTHORISED,
            body={"model": "team-embed"},
        ),
    ),
    Route(deployment="team-art", operation="chat", expected=None),
)
