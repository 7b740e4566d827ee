"""The process guard, from inside a process that wants out."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bonito_host.process_guard import clear_variables, set_proxy
from host.tests.running import Bonito

PROGRAM = Path(__file__).with_name("programs") / "guarded.py"
ALLOWED = {
    "look up a provider's name",
    "connect where a look-up led",
    "reach the operator's service",
    "reach it through asyncio",
}


@pytest.fixture(scope="module")
def ports() -> Iterator[list[str]]:
    """Three open doors: the guard, not a closed port, has to say no."""
    with ExitStack() as stack:
        doors = [
            stack.enter_context(socket.create_server((host, 0)))
            for host in ("127.0.0.1", "127.0.0.1", "127.7.0.1")
        ]
        yield [str(door.getsockname()[1]) for door in doors]


@pytest.fixture(scope="module")
def outcomes(ports: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    bonito = Bonito(tmp_path_factory.mktemp("guarded"))
    done = bonito.program(sys.executable, str(PROGRAM), *ports)
    assert done.code == 0, done.stderr
    outcomes: dict[str, str] = done.document
    return outcomes


def test_every_other_way_out_is_refused(outcomes: dict[str, str]) -> None:
    refused = {name for name, outcome in outcomes.items() if outcome == "refused"}
    assert refused == set(outcomes) - ALLOWED
    assert len(refused) > 10


def test_the_ways_that_are_allowed_work(outcomes: dict[str, str]) -> None:
    assert {outcomes[name] for name in ALLOWED} == {"done"}


@pytest.fixture
def environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("environment")
def test_variables_that_would_fill_in_are_removed_and_others_stay() -> None:
    foreign = ["ACME_TENANT", "OPENAI_API_KEY", "acme_api_key", "ACME_API_BASE", "X_BASE_URL"]
    foreign += ["ACME_CUSTOM_HEADERS", "acme_custom_headers"]
    os.environ.update(dict.fromkeys([*foreign, "ACME_REGION"], "foreign"))
    clear_variables(["ACME_TENANT", "ACME_ABSENT"])
    assert not set(foreign) & set(os.environ)
    assert os.environ["ACME_REGION"] == "foreign"


@pytest.mark.usefixtures("environment")
def test_the_operators_proxy_is_the_only_one_left() -> None:
    os.environ.update({"HTTPS_PROXY": "http://a:1", "all_proxy": "http://b:2", "NO_PROXY": "*"})
    set_proxy("http://proxy.example:3128")
    left = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    assert set(left) == {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}
    assert set(left.values()) == {"http://proxy.example:3128"}


@pytest.mark.usefixtures("environment")
def test_without_a_proxy_of_the_operators_there_is_none() -> None:
    os.environ["https_proxy"] = "http://a:1"
    set_proxy(None)
    assert not any(name.lower().endswith("_proxy") for name in os.environ)
