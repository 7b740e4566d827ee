"""One call to a deployment: through LiteLLM as the gateway makes it, or directly."""

from __future__ import annotations

import json

import pytest

from bonito_emulators import RequestLog
from bonito_emulators.azure import Account
from host.tests.running import Bonito


def test_an_answer_comes_through_the_real_litellm(bonito: Bonito, log: RequestLog) -> None:
    done = bonito.run("chat", "DeepSeek-V3.1", "hello", "--json")
    assert done.code == 0, done.stderr
    assert "hello" in done.document["text"]
    assert done.document["output_tokens"] > 0
    (call,) = log.select(method="POST", path="/models/chat/completions")
    assert call.user_agent.startswith("litellm/")
    assert log.violations == []


@pytest.mark.slow
def test_a_prompt_comes_from_stdin_and_the_answer_as_it_is_made(
    bonito: Bonito, log: RequestLog
) -> None:
    done = bonito.run("chat", "claude-sonnet-4-5", "--stream", "--json", stdin="hello\n")
    assert done.code == 0, done.stderr
    pieces = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert len(pieces) > 1
    assert "hello" in "".join(pieces)
    assert log.violations == []


@pytest.mark.slow
def test_an_embedding_is_recognised_by_the_deployments_kind(bonito: Bonito) -> None:
    done = bonito.run("chat", "text-embedding-3-small", "hello", "--json")
    assert done.code == 0, done.stderr
    assert len(done.document["vectors"][0]) == 1536


def test_a_direct_call_leaves_litellm_out(bonito: Bonito, log: RequestLog) -> None:
    done = bonito.run("chat", "DeepSeek-V3.1", "hello", "--direct")
    assert done.code == 0, done.stderr
    assert "hello" in done.stdout
    assert "LiteLLM" not in done.stderr
    assert not any(request.user_agent.startswith("litellm/") for request in log.requests)


def test_a_name_that_no_listing_knows_is_adopted_as_typed(bonito: Bonito, account: Account) -> None:
    account.legacy_listing = False
    done = bonito.run("chat", "DeepSeek-V3.1", "hello", "--direct")
    assert done.code == 0, done.stderr
    assert "trying it as typed" in done.stderr
    assert "hello" in done.stdout


def test_headers_of_the_callers_environment_reach_no_customers_service(
    bonito: Bonito, log: RequestLog
) -> None:
    # The route of embeddings goes through the SDK that reads such a variable.
    headers = "X-Foreign: added-by-the-environment"
    done = bonito.run("chat", "text-embedding-3-small", "hello", OPENAI_CUSTOM_HEADERS=headers)
    assert done.code == 0, done.stderr
    assert any("OpenAI" in request.user_agent for request in log.requests)
    assert not [each for each in log.requests if "x-foreign" in dict(each.headers)]


@pytest.mark.parametrize("options", [(), ("--direct",)])
@pytest.mark.parametrize("prompt", ["argument", "stdin"])
def test_a_prompt_that_is_no_text_is_refused(
    bonito: Bonito, log: RequestLog, prompt: str, options: tuple[str, ...]
) -> None:
    broken = "a\udcffb"
    words, stdin = (broken, None) if prompt == "argument" else ("-", broken)
    done = bonito.run("chat", "DeepSeek-V3.1", words, *options, stdin=stdin)
    assert done.code == 2
    assert "UTF-8" in done.stderr
    assert log.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chat",), "Missing argument"),
        (("chat", "x", "--credentials", "-"), "stdin holds the credentials"),
        (("chat", "x", "hello", "--stream", "--direct"), "leave --direct out"),
        (("chat", "x", " "), "empty"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    bonito: Bonito, log: RequestLog, arguments: tuple[str, ...], words: str
) -> None:
    done = bonito.run(*arguments)
    assert done.code == 2
    assert words in done.stderr
    assert log.requests == []
