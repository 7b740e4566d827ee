"""The emulated Azure: Entra, ARM, and the data planes of Foundry and Azure OpenAI."""

from __future__ import annotations

from bonito_emulators.azure.accounts import Account
from bonito_emulators.azure.bill import Bill, BillingEvent
from bonito_emulators.azure.catalogue import CatalogueModel, bundled_catalogue
from bonito_emulators.azure.clock import Clock, Pace
from bonito_emulators.azure.cloud import AzureCloud
from bonito_emulators.azure.deployments import Deployment
from bonito_emulators.azure.directory import Application, ClientSecret, Directory, Tenant
from bonito_emulators.azure.operations import Creation, Deletion, Failure
from bonito_emulators.azure.quota import QuotaRow
from bonito_emulators.azure.roles import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_OPENAI_USER,
    COGNITIVE_SERVICES_USAGES_READER,
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    OWNER,
    READER,
    Role,
    RoleAssignment,
)
from bonito_emulators.azure.subscriptions import (
    DEFAULT_SUBSCRIPTION,
    DEFAULT_TENANT,
    Subscription,
)

__all__ = [
    "COGNITIVE_SERVICES_CONTRIBUTOR",
    "COGNITIVE_SERVICES_OPENAI_USER",
    "COGNITIVE_SERVICES_USAGES_READER",
    "COGNITIVE_SERVICES_USER",
    "CONTRIBUTOR",
    "DEFAULT_SUBSCRIPTION",
    "DEFAULT_TENANT",
    "OWNER",
    "READER",
    "Account",
    "Application",
    "AzureCloud",
    "Bill",
    "BillingEvent",
    "CatalogueModel",
    "ClientSecret",
    "Clock",
    "Creation",
    "Deletion",
    "Deployment",
    "Directory",
    "Failure",
    "Pace",
    "QuotaRow",
    "Role",
    "RoleAssignment",
    "Subscription",
    "Tenant",
    "bundled_catalogue",
]
