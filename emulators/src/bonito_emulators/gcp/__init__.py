"""The emulated Google Cloud: the token endpoint, Service Usage and Vertex AI.

Time passes by looks: each answer that shows something unfinished is one.
"""

from __future__ import annotations

from bonito_emulators.gcp.catalogue import Machine, PublisherModel, default_catalogue
from bonito_emulators.gcp.cloud import GoogleCloud
from bonito_emulators.gcp.identities import ServiceAccount, service_account
from bonito_emulators.gcp.projects import Charge, Endpoint, Project
from bonito_emulators.gcp.refusals import Failure

__all__ = [
    "Charge",
    "Endpoint",
    "Failure",
    "GoogleCloud",
    "Machine",
    "Project",
    "PublisherModel",
    "ServiceAccount",
    "default_catalogue",
    "service_account",
]
