"""How AWS refuses, from recorded answers and the service's reference."""

from __future__ import annotations

from collections.abc import Mapping

from bonito_aws_bedrock.conformance.places import CONTROL, RUNTIME, STS
from bonito_contract_tests import Refusal
from bonito_providers.errors import (
    Conflict,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

_CORAL = ":http://internal.amazon.com/coral/com.amazon.bedrock/"
_READING = ("list_models", "list_deployments")
_CALLING = ("invoke_model",)
_REQUEST = "7a1d2f36-0000-4000-8000-000000000001"


def _refusal(
    name: str,
    status: int,
    code: str,
    message: str,
    raises: type[ProviderError],
    *,
    hooks: tuple[str, ...] = _CALLING,
    capital: bool = False,
    retry_after: float | None = None,
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    return Refusal(
        name=name,
        status=status,
        body={"Message" if capital else "message": message},
        headers={
            "x-amzn-ErrorType": f"{code}{_CORAL}",
            "x-amzn-RequestId": _REQUEST,
            "content-type": "application/json",
            **(headers or {}),
        },
        raises=raises,
        hooks=hooks,
        code=code,
        request_id=_REQUEST,
        retry_after=retry_after,
        host=RUNTIME if hooks == _CALLING else CONTROL,
    )


REFUSALS = (
    _refusal(
        "nothing authenticates",
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
        CredentialsRejected,
        hooks=_READING,
    ),
    _refusal(
        "an unknown access key",
        403,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
        CredentialsRejected,
        hooks=_READING,
    ),
    _refusal(
        "a wrong secret",
        403,
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided.",
        CredentialsRejected,
        hooks=_READING,
    ),
    _refusal(
        "a session that is over",
        403,
        "ExpiredTokenException",
        "The security token included in the request is expired",
        CredentialsRejected,
    ),
    _refusal(
        "an API key that is wrong, expired, or another region's",
        403,
        "AccessDeniedException",
        "Authentication failed: Please make sure your API Key is valid.",
        CredentialsRejected,
        hooks=_READING,
        capital=True,
    ),
    _refusal(
        "IAM does not allow it",
        403,
        "AccessDeniedException",
        "User: arn:aws:iam::111122223333:user/bonito is not authorized to perform: "
        "bedrock:ListFoundationModels on resource: * because no identity-based policy allows it",
        PermissionMissing,
        hooks=_READING,
        capital=True,
    ),
    _refusal(
        "the subscription may not be made",
        403,
        "AccessDeniedException",
        "Model access is denied due to IAM user or service role is not authorized to perform the "
        "required AWS Marketplace actions (aws-marketplace:Subscribe) to enable access.",
        PermissionMissing,
        retry_after=120,
    ),
    _refusal(
        "the use-case form is missing",
        404,
        "ResourceNotFoundException",
        "Model use case details have not been submitted for this account.",
        PermissionMissing,
        retry_after=900,
    ),
    _refusal(
        "a legacy model that was not in use",
        404,
        "ResourceNotFoundException",
        "Access denied. This Model is marked by provider as Legacy and you have not been actively "
        "using the model in the last 15 days.",
        DeploymentNotFound,
    ),
    _refusal(
        "a model that answers by a profile only",
        400,
        "ValidationException",
        "Invocation of model ID x with on-demand throughput isn\u2019t supported.",
        InvalidRequest,
    ),
    _refusal(
        "no such model",
        400,
        "ValidationException",
        "The provided model identifier is invalid.",
        DeploymentNotFound,
    ),
    _refusal(
        "an account that may not use the model",
        400,
        "ValidationException",
        "Operation not allowed",
        InvalidRequest,
    ),
    _refusal(
        "a conflict, which is a 400 here",
        400,
        "ConflictException",
        "Error occurred because of a conflict while performing an operation.",
        Conflict,
        hooks=_READING,
    ),
    _refusal(
        "too many requests",
        429,
        "ThrottlingException",
        "Too many requests, please wait before trying again.",
        RateLimited,
        hooks=_READING,
        retry_after=30,
        headers={"retry-after": "30"},
    ),
    _refusal(
        "throughput that is not ready",
        429,
        "ModelNotReadyException",
        "The model is not ready for inference requests.",
        ServiceUnavailable,
    ),
    _refusal(
        "a failure within",
        500,
        "InternalServerException",
        "The system encountered an unexpected error during processing. Try your request again.",
        ServiceUnavailable,
        hooks=_READING,
    ),
    Refusal(
        name="STS does not know the access key",
        status=403,
        body='<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
        "<Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token included "
        "in the request is invalid.</Message></Error><RequestId>x</RequestId></ErrorResponse>",
        headers={"content-type": "text/xml"},
        raises=CredentialsRejected,
        hooks=("list_models",),
        code="InvalidClientTokenId",
        host=STS,
        access="role",
    ),
)
