"""How Foundry refuses: what all of Azure answers, and what only this data plane does."""

from __future__ import annotations

from bonito_azure_arm.conformance.refusals import of_arm, of_data_plane, of_entra
from bonito_azure_foundry.conformance.endpoints import HOST
from bonito_contract_tests import Refusal
from bonito_providers.errors import DeploymentNotFound

NOT_WIRED = Refusal(
    name="data plane: unknown_model, while the router does not know a deployment yet",
    status=400,
    body={
        "error": {
            "code": "unknown_model",
            "message": "Unknown model: gpt-4o-mini",
            "details": "Unknown model: gpt-4o-mini",
        }
    },
    headers={"x-ms-error-code": "unknown_model"},
    raises=DeploymentNotFound,
    code="unknown_model",
    hooks=("invoke_model",),
    host=HOST,
    access="key",
)
"""Source: a public issue of the Foundry portal, new-foundry-portal#127."""

REFUSALS = (
    *of_data_plane(HOST, "list_models"),
    NOT_WIRED,
    *of_arm("list_deployments", "plan_deployment", access="management"),
    *of_entra("list_models", access="keyless"),
)
