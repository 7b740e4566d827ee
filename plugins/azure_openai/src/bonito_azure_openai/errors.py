"""What Azure OpenAI's refusals mean beyond what every data plane's do."""

from __future__ import annotations

from bonito_azure_arm.refusals import Meaning, Refusals
from bonito_providers.errors import (
    CredentialsRejected,
    InvalidRequest,
    KeyAuthenticationDisabled,
    PermissionMissing,
)


class RouteAbsent(InvalidRequest):
    """The resource does not serve that path, or not this deployment on it."""


_BY_CODE: dict[str, Meaning] = {
    "AuthenticationTypeDisabled": (
        KeyAuthenticationDisabled,
        "The resource takes no keys. Leave the key out and give a service principal.",
    ),
    "PermissionDenied": (
        PermissionMissing,
        "Give the service principal the role Cognitive Services OpenAI User on the resource.",
    ),
    "api_not_supported": (RouteAbsent, "The model behind it is not OpenAI's; use Foundry."),
}
_BY_STATUS: dict[int, Meaning] = {
    401: (
        CredentialsRejected,
        (
            "Copy the key again from the same resource as the endpoint, or give the service "
            "principal the role Cognitive Services OpenAI User on it."
        ),
    ),
    404: (RouteAbsent, "The resource does not serve this path."),
}
_REFUSALS = Refusals(
    by_code=_BY_CODE,
    by_status=_BY_STATUS,
    redirected="Redirects are never followed: the credentials would travel along.",
)

raise_for = _REFUSALS.raise_for
