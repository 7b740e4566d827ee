"""What is told of a data plane that refuses: its status, its code, its words."""

from __future__ import annotations

from collections.abc import Mapping

from bonito_azure_arm.conformance.questions import Body, instead, models_by_name, refused
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import meeting
from bonito_contract_tests.situations import Ask
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    HostRefused,
    InvalidRequest,
    ModelNotFound,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

_LONG = "no " * 200
_BY_STATUS: tuple[tuple[int, type[ProviderError], str], ...] = (
    (300, HostRefused, "Redirects are never followed"),
    (399, HostRefused, "Redirects are never followed"),
    (400, InvalidRequest, ""),
    (401, CredentialsRejected, "Copy the key again"),
    (403, PermissionMissing, "network rules or roles keep this call out"),
    (408, ServiceUnavailable, "Try again."),
    (409, InvalidRequest, ""),
    (410, ModelNotFound, "deploy a newer one"),
    (413, InvalidRequest, "Send less at once."),
    (415, InvalidRequest, ""),
    (418, InvalidRequest, ""),
    (422, InvalidRequest, ""),
    (429, RateLimited, "raise the deployment's capacity"),
    (500, ServiceUnavailable, "Try again in a moment."),
    (599, ServiceUnavailable, "Try again in a moment."),
)
_SPELT: tuple[tuple[Body, str | None, str], ...] = (
    ({"statusCode": 403, "message": "Quota\n is  out."}, "403", ": Quota is out."),
    ({"error": {"code": "Odd", "message": "No."}, "statusCode": 7}, "Odd", " (Odd): No."),
    ({"error": {"statusCode": 403, "message": "No."}}, "403", ": No."),
    ({"error": "No.", "code": "Odd"}, None, ": No."),
    ({"error": {"code": "two words", "message": ["No."]}}, None, "."),
    ({"error": {"code": True, "message": "\u0007No\u200b."}}, None, ": No ."),
    ({"error": {"code": "x" * 101, "message": ""}}, None, "."),
    ({"error": {"code": "x" * 100}}, "x" * 100, f" ({'x' * 100})."),
    ({"error": {"message": _LONG}}, None, f": {_LONG[:300]}…"),
    ({"error": {"message": "n" * 300}}, None, f": {'n' * 300}"),
    ({"error": []}, None, "."),
    (b'["error"]', None, "."),
    (b"<html>", None, "."),
    (b"[" * 9000, None, "."),
)
"""Bodies with the code and the words that a reader gets of them."""
_REQUEST_IDS = ("apim-request-id", "x-request-id", "x-ms-request-id")


def of_refusals(host: str) -> tuple[Situation, ...]:
    """Return the situation in which a data plane refuses."""
    return (
        Situation(
            name="a data plane that refuses",
            access="key",
            told=(*_by_status(host), *_spelt(host), *_marked(host)),
        ),
    )


def _refused_call(
    host: str, status: int, body: Body = b"", headers: Mapping[str, str] | None = None
) -> Ask:
    return meeting(models_by_name, instead("/openai/", status, body, host=host, headers=headers))


def _by_status(host: str) -> tuple[Told, ...]:
    coded = (
        ("DeploymentNotFound", DeploymentNotFound, "may differ from the model's"),
        ("content_filter", ContentFiltered, "Change the prompt"),
        ("content_filterx", InvalidRequest, ""),
    )
    return (
        *(
            Told(
                name=f"status {status}",
                ask=_refused_call(host, status),
                refused=raised,
                tells={"status": status, "code": None, "retry_after": None},
                says=(f"{host} answered {status}.", hint),
            )
            for status, raised, hint in _BY_STATUS
        ),
        *(
            Told(
                name=f"code {code}",
                ask=_refused_call(host, 400, refused(code)),
                refused=raised,
                tells={"status": 400, "code": code},
                says=(hint,),
            )
            for code, raised, hint in coded
        ),
        Told(
            name="a code of the caller's mistakes in a failure of the service",
            ask=_refused_call(host, 500, refused("DeploymentNotFound")),
            refused=ServiceUnavailable,
        ),
    )


def _spelt(host: str) -> tuple[Told, ...]:
    return tuple(
        Told(
            name=f"spelt {str(body)[:60]}",
            ask=_refused_call(host, 403, body),
            refused=PermissionMissing,
            tells={"message": f"{host} answered 403{words}", "code": code},
        )
        for body, code, words in _SPELT
    )


def _marked(host: str) -> tuple[Told, ...]:
    return (
        *(
            Told(
                name=f"marked by {name}",
                ask=_refused_call(host, 400, refused("Odd"), {name: "8f3c"}),
                refused=InvalidRequest,
                tells={"request_id": "8f3c"},
            )
            for name in _REQUEST_IDS
        ),
        Told(
            name="with a pause",
            ask=_refused_call(host, 409, refused("Odd"), {"Retry-After": "7"}),
            refused=InvalidRequest,
            tells={"retry_after": 7.0, "request_id": None},
        ),
    )
