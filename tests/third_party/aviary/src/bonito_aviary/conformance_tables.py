"""What Aviary's documentation says of refusals, addresses and calls, as the suite reads it."""

from __future__ import annotations

from bonito_contract_tests import ExpectedRequest, Pasted, Planned, Refusal, Route
from bonito_providers import ActionKind, DeploymentRequest
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
        Pasted(field="endpoint", value=value, same_as=None, says=reason)
        for value, reason in (
            (f"http://{_HOST}", "https://"),
            (f"{_ENDPOINT}:8443", "a port"),
            (f"https://user:pass@{_HOST}", "a user name"),
            (f"{_ENDPOINT}?version=2026-01-01", "take off"),
            (f"{_ENDPOINT}/admin", "a path"),
            ("https://aviary.example", "the host of an account"),
            ("https://manage.aviary.example", "that all accounts share"),
            ("https://acme.aviary.example.evil.example", "the host of an account"),
            ("https://127.0.0.1", "the host of an account"),
        )
    ),
)

_EMBED = DeploymentRequest(model="finch-embed@1")
_MORE, _OTHERWISE = (ActionKind.REQUEST_QUOTA,), (ActionKind.ENABLE_IN_CONSOLE,)
PLANS = (
    Planned(
        name="a chat model as usual",
        request=DeploymentRequest(model="finch-2"),
        called="finch-2",
        version="2",
        sku="shared",
        capacity=10,
        quota=(100, 2, 10),
        says=("Uses 10 of 100", "2 in use"),
    ),
    Planned(
        name="the version before",
        request=DeploymentRequest(model="finch-2", version="1"),
        version="1",
    ),
    Planned(
        name="the last step within the quota",
        request=_EMBED.model_copy(update={"capacity": 35}),
        capacity=35,
        quota=(42, 5, 35),
    ),
    Planned(
        name="a step more than the quota",
        request=_EMBED.model_copy(update={"capacity": 40}),
        quota=(42, 5, 40),
        actions=_MORE,
        says=("40 needed, 5 of 42 in use",),
    ),
    Planned(
        name="between two steps",
        request=_EMBED.model_copy(update={"capacity": 33}),
        actions=_OTHERWISE,
        says=("33", "from 5 to 50 in steps of 5"),
    ),
    Planned(
        name="more capacity for what stands, not wanted",
        request=_EMBED.model_copy(update={"name": "team-embed", "capacity": 40}),
        capacity=40,
        quota=(42, 0, 40),
        changes=True,
        says=("5 to 40",),
    ),
    Planned(
        name="more capacity for what stands, wanted",
        request=_EMBED.model_copy(update={"name": "team-embed", "capacity": 40, "update": True}),
        capacity=40,
        quota=(42, 0, 40),
        changes=True,
    ),
    Planned(
        name="no such version",
        request=DeploymentRequest(model="finch-2", version="9"),
        refused=ModelNotFound,
        says=("finch-2", "9"),
    ),
)
"""Aviary's catalogue and quota as they are documented, and what stands in the fresh account."""

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
