"""What a bug report must not show: who, where and whose account; each has one placeholder."""

from __future__ import annotations

import getpass
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bonito_host.doctor.choosing import Chosen, texts_within
from bonito_host.forms import is_secret
from bonito_host.settings import CREDENTIAL_PREFIX
from bonito_providers.provider import Provider
from bonito_providers.redaction import Redactor, redact_live

_SECRET_VARIABLES = ("BONITO_KEY", "BONITO_NEW_KEY", "BONITO_PASSWORD")
_DISTINCT = 6
"""Names from this length on are replaced inside longer words too: `contoso` in `contoso-dev`."""
_SHORTEST = 2
_NUMBERED = r"(?<!\d)\d{10,}(?!\d)|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
"""Accounts, projects and subscriptions that only a service knows the number of."""
_PRINCIPAL = r"\b(?:user|role|assumed-role)/[\w+=,.@/-]+"
_ADDRESS = (
    r"\b(?:10(?:\.\d{1,3}){3}"
    r"|(?:172\.(?:1[6-9]|2\d|3[01])|192\.168|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))"
    r"(?:\.\d{1,3}){2})\b|\bf[cd][0-9a-f]{2}:[0-9a-f:]+"
)
"""Private networks, RFC 1918, 6598 and 4193: how somebody's own are laid out."""
_VERSION = re.compile(r"v\d\w*", re.IGNORECASE)
_HOSTS = {
    "BONITO_PROXY": "<proxy-host>",
    "BONITO_EXTRA_HOSTS": "<extra-host>",
    "BONITO_SERVICES": "<service-host>",
}
_COMMON = frozenset({"bonito", "localhost", "postgres", "postgresql"})
"""Names that are nobody's own."""
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


def secrets_of(environment: Mapping[str, str]) -> Redactor:
    """Return what hides the operator's own secrets; keep it as long as anything is written."""
    values = [environment.get(name, "") for name in _SECRET_VARIABLES]
    with suppress(ValueError):  # the settings refuse it by name
        values.append(urlsplit(environment.get("BONITO_PROXY", "")).password or "")
    return Redactor(SecretStr(value) for value in values if value)


