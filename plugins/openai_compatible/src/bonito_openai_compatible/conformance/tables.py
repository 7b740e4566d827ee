"""What OpenAI's documentation says of refusals, addresses and calls, as the suite reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bonito_contract_tests import ExpectedRequest, Pasted, Refusal, Route
from bonito_contract_tests.harness import Operation
from bonito_openai_compatible.conformance.emulator import KEY
from bonito_providers.errors import (
    Conflict,
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

HOST = "api.openai.com"
BASE = f"https://{HOST}/v1"
READS = ("list_models", "list_deployments")
CALLS = ("invoke_model",)
_ID = "req_0123456789abcdef"


def _refusal(
    status: int,
    name: str,
    raises: type[ProviderError],
    hooks: tuple[str, ...] = (*READS, *CALLS),
    *,
    kind: str = "invalid_request_error",
    code: str | None = None,
    pause: int | None = None,
) -> Refusal:
    return Refusal(
        name=name,
        status=status,
        body={"error": {"message": "As documented.", "type": kind, "param": None, "code": code}},
        raises=raises,
        hooks=hooks,
        code=code or kind,
        retry_after=pause,
        request_id=_ID,
        headers={"x-request-id": _ID, **({"retry-after": str(pause)} if pause else {})},
    )


REFUSALS = (
    _refusal(401, "a wrong key", CredentialsRejected, code="invalid_api_key"),
    _refusal(401, "no key", CredentialsRejected),
    _refusal(
        403,
        "a key without the permission",
        PermissionMissing,
        code="insufficient_permissions",
    ),
    _refusal(
        403, "an unsupported country", PermissionMissing, kind="request_forbidden", code="country"
    ),
    _refusal(404, "an unknown model", DeploymentNotFound, CALLS, code="model_not_found"),
    _refusal(404, "a model that does not chat", DeploymentNotFound, CALLS),
    _refusal(404, "an unknown path", InvalidRequest, READS),
    _refusal(400, "a body that is wrong", InvalidRequest, CALLS),
    _refusal(400, "a filtered prompt", ContentFiltered, CALLS, code="content_policy_violation"),
    _refusal(409, "a conflict", Conflict),
    _refusal(
        429,
        "too many calls",
        RateLimited,
        kind="requests",
        code="rate_limit_exceeded",
        pause=30,
    ),
    _refusal(
        429,
        "no credit left",
        PermissionMissing,
        kind="insufficient_quota",
        code="insufficient_quota",
        pause=30,
    ),
    _refusal(500, "a failure within", ServiceUnavailable, kind="server_error"),
    _refusal(503, "an overload", ServiceUnavailable, kind="server_error"),
)

_SAME = (
    "https://api.openai.com",
    "https://api.openai.com/",
    "https://api.openai.com/v1/",
    "https://API.OpenAI.com:443/V1",
    "HTTPS://api.openai.com/v1//",
    "https://api.openai.com/v1/chat/completions",
    "https://api.openai.com/v1/models/",
    "https://api.openai.com/embeddings",
    " https://api.openai.com/v1\n",
)
_MEANT = {
    "https://api.groq.com": "https://api.groq.com/openai/v1",
    "https://api.groq.com/openai": "https://api.groq.com/openai/v1",
    "https://openrouter.ai/": "https://openrouter.ai/api/v1",
    "https://openrouter.ai/api": "https://openrouter.ai/api/v1",
    "https://api.deepseek.com": "https://api.deepseek.com/v1",
    "https://models.example.com": "https://models.example.com/v1",
    "https://models.example.com/llm/v1beta/openai/": "https://models.example.com/llm/v1beta/openai",
    "http://10.1.0.5:8000/v1/completions": "http://10.1.0.5:8000/v1",
    "http://localhost:11434": "http://localhost:11434/v1",
}
_REFUSED = {
    "api.openai.com": "must begin with https://",
    "ftp://api.openai.com": "must begin with https://",
    "//api.openai.com": "must begin with https://",
    "https://": "the name of a host",
    "https:///v1": "the name of a host",
    "https://[::1]:8000": "the name of a host",
    "https://[::1": "is not an address",
    "https://-api.openai.com": "the name of a host",
    "https://user:pass@api.openai.com": "user name",
    "https://api.openai.com/v1?api-version=1": "must not contain a ?",
    "https://api.openai.com/v1#models": "must not contain a #",
    "https://api.openai.com/v1/../admin": "a path that no API has",
    "https://api.openai.com/v2": "it is at https://api.openai.com/v1",
    "https://openrouter.ai/v1": "it is at https://openrouter.ai/api/v1",
    "https://api.openai.com//v1": "a path that no API has",
    "https://api.openai.com:0": "a port that does not exist",
    "https://api.openai.com:65536": "a port that does not exist",
    "https://api.openai.com:99999": "a port that does not exist",
    "https://api.openai\u200b.com": "a character that no address has",
    "https://api.openai.com/v 1": "a space",
    "https://api.openai.com\\@evil.example": "a character that no address has",
}
PASTED = (
    *(Pasted(field="base_url", value=value, same_as=BASE) for value in _SAME),
    *(Pasted(field="base_url", value=value, same_as=meant) for value, meant in _MEANT.items()),
    *(
        Pasted(field="base_url", value=value, same_as=None, says=reason)
        for value, reason in _REFUSED.items()
    ),
)

_CHAT: tuple[Operation, ...] = ("chat", "stream", "tools")
_LIMITS: Mapping[str, Mapping[str, Any]] = {
    "gpt-4o-mini": {},
    "ft:gpt-4o-mini-2024-07-18:contoso::AbCdEf12": {},
    "gpt-5-mini": {"max_tokens": None},  # the only limit it takes is another one
    "o4-mini": {"max_tokens": None},
}


def _routes() -> Iterator[Route]:
    for model, body in _LIMITS.items():
        for operation in _CHAT:
            yield Route(
                deployment=model,
                operation=operation,
                expected=_expected(
                    "/v1/chat/completions",
                    {"model": model, **({"stream": True} if operation == "stream" else {}), **body},
                ),
            )
    for model in ("text-embedding-3-small", "text-embedding-ada-002"):
        expected = _expected("/v1/embeddings", {"model": model})
        yield Route(deployment=model, operation="embedding", expected=expected)
    for model in ("dall-e-3", "o3-pro", "babbage-002", "whisper-1"):
        yield Route(deployment=model, operation="chat", expected=None)


def _expected(path: str, body: Mapping[str, Any]) -> ExpectedRequest:
    return ExpectedRequest(
        host=HOST,
        path=path,
        headers={"authorization": f"Bearer {KEY}", "api-key": None},
        body={"api_key": None, "api_base": None, "base_model": None, **body},
    )


ROUTES = tuple(_routes())
