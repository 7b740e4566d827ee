"""Why an address is no resource's endpoint: what every Azure provider says alike, deciding nothing.

Each provider accepts addresses by one expression of its own; this only explains its refusals.
"""

from __future__ import annotations

import re

SOVEREIGN = {
    ".azure.us": "Azure Government",
    ".azure.cn": "Azure operated by 21Vianet in China",
    ".azure.de": "the former Azure Germany",
}
"""Suffix of the clouds that are not the public one (microsoft/mcp EndpointValidator)."""


def reason_of_text(text: str, *, example: str) -> str:
    """Return what is wrong with the characters of an address, or nothing."""
    if re.search(r"\s", text):
        return "contains a space or a line break; paste the address alone"
    if not text.isascii() or not text.isprintable() or "\\" in text:
        return "contains a character that no endpoint has"
    if "://" not in text:
        return f"must begin with https://, like {example}"
    return ""


def reason_of_host(host: str, *, suffixes: tuple[str, ...], example: str) -> str:
    """Return what is wrong with a host, or nothing.

    Args:
        host: In lower case.
        suffixes: The hosts that the provider takes.
        example: An address that is right.
    """
    for suffix, cloud in SOVEREIGN.items():
        if host.endswith(suffix):
            return f"belongs to {cloud}; only the public Azure cloud is supported so far"
    if host.endswith(".api.cognitive.microsoft.com"):
        return (
            "is a regional endpoint without the resource's name; give the resource a custom "
            f"subdomain and use {example} in its form"
        )
    if not host.endswith(suffixes):
        return f"must be a host under {', '.join(suffixes)}, like {example}"
    return ""
