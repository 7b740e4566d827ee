"""A request to ARM: authenticated, authorised, and bound to what it is about."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from bonito_emulators.azure import arm_errors, roles
from bonito_emulators.azure.directory import MANAGEMENT, AccessToken
from bonito_emulators.azure.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.state import State
    from bonito_emulators.azure.subscriptions import Subscription

API_VERSIONS = ("2025-09-01", "2025-10-01-preview", "2026-03-01")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?")
_VERBS = {"GET": "read", "DELETE": "delete"}


@dataclass(frozen=True, kw_only=True)
class ArmCall(Request):
    """One request; `parameters` are the named parts of the path."""

    state: State
    token: AccessToken
    subscription: Subscription
    api_version: str
    parameters: Mapping[str, str]

    @property
    def group(self) -> str:
        """The resource group in the path.

        Raises:
            Refusal: there is none of that name.
        """
        name = self.parameters["group"]
        groups = {each.resource_group for each in self.state.accounts_of(self.subscription)}
        known = {each.lower() for each in groups | self.subscription.resource_groups}
        if name.lower() not in known:
            raise arm_errors.group_not_found(name)
        return name

    @property
    def location(self) -> str:
        """The region in the path, as ids spell it.

        Raises:
            Refusal: there is no such region.
        """
        name = self.parameters["location"]
        location = self.state.location(name)
        if location is None:
            raise arm_errors.no_registered_provider(
                self.api_version,
                kind="locations",
                location=name,
                versions=API_VERSIONS,
                locations=self.state.locations,
            )
        return location

    def account(self, *, parent: bool = False) -> Account:
        """Gives the account in the path.

        Raises:
            Refusal: there is none of that name in that group.
        """
        group, name = self.group, self.parameters["account"]
        for account in self.state.accounts_of(self.subscription, group):
            if account.name.lower() == name.lower():
                return account
        if parent:
            missing = self.path.rpartition("/deployments")[0] or self.path
            raise arm_errors.parent_not_found(missing, verb=_VERBS.get(self.method, "write"))
        raise arm_errors.resource_not_found(f"accounts/{name}", group)

    def json_object(self) -> dict[str, Any]:
        """Parses the body.

        Raises:
            Refusal: it is not declared as JSON, or is no JSON object.
        """
        if self.content_type != "application/json":
            self.violation(f"the content type is {self.content_type!r}")
            raise arm_errors.unsupported_media_type()
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self.violation("the body is no JSON object")
            raise arm_errors.invalid_content("Unexpected character encountered while parsing value")
        return value


def authenticate(state: State, request: Request) -> AccessToken:
    """Gives the token of a request.

    Raises:
        Refusal: there is none, or it is unknown, expired, or for another service.
    """
    if request.bearer is None:
        raise arm_errors.no_token()
    token = state.directory.token(request.bearer)
    if token is None:
        raise arm_errors.invalid_token()
    if token.audience != MANAGEMENT:
        request.violation(f"a token for {token.audience} was sent to ARM")
        raise arm_errors.wrong_audience(token.audience)
    if state.directory.expired(token):
        raise arm_errors.expired_token(token.expires, state.clock.now())
    return token


def api_version(state: State, request: Request, *, kind: str, served: tuple[str, ...]) -> str:
    """Gives the api-version of a request.

    Raises:
        Refusal: there is none, or one that is not served.
    """
    pairs = parse_qsl(request.query, keep_blank_values=True)
    for unknown in sorted({name for name, _ in pairs} - {"api-version", "$skiptoken"}):
        request.violation(f"the query parameter {unknown!r} is unknown here")
    given = [value for name, value in pairs if name == "api-version"]
    if not given:
        raise arm_errors.missing_api_version()
    version = given[0].lower()
    if version in served:
        return version
    if not _DATE.fullmatch(version):
        raise arm_errors.invalid_api_version(given[0], served)
    request.violation(f"the api-version {version} is not emulated")
    raise arm_errors.no_registered_provider(
        given[0], kind=kind, location="", versions=served, locations=state.locations
    )


def subscription_of(state: State, token: AccessToken, identity: str) -> Subscription:
    """Gives a subscription of the token's directory.

    Raises:
        Refusal: there is none, or it is another customer's.
    """
    subscription = state.subscriptions.get(identity.lower())
    if subscription is None:
        raise arm_errors.subscription_not_found(identity)
    if subscription.tenant_id != token.tenant_id:
        raise arm_errors.wrong_tenant(token.tenant_id, subscription.tenant_id)
    return subscription


def authorize(token: AccessToken, action: str, *, scope: str) -> None:
    """Lets a principal with a fitting role pass.

    Raises:
        Refusal: it has none. Assumed for listings too, which ARM may instead thin out.
    """
    if not roles.allows(token.application.roles, action, scope=scope):
        raise arm_errors.unauthorized(token.application, action, scope)
