"""Deployments on the wire of ARM: what a body orders, and how a deployment is shown."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import arm_deployment_errors, arm_errors
from bonito_emulators.azure.arm_catalogue import RATE_LIMITS
from bonito_emulators.azure.clock import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.arm_call import ArmCall
    from bonito_emulators.azure.arm_catalogue import Entry
    from bonito_emulators.azure.deployments import Deployment

_ROOT = frozenset({"properties", "sku", "tags"})
_PATCHED = frozenset({"sku", "tags"})
_ROOT_READ_ONLY = frozenset({"etag", "id", "name", "systemData", "type"})
_PROPERTIES = frozenset(
    {
        "capabilities",
        "callRateLimit",
        "currentCapacity",
        "dynamicThrottlingEnabled",
        "model",
        "modelProviderData",
        "provisioningState",
        "raiPolicyName",
        "rateLimits",
        "versionUpgradeOption",
    }
)
_MODEL = frozenset({"callRateLimit", "format", "name", "publisher", "version"})
_SKU = frozenset({"capacity", "family", "name", "size", "tier"})
_UPGRADES = frozenset(
    {"NoAutoUpgrade", "OnceCurrentVersionExpired", "OnceNewDefaultVersionAvailable"}
)
_RESERVED = frozenset("<>%&\\?/")
_STATEFUL_VERSIONS = frozenset({"2025-10-01-preview", "2026-03-01"})
# Released specifications do not have the field; source: Azure/azure-rest-api-specs#43610. That
# other versions ignore it is assumed.
_PROVIDER_DATA_VERSIONS = frozenset({"2025-10-01-preview"})


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a PUT asks for, before anything of it is checked against the cloud."""

    format: str
    name: str
    version: str
    sku: str | None
    capacity: object
    tags: dict[str, str] | None = None
    upgrade: str = "OnceNewDefaultVersionAvailable"
    rai_policy: str | None = None
    provider_data: Mapping[str, Any] = field(default_factory=dict)


def read_order(call: ArmCall) -> Order:
    """Reads the body of a PUT.

    Raises:
        Refusal: it is no JSON object of the documented form.
    """
    body = call.json_object()
    _refuse_unknown(call, body, _ROOT | _ROOT_READ_ONLY, where="")
    properties = _object(body, "properties")
    _refuse_unknown(call, properties, _PROPERTIES, where="properties.")
    model = _object(properties, "model")
    _refuse_unknown(call, model, _MODEL, where="properties.model.")
    upgrade = properties.get("versionUpgradeOption", "OnceNewDefaultVersionAvailable")
    if upgrade not in _UPGRADES:
        raise arm_errors.invalid_content(f"Error converting value {upgrade!r}")
    knows_provider_data = call.api_version in _PROVIDER_DATA_VERSIONS
    name, capacity = read_sku(call, body)
    return Order(
        format=_text(model, "format"),
        name=_text(model, "name"),
        version=_text(model, "version"),
        sku=name,
        capacity=capacity,
        tags=read_tags(body),
        upgrade=upgrade,
        rai_policy=properties.get("raiPolicyName"),
        provider_data=_object(properties, "modelProviderData") if knows_provider_data else {},
    )


def read_patch(call: ArmCall) -> dict[str, Any]:
    """Reads the body of a PATCH, which may hold tags and the SKU.

    Raises:
        Refusal: it holds something else.
    """
    body = call.json_object()
    _refuse_unknown(call, body, _PATCHED, where="")
    return body


def read_sku(call: ArmCall, body: Mapping[str, Any]) -> tuple[str | None, object]:
    """Reads name and capacity of the SKU at the root of a body, where they are."""
    sku = _object(body, "sku")
    _refuse_unknown(call, sku, _SKU, where="sku.")
    return _text(sku, "name") or None, sku.get("capacity")


def read_tags(body: Mapping[str, Any]) -> dict[str, str] | None:
    """Reads the tags; None when there are none.

    Raises:
        Refusal: they are not strings by strings, or a name holds a reserved character.
    """
    if body.get("tags") is None:
        return None
    tags = _object(body, "tags")
    if not all(isinstance(value, str) for value in tags.values()):
        raise arm_errors.invalid_content("Error converting value of 'tags' to type 'String'")
    if reserved := sorted(name for name in tags if _RESERVED & set(name)):
        raise arm_deployment_errors.reserved_characters(reserved)
    return dict(tags)


def shown(
    account: Account, deployment: Deployment, entry: Entry | None, *, api_version: str
) -> dict[str, Any]:
    """Gives a deployment as the wire of a version has it."""
    base = account.model_of(deployment)
    version = deployment.version or base.version
    properties: dict[str, Any] = {
        "model": {"format": base.format, "name": deployment.model, "version": version},
        "versionUpgradeOption": deployment.version_upgrade_option,
        "currentCapacity": deployment.capacity,
        "capabilities": {} if entry is None else _visible(entry.model.get("capabilities", {})),
        "provisioningState": deployment.provisioning_state,
        "rateLimits": _rate_limits(entry, deployment.sku),
    }
    if api_version in _STATEFUL_VERSIONS:
        properties |= {"deploymentState": "Running", "serviceTier": "Default"}
    if deployment.rai_policy is not None:
        properties["raiPolicyName"] = deployment.rai_policy
    identity = f"{account.id}/deployments/{deployment.name}"
    resource = {
        "id": identity,
        "type": "Microsoft.CognitiveServices/accounts/deployments",
        "name": deployment.name,
        "sku": {"name": deployment.sku, "capacity": deployment.capacity},
        "properties": properties,
        "systemData": _system_data(deployment),
    }
    if deployment.tags is not None:
        resource["tags"] = dict(deployment.tags)
    digest = hashlib.sha256(repr(sorted(resource.items())).encode()).hexdigest()[:32]
    return {**resource, "etag": f'"{digest}"'}


def _system_data(deployment: Deployment) -> dict[str, str]:
    created = datetime.datetime.fromtimestamp(deployment.created_at, datetime.UTC)
    return {
        "createdBy": deployment.created_by,
        "createdByType": "Application",
        "createdAt": stamp(created),
        "lastModifiedBy": deployment.created_by,
        "lastModifiedByType": "Application",
        "lastModifiedAt": stamp(deployment.modified_at or created),
    }


def _visible(capabilities: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in capabilities.items() if not name.startswith("_H_")}


def _rate_limits(entry: Entry | None, sku: str) -> list[dict[str, Any]]:
    """Gives the limits of one unit of capacity."""
    offered = entry.sku(sku) if entry is not None else None
    limits: list[dict[str, Any]] = (offered or {}).get("rateLimits", RATE_LIMITS["tokens"])
    return limits


def _refuse_unknown(
    call: ArmCall, given: Mapping[str, Any], known: Iterable[str], *, where: str
) -> None:
    """Refuses what the emulator does not know; only for the root is the wording the service's."""
    if unknown := sorted(given.keys() - set(known)):
        call.violation(f"the body holds unknown keys: {', '.join(where + key for key in unknown)}")
        reason = f"Could not find member '{unknown[0]}' on object of type 'ResourceDefinition'"
        raise arm_errors.invalid_content(reason)


def _object(given: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = given.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise arm_errors.invalid_content(f"Error converting value of '{key}' to an object")
    return value


def _text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key) or ""
    if not isinstance(value, str):
        raise arm_errors.invalid_content(f"Error converting value of '{key}' to type 'String'")
    return value
