"""The project as every check finds it."""

from __future__ import annotations

from bonito_emulators.gcp import GoogleCloud, Machine, Project, ServiceAccount, service_account

PROJECT, REGION = "acme-prod", "us-central1"
CATALOGUE = "/v1beta1/publishers"
EVERY_MODEL, OF_GOOGLE = f"{CATALOGUE}/*/models", f"{CATALOGUE}/google/models"
OWN = f"/v1beta1/projects/{PROJECT}/locations/{REGION}"
"""Where endpoints, uploaded models and operations are."""
SERVED = f"/v1/projects/{PROJECT}/locations/global"
"""Where publishers' models answer."""
PLACE = f"projects/123456789012/locations/{REGION}"
"""What the service itself calls the place, with the project's number."""
FLASH = "google/gemini-3.8-flash"
CLAUDE, SONNET = "anthropic/claude-opus-5", "anthropic/claude-sonnet-4-5@20250929"
SMALL, LARGE = "google/gemma3@gemma-3-1b-it", "google/gemma3@gemma-3-27b-it"
LLAMA, MISTRAL = "meta/llama3-3@llama-3.3-70b-instruct", "mistral-ai/mistral"
"""Served models, and weights."""
ONE_L4 = Machine("g2-standard-12", "NVIDIA_L4", 1)
L4, H100 = "g2-standard-12:1xNVIDIA_L4", "a3-highgpu-2g:2xNVIDIA_H100_80GB"
PAID, LICENSED, ENABLE = "hourly_billing", "model_licence", "enable_api"
"""The consents."""
_GEMMA = "publishers/google/models/gemma3@gemma-3-1b-it"
_KEY_SIZE = 1024
"""Bits: a run signs in some five hundred times, and reading a larger key takes 35 ms each time."""


def account() -> ServiceAccount:
    """Return the project's service account; its key is the same in the whole process."""
    return service_account(PROJECT, key_size=_KEY_SIZE)


def fresh_cloud() -> GoogleCloud:
    """Return a project that has agreed to everything, with an endpoint and one of ours."""
    project = Project(
        id=PROJECT,
        enabled_partners={"anthropic", "mistralai"},
        shares_data_with={"anthropic"},
    )
    cloud = GoogleCloud(project, [account()])
    cloud.put_endpoint("team-gemma", _GEMMA, location=REGION)
    cloud.put_endpoint("our-gemma", _GEMMA, location=REGION, owned=True)
    return cloud


def restore(cloud: GoogleCloud) -> None:
    """Bring a cloud back into that state; tokens go on being good."""
    fresh = fresh_cloud()
    cloud.project, cloud.catalogue = fresh.project, fresh.catalogue
    for each in cloud.identities.accounts:
        each.denied.clear()
