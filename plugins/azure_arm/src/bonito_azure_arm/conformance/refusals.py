"""What Entra, ARM and the data planes answer when they refuse, from public issues and documents."""

from __future__ import annotations

from typing import Any

from bonito_azure_arm.conformance.harness import CLIENT, GROUP, TENANT
from bonito_contract_tests import Refusal
from bonito_emulators.azure import DEFAULT_SUBSCRIPTION
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    KeyAuthenticationDisabled,
    ModelNotFound,
    PermissionMissing,
    ProviderError,
    RateLimited,
    RequestError,
    ServiceUnavailable,
)

LOGIN, ARM = "login.microsoftonline.com", "management.azure.com"
_SUBSCRIPTION = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
_ACCOUNT = (
    f"{_SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso"
)
_NOT_REGISTERED = (
    "The subscription is not registered to use namespace 'Microsoft.CognitiveServices'. See "
    "https://aka.ms/rps-not-found for how to register subscriptions."
)
_Row = tuple[int, type[ProviderError], dict[str, Any], dict[str, str]]
"""Status, the class it must become, body, headers."""
_SAFE = {"filtered": False, "severity": "safe"}


def _error(code: str, message: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as many types as JSON
    return {"error": {"code": code, "message": message, **more}}


_SIGN_IN = {
    7000215: (
        "invalid_client",
        (
            "Invalid client secret provided. Ensure the secret being sent in the request is the "
            f"client secret value, not the client secret ID, for a secret added to app '{CLIENT}'."
        ),
    ),
    7000222: (
        "invalid_client",
        f"The provided client secret keys for app '{CLIENT}' are expired.",
    ),
    700016: (
        "unauthorized_client",
        f"Application with identifier '{CLIENT}' was not found in the directory '{TENANT}'.",
    ),
}
"""Entra's number to its `error` and words (public AADSTS format)."""


def of_entra(*hooks: str, access: str) -> tuple[Refusal, ...]:
    """Return how Entra refuses a service principal."""
    return tuple(
        Refusal(
            name=f"Entra: AADSTS{number}",
            status=401 if error == "invalid_client" else 400,
            body={
                "error": error,
                "error_description": f"AADSTS{number}: {words}",
                "error_codes": [number],
                "error_uri": f"https://{LOGIN}/error?code={number}",
            },
            raises=CredentialsRejected,
            code=f"AADSTS{number}",
            hooks=hooks,
            host=LOGIN,
            path_prefix=f"/{TENANT}/oauth2/",
            access=access,
        )
        for number, (error, words) in _SIGN_IN.items()
    )


def of_arm(*hooks: str, access: str) -> tuple[Refusal, ...]:
    """Return how ARM refuses to be read or written."""
    refused = {
        "AuthorizationFailed": (
            403,
            (
                f"The client '{CLIENT}' with object id '{CLIENT}' does not have authorization to "
                "perform action 'Microsoft.CognitiveServices/accounts/read' over scope "
                f"'{_SUBSCRIPTION}' or the scope is invalid. If access was recently granted, "
                "please refresh your credentials."
            ),
            PermissionMissing,
        ),
        "MissingSubscriptionRegistration": (409, _NOT_REGISTERED, RequestError),
        "ResourceGroupNotFound": (
            404,
            f"Resource group '{GROUP}' could not be found.",
            RequestError,
        ),
    }
    plain = tuple(
        Refusal(
            name=f"ARM: {code}",
            status=status,
            body=_error(code, message),
            raises=raises,
            code=code,
            hooks=hooks,
            host=ARM,
            access=access,
        )
        for code, (status, message, raises) in refused.items()
    )
    return (*plain, _throttled(hooks, access), *_of_deploying(access))


def _throttled(hooks: tuple[str, ...], access: str) -> Refusal:
    return Refusal(
        name="ARM: TooManyRequests",
        status=429,
        body=_error("TooManyRequests", "The request is being throttled."),
        raises=RateLimited,
        code="TooManyRequests",
        retry_after=2,
        headers={"Retry-After": "2"},
        hooks=hooks,
        host=ARM,
        access=access,
    )


def _of_deploying(access: str) -> tuple[Refusal, ...]:
    """Return how ARM refuses what is deployed; what a person can mend is a state instead."""
    refused = {
        "DeploymentModelNotSupported": (
            (
                "Creating account deployment is not supported by the model 'text-davinci-002'. "
                "This is usually because there are better models available for the similar "
                "functionality."
            ),
            ModelNotFound,
        ),
        "InvalidResourceProperties": (
            (
                "The specified SKU 'Standard' of account deployment is not supported by the model "
                "'gpt-4o' version: '2024-08-06'."
            ),
            InvalidRequest,
        ),
    }
    return tuple(
        Refusal(
            name=f"ARM: {code}",
            status=400,
            body=_error(code, message),
            raises=raises,
            code=code,
            hooks=("deploy",),
            host=ARM,
            path_prefix=f"{_ACCOUNT}/deployments/",
            access=access,
        )
        for code, (message, raises) in refused.items()
    )


def of_data_plane(host: str, *listing: str) -> tuple[Refusal, ...]:
    """Return how the data plane refuses a key.

    Args:
        host: Its host.
        listing: The hooks that read it without calling a model.
    """
    calling = ("invoke_model",)
    rows = ((_DENIED, (*listing, *calling)), (_REFUSED_CALLS, calling))
    return tuple(
        Refusal(
            name=f"data plane: {status} {body['error']['code']}",
            status=status,
            body=body,
            raises=raises,
            code=body["error"]["code"],
            retry_after=float(headers["Retry-After"]) if headers else None,
            headers=headers,
            hooks=hooks,
            host=host,
            access="key",
        )
        for refused, hooks in rows
        for status, raises, body, headers in refused
    )


_FILTERED = {
    "error": {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content "
        "management policy. Please modify your prompt and retry.",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {
                "hate": {"filtered": True, "severity": "high"},
                "jailbreak": {"filtered": False, "detected": False},
                "self_harm": _SAFE,
                "sexual": _SAFE,
                "violence": _SAFE,
            },
        },
    }
}

