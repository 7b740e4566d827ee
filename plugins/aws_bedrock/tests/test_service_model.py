"""What the plugin asks of AWS exists: every operation and parameter, and every region."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.history import BaseHistoryHandler, get_global_history_recorder
from botocore.validate import ParamValidator

from bonito_aws_bedrock import planning
from bonito_aws_bedrock.regions import regions
from bonito_emulators import Fault
from bonito_emulators.aws import Account, AWSCloud
from bonito_emulators.faults import Respond
from plugins.aws_bedrock.tests.journey import NOVA, RESERVED, deploy, everything
from plugins.aws_bedrock.tests.resources import BY_API_KEY, BY_ROLE, Connect

pytestmark = pytest.mark.anyio
PACKAGE = Path(str(files("bonito_aws_bedrock")))
SESSION = botocore.session.Session()
SERVICES = ("bedrock", "bedrock-runtime", "sts")


class Sent(BaseHistoryHandler):  # type: ignore[misc]  # botocore has no types
    """Keeps what botocore was asked to send, in its own record of calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def emit(self, event_type: str, payload: Any, source: str) -> None:
        """Keep a call."""
        if event_type == "API_CALL":
            self.calls.append((payload["service"], payload["operation"], payload["params"]))


@pytest.fixture
def sent() -> Iterator[Sent]:
    """What botocore is asked to send from now on."""
    recorder = get_global_history_recorder()
    handler = Sent()
    recorder.add_handler(handler)
    recorder.enable()
    yield handler
    recorder.disable()
    recorder._handlers.remove(handler)  # noqa: SLF001 - botocore has no way to take one away


class NotListedYet:
    """Leaves the account's own profiles out of the listing."""

    async def __call__(self, app: Any, scope: Any, receive: Any, send: Any) -> None:
        if b"type=APPLICATION" in scope["query_string"]:
            empty = Respond(200, {}, {"inferenceProfileSummaries": []})
            await empty(app, scope, receive, send)
        else:
            await app(scope, receive, send)


async def travel(connect: Connect, account: Account, cloud: AWSCloud) -> None:
    """Take every way through the plugin, those that only a failure opens too."""
    for fields in (BY_ROLE, BY_API_KEY):
        account.agreements.clear()
        account.use_case = None
        async with connect(**fields) as connection:
            await everything(connection, account)
    cloud.fail_builds = True
    async with connect() as connection:
        made = await deploy(connection, RESERVED)
        assert (await connection.provider.get_deployment(connection, made.ref)).error
        # A profile that does not show in the listing yet is looked at by its ARN.
        plan = await connection.provider.plan_deployment(connection, NOVA)
        unlisted = Fault(action=NotListedYet(), path_prefix="/inference-profiles", times=None)
        cloud.faults.add(unlisted)
        assert (await connection.provider.deploy(connection, plan)).created


async def test_whatever_is_sent_is_in_the_service_model_with_its_parameters(
    connect: Connect, account: Account, cloud: AWSCloud, sent: Sent
) -> None:
    await travel(connect, account, cloud)
    for service, operation, parameters in sent.calls:
        shape = SESSION.get_service_model(service).operation_model(operation).input_shape
        found = ParamValidator().validate(parameters, shape) if shape else None
        assert found is None or not found.has_errors(), found.generate_report()
        assert set(parameters) <= set(shape.members if shape else ())
    assert {operation for _, operation, _ in sent.calls} == operations() & texts_in_the_code()


def operations() -> set[str]:
    """Give the names of all operations of the three services."""
    models = [SESSION.get_service_model(each) for each in SERVICES]
    return {name for model in models for name in model.operation_names}


def texts_in_the_code() -> set[str]:
    """Give the texts in the plugin's code, among which are the operations it can send."""
    return {
        str(node.value)
        for path in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_commitments_and_names_are_those_of_the_service_model() -> None:
    model = SESSION.get_service_model("bedrock")
    members = model.operation_model("CreateProvisionedModelThroughput").input_shape.members
    assert tuple(members["commitmentDuration"].enum) == planning.COMMITMENTS
    assert members["provisionedModelName"].metadata["max"] == 63


def test_no_region_is_missing_and_none_is_made_up() -> None:
    assert list(regions()) == SESSION.get_available_regions("bedrock")
