"""All situations of Azure OpenAI, by topic."""

from __future__ import annotations

from bonito_azure_openai.conformance.call_situations import CALLS
from bonito_azure_openai.conformance.catalogue_situations import CATALOGUE
from bonito_azure_openai.conformance.deployment_situations import DEPLOYMENTS
from bonito_azure_openai.conformance.gateway_situations import GATEWAY
from bonito_azure_openai.conformance.management_situations import MANAGEMENT

SITUATIONS = (*GATEWAY, *CALLS, *CATALOGUE, *DEPLOYMENTS, *MANAGEMENT)
