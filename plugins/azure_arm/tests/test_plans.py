"""Plans for what stands, where what stands is offered no more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bonito_azure_arm.catalogue import Entry
from bonito_azure_arm.plans import Facts, draft
from bonito_azure_arm.policy import Policy
from bonito_providers import DeployedModel, DeploymentRef, DeploymentRequest
from bonito_providers.catalog import Capacity, Model, Sku

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SKU = Sku(name="GlobalStandard", quota_key="OpenAI.GlobalStandard.x", capacity=Capacity(minimum=1))
OFFERED = Model(id="OpenAI.x.2", name="x", format="OpenAI", version="2", skus=(SKU,))
STANDING = {
    "sku": {"name": "GlobalStandard", "capacity": 5},
    "properties": {
        "provisioningState": "Succeeded",
        "model": {"format": "OpenAI", "name": "x", "version": "1"},
    },
}
POLICY = Policy(
    label="acme",
    endpoint="https://acme.openai.azure.com",
    account_kinds=frozenset({"OpenAI"}),
    preferred_skus=("GlobalStandard",),
    complete=lambda model: model,
    describe=DeployedModel.model_validate,
    offers=lambda _model: "",
    needs=lambda _model, _request: (),
    properties=lambda _model, _request: {},
    residency={},
)
REF = DeploymentRef(provider="azure", resource="/accounts/acme", name="chat")


@pytest.mark.parametrize(
    ("capacity", "changes"), [(None, ()), (6, ("version 1 to 2", "capacity 5 to 6"))]
)
def test_a_version_that_is_offered_no_more_is_left_alone_until_something_is_changed(
    capacity: int | None, changes: tuple[str, ...]
) -> None:
    request = DeploymentRequest(model="x", name="chat", capacity=capacity)
    facts = Facts(STANDING, (), (Entry(OFFERED, is_default=True),))
    plan = draft(request, OFFERED, facts, policy=POLICY, ref=REF, now=NOW)
    assert plan.changes == changes
