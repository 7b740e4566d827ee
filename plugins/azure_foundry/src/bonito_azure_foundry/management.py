"""Foundry's ways of deploying: GlobalStandard first, every publisher, consents asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from bonito_azure_arm.documents import text
from bonito_azure_arm.errors import ORGANISATION, TERMS
from bonito_azure_arm.facts import overrides_of
from bonito_azure_arm.lifecycle import Lifecycle
from bonito_azure_arm.management import Management
from bonito_azure_arm.policy import Policy
from bonito_azure_foundry import wire
from bonito_azure_foundry.facts import describe, facts_of, price_key
from bonito_providers.actions import Action
from bonito_providers.catalog import Model

if TYPE_CHECKING:
    from bonito_azure_arm.access import ManagementAccess
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeployedModel, DeploymentRequest

PREFERRED_SKUS = ("GlobalStandard", "DataZoneStandard", "Standard")
"""Billed by use alone, the one with the highest default quota first."""

MARKETPLACE_TERMS = "marketplace_terms"
"""The consent to subscribe to a partner's marketplace offer, which deploying does."""

_RESIDENCY = {
    "GlobalStandard": "Data may be processed in any region where Azure runs the model; it is "
    "stored in the resource's own geography.",
    "DataZoneStandard": "Data is processed within the data zone (EU or US) of the resource.",
    "Standard": "Data is processed in the resource's own region.",
}
"""Microsoft Learn, Deployment types for Foundry models."""


async def lifecycle(connection: Connection) -> Lifecycle:
    """Return what plans and deploys for this connection, which has management credentials."""
    access = cast("ManagementAccess", wire.own(connection).management)
    management = await Management.of(connection, access)
    return Lifecycle(connection, management, policy(connection))


def policy(connection: Connection) -> Policy:
    """Return Foundry's ways for this connection's resource."""
    address = wire.own(connection).address
    overrides = overrides_of(connection)

    def complete(model: Model) -> Model:
        facts = facts_of(model.name, overrides)
        return model.model_copy(
            update={
                "publisher": facts.publisher or model.format,
                "sold_by": facts.sold_by,
                "terms_needed": facts.terms_needed,
                "kind": model.kind or facts.kind,
                "price_key": price_key(model.name, model.version, model.format),
                "canonical_name": facts.canonical_name,
            }
        )

    def described(model: Mapping[str, Any]) -> DeployedModel:
        name, version, form = (text(model.get(key)) for key in ("name", "version", "format"))
        return describe(name, version=version, format=form, overrides=overrides)

    return Policy(
        label=address.resource,
        endpoint=address.base,
        account_kinds=frozenset({"AIServices"}),
        preferred_skus=PREFERRED_SKUS,
        complete=complete,
        describe=described,
        offers=lambda _model: "",
        needs=needs,
        properties=properties,
        residency=_RESIDENCY,
    )


def needs(model: Model, request: DeploymentRequest) -> tuple[Action, ...]:
    """Return what a person has to give before this model is deployed."""
    found = []
    if model.terms_needed and MARKETPLACE_TERMS not in request.consents:
        found.append(
            TERMS.model_copy(
                update={
                    "instruction": f"{model.name} is sold by a partner on the marketplace. "
                    "Deploying it subscribes to the offer and accepts its terms: read them in the "
                    f"model's card in the Foundry portal, then give the consent "
                    f"{MARKETPLACE_TERMS}.",
                    "consent": MARKETPLACE_TERMS,
                }
            )
        )
    missing = _missing_organisation(request) if model.format == "Anthropic" else ()
    if missing:
        fields = ", ".join(missing)
        instruction = f"Missing or wrong: {fields}. {ORGANISATION.instruction}"
        found.append(ORGANISATION.model_copy(update={"instruction": instruction}))
    return tuple(found)


def properties(model: Model, request: DeploymentRequest) -> Mapping[str, Any]:
    """Return what the deployment's body says besides the model.

    Claude's `modelProviderData` is in no released specification; Azure refuses its deployments
    without (azure-rest-api-specs issue 43610).
    """
    if model.format != "Anthropic" or _missing_organisation(request):
        return {}
    return {
        "modelProviderData": {
            "organizationName": request.fields["organization_name"],
            "countryCode": request.fields["country_code"],
            "industry": request.fields["industry"],
        }
    }


def _missing_organisation(request: DeploymentRequest) -> tuple[str, ...]:
    missing = [name for name in ORGANISATION.fields if not request.fields.get(name, "").strip()]
    country = request.fields.get("country_code", "")
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        missing.append("country_code")
    return tuple(missing)
