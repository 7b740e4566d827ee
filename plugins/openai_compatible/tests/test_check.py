"""What a check says of a key: only what an answer of the service confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bonito_emulators import Emulation, Fault, Respond
from bonito_openai_compatible.conformance.emulator import CompatibleCloud
from bonito_providers import Connection, CredentialReport, Provider
from bonito_providers.errors import InvalidCredentials
from plugins.openai_compatible.tests.resources import (
    OPENAI,
    OPENROUTER,
    OWN,
    WRONG_KEY,
    Connect,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class ToStrangers:
    """Answers with a status whoever gives no key."""

    status: int

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        known = any(name == b"authorization" for name, _ in scope["headers"])
        await (app if known else partial(Respond(self.status), app))(scope, receive, send)


async def checked(connection: Connection) -> CredentialReport:
    async with connection:
        return await connection.provider.check_credentials(connection)


def reason(report: CredentialReport) -> str:
    return report.items[-1].reason


async def test_a_key_that_openrouter_refuses_fails_although_anybody_may_list(
    connect: Connect,
) -> None:
    assert (await checked(connect(**OPENROUTER))).usable
    report = await checked(connect(**{**OPENROUTER, "api_key": WRONG_KEY}))
    assert not report.usable
    assert report.items[-1].error == "CredentialsRejected"


async def test_an_endpoint_that_asks_for_no_key_is_usable_without_one(
    connect: Connect, emulation: Emulation
) -> None:
    report = await checked(connect(**OWN))
    assert report.usable
    assert reason(report) == "The endpoint asks for no key."
    assert all(each.header("authorization") is None for each in emulation.log.requests)


async def test_a_key_is_not_called_accepted_where_anybody_is_let_in(connect: Connect) -> None:
    report = await checked(connect(**OWN, api_key="any-key-of-mine"))
    assert report.usable
    assert "to anybody" in reason(report)


async def test_that_it_answers_is_told_before_the_key_is_judged(
    connect: Connect, emulation: Emulation
) -> None:
    told: list[tuple[str, int]] = []
    async with connect(**OWN, api_key="any-key-of-mine") as connection:
        await connection.provider.check_credentials(
            connection, progress=lambda item: told.append((item.name, len(emulation.log.requests)))
        )
    assert told == [("reach", 1), ("authenticate", 2)]


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_key_is_accepted_where_others_are_turned_away(
    connect: Connect, cloud: CompatibleCloud, status: int
) -> None:
    # LiteLLM's proxy answers 500 where no key is given.
    cloud.faults.add(Fault(action=ToStrangers(status), times=None))
    report = await checked(connect(**OWN, api_key="the-key-of-mine"))
    assert report.usable
    assert reason(report) == "The key is accepted."


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
async def test_a_key_is_not_called_accepted_where_nobody_is_answered_just_then(
    connect: Connect, cloud: CompatibleCloud, status: int
) -> None:
    cloud.faults.add(Fault(action=ToStrangers(status), times=None))
    report = await checked(connect(**OWN, api_key="any-key-of-mine"))
    assert report.usable
    assert "accepted" not in reason(report)
    assert "shows when a model is called" in reason(report)


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        (OPENAI, ["/v1/models"]),
        (OPENROUTER, ["/api/v1/models", "/api/v1/key"]),
    ],
)
async def test_a_known_service_is_asked_with_the_key_alone(
    connect: Connect, emulation: Emulation, fields: dict[str, str], paths: list[str]
) -> None:
    await checked(connect(**fields))
    asked = emulation.log.requests
    assert [each.path for each in asked] == paths
    assert {each.header("authorization") for each in asked} == {f"Bearer {fields['api_key']}"}


async def test_the_report_says_what_the_address_was_taken_for(connect: Connect) -> None:
    report = await checked(connect(base_url="https://openrouter.ai", api_key=WRONG_KEY))
    assert "The endpoint was understood as https://openrouter.ai/api/v1." in report.notes


@pytest.mark.parametrize("address", ["https://api.openai.com", "https://api.groq.com/openai/v1"])
def test_a_known_service_is_not_connected_to_without_a_key(
    provider: Provider, address: str
) -> None:
    with pytest.raises(InvalidCredentials) as caught:
        provider.read_credentials({"base_url": address})
    assert list(caught.value.problems) == ["api_key"]


@pytest.mark.parametrize("key", ["test", "ollama", "sk-1234", "lm-studio", "NOT-NEEDED"])
def test_a_word_that_stands_for_no_key_is_refused_since_hiding_it_would_eat_answers(
    key: str, connect: Connect
) -> None:
    with pytest.raises(InvalidCredentials) as caught:
        connect(**OWN, api_key=key)
    assert list(caught.value.problems) == ["api_key"]
