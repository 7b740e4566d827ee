"""Records stored before there was a choice are routed exactly as they always were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bonito_azure_openai.facts import describe
from bonito_providers import Deployment, ProviderRegistry, State
from bonito_providers.deployment import DeploymentRef
from plugins.azure_openai.tests.resources import (
    CLIENT,
    COGNITIVE,
    GROUP,
    KEYS,
    OPENAI,
    SECRET,
    SUBSCRIPTION,
    TENANT,
    UPGRADED,
)
from tests.virtual_time import START

KEY = {"api_key": KEYS[0]}
PRINCIPAL = {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}
BY_DOMAIN = {**PRINCIPAL, "tenant_id": "contoso.onmicrosoft.com"}
PLACE = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
MODE = {"azure_mode": "openai"}
NO_KEY = {"api_key": ""}
NO_PRINCIPAL = dict.fromkeys(PRINCIPAL, "")
NO_PLACE = dict.fromkeys(PLACE, "")
CALL = "/openai/deployments/prod/chat/completions?api-version=2024-02-15-preview"


@dataclass(frozen=True)
class Stored:
    """A stored record, and what LiteLLM must be given for it besides model and version."""

    endpoint: str
    base: str
    fields: dict[str, Any]
    identity: dict[str, str]
    deployment: str = "prod"
    model: str | None = "gpt-4o"

    def __str__(self) -> str:
        used = ",".join(key for key, value in self.fields.items() if value)
        return f"{self.endpoint.removeprefix('https://')} {self.deployment} {used}"


RECORDS = [
    # A key alone, in the records of each time: unused fields absent, empty, or null.
    Stored(OPENAI, OPENAI, KEY, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **MODE}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **NO_PRINCIPAL, **NO_PLACE}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **NO_PRINCIPAL, **NO_PLACE, **MODE}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **dict.fromkeys([*PRINCIPAL, *PLACE])}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, "azure_mode": None}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **PLACE}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **PLACE, **NO_PRINCIPAL}, KEY),
    # A service principal, with and without the place of the account.
    Stored(OPENAI, OPENAI, PRINCIPAL, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, **MODE}, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, **PLACE}, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, **PLACE, **MODE}, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, **PLACE, **NO_KEY}, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, **NO_PLACE, **NO_KEY}, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, **PLACE, **NO_KEY, **MODE}, PRINCIPAL),
    Stored(OPENAI, OPENAI, {**PRINCIPAL, "subscription_id": SUBSCRIPTION}, PRINCIPAL),
    Stored(OPENAI, OPENAI, BY_DOMAIN, BY_DOMAIN),
    # Both: the key calls.
    Stored(OPENAI, OPENAI, {**KEY, **PRINCIPAL}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **PRINCIPAL, **PLACE}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **PRINCIPAL, **PLACE, **MODE}, KEY),
    Stored(OPENAI, OPENAI, {**KEY, **PRINCIPAL, **NO_PLACE}, KEY),
    # The endpoint, in every form it was stored in.
    *(
        Stored(f"{base}{path}", base, identity, identity)
        for base in (OPENAI, COGNITIVE, UPGRADED)
        for path in ("/", "/openai", "/openai/", "/openai/v1", "/openai/v1/", CALL)
        for identity in (KEY, PRINCIPAL)
    ),
    Stored("https://Contoso.OpenAI.azure.com/", OPENAI, KEY, KEY),
    Stored("HTTPS://CONTOSO.OPENAI.AZURE.COM", OPENAI, {**KEY, **MODE}, KEY),
    Stored(f"{OPENAI}:443/", OPENAI, KEY, KEY),
    # Deployments, whatever they are called and whatever is behind them.
    *(
        Stored(OPENAI, OPENAI, identity, identity, deployment=name, model=model)
        for identity in (KEY, PRINCIPAL)
        for name, model in (
            ("gpt-4o", "gpt-4o"),
            ("claude-like", "gpt-4o-mini"),
            ("my.reasoner_1", "o3-mini"),
            ("embeddings", "text-embedding-ada-002"),
            ("fine-tuned", "gpt-4o-mini-2024-07-18.ft-0e208cf33a6a466994aff31a08aba678"),
            ("unheard-of", "a-model-of-nobody"),
            ("nobody-knows", None),
        )
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def registry() -> ProviderRegistry:
    return ProviderRegistry.discover()


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_a_stored_record_gives_litellm_exactly_what_it_always_did(
    registry: ProviderRegistry, record: Stored
) -> None:
    chosen = registry.select("azure", {"endpoint": record.endpoint, **record.fields}, stored=True)
    assert chosen.provider.info.name == "azure_openai"
    assert chosen.fields["azure_mode"] == "openai"
    credentials = chosen.provider.read_credentials(chosen.fields)
    deployment = Deployment(
        ref=DeploymentRef(provider="azure_openai", resource="contoso", name=record.deployment),
        model=describe(record.model),
        state=State.READY,
        observed_at=START,
    )
    entry = chosen.provider.build_gateway_entry(credentials, deployment)
    assert entry.supported
    assert entry.to_litellm()["litellm_params"] == {
        "model": f"azure/{record.deployment}",
        "api_base": record.base,
        "api_version": "2024-12-01-preview",
        **record.identity,
    }


def test_the_table_is_as_long_as_promised_and_has_no_row_twice() -> None:
    rows = {(str(each), str(each.fields), str(each.model)) for each in RECORDS}
    assert len(rows) == len(RECORDS) >= 30


@pytest.mark.parametrize("fields", [{**KEY}, {**PRINCIPAL}])
def test_a_foundry_record_is_not_legacy(registry: ProviderRegistry, fields: dict[str, str]) -> None:
    """So that the table above can fail."""
    raw = {"endpoint": OPENAI, "azure_mode": "foundry", **fields}
    assert registry.select("azure", raw, stored=True).provider.info.name == "azure_foundry"
    new = registry.select("azure", {"endpoint": OPENAI, **fields})
    assert new.provider.info.name == "azure_foundry"
