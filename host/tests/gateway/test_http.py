"""The gateway over HTTP: who may come in, what is told of a failure, and what never comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bonito_emulators import Fault, Redirect, RequestLog, Reset, Respond
from bonito_emulators.azure import Account, AzureCloud
from host.tests.conftest import KEY
from host.tests.gateway.conftest import CONNECTION
from host.tests.gateway.serving import Gateway
from host.tests.test_secrets import assert_silent

# Every test finds the account as it was, and no fault that another has ordered.
pytestmark = pytest.mark.usefixtures("cloud", "account")

MODEL = f"{CONNECTION}/DeepSeek-V3.1"
EMBEDDING = f"{CONNECTION}/text-embedding-3-small"
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}]}
ROUTES = [
    ("GET", "/v1/models"),
    ("GET", f"/v1/models/{MODEL}"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
]


def ask(gateway: Gateway, **changes: Any) -> Any:
    return gateway.post("/v1/chat/completions", json={**CHAT, **changes})


def calls_in(log: RequestLog) -> list[Any]:
    """What was asked of a model; what is callable, the gateway asks by itself at any time."""
    return [*log.select(method="POST")]


def error_of(answer: Any) -> dict[str, Any]:
    """The error of an answer, which has OpenAI's shape and nothing else."""
    document = answer.json()
    assert set(document) == {"error"}
    error: dict[str, Any] = document["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("key", ["", "Bearer", "Bearer nonsense", "Bearer bonito--", "Basic {}"])
def test_no_route_answers_without_a_key(
    gateway: Gateway, log: RequestLog, route: tuple[str, str], key: str
) -> None:
    method, path = route
    headers = {"authorization": key.format(gateway.key)}
    send = gateway.get if method == "GET" else gateway.post
    answer = send(path, headers=headers)
    assert answer.status_code == 401
    assert error_of(answer)["code"] == "invalid_api_key"
    assert calls_in(log) == []


@pytest.mark.parametrize("part", ["id", "secret"])
def test_a_key_with_one_letter_changed_opens_nothing(gateway: Gateway, part: str) -> None:
    place = len("bonito-") if part == "id" else -1
    letters = list(gateway.key)
    letters[place] = "0" if letters[place] != "0" else "1"
    answer = gateway.get("/v1/models", headers={"authorization": f"Bearer {''.join(letters)}"})
    assert answer.status_code == 401


def test_a_revoked_key_works_no_more_at_once(gateway: Gateway) -> None:
    made = gateway.store.callers.create("somebody else")
    headers = {"authorization": f"Bearer {made.key}"}
    assert gateway.get("/v1/models", headers=headers).status_code == 200
    gateway.post(f"/revoke/{made.caller.id}")
    assert gateway.get("/v1/models", headers=headers).status_code == 401
    assert gateway.get("/v1/models").status_code == 200


def test_a_callers_key_is_stored_nowhere(gateway: Gateway) -> None:
    gateway.state()
    kept = b"".join(each.read_bytes() for each in Path(gateway.log).parent.iterdir())
    secret = gateway.key.split("-", 2)[2]
    assert secret.encode() not in kept
    assert gateway.key.encode() not in kept


@pytest.mark.parametrize(
    "field",
    ["api_base", "base_url", "api_key", "extra_headers", "extra_body", "metadata", "mock_response"],
)
def test_a_field_that_could_lead_elsewhere_is_refused_by_name(
    gateway: Gateway, log: RequestLog, field: str
) -> None:
    answer = ask(gateway, **{field: "https://collector.example"})
    assert answer.status_code == 400
    assert error_of(answer)["param"] == field
    assert calls_in(log) == []


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "DeepSeek-V3.1", "gpt-4o-mini"])
@pytest.mark.parametrize(
    "messages",
    [
        "x",
        ["x"],
        [{"role": "wizard", "content": "x"}],
        [{"role": "user"}],
        [{"role": "user", "content": [{"type": "text"}]}],
        [{"role": "tool", "content": "x"}],
        [{"role": "assistant", "tool_calls": [{"id": "c1"}]}],
    ],
)
def test_messages_that_are_none_are_the_callers_to_mend(
    gateway: Gateway, log: RequestLog, model: str, messages: Any
) -> None:
    answer = ask(gateway, model=f"{CONNECTION}/{model}", messages=messages)
    assert answer.status_code == 400
    assert error_of(answer)["type"] == "invalid_request_error"
    assert error_of(answer)["param"].startswith("messages")
    assert calls_in(log) == []


