"""What is legacy's own in deploying by Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from bonito_azure_arm.documents import text
from bonito_azure_arm.facts import overrides_of
from bonito_azure_openai import wire
from bonito_azure_openai.facts import complete, describe, not_openai

if TYPE_CHECKING:
    from bonito_azure_arm.access import ManagementAccess
    from bonito_azure_arm.lifecycle import Lifecycle
    from bonito_azure_arm.policy import Policy
    from bonito_providers.catalog import Model
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeployedModel

ACCOUNT_KINDS = frozenset({"OpenAI", "AIServices"})
PREFERRED_SKUS = ("Standard",)
RESIDENCY = {
    "Standard": "Standard: prompts are processed in the resource's region.",
    "DataZoneStandard": "DataZoneStandard: prompts are processed anywhere in the data zone.",
    "GlobalStandard": "GlobalStandard: prompts may be processed in any Azure region.",
}
"""Microsoft Learn, deployment types of Azure OpenAI."""


async def lifecycle(connection: Connection) -> Lifecycle:
    """Return what plans and deploys for this connection, which has the management fields."""
    access = cast("ManagementAccess", wire.own(connection).access)
    # The SDK behind it takes most of a second to load; most connections never deploy.
    from bonito_azure_arm.lifecycle import Lifecycle
    from bonito_azure_arm.management import Management

    return Lifecycle(connection, await Management.of(connection, access), policy(connection))


def policy(connection: Connection) -> Policy:
    """Return how this provider deploys: OpenAI's models, on `Standard` unless asked otherwise."""
    from bonito_azure_arm.policy import Policy

    address = wire.own(connection).address
    overrides = overrides_of(connection)

    def completed(model: Model) -> Model:
        return complete(model, overrides)

    def described(model: Mapping[str, Any]) -> DeployedModel:
        name, version, form = (text(model.get(key)) for key in ("name", "version", "format"))
        return describe(name, version=version, format=form, overrides=overrides)

    return Policy(
        label=address.label,
        endpoint=str(address),
        account_kinds=ACCOUNT_KINDS,
        preferred_skus=PREFERRED_SKUS,
        complete=completed,
        describe=described,
        offers=lambda model: not_openai(model.format, name=model.name),
        needs=lambda _model, _request: (),
        properties=lambda _model, _request: {},
        residency=RESIDENCY,
    )
