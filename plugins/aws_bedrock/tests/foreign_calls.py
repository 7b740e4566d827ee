"""Calls beside a host's own AWS credentials, and prints who was heard calling, as JSON.

The host's user may call the emulated account as well as the customer's may: a leak would go well,
and shows in nothing but the identity behind a request. Runs as a process of its own, with a home
directory of its own, because LiteLLM and boto3 read both.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bonito_aws_bedrock import plugin
from bonito_emulators import Emulation, RecordedRequest
from bonito_emulators.aws import ApiKey, AWSCloud, User
from bonito_providers import Connection, NetworkSettings, Provider
from plugins.aws_bedrock.tests.journey import NOVA, TITAN, deploy, everything
from plugins.aws_bedrock.tests.resources import (
    BY_API_KEY,
    BY_KEYS,
    BY_ROLE,
    KEYS,
    REGION,
    make_cloud,
)

SECRET = "Foreign/Secret+Of/The+Host/0123456789/40"
SOURCES = ("variables", "files", "container", "instance")
HOSTS = {each: User(each, f"AKIAFOREIGN{each.upper()[:9]:0<9}", SECRET) for each in SOURCES}
BEARER = "ABSKForeignKeyOfTheHost"
MESSAGES = [{"role": "user", "content": "Say hello."}]
MISLEADING = {
    "AWS_SESSION_TOKEN": "foreign-token",
    "AWS_PROFILE": "other",
    "AWS_REGION_NAME": "us-west-2",
    "AWS_ENDPOINT_URL": "https://foreign.example",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "https://foreign.example",
    "AWS_BEDROCK_RUNTIME_ENDPOINT": "https://foreign.example",
    "_X_AMZN_TRACE_ID": "Root=foreign",
    "AWS_LAMBDA_FUNCTION_NAME": "foreign",
}
"""What would lead every call astray, those of the proofs too."""
ENTRY = {"model": "bedrock/converse/amazon.nova-micro-v1:0", "aws_region_name": REGION}


class Metadata(BaseHTTPRequestHandler):
    """The services by which a container and a machine are given credentials."""

    asked: list[str] = []  # noqa: RUF012 - http.server makes a handler for each request

    def do_PUT(self) -> None:
        """Hand out the token by which a machine asks."""
        self._answer("token")

    def do_GET(self) -> None:
        """Hand out the name of the role, or its credentials."""
        if self.path.endswith("/security-credentials/"):
            return self._answer("instance")
        user = HOSTS["container" if self.path == "/container" else "instance"]
        given = {"Code": "Success", "AccessKeyId": user.access_key_id, "SecretAccessKey": SECRET}
        more = {"Token": None, "Expiration": "2099-01-01T00:00:00Z", "AccountId": "1"}
        return self._answer(json.dumps({**given, **more}))

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def _answer(self, text: str) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.send_header("x-aws-ec2-metadata-token-ttl-seconds", "60")
        self.end_headers()
        self.wfile.write(text.encode())


def main() -> None:
    """Call with the customer's credentials, then with whatever the host has."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _furnish(f"http://127.0.0.1:{server.server_port}")
    cloud = make_cloud()
    account = cloud.accounts[0]
    account.users.extend(HOSTS.values())
    account.api_keys.append(ApiKey(BEARER, "variables"))
    with Emulation(cloud) as emulation, emulation.in_process():
        outcome = asyncio.run(_heard(emulation, cloud))
    server.shutdown()
    json.dump(outcome, sys.stdout)


def _furnish(metadata: str) -> None:
    """Fill the host with rights of its own: variables, files, a container and a machine."""
    folder = Path.home() / ".aws"
    folder.mkdir()
    user = HOSTS["files"]
    keys = f"aws_access_key_id = {user.access_key_id}\naws_secret_access_key = {SECRET}\n"
    (folder / "credentials").write_text(f"[default]\n{keys}")
    (folder / "config").write_text(f"[default]\nregion = us-west-2\n[profile other]\n{keys}")
    os.environ |= {
        "AWS_ACCESS_KEY_ID": HOSTS["variables"].access_key_id,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_BEARER_TOKEN_BEDROCK": BEARER,
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{metadata}/container",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata,
    }


