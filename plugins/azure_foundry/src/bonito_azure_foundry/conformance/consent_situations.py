"""How Foundry deploys unasked, and what it asks for before a partner's model is deployed.

Sources: Microsoft Learn, Deployment types, and Foundry Models from partners; for Claude's
`modelProviderData` azure-rest-api-specs issue 43610.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bonito_azure_arm.conformance.situations import Offered, situation, wish
from bonito_contract_tests import NOTHING, Planned, Situation, Told
from bonito_contract_tests.asking import planning
from bonito_contract_tests.situations import Ask
from bonito_providers import DeploymentRequest

_AGREED = frozenset({"marketplace_terms"})
_WHO = {"organization_name": "Contoso", "country_code": "SE", "industry": "technology"}


def _plans(*skus: str, chosen: str, says: str) -> Planned:
    return Planned(
        name=f"offered on {' and '.join(skus)}",
        request=wish(),
        prepare=situation("AIServices", *(Offered(name=sku) for sku in skus)),
        sku=chosen,
        says=(says,),
    )


PLANS = (
    _plans(
        "Standard",
        "DataZoneStandard",
        chosen="DataZoneStandard",
        says="within the data zone (EU or US)",
    ),
    _plans("Standard", chosen="Standard", says="in the resource's own region"),
    _plans(
        "Standard",
        "DataZoneStandard",
        "GlobalStandard",
        chosen="GlobalStandard",
        says="any region where Azure runs",
    ),
)
"""The SKU with the highest default quota first, and where each processes its data."""


def _asked_for(name: str, model: str, *, consents: Collection[str] = (), **fields: str) -> Ask:
    request = DeploymentRequest(model=model, name=name, consents=frozenset(consents), fields=fields)
    return planning(request)


def _terms(place: int) -> Mapping[str, Any]:
    return {
        f"actions.{place}.kind": "accept_terms",
        f"actions.{place}.consent": "marketplace_terms",
        f"actions.{place}.fields": [],
        f"actions.{place}.url": "https://ai.azure.com/",
    }


def _organisation(place: int) -> Mapping[str, Any]:
    return {
        f"actions.{place}.kind": "submit_use_case",
        f"actions.{place}.fields": ["organization_name", "country_code", "industry"],
        f"actions.{place}.consent": None,
    }


_CONSENTS = (
    Told(
        name="a partner's model, without consent",
        ask=_asked_for("coder", "Codestral-2501"),
        tells={**_terms(0), "actions.1": NOTHING},
        says=("Codestral-2501 is sold by a partner",),
    ),
    Told(
        name="a partner's model, with consent",
        ask=_asked_for("coder", "Codestral-2501", consents=_AGREED),
        tells={"actions": [], "preview.body.properties.modelProviderData": NOTHING},
    ),
    Told(
        name="Claude, without anything",
        ask=_asked_for("poet", "claude-sonnet-4-5"),
        tells={**_terms(0), **_organisation(1)},
        says=("Missing or wrong: organization_name, country_code, industry. ",),
    ),
    Told(
        name="Claude, for a country in words",
        ask=_asked_for(
            "poet", "claude-sonnet-4-5", consents=_AGREED, **{**_WHO, "country_code": "Sweden"}
        ),
        tells={
            **_organisation(0),
            "actions.1": NOTHING,
            "preview.body.properties.modelProviderData": NOTHING,
        },
        says=("Missing or wrong: country_code. ",),
    ),
    Told(
        name="Claude, with all it takes",
        ask=_asked_for("poet", "claude-sonnet-4-5", consents=_AGREED, **_WHO),
        tells={
            "actions": [],
            "preview.body.properties.modelProviderData": {
                "organizationName": "Contoso",
                "countryCode": "SE",
                "industry": "technology",
            },
        },
    ),
)

CONSENTS = (Situation(name="models that ask for something", access="management", told=_CONSENTS),)
