"""Every form that was stored or is pasted, what it means, and what is refused with which words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bonito_azure_openai.endpoint import EXAMPLE, HOST_SUFFIXES, parse_endpoint
from plugins.azure_openai.tests.resources import COGNITIVE, OPENAI, UPGRADED

HOSTS_FILE = Path(__file__).parents[4] / "shared/reference/azure-data/measured/hosts.json"
CALL = "/openai/deployments/my-gpt4o/chat/completions?api-version=2024-02-15-preview"

STORED = {
    OPENAI: OPENAI,
    f"{OPENAI}/": OPENAI,
    f"{OPENAI}:443": OPENAI,
    f"{OPENAI}:443/": OPENAI,
    f"{OPENAI}/openai": OPENAI,
    f"{OPENAI}/openai/": OPENAI,
    f"{OPENAI}/openai/v1": OPENAI,
    f"{OPENAI}/openai/v1/": OPENAI,
    f"{OPENAI}/openai/v1/chat/completions": OPENAI,
    f"{OPENAI}/openai/responses?api-version=2025-04-01-preview": OPENAI,
    f"{OPENAI}/openai/models?api-version=2024-10-21": OPENAI,
    f"{OPENAI}/openai/deployments": OPENAI,
    f"{OPENAI}/openai/deployments/my.gpt_4o": OPENAI,
    f"{OPENAI}{CALL}": OPENAI,
    f"{OPENAI}/openai/deployments/ada/embeddings?api-version=2023-05-15": OPENAI,
    f"{OPENAI}/?api-version=2024-12-01-preview": OPENAI,
    "https://Contoso.OpenAI.Azure.com/": OPENAI,
    "HTTPS://CONTOSO.OPENAI.AZURE.COM": OPENAI,
    COGNITIVE: COGNITIVE,
    f"{COGNITIVE}/": COGNITIVE,
    f"{COGNITIVE}{CALL}": COGNITIVE,
    UPGRADED: UPGRADED,
    f"{UPGRADED}/": UPGRADED,
    f"{UPGRADED}/openai/v1/": UPGRADED,
    f"{UPGRADED}{CALL}": UPGRADED,
    f"https://{'a' * 64}.openai.azure.com": f"https://{'a' * 64}.openai.azure.com",
    "https://42.openai.azure.com": "https://42.openai.azure.com",
}

MUST_REJECT = {
    # hosts.json `must_reject`: tests of microsoft/mcp and a Go test of the public index.
    "http://r.openai.azure.com": "https://: the credentials would travel unencrypted",
    "https://attacker.example.com": "must be a host under",
    "https://r.openai.azure.com.evil.test": "must be a host under",
    "https://user:pass@r.openai.azure.com": "user name or password",
    "https://r.openai.azure.com/openai/v1?key=1": "no other query",
    "https://r.openai.azure.com/other/path": "path that no Azure OpenAI address has",
    "https://evil.com/.services.ai.azure.com": "must be a host under",
    "https://attacker.com#.openai.azure.com": "must be a host under",
    " https://r.openai.azure.com": "space or a line break",
}
REFUSED = {
    **MUST_REJECT,
    "": "must begin with https://",
    "contoso": "must begin with https://",
    "contoso.openai.azure.com": "must begin with https://",
    "https://contoso.openai.azure.us": "Azure Government",
    "https://contoso.openai.azure.cn": "21Vianet in China",
    "https://contoso.openai.azure.de": "former Azure Germany",
    "https://westeurope.api.cognitive.microsoft.com/": "regional endpoint",
    f"{OPENAI}:8443": "must not name a port",
    f"{OPENAI}:": "must not name a port",
    f"{OPENAI}#x": "must not contain a # part",
    f"{OPENAI}/?": "no other query",
    f"{OPENAI}/openai/deployments/../x": "path that no Azure OpenAI address has",
    f"{OPENAI}//": "path that no Azure OpenAI address has",
    f"{OPENAI}\n": "space or a line break",
    f"{OPENAI}/\x00": "character that no endpoint has",
    f"{OPENAI}\\@evil.test": "character that no endpoint has",
    "https://conto\u0455o.openai.azure.com": "character that no endpoint has",
    "https://[::1": "is not an address",
    f"{UPGRADED}/models": "address of Foundry",
    f"{UPGRADED}/models/chat/completions?api-version=2024-05-01-preview": "address of Foundry",
    f"{UPGRADED}/api/projects/team": "address of Foundry",
    f"{UPGRADED}/anthropic/v1/messages": "address of Foundry",
    "https://x.openai.azure.com": "no valid resource name",
    "https://-x.openai.azure.com": "no valid resource name",
    "https://a.b.openai.azure.com": "no valid resource name",
    "https://xn--bcher-kva.openai.azure.com": "no valid resource name",
    "https://openai.azure.com": "must be a host under",
}


@pytest.mark.parametrize("text", STORED)
def test_a_known_form_is_the_bare_host_that_litellm_needs(text: str) -> None:
    assert str(parse_endpoint(text)) == STORED[text]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(REFUSED[text])) as refusal:
        parse_endpoint(text)
    assert text not in str(refusal.value).replace(EXAMPLE, "") or not text


@pytest.mark.skipif(not HOSTS_FILE.exists(), reason="the reference is not beside the checkout")
def test_the_measured_list_of_hostile_hosts_is_refused_whole() -> None:
    hostile = set(json.loads(HOSTS_FILE.read_text())["must_reject"])
    assert hostile == set(MUST_REJECT)


@pytest.mark.parametrize("text", STORED)
def test_a_normalised_endpoint_stays_as_it_is(text: str) -> None:
    once = str(parse_endpoint(text))
    assert str(parse_endpoint(once)) == once


PARTS = st.sampled_from(
    [
        *HOST_SUFFIXES,
        *("https://", "http://", "contoso", "evil.test", "xn--", ".", "..", "@", ":443", ":80"),
        *(
            "/",
            "\\",
            "/openai",
            "/v1",
            "/deployments/x",
            "?api-version=v1",
            "?",
            "#",
            "%2e",
            "\n",
            " ",
        ),
    ]
)


@given(text=st.lists(PARTS | st.text(max_size=3), max_size=8).map("".join))
@example("https://evil.test/.openai.azure.com")
@example("https://evil.test?.openai.azure.com")
@example("https://evil.test\\.openai.azure.com")
def test_whatever_is_accepted_leads_to_a_host_of_the_service(text: str) -> None:
    try:
        endpoint = str(parse_endpoint(text))
    except ValueError:
        return
    parts = urlsplit(endpoint)
    label, _, suffix = parts.netloc.partition(".")
    assert (parts.scheme, parts.path, parts.query, parts.fragment) == ("https", "", "", "")
    assert f".{suffix}" in HOST_SUFFIXES
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]", label)
    assert urlsplit(text).hostname == parts.hostname
