"""What ARM's rows come to for a provider of OpenAI's models alone, and how it deploys.

Source: Microsoft Learn, deployment types of Azure OpenAI.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.asking import told_otherwise
from bonito_azure_arm.conformance.situations import CHAT, Offered, made_up, situation, wish
from bonito_azure_arm.conformance.told_rows import of_deployed_models
from bonito_contract_tests import NOTHING, Planned, Situation, Told
from bonito_contract_tests.asking import model, models, planning
from bonito_emulators.azure import AzureCloud
from bonito_providers import DeploymentRequest
from bonito_providers.errors import ModelNotFound


def _offered(cloud: AzureCloud) -> None:
    cloud.offer(
        made_up("OpenAI", "of-nobody", **CHAT),
        made_up("OpenAI", "of-others", format="xAI", **CHAT),
    )


_READ = (
    Told(
        name="a model that nobody knows",
        ask=model("OpenAI.of-nobody.1"),
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
            model("OpenAI.of-nobody.1"),
            match="of-*",
            kind="audio",
            format="OpenAI",
            publisher="Ours",
        ),
        tells={"publisher": "Ours", "kind": "chat"},
    ),
    Told(
        name="models of others",
        ask=models,
        says=("its format is xAI, not OpenAI; the Foundry provider offers it",),
    ),
    Told(
        name="planning a model of others",
        ask=planning(DeploymentRequest(model="of-others")),
        refused=ModelNotFound,
    ),
    *of_deployed_models(
        unknown={"name": "of-nobody", "format": "OpenAI", "version": 7},
        other={"name": "of-nobody", "format": "xAI"},
        tells={"items.2.model.format": "OpenAI", "items.4": NOTHING, "skipped.1.id": "e"},
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
