"""Which addresses LiteLLM would call for each deployment, asked of LiteLLM itself."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from bonito_host.doctor.causes import find
from bonito_host.doctor.checking import of_error
from bonito_host.doctor.findings import Finding, Part
from bonito_host.routes import entry_for
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment
from bonito_providers.errors import BonitoError
from bonito_providers.gateway import GatewayEntry
from bonito_providers.guard import HostPolicy

_PROGRAM = "bonito_host.doctor.litellm_calls"
_SECONDS = 120.0
"""LiteLLM alone takes several to load."""
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT", "VIRTUAL_ENV")
"""Nothing else of this process's environment: LiteLLM would fill in for a missing credential."""
_TITLE = "gateway"


class RehearsalFailed(Exception):
    """The program that holds LiteLLM said nothing that can be read."""


async def listed(connection: Connection) -> tuple[tuple[Deployment, ...], Part]:
    """Return the connection's deployments, or why they cannot be listed."""
    try:
        listing = await connection.provider.list_deployments(connection)
    except BonitoError as error:
        mend = of_error(error).mend
        finding = find("deployments-unlisted", error.message, mend=mend)
        return (), Part(title="deployments", findings=(finding,))
    facts = {each.ref.name: f"{each.model.name}, {each.state.value}" for each in listing.items}
    return listing.items, Part(title="deployments", facts=facts)


async def examine(
    connection: Connection, deployments: Iterable[Deployment], *, extra_hosts: Iterable[str] = ()
) -> Part:
    """Have LiteLLM begin a call to each deployment, in a process that nothing leaves.

    Args:
        connection: Whose deployments they are.
        deployments: What to call.
        extra_hosts: What the operator allows beyond the provider's hosts.
    """
    entries: list[tuple[Deployment, GatewayEntry]] = []
    findings: list[Finding] = []
    for deployment in deployments:
        try:
            entry = entry_for(connection, deployment)
        except BonitoError as error:
            findings.append(of_error(error))
            continue
        if entry.supported:
            entries.append((deployment, entry))
        else:
            what = f"{deployment.ref.name} is not routed: {entry.reason}"
            findings.append(find("deployment-not-routed", what))
    if not entries:
        return Part(title=_TITLE, findings=tuple(findings))
    try:
        said = await _said([_written(each, entry) for each, entry in entries])
    except RehearsalFailed as error:
        findings.append(find("route-fails", f"LiteLLM does not load: {error}."))
        return Part(title=_TITLE, findings=tuple(findings))
    policy = HostPolicy(connection.provider.info.host_suffixes, extra_hosts=extra_hosts)
    facts, judged = _judged(said, connection, policy)
    return Part(title=_TITLE, facts=facts, findings=(*findings, *judged))


def _written(deployment: Deployment, entry: GatewayEntry) -> dict[str, Any]:
    """Return a route for the program's stdin, with its secrets: some are keys to sign with."""
    revealed = entry.to_litellm()["litellm_params"]
    params = entry.litellm_params
    return {
        "deployment": deployment.ref.name,
        "kind": deployment.model.kind,
        "entry": entry.model_dump(mode="json", exclude={"litellm_params"}),
        "parameters": revealed,
        "secret": [name for name, value in params.items() if isinstance(value, SecretStr)],
    }


async def _said(routes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    # -P: the working directory might hold modules of the names LiteLLM imports.
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", _PROGRAM),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
    )
    try:
        async with asyncio.timeout(_SECONDS):
            written, complaints = await child.communicate(json.dumps(routes).encode())
        said: dict[str, Any] = json.loads(written)["routes"]
    except TimeoutError:
        raise RehearsalFailed("it takes too long") from None
    except ValueError:
        lines = complaints.decode("utf-8", "replace").strip().splitlines()
        raise RehearsalFailed(lines[-1] if lines else "it said nothing") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return said


def _judged(
    said: Mapping[str, Mapping[str, Any]], connection: Connection, policy: HostPolicy
) -> tuple[dict[str, object], list[Finding]]:
    facts: dict[str, object] = {}
    findings: list[Finding] = []
    for name, each in said.items():
        calls = [connection.redact(call) for call in each["calls"]]
        facts[name] = calls
        if not calls:
            reason = connection.redact(each["failure"])
            findings.append(find("route-fails", f"LiteLLM does not call {name}: {reason}"))
        for host in _strangers(calls, policy):
            what = f"For {name}, LiteLLM would call {host}, which is none of the provider's hosts."
            findings.append(find("route-leads-elsewhere", what))
    return facts, findings


def _strangers(calls: Iterable[str], policy: HostPolicy) -> Iterator[str]:
    for call in calls:
        address = call.rpartition(" ")[2]
        host = urlsplit(address).hostname or address
        if not policy.allows_host(host):
            yield host