_WAIT = {
    "Retry-After": "7",
    "retry-after-ms": "7000",
    "x-ratelimit-reset-tokens": "7",
    "x-ratelimit-remaining-tokens": "0",
}
_DENIED: tuple[_Row, ...] = (
    (
        401,
        CredentialsRejected,
        _error(
            "401",
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to "
            "provide a valid key for an active subscription and use a correct regional API "
            "endpoint for your resource.",
        ),
        {},
    ),
    (
        403,
        KeyAuthenticationDisabled,
        _error(
            "AuthenticationTypeDisabled", "Key based authentication is disabled for this resource."
        ),
        {},
    ),
    (
        429,
        RateLimited,
        _error("429", "Rate limit is exceeded. Try again in 7 seconds."),
        _WAIT,
    ),
    (503, ServiceUnavailable, _error("ServiceUnavailable", "Try again later."), {}),
)
_REFUSED_CALLS: tuple[_Row, ...] = (
    (
        404,
        DeploymentNotFound,
        _error(
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you created the deployment "
            "within the last 5 minutes, please wait a moment and try again.",
        ),
        {},
    ),
    (404, InvalidRequest, _error("404", "Resource not found"), {}),
    (
        404,
        InvalidRequest,
        _error("api_not_supported", "Requested API is currently not supported"),
        {},
    ),
    (400, InvalidRequest, _error("BadRequest", "API version not supported"), {}),
    (400, ContentFiltered, _FILTERED, {}),
    (
        429,
        RateLimited,
        _error(
            "429",
            "Your requests to gpt-4.1-nano for gpt-4.1-nano in Sweden Central have exceeded the "
            "token rate limit.",
        ),
        {},
    ),
)
