"""The emulated Azure: the data planes of Foundry and Azure OpenAI."""

from __future__ import annotations

from bonito_emulators.azure.accounts import Account, Deployment
from bonito_emulators.azure.catalogue import CatalogueModel, bundled_catalogue
from bonito_emulators.azure.cloud import AzureCloud

__all__ = ["Account", "AzureCloud", "CatalogueModel", "Deployment", "bundled_catalogue"]
