"""What Google's services answer when they refuse, in the forms that were recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SERVICE = "aiplatform.googleapis.com"
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_HELP = "type.googleapis.com/google.rpc.Help"
_AUTHENTICATE = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
_CODES = {
    "INVALID_ARGUMENT": 3,
    "NOT_FOUND": 5,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "INTERNAL": 13,
}


@dataclass(frozen=True)
class Failure:
    """Why a long operation ends badly: `google.rpc.Status` in an answer that is a success."""

    status: str
    message: str

    @property
    def body(self) -> dict[str, Any]:
        """The status as an operation carries it."""
        return {"code": _CODES.get(self.status, 2), "message": self.message, "details": []}


class Refusal(Exception):
    """Answered instead of what was asked for."""

    def __init__(
        self, status: int, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(status))
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Detail:
    """A reason that programs decide by."""

    reason: str
    domain: str = "googleapis.com"
    metadata: Mapping[str, str] = field(default_factory=dict)


def refusal(
    code: int,
    status: str,
    message: str,
    *details: Detail,
    links: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    """Makes a refusal in the form of Google's APIs."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    told: list[dict[str, Any]] = [
        {
            "@type": _ERROR_INFO,
            "reason": each.reason,
            "domain": each.domain,
            "metadata": dict(each.metadata),
        }
        for each in details
    ]
    if links:
        told.append({"@type": _HELP, "links": [dict(each) for each in links]})
    if told:
        error["details"] = told
    return Refusal(code, {"error": error}, headers=headers)


def unauthenticated() -> Refusal:
    """A token that is missing, unknown or expired."""
    return refusal(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential. See "
        "https://developers.google.com/identity/sign-in/web/devconsole-project.",
        Detail("ACCESS_TOKEN_TYPE_UNSUPPORTED", metadata={"service": SERVICE}),
        headers={"www-authenticate": _AUTHENTICATE},
    )


def service_disabled(project: str) -> Refusal:
    """An API that the project has not enabled."""
    url = f"https://console.developers.google.com/apis/api/{SERVICE}/overview?project={project}"
    return refusal(
        403,
        "PERMISSION_DENIED",
        f"Vertex AI API has not been used in project {project} before or it is disabled. Enable "
        f"it by visiting {url} then retry. If you enabled this API recently, wait a few minutes "
        "for the action to propagate to our systems and retry.",
        Detail(
            "SERVICE_DISABLED",
            metadata={
                "serviceTitle": "Vertex AI API",
                "consumer": f"projects/{project}",
                "containerInfo": project,
                "service": SERVICE,
                "activationUrl": url,
            },
        ),
        links=[{"description": "Google developers console API activation", "url": url}],
    )


def permission_denied(permission: str, resource: str, *, service: str = SERVICE) -> Refusal:
    """A permission that the caller's roles do not hold."""
    return refusal(
        403,
        "PERMISSION_DENIED",
        f"Permission '{permission}' denied on resource '//{service}/{resource}' (or it may not "
        "exist).",
        Detail(
            "IAM_PERMISSION_DENIED",
            domain=service,
            metadata={"permission": permission, "resource": resource},
        ),
    )


def billing_disabled(number: str) -> Refusal:
    """A project that nobody pays for. Source: GoogleCloudPlatform/php-docs-samples issue 1235."""
    url = f"https://console.developers.google.com/billing/enable?project={number}"
    return refusal(
        403,
        "PERMISSION_DENIED",
        f"This API method requires billing to be enabled. Please enable billing on project "
        f"#{number} by visiting {url} then retry. If you enabled billing for this project "
        "recently, wait a few minutes for the action to propagate to our systems and retry.",
        Detail(
            "BILLING_DISABLED",
            metadata={"service": SERVICE, "consumer": f"projects/{number}"},
        ),
        links=[{"description": "Google developers console billing", "url": url}],
    )


def billing_not_found(number: str) -> Refusal:
    """A project that nobody pays for, whose API is to be enabled. Source: kyegomez/zeta issue 71.

    The violation that stands before the reason there is left out: nobody reads it.
    """
    return refusal(
        400,
        "FAILED_PRECONDITION",
        f"Billing account for project '{number}' is not found. Billing must be enabled for "
        f"activation of service(s) '{SERVICE}' to proceed.",
        Detail(
            "UREQ_PROJECT_BILLING_NOT_FOUND",
            domain="serviceusage.googleapis.com/billing-enabled",
            metadata={"project": number, "services": SERVICE},
        ),
    )


def data_sharing_needed(publisher: str) -> Refusal:
    """A partner that wants to see what is asked of its models."""
    return refusal(
        403,
        "PERMISSION_DENIED",
        f"Access to this model requires data sharing to be enabled for publisher '{publisher}'. "
        f"Please set `PublisherModelConfig.data_sharing_enabled_provider` to '{publisher}' via "
        "the setPublisherModelConfig API to use this model.",
    )


def partner_not_enabled(project: str, resource: str) -> Refusal:
    """A partner's model that nobody has enabled in Model Garden."""
    return refusal(
        400,
        "FAILED_PRECONDITION",
        f"Project `{project}` is not allowed to use Publisher Model `{resource}`",
    )


def model_not_found(resource: str) -> Refusal:
    """A model that is unknown, or not served in this location."""
    return refusal(
        404,
        "NOT_FOUND",
        f"Publisher Model `{resource}` was not found or your project does not have access to it. "
        "Please ensure you are using a valid model version. For more information, see: "
        "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions",
    )


def not_found(resource: str) -> Refusal:
    """A resource that is not there. The wording is not recorded."""
    return refusal(404, "NOT_FOUND", f"The resource {resource} does not exist.")


def no_such_route() -> Refusal:
    """A path that the service does not know. The body is a page of HTML in truth."""
    return refusal(404, "NOT_FOUND", "The requested URL was not found on this server.")


def quota_exceeded(model: str) -> Refusal:
    """A quota that a person has to have raised."""
    return refusal(
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_model "
        f"with base model: {model}. Please submit a quota increase request. "
        "https://cloud.google.com/vertex-ai/docs/generative-ai/quotas-genai.",
    )


def resource_exhausted() -> Refusal:
    """Too many calls for the shared capacity of the moment."""
    return refusal(
        429,
        "RESOURCE_EXHAUSTED",
        "Resource exhausted. Please try again later. Please refer to "
        "https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.",
    )


def invalid(message: str) -> Refusal:
    """A body or parameter that is wrong."""
    return refusal(400, "INVALID_ARGUMENT", message)


def failed_precondition(message: str) -> Refusal:
    """A state in which this cannot be done."""
    return refusal(400, "FAILED_PRECONDITION", message)


def already_exists(resource: str) -> Refusal:
    """An id that is taken. The wording is not recorded."""
    return refusal(409, "ALREADY_EXISTS", f"The resource {resource} already exists.")


def invalid_grant(description: str) -> Refusal:
    """An assertion that the token endpoint does not take."""
    return Refusal(400, {"error": "invalid_grant", "error_description": description})


def invalid_request(description: str, *, error: str = "invalid_request") -> Refusal:
    """A form that is no request for a token."""
    return Refusal(400, {"error": error, "error_description": description})
