"""Refusals of ARM itself: who asks, for what, and whether it exists.

The bodies are those of public issue reports and of ARM's documented errors, named beside each;
"assumed" marks a wording that no report shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_emulators.azure.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bonito_emulators.azure.directory import Application

_AUDIENCES = (
    "'https://management.core.windows.net/','https://management.core.windows.net',"
    "'https://management.azure.com/','https://management.azure.com'"
)


def refusal(status: int, code: str, message: str, **more: object) -> Refusal:
    """Makes a refusal in the envelope all of ARM's errors have."""
    return Refusal(status, {"error": {"code": code, "message": message, **more}})


def no_token() -> Refusal:
    """No bearer token at all. Source: ARM's documented answer."""
    refused = refusal(
        401,
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
    )
    refused.headers["www-authenticate"] = (
        'Bearer authorization_uri="https://login.windows.net/", error="invalid_token",'
        ' error_description="The authentication failed because of missing'
        " 'Authorization' header.\""
    )
    return refused


def invalid_token() -> Refusal:
    """A bearer token nobody gave out. Source: ARM's documented answer."""
    return refusal(401, "InvalidAuthenticationToken", "The access token is invalid.")


def expired_token(expired: datetime, now: datetime) -> Refusal:
    """A token past its end. Source: public issues."""
    return refusal(
        401,
        "ExpiredAuthenticationToken",
        f"The access token expiry UTC time '{expired:%m/%d/%Y %I:%M:%S %p}' is earlier than current"
        f" UTC time '{now:%m/%d/%Y %I:%M:%S %p}'.",
    )


def wrong_audience(audience: str) -> Refusal:
    """A token for another service. Source: hashicorp/go-azure-helpers#51."""
    return refusal(
        401,
        "InvalidAuthenticationTokenAudience",
        f"The access token has been obtained for wrong audience or resource '{audience}'. It should"
        f" exactly match with one of the allowed audiences {_AUDIENCES}.",
    )


def wrong_tenant(given: str, expected: str) -> Refusal:
    """A token of another customer's directory. Source: public issues."""
    return refusal(
        401,
        "InvalidAuthenticationTokenTenant",
        f"The access token is from the wrong issuer 'https://sts.windows.net/{given}/'. It must"
        f" match the tenant 'https://sts.windows.net/{expected}/' associated with this"
        f" subscription. Please use the authority (URL) 'https://login.windows.net/{expected}' to"
        " get the token.",
    )


def unauthorized(application: Application, action: str, scope: str) -> Refusal:
    """The principal lacks a role. Source: ARM's documented answer."""
    return refusal(
        403,
        "AuthorizationFailed",
        f"The client '{application.client_id}' with object id '{application.object_id}' does not"
        f" have authorization to perform action '{action}' over scope '{scope}' or the scope is"
        " invalid. If access was recently granted, please refresh your credentials.",
    )


def missing_api_version() -> Refusal:
    """No api-version. Source: ARM's documented answer."""
    return refusal(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def invalid_api_version(given: str, supported: Iterable[str]) -> Refusal:
    """An api-version that is no date. Source: ARM's documented answer."""
    return refusal(
        400,
        "InvalidApiVersionParameter",
        f"The api-version '{given}' is invalid. The supported versions are"
        f" '{','.join(supported)}'.",
    )


def no_registered_provider(
    given: str, *, kind: str, location: str, versions: Iterable[str], locations: Iterable[str]
) -> Refusal:
    """A date or a region the provider does not have. Source: microsoft/vscode-tools-for-ai#940."""
    return refusal(
        400,
        "NoRegisteredProviderFound",
        f"No registered resource provider found for location '{location}' and API version"
        f" '{given}' for type '{kind}'. The supported api-versions are '{', '.join(versions)}'."
        f" The supported locations are '{', '.join(locations)}'.",
    )


def subscription_not_found(identity: str) -> Refusal:
    """No such subscription. Source: ARM's documented answer."""
    return refusal(
        404, "SubscriptionNotFound", f"The subscription '{identity}' could not be found."
    )


def not_registered() -> Refusal:
    """The provider is not registered. Source: microsoft/foundry-vscode#270."""
    message = (
        "The subscription is not registered to use namespace 'Microsoft.CognitiveServices'. See"
        " https://aka.ms/rps-not-found for how to register subscriptions."
    )
    detail = {
        "code": "MissingSubscriptionRegistration",
        "target": "Microsoft.CognitiveServices",
        "message": message,
    }
    return refusal(409, "MissingSubscriptionRegistration", message, details=[detail])


def group_not_found(name: str) -> Refusal:
    """No such resource group. Source: ARM's documented answer."""
    return refusal(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def resource_not_found(kind_and_name: str, group: str) -> Refusal:
    """No such resource. Source: ARM's documented answer."""
    return refusal(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.CognitiveServices/{kind_and_name}' under resource group"
        f" '{group}' was not found. For more details please go to"
        " https://aka.ms/ARMResourceNotFoundFix",
    )


def parent_not_found(parent: str, *, verb: str) -> Refusal:
    """No account to hold the deployment. Source: ARM's documented answer."""
    return refusal(
        404,
        "ParentResourceNotFound",
        f"Failed to perform '{verb}' on resource(s) of type 'accounts/deployments', because the"
        f" parent resource '{parent}' could not be found.",
    )


def no_such_path(path: str) -> Refusal:
    """No operation of this service; assumed."""
    return refusal(404, "InvalidResourceType", f"No resource type was found for '{path}'.")


def invalid_content(reason: str) -> Refusal:
    """A body that does not fit. Source: ARM's documented answer."""
    return refusal(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )


def unsupported_media_type() -> Refusal:
    """A body not declared as JSON. Source: ARM's documented answer."""
    return refusal(
        415,
        "UnsupportedMediaType",
        "The content media type is not supported. Only 'application/json' is supported.",
    )


def invalid_skip_token() -> Refusal:
    """A link to a next page that was not given out so; assumed."""
    return refusal(400, "InvalidSkipToken", "The skip token is invalid.")
