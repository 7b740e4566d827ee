"""No error, however it came about, leads to a key: not by text, cause or stack frame."""

from __future__ import annotations

import logging
import traceback
from functools import wraps
from typing import Any, NoReturn

import httpx
import pytest

from bonito_providers import (
    Action,
    ActionKind,
    Connection,
    Credentials,
    Deployment,
    NetworkSettings,
    Provider,
)
from bonito_providers.errors import BonitoError, InvalidCredentials, ProviderError, RequestError
from tests.conftest import FIELDS
from tests.core.calls import CALLS
from tests.core.leaks import frames_with
from tests.core.plugins import CANARY, HOOKS, READY, connected, provider_with
from tests.fake_provider.plugin import ToyCredentials
from tests.toy_service import KEY, ToyService

pytestmark = pytest.mark.anyio


def key_of(connection: Connection) -> str:
    text: str = connection.credentials.reveal()["api_key"]
    return text


def crash(connection: Connection) -> NoReturn:
    headers = {"api-key": key_of(connection)}
    raise ValueError(headers)


def crash_with_a_cause(connection: Connection) -> NoReturn:
    try:
        crash(connection)
    except ValueError as error:
        message = f"key {key_of(connection)[:14]}..."
        raise RuntimeError(message) from error


def refuse_quoting(connection: Connection) -> object:
    key = key_of(connection)
    action = Action(
        kind=ActionKind.ADD_CREDENTIALS,
        title=key,
        instruction=key,
        url=f"https://x.acme.example/?key={key}",
    )
    error = RequestError(key, hint=key, code=key, request_id=key, actions=[action])
    error.add_note(key)
    raise error


def refuse_after_a_request(connection: Connection) -> object:
    request = httpx.Request("GET", "https://x.acme.example", headers={"k": key_of(connection)})
    try:
        raise httpx.ConnectError(key_of(connection), request=request)  # noqa: TRY301 - made here
    except httpx.ConnectError as error:
        raise ProviderError("no answer") from error


def refuse_the_credentials(connection: Connection) -> object:
    raise InvalidCredentials({"api_key": key_of(connection)}, provider="acme")


def crash_in_a_group(connection: Connection) -> object:
    raise ExceptionGroup(key_of(connection), [ValueError(key_of(connection))])


def answer_wrongly(connection: Connection) -> object:
    return {"key": key_of(connection)}


def assert_clean(error: BaseException, secret: str) -> None:
    shown = "".join(traceback.format_exception(error))
    shown += f"{error} {error!r} {vars(error)}"
    assert secret not in shown
    assert secret[:12] not in shown
    assert (error.__cause__, error.__context__) == (None, None)
    assert frames_with(error, secret) == []


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "act",
    [
        crash,
        crash_with_a_cause,
        crash_in_a_group,
        refuse_quoting,
        refuse_after_a_request,
        refuse_the_credentials,
        answer_wrongly,
    ],
)
async def test_whatever_a_plugin_does_with_the_key_no_caller_sees_it(name: str, act: Any) -> None:
    async def acting(connection: Connection, *_: object) -> object:
        return act(connection)

    hook: Any = wraps(HOOKS[name])(acting)
    async with connected(**{name: hook}) as connection:
        with pytest.raises(BonitoError) as caught:
            await CALLS[name](connection)
    assert_clean(caught.value, CANARY)


@pytest.mark.parametrize("act", [crash, crash_with_a_cause, refuse_quoting, answer_wrongly])
async def test_building_an_entry_shows_no_key_either(act: Any) -> None:
    def build(credentials: Credentials, deployment: Deployment) -> object:
        return act(connection)

    connection: Connection
    async with connected(build_gateway_entry=build) as connection:
        with pytest.raises(BonitoError) as caught:
            connection.provider.build_gateway_entry(connection.credentials, READY)
    assert_clean(caught.value, CANARY)


async def test_the_walk_over_frames_finds_a_key_where_there_is_one() -> None:
    def holder() -> None:
        headers = {"api-key": CANARY.encode()}
        raise ValueError(len(headers))

    with pytest.raises(ValueError, match="1") as caught:
        holder()
    [place] = frames_with(caught.value, CANARY)
    assert "holder" in place


@pytest.mark.parametrize("name", ["read_credentials", "connect"])
def test_credentials_that_are_refused_stay_in_no_frame(name: str) -> None:
    provider = provider_with()
    try:
        getattr(provider, name)({"api_key": CANARY, "surplus": CANARY})
    except InvalidCredentials as error:
        assert_clean(error, CANARY)
    else:
        pytest.fail("nothing was refused")


async def test_a_service_that_echoes_the_key_in_body_and_header_is_redacted(
    provider: Provider, network: NetworkSettings, toy: ToyService
) -> None:
    toy.echo = True
    wrong = KEY.replace("0", "9")
    async with provider.connect({**FIELDS, "api_key": wrong}, network=network) as connection:
        with pytest.raises(ProviderError) as caught:
            await provider.list_models(connection)
        assert "no such key: *****" in str(caught.value)
        assert_clean(caught.value, wrong)


async def test_what_a_check_reports_and_a_listing_says_hides_an_echoed_key(
    provider: Provider, network: NetworkSettings, toy: ToyService
) -> None:
    toy.echo = True
    wrong = KEY.replace("0", "9")
    async with provider.connect({**FIELDS, "api_key": wrong}, network=network) as connection:
        report = await provider.check_credentials(connection)
    assert wrong not in repr(report)
    assert wrong not in report.model_dump_json()


async def test_no_log_of_the_client_shows_a_key_even_at_its_most_talkative(
    connection: Connection, toy: ToyService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    toy.echo = True
    url = f"{FIELDS['endpoint']}/v1/deployments?key={KEY}"
    await connection.http.get(url, headers={"x-toy-key": KEY})
    logged = [each for each in caplog.records if each.name.startswith(("httpx", "httpcore"))]
    text = "".join(each.getMessage() for each in logged)
    assert "x-toy-echo" in text
    assert "HTTP Request: GET" in text
    assert KEY[:12] not in text


def test_the_fields_of_the_fake_provider_are_secret_where_they_must_be() -> None:
    form = ToyCredentials.form()["properties"]
    assert [name for name in form if "writeOnly" in str(form[name])] == [
        "api_key",
        "manager_secret",
    ]
