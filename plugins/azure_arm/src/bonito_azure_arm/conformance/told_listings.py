"""What is told of rows as Azure Resource Manager writes them, and of those it should not write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.harness import OWN
from bonito_azure_arm.conformance.questions import (
    DEPLOYMENTS,
    USAGES,
    deployments_by_name,
    instead,
    models_by_name,
)
from bonito_azure_arm.conformance.situations import MODEL, VERSION, Offered, situation, wish
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import meeting, planning
from bonito_providers import State
from bonito_providers.errors import MalformedAnswer

_STATES = {
    "Succeeded": State.READY,
    "Accepted": State.PROVISIONING,
    "Creating": State.PROVISIONING,
    "Moving": State.PROVISIONING,
    "Scaling": State.PROVISIONING,
    "Deleting": State.DELETING,
    "Failed": State.FAILED,
    "Canceled": State.FAILED,
    "Disabled": State.FAILED,
}
"""`provisioningState` (ARM types 2025-09-01), and a word that is not known yet."""
_CAPACITIES = ((10, 10), (10.0, 10), (0.5, None), (-1, None), (True, None), ("many", None))
_TAGS: tuple[tuple[Any, bool], ...] = (
    (OWN, True),
    ({"managed-by": "terraform"}, False),
    ({}, False),
    (["managed-by"], False),
)


def of_listings(kind: str, sku: str) -> tuple[Situation, ...]:
    """Return the situations in which ARM lists deployments and quota."""
    offered = situation(kind, Offered(name=sku))
    return (
        Situation(name="deployments of every sort", told=(_every_sort(),)),
        Situation(name="the same model deployed thrice", prepare=offered, told=(_deployed_as(),)),
        Situation(name="quota that is told badly", prepare=offered, told=_quota(sku)),
    )


def _row(name: str, state: str = "Succeeded", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    model = {"format": "OpenAI", "name": MODEL, "version": VERSION}
    return {"name": name, "properties": {"model": model, "provisioningState": state}, **more}


def _every_sort() -> Told:
    by_state = [_row(word.lower(), word) for word in _STATES]
    by_capacity = [
        _row(f"capacity-{place}", sku={"name": "Standard", "capacity": written})
        for place, (written, _) in enumerate(_CAPACITIES)
    ]
    by_tags = [_row(f"tags-{place}", tags=tags) for place, (tags, _) in enumerate(_TAGS)]
    bare = {"name": "bare", "properties": {"model": [], "provisioningState": 7}}
    rows = [*by_state, *by_capacity, *by_tags, bare, {"properties": {}}]
    return Told(
        name="listing them",
        ask=meeting(deployments_by_name, instead(DEPLOYMENTS, 200, {"value": rows})),
        tells={
            **{f"items.{word.lower()}.state": state for word, state in _STATES.items()},
            "items.succeeded.error": None,
            "items.failed.error": "Azure calls it Failed and gives no reason here; delete it and "
            "deploy again.",
            "items.succeeded.model.name": MODEL,
            "items.succeeded.model.version": VERSION,
            "items.succeeded.sku": None,
            "items.succeeded.capacity": None,
            "items.succeeded.owned": False,
            "items.capacity-0.sku": "Standard",
            **{
                f"items.capacity-{place}.capacity": read
                for place, (_, read) in enumerate(_CAPACITIES)
            },
            **{f"items.tags-{place}.owned": owned for place, (_, owned) in enumerate(_TAGS)},
            "items.bare.state": State.PROVISIONING,
            "items.bare.model.name": None,
            "skipped": ["(no name): a row of the listing has no name"],
            "complete": True,
        },
        says=("The deployments of contoso",),
    )


def _deployed_as() -> Told:
    shouted = _row("c")
    shouted["properties"]["model"] = {"name": MODEL.upper(), "version": VERSION}
    older = _row("d")
    older["properties"]["model"] = {"name": MODEL, "version": "2024-01-01"}
    other = _row("e")
    other["properties"]["model"] = {"name": f"{MODEL}-more", "version": VERSION}
    rows = [shouted, _row("b"), _row("a"), older, other]
    return Told(
        name="listing models",
        ask=meeting(models_by_name, instead(DEPLOYMENTS, 200, {"value": rows})),
        tells={
            f"items.{MODEL} {VERSION}.deployed_as": ["a", "b", "c"],
            "items.gpt-4o-mini 2024-07-18.deployed_as": [],
        },
        says=("The catalogue of swedencentral", "Seller and terms come from"),
    )


def _quota(sku: str) -> tuple[Told, ...]:
    key = f"OpenAI.{sku}.{MODEL}"
    told: Mapping[str, Any] = {"name": {"value": key}, "limit": 100.0, "currentValue": 0}
    named = {"value": key, "localizedValue": "Jetons à la minute"}
    unknown: Mapping[str, Any] = {"quota": None, "capacity": 10, "actions": []}
    half = b'{"value": [{"name": {"value": "%s", "localizedValue": "K\\ud83d"}, "limit": 10,'
    half = half.replace(b"%s", key.encode()) + b' "currentValue": 0}]}'
    return (
        *(
            Told(
                name=f"as {row}",
                ask=meeting(planning(wish()), instead(USAGES, 200, {"value": [{}, row]})),
                tells=unknown,
                says=("The quota is unknown",),
                unsaid=("None in use", "of None"),
            )
            for row in (
                {**told, "limit": None},
                {**told, "currentValue": None},
                {**told, "limit": True},
                {**told, "limit": -1},
                {**told, "name": key},
                {**told, "name": {"value": f"{key}-more"}},
            )
        ),
        Told(
            name="with its name in words",
            ask=meeting(
                planning(wish()), instead(USAGES, 200, {"value": [{**told, "name": named}]})
            ),
            tells={
                "quota": {
                    "key": key,
                    "limit": 100,
                    "used": 0,
                    "requested": 10,
                    "unit": "Jetons à la minute",
                }
            },
        ),
        Told(
            name="with no limit left at all",
            ask=meeting(planning(wish()), instead(USAGES, 200, {"value": [{**told, "limit": 0}]})),
            tells={"quota.limit": 0, "quota.used": 0, "actions.0.kind": "request_quota"},
        ),
        Told(
            name="with half a character in it",
            ask=meeting(planning(wish()), instead(USAGES, 200, half)),
            tells={"quota.unit": "K?", "quota.limit": 10, "quota.used": 0, "capacity": 10},
        ),
        *(
            Told(
                name=f"as {body[:30]!r}",
                ask=meeting(planning(wish()), instead(USAGES, 200, body)),
                refused=MalformedAnswer,
            )
            for body in (b"[" * 9000, b"[]", b'{"value": {}}', b'{"value": [7]}', b"no JSON")
        ),
    )
