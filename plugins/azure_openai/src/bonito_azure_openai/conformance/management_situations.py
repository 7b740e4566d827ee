"""What ARM's rows come to for a provider of OpenAI's models alone, and how it deploys.

Source: Microsoft Learn, deployment types of Azure OpenAI.
"""

from __future__ import annotations

from collections.abc import Mapping

from bonito_azure_arm.conformance.asking import (
    answered,
    catalogue,
    listing,
    model_of_id,
    told_otherwise,
)
from bonito_azure_arm.conformance.questions import DEPLOYMENTS, planning
from bonito_azure_arm.conformance.situations import CHAT, MadeUp, Offered, situation, wish
from bonito_contract_tests import Planned, Situation, Told
from bonito_emulators.azure import AzureCloud
from bonito_providers import DeploymentRequest
from bonito_providers.errors import ModelNotFound

_OWN = {"match": "of-*", "kind": "audio", "source": "ours", "date": "2026-01-01"}


def _row(name: str, /, **model: object) -> Mapping[str, object]:
    return {"name": name, "properties": {"provisioningState": "Succeeded", "model": model}}


_ROWS: tuple[Mapping[str, object], ...] = (
    _row("a", name="gpt-4o", format="OpenAI", version="2024-08-06"),
    _row("b", name="gpt-4o"),
    _row("c", name="of-nobody", format="OpenAI", version=7),
    _row("d", format="OpenAI"),
    _row("e", name="of-nobody", format="xAI"),
    {"properties": {}},
)


def _offered(cloud: AzureCloud) -> None:
    for format, name in (("OpenAI", "of-nobody"), ("xAI", "of-others")):
        model = {
            "format": format,
            "name": name,
            "version": "1",
            "capabilities": CHAT,
            "lifecycleStatus": "GenerallyAvailable",
            "skus": [],
        }
        cloud.offer(MadeUp(kind="OpenAI", model=model))


_READ = (
    Told(
        name="a model that nobody knows",
        ask=model_of_id("OpenAI.of-nobody.1"),
        tells={
            "kind": "chat",
            "publisher": None,
            "sold_by": None,
            "price_key": "azure/of-nobody",
            "canonical_name": None,
        },
    ),
    Told(
        name="a model that an operator knows better",
        ask=told_otherwise(
            model_of_id("OpenAI.of-nobody.1"),
            {**_OWN, "format": "OpenAI", "publisher": "Ours"},
        ),
        tells={"publisher": "Ours", "kind": "chat"},
    ),
    Told(
        name="models of others",
        ask=catalogue,
        says=("its format is xAI, not OpenAI; the Foundry provider offers it",),
    ),
    Told(
        name="planning a model of others",
        ask=planning(DeploymentRequest(model="of-others")),
        refused=ModelNotFound,
    ),
    Told(
        name="deployments of many sorts",
        ask=answered(listing, {"value": list(_ROWS)}, path=DEPLOYMENTS),
        tells={
            "items.0.model.name": "gpt-4o",
            "items.0.model.version": "2024-08-06",
            "items.0.model.format": "OpenAI",
            "items.0.model.kind": "chat",
            "items.0.model.price_key": "azure/gpt-4o-2024-08-06",
            "items.1.model.format": "OpenAI",
            "items.1.model.version": None,
            "items.2.model.format": "OpenAI",
            "items.2.model.version": None,
            "items.2.model.kind": None,
            "items.3.model.name": None,
            "items.4": "nothing",
            "skipped.0.id": "(no name)",
            "skipped.1.id": "e",
        },
    ),
    Told(
        name="a deployment whose model an operator knows better",
        ask=told_otherwise(answered(listing, {"value": list(_ROWS)}, path=DEPLOYMENTS), _OWN),
        tells={"items.2.model.kind": "audio"},
    ),
)


def _plan(sku: str, says: str) -> Planned:
    return Planned(
        name=f"{sku}, which was asked for",
        request=wish(sku=sku),
        prepare=situation("OpenAI", Offered(name=sku)),
        sku=sku,
        says=(says,),
    )


PLANS = (
    _plan("DataZoneStandard", "anywhere in the data zone"),
    _plan("GlobalStandard", "in any Azure region"),
)

MANAGEMENT = (Situation(name="rows of ARM", access="management", prepare=_offered, told=_READ),)
