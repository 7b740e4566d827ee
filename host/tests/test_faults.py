"""What goes wrong, as a person at the command line meets it: class, words with a mend, code."""

from __future__ import annotations

import signal
import time

import pytest

from bonito_emulators import Fault, Redirect, RequestLog, Reset, Respond, Slow
from bonito_emulators.azure import Account, AzureCloud
from host.tests.conftest import KEY
from host.tests.running import PATIENCE, Bonito, Finished

pytestmark = pytest.mark.slow

ALWAYS = None


def assert_error(done: Finished, *, code: int, kind: str, mend: str) -> None:
    """The error on stderr in words with its mend, on stdout as one JSON document."""
    assert done.code == code, done.stderr
    error = done.document["error"]
    assert error["class"] == kind
    assert error["message"]
    assert error["message"] in " ".join(done.stderr.split())
    assert mend.lower() in (error["hint"] or error["message"]).lower()
    assert "→" in done.stderr
    assert "Traceback" not in done.stderr


def assert_failed_check(done: Finished, *, code: int, kind: str, mend: str) -> None:
    """The first failed item of the report, with its class and its mend, decides the code."""
    assert done.code == code, done.stderr
    report = done.document
    assert not report["usable"]
    item = next(each for each in report["items"] if each["verdict"] == "failed")
    assert item["error"] == kind
    said = f"{item['reason']} {(item['action'] or {}).get('instruction', '')}"
    assert mend.lower() in said.lower()


def test_a_wrong_key_is_refused_with_where_to_find_the_right_one(bonito: Bonito) -> None:
    done = bonito.run("check", "--json", BONITO_CREDENTIAL_API_KEY="wrong-key-0123456789abcdef")
    assert_failed_check(done, code=3, kind="CredentialsRejected", mend="copy the key again")


def test_disabled_keys_are_told_from_wrong_ones(bonito: Bonito, account: Account) -> None:
    account.local_auth_disabled = True
    done = bonito.run("check", "--json")
    assert_failed_check(done, code=3, kind="KeyAuthenticationDisabled", mend="takes no keys")


def test_a_host_that_does_not_exist_is_a_matter_of_spelling(bonito: Bonito) -> None:
    nowhere = "https://nobody.services.ai.azure.com"
    done = bonito.run("check", "--json", BONITO_CREDENTIAL_ENDPOINT=nowhere)
    assert_failed_check(done, code=9, kind="HostUnreachable", mend="spelling")


@pytest.mark.parametrize(
    "endpoint",
    ["https://contoso.example.com", "https://services.ai.azure.com.example.com", "ftp://x"],
)
def test_an_endpoint_with_an_unknown_suffix_is_refused_before_any_call(
    bonito: Bonito, log: RequestLog, endpoint: str
) -> None:
    done = bonito.run("check", "--json", BONITO_CREDENTIAL_ENDPOINT=endpoint)
    assert done.code == 2
    error = done.document["error"]
    assert error["class"] == "InvalidCredentials"
    assert error["problems"]["endpoint"]
    assert log.requests == []
    assert log.refused_names == []


def test_an_unknown_deployment_is_not_found(bonito: Bonito) -> None:
    done = bonito.run("chat", "nothing", "hello", "--json")
    assert_error(done, code=4, kind="DeploymentNotFound", mend="name")


def test_a_rate_limited_deployment_says_when_to_come_back(bonito: Bonito, log: RequestLog) -> None:
    done = bonito.run("chat", "crowded", "hello", "--json")
    assert_error(done, code=10, kind="RateLimited", mend="wait")
    assert done.document["error"]["retry_after"] > 0
    chats = log.select(method="POST", path="/models/chat/completions")
    assert len(chats) == 1, "LiteLLM repeats nothing by itself"


def test_a_rate_limit_met_directly_is_the_same_error(bonito: Bonito) -> None:
    done = bonito.run("chat", "crowded", "hello", "--direct", "--json")
    assert_error(done, code=10, kind="RateLimited", mend="wait")


def test_a_service_that_is_down_is_worth_another_try(bonito: Bonito, cloud: AzureCloud) -> None:
    cloud.faults.add(Fault(path_prefix="/", times=ALWAYS, action=Respond(503, {}, "busy")))
    done = bonito.run("check", "--json")
    assert_failed_check(done, code=9, kind="ServiceUnavailable", mend="again")


def test_a_connection_that_breaks_is_worth_another_try(bonito: Bonito, cloud: AzureCloud) -> None:
    cloud.faults.add(Fault(path_prefix="/", times=ALWAYS, action=Reset()))
    done = bonito.run("models", "--json")
    assert_error(done, code=9, kind="ServiceUnavailable", mend="again")


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "[]", '{"data": 7}', "\x00\xff"])
def test_an_answer_that_cannot_be_read_is_a_defect(
    bonito: Bonito, cloud: AzureCloud, body: str
) -> None:
    answer = Respond(200, {"content-type": "application/json"}, body)
    cloud.faults.add(Fault(path_prefix="/", times=ALWAYS, action=answer))
    done = bonito.run("models", "--json")
    assert_error(done, code=1, kind="MalformedAnswer", mend="report")


def test_a_redirect_is_not_followed(bonito: Bonito, cloud: AzureCloud, log: RequestLog) -> None:
    elsewhere = Redirect("https://contoso.openai.azure.com/stolen")
    cloud.faults.add(Fault(path_prefix="/", times=ALWAYS, action=elsewhere))
    done = bonito.run("models", "--json")
    assert done.code == 2
    assert done.document["error"]["class"] == "HostRefused"
    assert log.select(path="/stolen") == []


def test_ctrl_c_ends_a_running_call_at_once_and_without_a_trace(
    bonito: Bonito, cloud: AzureCloud, log: RequestLog
) -> None:
    cloud.faults.add(Fault(path_prefix="/", times=ALWAYS, action=Slow(seconds_before=PATIENCE)))
    running = bonito.start("models")
    while not log.requests and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    stdout, stderr = running.communicate(timeout=PATIENCE / 2)
    assert running.returncode == 130, stderr
    assert stdout == ""
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert KEY not in stderr
