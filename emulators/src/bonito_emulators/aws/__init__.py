"""The emulated AWS: STS, Bedrock's control plane and its runtime, in three regions."""

from __future__ import annotations

from bonito_emulators.aws.accounts import Account, ApiKey, Role, User
from bonito_emulators.aws.catalogue import CatalogueModel, bundled_catalogue
from bonito_emulators.aws.cloud import AWSCloud
from bonito_emulators.aws.holdings import Charge, Profile, Throughput

__all__ = [
    "AWSCloud",
    "Account",
    "ApiKey",
    "CatalogueModel",
    "Charge",
    "Profile",
    "Role",
    "Throughput",
    "User",
    "bundled_catalogue",
]
