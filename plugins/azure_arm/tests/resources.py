"""The emulated tenant and resources, and what tests of management say about them in a word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from bonito_azure_arm.access import ARM_HOST, LOGIN_HOST, ManagementAccess
from bonito_emulators import RecordedRequest, RequestLog
from bonito_emulators.azure import (
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    DEFAULT_SUBSCRIPTION,
    DEFAULT_TENANT,
    Account,
    Application,
    AzureCloud,
    ClientSecret,
    Clock,
    RoleAssignment,
    Tenant,
)
from bonito_emulators.faults import Action, Fault
from bonito_providers import Connection
from tests.virtual_time import START

KEYS = ("first-key-of-contoso-5b1e8f0c97aa4d", "second-key-of-contoso-0d9c7b6a5e4f3")
CLIENT = "66666666-7777-4888-9999-000000000000"
SECRET = "Kq7~the.secret.of.the.application-2Xw"
WRONG_SECRET = "Zz9~a.secret.of.nobody-8Yt4"
DOMAIN = "contoso.onmicrosoft.com"
GROUP = "rg-ai"
ENDPOINT = "https://contoso.services.ai.azure.com"
DATA_HOST = "contoso.services.ai.azure.com"

MANAGEMENT = {
    "tenant_id": DEFAULT_TENANT,
    "client_id": CLIENT,
    "client_secret": SECRET,
    "subscription_id": DEFAULT_SUBSCRIPTION,
    "resource_group": GROUP,
}
FIELDS = {"endpoint": ENDPOINT, "api_key": KEYS[0], **MANAGEMENT}

ACCOUNT_PATH = (
    f"/subscriptions/{DEFAULT_SUBSCRIPTION}/resourceGroups/{GROUP}"
    "/providers/Microsoft.CognitiveServices/accounts/contoso"
)


class Connect(Protocol):
    """Opens a connection, its fields changed as given; None takes one out."""

    def __call__(self, **changes: str | None) -> Connection: ...


def access(**changes: str) -> ManagementAccess:
    """Makes the service principal's fields as the plugins hand them over."""
    return ManagementAccess.model_validate({**MANAGEMENT, **changes})


def tenant() -> Tenant:
    """Makes a directory whose one application may deploy and call."""
    scope = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
    roles = [
        RoleAssignment(role=role, scope=scope) for role in (CONTRIBUTOR, COGNITIVE_SERVICES_USER)
    ]
    application = Application(client_id=CLIENT, secrets=[ClientSecret(value=SECRET)], roles=roles)
    return Tenant(id=DEFAULT_TENANT, domains=(DOMAIN,), applications=[application])


def managed_cloud(*accounts: Account) -> AzureCloud:
    """Makes a cloud in which the application manages the accounts, at the virtual clock's time."""
    return AzureCloud(accounts, tenants=[tenant()], clock=Clock(START))


def contoso(**attributes: Any) -> Account:
    """Makes the Foundry resource without any deployment."""
    return Account(name="contoso", keys=KEYS, **attributes)


def application_of(cloud: AzureCloud) -> Application:
    """Gives the one application, to be changed."""
    return cloud.directory.tenants[0].applications[0]


def arm_fault(action: Action, *, method: str | None = None, times: int | None = 1) -> Fault:
    """Makes a fault of the management host."""
    return Fault(action=action, host=ARM_HOST, method=method, times=times)


def entra_fault(action: Action, *, method: str | None = None, times: int | None = None) -> Fault:
    """Makes a fault of the sign-in host."""
    return Fault(action=action, host=LOGIN_HOST, method=method, times=times)


def writes(log: RequestLog) -> list[RecordedRequest]:
    """Gives the requests that change something in ARM."""
    return [each for each in log.select(ARM_HOST) if each.method != "GET"]


def bearers(requests: Iterable[RecordedRequest]) -> set[str]:
    """Gives the bearer tokens that were sent."""
    found = {each.header("authorization") or "" for each in requests}
    return {value.removeprefix("Bearer ") for value in found if value.startswith("Bearer ")}
