"""`management.azure.com`: the operations of Cognitive Services, in the order of ARM's checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import (
    arm_accounts,
    arm_call,
    arm_deployments,
    arm_errors,
    arm_models,
    arm_operations,
    arm_registration,
)
from bonito_emulators.azure.arm_call import ArmCall
from bonito_emulators.azure.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_emulators.azure.request import Request
    from bonito_emulators.azure.state import State

HOST = "management.azure.com"
_SERVICE = "Microsoft.CognitiveServices"
_SUBSCRIPTION = r"(?P<scope>/subscriptions/(?P<subscription>[^/]+))"
_GROUP = r"(?P<scope>/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+))"
_PROVIDER = r"/providers/Microsoft\.CognitiveServices"
_ACCOUNT_ID = (
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    rf"{_PROVIDER}/accounts/(?P<account>[^/]+)"
)
_ACCOUNT = rf"(?P<scope>{_ACCOUNT_ID})"
_DEPLOYMENT = rf"(?P<scope>{_ACCOUNT_ID}/deployments/(?P<deployment>[^/]+))"
_LOCATION = rf"{_SUBSCRIPTION}{_PROVIDER}/locations/(?P<location>[^/]+)"


@dataclass(frozen=True)
class ArmRoute:
    """A method and a path, the action it takes, what serves it, and in which versions."""

    method: str
    pattern: str
    action: str
    serve: Callable[[ArmCall], Response]
    versions: tuple[str, ...] = arm_call.API_VERSIONS


ROUTES = (
    ArmRoute("GET", f"{_SUBSCRIPTION}{_PROVIDER}/accounts", "accounts/read", arm_accounts.listing),
    ArmRoute("GET", f"{_GROUP}{_PROVIDER}/accounts", "accounts/read", arm_accounts.group_listing),
    ArmRoute("GET", _ACCOUNT, "accounts/read", arm_accounts.get),
    ArmRoute("POST", f"{_ACCOUNT}/listKeys", "accounts/listKeys/action", arm_accounts.keys),
    ArmRoute("GET", f"{_ACCOUNT}/models", "accounts/models/read", arm_models.of_account),
    ArmRoute("GET", f"{_ACCOUNT}/usages", "accounts/usages/read", arm_models.account_usages),
    ArmRoute("GET", f"{_LOCATION}/models", "locations/models/read", arm_models.of_location),
    ArmRoute("GET", f"{_LOCATION}/usages", "locations/usages/read", arm_models.location_usages),
    ArmRoute(
        "GET", f"{_ACCOUNT}/deployments", "accounts/deployments/read", arm_deployments.listing
    ),
    ArmRoute("GET", _DEPLOYMENT, "accounts/deployments/read", arm_deployments.get),
    ArmRoute("PUT", _DEPLOYMENT, "accounts/deployments/write", arm_deployments.put),
    ArmRoute("PATCH", _DEPLOYMENT, "accounts/deployments/write", arm_deployments.patch),
    ArmRoute("DELETE", _DEPLOYMENT, "accounts/deployments/delete", arm_deployments.delete),
    ArmRoute(
        "GET",
        f"{_SUBSCRIPTION}{_PROVIDER}",
        "read",
        arm_registration.get,
        arm_registration.API_VERSIONS,
    ),
    ArmRoute(
        "POST",
        f"{_SUBSCRIPTION}{_PROVIDER}/register",
        "register/action",
        arm_registration.register,
        arm_registration.API_VERSIONS,
    ),
)
_OPERATION = rf"{_LOCATION}/operationResults/(?P<operation>[^/]+)"


def answer(state: State, request: Request) -> Response:
    """Serves one request to the host."""
    try:
        response = _serve(state, request)
    except Refusal as refusal:
        response = JSONResponse(
            refusal.body, status_code=refusal.status, headers=dict(refusal.headers)
        )
    return _finish(request, response)


def _serve(state: State, request: Request) -> Response:
    token = arm_call.authenticate(state, request)
    operation = re.fullmatch(_OPERATION, request.path, re.IGNORECASE)
    if request.method == "GET" and operation:
        # The address is signed, so that it stands for the role its owner had.
        arm_call.subscription_of(state, token, operation["subscription"])
        return arm_operations.poll(state, request, operation["operation"])
    route, parameters = _match(request)
    kind = "locations" if "location" in parameters else route.action.rpartition("/")[0]
    version = arm_call.api_version(state, request, kind=kind, served=route.versions)
    subscription = arm_call.subscription_of(state, token, parameters["subscription"])
    arm_call.authorize(token, f"{_SERVICE}/{route.action}", scope=parameters["scope"])
    if not subscription.registered and route.versions is not arm_registration.API_VERSIONS:
        raise arm_errors.not_registered()
    call = ArmCall(
        **{name: getattr(request, name) for name in request.__dataclass_fields__},
        state=state,
        token=token,
        subscription=subscription,
        api_version=version,
        parameters=parameters,
    )
    return route.serve(call)


def _match(request: Request) -> tuple[ArmRoute, dict[str, str]]:
    for route in ROUTES:
        found = re.fullmatch(route.pattern, request.path, re.IGNORECASE)
        if route.method == request.method and found:
            return route, found.groupdict()
    request.violation("the service has no such path")
    raise arm_errors.no_such_path(request.path)


def _finish(request: Request, response: Response) -> Response:
    """Adds what every answer carries, as recorded."""
    identity = f"00000000-0000-4000-a000-{request.exchange.sequence:012}"
    limits = {
        "GET": {"subscription-global-reads": "16499"},
        "DELETE": {"subscription-deletes": "799", "subscription-global-deletes": "11999"},
    }
    writes = {"subscription-writes": "799", "subscription-global-writes": "11999"}
    added = {
        "cache-control": "no-cache",
        "pragma": "no-cache",
        "expires": "-1",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-cache": "CONFIG_NOCACHE",
        "x-msedge-ref": f"Ref A: {identity.replace('-', '').upper()} Ref B: EMULATED",
        "x-ms-request-id": identity,
        "x-ms-correlation-request-id": identity,
        "x-ms-operation-identifier": f"tenantId=,objectId=,requestId={identity}",
    }
    for name, value in limits.get(request.method, writes).items():
        added[f"x-ms-ratelimit-remaining-{name}"] = value
    if response.headers.get("content-type") == "application/json":
        response.headers["content-type"] = "application/json; charset=utf-8"
    for name, value in added.items():
        response.headers.setdefault(name, value)
    return response
