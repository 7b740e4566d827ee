"""How Bedrock and STS refuse, in the recorded forms.

Bedrock names the code in a header and writes ``message``; denials of IAM and of API keys come
with a capital ``Message``. STS answers in XML and calls the same things by other codes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

_CORAL = ":http://internal.amazon.com/coral/com.amazon.bedrock/"
_STATUS = {
    "AccessDeniedException": 403,
    "ConflictException": 400,
    "InternalServerException": 500,
    "ModelNotReadyException": 429,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 400,
    "ThrottlingException": 429,
    "ValidationException": 400,
}
_ON_STS = {
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "ExpiredTokenException": "ExpiredToken",
    "AccessDeniedException": "AccessDenied",
    "ValidationException": "ValidationError",
}
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


@dataclass
class Refusal(Exception):
    """Answered instead of what was asked for."""

    code: str
    message: str
    status: int
    capital: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The header that names the code."""
        return {"x-amzn-ErrorType": f"{self.code}{_CORAL}"}

    @property
    def body(self) -> bytes:
        """The body on Bedrock's hosts."""
        return json.dumps({"Message" if self.capital else "message": self.message}).encode()

    def as_xml(self, request_id: str) -> bytes:
        """The body on STS."""
        code = _ON_STS.get(self.code, self.code)
        return (
            f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code>'
            f"<Message>{self.message}</Message></Error><RequestId>{request_id}</RequestId>"
            "</ErrorResponse>"
        ).encode()


def missing_token() -> Refusal:
    """Nothing authenticates the request."""
    return Refusal("MissingAuthenticationTokenException", "Missing Authentication Token", 403)


def unrecognized_client() -> Refusal:
    """The access key or the session token is unknown."""
    text = "The security token included in the request is invalid."
    return Refusal("UnrecognizedClientException", text, 403)


def invalid_signature(why: str = "") -> Refusal:
    """The secret is wrong, or something else was signed."""
    text = (
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details."
    )
    return Refusal("InvalidSignatureException", why or text, 403)


def expired_token() -> Refusal:
    """The session is over."""
    text = "The security token included in the request is expired"
    return Refusal("ExpiredTokenException", text, 403)


def invalid_api_key() -> Refusal:
    """The API key is wrong, expired, or of another region."""
    text = "Authentication failed: Please make sure your API Key is valid."
    return Refusal("AccessDeniedException", text, 403, capital=True)


def denied(principal: str, action: str, resource: str) -> Refusal:
    """IAM does not allow it."""
    text = (
        f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )
    return Refusal("AccessDeniedException", text, 403, capital=True)


def marketplace_denied() -> Refusal:
    """The model needs a subscription that this principal may not make."""
    text = (
        "Model access is denied due to IAM user or service role is not authorized to perform the "
        "required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, "
        "aws-marketplace:Subscribe) to enable access to this model. Refer to the Amazon Bedrock "
        "documentation for further details. Your AWS Marketplace subscription for this model "
        "cannot be completed at this time. If you recently fixed this issue, try again after 2 "
        "minutes."
    )
    return Refusal("AccessDeniedException", text, 403)


def use_case_missing() -> Refusal:
    """The first-time-use form was not sent."""
    text = (
        "Model use case details have not been submitted for this account. Fill out the Anthropic "
        "use case details form before using the model. If you have already filled out the form, "
        "try again in 15 minutes."
    )
    return not_found(text)


def legacy() -> Refusal:
    """The model is on its way out and was not in use."""
    text = (
        "Access denied. This Model is marked by provider as Legacy and you have not been actively "
        "using the model in the last 15 days. Please upgrade to an active model on Amazon Bedrock"
    )
    return not_found(text)


def needs_profile(model: str) -> Refusal:
    """The model answers by an inference profile only; the apostrophe is the service's own."""
    return validation(
        f"Invocation of model ID {model} with on-demand throughput isn’t supported. Retry your "  # noqa: RUF001 - recorded so
        "request with the ID or ARN of an inference profile that contains this model."
    )


def not_allowed() -> Refusal:
    """The account may not use the model, whatever its availability says."""
    return validation("Operation not allowed")


def invalid_model() -> Refusal:
    """There is no such model."""
    return validation("The provided model identifier is invalid.")


def validation(text: str) -> Refusal:
    """The arguments are wrong."""
    return _refusal("ValidationException", text)


def not_found(text: str) -> Refusal:
    """There is no such thing."""
    return _refusal("ResourceNotFoundException", text)


def conflict(text: str) -> Refusal:
    """Something stands in the way."""
    return _refusal("ConflictException", text)


def quota_exceeded(text: str) -> Refusal:
    """More than the account may have."""
    return _refusal("ServiceQuotaExceededException", text)


def throttled() -> Refusal:
    """Too many requests."""
    return _refusal("ThrottlingException", "Too many requests, please wait before trying again.")


def not_ready() -> Refusal:
    """The capacity is still being built."""
    return _refusal("ModelNotReadyException", "The model is not ready for inference requests.")


def unknown_operation() -> Refusal:
    """There is no such path."""
    return Refusal("UnknownOperationException", "Unknown operation", 404)


def _refusal(code: str, text: str) -> Refusal:
    return Refusal(code, text, _STATUS[code])
