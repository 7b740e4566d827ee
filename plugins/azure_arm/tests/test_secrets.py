"""Client secret, tokens and signed addresses are nowhere to be found, whatever Azure does."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bonito_azure_arm.access import ARM_HOST, LOGIN_HOST
from bonito_emulators import Emulation, Redirect, RequestLog, Reset
from bonito_emulators.azure import Account, AzureCloud, Creation, Pace
from bonito_emulators.faults import Action, Fault
from bonito_providers import (
    Connection,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
    wait,
)
from bonito_providers.errors import BonitoError
from bonito_providers.redaction import MARK
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import (
    SECRET,
    WRONG_SECRET,
    Connect,
    access,
    arm_fault,
    entra_fault,
)
from plugins.azure_arm.tests.secrecy import Hook
from tests.core.leaks import frames_with

pytestmark = pytest.mark.anyio

REQUEST = DeploymentRequest(model="gpt-4o-mini", name="mini")
REF = DeploymentRef(provider="azure_foundry", resource="contoso", name="mini")

Emulated = tuple[Connect, AzureCloud, pytest.LogCaptureFixture]


async def planned(connection: Connection) -> DeploymentPlan:
    return await connection.provider.plan_deployment(connection, REQUEST)


HOOKS: dict[str, Hook] = {
    "check": lambda one: one.provider.check_credentials(one),
    "models": lambda one: one.provider.list_models(one),
    "deployments": lambda one: one.provider.list_deployments(one),
    "plan": planned,
    "get": lambda one: one.provider.get_deployment(one, REF),
    "delete": lambda one: one.provider.delete_deployment(one, REF),
}


def echoing(secret: str) -> dict[str, Action]:
    """Makes answers that repeat a secret wherever a client might read it."""
    said = f"Invalid: {secret}"
    return {
        "oauth": answer(401, {"error": secret, "error_description": f"AADSTS7000215: {said}"}),
        "oauth-words": answer(400, {"error": "x", "error_description": secret}),
        "arm": answer(400, {"error": {"code": secret, "message": said}}, x_ms_request_id=secret),
        "arm-code": answer(409, {"error": {"code": "RequestConflict", "message": said}}),
        "html": answer(500, f"<html>{secret}</html>"),
        "malformed": answer(200, f"{secret}", content_type="application/json"),
        "challenge": answer(401, b"", www_authenticate=f'Bearer realm="{secret}"'),
        "rows": answer(
            200, {"value": [{"name": secret, "kind": secret, "error": secret}], "id": secret}
        ),
        "page": answer(200, {"value": [], "nextLink": f"https://evil.test/?{secret}"}),
        "redirect": Redirect(f"https://evil.test/{secret}"),
        "reset": Reset(),
    }


@pytest.fixture
def emulated(
    connect: Connect, cloud: AzureCloud, everything_logged: pytest.LogCaptureFixture
) -> Emulated:
    return connect, cloud, everything_logged


async def said_by(connection: Connection, hook: Hook, secrets: list[str]) -> str:
    """Gives whatever a hook returns or raises, in every way it can be written."""
    try:
        result = await hook(connection)
    except BonitoError as error:
        frames = [place for secret in secrets for place in frames_with(error, secret)]
        assert [place for place in frames if not place.startswith("said_by")] == []
        return f"{error!r} {error} {vars(error)} {error.args} {getattr(error, '__notes__', [])}"
    dumped = result.model_dump_json() if hasattr(result, "model_dump_json") else ""
    return f"{result!r} {result} {dumped}"


def everything(connection: Connection, logged: pytest.LogCaptureFixture) -> str:
    # The emulated service's own log is of its machine, not of the client's.
    own = [each for each in logged.records if not each.name.startswith("uvicorn")]
    records = [f"{record.__dict__} {record.getMessage()}" for record in own]
    return " ".join([*records, repr(connection), repr(connection.credentials)])


def handed_out(log: RequestLog) -> list[str]:
    """Gives the tokens that were used."""
    found = {each.header("authorization") or "" for each in log.select(ARM_HOST)}
    return [value.removeprefix("Bearer ") for value in found if value]


@pytest.mark.parametrize(
    ("host", "case"), [(host, case) for host in (LOGIN_HOST, ARM_HOST) for case in echoing(SECRET)]
)
@pytest.mark.parametrize("hook", HOOKS)
async def test_a_secret_that_is_echoed_back_is_nowhere_to_be_found(
    emulated: Emulated, hook: str, host: str, case: str
) -> None:
    connect, cloud, everything_logged = emulated
    cloud.faults.add(Fault(action=echoing(SECRET)[case], host=host, times=None))
    async with connect() as connection:
        said = await said_by(connection, HOOKS[hook], [SECRET])
        seen = said + everything(connection, everything_logged)
    assert SECRET not in seen
    assert SECRET[:12] not in seen


@pytest.mark.parametrize("hook", HOOKS)
async def test_a_wrong_secret_is_as_secret(
    connect: Connect, everything_logged: pytest.LogCaptureFixture, hook: str
) -> None:
    async with connect(client_secret=WRONG_SECRET) as connection:
        said = await said_by(connection, HOOKS[hook], [WRONG_SECRET])
        seen = said + everything(connection, everything_logged)
    assert "AADSTS7000215" in seen
    assert WRONG_SECRET not in seen


async def test_tokens_and_signed_addresses_are_not_told_by_a_whole_deployment(
    connect: Connect,
    account: Account,
    emulation: Emulation,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=3))
    seen = ""
    async with connect() as connection:
        plan = await planned(connection)
        seen += f"{plan!r} {plan.model_dump_json()}"
        made = await wait(connection, plan)
        assert made.state is State.READY
        seen += f"{made!r} {made.model_dump_json()}" + everything(connection, everything_logged)
    followed = [each for each in emulation.log.requests if "operationResults" in each.path]
    assert followed
    signature = followed[0].query.rpartition("&h=")[2]
    tokens = handed_out(emulation.log)
    assert tokens
    for secret in [SECRET, signature, *tokens]:
        assert secret not in seen


async def echoed_token(app: Any, scope: Any, receive: Any, send: Any) -> None:
    """Answers with the caller's own token in code and message."""
    token = dict(scope["headers"])[b"authorization"].decode().removeprefix("Bearer ")
    body = {"error": {"code": f"Bad {token}", "message": f"Your token {token} is of no use."}}
    await answer(400, body, x_ms_request_id=token)(app, scope, receive, send)


