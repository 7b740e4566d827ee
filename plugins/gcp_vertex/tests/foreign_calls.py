"""Calls beside a host's own Google credentials, and prints who was heard calling, as JSON.

The host's account may call the emulated project as well as the customer's may: a leak would go
well, and shows in nothing but the identity behind a request. Runs as a process of its own, with a
home directory of its own, because LiteLLM and google-auth read both.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from bonito_emulators import Emulation, RecordedRequest
from bonito_emulators.gcp import GoogleCloud, service_account
from bonito_gcp_vertex import plugin
from bonito_providers import (
    Connection,
    DeploymentRequest,
    InvocationRequest,
    NetworkSettings,
    Provider,
)
from plugins.gcp_vertex.tests.resources import FLASH, PROJECT, WEIGHTS, fields, google
from plugins.gcp_vertex.tests.wire_calls import CHATS, EMBEDDINGS

FOREIGN = service_account(PROJECT, "foreign")
DEFAULT = Path(".config/gcloud/application_default_credentials.json")
MESSAGES = [{"role": "user", "content": "Say hello."}]


def main() -> None:
    """Call with the customer's credentials, then with whatever the host has."""
    home = Path.home()
    key = json.dumps(FOREIGN.key_file())
    (home / "key.json").write_text(key)
    (home / DEFAULT).parent.mkdir(parents=True)
    login = {"type": "authorized_user", "client_id": "foreign", "client_secret": "foreign"}
    (home / DEFAULT).write_text(json.dumps({**login, "refresh_token": "foreign-refresh-token"}))
    cloud = google()
    cloud.identities.accounts.append(FOREIGN)
    cloud.project.enabled_partners |= {"anthropic", "mistralai"}
    cloud.project.shares_data_with.add("anthropic")
    with Emulation(cloud) as emulation, emulation.in_process():
        outcome = asyncio.run(_heard(emulation, cloud))
    json.dump(outcome, sys.stdout)


async def _heard(emulation: Emulation, cloud: GoogleCloud) -> dict[str, Any]:
    outcome = {}
    calls: dict[str, Callable[[], Awaitable[None]]] = {
        "own": lambda: _own(emulation),
        "litellm": _litellm,
        "application": _application,
        "gcloud": _gcloud,
        "metadata": _metadata,
    }
    for name, call in calls.items():
        emulation.log.clear()
        await call()
        requests = emulation.log.requests
        outcome[name] = {
            "accounts": sorted({_account(each, cloud) for each in requests} - {""}),
            "foreign": [f"{each.host}{each.path}" for each in requests if _is_foreign(each)],
            "refused_names": emulation.log.refused_names,
            "violations": emulation.log.violations,
            "paths": [each.path for each in requests],
        }
    return outcome


def _account(request: RecordedRequest, cloud: GoogleCloud) -> str:
    """Gives who a request says it is from."""
    assertion = parse_qs(request.body.decode(errors="replace")).get("assertion", [""])[0]
    if assertion:
        claims = assertion.split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(claims + "==="))["iss"])
    token = (request.header("authorization") or "").removeprefix("Bearer ")
    account = cloud.identities.behind(token)
    return account.email if account else token


def _is_foreign(request: RecordedRequest) -> bool:
    head = f"{request.host}{request.path}?{request.query}{request.headers}"
    return "foreign" in head or b"foreign" in request.body


async def _own(emulation: Emulation) -> None:
    """Use every way out of a connection, then LiteLLM with its entries."""

    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    async with Provider(plugin).connect(fields(), network=network) as connection:
        await _plugin(connection)
        entries = [await _entry(connection, name) for name in (*CHATS, *EMBEDDINGS)]
    await _router(entries)


async def _plugin(connection: Connection) -> None:
    provider = connection.provider
    assert (await provider.check_credentials(connection)).usable
    await provider.list_models(connection)
    await provider.list_deployments(connection)
    made = await provider.deploy(connection, await provider.plan_deployment(connection, WEIGHTS))
    await provider.invoke_model(connection, made, InvocationRequest())
    await provider.delete_deployment(connection, made.ref)


async def _entry(connection: Connection, name: str) -> dict[str, Any]:
    provider = connection.provider
    request = DeploymentRequest(name=name, adopt=True)
    found = await provider.deploy(connection, await provider.plan_deployment(connection, request))
    return provider.build_gateway_entry(connection.credentials, found).to_litellm()


async def _router(entries: list[dict[str, Any]]) -> None:
    litellm = _gateway()
    router = litellm.Router(model_list=entries, num_retries=0)
    for entry in entries:
        name = entry["model_name"]
        if name in EMBEDDINGS:
            await router.aembedding(model=name, input=["Say hello."])
        else:
            await router.acompletion(model=name, messages=MESSAGES)


def _gateway() -> Any:
    import litellm

    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True
    return litellm


async def _litellm() -> None:
    """Let LiteLLM look for credentials itself."""
    model = f"vertex_ai/{FLASH.partition('/')[2]}"
    await _gateway().acompletion(model=model, messages=MESSAGES)


async def _application() -> None:
    """Let google-auth look for credentials itself, which the first variable names."""
    await asyncio.to_thread(_default)


async def _gcloud() -> None:
    """As above, with those that ``gcloud`` left in the home directory."""
    del os.environ["GOOGLE_APPLICATION_CREDENTIALS"]
    await asyncio.to_thread(_default)


async def _metadata() -> None:
    """As above, with those of the machine."""
    (Path.home() / DEFAULT).unlink()
    await asyncio.to_thread(_default)


def _default() -> None:
    import google.auth
    import google.auth.exceptions
    from google.auth.transport import requests

    scope = "https://www.googleapis.com/auth/cloud-platform"
    # The emulated cloud knows no other grants, and no machine; that it was asked is enough.
    with suppress(google.auth.exceptions.GoogleAuthError):
        credentials, _ = google.auth.default(scopes=[scope])
        credentials.refresh(requests.Request())  # type: ignore[no-untyped-call]  # google-auth has no types there


if __name__ == "__main__":
    main()
