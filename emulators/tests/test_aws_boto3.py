"""Real boto3, with default arguments, under AWS's real host names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EventStreamError

from bonito_emulators import Emulation, Fault
from bonito_emulators.aws import Account, ApiKey, AWSCloud, Role, User, event_stream
from bonito_emulators.faults import Respond

REGION = "us-east-1"
SECRET = "Emulated/Secret+For/Tests/Of/Boto3/000040"
KEY = "ABSKEmulatedKeyForTestsOfBoto3"
ROLE = Role("reader", "bonito-0123456789abcdef0123456789abcdef")
MODEL = "amazon.nova-lite-v1:0"
QUESTION = [{"role": "user", "content": [{"text": "ping"}]}]

Client = Callable[..., Any]


@pytest.fixture
def account() -> Account:
    user = User("bonito", "AKIAEMULATED00000001", SECRET)
    return Account("123456789012", users=[user], api_keys=[ApiKey(KEY, "bonito")], roles=[ROLE])


@pytest.fixture
def cloud(account: Account) -> AWSCloud:
    return AWSCloud([account])


@pytest.fixture
def client(emulation: Emulation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    for name in ("AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    made = []

    def opened(service: str, region: str = REGION, **given: str) -> Any:
        keys = {"aws_access_key_id": "AKIAEMULATED00000001", "aws_secret_access_key": SECRET}
        made.append(boto3.Session().client(service, region_name=region, **{**keys, **given}))
        return made[-1]

    with emulation.in_process():
        yield opened
        for each in made:
            each.close()
    assert emulation.log.violations == []


def code_of(call: Callable[..., Any], **arguments: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    answer = raised.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_boto3_learns_who_it_is_and_what_there_is(client: Client) -> None:
    assert client("sts").get_caller_identity()["Account"] == "123456789012"
    rows = client("bedrock").list_foundation_models()["modelSummaries"]
    by_id = {row["modelId"]: row for row in rows}
    assert by_id["anthropic.claude-opus-5"]["inferenceTypesSupported"] == ["INFERENCE_PROFILE"]
    assert by_id["amazon.nova-2-sonic-v1:0"]["inputModalities"] == ["SPEECH"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-northeast-1"])
def test_profiles_come_in_pages_and_are_those_of_the_callers_region(
    client: Client, cloud: AWSCloud, region: str
) -> None:
    cloud.page_size = 2
    pages = list(client("bedrock", region).get_paginator("list_inference_profiles").paginate())
    assert len(pages) > 2
    rows = [row for page in pages for row in page["inferenceProfileSummaries"]]
    assert len({row["inferenceProfileId"] for row in rows}) == len(rows)
    for row in rows:
        arns = [each["modelArn"] for each in row["models"]]
        assert any(
            arn.startswith((f"arn:aws:bedrock:{region}::", "arn:aws:bedrock:::")) for arn in arns
        )


def test_a_conversation_is_answered_in_one_piece_and_as_a_stream(client: Client) -> None:
    runtime = client("bedrock-runtime")
    whole = runtime.converse(modelId=MODEL, messages=QUESTION, inferenceConfig={"maxTokens": 8})
    text = whole["output"]["message"]["content"][0]["text"]
    assert text.endswith("You said: ping")
    stream = runtime.converse_stream(modelId=MODEL, messages=QUESTION)["stream"]
    events = list(stream)
    assert [next(iter(event)) for event in events] == [
        "messageStart",
        "contentBlockDelta",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    deltas = [e["contentBlockDelta"]["delta"]["text"] for e in events if "contentBlockDelta" in e]
    assert "".join(deltas) == text


def test_an_error_in_the_middle_of_a_stream_reaches_boto3_as_one(
    client: Client, cloud: AWSCloud
) -> None:
    body = event_stream.event("messageStart", {"role": "assistant"}) + event_stream.exception(
        "throttlingException", "Too many tokens, please wait before trying again."
    )
    answer = Respond(200, {"content-type": event_stream.CONTENT_TYPE}, body)
    cloud.faults.add(Fault(action=answer, path_prefix="/model/"))
    stream = client("bedrock-runtime").converse_stream(modelId=MODEL, messages=QUESTION)["stream"]
    with pytest.raises(EventStreamError, match="throttlingException"):
        list(stream)


def test_a_broken_checksum_would_be_noticed(client: Client, cloud: AWSCloud) -> None:
    frame = bytearray(event_stream.event("messageStart", {"role": "assistant"}))
    frame[-1] ^= 1
    answer = Respond(200, {"content-type": event_stream.CONTENT_TYPE}, bytes(frame))
    cloud.faults.add(Fault(action=answer, path_prefix="/model/"))
    stream = client("bedrock-runtime").converse_stream(modelId=MODEL, messages=QUESTION)["stream"]
    with pytest.raises(Exception, match=r"[Cc]hecksum"):
        list(stream)


def test_embeddings_have_each_publishers_own_form(client: Client) -> None:
    runtime = client("bedrock-runtime")
    titan = runtime.invoke_model(
        modelId="amazon.titan-embed-text-v2:0", body=json.dumps({"inputText": "ping"})
    )
    assert len(json.loads(titan["body"].read())["embedding"]) == 8
    asked = {"texts": ["a", "b"], "input_type": "search_query"}
    cohere = runtime.invoke_model(modelId="cohere.embed-v4:0", body=json.dumps(asked))
    assert len(json.loads(cohere["body"].read())["embeddings"]) == 2


def test_an_invalid_key_has_other_codes_on_sts_than_on_bedrock(client: Client) -> None:
    wrong = {"aws_secret_access_key": "wrong"}
    unknown = {"aws_access_key_id": "AKIAUNKNOWN000000001"}
    bedrock, sts = "bedrock", "sts"
    assert code_of(client(sts, **wrong).get_caller_identity) == (403, "SignatureDoesNotMatch")
    assert code_of(client(sts, **unknown).get_caller_identity) == (403, "InvalidClientTokenId")
    assert code_of(client(bedrock, **wrong).list_foundation_models) == (
        403,
        "InvalidSignatureException",
    )
    assert code_of(client(bedrock, **unknown).list_foundation_models) == (
        403,
        "UnrecognizedClientException",
    )


def test_a_role_is_assumed_with_its_own_external_id_alone(client: Client) -> None:
    sts = client("sts")
    role = {"RoleArn": "arn:aws:iam::123456789012:role/reader", "RoleSessionName": "test"}
    assert code_of(sts.assume_role, **role) == (403, "AccessDenied")
    assert code_of(sts.assume_role, **role, ExternalId="bonito-external-id")[1] == "AccessDenied"
    given = sts.assume_role(**role, ExternalId=ROLE.external_id)["Credentials"]
    as_role = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    arn = client("sts", **as_role).get_caller_identity()["Arn"]
    assert arn == "arn:aws:sts::123456789012:assumed-role/reader/test"
    forged = {**as_role, "aws_session_token": f"{given['SessionToken']}0"}
    assert code_of(client("sts", **forged).get_caller_identity)[1] == "InvalidClientTokenId"


def test_the_hosts_api_key_overrides_keys_that_were_passed_which_is_the_trap(
    client: Client, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", KEY)
    client("bedrock").list_foundation_models()
    assert emulation.log.requests[-1].header("authorization") == f"Bearer {KEY}"


def test_an_api_key_is_refused_in_the_form_of_its_own(
    client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.api_keys[0].region = "eu-west-1"
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", KEY)
    assert code_of(client("bedrock").list_foundation_models) == (403, "AccessDeniedException")
    client("bedrock", "eu-west-1").list_foundation_models()


@pytest.mark.parametrize(
    ("model", "status", "code", "words"),
    [
        ("amazon.nova-of-nobody", 400, "ValidationException", "identifier is invalid"),
        ("openai.gpt-6-sol", 400, "ValidationException", "on-demand throughput isn\u2019t"),
        ("us.anthropic.claude-opus-5", 404, "ResourceNotFoundException", "use case details"),
        ("anthropic.claude-3-haiku-20240307-v1:0", 404, "ResourceNotFoundException", "Legacy"),
    ],
)
def test_a_model_refuses_calls_in_the_recorded_words(
    client: Client, model: str, status: int, code: str, words: str
) -> None:
    with pytest.raises(ClientError, match=words) as raised:
        client("bedrock-runtime").converse(modelId=model, messages=QUESTION)
    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert answer["Error"]["Code"] == code


def test_access_is_given_by_form_and_agreement_and_comes_into_force_after_a_while(
    client: Client, account: Account
) -> None:
    account.pending_looks = 1
    bedrock, model = client("bedrock"), "anthropic.claude-opus-5"
    look = bedrock.get_foundation_model_availability
    assert look(modelId=model)["agreementAvailability"]["status"] == "NOT_AVAILABLE"
    assert code_of(bedrock.get_use_case_for_model_access) == (404, "ResourceNotFoundException")
    form = dict.fromkeys(
        (
            "companyName",
            "companyWebsite",
            "intendedUsers",
            "industryOption",
            "otherIndustryOption",
            "useCases",
        ),
        "x",
    )
    bedrock.put_use_case_for_model_access(formData=json.dumps(form).encode())
    assert json.loads(bedrock.get_use_case_for_model_access()["formData"]) == form
    offer = bedrock.list_foundation_model_agreement_offers(modelId=model)["offers"][0]
    accept = {"modelId": model, "offerToken": offer["offerToken"]}
    assert (
        bedrock.create_foundation_model_agreement(**accept)["ResponseMetadata"]["HTTPStatusCode"]
        == 202
    )
    assert look(modelId=model)["agreementAvailability"]["status"] == "PENDING"
    assert look(modelId=model)["agreementAvailability"]["status"] == "AVAILABLE"
    assert code_of(bedrock.create_foundation_model_agreement, **accept) == (
        400,
        "ConflictException",
    )


def test_throughput_is_made_once_for_a_token_and_within_what_support_granted(
    client: Client, account: Account, cloud: AWSCloud
) -> None:
    cloud.build_looks = 1
    bedrock = client("bedrock")
    create = bedrock.create_provisioned_model_throughput
    asked = {"modelId": f"{MODEL}:24k", "modelUnits": 2, "provisionedModelName": "reserved"}
    first = create(**asked, clientRequestToken="token")
    again = create(**asked, clientRequestToken="token")
    assert first["provisionedModelArn"] == again["provisionedModelArn"]
    assert [charge.hourly for charge in account.bill] == [True]
    look = bedrock.get_provisioned_model_throughput
    arn = first["provisionedModelArn"]
    assert [look(provisionedModelId=arn)["status"] for _ in range(2)] == ["Creating", "InService"]
    more = {**asked, "provisionedModelName": "more"}
    assert code_of(create, **more) == (400, "ServiceQuotaExceededException")
    plain = {**asked, "modelId": MODEL}
    assert code_of(create, **plain) == (400, "ValidationException")
    assert code_of(create, **asked, commitmentDuration="OneWeek") == (400, "ValidationException")


def test_what_iam_denies_comes_with_a_capital_message(
    client: Client, account: Account, emulation: Emulation
) -> None:
    account.users[0].denied.add("bedrock:ListInferenceProfiles")
    assert code_of(client("bedrock").list_inference_profiles) == (403, "AccessDeniedException")
    headers = dict(emulation.log.requests[-1].response_headers)
    assert headers["x-amzn-errortype"].startswith("AccessDeniedException:http://")
