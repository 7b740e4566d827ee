"""What is told of models and deployments as Azure Resource Manager lists them.

Who publishes and sells a model ARM does not tell; a row may lack whatever it likes.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.asking import told_otherwise
from bonito_azure_arm.conformance.situations import CHAT, made_up
from bonito_azure_arm.conformance.told_rows import of_deployed_models
from bonito_azure_foundry.conformance.endpoints import OPENAI
from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import model, planning
from bonito_emulators.azure import AzureCloud
from bonito_providers import DeploymentRequest
from bonito_providers.errors import InvalidRequest


def _more_models(cloud: AzureCloud) -> None:
    cloud.offer(
        made_up("AIServices", "gpt-oss-120b", format="OpenAI-OSS"),
        made_up("AIServices", "of-nobody", format="Contoso", **CHAT),
        made_up("AIServices", "whisper"),
    )


_CATALOGUE = (
    Told(
        name="a model that its publisher's format does not name",
        ask=model("OpenAI-OSS.gpt-oss-120b.1"),
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
        ask=model("Contoso.of-nobody.1"),
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
        ask=told_otherwise(model("Contoso.of-nobody.1"), match="of-*", sold_by="partner"),
        tells={"sold_by": "partner"},
    ),
    *of_deployed_models(
        unknown={"name": "of-nobody", "format": "xAI", "version": 7},
        other={"name": "gpt-oss-120b", "format": "Contoso", "version": "2"},
        tells={
            "items.2.model.format": "xAI",
            "items.2.model.price_key": "azure_ai/of-nobody",
            "items.4.model.format": "Contoso",
            "items.4.model.publisher": "OpenAI",
            "items.4.model.price_key": "azure_ai/gpt-oss-120b",
            "items.5": NOTHING,
            "skipped.1": NOTHING,
        },
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
