"""The emulated AWS is strict: it refuses what AWS refuses, and notes what AWS does not know."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st

from bonito_emulators import Emulation
from bonito_emulators.aws import Account, ApiKey, AWSCloud, User, event_stream
from bonito_emulators.aws.accounts import Session
from bonito_emulators.aws.scenario import scenario

REGION = "us-east-1"
CONTROL = f"https://bedrock.{REGION}.amazonaws.com"
RUNTIME = f"https://bedrock-runtime.{REGION}.amazonaws.com"
STS = f"https://sts.{REGION}.amazonaws.com"
KEYS = ReadOnlyCredentials("AKIAEMULATED00000001", "Emulated/Secret+40", None, None)
API_KEY = "ABSKEmulatedKeyOnTheWire"
CHAT = b'{"messages": [{"role": "user", "content": [{"text": "ping"}]}]}'


@pytest.fixture
def cloud() -> AWSCloud:
    user = User("bonito", KEYS.access_key, KEYS.secret_key)
    return AWSCloud([Account("123456789012", users=[user], api_keys=[ApiKey(API_KEY, "bonito")])])


@pytest.fixture
def http(emulation: Emulation) -> Iterator[httpx.Client]:
    with (
        emulation.in_process(),
        httpx.Client(verify=emulation.client_context(), trust_env=False) as client,
    ):
        yield client


def signed(
    method: str, url: str, body: bytes = b"", *, service: str = "bedrock", region: str = REGION
) -> httpx.Request:
    request = AWSRequest(method, url, headers={"content-type": "application/json"}, data=body)
    SigV4Auth(KEYS, service, region).add_auth(request)
    return httpx.Request(method, url, headers=dict(request.headers.items()), content=body)


def test_a_path_is_signed_with_its_escapes_escaped_once_more(http: httpx.Client) -> None:
    url = f"{RUNTIME}/model/amazon.nova-lite-v1%3A0/converse"
    assert http.send(signed("POST", url, CHAT)).status_code == 200
    # What S3 does: the path as it is.
    request = AWSRequest("POST", url, headers={"content-type": "application/json"}, data=CHAT)
    S3SigV4Auth(KEYS, "bedrock", REGION).add_auth(request)
    answer = http.post(url, headers=dict(request.headers.items()), content=CHAT)
    assert answer.status_code == 403
    assert answer.headers["x-amzn-errortype"].startswith("InvalidSignatureException")


@pytest.mark.parametrize("place", ["body", "query", "header", "region", "service", "date"])
def test_nothing_that_is_signed_can_be_changed(http: httpx.Client, place: str) -> None:
    url = f"{CONTROL}/inference-profiles?type=APPLICATION"
    region = "eu-west-1" if place == "region" else REGION
    request = signed("GET", url, service="sts" if place == "service" else "bedrock", region=region)
    if place == "body":
        request = httpx.Request("GET", url, headers=request.headers, content=b"{}")
    if place == "query":
        request.url = httpx.URL(f"{CONTROL}/inference-profiles?type=SYSTEM_DEFINED")
    if place == "header":
        request.headers["x-amz-added"] = "1"
    if place == "date":
        early = datetime.now(UTC) - timedelta(hours=1)
        request.headers["x-amz-date"] = early.strftime("%Y%m%dT%H%M%SZ")
    answer = http.send(request)
    assert answer.status_code == 403
    assert answer.headers["x-amzn-errortype"].startswith("InvalidSignatureException")


def test_an_api_key_is_for_bedrock_alone(http: httpx.Client, emulation: Emulation) -> None:
    bearer = {"authorization": f"Bearer {API_KEY}"}
    assert http.get(f"{CONTROL}/foundation-models", headers=bearer).status_code == 200
    form = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
    refused = http.post(f"{STS}/", data=form, headers=bearer)
    assert refused.status_code == 403
    assert "<Code>MissingAuthenticationToken</Code>" in refused.text
    assert "STS" in emulation.log.violations[0]


def test_nobody_is_told_so_in_both_forms(http: httpx.Client) -> None:
    nobody = http.get(f"{CONTROL}/foundation-models")
    assert nobody.json() == {"message": "Missing Authentication Token"}
    wrong = http.get(f"{CONTROL}/foundation-models", headers={"authorization": "Bearer no"})
    assert list(wrong.json()) == ["Message"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/model-access", b""),
        ("POST", "/foundation-model-entitlement", b"{}"),
        ("GET", "/inference-profiles?typeEquals=APPLICATION", b""),
        ("GET", "/inference-profiles?nextToken=guessed-1", b""),
        ("POST", "/inference-profiles", b'{"name": "x"}'),
        ("GET", "/provisioned-model-throughputs?maxResults=0", b""),
    ],
)
def test_what_the_service_does_not_know_is_a_violation(
    http: httpx.Client, emulation: Emulation, method: str, path: str, body: bytes
) -> None:
    answer = http.send(signed(method, f"{CONTROL}{path}", body))
    assert answer.status_code in (400, 404)
    assert len(emulation.log.violations) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"messages": []}',
        b'{"messages": [{"role": "assistant", "content": [{"text": "x"}]}]}',
        b'{"messages": [{"role": "user", "content": "x"}]}',
        b'{"messages": [{"role": "user", "content": [{"words": "x"}]}]}',
        CHAT[:-1] + b', "max_tokens": 1}',
        CHAT[:-1] + b', "inferenceConfig": {"max_tokens": 1}}',
        CHAT[:-1] + b', "inferenceConfig": {"maxTokens": 0}}',
    ],
)
def test_converse_takes_its_own_form_only(
    http: httpx.Client, emulation: Emulation, body: bytes
) -> None:
    answer = http.send(signed("POST", f"{RUNTIME}/model/amazon.nova-micro-v1%3A0/converse", body))
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"].startswith("ValidationException")
    assert len(emulation.log.violations) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"accept": "*/*"}, 200),
        ({"accept": "text/plain"}, 400),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_an_embedding_is_asked_for_in_json_and_as_json(
    http: httpx.Client, emulation: Emulation, headers: dict[str, str], status: int
) -> None:
    url = f"{RUNTIME}/model/amazon.titan-embed-text-v2%3A0/invoke"
    given = {"authorization": f"Bearer {API_KEY}", **headers}
    answer = http.post(url, content=b'{"inputText": "ping"}', headers=given)
    assert answer.status_code == status
    assert bool(emulation.log.violations) is (status == 400)


@given(
    name=st.sampled_from(["messageStart", "metadata"]),
    payload=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3),
)
def test_frames_carry_their_lengths_and_checksums(name: str, payload: dict[str, str]) -> None:
    frame = event_stream.event(name, payload)
    total, headers, prelude = struct.unpack(">III", frame[:12])
    assert total == len(frame)
    assert prelude == zlib.crc32(frame[:8])
    assert struct.unpack(">I", frame[-4:])[0] == zlib.crc32(frame[:-4])
    assert frame[12 : 12 + headers].startswith(bytes([len(":event-type")]) + b":event-type\x07")


@given(st.text(max_size=200))
def test_no_token_is_taken_for_a_session_that_was_not_handed_out(token: str) -> None:
    assert Session.read(token) is None


def test_a_session_is_known_again_by_its_token_alone() -> None:
    session = Session("arn:aws:iam::1:role/r", "s", datetime.now(UTC))
    assert Session.read(session.token) == session


def test_only_hosts_of_bedrock_and_sts_exist(cloud: AWSCloud) -> None:
    assert cloud.knows("bedrock.eu-west-1.amazonaws.com")
    for host in (
        "s3.eu-west-1.amazonaws.com",
        "bedrock.eu-west-9.amazonaws.com",
        "sts.amazonaws.com",
    ):
        assert not cloud.knows(host)


def test_the_scenario_tells_a_story_that_can_be_played() -> None:
    cloud = scenario.start_cloud()
    assert isinstance(cloud, AWSCloud)
    (connection,) = scenario.connections
    account = cloud.accounts[0]
    assert connection.adopt in {profile.name for profile in account.profiles}
    assert connection.fields["access_key_id"] == account.users[0].access_key_id
    offered = {model.id for model in cloud.catalogue.models_of(connection.fields["region"])}
    assert set(connection.deploy) <= offered
