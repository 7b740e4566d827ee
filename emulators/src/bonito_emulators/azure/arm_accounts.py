"""Accounts in ARM: listings, one account, its keys."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import arm_deployment_errors
from bonito_emulators.azure.arm_pages import listing as page_of

if TYPE_CHECKING:
    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.arm_call import ArmCall

_CREATED = "2025-10-09T08:53:20.1234567Z"
_CREATOR = "admin@contoso.example"


def listing(call: ArmCall) -> Response:
    """Serves `GET /subscriptions/{subscription}/…/accounts`."""
    accounts = call.state.accounts_of(call.subscription)
    return page_of(call, [resource(account, call) for account in accounts])


def group_listing(call: ArmCall) -> Response:
    """Serves the same for one resource group."""
    accounts = call.state.accounts_of(call.subscription, call.group)
    return page_of(call, [resource(account, call) for account in accounts])


def get(call: ArmCall) -> Response:
    """Serves `GET accounts/{account}`."""
    return JSONResponse(resource(call.account(), call))


def keys(call: ArmCall) -> Response:
    """Serves `POST accounts/{account}/listKeys`."""
    account = call.account()
    if account.local_auth_disabled:
        raise arm_deployment_errors.keys_not_listed()
    return JSONResponse({"key1": account.keys[0], "key2": account.keys[1]})


def resource(account: Account, call: ArmCall) -> dict[str, Any]:
    """Gives the account as the wire has it."""
    system = {
        "createdBy": _CREATOR,
        "createdByType": "User",
        "createdAt": _CREATED,
        "lastModifiedBy": _CREATOR,
        "lastModifiedByType": "User",
        "lastModifiedAt": _CREATED,
    }
    return {
        "id": account.id,
        "name": account.name,
        "type": "Microsoft.CognitiveServices/accounts",
        "etag": f'"{hashlib.sha256(account.id.encode()).hexdigest()[:32]}"',
        "location": account.region,
        "sku": {"name": "S0"},
        "kind": account.kind,
        "tags": dict(account.tags),
        "identity": {
            "principalId": str(uuid.uuid5(uuid.NAMESPACE_OID, account.id)),
            "tenantId": call.subscription.tenant_id,
            "type": "SystemAssigned",
        },
        "systemData": system,
        "properties": _properties(account),
    }


def _properties(account: Account) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "endpoint": _endpoint(account),
        "endpoints": _endpoints(account),
        "provisioningState": account.provisioning_state,
        "internalId": hashlib.sha256(account.id.encode()).hexdigest()[:32],
        "dateCreated": _CREATED,
        "isMigrated": False,
        "privateEndpointConnections": [],
        "publicNetworkAccess": "Enabled",
        "disableLocalAuth": account.local_auth_disabled,
        "capabilities": [{"name": "VirtualNetworks"}, {"name": "CustomerManagedKey"}],
        "callRateLimit": {
            "rules": [
                {
                    "key": "openai.account.resource",
                    "renewalPeriod": 1,
                    "count": 30,
                    "matchPatterns": [{"path": "openai/*", "method": "*"}],
                }
            ]
        },
    }
    if account.custom_subdomain is not None:
        properties["customSubDomainName"] = account.custom_subdomain
    if account.kind == "AIServices":
        properties["allowProjectManagement"] = True
        properties["associatedProjects"] = list(account.projects)
        if account.projects:
            properties["defaultProject"] = account.projects[0]
    return properties


def _endpoint(account: Account) -> str:
    """Gives the one endpoint, which is seldom the one to call: the trap of `properties.endpoint`.

    Without a subdomain it is the region's, shared by all (recorded, 28 October 2025).
    """
    if account.custom_subdomain is None:
        return f"https://{account.region.lower()}.api.cognitive.microsoft.com/"
    host = "openai" if account.kind == "OpenAI" else "cognitiveservices"
    return f"https://{account.custom_subdomain.lower()}.{host}.azure.com/"


def _endpoints(account: Account) -> dict[str, str]:
    general = _endpoint(account)
    label = (account.custom_subdomain or account.name).lower()
    openai = general if account.custom_subdomain is None else f"https://{label}.openai.azure.com/"
    endpoints = {
        "OpenAI Language Model Instance API": openai,
        "OpenAI Dall-E API": openai,
        "OpenAI Whisper API": openai,
        "Azure OpenAI Legacy API - Latest moniker": openai,
        "Token": general,
    }
    if account.kind == "AIServices":
        services = f"https://{label}.services.ai.azure.com/"
        subdomain = account.custom_subdomain is not None
        endpoints["Azure AI Model Inference API"] = services if subdomain else general
        endpoints["AI Foundry API"] = services
        endpoints["Content Safety"] = general
    return endpoints
