"""A canary key in every command, at DEBUG, against a service that echoes it: it never comes out."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from bonito_emulators import Fault, RequestLog, Respond, Truncate
from bonito_emulators.azure import Account, AzureCloud
from host.tests.conftest import ENDPOINT, KEY
from host.tests.running import Bonito, Finished

WRONG = "canary-wrong-5b8e2f7a1c4d9e60b3a7f8c2"
FOREIGN = "foreign-key-of-somebody-else-0123456789"
DEBUG = ("--log-level", "debug")
COMMANDS = [
    ("check",),
    ("check", "--json"),
    ("models", "--json"),
    ("deployments", "--json"),
    ("gateway", "export"),
    ("gateway", "export", "--json"),
    ("chat", "DeepSeek-V3.1", "hello", "--direct", "--json"),
    ("chat", "nothing", "hello"),
]


def assert_silent(text: str, secret: str) -> None:
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    for form in (secret, secret[:14], quote(secret, safe=""), encoded):
        assert form not in text


def assert_kept(done: Finished, secret: str) -> None:
    assert done.stderr, "there is something to look through"
    assert_silent(done.stdout, secret)
    assert_silent(done.stderr, secret)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_says_the_key_at_debug_though_the_service_echoes_it(
    bonito: Bonito, account: Account, command: tuple[str, ...]
) -> None:
    account.echo_key = True
    done = bonito.run(*command, *DEBUG)
    assert "DEBUG httpcore" in done.stderr
    assert_kept(done, KEY)


def test_a_logger_that_nobody_knows_of_is_redacted_too(tmp_path: Path) -> None:
    program = (
        "import logging\n"
        "from pydantic import SecretStr\n"
        "from bonito_host.logs import start_logging\n"
        "from bonito_providers.redaction import Redactor\n"
        f"live = Redactor([SecretStr({KEY!r})])\n"
        "start_logging('debug')\n"
        "try:\n"
        f"    raise ValueError({KEY!r})\n"
        "except ValueError:\n"
        f"    logging.getLogger('a.plugin').exception('sent %s', {KEY!r})\n"
    )
    done = Bonito(tmp_path).program(sys.executable, "-c", program)
    assert "ERROR a.plugin: sent **********" in done.stderr
    assert "ValueError: **********" in done.stderr


@pytest.mark.parametrize("command", [("check",), ("models",), ("chat", "DeepSeek-V3.1", "x")])
def test_a_refused_key_is_not_said_either(
    bonito: Bonito, account: Account, command: tuple[str, ...]
) -> None:
    account.echo_key = True
    done = bonito.run(*command, *DEBUG, BONITO_CREDENTIAL_API_KEY=WRONG)
    assert done.code == 3, done.stderr
    assert_kept(done, WRONG)


def test_litellm_at_debug_says_no_key_and_takes_no_foreign_one(
    bonito: Bonito, account: Account, log: RequestLog
) -> None:
    account.echo_key = True
    names = ["AZURE_AI_API_KEY", "AZURE_API_KEY", "AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"]
    names += ["AZURE_AD_TOKEN", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"]
    addresses = ["AZURE_API_BASE", "AZURE_AI_API_BASE", "OPENAI_BASE_URL", "OPENAI_API_BASE"]
    foreign = dict.fromkeys(names, FOREIGN) | dict.fromkeys(addresses, "https://foreign.example")
    agent = {"LITELLM_USER_AGENT": "foreign"}
    done = bonito.run("chat", "crowded", "hello", *DEBUG, **foreign, **agent)
    assert done.code == 10, done.stderr
    assert "DEBUG LiteLLM" in done.stderr
    assert any(KEY in value for call in log.requests for _, value in call.response_headers)
    assert_kept(done, KEY)
    assert log.refused_names == []
    assert any(request.user_agent.startswith("litellm/") for request in log.requests)
    for request in log.requests:
        assert request.host == ENDPOINT.removeprefix("https://")
        assert FOREIGN not in str((request.headers, request.body, request.query))


@pytest.mark.slow
def test_a_stream_that_breaks_at_debug_says_nothing_of_the_key(
    bonito: Bonito, account: Account, cloud: AzureCloud
) -> None:
    account.echo_key = True
    cloud.faults.add(Fault(path_prefix="/models/chat", times=None, action=Truncate(700)))
    done = bonito.run("chat", "DeepSeek-V3.1", "hello", "--stream", *DEBUG)
    assert done.code == 9, done.stderr
    assert_kept(done, KEY)


def test_a_defect_in_an_answer_shows_no_trace_with_the_key(
    bonito: Bonito, cloud: AzureCloud
) -> None:
    body = json.dumps({"data": [{"id": KEY, "object": {"api-key": KEY}}], "error": KEY})
    answer = Respond(200, {"content-type": "application/json"}, body)
    cloud.faults.add(Fault(path_prefix="/", times=None, action=answer))
    for command in ("check", "models", "deployments"):
        assert_kept(bonito.run(command, *DEBUG), KEY)


@pytest.mark.parametrize(
    "text",
    [f"api_key: '{KEY}\nendpoint: [", f'{{"api_key": "{KEY}", ', f"- {KEY}", f"api_key: !!x {KEY}"],
)
def test_a_credentials_file_that_cannot_be_read_is_not_quoted(
    bonito: Bonito, tmp_path: Path, text: str
) -> None:
    (tmp_path / "credentials").write_text(text)
    for source, stdin in (("credentials", None), ("-", text)):
        done = bonito.run("check", *DEBUG, "--credentials", source, stdin=stdin)
        assert done.code == 2
        assert_kept(done, KEY)


def test_a_key_put_into_another_field_is_not_quoted_when_that_is_refused(bonito: Bonito) -> None:
    done = bonito.run("check", *DEBUG, "--json", BONITO_CREDENTIAL_ENDPOINT=f"https://{KEY}@x.y/")
    assert done.code == 2
    assert_kept(done, KEY)


def test_an_export_written_to_a_file_holds_references_only(bonito: Bonito, tmp_path: Path) -> None:
    done = bonito.run("gateway", "export", "--output", "config.yaml")
    assert done.code == 0
    text = (tmp_path / "config.yaml").read_text()
    assert_silent(text, KEY)
    assert "os.environ/" in text


def test_foreign_variables_never_complete_what_was_left_out(
    bonito: Bonito, log: RequestLog
) -> None:
    without = {name: value for name, value in bonito.variables.items() if "API_KEY" not in name}
    done = Bonito(bonito.folder, without).run("check", "--json", AZURE_AI_API_KEY=FOREIGN)
    assert done.code == 2
    assert done.document["error"]["problems"] == {
        "api_key": "is required, or all of Deployment permissions"
    }
    assert log.requests == []
