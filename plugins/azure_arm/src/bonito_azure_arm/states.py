"""Reading a deployment as ARM writes it: its model, SKU, state, and why it failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from bonito_azure_arm.documents import mapping, text, whole
from bonito_azure_arm.errors import Refusal, refusal_in
from bonito_azure_arm.policy import BUSY_PAUSE
from bonito_providers.actions import Action
from bonito_providers.deployment import State
from bonito_providers.errors import ProviderError

_STATES = {
    "Succeeded": State.READY,
    "Deleting": State.DELETING,
    "Failed": State.FAILED,
    "Canceled": State.FAILED,
    "Disabled": State.FAILED,
}
"""`provisioningState` (ARM types 2025-09-01); the enum is open, and every other word is of
something under way: Accepted, Creating, Moving."""


def state_of(row: Mapping[str, Any]) -> State:
    """Return the state; a word that is not known yet counts as still under way."""
    return _STATES.get(str(_properties(row).get("provisioningState")), State.PROVISIONING)


def failed(row: Mapping[str, Any]) -> bool:
    """Whether it came to nothing, so that it may as well not stand."""
    return state_of(row) is State.FAILED


def stands(row: Mapping[str, Any] | None) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is there to stay: what failed or is being deleted may as well not stand."""
    return row is not None and not failed(row) and not being_deleted(row)


def being_deleted(row: Mapping[str, Any] | None) -> bool:
    """Whether it is still there, and will soon be gone."""
    return row is not None and state_of(row) is State.DELETING


def error_of(row: Mapping[str, Any]) -> str | None:
    """Return why it is in a failed state, as far as the row tells."""
    if not failed(row):
        return None
    word = _properties(row).get("provisioningState")
    return f"Azure calls it {word} and gives no reason here; delete it and deploy again."


def model_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ARM's ``{format, name, version}``."""
    return mapping(_properties(row).get("model"))


def sku_of(row: Mapping[str, Any] | None) -> str | None:
    """Return the SKU's name; it stands at the root of a deployment."""
    return text(_sku(row).get("name"))


def capacity_of(row: Mapping[str, Any] | None) -> int | None:
    """Return the SKU's capacity; what is no whole number is none."""
    return whole(_sku(row).get("capacity"))


def held_as(row: Mapping[str, Any] | None, sku: str | None) -> int:
    """Return the capacity a deployment holds of a SKU's quota; of another SKU's it holds none."""
    return (capacity_of(row) or 0) if sku_of(row) == sku else 0


def under_way(operation: Mapping[str, Any]) -> bool:
    """Whether a long operation that has not failed goes on, in words of the resource's own."""
    return operation.get("status") not in (None, "Succeeded")


def failure_in(operation: Mapping[str, Any]) -> Refusal | None:
    """Return why a long operation failed, or None while it has not.

    A failure comes in an answer of status 200, minutes after the deployment was accepted.
    """
    if operation.get("status") not in ("Failed", "Canceled"):
        return None
    return refusal_in(mapping(operation.get("error")), 200)


def verdict(failure: Refusal) -> tuple[State, tuple[Action, ...]]:
    """Return what a failure comes to: something a person can mend, or an end."""
    needed = failure.needs
    return (State.NEEDS_ACTION, (needed,)) if needed else (State.FAILED, ())


def pause(error: ProviderError) -> float:
    """Return the seconds until a write that met another one is sent again."""
    return error.retry_after if error.retry_after is not None else BUSY_PAUSE


def _properties(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(row.get("properties"))


def _sku(row: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return mapping((row or {}).get("sku"))
