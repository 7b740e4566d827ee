"""What Entra's and ARM's refusals mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.documents import read_json
from bonito_providers import answers
from bonito_providers.actions import Action, ActionKind
from bonito_providers.errors import (
    Conflict,
    CredentialsRejected,
    HostRefused,
    InvalidRequest,
    MalformedAnswer,
    ModelNotFound,
    PermissionMissing,
    ProviderError,
    RateLimited,
    RequestError,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from datetime import datetime

_LONGEST = 400
_SIGN_IN = {
    "AADSTS7000215": "The client secret is wrong. Use the secret's value, not its id.",
    "AADSTS7000222": "The client secret has expired. Make a new one for the app and enter it.",
    "AADSTS700016": "The tenant has no such application. Check client id and tenant id.",
    "AADSTS90002": "There is no such tenant. Check the tenant id.",
}
"""Entra's error numbers (Microsoft Learn, Entra authentication error codes)."""

GRANT = Action(
    kind=ActionKind.GRANT_PERMISSION,
    title="Grant a role",
    instruction="Give the service principal the role Cognitive Services Contributor on the "
    "resource: `az role assignment create --assignee <client id> --role "
    '"Cognitive Services Contributor" --scope <resource id>`. It takes minutes to be seen.',
    url="https://learn.microsoft.com/azure/role-based-access-control/role-assignments-portal",
)
REGISTER = Action(
    kind=ActionKind.ENABLE_API,
    title="Register the resource provider",
    instruction="`az provider register --namespace Microsoft.CognitiveServices` in the "
    "subscription, then wait some minutes.",
    url="https://aka.ms/rps-not-found",
)
QUOTA = Action(
    kind=ActionKind.REQUEST_QUOTA,
    title="Request quota",
    instruction="Ask for more quota for this model and SKU, lower the capacity, or free some by "
    "deleting a deployment.",
    url="https://aka.ms/oai/stuquotarequest",
)
TERMS = Action(
    kind=ActionKind.ACCEPT_TERMS,
    title="Accept the marketplace terms",
    instruction="Deploy this model once in the Foundry portal, where its terms are shown and "
    "accepted; then deploy it here.",
    url="https://ai.azure.com/",
)
ELIGIBILITY = Action(
    kind=ActionKind.CONTACT_SUPPORT,
    title="Ask who pays",
    instruction="The subscription may not buy from the marketplace: free, student, sandbox and "
    "CSP subscriptions cannot, and some have no payment method. Ask the billing owner.",
    url="https://learn.microsoft.com/azure/ai-foundry/how-to/configure-marketplace",
)
ORGANISATION = Action(
    kind=ActionKind.SUBMIT_USE_CASE,
    title="Say who you are",
    instruction="Anthropic's models need organization_name, country_code (two letters) and "
    "industry; give them as fields of the deployment.",
    url="https://learn.microsoft.com/azure/ai-foundry/foundry-models/how-to/use-foundry-models-claude",
    fields=("organization_name", "country_code", "industry"),
)


@dataclass(frozen=True)
class Refusal:
    """What ARM said."""

    status: int
    code: str | None
    message: str

    @property
    def needs(self) -> Action | None:
        """What a person has to do, if that is what the refusal comes to."""
        if self.code in _NEEDS:
            return _NEEDS[self.code]
        # The code of this refusal is in none of its reports; only the words are.
        if "Marketplace Subscription purchase eligibility" in self.message:
            return ELIGIBILITY
        return None


_NEEDS = {
    "AuthorizationFailed": GRANT,
    "LinkedAuthorizationFailed": GRANT,
    "MissingSubscriptionRegistration": REGISTER,
    "InsufficientQuota": QUOTA,
    "InvalidModelProviderData": ORGANISATION,
    "AnthropicOrganizationCreationException": ORGANISATION,
    "MarketplaceSubscriptionCannotBeCompleted": TERMS,
    "MarketplacePurchaseEligibilityFailed": ELIGIBILITY,
    "SpecialFeatureOrQuotaIdRequired": ELIGIBILITY,
}

_RETIRED = ("DeploymentModelNotSupported", "ServiceModelDeprecated", "ServiceModelDeprecating")
"""Three codes for a model past its life (public issues of 2024 to 2026)."""