async def _heard(emulation: Emulation, cloud: AWSCloud) -> dict[str, Any]:
    calls: dict[str, Callable[[], Awaitable[None]]] = {
        "own": lambda: _own(emulation, cloud),
        "bearer": lambda: _boto3(**_customers()),
        "litellm": lambda: _litellm({**ENTRY, **_customers()}),
        "litellm alone": lambda: _litellm(ENTRY, without="AWS_BEARER_TOKEN_BEDROCK"),
        "variables": _boto3,
        "files": lambda: _boto3(without="AWS_ACCESS_KEY_ID"),
        "container": lambda: _boto3(without=".aws"),
        "instance": lambda: _boto3(without="AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    }
    outcome = {}
    for name, call in calls.items():
        emulation.log.clear()
        Metadata.asked.clear()
        await call()
        requests = emulation.log.requests
        outcome[name] = {
            "callers": sorted({_caller(each, cloud) for each in requests}),
            "foreign": [each.path for each in requests if "foreign" in _sent(each).lower()],
            "metadata": list(Metadata.asked),
            "refused_names": emulation.log.refused_names,
            "violations": emulation.log.violations,
            "paths": [each.path for each in requests],
        }
    return outcome


def _caller(request: RecordedRequest, cloud: AWSCloud) -> str:
    """Gives who a request says it is from."""
    authorization = request.header("authorization") or ""
    account = cloud.accounts[0]
    for key in account.api_keys:
        if authorization == f"Bearer {key.value}":
            return f"key of {key.user}"
    for user in account.users:
        if f"Credential={user.access_key_id}/" in authorization:
            return user.name
    return "role" if request.header("x-amz-security-token") else authorization


def _sent(request: RecordedRequest) -> str:
    return f"{request.host}{request.path}?{request.query}{request.headers}{request.body!r}"


async def _own(emulation: Emulation, cloud: AWSCloud) -> None:
    """Use every way out of a connection, then LiteLLM with its entries."""

    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    os.environ |= MISLEADING
    for fields in (BY_ROLE, BY_API_KEY, BY_KEYS):
        async with Provider(plugin).connect(fields, network=network) as connection:
            await everything(connection, cloud.accounts[0])
            if fields is not BY_ROLE:
                await _route(connection)
    for name in MISLEADING:
        del os.environ[name]


async def _route(connection: Connection) -> None:
    for request in (NOVA, TITAN):
        made = await deploy(connection, request)
        entry = connection.provider.build_gateway_entry(connection.credentials, made).to_litellm()
        await _litellm(entry["litellm_params"], embeds=request is TITAN)


def _customers() -> dict[str, str]:
    return {f"aws_{name}": value for name, value in KEYS.items()}


async def _litellm(params: dict[str, Any], *, embeds: bool = False, without: str = "") -> None:
    os.environ.pop(without, None)
    import litellm

    litellm.suppress_debug_info = True
    litellm.disable_hf_tokenizer_download = True
    if embeds:
        await litellm.aembedding(input=["Say hello."], **params)
    else:
        await litellm.acompletion(messages=MESSAGES, **params)


async def _boto3(*, without: str = "", **keys: str) -> None:
    """Let boto3 look for credentials itself, once one place less has any."""
    os.environ.pop(without, None)
    if without == ".aws":
        for file in (Path.home() / ".aws").iterdir():
            file.unlink()
    await asyncio.to_thread(_list_models, keys)


def _list_models(keys: dict[str, str]) -> None:
    import boto3

    boto3.session.Session().client("bedrock", region_name=REGION, **keys).list_foundation_models()


if __name__ == "__main__":
    main()
