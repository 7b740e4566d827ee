"""Where a request may go: exact names below a dot, https on 443, and public addresses."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_providers import HostPolicy
from bonito_providers.errors import HostRefused

POLICY = HostPolicy((".toy.example", "login.example"))

PRIVATE = (
    "0.0.0.0",
    "10.0.0.5",
    "100.64.1.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
)
PUBLIC = ("8.8.8.8", "20.50.2.1", "172.32.0.1", "100.63.255.255", "168.63.129.17")
HOSTILE_V6 = (
    "::",
    "::1",
    "::7f00:1",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "200::1",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "8000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
)

GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
CARRYING = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96", "2002::/16")))


def embedded(address: str) -> dict[str, str]:
    """Return the IPv6 forms that carry an IPv4 address and lead to it."""
    number = int(ipaddress.IPv4Address(address))
    return {
        "mapped": f"::ffff:{address}",
        "NAT64": str(ipaddress.IPv6Address((0x64FF9B << 96) | number)),
        "6to4": str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80) | 1)),
    }


def notations(address: str) -> list[str]:
    """Return ways to write an IPv4 address that some parsers take."""
    number = int(ipaddress.IPv4Address(address))
    first, *rest = address.split(".")
    tail = ".".join(rest)
    return [
        str(number),
        hex(number),
        oct(number),
        f"0{int(first):o}.{tail}",
        f"{int(first):#x}.{tail}",
        f"{first}.{number & 0xFFFFFF}",
        f" {address}",
        f"{address} ",
        f"{address}.",
        f"[{address}]",
        f"{address}/32",
        f"{address}:443",
    ]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_in_every_form(address: str) -> None:
    assert not POLICY.allows_address(address)
    for form, text in embedded(address).items():
        assert not POLICY.allows_address(text), form


@pytest.mark.parametrize("address", PRIVATE + PUBLIC)
def test_no_other_notation_of_an_address_is_read(address: str) -> None:
    assert [text for text in notations(address) if POLICY.allows_address(text)] == []


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed_in_the_forms_that_lead_to_it(address: str) -> None:
    assert POLICY.allows_address(address)
    for form, text in embedded(address).items():
        assert POLICY.allows_address(text), form


@pytest.mark.parametrize("address", HOSTILE_V6)
def test_an_address_outside_the_public_ranges_is_refused(address: str) -> None:
    assert not POLICY.allows_address(address)


@given(st.ip_addresses(v=6).map(str) | st.ip_addresses(v=4).map(str))
def test_what_is_allowed_is_global_whichever_way_it_is_written(text: str) -> None:
    address = ipaddress.ip_address(text)
    carrying = any(address in each for each in CARRYING if each.version == address.version)
    if POLICY.allows_address(text) and not carrying:
        assert address.is_global
        assert address.version == 4 or address in GLOBAL_UNICAST


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_like_the_plain_one(address: ipaddress.IPv4Address) -> None:
    plain = POLICY.allows_address(str(address))
    judged = {POLICY.allows_address(text) for text in embedded(str(address)).values()}
    assert judged == {plain}


@given(st.text(max_size=40))
def test_what_is_no_address_is_refused(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert not POLICY.allows_address(text)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd12::5"])
def test_an_operator_can_trust_a_range_and_only_that(address: str) -> None:
    policy = HostPolicy((), trusted_networks=("10.1.0.0/16", "fd12::/32"))
    assert policy.allows_address(address)
    assert not POLICY.allows_address(address)
    assert not policy.allows_address("10.2.0.1")
    assert not policy.allows_address("fd13::1")


@pytest.mark.parametrize("host", ["contoso.toy.example", "CONTOSO.Toy.Example", "a.b.toy.example"])
def test_any_host_below_a_suffix_is_allowed(host: str) -> None:
    assert POLICY.allows_host(host)


def test_a_host_without_a_dot_before_it_is_that_very_host() -> None:
    assert POLICY.allows_host("login.example")
    assert not POLICY.allows_host("x.login.example")


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "toy.example",
        ".toy.example",
        "x..toy.example",
        "x.toy.example.",
        "evil.example",
        "eviltoy.example",
        "x.toy.example.evil.example",
        "toy.example.evil.example",
        "x_y.toy.example",
        "-x.toy.example",
        "x-.toy.example",
        "x.toy.example\n",
        "x\n.toy.example",
        "x.toy.example\0",
        "x.toy.example:443",
        "x@y.toy.example",
        "x/y.toy.example",
        "x%2e.toy.example",
        "x.toy.example".replace("e", "\u0435"),
        "\u2179.toy.example",
        "x。toy.example",
        "x.toy.exam­ple",
        "127.0.0.1",
        "[::1]",
        f"{'x' * 64}.toy.example",
        "x" * 255 + ".toy.example",
    ],
)
def test_a_host_that_only_looks_allowed_is_refused(host: str) -> None:
    assert not POLICY.allows_host(host)
    with pytest.raises(HostRefused, match="this provider's hosts are"):
        POLICY.require_host(host)


@given(st.text(max_size=60) | st.from_regex(r"[\w.@:/%-]*\.?toy\.example\.?", fullmatch=True))
def test_only_labels_below_the_suffix_are_ever_allowed(host: str) -> None:
    exact = re.fullmatch(r"(?i:([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+toy\.example)", host, re.ASCII)
    if POLICY.allows_host(host):
        assert exact or host.lower() == "login.example"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scheme": "http"}, "http is not https"),
        ({"scheme": ""}, "no scheme is not https"),
        ({"port": 80}, "port 80 is not 443"),
        ({"port": 0}, "port 0 is not 443"),
        ({"userinfo": True}, "user name or password"),
        ({"host": "evil.example"}, "this provider's hosts are .toy.example, login.example"),
        ({"host": ""}, "an address without a host"),
    ],
)
def test_a_refused_url_is_told_which_rule_it_broke(
    changes: dict[str, str | int | bool], said: str
) -> None:
    good = {"scheme": "https", "host": "x.toy.example", "port": None, "userinfo": False}
    POLICY.require_url(**good)  # type: ignore[arg-type] # one dict of several types
    with pytest.raises(HostRefused, match=re.escape(said)):
        POLICY.require_url(**{**good, **changes})  # type: ignore[arg-type] # as above


def test_a_refused_address_names_the_host_that_led_there() -> None:
    with pytest.raises(HostRefused, match=r"x\.toy\.example leads to 10\.0\.0\.1"):
        POLICY.require_address("10.0.0.1", host="x.toy.example")


OPERATORS = HostPolicy(
    (".toy.example",), extra_hosts=("http://models.internal:8080", "https://10.1.2.3:8443")
)


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("http", "models.internal", 8080),
        ("http", "MODELS.internal", 8080),
        ("https", "10.1.2.3", 8443),
        ("https", "x.toy.example", None),
    ],
)
def test_an_operator_can_name_an_origin_with_its_scheme_and_port(
    scheme: str, host: str, port: int | None
) -> None:
    OPERATORS.require_url(scheme=scheme, host=host, port=port, userinfo=False)
    OPERATORS.require_host(host)


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("https", "models.internal", 8080),
        ("http", "models.internal", None),
        ("http", "models.internal", 80),
        ("http", "models.internal", 0),
        ("https", "models.internal", None),
        ("http", "x.models.internal", 8080),
        ("http", "models.internal.", 8080),
        ("http", "x.toy.example", 8080),
        ("https", "10.1.2.3", None),
        ("https", "10.1.2.4", 8443),
    ],
)
def test_an_origin_is_that_scheme_host_and_port_and_no_other(
    scheme: str, host: str, port: int | None
) -> None:
    with pytest.raises(HostRefused, match="No request goes to"):
        OPERATORS.require_url(scheme=scheme, host=host, port=port, userinfo=False)


def test_an_origin_with_a_user_name_is_refused() -> None:
    with pytest.raises(HostRefused, match="user name or password"):
        HostPolicy(("https://models.internal",)).require_url(
            scheme="https", host="models.internal", port=443, userinfo=True
        )


@pytest.mark.parametrize("origin", ["http://models.internal", "http://models.internal:80"])
def test_an_origin_without_a_port_is_on_its_schemes_own(origin: str) -> None:
    policy = HostPolicy((origin,))
    policy.require_url(scheme="http", host="models.internal", port=None, userinfo=False)
    policy.require_url(scheme="http", host="models.internal", port=80, userinfo=False)


@pytest.mark.parametrize(
    "text",
    [
        "://models.internal",
        "ftp://models.internal",
        "http://",
        "http://:80",
        "http://.models.internal",
        "http://models.internal/",
        "http://models.internal/v1",
        "http://models.internal:0",
        "http://models.internal:65536",
        "http://models.internal:8080x",
        "http://user@models.internal",
        "http://models.internal?x",
        "http://[::1]:80",
        "http://models..internal",
    ],
)
def test_what_is_no_origin_is_a_mistake_of_the_operators(text: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        HostPolicy((text,))


def test_an_origin_opens_no_private_address() -> None:
    with pytest.raises(HostRefused, match="not a public address") as caught:
        OPERATORS.require_address("10.1.2.3", host="10.1.2.3")
    assert "BONITO_TRUSTED_NETWORKS" in caught.value.hint


@pytest.mark.parametrize("host", ["evil.example", "models.internal.", "10.1.2.4"])
def test_a_refused_host_is_told_which_setting_would_allow_it_and_no_host_of_the_operators(
    host: str,
) -> None:
    with pytest.raises(HostRefused, match=r"hosts are \.toy\.example\.$") as caught:
        OPERATORS.require_host(host)
    assert "BONITO_EXTRA_HOSTS" in caught.value.hint
    with pytest.raises(HostRefused, match=r"hosts are \.toy\.example\.$"):
        OPERATORS.require_url(scheme="https", host=host, port=None, userinfo=False)
