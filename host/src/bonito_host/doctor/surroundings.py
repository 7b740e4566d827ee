"""The environment: what is misspelt, what leads elsewhere, what would fill in for a customer's."""

from __future__ import annotations

import difflib
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part
from bonito_host.settings import CREDENTIAL_PREFIX, Settings
from bonito_providers.registry import ProviderRegistry

_PREFIX = "BONITO_"
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_TRUST = "SSL_CERT_FILE"


def examine(environment: Mapping[str, str], registry: ProviderRegistry) -> Part:
    """Look at the variables, by name; no value is ever shown."""
    ours = sorted(name for name in environment if name.startswith(_PREFIX))
    return Part(
        title="environment",
        facts={"set": ours},
        findings=(
            *_trust(environment),
            *_unknown(environment),
            *_proxies(environment),
            *_of_providers(environment, registry),
        ),
    )


class _Asked(dict[str, str]):
    """An environment that is empty, and notes which variables somebody looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override] # as dict's, for any default
        self.names.add(key)
        return default

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return False


def known_variables() -> frozenset[str]:
    """Return the variables that mean something: those the settings look for."""
    asked = _Asked()
    Settings.read(asked)
    return frozenset(name for name in asked.names if name.startswith(_PREFIX))


def _unknown(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = known_variables()
    for name in sorted(environment):
        if not name.startswith(_PREFIX) or name in known or name.startswith(CREDENTIAL_PREFIX):
            continue
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
        mend = f"Did you mean {close[0]}?" if close else f"Unset {name}."
        yield find("variable-unknown", f"Nothing is called {name}.", mend=mend)


def _proxies(environment: Mapping[str, str]) -> Iterator[Finding]:
    if environment.get("BONITO_PROXY"):
        return
    spellings = (spelling for name in _PROXIES for spelling in (name, name.lower()))
    if found := [name for name in spellings if environment.get(name)]:
        verb = "is" if len(found) == 1 else "are"
        yield find("proxy-ignored", f"{', '.join(found)} {verb} set, and BONITO_PROXY is not.")


def _of_providers(environment: Mapping[str, str], registry: ProviderRegistry) -> Iterator[Finding]:
    readers: dict[tuple[str, ...], list[str]] = {}
    for provider in registry.providers:
        found = tuple(sorted(set(provider.info.environment).intersection(environment)))
        readers.setdefault(found, []).append(provider.info.title)
    for found, titles in readers.items():
        if found:
            what = f"Set here, and read by SDKs of {', '.join(titles)}: {', '.join(found)}."
            yield find("variable-of-provider", what, mend=f"unset {' '.join(found)}")


def _trust(environment: Mapping[str, str]) -> Iterator[Finding]:
    named = environment.get(_TRUST)
    if not named:
        return
    if not Path(named).is_file():
        yield find("trust-unreadable", f"{_TRUST} names {named}, which is no file.")
        return
    try:
        ssl.create_default_context(cafile=named)
    except ssl.SSLError:
        yield find("trust-unreadable", f"{_TRUST} names {named}, which holds no certificates.")
    except OSError as error:
        what = f"{_TRUST} names {named}, which cannot be read: {error.strerror}."
        yield find("trust-unreadable", what)
