"""What the operator decides, read from the environment here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import click

from bonito_providers.registry import RegistrySettings

if TYPE_CHECKING:
    from bonito_providers import NetworkSettings

CREDENTIAL_PREFIX = "BONITO_CREDENTIAL_"
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The operator's word on plugins, the way out, and the terminal.

    Attributes:
        plugins: Which plugins may load, and what they are called through.
        proxy: The HTTP proxy every request takes.
        trusted_networks: Ranges of private endpoints.
        extra_hosts: Hosts and origins beyond those that the providers name themselves.
        services: Origins that the process itself may call, and no connection.
        log_level: How much goes to stderr.
        log_as_json: Whether that is lines of JSON, for machines.
        colour: Whether a terminal may be given colours.
        credentials: Credential fields by name, from ``BONITO_CREDENTIAL_<FIELD>``.
        store: Where connections and plans are kept; None is the user's data folder.
        key: What the store's secrets are sealed with; None is the key file beside the store.
        new_key: What the store's secrets are to be sealed with next, by ``bonito keys rotate``.
        password: What opens the pages; None is a token made at every start.
    """

    plugins: RegistrySettings
    proxy: str | None = None
    trusted_networks: tuple[str, ...] = ()
    extra_hosts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    log_level: str = "warning"
    log_as_json: bool = False
    colour: bool = True
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    store: str | None = None
    key: str | None = field(default=None, repr=False)
    new_key: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables whose names begin with ``BONITO_``, and ``NO_COLOR``.

        Raises:
            click.UsageError: A value cannot mean anything; the text names the variable.
        """
        return cls(
            plugins=RegistrySettings(
                blocked=frozenset(_names(environment, "BONITO_PLUGINS_BLOCKED")),
                allowed=_allowed(environment),
                preferred=_names(environment, "BONITO_PLUGINS_PREFERRED"),
                wrappers=_names(environment, "BONITO_WRAPPERS"),
            ),
            proxy=_proxy(environment),
            trusted_networks=_networks(environment),
            extra_hosts=_hosts(environment),
            services=_services(environment),
            log_level=_log_level(environment),
            log_as_json=_log_as_json(environment),
            colour=not environment.get("NO_COLOR"),
            credentials=_credentials(environment),
            store=environment.get("BONITO_STORE") or None,
            key=environment.get("BONITO_KEY") or None,
            new_key=environment.get("BONITO_NEW_KEY") or None,
            password=environment.get("BONITO_PASSWORD") or None,
        )

    def network(self) -> NetworkSettings:
        """Return the core's view of the way out."""
        from bonito_providers import NetworkSettings

        return NetworkSettings(
            trusted_networks=self.trusted_networks, extra_hosts=self.extra_hosts, proxy=self.proxy
        )


def _names(environment: Mapping[str, str], variable: str) -> tuple[str, ...]:
    return tuple(environment.get(variable, "").replace(",", " ").split())


def _allowed(environment: Mapping[str, str]) -> frozenset[str] | None:
    # Set but empty means none at all: an empty list must not open the door to everybody.
    if "BONITO_PLUGINS_ALLOWED" not in environment:
        return None
    return frozenset(_names(environment, "BONITO_PLUGINS_ALLOWED"))


def _proxy(environment: Mapping[str, str]) -> str | None:
    text = environment.get("BONITO_PROXY", "")
    if not text:
        return None
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port
    except ValueError:
        usable = None
    if not usable:
        raise click.UsageError("BONITO_PROXY must look like http://proxy.example:3128.")
    return text


def _networks(environment: Mapping[str, str]) -> tuple[str, ...]:
    variable = "BONITO_TRUSTED_NETWORKS"
    found = _names(environment, variable)
    if found:
        from ipaddress import ip_network
    for text in found:
        try:
            ip_network(text)
        except ValueError as error:
            message = f"{variable}: {error}. Write ranges such as 10.1.0.0/16."
            raise click.UsageError(message) from None
    return found


def _hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    variable = "BONITO_EXTRA_HOSTS"
    found = _names(environment, variable)
    if found:
        from bonito_providers.guard import HostPolicy
    for text in found:
        try:
            policy = HostPolicy([text])
        except ValueError as error:
            raise click.UsageError(f"{variable}: {error}.") from None
        if policy.suffixes and not policy.allows_host(f"x{text}" if text[0] == "." else text):
            message = (
                f"{variable}: {text!r} is not a host. Write models.example.com, .example.com for "
                "all hosts below it, or http://models.example.com:8080 for that very origin."
            )
            raise click.UsageError(message)
    return found


def _services(environment: Mapping[str, str]) -> tuple[str, ...]:
    variable = "BONITO_SERVICES"
    found = _names(environment, variable)
    if found:
        from bonito_providers.guard import parse_origin
    for text in found:
        try:
            parse_origin(text)
        except ValueError as error:
            raise click.UsageError(f"{variable}: {error}.") from None
    return found


def _log_level(environment: Mapping[str, str]) -> str:
    level = environment.get("BONITO_LOG", "warning").lower()
    if level not in LOG_LEVELS:
        raise click.UsageError(f"BONITO_LOG must be one of {', '.join(LOG_LEVELS)}.")
    return level


def _log_as_json(environment: Mapping[str, str]) -> bool:
    form = environment.get("BONITO_LOG_FORMAT", "text").lower()
    if form not in {"text", "json"}:
        raise click.UsageError("BONITO_LOG_FORMAT must be text or json.")
    return form == "json"


def _credentials(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(CREDENTIAL_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(CREDENTIAL_PREFIX)
    }
