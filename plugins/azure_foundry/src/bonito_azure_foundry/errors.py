"""What Foundry's refusals mean beyond what every data plane's do."""

from __future__ import annotations

from bonito_azure_arm.refusals import Meaning, Refusals
from bonito_providers.errors import (
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    KeyAuthenticationDisabled,
    PermissionMissing,
)


class SurfaceAbsent(InvalidRequest):
    """The resource, or this deployment, is not served on that path."""


_BY_CODE: dict[str, Meaning] = {
    "AuthenticationTypeDisabled": (
        KeyAuthenticationDisabled,
        (
            "The resource takes no keys. Leave the key out and give a service principal with the "
            "role Cognitive Services User, or have its owner allow keys again: "
            "`az resource update --ids <resource id> --set properties.disableLocalAuth=false`."
        ),
    ),
    "PermissionDenied": (
        PermissionMissing,
        (
            "Give the service principal the role Cognitive Services User on the resource; it takes "
            "minutes to be seen."
        ),
    ),
    "unknown_model": (
        DeploymentNotFound,
        (
            "The service does not route this name yet. If it was deployed in the last minutes, "
            "wait; else check the name."
        ),
    ),
    "api_not_supported": (
        SurfaceAbsent,
        "Models of this format are served on another path of the same endpoint.",
    ),
}
_BY_STATUS: dict[int, Meaning] = {
    401: (
        CredentialsRejected,
        "Copy the key again from the same resource as the endpoint; it may have been regenerated.",
    ),
    404: (SurfaceAbsent, "The resource does not serve this path."),
}
_REFUSALS = Refusals(
    by_code=_BY_CODE,
    by_status=_BY_STATUS,
    redirected="Redirects are never followed: the key would travel along.",
    code_header="x-ms-error-code",
    # The Anthropic surface's form is `{"error": {"type", "message"}}`.
    code_key="type",
)

raise_for = _REFUSALS.raise_for
read_error = _REFUSALS.read_error
