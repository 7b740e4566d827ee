"""Environment variables by which clients find and trust the emulation."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_ROUTES = (*_PROXIES, "NO_PROXY")


def trust_variables(certificate_authority: Path) -> dict[str, str]:
    """Makes OpenSSL, requests, curl and boto3 trust the throw-away authority alone.

    LiteLLM would otherwise fetch its price map from the internet when it is imported.
    """
    bundles = dict.fromkeys(_BUNDLES, str(certificate_authority))
    return {**bundles, "SSL_CERT_DIR": "", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}


def proxy_variables(proxy_url: str) -> dict[str, str]:
    """Leads every client through the proxy, without exceptions, in both spellings."""
    upper = {**dict.fromkeys(_PROXIES, proxy_url), "NO_PROXY": ""}
    lower = {name.lower(): value for name, value in upper.items()}
    return {**upper, **lower, "BONITO_PROXY": proxy_url}


def without_proxies() -> dict[str, None]:
    """Names the variables that would lead a client past the patched resolver."""
    return dict.fromkeys((*_ROUTES, *map(str.lower, _ROUTES)))


@contextmanager
def changed_environment(changes: Mapping[str, str | None]) -> Iterator[None]:
    """Sets variables, or removes those given as None, and puts everything back afterwards."""
    before = {name: os.environ.get(name) for name in changes}
    _apply(changes)
    try:
        yield
    finally:
        _apply(before)


def _apply(changes: Mapping[str, str | None]) -> None:
    for name, value in changes.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
