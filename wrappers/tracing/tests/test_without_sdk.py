"""Where no SDK is configured, tracing records nothing and does next to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bonito_providers import Call
from bonito_tracing import tracing

pytestmark = pytest.mark.anyio

REPORT = (
    "import json, sys; "
    "print(json.dumps([n for n in sys.modules if n.startswith('opentelemetry.sdk')]))"
)


class Unread(Mapping[str, Any]):
    """Arguments that nobody may look at."""

    def __getitem__(self, name: str) -> Any:
        raise AssertionError(name)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("iterated")

    def __len__(self) -> int:
        raise AssertionError("counted")


def loaded(code: str) -> list[str]:
    command = [sys.executable, "-c", f"{code}\n{REPORT}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    modules: list[str] = json.loads(done.stdout)
    return modules


def test_importing_it_loads_no_sdk() -> None:
    assert loaded("import bonito_tracing.tracing") == []


def test_the_look_at_loaded_modules_sees_an_sdk() -> None:
    assert loaded("import opentelemetry.sdk.trace") != []


async def test_without_an_sdk_a_call_is_not_even_looked_at() -> None:
    answer = object()

    async def proceed() -> object:
        return answer

    call = Call(provider="acme", hook="deploy", connection="here", arguments=Unread())
    assert await tracing.around_call(call, proceed) is answer