@pytest.mark.parametrize("hook", HOOKS)
async def test_a_token_that_is_echoed_back_is_neither_returned_nor_raised(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, hook: str
) -> None:
    cloud.faults.add(arm_fault(echoed_token, times=None))
    async with connect() as connection:
        said = await said_by(connection, HOOKS[hook], [])
    [token] = set(handed_out(emulation.log))
    assert f"Your token {MARK}" in said
    assert token not in said
    assert token[-40:] not in said


async def test_an_operation_that_fails_tells_nothing_of_its_address(
    connect: Connect,
    cloud: AzureCloud,
    account: Account,
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=9))
    async with connect() as connection:
        made = await connection.provider.deploy(connection, await planned(connection))
        assert made.operation is not None
        address = made.operation.get_secret_value()
        assert address not in f"{made!r} {made.model_dump_json()} {made.model_dump()}"
        echo = {"error": {"code": "Broken", "message": f"GET {address}", "target": address}}
        locations = address.partition(ARM_HOST)[2].partition("/operationResults")[0]
        cloud.faults.add(Fault(action=answer(500, echo), path_prefix=locations, times=None))
        said = await said_by(connection, HOOKS["get"], [address])
        seen = said + everything(connection, everything_logged)
    assert "Broken" in seen
    assert address not in seen
    assert address.rpartition("&h=")[2] not in seen


def test_the_fields_of_a_service_principal_show_no_secret() -> None:
    fields = access()
    assert SECRET not in f"{fields!r} {fields} {fields.model_dump()} {fields.model_dump_json()}"


async def test_the_measures_see_what_is_there(
    connect: Connect, cloud: AzureCloud, everything_logged: pytest.LogCaptureFixture
) -> None:
    """So that the tests above can fail: logs of the SDKs are seen, and marks where texts were."""
    cloud.faults.add(entra_fault(answer(401, b"{}")))
    logging.getLogger("bonito_azure_arm.canary").debug("a log of %s", WRONG_SECRET)
    async with connect() as connection:
        said = await said_by(connection, HOOKS["models"], [SECRET])
        seen = said + everything(connection, everything_logged)
    assert WRONG_SECRET in seen
    assert "httpcore" in seen
    assert "azure.identity" in seen
