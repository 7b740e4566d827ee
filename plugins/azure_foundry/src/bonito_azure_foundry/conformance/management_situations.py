"""What is told of models and deployments as Azure Resource Manager lists them.

Who publishes and sells a model ARM does not tell; a row may lack whatever it likes.
"""

from __future__ import annotations

from collections.abc import Mapping

from bonito_azure_arm.conformance.asking import (
    answered,
    listing,
    model_of_id,
    told_otherwise,
)
from bonito_azure_arm.conformance.questions import DEPLOYMENTS, planning
from bonito_azure_arm.conformance.situations import CHAT, MadeUp
from bonito_azure_foundry.conformance.endpoints import OPENAI
from bonito_contract_tests import Situation, Told
from bonito_emulators.azure import AzureCloud
from bonito_providers import DeploymentRequest
from bonito_providers.errors import InvalidRequest


def _entry(format: str, name: str, **capabilities: str) -> MadeUp:
    return MadeUp(
        kind="AIServices",
        model={
            "format": format,
            "name": name,
            "version": "1",
            "capabilities": capabilities,
            "lifecycleStatus": "GenerallyAvailable",
            "skus": [],
        },
    )


def _more_models(cloud: AzureCloud) -> None:
    cloud.offer(
        _entry("OpenAI-OSS", "gpt-oss-120b"),
        _entry("Contoso", "of-nobody", **CHAT),
        _entry("OpenAI", "whisper"),
    )


def _row(name: str, /, **model: object) -> Mapping[str, object]:
    return {"name": name, "properties": {"provisioningState": "Succeeded", "model": model}}


_ROWS: tuple[Mapping[str, object], ...] = (
    _row("a", name="gpt-4o", format="OpenAI", version="2024-08-06"),
    _row("b", name="gpt-4o"),
    _row("c", name="of-nobody", format="xAI", version=7),
    _row("d", format="OpenAI"),
    _row("e", name="gpt-oss-120b", format="Contoso", version="2"),
    {"properties": {}},
)

_CATALOGUE = (
    Told(
        name="a model that its publisher's format does not name",
        ask=model_of_id("OpenAI-OSS.gpt-oss-120b.1"),
        tells={
            "publisher": "OpenAI",
            "sold_by": "first_party",
            "terms_needed": False,
            "kind": "chat",
            "price_key": "azure_ai/gpt-oss-120b",
            "canonical_name": "gpt-oss-120b",
        },
    ),
    Told(
        name="a model that nobody knows",
        ask=model_of_id("Contoso.of-nobody.1"),
        tells={
            "publisher": "Contoso",
            "sold_by": None,
            "terms_needed": None,
            "kind": "chat",
            "price_key": "azure_ai/of-nobody",
            "canonical_name": None,
        },
    ),
    Told(
        name="a model that an operator knows better",
        ask=told_otherwise(
            model_of_id("Contoso.of-nobody.1"),
            {"match": "of-*", "sold_by": "partner", "source": "ours", "date": "2026-01-01"},
        ),
        tells={"sold_by": "partner"},
    ),
    Told(
        name="deployments of many sorts",
        ask=answered(listing, {"value": list(_ROWS)}, path=DEPLOYMENTS),
        tells={
            "items.0.model.name": "gpt-4o",
            "items.0.model.version": "2024-08-06",
            "items.0.model.format": "OpenAI",
            "items.0.model.publisher": "OpenAI",
            "items.0.model.kind": "chat",
            "items.0.model.price_key": "azure/gpt-4o-2024-08-06",
            "items.0.model.canonical_name": "gpt-4o",
            "items.1.model.format": "OpenAI",
            "items.1.model.version": None,
            "items.1.model.price_key": "azure/gpt-4o",
            "items.2.model.format": "xAI",
            "items.2.model.version": None,
            "items.2.model.kind": None,
            "items.2.model.price_key": "azure_ai/of-nobody",
            "items.3.model.name": None,
            "items.4.model.format": "Contoso",
            "items.4.model.publisher": "OpenAI",
            "items.4.model.price_key": "azure_ai/gpt-oss-120b",
            "items.5": "nothing",
            "skipped.0.id": "(no name)",
        },
    ),
    Told(
        name="a deployment whose model an operator knows better",
        ask=told_otherwise(
            answered(listing, {"value": list(_ROWS)}, path=DEPLOYMENTS),
            {"match": "of-*", "kind": "audio", "source": "ours", "date": "2026-01-01"},
        ),
        tells={"items.2.model.kind": "audio"},
    ),
)


def _of_openai_kind(cloud: AzureCloud) -> None:
    cloud.account("contoso").kind = "OpenAI"


MANAGEMENT = (
    Situation(
        name="the catalogue, by ARM", prepare=_more_models, access="management", told=_CATALOGUE
    ),
    Situation(
        name="an account of another kind",
        access="management",
        fields={"endpoint": OPENAI},
        prepare=_of_openai_kind,
        told=(
            Told(
                name="planning",
                ask=planning(DeploymentRequest(model="gpt-4o-mini")),
                refused=InvalidRequest,
                says=("is of kind OpenAI, not AIServices",),
            ),
        ),
    ),
)
