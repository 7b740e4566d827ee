"""Every form that people paste, what it is understood as, and what is refused with which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bonito_azure_foundry.endpoint import parse_endpoint
from bonito_providers import Provider
from bonito_providers.errors import InvalidCredentials
from plugins.azure_foundry.tests.resources import COGNITIVE, KEYS, OPENAI, PROJECT, SERVICES

HOSTS_FILE = Path(__file__).parents[4] / "shared/reference/azure-data/measured/hosts.json"

PASTED = {
    # The bare hosts, as the portal's overview shows them.
    SERVICES: SERVICES,
    f"{SERVICES}/": SERVICES,
    f"{SERVICES}:443": SERVICES,
    f"{SERVICES}:443/models": SERVICES,
    OPENAI: OPENAI,
    f"{OPENAI}/": OPENAI,
    COGNITIVE: COGNITIVE,
    f"{COGNITIVE}/": COGNITIVE,
    # However the host is written; the scheme too.
    "https://Contoso.Services.AI.Azure.com": SERVICES,
    "HTTPS://CONTOSO.OPENAI.AZURE.COM/": OPENAI,
    "https://my-resource-2.services.ai.azure.com": "https://my-resource-2.services.ai.azure.com",
    "https://42.openai.azure.com": "https://42.openai.azure.com",
    f"https://{'a' * 63}.openai.azure.com": f"https://{'a' * 63}.openai.azure.com",
    # The inference surface.
    f"{SERVICES}/models": SERVICES,
    f"{SERVICES}/models/": SERVICES,
    f"{SERVICES}/models/chat/completions": SERVICES,
    f"{SERVICES}/models/chat/completions?api-version=2024-05-01-preview": SERVICES,
    f"{SERVICES}/models/embeddings?api-version=2024-05-01-preview": SERVICES,
    f"{SERVICES}/models/images/embeddings": SERVICES,
    f"{SERVICES}/models/info": SERVICES,
    # The v1 surface, and what its SDKs take as base.
    f"{SERVICES}/openai": SERVICES,
    f"{SERVICES}/openai/v1": SERVICES,
    f"{SERVICES}/openai/v1/": SERVICES,
    f"{SERVICES}/openai/v1/chat/completions": SERVICES,
    f"{SERVICES}/openai/v1/responses": SERVICES,
    f"{SERVICES}/openai/v1/embeddings": SERVICES,
    f"{SERVICES}/openai/v1/models": SERVICES,
    f"{OPENAI}/openai/v1/": OPENAI,
    # The classic surface.
    f"{OPENAI}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21": OPENAI,
    f"{COGNITIVE}/openai/deployments/my.model_1/embeddings?api-version=2024-10-21": COGNITIVE,
    # Anthropic's surface.
    f"{SERVICES}/anthropic": SERVICES,
    f"{SERVICES}/anthropic/v1": SERVICES,
    f"{SERVICES}/anthropic/v1/messages": SERVICES,
    # A project, which is kept because its deployments can be listed.
    PROJECT: PROJECT,
    f"{PROJECT}/": PROJECT,
    f"{PROJECT}/openai/v1": PROJECT,
    f"{SERVICES}/api/projects/Team_A.1": f"{SERVICES}/api/projects/Team_A.1",
    "https://CONTOSO.services.ai.azure.com/api/projects/Team": f"{SERVICES}/api/projects/Team",
}

MUST_REJECT = {
    # hosts.json `must_reject`: tests of microsoft/mcp and a Go test of the public index.
    "http://r.openai.azure.com": "https://: the key would travel unencrypted",
    "https://attacker.example.com": "must be a host under",
    "https://r.openai.azure.com.evil.test": "must be a host under",
    "https://user:pass@r.openai.azure.com": "user name or password",
    "https://r.openai.azure.com/openai/v1?key=1": "no other query",
    "https://r.openai.azure.com/other/path": "path that no Foundry address has",
    "https://evil.com/.services.ai.azure.com": "must be a host under",
    "https://attacker.com#.openai.azure.com": "must be a host under",
    " https://r.openai.azure.com": "space or a line break",
}

REFUSED = {
    **MUST_REJECT,
    # Other clouds and other endpoints of this one (azure.md section 4, hosts.json `clouds`).
    "https://contoso.services.ai.azure.us": "Azure Government",
    "https://contoso.openai.azure.us/openai/v1": "Azure Government",
    "https://contoso.cognitiveservices.azure.us": "Azure Government",
    "https://contoso.services.ai.azure.cn": "21Vianet in China",
    "https://contoso.openai.azure.cn": "21Vianet in China",
    "https://contoso.openai.azure.de": "former Azure Germany",
    "https://llama-abc.swedencentral.models.ai.azure.com": "serverless endpoint",
    "https://swedencentral.api.cognitive.microsoft.com": "regional endpoint",
    "https://swedencentral.api.cognitive.microsoft.com/": "regional endpoint",
    # The name of the resource.
    "https://r.services.ai.azure.com": "no valid resource name",
    "https://-contoso.services.ai.azure.com": "no valid resource name",
    "https://contoso-.services.ai.azure.com": "no valid resource name",
    "https://con_toso.services.ai.azure.com": "no valid resource name",
    "https://deep.contoso.services.ai.azure.com": "no valid resource name",
    f"https://{'a' * 64}.services.ai.azure.com": "no valid resource name",
    "https://xn--bcher-kva.services.ai.azure.com": "no valid resource name",
    "https://.services.ai.azure.com": "no valid resource name",
    "https://services.ai.azure.com": "must be a host under",
    # The rest of an address.
    "acme.services.ai.azure.com": "must begin with https://",
    "acme": "must begin with https://",
    "": "must begin with https://",
    f"{SERVICES}:8443": "must not name a port",
    f"{SERVICES}:0443": "must not name a port",
    f"{SERVICES}:": "must not name a port",
    f"{SERVICES}:x": "is not an address",
    f"{SERVICES}?": "no other query",
    f"{SERVICES}?api-version=1&api-version=2": "no other query",
    f"{SERVICES}?api-version=": "no other query",
    f"{SERVICES}#": "# part",
    f"{SERVICES}//models": "path that no Foundry address has",
    f"{SERVICES}/models/../openai": "path that no Foundry address has",
    f"{SERVICES}/models/%2e%2e/openai": "path that no Foundry address has",
    f"{SERVICES}/api/projects/": "path that no Foundry address has",
    f"{SERVICES}/api/projects/a": "path that no Foundry address has",
    "https://contoso@services.ai.azure.com": "user name or password",
    "https://evil.test@contoso.services.ai.azure.com": "user name or password",
    "https://contoso.services.ai.azure.com@evil.test": "user name or password",
    "https:\\\\contoso.services.ai.azure.com": "character that no endpoint has",
    "https://evil.test\\.services.ai.azure.com": "character that no endpoint has",
    f"{SERVICES}\n": "space or a line break",
    f"{SERVICES}\x00": "character that no endpoint has",
    "https://contoso\u3002services.ai.azure.com": "character that no endpoint has",
    "https://cont\u043eso.services.ai.azure.com": "character that no endpoint has",
    "https://contoso.\u017fervices.ai.azure.com": "character that no endpoint has",
    "https://contoso.services.ai.azure.com.": "must be a host under",
    "https://contososervices.ai.azure.com": "must be a host under",
    "https://[::1": "is not an address",
    "https://127.0.0.1": "must be a host under",
    "ftp://contoso.services.ai.azure.com": "must begin with https://",
    f"{SERVICES}/models/{'x' * 2048}": "path that no Foundry address has",
}


@pytest.mark.parametrize(("pasted", "meaning"), PASTED.items())
def test_what_people_paste_is_understood(pasted: str, meaning: str) -> None:
    assert str(parse_endpoint(pasted)) == meaning


@pytest.mark.parametrize("meaning", sorted(set(PASTED.values())))
def test_what_was_understood_is_understood_the_same_again(meaning: str) -> None:
    assert str(parse_endpoint(meaning)) == meaning


def test_the_calls_go_to_the_bare_host_and_the_project_is_kept() -> None:
    found = parse_endpoint("https://Contoso.services.ai.azure.com/api/projects/Team")
    assert (found.resource, found.base, found.project) == ("contoso", SERVICES, "Team")
    assert found.is_services


def test_the_twin_host_of_a_resource_is_its_services_host() -> None:
    found = parse_endpoint(f"{OPENAI}/openai/v1")
    assert not found.is_services
    assert found.services.base == SERVICES


@pytest.mark.parametrize(("text", "words"), REFUSED.items())
def test_anything_else_is_refused_with_what_is_wrong_and_never_repeated(
    text: str, words: str
) -> None:
    with pytest.raises(ValueError, match=r"^\S") as refusal:
        parse_endpoint(text)
    said = str(refusal.value)
    assert words in said
    assert not text or text not in said


@pytest.mark.parametrize(("text", "words"), MUST_REJECT.items())
def test_a_valid_resource_name_saves_none_of_what_must_be_refused(text: str, words: str) -> None:
    """The host table's cases use the name `r`, which alone would be refused for its length."""
    with pytest.raises(ValueError, match=r"^\S") as refusal:
        parse_endpoint(text.replace("/r.", "/contoso.").replace("@r.", "@contoso."))
    assert words in str(refusal.value)


@pytest.mark.skipif(not HOSTS_FILE.exists(), reason="the shared host table is not on this machine")
def test_the_host_table_has_no_case_that_is_missing_here() -> None:
    table = json.loads(HOSTS_FILE.read_text(encoding="utf-8"))
    assert set(table["must_reject"]) == set(MUST_REJECT)
    for suffix in (table["clouds"][cloud][kind] for cloud in ("usgov", "china") for kind in KINDS):
        with pytest.raises(ValueError, match="only the public Azure cloud"):
            parse_endpoint(f"https://contoso{suffix}")
    for kind in KINDS:
        suffix = table["clouds"]["public"][kind]
        assert parse_endpoint(f"https://contoso{suffix}").suffix == suffix


KINDS = ("foundry", "openai", "cognitive")


@pytest.mark.parametrize("text", [text for text in REFUSED if text])
def test_the_schema_refuses_the_same_without_repeating_it(provider: Provider, text: str) -> None:
    with pytest.raises(InvalidCredentials) as refusal:
        provider.connect({"endpoint": text, "api_key": KEYS[0]})
    assert set(refusal.value.problems) == {"endpoint"}
    assert text not in str(refusal.value)
