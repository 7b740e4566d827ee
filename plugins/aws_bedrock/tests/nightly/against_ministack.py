"""The plugin on a server of AWS that its authors did not write; `make ministack` runs this.

Plugin and emulator are by the same authors, who may have taken one thing wrongly twice. MiniStack
1.5.33 is by others. Where it differs from AWS's own service model or reference it is wrong, and
the test says so as a strict expected failure: one that passes tells that MiniStack was mended.
"""

from __future__ import annotations

import pytest

from bonito_aws_bedrock import access, actions, catalogue, wire
from bonito_aws_bedrock.sources import sources_of
from bonito_contract_tests.litellm_process import Answer, LiteLLMProcess
from bonito_emulators import Emulation
from bonito_providers import Connection, Deployment, DeploymentRequest, State, wait
from bonito_providers.errors import (
    AuthenticationError,
    InvalidRequest,
    MalformedAnswer,
    ModelNotFound,
)
from bonito_providers.invocation import InvocationRequest
from bonito_providers.report import Verdict
from plugins.aws_bedrock.tests.nightly.ministack import MiniStack
from plugins.aws_bedrock.tests.resources import BY_API_KEY, BY_KEYS, BY_ROLE, REGION, Connect, only

pytestmark = pytest.mark.anyio

CHAT = DeploymentRequest(model="amazon.nova-lite-v1:0", name="chat", sku="on_demand")
EVERYWHERE = pytest.mark.parametrize("fields", [BY_KEYS, BY_ROLE, BY_API_KEY])


def wrong(reason: str, raises: type[BaseException] = AssertionError) -> pytest.MarkDecorator:
    """Marks what MiniStack gets wrong, by the way in which it fails."""
    return pytest.mark.xfail(strict=True, reason=f"MiniStack {reason}", raises=raises)


async def deployed(connection: Connection, request: DeploymentRequest) -> Deployment:
    plan = await connection.provider.plan_deployment(connection, request)
    return await connection.provider.deploy(connection, plan)


@EVERYWHERE
async def test_every_item_of_the_check_passes(connect: Connect, fields: dict[str, str]) -> None:
    async with connect(**fields) as connection:
        report = await connection.provider.check_credentials(connection)
    assert {item.verdict for item in report.items} == {Verdict.PASSED}
    assert len(report.items) >= 5


async def test_an_assumed_role_acts_for_its_own_account(connect: Connect) -> None:
    async with connect(**BY_ROLE) as connection:
        plan = await connection.provider.plan_deployment(connection, CHAT)
    assert plan.ref.resource == f"arn:aws:bedrock:{REGION}:{BY_ROLE['role_arn'].split(':')[4]}"


@EVERYWHERE
async def test_the_models_are_those_that_the_server_lists(
    connect: Connect, cloud: MiniStack, fields: dict[str, str]
) -> None:
    raw = cloud.told("/foundation-models", region=REGION)["modelSummaries"]
    async with connect(**fields) as connection:
        listing = await connection.provider.list_models(connection)
    told = {model.id: model.publisher for model in listing.items}
    assert told == {row["modelId"]: row["providerName"] for row in raw}
    assert (listing.skipped, listing.complete) == ((), True)


async def test_every_model_is_called_by_an_id_that_the_server_returned(
    connection: Connection,
) -> None:
    models = (await catalogue.models(connection)).rows
    profiles = (await catalogue.service_profiles(connection)).rows
    returned = {model.id for model in models} | {profile.id for profile in profiles}
    chosen = [sources_of(model, profiles, region=REGION) for model in models]
    assert all(chosen)
    assert {source.id for sources in chosen for source in sources} == returned


async def test_a_profile_is_made_once_listed_with_its_mark_and_called(
    connection: Connection,
) -> None:
    plan = await connection.provider.plan_deployment(connection, CHAT)
    made = await connection.provider.deploy(connection, plan)
    assert (made.state, made.created, made.owned) == (State.READY, True, True)
    assert (await connection.provider.deploy(connection, plan)).created is False
    (listed,) = (await connection.provider.list_deployments(connection)).items
    assert (listed.ref, listed.model.name, listed.owned) == (plan.ref, CHAT.model, True)
    assert (await wait(connection, plan)).verified is True


async def test_a_profile_of_others_is_not_taken_for_ones_own(connection: Connection) -> None:
    model = only((await catalogue.models(connection)).rows, id=CHAT.model)
    await wire.call(
        connection,
        "bedrock",
        "CreateInferenceProfile",
        inferenceProfileName="theirs",
        modelSource={"copyFrom": model.arn},
    )
    (listed,) = (await connection.provider.list_deployments(connection)).items
    assert (listed.ref.name, listed.owned) == ("theirs", False)


@pytest.mark.parametrize("name", ["eu.amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"])
async def test_what_the_service_offers_is_adopted_and_answers(
    connection: Connection, name: str
) -> None:
    found = await deployed(connection, DeploymentRequest(name=name, adopt=True))
    answer = await connection.provider.invoke_model(connection, found, InvocationRequest())
    assert answer.text
    assert answer.output_tokens


