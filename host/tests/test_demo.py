"""The demonstration tells what happened, and fails when it did not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bonito_emulators.aws.scenario import scenario as aws
from bonito_emulators.azure.scenario import scenario as azure
from bonito_emulators.gcp.scenario import scenario as gcp
from bonito_host.demo_calls import tell_wire
from bonito_host.output import Output
from bonito_host.story import Story
from host.tests.running import Bonito

# Walks the whole demonstration in processes of their own.
pytestmark = pytest.mark.slow

WORDS = (
    "Not loaded: litellm",
    "CredentialsRejected: `bonito check` leaves with exit code 3",
    "api_key = **********",
    "understood as https://contoso.services.ai.azure.com",
    "ready, verified",
    "by litellm/",
    "weather(",
    "1536 numbers",
    "0 that no real service knows",
    "Fail over between clouds",
    "all answer: 200 from bedrock-runtime.",
    "first throttled: 429 from bedrock-runtime.eu-west-1.amazonaws.com, then 200 from contoso.",
    "two throttled: 429 from bedrock-runtime.",
    "then 200 from aiplatform.googleapis.com",
)
SECRETS = ("api_key", "secret_access_key", "service_account_json", "client_secret")


def test_it_tells_the_whole_way_and_what_it_proposes_next_works(tmp_path: Path) -> None:
    bonito = Bonito(tmp_path)
    told = bonito.run("demo")
    assert told.code == 0, told.stdout + told.stderr
    for words in WORDS:
        assert words in told.stdout
    assert "\x1b" not in told.stdout, "no colour without a terminal"
    assert "FAILED" not in told.stdout
    written = told.stdout + told.stderr
    for connection in (*azure.connections, *aws.connections, *gcp.connections):
        for fields in (connection.fields, connection.wrong_fields, connection.management):
            given = [text for name, text in fields.items() if name in SECRETS]
            assert not any(text in written for text in given)
    (proposed,) = (line.split() for line in told.stdout.splitlines() if line.endswith(" check"))
    assert bonito.program(*proposed).code == 0


@pytest.mark.nightly
def test_in_json_it_is_one_document(tmp_path: Path) -> None:
    document = Bonito(tmp_path).run("demo", "--json").document
    assert document["failures"] == []
    titles = [chapter["title"] for chapter in document["chapters"]]
    assert titles[0] == "Plugins are discovered"
    assert titles[-1] == "Try next"


@dataclass(frozen=True)
class Request:
    user_agent: str
    host: str = "a.example"
    method: str = "POST"
    path: str = "/"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    status: int | None = 200


@pytest.mark.parametrize("agents", [[], ["curl/8"], ["python-httpx", "not litellm/1"]])
def test_it_fails_when_no_call_came_from_the_real_litellm(agents: list[str]) -> None:
    story = Story(Output(as_json=True, colour=False))
    tell_wire([Request(agent) for agent in agents], story)
    assert story.failures == ["no request came from the real LiteLLM"]


def test_it_is_content_with_one_call_of_litellms() -> None:
    story = Story(Output(as_json=True, colour=False))
    tell_wire([Request("litellm/1.2.3")], story)
    assert story.failures == []
