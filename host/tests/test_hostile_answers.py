"""LiteLLM against services that misbehave: each failure named, nothing followed, nothing leaked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from host.tests.conftest import KEY
from host.tests.running import Bonito, Finished

# Starts many processes with the real LiteLLM.
pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("programs") / "hostile_answers.py"
CONTOSO, SIBLING, FOREIGN = (
    "contoso.services.ai.azure.com",
    "fabrikam.services.ai.azure.com",
    "collector.example",
)
FOREIGN_KEY = "key-of-somebody-else-0123456789"
EXPECTED = {
    "redirect to a foreign host": "HostRefused",
    "redirect to a sibling": "HostRefused",
    "page": "MalformedAnswer",
    "other JSON": "MalformedAnswer",
    "JSON list": "MalformedAnswer",
    "failure": "ServiceUnavailable",
    "busy": "ServiceUnavailable",
    "too many": "RateLimited",
    "wrong key": "CredentialsRejected",
    "keys disabled": "KeyAuthenticationDisabled",
    "unknown": "DeploymentNotFound",
    "filtered": "ContentFiltered",
    "reset": "ServiceUnavailable",
    "truncated": "ServiceUnavailable",
}
WAYS = 10
"""Four chat routes, each also streaming, and two for embeddings."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    variables = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "AZURE_AI_API_KEY": FOREIGN_KEY}
    bonito = Bonito(tmp_path_factory.mktemp("hostile"), variables)
    done = bonito.program(sys.executable, str(PROGRAM), KEY)
    assert done.code == 0, done.stderr
    return done


@pytest.fixture
def result(finished: Finished) -> dict[str, Any]:
    # LiteLLM left alone prints, before the guard; the result is the last line.
    result: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return result


def attempts(result: dict[str, Any], what: str) -> list[dict[str, Any]]:
    found = [value for name, value in result.items() if name.startswith(f"{what} | ")]
    assert len(found) == WAYS
    return found


@pytest.mark.parametrize("host", [SIBLING, FOREIGN])
def test_litellm_left_alone_hands_the_key_to_where_a_redirect_points(
    result: dict[str, Any], host: str
) -> None:
    assert result[f"control {host}"] == KEY


def test_guarded_it_reaches_no_host_but_the_one_it_was_sent_to(result: dict[str, Any]) -> None:
    assert result["hosts"] == [CONTOSO]
    assert result["refused"] == []


def test_litellm_left_alone_fills_in_somebody_elses_key(result: dict[str, Any]) -> None:
    assert result["control keyless"] == FOREIGN_KEY


def test_guarded_it_sends_no_key_but_the_connections_own(result: dict[str, Any]) -> None:
    assert result["keyless"]["class"] == "CredentialsRejected"
    assert FOREIGN_KEY not in json.dumps(result["keyless headers"])


@pytest.mark.parametrize(("what", "kind"), EXPECTED.items())
def test_a_failure_has_the_same_class_on_every_route(
    result: dict[str, Any], what: str, kind: str
) -> None:
    for attempt in attempts(result, what):
        assert attempt["class"] == kind
        assert attempt["message"]
        assert attempt["hint"]


@pytest.mark.parametrize("what", [each for each in EXPECTED if each != "reset"])
def test_nothing_that_was_answered_is_sent_again(result: dict[str, Any], what: str) -> None:
    assert {attempt["requests"] for attempt in attempts(result, what)} == {1}


def test_the_time_to_wait_survives_litellm(result: dict[str, Any]) -> None:
    assert {attempt["retry_after"] for attempt in attempts(result, "too many")} == {7.0}


def test_errors_hold_neither_the_key_nor_what_litellm_raised(result: dict[str, Any]) -> None:
    for what in EXPECTED:
        for attempt in attempts(result, what):
            assert KEY[:12] not in json.dumps(attempt)
            assert attempt["cause"] == "None"


def test_every_route_answers_once_the_service_behaves(result: dict[str, Any]) -> None:
    assert {attempt["class"] for attempt in attempts(result, "none")} == {None}
    assert result["violations"] == []
