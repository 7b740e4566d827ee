"""A token goes to its own host, whatever address a service names."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_arm.access import ARM_HOST
from bonito_azure_arm.addresses import require_own
from bonito_providers.errors import HostRefused

OWN = [
    "https://management.azure.com/subscriptions/s?api-version=1",
    "https://MANAGEMENT.azure.com/",
    "https://management.azure.com:443/subscriptions/s",
]
OTHERS = [
    "http://management.azure.com/",
    "https://management.azure.com:8443/",
    "https://management.azure.com.evil.test/",
    "https://evil.test/https://management.azure.com/",
    "https://evil.management.azure.com/",
    "https://management.azure.com@evil.test/",
    "https://user@management.azure.com/",
    "https://user:word@management.azure.com/",
    "https://management.azure.com\\@evil.test/",
    "https://contoso.services.ai.azure.com/",
    "https://management.azure.com./",
    "//management.azure.com/",
    "/subscriptions/s",
    "https://management.azure.com/\x00",
    "https://[",
    "",
]


@pytest.mark.parametrize("url", OWN)
def test_an_address_of_the_very_host_passes(url: str) -> None:
    require_own(url, ARM_HOST)


@pytest.mark.parametrize("url", OTHERS)
def test_an_address_of_another_host_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(HostRefused, match=r"not of management\.azure\.com") as refusal:
        require_own(url, ARM_HOST)
    assert "evil" not in refusal.value.message


@given(
    st.sampled_from(["https://", "http://", "//", "https:/\\", ""]),
    st.sampled_from(["", "management.azure.com@", "a:b@", "management.azure.com\\"]),
    st.sampled_from(["management.azure.com", "evil.test", "\u2100.test"]) | st.text(max_size=8),
    st.sampled_from(["", ":443", ":80", ":", ".evil.test", "#@evil.test", "?@evil.test"]),
)
def test_what_passes_is_what_the_client_would_ask_at_that_host(
    scheme: str, user: str, host: str, rest: str
) -> None:
    url = f"{scheme}{user}{host}{rest}/path"
    try:
        require_own(url, ARM_HOST)
    except HostRefused:
        return
    sent = httpx.Request("GET", url).url
    assert (sent.scheme, sent.host, sent.userinfo) == ("https", ARM_HOST, b"")