class Anonymous:
    """Replaces names of people, machines and accounts in texts, each by one placeholder.

    Args:
        environment: Whose variables tell who the user is, and hold credential fields.
        providers: Whose hosts have an account's name before their suffix.
        chosen: The connection that was examined, if one was.
        store: Where the operator keeps the store: a file, or a database's URL.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        providers: Iterable[Provider] = (),
        chosen: Chosen | None = None,
        store: Path | str | None = None,
    ) -> None:
        suffixes = {each for provider in providers for each in provider.info.host_suffixes}
        self._suffixes = sorted((each for each in suffixes if each.startswith(".")), key=len)
        self._public = " ".join(map(_published, providers)).lower()
        self._private_hosts = chosen is None or self._has_endpoint(chosen)
        # A service has the root for its home: every path begins with it, and it tells nothing.
        self._home = (environment.get("HOME") or str(Path.home())).rstrip("/")
        self._names: dict[str, str] = {}
        self._accounts: dict[str, str] = {}
        if chosen is not None:
            self._learn(chosen.id, "<connection>")
            self._learn_fields(chosen.fields, chosen.provider)
        self._learn_fields(_from(environment), None)
        self._learn_surroundings(environment, store or environment.get("BONITO_STORE", ""))
        for name in {environment.get("USER", ""), environment.get("LOGNAME", ""), _user()}:
            self._learn(name, "<user>")
        self._learn(Path(self._home).name, "<user>")
        self._learn(platform.node(), "<machine>")

    def __call__(self, text: str) -> str:
        """Return the text without names and secrets."""
        text = redact_live(text)
        text = text.replace(self._home, "~") if self._home else text
        for host in _HOST.findall(text):
            self._learn_host(host)
        # All at once, the longest first, so that no placeholder is taken for a name.
        names = [_pattern(name) for name in sorted(self._names, key=len, reverse=True)]
        pattern = "|".join((_PRINCIPAL, *names, _NUMBERED, _ADDRESS))
        return re.sub(pattern, self._placeholder, text, flags=re.IGNORECASE)

    def _placeholder(self, found: re.Match[str]) -> str:
        if name := self._names.get(found[0].lower()):
            return name
        kind, slash, _ = found[0].partition("/")
        if slash:
            return f"{kind}/<principal>"
        return "<address>" if {".", ":"}.intersection(found[0]) else "<number>"

    def _has_endpoint(self, chosen: Chosen) -> bool:
        """Tell whether a field names a host; else those that are called are all the provider's."""
        form = chosen.provider.schema.form()["properties"]
        open_fields = (
            str(value).lower()
            for name, value in chosen.fields.items()
            if not is_secret(form.get(name, {}))
        )
        marks = ("://", *self._suffixes)
        return any(mark in value for value in open_fields for mark in marks)

    def _learn_fields(self, fields: Mapping[str, Any], provider: Provider | None) -> None:
        form = provider.schema.form()["properties"] if provider else {}
        told = set(provider.info.selector) if provider else set()
        for field, value in fields.items():
            of_few = {"enum", "const"}.intersection(form.get(field, {}))
            if not isinstance(value, str) or field in told or of_few:
                continue
            within = texts_within(value)
            if within:
                self._learn(value, f"<{field}>")
            else:
                self._learn_value(field, value)
            for name, text in within.items():
                self._learn_value(f"{field}.{name}", text)

    def _learn_value(self, field: str, value: str) -> None:
        if "://" not in value:
            self._learn(value, f"<{field}>")
            return
        parts = urlsplit(value)
        host = parts.hostname or ""
        if not self._learn_host(host):
            self._learn(host, f"<{field}-host>")
        # Addresses within a document are its service's own, the same for everybody but at the end.
        for piece in parts.path.split("/")[-1 if "." in field else 0 :]:
            if not _VERSION.fullmatch(piece):
                self._learn(piece, f"<{field}-path>")

    def _learn_surroundings(self, environment: Mapping[str, str], store: Path | str) -> None:
        """Learn the hosts and folders that the operator has named."""
        for variable, placeholder in _HOSTS.items():
            for named in environment.get(variable, "").replace(",", " ").split():
                self._learn_named_host(named, placeholder)
        if "://" in str(store):
            self._learn_named_host(str(store), "<store-host>")
            with suppress(ValueError):
                parts = urlsplit(str(store))
                self._learn(parts.username or "", "<store-user>")
                self._learn(parts.path.strip("/"), "<store-database>")
        else:
            self._learn(str(Path(store).parent), "<store-folder>")
        self._learn(str(Path(environment.get("SSL_CERT_FILE", "")).parent), "<trust-folder>")

    def _learn_named_host(self, named: str, placeholder: str) -> None:
        with suppress(ValueError):
            host = urlsplit(named if "://" in named else f"//{named}").hostname or ""
            if not self._learn_host(host):
                self._learn(host.strip("."), placeholder)

    def _learn_host(self, host: str) -> bool:
        """Learn the account in front of a provider's suffix; tell whether it was such a host."""
        for suffix in self._suffixes:
            account = host.lower().removesuffix(suffix)
            if account and account != host.lower():
                if self._private_hosts:
                    self._learn_account(account, suffix)
                return True
        return host.lower() in self._public

    def _learn_account(self, account: str, suffix: str) -> None:
        # The whole host as well: an account may be called by a word that is left alone elsewhere.
        numbered = self._accounts.setdefault(account, f"<account-{len(self._accounts) + 1}>")
        self._names[account + suffix] = numbered + suffix
        self._learn(account, numbered)

    def _learn(self, name: str, placeholder: str) -> None:
        # What a provider says of itself is nobody's own name.
        known = name.lower() in _COMMON or name.lower() in self._public
        if len(name) >= _SHORTEST and not known:
            self._names.setdefault(name.lower(), placeholder)


def _published(provider: Provider) -> str:
    """Return what a provider says of itself to everybody."""
    return " ".join((provider.info.model_dump_json(), *provider.schema.form()["properties"]))


def _pattern(name: str) -> str:
    whole = re.escape(name)
    return whole if len(name) >= _DISTINCT else rf"(?<!\w){whole}(?!\w)"


def _from(environment: Mapping[str, str]) -> dict[str, str]:
    found: Iterator[tuple[str, str]] = (
        (name.removeprefix(CREDENTIAL_PREFIX).lower(), value)
        for name, value in environment.items()
        if name.startswith(CREDENTIAL_PREFIX)
    )
    return dict(found)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
