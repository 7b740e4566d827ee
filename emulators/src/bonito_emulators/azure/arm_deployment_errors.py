"""Refusals of the provider of Cognitive Services, for accounts and deployments.

Sources are public issue reports, named beside each; "assumed" marks what no report shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_emulators.azure.arm_errors import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bonito_emulators.azure.arm_catalogue import Entry
    from bonito_emulators.azure.errors import Refusal


def keys_not_listed() -> Refusal:
    """The account takes no keys. Source: microsoft/foundry-vscode#192."""
    return refusal(400, "BadRequest", "Failed to list key. disableLocalAuth is set to be true")


def another_operation(account: str) -> Refusal:
    """One write at a time. Source: hashicorp/terraform-provider-azurerm#22607."""
    return refusal(
        409,
        "RequestConflict",
        f"Another operation is being performed on the parent resource '{account}'. Please try again"
        " later.",
    )


def unknown_model(format: str, name: str, version: str) -> Refusal:
    """No such model for this kind of account. Source: hashicorp/terraform-provider-azurerm#24162.

    The code is the one of the retired model; no report shows both together.
    """
    return refusal(
        400,
        "DeploymentModelNotSupported",
        f"The model 'Format:{format},Name:{name},Version:{version}' of account deployment is not"
        " supported.",
    )


def retired_model(name: str) -> Refusal:
    """A model past its life. Source: Azure/bicep-registry-modules#450."""
    return refusal(
        400,
        "DeploymentModelNotSupported",
        f"Creating account deployment is not supported by the model '{name}'. This is usually"
        " because there are better models available for the similar functionality.",
    )


def deprecated_model(entry: Entry, since: datetime) -> Refusal:
    """A model whose inference has ended. Source: microsoft/microsoft-foundry-for-vscode#491."""
    return refusal(
        400,
        "ServiceModelDeprecated",
        f"The model 'Format:{entry.format},Name:{entry.name},Version:{entry.version}' has been"
        f" deprecated since {since:%m/%d/%Y %H:%M:%S}.",
    )


def deprecating_model(entry: Entry) -> Refusal:
    """A model only old customers may deploy. Source: microsoft/microsoft-foundry-for-vscode#557."""
    return refusal(
        400,
        "ServiceModelDeprecating",
        f"The model 'Publisher:{entry.format},Format:{entry.format},Name:{entry.name},"
        f"Version:{entry.version}' is in deprecating state and cannot be used for new deployments.",
    )


def invalid_sku_name(name: str) -> Refusal:
    """A SKU of something else, or none: then the account's is read. Source: Azure/bicep#16642."""
    return refusal(
        400, "InvalidResourceProperties", f"The deployment sku name '{name}' is invalid."
    )


def sku_not_in_region(sku: str, entry: Entry, region: str) -> Refusal:
    """A SKU that no version of the model has here. Source: public issues."""
    return refusal(
        400,
        "InvalidResourceProperties",
        f"The specified SKU '{sku}' for model '{entry.name} {entry.version}' is not supported in"
        f" this region '{region}'.",
    )


def sku_not_of_model(sku: str, entry: Entry) -> Refusal:
    """A SKU that another version of the model has. Source: public issues."""
    return refusal(
        400,
        "InvalidResourceProperties",
        f"The specified SKU '{sku}' of account deployment is not supported by the model"
        f" '{entry.name}' version: '{entry.version}'.",
    )


def invalid_capacity(given: object, *, minimum: int, maximum: int) -> Refusal:
    """A capacity out of range. Source: microsoft/microsoft-foundry-for-vscode#158 and #331."""
    return refusal(
        400,
        "InvalidCapacity",
        f"The specified capacity '{given}' of account deployment should be at least {minimum} and"
        f" no more than {maximum}.",
    )


def invalid_step(given: int, *, step: int) -> Refusal:
    """A capacity between two steps; the wording is assumed."""
    return refusal(
        400,
        "InvalidCapacity",
        f"The specified capacity '{given}' of account deployment should be a multiple of {step}.",
    )


def insufficient_quota(title: str, *, required: int, used: int, limit: int) -> Refusal:
    """More than is left. Source: microsoft/PubSec-Info-Assistant#880."""
    return refusal(
        400,
        "InsufficientQuota",
        f"This operation require {required} new capacity in quota {title}, which is bigger than the"
        f" current available capacity {max(0, limit - used)}. The current quota usage is {used} and"
        f" the quota limit is {limit} for quota {title}.",
    )


def model_cannot_change() -> Refusal:
    """The name stands for another model. Source: Azure-Samples/azure-search-openai-demo#1330.

    The reports come from template validation; that a plain PUT is refused alike is assumed.
    """
    return refusal(400, "CannotChangeDeploymentModel", "The model of deployment cannot be changed.")


def no_provider_data(missing: Iterable[str]) -> Refusal:
    """A model of Anthropic without its customer's data. Source: azure-rest-api-specs#43610."""
    fields = ", ".join(missing)
    if fields == "industry, organizationName, countryCode":
        message = (
            "ModelProviderData is required for Anthropic model deployments but was not provided."
            " Please provide all required fields: industry, organizationName, and countryCode."
        )
    else:
        message = f"ModelProviderData is missing or has invalid fields: {fields}."  # assumed
    return refusal(400, "InvalidModelProviderData", message)


def not_eligible(reason: str) -> Refusal:
    """The subscription may not buy. Source: public issues; the code is ARM's generic one."""
    return refusal(
        400,
        "MarketplacePurchaseEligibilityFailed",
        f"Marketplace Subscription purchase eligibility check failed, error message [{reason}]",
    )


def special_feature_required(kind: str) -> Refusal:
    """The sort of subscription is not allowed. Source: public issues."""
    return refusal(
        400,
        "SpecialFeatureOrQuotaIdRequired",
        "The subscription does not have QuotaId/Feature required by SKU 'S0' from kind"
        f" '{kind}' or contains blocked QuotaId/Feature.",
    )


def invalid_name(name: str) -> Refusal:
    """A name no deployment can have; the wording is assumed."""
    return refusal(400, "InvalidResourceName", f"The provided resource name '{name}' is not valid.")


def reserved_characters(names: Iterable[str]) -> Refusal:
    """A tag that ARM cannot keep. Source: ARM's documented limits of tags."""
    return refusal(
        400,
        "InvalidTagNameCharacters",
        f"The tag names '{','.join(names)}' have reserved characters '<,>,%,&,\\,?,/' or control"
        " characters.",
    )
