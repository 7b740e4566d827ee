"""Canary keys of three services that say them back: wherever one looks, none of them is there.

Every page and every answer of the API are read from the application's own routes, so that one
that is added is looked through as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from bonito_emulators import Emulation, Fault, Respond
from bonito_emulators.aws import scenario as aws
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_host.store.store import Store
from bonito_openai_compatible.conformance.emulator import CompatibleCloud
from host.tests.forks import ForkedBonito, Forks
from host.tests.running import PATIENCE
from host.tests.test_secrets import assert_silent
from host.tests.three_clouds import CREDENTIALS, EAST, KEY, MODEL, WEST
from host.tests.web.serving import Browser, Site, serving
from host.tests.web.test_guard import application

pytestmark = pytest.mark.nightly

CANARY = "canary-openai-4d7a1f9c3e5b8062"
SECRETS = (KEY, CREDENTIALS["west"]["secret_access_key"], CANARY)
MIXED, MINE = "mixed-models", "mine/gpt-4o-mini"
STORED: dict[str, tuple[str, dict[str, str]]] = {
    "east": ("azure_foundry", CREDENTIALS["east"]),
    "west": ("aws_bedrock", CREDENTIALS["west"]),
    "mine": ("openai_compatible", {"base_url": "https://api.openai.com/v1", "api_key": CANARY}),
}
ABOUT = {
    "east": ("azure", "gpt-oss"),
    "west": ("aws", "team-oss"),
    "mine": ("openai_compatible", "gpt-4o-mini"),
}
COMMANDS = [
    ("check", "--connection", "mine"),
    ("models", "--connection", "mine", "--json"),
    ("gateway", "groups"),
    ("gateway", "groups", "--json"),
    ("gateway", "export", "--all"),
    ("gateway", "export", "--all", "--json"),
    ("gateway", "chat", MODEL, "hello"),
    ("gateway", "chat", MINE, "hello"),
    ("doctor", "--connection", "mine", "--report"),
    ("doctor", "--connection", "east", "--json"),
    ("doctor", "--connection", "west"),
]


@dataclass(frozen=True)
class World:
    """Services that say keys back, and what a host of theirs keeps."""

    emulation: Emulation
    bonito: ForkedBonito
    path: Path

    @property
    def store(self) -> Store:
        return Store(self.path)

    def assert_said_back(self) -> None:
        """Without answers that hold the keys, silence would prove nothing."""
        answered = str([each.response_headers for each in self.emulation.log.requests])
        assert KEY in answered
        assert CANARY in answered


@contextmanager
def started(folder: Path, forks: Forks) -> Iterator[World]:
    deployments = [Deployment(name="gpt-oss", model=MODEL)]
    azure = AzureCloud(
        [Account(name="contoso", keys=(KEY, KEY[::-1]), deployments=deployments, echo_key=True)]
    )
    bedrock = aws.build_cloud()
    bedrock.put_outside("team-oss", f"openai.{MODEL}-1:0", region=aws.REGION)
    bedrock.echo = True
    compatible = CompatibleCloud()
    compatible.accounts["api.openai.com"].keys = (CANARY,)
    refusal = {"error": {"message": f"Incorrect API key provided: {CANARY}", "code": CANARY}}
    answer = Respond(401, {"x-key": CANARY, "set-cookie": f"key={CANARY}"}, refusal)
    compatible.faults.add(Fault(action=answer, method="POST", times=None))
    path = folder / "store" / "bonito.db"
    with Emulation(azure, bedrock, compatible) as emulation:
        variables = {
            **emulation.environment(),
            "BONITO_STORE": str(path),
            "BONITO_WRAPPERS": "tracing",
        }
        world = World(emulation, ForkedBonito(folder, variables, forks=forks), path)
        for id, (provider, credentials) in STORED.items():
            world.store.connections.save(
                id,
                provider=provider,
                cloud=ABOUT[id][0],
                title=id,
                credentials=credentials,
                report={"usable": True},
            )
        world.store.groups.save(MODEL, [EAST, WEST], model=MODEL)
        world.store.groups.save(MIXED, [MINE], model="gpt-4o-mini")
        yield world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Iterator[World]:
    with started(tmp_path_factory.mktemp("world"), forks) as found:
        yield found


@pytest.fixture(scope="module")
def site(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    variables = {
        **world.bonito.variables,
        "BONITO_PROXY": world.emulation.proxy_url,
        "BONITO_LOG": "debug",
    }
    with serving(tmp_path_factory.mktemp("site"), variables=variables) as found:
        yield found


def assert_none_is_in(text: str) -> None:
    for secret in SECRETS:
        assert_silent(text, secret)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_says_them(world: World, command: tuple[str, ...]) -> None:
    done = world.bonito.run(*command, "--log-level", "debug")
    assert done.stderr, "there is something to look through"
    assert_none_is_in(done.stdout + done.stderr)


def test_neither_pages_nor_answers_nor_the_log_nor_the_database_hold_them(
    world: World, site: Site, tmp_path: Path
) -> None:
    browser = site.browser()
    with site.programme() as api:
        key = api.post("/api/gateway/keys", json={"name": "a caller"}).json()["key"]
        loaded(site, api, key)
        answers = [asked(site, key, model) for model in (MODEL, MIXED, "nobody")]
        assert [each.status_code for each in answers] == [200, 502, 404]
        plan = browser.post("/plans", connection="west", model=f"openai.{MODEL}-1:0")
        assert plan.url.path.startswith("/plans/"), plan.text
        tried = browser.post("/try/mine/gpt-4o-mini", prompt="hello")
        checked = browser.post("/connections/mine/check")
        shown = [plan, tried, checked, *everything(browser, api, tmp_path, plan=plan.url.path)]
    said = [f"{each.text} {each.headers}" for each in (*answers, *shown)]
    assert "<code>tracing</code>" in "".join(said)
    world.assert_said_back()
    site.stop()
    log = site.log.read_text()
    assert "**********" in log, "what was said back came as far as the log"
    kept = [each.read_bytes().decode("latin-1") for each in world.path.parent.iterdir()]
    for text in (*said, log, *kept):
        assert_none_is_in(text)
    for text in (*said, log, *kept):
        assert_silent(text, key)


def loaded(site: Site, api: httpx.Client, key: str) -> None:
    """Wait until the gateway has asked the services, with which it begins."""
    headers = {"authorization": f"Bearer {key}"}
    for _ in range(PATIENCE * 100):
        known = httpx.get(f"{site.address}/v1/models", headers=headers).text
        if MODEL in known and MIXED in known:
            return
        api.get("/api/deployments")
    message = "the gateway never knows its routes"
    raise AssertionError(message)


def asked(site: Site, key: str, model: str) -> httpx.Response:
    """Call the gateway, which waits for LiteLLM."""
    body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": "hello"}]}
    headers = {"authorization": f"Bearer {key}"}
    address = f"{site.address}/v1/chat/completions"
    return httpx.post(address, json=body, headers=headers, timeout=PATIENCE)


def everything(
    browser: Browser, api: httpx.Client, folder: Path, *, plan: str
) -> Iterator[httpx.Response]:
    """What each route answers to GET, for each connection it could be about."""
    for path in {*readable(folder)}:
        client = api if path.startswith(("/api", "/metrics")) else browser.client
        for filled in {*_filled(path, plan=plan.rpartition("/")[2])}:
            answer = client.get(filled)
            assert answer.status_code == 200 or "progress" in path, answer.text
            yield answer


def _filled(path: str, *, plan: str) -> Iterator[str]:
    template = re.sub(r"\{(\w+)[^}]*\}", r"{\1}", path)
    for connection, (cloud, name) in ABOUT.items():
        id = plan if "/plans/" in path else connection
        yield template.format(id=id, connection=connection, cloud=cloud, name=name)


def readable(folder: Path) -> Iterator[str]:
    for route in iter_route_contexts(application(folder).routes):
        path = route.path or ""
        if "GET" in (route.methods or ()) and not path.startswith(("/v1", "/static")):
            yield path