async def test_terms_and_form_are_sent_in_a_shape_that_is_taken(connection: Connection) -> None:
    request = DeploymentRequest(
        model="anthropic.claude-3-haiku-20240307-v1:0",
        fields=dict.fromkeys(actions.FORM, "Acme"),
    )
    offers = await wire.call(
        connection, "bedrock", "ListFoundationModelAgreementOffers", modelId=request.model
    )
    cleared = access.Access(accepts=True, submits=True, offer=offers["offers"][0]["offerToken"])
    await access.clear(connection, request.model or "", cleared, request)
    form = await wire.call(connection, "bedrock", "GetUseCaseForModelAccess")
    assert b'"companyName": "Acme"' in form["formData"]
    seen = await access.observe(connection, request.model or "", request)
    assert (seen.actions, seen.pending) == ((), False)


async def test_throughput_is_made_listed_looked_up_and_deleted(connection: Connection) -> None:
    model = only((await catalogue.models(connection)).rows, id=CHAT.model)
    body = {"modelUnits": 1, "provisionedModelName": "bought", "modelId": model.id}
    made = await wire.call(connection, "bedrock", "CreateProvisionedModelThroughput", **body)
    (row,) = (await catalogue.throughputs(connection)).rows
    assert (row.arn, row.model, row.units) == (made["provisionedModelArn"], model.id, 1)
    (listed,) = (await connection.provider.list_deployments(connection)).items
    assert (listed.state, listed.sku, listed.capacity) == (State.READY, "provisioned", 1)
    gone = await connection.provider.delete_deployment(connection, listed.ref, include_unowned=True)
    assert gone.state is State.ABSENT


async def test_an_unknown_model_is_refused_as_aws_does(connection: Connection) -> None:
    with pytest.raises(ModelNotFound) as refused:
        await wire.call(connection, "bedrock", "GetFoundationModel", modelIdentifier="no.such")
    assert (refused.value.status, refused.value.code) == (404, "ResourceNotFoundException")


async def test_an_invalid_request_is_refused_as_aws_does(connection: Connection) -> None:
    arn = f"arn:aws:bedrock:{REGION}:000000000000:application-inference-profile/none"
    with pytest.raises(InvalidRequest) as refused:
        await wire.call(connection, "bedrock", "ListTagsForResource", resourceARN=arn + "/x/y")
    assert (refused.value.status, refused.value.code) == (400, "ValidationException")


async def test_litellm_chats_and_streams_by_the_plugins_route(
    connection: Connection, gateway: LiteLLMProcess
) -> None:
    made = await deployed(connection, CHAT)
    entry = connection.provider.build_gateway_entry(connection.credentials, made).to_litellm()
    chat, stream = gateway.call(entry, "chat"), gateway.call(entry, "stream")
    assert isinstance(chat, Answer), chat
    assert isinstance(stream, Answer), stream
    assert chat.text.startswith("[ministack mock")
    assert stream.text.startswith("[ministack mock")
    assert stream.pieces > 0


@wrong("answers Titan with a text, whatever is asked for", MalformedAnswer)
async def test_an_embedding_is_read(connection: Connection) -> None:
    request = DeploymentRequest(name="amazon.titan-embed-text-v2:0", adopt=True)
    found = await deployed(connection, request)
    question = InvocationRequest(kind="embedding")
    assert (await connection.provider.invoke_model(connection, found, question)).dimensions


@wrong("deletes by the id alone, AWS by id or ARN")
async def test_a_profile_is_deleted_by_its_arn(connection: Connection) -> None:
    made = await deployed(connection, CHAT)
    gone = await connection.provider.delete_deployment(connection, made.ref, include_unowned=False)
    assert gone.state is State.ABSENT


@wrong("names the copied profile instead of its models")
async def test_a_profile_of_a_profile_routes_to_models(connection: Connection) -> None:
    made = await deployed(connection, CHAT.model_copy(update={"sku": "geo"}))
    assert made.model.name == CHAT.model


@wrong("checks no signature", pytest.fail.Exception)
async def test_a_wrong_secret_is_refused(connect: Connect) -> None:
    async with connect(**{**BY_KEYS, "secret_access_key": "wrong" * 8}) as connection:
        with pytest.raises(AuthenticationError):
            await connection.provider.list_models(connection)


@wrong("tells the region by the signature alone")
async def test_an_api_keys_region_is_the_hosts(connect: Connect) -> None:
    async with connect(**BY_API_KEY) as connection:
        (first, *_) = (await catalogue.service_profiles(connection)).rows
    assert f":{REGION}:" in first.arn


@wrong("takes any term", pytest.fail.Exception)
async def test_a_term_that_the_service_model_does_not_have_is_refused(
    connection: Connection,
) -> None:
    model = only((await catalogue.models(connection)).rows, id=CHAT.model)
    body = {"modelUnits": 1, "provisionedModelName": "bought", "modelId": model.id}
    with pytest.raises(InvalidRequest):
        await wire.call(
            connection,
            "bedrock",
            "CreateProvisionedModelThroughput",
            **body,
            commitmentDuration="ThreeMonths",
        )


@wrong("writes `type` as its own name, `typeEquals`")
def test_profiles_are_filtered_as_the_service_model_writes_it(cloud: MiniStack) -> None:
    told = cloud.told("/inference-profiles?type=APPLICATION", region=REGION)
    assert told["inferenceProfileSummaries"] == []


async def test_nothing_was_asked_for_but_aws(emulation: Emulation, connection: Connection) -> None:
    await connection.provider.list_models(connection)
    assert emulation.log.refused_names == []
