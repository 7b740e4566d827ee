"""What each refusal of the data plane means, and that no refusal whatever means nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bonito_azure_foundry.errors import SurfaceAbsent, raise_for, read_error
from bonito_providers import errors
from plugins.azure_foundry.tests.json_values import JSON
from tests.virtual_time import START

ERRORS_FILE = Path(__file__).parents[4] / "shared/reference/azure-data/errors/azure-errors.json"
REQUEST = httpx.Request("POST", "https://contoso.services.ai.azure.com/models/chat/completions")


@dataclass(frozen=True)
class Case:
    """A refusal as the service was seen to send it, and what it stands for."""

    status: int
    body: dict[str, Any]
    error: type[errors.ProviderError]
    hint: str
    headers: dict[str, str] = field(default_factory=dict)


def _coded(code: str, message: str, **more: object) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **more}}


# The data plane's bodies of azure-errors.json, whose sources are named there.
CASES = [
    Case(
        401,
        _coded(
            "401",
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
            "provide a valid key for an active subscription and use a correct regional API "
            "endpoint for your resource.",
        ),
        errors.CredentialsRejected,
        "Copy the key again",
    ),
    Case(
        403,
        _coded(
            "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource."
        ),
        errors.KeyAuthenticationDisabled,
        "disableLocalAuth=false",
    ),
    Case(
        404,
        _coded(
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you created the deployment "
            "within the last 5 minutes, please wait a moment and try again.",
        ),
        errors.DeploymentNotFound,
        "Check the deployment's name",
    ),
    Case(404, _coded("404", "Resource not found"), SurfaceAbsent, "does not serve this path"),
    Case(
        404,
        _coded("api_not_supported", "Requested API is currently not supported"),
        SurfaceAbsent,
        "served on another path",
    ),
    Case(400, _coded("BadRequest", "API version not supported"), errors.InvalidRequest, ""),
    Case(
        400,
        _coded("unknown_model", "Unknown model: X", details="Unknown model: X"),
        errors.DeploymentNotFound,
        "does not route this name yet",
        {"x-ms-error-code": "unknown_model"},
    ),
    Case(
        429,
        _coded("429", "Rate limit is exceeded. Try again in 7 seconds."),
        errors.RateLimited,
        "raise the deployment's capacity",
        {
            "Retry-After": "7",
            "retry-after-ms": "7000",
            "x-ratelimit-reset-tokens": "7",
            "x-ratelimit-remaining-tokens": "0",
        },
    ),
    Case(
        429,
        _coded(
            "429",
            "Your requests to gpt-4.1-nano for gpt-4.1-nano in Sweden Central have exceeded the "
            "token rate limit …",
        ),
        errors.RateLimited,
        "raise the deployment's capacity",
    ),
    Case(
        400,
        _coded(
            "content_filter",
            "The response was filtered due to the prompt triggering Azure OpenAI's content "
            "management policy. Please modify your prompt and retry. To learn more about our "
            "content filtering policies please read our documentation: "
            "https://go.microsoft.com/fwlink/?linkid=2198766",
            type=None,
            param="prompt",
            status=400,
            innererror={"code": "ResponsibleAIPolicyViolation"},
        ),
        errors.ContentFiltered,
        "content filter",
    ),
]
# Forms of the surfaces that the file does not hold (azure.md sections 3.1 to 3.3).
OTHERS = [
    Case(
        404,
        _coded("DeploymentNotFound", "x", type="invalid_request_error", param=None),
        errors.DeploymentNotFound,
        "Check the deployment's name",
    ),
    Case(
        400,
        {"type": "error", "error": {"type": "invalid_request_error", "message": "max_tokens: …"}},
        errors.InvalidRequest,
        "",
    ),
    Case(401, {"statusCode": 401, "message": "Unauthorized"}, errors.CredentialsRejected, "Copy"),
    Case(403, {"error": {"code": "Forbidden", "message": "no"}}, errors.PermissionMissing, "owner"),
    Case(
        410, {"error": {"code": "ModelDeprecated", "message": "x"}}, errors.ModelNotFound, "newer"
    ),
    Case(503, {"error": {"code": "DeploymentNotFound"}}, errors.ServiceUnavailable, "again"),
    Case(307, {}, errors.HostRefused, "never followed", {"location": "https://evil.test/"}),
    Case(400, {}, errors.DeploymentNotFound, "route", {"x-ms-error-code": "unknown_model"}),
]


def _refused(response: httpx.Response) -> errors.ProviderError:
    with pytest.raises(errors.ProviderError) as refusal:
        raise_for(response, now=START)
    return refusal.value


def _response(status: int, **content: Any) -> httpx.Response:
    return httpx.Response(status, request=REQUEST, **content)


@pytest.mark.parametrize("case", [*CASES, *OTHERS], ids=lambda case: f"{case.status}")
def test_a_refusal_is_the_error_that_says_what_to_do(case: Case) -> None:
    error = _refused(_response(case.status, json=case.body, headers=case.headers))
    assert type(error) is case.error
    assert error.status == case.status
    assert case.hint in error.hint
    assert bool(error.hint) == bool(case.hint)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.status}")
def test_the_services_words_are_repeated_in_one_line(case: Case) -> None:
    error = _refused(_response(case.status, json=case.body))
    assert case.body["error"]["message"][:100] in error.message
    assert "\n" not in error.message
    assert error.message.startswith(f"contoso.services.ai.azure.com answered {case.status}")


@pytest.mark.skipif(not ERRORS_FILE.exists(), reason="the shared errors are not on this machine")
def test_every_recorded_refusal_of_the_data_plane_has_its_case_here() -> None:
    rows = json.loads(ERRORS_FILE.read_text(encoding="utf-8"))
    recorded = [row for row in rows if row["plane"] == "data"]
    assert len(recorded) == len(CASES)
    for row, case in zip(recorded, CASES, strict=True):
        assert row["status"] == case.status
        told = {key: row["body"]["error"][key] for key in ("code", "message")}
        assert told == {key: case.body["error"][key] for key in ("code", "message")}
        assert row.get("headers", {}) == case.headers
        seen = _refused(_response(row["status"], json=row["body"], headers=row.get("headers", {})))
        assert type(seen) is case.error


def test_the_wait_the_service_asks_for_is_told() -> None:
    headers = {"Retry-After": "7", "retry-after-ms": "7500"}
    assert _refused(_response(429, json={}, headers=headers)).retry_after == 7.5
    assert _refused(_response(429, json={})).retry_after is None


@pytest.mark.parametrize("name", ["apim-request-id", "x-request-id", "x-ms-request-id"])
def test_the_request_id_is_told_whatever_its_header(name: str) -> None:
    assert _refused(_response(500, headers={name: "an-id"})).request_id == "an-id"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_success_is_no_error_whatever_its_body(status: int) -> None:
    raise_for(_response(status, json=_coded("401", "no")), now=START)


PAGES = st.sampled_from(
    [
        "<html><body>Sign in to the network</body></html>",
        "<!DOCTYPE html><h1>502 Bad Gateway</h1>",
        "",
        " ",
        "\x00",
        "{",
        '{"error": ',
        "[" * 100_000,
        '{"a":' * 50_000,
        "9" * 5_000,
        '"' + "x" * 100_000 + '"',
        json.dumps(_coded("x" * 5_000, "y" * 100_000)),
        json.dumps({"error": {"error": {"error": "z" * 1_000}}}),
        '{"error": {"message": "\\ud800"}}',
    ]
)
ENVELOPES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("error", "message", "code", "statusCode", "detail"), JSON)
) | st.fixed_dictionaries(
    {"error": st.fixed_dictionaries({}, optional=dict.fromkeys(("code", "message", "type"), JSON))}
)
BODIES = (
    st.binary(max_size=200)
    | PAGES.map(str.encode)
    | (JSON | ENVELOPES).map(lambda body: json.dumps(body).encode())
)
ERROR_CLASSES = [
    getattr(errors, name)
    for name in dir(errors)
    if isinstance(getattr(errors, name), type)
    and issubclass(getattr(errors, name), errors.ProviderError)
]


@settings(max_examples=500)
@given(
    status=st.integers(100, 599),
    body=BODIES,
    kind=st.sampled_from(["application/json", "text/html", "text/plain; charset=utf-16", ""]),
    code=st.none()
    | st.sampled_from(["unknown_model", "", " ", "<b>", "content_filter", "x" * 999]),
)
@example(status=404, body=b"", kind="", code=None)
@example(
    status=400, body=b'{"error": {"message": "\\u001b[31m\\u0000\\ud800"}}', kind="", code=None
)
@example(status=400, body=b'"' + b"x" * 1000 + b'"', kind="text/html", code="x" * 999)
def test_every_refusal_whatever_its_body_is_one_error_with_a_bounded_text(
    status: int, body: bytes, kind: str, code: str | None
) -> None:
    headers = {"content-type": kind} | ({"x-ms-error-code": code} if code is not None else {})
    response = _response(status, content=body, headers=headers)
    if 200 <= status < 300:
        raise_for(response, now=START)
        return
    error = _refused(response)
    assert error.kind in {each.__name__ for each in ERROR_CLASSES}
    assert error.status == status
    assert len(error.message) < 600
    assert error.message.encode()
    assert error.message.isprintable()
    assert len(error.code or "") <= 100
    assert error.__cause__ is None
    if body.lstrip().startswith(b"<"):
        assert "<" not in error.message
    if 300 <= status < 400:
        assert isinstance(error, errors.HostRefused)
    if status >= 500:
        assert isinstance(error, errors.ServiceUnavailable)


@given(body=BODIES)
def test_reading_a_body_never_fails_and_gives_one_bounded_line(body: bytes) -> None:
    code, words = read_error(_response(400, content=body))
    assert len(words) <= 301
    assert len(words.splitlines()) <= 1
    assert code is None or (code and len(code) <= 100)
