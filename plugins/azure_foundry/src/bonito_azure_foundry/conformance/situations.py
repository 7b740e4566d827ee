"""All situations of Foundry, by topic."""

from __future__ import annotations

from bonito_azure_foundry.conformance.call_situations import CALLS
from bonito_azure_foundry.conformance.catalogue_situations import CATALOGUE
from bonito_azure_foundry.conformance.consent_situations import CONSENTS
from bonito_azure_foundry.conformance.deployment_situations import DEPLOYMENTS
from bonito_azure_foundry.conformance.gateway_situations import GATEWAY
from bonito_azure_foundry.conformance.gone_situations import GONE
from bonito_azure_foundry.conformance.management_situations import MANAGEMENT
from bonito_azure_foundry.conformance.project_situations import PROJECTS
from bonito_azure_foundry.conformance.reply_situations import REPLIES
from bonito_azure_foundry.conformance.surface_situations import SURFACES

SITUATIONS = (
    *GATEWAY,
    *CALLS,
    *REPLIES,
    *SURFACES,
    *CATALOGUE,
    *DEPLOYMENTS,
    *PROJECTS,
    *MANAGEMENT,
    *CONSENTS,
    *GONE,
)