class Busy(Conflict):
    """Another write on the account is going on; ARM allows one at a time."""


class ResourceMissing(RequestError):
    """There is no such resource, resource group or subscription."""


class ActionNeeded(RequestError):
    """A person has to do something first; `actions` says what."""


def sign_in_error(text: str, status: int | None) -> ProviderError:
    """Return the error for a sign-in that Entra refused.

    Args:
        text: azure-identity's message, which repeats Entra's.
        status: Of Entra's answer, where there was one.
    """
    found = re.search(r"AADSTS\d+", text)
    code = found[0] if found else None
    if code is None and status not in (400, 401):
        if status is None or status < 300:  # noqa: PLR2004 - a success without a token
            return MalformedAnswer("Entra answered something that is no token.", status=status)
        kind, hint = _by_status(status)
        return kind(f"Entra answered {status}.", hint=hint, status=status)
    hint = _SIGN_IN.get(code or "", "Check tenant id, client id and client secret.")
    named = f" ({code})" if code else ""
    return CredentialsRejected(
        f"Entra refused the service principal{named}: {hint.split('. ')[0].rstrip('.')}.",
        hint=hint,
        code=code,
        status=status,
    )


def refusal_of(status: int, body: bytes) -> Refusal:
    """Read ARM's ``{"error": {"code", "message"}}``, whatever else arrives."""
    try:
        value: Any = read_json(body)
    except ValueError:
        return Refusal(status, None, "")
    error = value.get("error", value) if isinstance(value, dict) else {}
    return refusal_in(error if isinstance(error, dict) else {}, status)


def refusal_in(error: Mapping[str, Any], status: int) -> Refusal:
    """Read the inside of an ``error`` object, as operations carry it too."""
    code, message = error.get("code"), error.get("message")
    words = " ".join(message.split()) if isinstance(message, str) else ""
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return Refusal(status, code[:100] if isinstance(code, str) and code else None, words)


def error_of(refusal: Refusal, headers: Mapping[str, str], *, now: datetime) -> ProviderError:
    """Return the error that a refusal of ARM stands for."""
    kind, hint = _meaning(refusal)
    needed = refusal.needs
    named = f" ({refusal.code})" if refusal.code else ""
    said = f": {refusal.message}" if refusal.message else "."
    return kind(
        f"Azure refused the call{named}{said}",
        hint=needed.instruction if needed else hint,
        status=refusal.status,
        code=refusal.code,
        request_id=headers.get("x-ms-request-id") or headers.get("x-ms-correlation-request-id"),
        retry_after=answers.retry_after(headers, now=now),
        actions=(needed,) if needed else (),
    )


def _meaning(refusal: Refusal) -> tuple[type[ProviderError], str]:
    if refusal.code == "RequestConflict":
        return Busy, "Azure allows one change per resource at a time; it is sent again."
    if refusal.code in _RETIRED:
        return ModelNotFound, "The model cannot be deployed any more; choose a newer one."
    if refusal.code == "CannotChangeDeploymentModel":
        return Conflict, "Choose another name for the deployment."
    if refusal.needs is not None:
        kind = PermissionMissing if refusal.needs is GRANT else ActionNeeded
        return kind, ""
    return _by_status(refusal.status)


def _by_status(status: int) -> tuple[type[ProviderError], str]:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return HostRefused, "Redirects are never followed: the credentials would travel along."
    if status >= 500:  # noqa: PLR2004 - the service's failures
        return ServiceUnavailable, "Try again in a moment."
    if status >= 400:  # noqa: PLR2004 - refused, whatever for
        return InvalidRequest, ""
    return MalformedAnswer, "No known answer of the service has this status."


_BY_STATUS: dict[int, tuple[type[ProviderError], str]] = {
    400: (InvalidRequest, ""),
    401: (CredentialsRejected, "The token was refused; check tenant and subscription."),
    403: (PermissionMissing, GRANT.instruction),
    404: (ResourceMissing, "Check subscription, resource group and account name."),
    408: (ServiceUnavailable, "Try again."),
    409: (Conflict, ""),
    412: (Conflict, "It was changed in between; plan again."),
    422: (InvalidRequest, ""),
    429: (RateLimited, "Azure limits management calls; wait."),
}
