"""The way to a host, step by step: its name, the guard, its port, its certificate."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part
from bonito_host.doctor.rehearsal import Way
from bonito_providers.errors import HostRefused
from bonito_providers.guard import HostPolicy
from bonito_providers.network import NetworkSettings, shared_tls

_SECONDS = 10.0
_USUAL = 443
_TITLE = "network"


async def examine(
    ways: Iterable[Way], *, suffixes: Iterable[str], network: NetworkSettings
) -> Part:
    """Go the way to each host as far as TLS, where it has one; no request is sent.

    Behind a proxy, which resolves the names, only the way to the proxy can be looked at.

    Args:
        ways: Whom the connection calls.
        suffixes: The provider's hosts.
        network: The operator's settings.
    """
    if network.proxy:
        return await _to_proxy(network.proxy)
    policy = HostPolicy(
        suffixes, extra_hosts=network.extra_hosts, trusted_networks=network.trusted_networks
    )
    facts: dict[str, object] = {}
    findings: list[Finding] = []
    for way in ways:
        told, finding = await _to_host(way, policy, network)
        facts[str(way)] = told
        findings += [finding] if finding else []
    return Part(title=_TITLE, facts=facts, findings=tuple(findings))


async def _to_proxy(proxy: str) -> Part:
    parts = urlsplit(proxy)
    named = f"{parts.hostname}:{parts.port}"
    try:
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.close()
    except OSError as error:
        what = f"The proxy {named} takes no connection: {_reason(error)}."
        return Part(
            title=_TITLE, facts={"proxy": named}, findings=(find("proxy-unreachable", what),)
        )
    return Part(title=_TITLE, facts={"proxy": f"{named} takes connections; it resolves the names"})


async def _to_host(
    way: Way, policy: HostPolicy, network: NetworkSettings
) -> tuple[str, Finding | None]:
    host = way.host
    try:
        async with asyncio.timeout(_SECONDS):
            found = list(dict.fromkeys(await network.resolver(host, way.port)))
    except (OSError, UnicodeError):
        found = []
    if not found:
        return "does not resolve", find("name-unresolved", f"The name {host} does not resolve.")
    addresses = ", ".join(dict.fromkeys(address for address, _ in found))
    try:
        for address, _ in found:
            policy.require_address(address, host=host)
    except HostRefused as error:
        mend = f"If it is your private endpoint: BONITO_TRUSTED_NETWORKS={_range(found[0][0])}"
        return addresses, find("address-private", error.message, mend=mend)
    return await _handshake(way, found, network)


async def _handshake(
    way: Way, found: list[tuple[str, int]], network: NetworkSettings
) -> tuple[str, Finding | None]:
    """Connect to the first address that answers, and shake hands."""
    tls = (network.tls or shared_tls()) if way.scheme == "https" else None
    addresses = ", ".join(dict.fromkeys(address for address, _ in found))
    failure: OSError | None = None
    for address, port in found:
        try:
            async with asyncio.timeout(_SECONDS):
                said = await _greeted(way.host, address, port, tls)
        except ssl.SSLCertVerificationError as error:
            what = f"{way} shows a certificate that is not trusted: {error.verify_message}."
            return addresses, find("certificate-untrusted", what)
        except (ssl.SSLError, ConnectionResetError, asyncio.IncompleteReadError) as error:
            what = f"{way} takes the connection and no TLS: {_reason(error)}."
            return addresses, find("tls-broken", what)
        except OSError as error:
            failure = error
        else:
            return f"{addresses}, allowed by the guard; {said}", None
    what = f"{way} takes no connection: {_reason(failure)}."
    mend = f"See that the service runs, and let this machine out to port {way.port}."
    return addresses, find("port-closed", what, mend="" if way.port == _USUAL else mend)


async def _greeted(host: str, address: str, port: int, tls: ssl.SSLContext | None) -> str:
    """Return what the handshake agreed on; without TLS there is none."""
    name = host if tls else None
    _, writer = await asyncio.open_connection(address, port, ssl=tls, server_hostname=name)
    agreed = writer.get_extra_info("ssl_object")
    until = (writer.get_extra_info("peercert") or {}).get("notAfter", "an unknown time")
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return f"{agreed.version()}, certificate until {until}" if agreed else "connected, without TLS"


def _reason(error: BaseException | None) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "no TLS").replace("_", " ").lower()
    if isinstance(error, TimeoutError):
        return "no answer in time"
    number = getattr(error, "errno", None)
    return os.strerror(number) if number and number > 0 else type(error).__name__


def _range(address: str) -> str:
    return f"{address}/128" if ":" in address else f"{address}/32"
