"""What an SDK wants sent goes out by the connection's client, and comes back as it expects."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest

from bonito_azure_arm.access import ARM_HOST, LOGIN_HOST
from bonito_azure_arm.transport import ConnectionTransport
from bonito_emulators import Emulation
from bonito_emulators.azure import DEFAULT_TENANT, AzureCloud
from bonito_providers import Connection
from bonito_providers.errors import HostRefused
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import CLIENT, SECRET, arm_fault

pytestmark = pytest.mark.anyio

ANYWHERE = f"https://{ARM_HOST}/anything"


@pytest.fixture
def transport(connection: Connection) -> ConnectionTransport:
    return ConnectionTransport(connection.http, host=ARM_HOST)


async def test_the_fields_of_a_form_are_sent_as_one(
    connection: Connection, emulation: Emulation
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scope": "https://management.azure.com/.default",
    }
    url = f"https://{LOGIN_HOST}/{DEFAULT_TENANT}/oauth2/v2.0/token"
    async with ConnectionTransport(connection.http, host=LOGIN_HOST) as transport:
        response = await transport.send(HttpRequest("POST", url, data=form))
    assert response.status_code == 200
    assert response.json()["token_type"] == "Bearer"
    [request] = emulation.log.requests
    assert request.header("content-type") == "application/x-www-form-urlencoded"


async def test_a_body_arrives_byte_for_byte_with_its_headers(
    transport: ConnectionTransport, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.faults.add(arm_fault(answer(201, b"made", x_ms_request_id="7")))
    request = HttpRequest("PUT", ANYWHERE, headers={"X-Own": "1"}, content=b'{"a":  1}')
    response = await transport.send(request)
    [arrived] = emulation.log.requests
    assert (arrived.method, arrived.body, arrived.header("x-own")) == ("PUT", b'{"a":  1}', "1")
    assert (response.status_code, response.reason, response.url) == (201, "Created", ANYWHERE)
    assert response.headers["X-MS-Request-Id"] == "7"
    assert response.request is request


async def test_an_answer_is_there_in_every_way_the_sdk_asks_for_it(
    transport: ConnectionTransport, cloud: AzureCloud
) -> None:
    body = '{"name": "é"}'
    cloud.faults.add(arm_fault(answer(200, body, content_type="application/json")))
    response = await transport.send(HttpRequest("GET", ANYWHERE))
    content = body.encode()
    assert response.content == await response.read() == content
    assert [piece async for piece in response.iter_bytes()] == [content]
    assert [piece async for piece in response.iter_raw()] == [content]
    assert response.text() == body
    assert response.text("latin-1") != body
    assert response.json() == {"name": "é"}
    assert response.content_type == "application/json"
    assert (response.is_closed, response.is_stream_consumed) == (True, True)
    response.raise_for_status()
    response.encoding = "latin-1"
    assert response.encoding == "latin-1"


async def test_a_refusal_is_raised_only_when_the_sdk_asks(
    transport: ConnectionTransport, cloud: AzureCloud
) -> None:
    cloud.faults.add(arm_fault(answer(404, b"gone")))
    response = await transport.send(HttpRequest("GET", ANYWHERE))
    with pytest.raises(HttpResponseError):
        response.raise_for_status()


async def test_another_host_gets_nothing(
    transport: ConnectionTransport, emulation: Emulation
) -> None:
    for url in (f"https://{LOGIN_HOST}/", "https://contoso.services.ai.azure.com/"):
        with pytest.raises(HostRefused):
            await transport.send(HttpRequest("GET", url, headers={"authorization": "Bearer x"}))
    assert emulation.log.requests == []


async def test_closing_it_leaves_the_connections_client_open(
    transport: ConnectionTransport, connection: Connection, cloud: AzureCloud
) -> None:
    async with transport:
        await transport.open()
    await transport.close()
    cloud.faults.add(arm_fault(answer(200, b"")))
    assert (await connection.http.get(ANYWHERE)).status_code == 200
