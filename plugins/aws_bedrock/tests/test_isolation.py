"""Nothing of the host gets into a customer's connection, and no secret out of it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bonito_aws_bedrock import plugin
from bonito_emulators import Emulation, Fault, Slow
from bonito_emulators.aws import Account, AWSCloud
from bonito_emulators.faults import Respond
from bonito_providers import Connection, Provider
from bonito_providers.errors import BonitoError, HostRefused
from plugins.aws_bedrock.tests.journey import everything
from plugins.aws_bedrock.tests.resources import (
    API_KEY,
    BY_API_KEY,
    BY_KEYS,
    BY_ROLE,
    REGION,
    SECRET,
    Connect,
)
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio
FOREIGN = "AKIAFOREIGNOFTHEHOST"
FOREIGN_SECRET = "Foreign/Secret+Of/The+Host/0123456789/40"
FILE = f"""[default]
aws_access_key_id = {FOREIGN}
aws_secret_access_key = {FOREIGN_SECRET}
region = us-west-2
endpoint_url = https://foreign.example
[profile other]
role_arn = arn:aws:iam::999999999999:role/foreign
"""


@pytest.fixture
def foreign_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A host full of rights of its own: variables, profiles, and a home directory."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    for name in ("config", "credentials"):
        (folder / name).write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    values = {
        "AWS_ACCESS_KEY_ID": FOREIGN,
        "AWS_SECRET_ACCESS_KEY": FOREIGN_SECRET,
        "AWS_SESSION_TOKEN": "foreign-token",
        "AWS_BEARER_TOKEN_BEDROCK": "ABSKForeignKey",
        "AWS_PROFILE": "other",
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ENDPOINT_URL": "https://foreign.example",
        "AWS_ENDPOINT_URL_BEDROCK": "https://foreign.example",
        "AWS_ENDPOINT_URL_STS": "https://foreign.example",
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_MAX_ATTEMPTS": "9",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_SDK_UA_APP_ID": "foreign",
        "AWS_EXECUTION_ENV": "foreign",
        "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/foreign",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
        "HTTPS_PROXY": "http://foreign.example:3128",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("foreign_host")
@pytest.mark.parametrize("fields", [BY_KEYS, BY_API_KEY, BY_ROLE])
async def test_no_request_carries_anything_of_the_hosts(
    connect: Connect, account: Account, emulation: Emulation, fields: dict[str, str]
) -> None:
    async with connect(**fields) as connection:
        await everything(connection, account)
    assert emulation.log.refused_names == []
    hosts = {f"{each}.{REGION}.amazonaws.com" for each in ("sts", "bedrock", "bedrock-runtime")}
    for request in emulation.log.requests:
        assert request.host in hosts
        sent = f"{request.headers} {request.path} {request.query} {request.body!r}"
        assert "foreign" not in sent.lower()
        assert FOREIGN not in sent


async def test_a_host_that_is_not_named_is_refused_by_the_guard(connection: Connection) -> None:
    for host in (
        "bucket.s3.eu-west-1.amazonaws.com",
        "bedrock.eu-west-1.amazonaws.com.evil.example",
    ):
        with pytest.raises(HostRefused):
            await connection.http.get(f"https://{host}/")


@pytest.mark.parametrize("fields", [BY_KEYS, BY_API_KEY, BY_ROLE])
async def test_no_secret_is_written_to_a_log_or_an_error_even_if_the_service_repeats_it(
    connect: Connect,
    cloud: AWSCloud,
    emulation: Emulation,
    everything_logged: pytest.LogCaptureFixture,
    fields: dict[str, str],
) -> None:
    async with connect(**fields) as connection:
        for name in ("botocore", "botocore.auth", "botocore.endpoint", "botocore.hooks"):
            logging.getLogger(name).setLevel(1)
        await everything(connection, cloud.accounts[0])
        cloud.echo = True
        account = cloud.accounts[0]
        account.users[0].denied.add("bedrock:ListFoundationModels")
        account.roles[0].denied.add("bedrock:ListFoundationModels")
        with pytest.raises(BonitoError) as raised:
            await connection.provider.list_models(connection)
        sent = [each.header("x-amz-security-token") for each in emulation.log.requests]
    written = everything_logged.text + repr(raised.value) + str(raised.value) + repr(connection)
    for secret in (SECRET, API_KEY, *filter(None, sent)):
        assert secret not in written


async def test_a_role_is_assumed_once_and_again_before_its_session_ends(
    connect: Connect, emulation: Emulation, clock: VirtualClock
) -> None:
    async with connect(**BY_ROLE) as connection:
        for elapsed in (0, 60, 3600):
            clock.elapsed += elapsed
            await connection.provider.list_models(connection)
    assumed = [each for each in emulation.log.requests if b"Action=AssumeRole" in each.body]
    assert len(assumed) == 2
    for request in emulation.log.select(path="/foundation-models"):
        assert "Credential=ASIA" in (request.header("authorization") or "")


async def test_a_cancelled_call_is_given_up_at_once_and_its_thread_ends(
    connect: Connect, cloud: AWSCloud, emulation: Emulation
) -> None:
    async with connect() as connection:
        await connection.provider.list_models(connection)
        cloud.faults.add(Fault(action=Slow(seconds_before=60), times=None))
        emulation.log.clear()
        call = asyncio.ensure_future(connection.provider.list_models(connection))
        while not emulation.log.requests:  # noqa: ASYNC110 - the log is another thread's
            await asyncio.sleep(0.001)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        cloud.faults.clear()
        assert (await connection.provider.list_models(connection)).complete
    for thread in threading.enumerate():
        if thread.name.startswith("bonito-aws"):
            thread.join(timeout=10)
            assert not thread.is_alive()


async def test_calls_of_one_connection_use_a_bounded_number_of_threads(
    connection: Connection, cloud: AWSCloud
) -> None:
    for place in range(20):
        cloud.put_outside(f"profile-{place}", "amazon.nova-micro-v1:0", region=REGION)
    listing = await connection.provider.list_deployments(connection)
    assert len(listing.items) == 20
    names = [each.name for each in threading.enumerate() if each.name.startswith("bonito-aws")]
    assert 1 <= len(names) <= 8


async def test_nothing_that_answers_in_the_services_place_is_read_as_its_answer(
    connection: Connection, cloud: AWSCloud
) -> None:
    for body in (b"", b"[]", b'{"modelSummaries": "none"}', b'{"modelSummaries": [1]}', b"{}"):
        cloud.faults.add(Fault(action=Respond(200, {}, body), path_prefix="/foundation-models"))
        with pytest.raises(BonitoError, match=r"foundation|amazonaws|ListFoundationModels"):
            await connection.provider.list_models(connection)


def test_discovering_the_plugin_loads_no_sdk() -> None:
    program = (
        "import sys; from bonito_providers import Provider; from bonito_aws_bedrock import plugin;"
        "Provider(plugin); print(sorted({'boto3', 'botocore', 'httpx', 'litellm', 'urllib3'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
    assert Provider(plugin).info.name == "aws_bedrock"