@pytest.mark.parametrize("model", ["claude-sonnet-4-5", "DeepSeek-V3.1", "gpt-4o-mini"])
def test_a_picture_at_a_strange_address_is_not_fetched(
    gateway: Gateway, log: RequestLog, model: str
) -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://collector.example/a.png"}}
    content = [{"type": "text", "text": "what is this?"}, picture]
    ask(gateway, model=f"{CONNECTION}/{model}", messages=[{"role": "user", "content": content}])
    assert "collector.example" not in {request.host for request in log.requests}
    # The guard refused before anybody was asked for the name.
    assert log.refused_names == []


@pytest.mark.parametrize("model", [MODEL, EMBEDDING, f"{CONNECTION}/gpt-4o-mini"])
def test_no_redirect_is_followed(
    gateway: Gateway, cloud: AzureCloud, log: RequestLog, model: str
) -> None:
    cloud.faults.add(
        Fault(action=Redirect("https://fabrikam.services.ai.azure.com/take"), method="POST")
    )
    if model == EMBEDDING:
        answer = gateway.post("/v1/embeddings", json={"model": model, "input": "x"})
    else:
        answer = ask(gateway, model=model)
    assert answer.status_code == 502
    assert {request.host for request in log.requests} == {"contoso.services.ai.azure.com"}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Respond(401, {"x-canary": KEY}, {"error": {"code": "401", "message": f"Not {KEY}"}}), 502),
        (Respond(403, {}, {"error": {"code": "x", "message": f"Not {KEY[:20]}"}}), 502),
        (Respond(400, {}, {"error": {"code": "content_filter", "message": "Filtered."}}), 400),
        (Respond(404, {}, {"error": {"code": "DeploymentNotFound", "message": "None."}}), 404),
        (Respond(429, {"retry-after": "7"}, f"slow {KEY}"), 429),
        (Respond(500, {}, f"<html>{KEY}</html>"), 503),
        (Respond(200, {"content-type": "text/html"}, "<html>Sign in</html>"), 502),
        (Reset(), 503),
    ],
)
def test_what_a_service_answers_comes_out_in_openais_shape_without_its_secrets(
    gateway: Gateway, cloud: AzureCloud, action: Any, status: int, *, stream: bool
) -> None:
    # For ever, since LiteLLM tries a connection that was reset once more.
    cloud.faults.add(Fault(action=action, method="POST", times=None))
    answer = ask(gateway, stream=stream)
    assert answer.status_code == status
    error_of(answer)
    assert_silent(answer.text, KEY)
    assert_silent(str(dict(answer.headers)), KEY)
    assert "<html>" not in answer.text
    assert not [name for name in answer.headers if name.startswith(("x-ms", "apim", "x-canary"))]
    assert gateway.last_call()["connection"] == CONNECTION


def test_a_key_echoed_in_an_answer_is_hidden(gateway: Gateway) -> None:
    for stream in (False, True):
        answer = ask(gateway, messages=[{"role": "user", "content": f"say {KEY}"}], stream=stream)
        assert answer.status_code == 200
        assert KEY not in answer.text


def test_nothing_of_all_this_says_the_key(gateway: Gateway, account: Account) -> None:
    account.echo_key = True
    ask(gateway)
    account.keys = ("another-key-0123456789abcdef", "yet-another-0123456789abcdef")
    ask(gateway)
    gateway.post("/refresh")
    texts = [gateway.log.read_text(), gateway.get("/metrics").text, json.dumps(gateway.state())]
    kept = [each.read_bytes().decode("latin-1") for each in gateway.log.parent.iterdir()]
    for text in (*texts, *kept):
        assert_silent(text, KEY)


def test_what_is_counted_shows_in_the_metrics(gateway: Gateway) -> None:
    def counted() -> float:
        lines = gateway.get("/metrics").text.splitlines()
        wanted = f'bonito_gateway_calls_total{{connection="{CONNECTION}",kind="chat",status="200"}}'
        return sum(float(line.split()[-1]) for line in lines if line.startswith(wanted))

    before = counted()
    assert ask(gateway).status_code == 200
    assert counted() == before + 1
    assert "bonito_gateway_open_calls 0.0" in gateway.get("/metrics").text


def test_a_request_too_large_is_refused(gateway: Gateway) -> None:
    answer = gateway.post("/v1/chat/completions", content=b" " * (33 * 1024 * 1024))
    assert answer.status_code == 413
