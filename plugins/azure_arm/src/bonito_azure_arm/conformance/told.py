"""What both providers must tell in situations of Azure, whichever plugin is asked."""

from __future__ import annotations

from bonito_azure_arm.conformance.told_adopting import of_adopting
from bonito_azure_arm.conformance.told_catalogues import of_catalogues
from bonito_azure_arm.conformance.told_deleting import of_deleting
from bonito_azure_arm.conformance.told_deploying import of_deploying
from bonito_azure_arm.conformance.told_failures import of_failures
from bonito_azure_arm.conformance.told_gone import of_what_is_gone
from bonito_azure_arm.conformance.told_listings import of_listings
from bonito_azure_arm.conformance.told_management import of_management
from bonito_azure_arm.conformance.told_obstacles import of_obstacles
from bonito_azure_arm.conformance.told_operations import of_operations
from bonito_azure_arm.conformance.told_preview import of_preview
from bonito_azure_arm.conformance.told_refusals import of_refusals
from bonito_contract_tests import Situation


def told(kind: str, sku: str, *, host: str) -> tuple[Situation, ...]:
    """Return the situations.

    Args:
        kind: Of the account.
        sku: What the provider takes unasked.
        host: The one of the endpoint, which is the example in the provider's refusals too.
    """
    endpoint = f"https://{host}"
    return (
        *of_deploying(kind, sku, endpoint),
        *of_obstacles(kind, sku, endpoint),
        *of_operations(kind, sku, endpoint),
        *of_failures(kind, sku, endpoint),
        *of_deleting(kind, sku, endpoint),
        *of_what_is_gone(kind, sku),
        *of_listings(kind, sku),
        *of_catalogues(kind, host),
        *of_adopting(sku, host),
        *of_preview(host),
        *of_refusals(host),
        *of_management(kind, sku, host),
    )
