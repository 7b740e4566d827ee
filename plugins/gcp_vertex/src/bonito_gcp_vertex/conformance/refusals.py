"""Google's refusals, in the forms that were recorded, and the errors that stand for them."""

from __future__ import annotations

from bonito_contract_tests import Refusal
from bonito_gcp_vertex.conformance.faults import error_body
from bonito_providers.errors import (
    Conflict,
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    ModelNotFound,
    PermissionMissing,
    RateLimited,
    ServiceUnavailable,
)

_API, _CATALOGUE = "aiplatform.googleapis.com", "us-central1-aiplatform.googleapis.com"
_PROJECT = "acme-prod"


_RESOURCE = f"projects/{_PROJECT}/locations/global/publishers/google/models/gemini-3.8-flash"

REFUSALS = (
    Refusal(
        name="a token that is no more accepted",
        status=401,
        body=error_body(
            401,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials.",
            reason="ACCESS_TOKEN_TYPE_UNSUPPORTED",
            metadata={"service": _API},
        ),
        raises=CredentialsRejected,
        hooks=("invoke_model",),
        code="ACCESS_TOKEN_TYPE_UNSUPPORTED",
        host=_API,
    ),
    Refusal(
        name="a key that is not the account's",
        status=400,
        body={"error": "invalid_grant", "error_description": "Invalid JWT Signature."},
        raises=CredentialsRejected,
        hooks=("list_models", "invoke_model"),
        code="invalid_grant",
        host="oauth2.googleapis.com",
    ),
    Refusal(
        name="an API that is not enabled",
        status=403,
        body=error_body(
            403,
            "PERMISSION_DENIED",
            "Vertex AI API has not been used in project acme-prod before or it is disabled.",
            reason="SERVICE_DISABLED",
            metadata={"service": _API, "consumer": f"projects/{_PROJECT}"},
        ),
        raises=PermissionMissing,
        hooks=("list_models", "list_deployments", "invoke_model"),
        code="SERVICE_DISABLED",
    ),
    Refusal(
        name="a missing role",
        status=403,
        body=error_body(
            403,
            "PERMISSION_DENIED",
            "Permission 'aiplatform.endpoints.predict' denied on resource "
            f"'//{_API}/{_RESOURCE}' (or it may not exist).",
            reason="IAM_PERMISSION_DENIED",
            metadata={"permission": "aiplatform.endpoints.predict", "resource": _RESOURCE},
        ),
        raises=PermissionMissing,
        hooks=("invoke_model",),
        code="IAM_PERMISSION_DENIED",
        host=_API,
    ),
    Refusal(
        name="a publisher that wants to see what is asked",
        status=403,
        body=error_body(
            403,
            "PERMISSION_DENIED",
            "Access to this model requires data sharing to be enabled for publisher 'anthropic'.",
        ),
        raises=PermissionMissing,
        hooks=("invoke_model",),
        code="DATA_SHARING_NEEDED",
        host=_API,
    ),
    Refusal(
        name="a partner's model that nobody has enabled",
        status=400,
        body=error_body(
            400,
            "FAILED_PRECONDITION",
            f"Project `{_PROJECT}` is not allowed to use Publisher Model `projects/{_PROJECT}/"
            "locations/global/publishers/anthropic/models/claude-opus-5`",
        ),
        raises=InvalidRequest,
        hooks=("invoke_model",),
        code="PARTNER_NOT_ENABLED",
        host=_API,
    ),
    Refusal(
        name="a model that is not served here",
        status=404,
        body=error_body(
            404,
            "NOT_FOUND",
            f"Publisher Model `{_RESOURCE}` was not found or your project does not have access "
            "to it.",
        ),
        raises=DeploymentNotFound,
        hooks=("invoke_model",),
        code="NOT_FOUND",
        host=_API,
    ),
    Refusal(
        name="another resource of that name",
        status=409,
        body=error_body(409, "ALREADY_EXISTS", "The resource already exists."),
        raises=Conflict,
        hooks=("invoke_model",),
        code="ALREADY_EXISTS",
        host=_API,
    ),
    Refusal(
        name="a quota that is used up",
        status=429,
        body=error_body(
            429,
            "RESOURCE_EXHAUSTED",
            "Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_base_"
            "model with base model: gemini-3.8-flash. Please submit a quota increase request.",
        ),
        raises=RateLimited,
        hooks=("invoke_model",),
        code="RESOURCE_EXHAUSTED",
        host=_API,
    ),
    Refusal(
        name="too many calls for the moment",
        status=429,
        body=error_body(429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."),
        raises=RateLimited,
        hooks=("invoke_model", "list_models"),
        code="RESOURCE_EXHAUSTED",
        retry_after=30,
        headers={"retry-after": "30"},
    ),
    Refusal(
        name="a project that nobody pays for",
        status=403,
        body=error_body(
            403,
            "PERMISSION_DENIED",
            "This API method requires billing to be enabled. Please enable billing on project "
            "#123456789012 by visiting https://console.developers.google.com/billing/enable",
            reason="BILLING_DISABLED",
            metadata={"service": _API, "consumer": "projects/123456789012"},
        ),
        raises=PermissionMissing,
        hooks=("invoke_model",),
        code="BILLING_DISABLED",
        host=_API,
    ),
    Refusal(
        name="a prompt that is blocked",
        status=200,
        body={"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}},
        raises=ContentFiltered,
        hooks=("invoke_model",),
        code="PROHIBITED_CONTENT",
        host=_API,
    ),
    Refusal(
        name="no answer to a question",
        status=200,
        body={"usageMetadata": {"promptTokenCount": 3}},
        raises=MalformedAnswer,
        hooks=("invoke_model",),
        host=_API,
    ),
    Refusal(
        name="a count without a number",
        status=200,
        body={"totalBillableCharacters": 4},
        raises=MalformedAnswer,
        hooks=("check_credentials",),
        path_prefix=f"/v1/projects/{_PROJECT}/locations/global/publishers/google/models",
    ),
    Refusal(
        name="a page about nothing in the service's place",
        status=404,
        body="<html><body>Not Found</body></html>",
        raises=ModelNotFound,
        hooks=("get_deployment",),
        host=_CATALOGUE,
    ),
    Refusal(
        name="a page about nothing in the place of endpoints",
        status=404,
        body="<html><body>Not Found</body></html>",
        raises=DeploymentNotFound,
        hooks=("delete_deployment",),
        host=_CATALOGUE,
    ),
    Refusal(
        name="another model than the one that was asked for",
        status=200,
        body={"name": "publishers/google/models/gemini-0", "versionId": "default"},
        raises=MalformedAnswer,
        hooks=("get_deployment",),
        host=_CATALOGUE,
    ),
    Refusal(
        name="a failure within",
        status=503,
        body=error_body(503, "UNAVAILABLE", "The service is currently unavailable."),
        raises=ServiceUnavailable,
        hooks=("list_models", "list_deployments", "invoke_model"),
        code="UNAVAILABLE",
    ),
)
