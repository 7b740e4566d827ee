"""Faults that an earlier implementation had with Bedrock, each held down by a test.

Those about which operations exist are in `test_service_model.py`, those about the invocation id in
`test_sources.py`, those about fields in `test_credentials.py`, those about permissions in
`test_permissions.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bonito_emulators import Emulation, Fault
from bonito_emulators.aws import Account, AWSCloud
from bonito_emulators.faults import Respond
from bonito_providers import Connection, DeploymentRequest, Provider, State, wait
from bonito_providers.actions import ActionKind
from bonito_providers.errors import Conflict, InvalidRequest, PermissionMissing, ServiceUnavailable
from plugins.aws_bedrock.tests.resources import BY_API_KEY, BY_KEYS, REGION, Connect, only

PACKAGE = Path(str(files("bonito_aws_bedrock")))
NOVA = DeploymentRequest(model="amazon.nova-lite-v1:0", name="chat")
RESERVED = DeploymentRequest(
    model="amazon.nova-lite-v1:0:24k",
    sku="provisioned",
    consents=frozenset({"aws_hourly_billing"}),
)
CLAUDE = DeploymentRequest(
    model="anthropic.claude-opus-5",
    consents=frozenset({"aws_model_agreement", "aws_use_case_form"}),
    fields={
        "company_name": "Acme",
        "company_website": "https://acme.example",
        "intended_users": "0",
        "industry": "Technology",
        "use_cases": "internal chat gateway",
    },
)
pytestmark = pytest.mark.anyio


async def deployed(connection: Connection, request: DeploymentRequest) -> Any:
    plan = await connection.provider.plan_deployment(connection, request)
    return await connection.provider.deploy(connection, plan)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"agreementAvailability": {"status": "NOT_AVAILABLE"}}, ActionKind.ACCEPT_TERMS),
        ({"agreementAvailability": {"status": "ERROR"}}, ActionKind.CONTACT_SUPPORT),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, ActionKind.CONTACT_SUPPORT),
        ({"regionAvailability": "NOT_AVAILABLE"}, ActionKind.ENABLE_IN_CONSOLE),
        ({"agreementAvailability": {"status": "PENDING"}}, None),
        ({"status": "PENDING_ACCESS"}, None),
    ],
)
async def test_fault_2_the_four_real_fields_of_availability_are_read(
    connection: Connection, cloud: AWSCloud, change: dict[str, Any], kind: ActionKind | None
) -> None:
    green = {
        "modelId": NOVA.model,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }
    answer = Respond(200, {}, {**green, **change})
    place = "/foundation-model-availability"
    cloud.faults.add(Fault(action=answer, path_prefix=place, times=None))
    plan = await connection.provider.plan_deployment(connection, NOVA)
    assert [action.kind for action in plan.actions] == ([kind] if kind else [])


async def test_fault_3_a_listing_takes_a_call_for_each_page_and_none_for_a_model(
    connection: Connection, emulation: Emulation
) -> None:
    listing = await connection.provider.list_models(connection)
    counts = Counter(request.path for request in emulation.log.requests)
    assert counts["/foundation-models"] == 1
    assert set(counts) == {
        "/foundation-models",
        "/inference-profiles",
        "/provisioned-model-throughputs",
    }
    assert len(emulation.log.requests) < len(listing.items)


async def test_fault_3_the_lifecycle_is_not_taken_for_access(connection: Connection) -> None:
    listing = await connection.provider.list_models(connection)
    haiku = only(listing.items, id="anthropic.claude-3-haiku-20240307-v1:0")
    assert haiku.lifecycle == "LEGACY"
    assert haiku.retires_at is not None
    plan = await connection.provider.plan_deployment(
        connection, DeploymentRequest(model=haiku.id, name="old")
    )
    assert any("legacy" in each or "stops answering" in each for each in plan.warnings)


async def test_fault_5_what_is_deployed_is_verified_by_a_call_alone(
    connection: Connection, account: Account
) -> None:
    account.restricted.add("amazon.nova-lite-v1:0")
    plan = await connection.provider.plan_deployment(connection, NOVA)
    assert (await connection.provider.deploy(connection, plan)).verified is None
    final = await wait(connection, plan)
    assert final.verified is False
    assert "Operation not allowed" in final.verified_reason


async def test_fault_5_a_permission_that_is_missing_is_no_success(
    connection: Connection, account: Account
) -> None:
    account.users[0].denied.add("bedrock:ListFoundationModels")
    with pytest.raises(PermissionMissing, match="not authorized to perform"):
        await connection.provider.plan_deployment(connection, NOVA)


@pytest.mark.parametrize("term", ["OneWeek", "ThreeMonths", "1m"])
async def test_fault_6_terms_that_bedrock_does_not_have_are_refused(
    connection: Connection, term: str
) -> None:
    request = RESERVED.model_copy(update={"fields": {"commitment": term}})
    with pytest.raises(InvalidRequest, match="no such commitment"):
        await connection.provider.plan_deployment(connection, request)


async def test_fault_6_throughput_needs_no_commitment_and_a_commitment_a_consent_of_its_own(
    connection: Connection, account: Account
) -> None:
    made = await deployed(connection, RESERVED)
    assert (made.state, made.created) == (State.PROVISIONING, True) or made.state is State.READY
    assert account.throughputs[0].commitment is None
    committed = RESERVED.model_copy(update={"name": "term", "fields": {"commitment": "OneMonth"}})
    asked = await deployed(connection, committed)
    assert asked.state is State.NEEDS_ACTION
    assert "aws_commitment" in asked.actions[0].instruction
    consents = RESERVED.consents | {"aws_commitment"}
    await deployed(connection, committed.model_copy(update={"consents": consents}))
    assert [each.commitment for each in account.throughputs] == [None, "OneMonth"]


async def test_fault_6_a_name_is_made_by_the_services_own_rule(connection: Connection) -> None:
    offered = await connection.provider.list_models(connection)
    for model in offered.items:
        for sku in model.skus or ():
            request = DeploymentRequest(model=model.id, sku=sku.name)
            name = (await connection.provider.plan_deployment(connection, request)).ref.name
            assert re.fullmatch(r"([0-9a-zA-Z][_-]?)+", name)
            assert len(name) <= 63


async def test_fault_6_throughput_is_offered_for_context_variants_only(
    connection: Connection,
) -> None:
    plain = NOVA.model_copy(update={"sku": "provisioned"})
    plan = await connection.provider.plan_deployment(connection, plain)
    assert plan.actions[0].kind is ActionKind.ENABLE_IN_CONSOLE
    assert "provisioned" in plan.actions[0].instruction


async def test_fault_7_model_units_cannot_be_changed_and_nothing_tries(
    connection: Connection, emulation: Emulation
) -> None:
    await deployed(connection, RESERVED)
    more = RESERVED.model_copy(update={"capacity": 2, "update": True})
    plan = await connection.provider.plan_deployment(connection, more)
    assert plan.changes == ("It has 1 model units, wanted are 2.",)
    with pytest.raises(Conflict, match="cannot be changed"):
        await connection.provider.deploy(connection, plan)
    assert not emulation.log.select(method="PATCH")


@pytest.mark.parametrize("fields", [BY_KEYS, BY_API_KEY])
async def test_fault_8_what_is_paid_for_by_the_hour_is_called_and_routed_to(
    connect: Connect, account: Account, emulation: Emulation, fields: dict[str, str]
) -> None:
    async with connect(**fields) as connection:
        plan = await connection.provider.plan_deployment(connection, RESERVED)
        final = await wait(connection, plan)
        entry = connection.provider.build_gateway_entry(connection.credentials, final)
    arn = account.throughputs[0].arn
    assert final.verified is True
    assert emulation.log.requests[-1].path.startswith("/model/arn%3Aaws%3Abedrock")
    assert entry.litellm_params["model_id"] == arn
    assert entry.litellm_params["model"] == "bedrock/converse/amazon.nova-lite-v1:0:24k"
    assert entry.model_info == {}


async def test_fault_9_a_delete_that_fails_keeps_what_costs(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    made = await deployed(connection, RESERVED)
    cloud.faults.add(Fault(action=Respond(500), method="DELETE", times=None))
    with pytest.raises(ServiceUnavailable):
        await connection.provider.delete_deployment(connection, made.ref)
    cloud.faults.clear()
    account.throughputs[0].commitment = "SixMonths"
    with pytest.raises(Conflict, match="commitment"):
        await connection.provider.delete_deployment(connection, made.ref)
    assert (await connection.provider.get_deployment(connection, made.ref)).state is State.READY


async def test_fault_9_a_failed_build_is_told_with_the_services_reason(
    connection: Connection, cloud: AWSCloud
) -> None:
    cloud.fail_builds = True
    made = await deployed(connection, RESERVED)
    found = await connection.provider.get_deployment(connection, made.ref)
    assert (found.state, found.error) == (State.FAILED, "The capacity could not be provided.")


async def test_fault_10_no_listing_of_one_customer_is_shown_to_another(
    connect: Connect, account: Account
) -> None:
    async with connect() as one:
        await one.provider.list_models(one)
    account.users[0].denied.add("bedrock:ListFoundationModels")
    async with connect() as other:
        with pytest.raises(PermissionMissing):
            await other.provider.list_models(other)


async def test_fault_11_the_publisher_is_who_the_api_says(connect: Connect) -> None:
    async with connect(**{**BY_KEYS, "region": "us-east-1"}) as connection:
        listing = await connection.provider.list_models(connection)
    assert only(listing.items, id="mistral.mistral-large-3-675b-instruct").publisher == "Mistral AI"
    assert only(listing.items, id="amazon.titan-embed-text-v2:0").kind == "embedding"
    assert only(listing.items, id="cohere.rerank-v3-5:0").kind == "rerank"
    assert only(listing.items, id="amazon.nova-2-sonic-v1:0").kind == "audio"


async def test_fault_14_an_entry_with_keys_shuts_the_hosts_api_key_out(
    connection: Connection, cloud: AWSCloud
) -> None:
    cloud.put_outside("team", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
    (found,) = (await connection.provider.list_deployments(connection)).items
    entry = connection.provider.build_gateway_entry(connection.credentials, found)
    for params in (entry.to_litellm(), entry.to_export(lambda name: f"os.environ/{name}")):
        given = params["litellm_params"]
        # In clear, also where secrets are references: nobody sets an empty variable.
        assert given["api_key"] == given["aws_session_token"] == ""


def test_fault_21_no_model_is_written_into_the_code() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    named = re.findall(r"(?:claude|nova|llama|mistral|gpt)-[\w.-]*\d", source)
    assert named == []


async def test_fault_22_a_profile_keeps_the_models_name_so_that_it_has_a_price(
    connection: Connection, cloud: AWSCloud
) -> None:
    made = cloud.put_outside("team", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
    (found,) = (await connection.provider.list_deployments(connection)).items
    entry = connection.provider.build_gateway_entry(connection.credentials, found)
    assert entry.litellm_params["model"] == "bedrock/converse/amazon.nova-lite-v1:0"
    assert entry.litellm_params["model_id"] == made.arn
    assert entry.model_info == {"base_model": "amazon.nova-lite-v1:0"}


async def test_consents_are_given_one_by_one_and_the_subscription_is_waited_for(
    connection: Connection, account: Account, provider: Provider
) -> None:
    account.pending_looks = 2
    nothing = CLAUDE.model_copy(update={"consents": frozenset()})
    blocked = await deployed(connection, nothing)
    kinds = {action.kind for action in blocked.actions}
    assert kinds == {ActionKind.SUBMIT_USE_CASE, ActionKind.ACCEPT_TERMS}
    assert account.bill == []
    plan = await provider.plan_deployment(connection, CLAUDE)
    first = await provider.deploy(connection, plan)
    assert (first.state, first.retry_after) == (State.QUEUED, 15)
    assert account.profiles == []
    final = await wait(connection, plan)
    assert (final.state, final.verified) == (State.READY, True)
    happened = [charge.happening for charge in account.bill]
    assert happened == ["use case", "agreed", "created", "called"]


async def test_units_that_aws_has_not_granted_are_an_action(
    connection: Connection, account: Account
) -> None:
    account.model_units = 0
    found = await deployed(connection, RESERVED)
    assert (found.state, found.created) == (State.NEEDS_ACTION, False)
    assert found.actions[0].kind is ActionKind.REQUEST_QUOTA


async def test_a_subscription_that_may_not_be_made_is_an_action(
    connection: Connection, account: Account
) -> None:
    account.users[0].denied.add("aws-marketplace:Subscribe")
    found = await deployed(connection, CLAUDE)
    assert found.state is State.NEEDS_ACTION
    assert found.actions[0].kind is ActionKind.GRANT_PERMISSION


async def test_availability_that_is_not_shown_is_unknown_and_stops_nothing(
    connection: Connection, account: Account
) -> None:
    account.users[0].denied.add("bedrock:GetFoundationModelAvailability")
    plan = await connection.provider.plan_deployment(connection, NOVA)
    assert not plan.actions
    assert any("not shown to these credentials" in each for each in plan.warnings)


async def test_allowed_regions_rule_out_profiles_that_leave_them(connect: Connect) -> None:
    async with connect(**BY_KEYS, allowed_regions=REGION) as connection:
        plan = await connection.provider.plan_deployment(connection, NOVA)
        assert plan.sku == "on_demand"
        stuck = DeploymentRequest(model="openai.gpt-6-sol")
        plan = await connection.provider.plan_deployment(connection, stuck)
    assert "leaves the allowed regions" in plan.actions[0].instruction


async def test_where_names_are_not_unique_the_older_of_two_profiles_stays(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    cloud.unique_names = False
    plan = await connection.provider.plan_deployment(connection, NOVA)
    raced: list[str] = []

    class Racing:
        """Lets somebody else make the same profile before the write arrives."""

        async def __call__(self, app: Any, scope: Any, receive: Any, send: Any) -> None:
            made = cloud.put_outside("chat", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
            raced.append(made.arn)
            await app(scope, receive, send)

    cloud.faults.add(Fault(action=Racing(), method="POST", path_prefix="/inference-profiles"))
    found = await connection.provider.deploy(connection, plan)
    assert found.created is False
    assert [each.arn for each in account.profiles] == raced


@pytest.mark.parametrize("name", ["eu.amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"])
async def test_what_the_service_offers_can_be_adopted_by_its_id_and_not_deleted(
    connection: Connection, name: str
) -> None:
    found = await deployed(connection, DeploymentRequest(name=name, adopt=True))
    assert (found.state, found.created, found.owned) == (State.READY, False, False)
    entry = connection.provider.build_gateway_entry(connection.credentials, found)
    called = entry.litellm_params.get("model_id", found.model.name)
    assert called == name
    assert await connection.provider.get_deployment(connection, found.ref) == found.model_copy(
        update={"created": None}
    )
    with pytest.raises(Conflict, match="nothing that could be deleted"):
        await connection.provider.delete_deployment(connection, found.ref, include_unowned=True)
