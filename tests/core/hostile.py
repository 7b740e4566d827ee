"""Endpoints that must lead nowhere, generated from what is known to fool parsers."""

from __future__ import annotations

from hypothesis import strategies as st

SUFFIX = "toy.example"
GOOD = "contoso.toy.example"

ADDRESSES = (
    "127.0.0.1",
    "127.1",
    "0",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "169.254.169.254",
    "2852039166",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1%25eth0]",
    "[fd00:ec2::254]",
    "localhost",
    "metadata.internal",
)
WRONG_SCHEMES = ("http", "HTTP", "ftp", "ws", "wss", "file", "gopher", "javascript", "data", "")
WRONG_PORTS = ("80", "0", "1", "22", "4430", "8443", "65535")
HOST_TRICKS = (
    "{suffix}",
    ".{suffix}",
    "evil{suffix}",
    "evil-{suffix}",
    "{good}.evil.example",
    "{good}.",
    "{good}..",
    "x..{suffix}",
    "{good}%2eevil.example",
    "{good}%00.evil.example",
    "evil.example%2f.{suffix}",
    "evil.example%23.{suffix}",
    "evil.example\\.{suffix}",
    "evil.example_.{suffix}",
    "-evil.{suffix}",
    "evil-.{suffix}",
    "x_y.{suffix}",
    "contoso.toy.exampl\u0435",
    "ⓒontoso.toy.example.evil.example",
    "contoso.toy.example\u200b.evil.example",
)
AUTHORITY_TRICKS = (
    "user@{good}",
    "user:password@{good}",
    ":@{good}",
    "{good}@evil.example",
    "{good}:443@evil.example",
    "{good}%40evil.example",
    "evil.example#@{good}",
    "evil.example?@{good}",
    "evil.example/@{good}",
    "evil.example\\@{good}",
    "evil.example;{good}",
    "evil.example,{good}",
    "evil.example {good}",
    "evil.example\t{good}",
    "evil.example\n{good}",
    "evil.example:443:{good}",
)

_labels = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)
_foreign = st.lists(_labels, min_size=1, max_size=4).map(lambda labels: ".".join([*labels, "evil"]))
_addresses = st.one_of(
    st.sampled_from(ADDRESSES),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=4).map(lambda address: str(int(address))),
    st.ip_addresses(v=4).map(lambda address: hex(int(address))),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
)
_tricks = st.sampled_from((*HOST_TRICKS, *AUTHORITY_TRICKS)).map(
    lambda trick: trick.format(suffix=SUFFIX, good=GOOD)
)
_rest = st.sampled_from(
    ["", "/", "/v1/models", f"/{GOOD}", f"?host={GOOD}", f"#{GOOD}", f"/../{GOOD}"]
)
_ports = st.sampled_from(WRONG_PORTS)
_schemes = st.sampled_from(WRONG_SCHEMES)


def _joined(scheme: str, authority: str, rest: str) -> str:
    return f"{scheme}://{authority}{rest}" if scheme else f"//{authority}{rest}"


endpoints = st.one_of(
    st.builds(_joined, st.just("https"), _foreign | _addresses | _tricks, _rest),
    st.builds(_joined, st.just("https"), st.builds("{}:{}".format, st.just(GOOD), _ports), _rest),
    st.builds(_joined, _schemes, st.just(GOOD) | _foreign | _addresses | _tricks, _rest),
    st.builds(_joined, st.just("https"), st.text(min_size=1, max_size=20), _rest),
    st.text(max_size=30),
)
"""Each of these is something other than https on port 443 at a host below the suffix."""
