"""An AWS account with Bedrock as the contract suite finds it, and the truth about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bonito_aws_bedrock.conformance.places import (
    ACCESS_KEY,
    ACCOUNT,
    API_KEY,
    AS_ROLE,
    BY_KEY,
    EXTERNAL_ID,
    REGION,
    ROLE,
    SECRET,
    WRONG_API_KEY,
    WRONG_SECRET,
)
from bonito_aws_bedrock.conformance.planned import PLANNED
from bonito_aws_bedrock.conformance.refusals import REFUSALS
from bonito_aws_bedrock.conformance.requests import AGREED, CLAUDE, FORM, HOURLY, NOVA, RESERVED
from bonito_aws_bedrock.conformance.routes import ROUTES
from bonito_aws_bedrock.conformance.situations import SITUATIONS
from bonito_aws_bedrock.conformance.truths import described
from bonito_contract_tests import Access, Blocked, Harness, ModelTruth, Pasted, Standing
from bonito_emulators.aws import Account, ApiKey, AWSCloud, Role, Throughput, User
from bonito_providers import ActionKind, DeploymentRequest

OWN = {"managed-by": "bonito-providers"}

BY_THE_SERVICE: Mapping[str, Standing] = {
    "eu.deepseek.v3.2": Standing(model="deepseek.v3.2", owned=False, sku="geo", listed=False),
    "amazon.nova-micro-v1:0": Standing(
        model="amazon.nova-micro-v1:0", owned=False, sku="on_demand", listed=False
    ),
}
"""What can be called by an id of the service itself, and stands in no listing of deployments."""

OFFERED = (
    "amazon.nova-2-sonic-v1:0",
    "amazon.nova-canvas-v1:0",
    "amazon.nova-lite-v1:0",
    "amazon.nova-lite-v1:0:24k",  # only with provisioned throughput
    "amazon.nova-micro-v1:0",  # only on demand
    "amazon.titan-embed-text-v2:0",
    "anthropic.claude-3-haiku-20240307-v1:0",  # on its way out
    "anthropic.claude-opus-5",  # only by a profile, with terms and a form
    "cohere.embed-v4:0",
    "deepseek.v3.2",
    "meta.llama4-maverick-17b-instruct-v1:0",  # listed, and no way to call it from here
    "openai.gpt-6-sol",  # only by a global profile
)


class BedrockHarness(Harness[AWSCloud]):
    """An account with a profile of each sort, throughput, and the three ways to authenticate."""

    plugin = "bonito_aws_bedrock.plugin"
    accesses = (
        Access(name="role", fields=AS_ROLE, wrong={"secret_access_key": WRONG_SECRET}),
        Access(
            name="access_key",
            fields=BY_KEY,
            wrong={"secret_access_key": WRONG_SECRET},
        ),
        Access(
            name="api_key",
            fields={"region": REGION, "api_key": API_KEY},
            wrong={"api_key": WRONG_API_KEY},
        ),
    )
    deployable = (
        NOVA,
        DeploymentRequest(model="amazon.titan-embed-text-v2:0", name="search"),
        RESERVED.model_copy(update={"consents": HOURLY}),
        DeploymentRequest(model="openai.gpt-6-sol"),
    )
    adoptable = ("team-chat", "team-embed", *BY_THE_SERVICE)
    unknown_model = DeploymentRequest(model="amazon.nova-of-nobody-v1:0")
    blocked = (
        Blocked(
            request=CLAUDE.model_copy(update={"fields": FORM}), action=ActionKind.SUBMIT_USE_CASE
        ),
        Blocked(
            request=CLAUDE,
            action=ActionKind.ACCEPT_TERMS,
            unblocked=CLAUDE.model_copy(update={"consents": AGREED, "fields": FORM}),
        ),
        Blocked(
            request=RESERVED,
            action=ActionKind.ACCEPT_TERMS,
            unblocked=RESERVED.model_copy(update={"consents": HOURLY}),
        ),
        Blocked(
            request=DeploymentRequest(model="meta.llama4-maverick-17b-instruct-v1:0"),
            action=ActionKind.ENABLE_IN_CONSOLE,
        ),
    )
    pasted = (
        Pasted(field="region", value="EU-WEST-1", same_as=REGION),
        Pasted(field="region", value=f" {REGION} ", same_as=REGION),
        *(
            Pasted(field="region", value=value, same_as=None)
            for value in ("eu-west-9", "eu-west-1a", "eu-west-1.evil.example", "us-gov-west-1")
        ),
    )
    planned = PLANNED
    situations = SITUATIONS
    hourly = ("provisioned",)
    refusals = REFUSALS
    routes = ROUTES

    def cloud(self) -> AWSCloud:
        """Return an account in which others have made profiles, and we have, once."""
        user = User("bonito", ACCESS_KEY, SECRET)
        account = Account(
            ACCOUNT,
            users=[user],
            api_keys=[ApiKey(API_KEY, user.name)],
            roles=[Role(ROLE, EXTERNAL_ID)],
            model_units=5,
        )
        cloud = AWSCloud([account])
        cloud.offer_only(OFFERED)
        cloud.put_outside("team-chat", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
        cloud.put_outside("team-embed", "amazon.titan-embed-text-v2:0", region=REGION)
        cloud.put_outside("team-cohere", "cohere.embed-v4:0", region=REGION, scope="global")
        cloud.put_outside("ours", "deepseek.v3.2", region=REGION, scope="eu", owned=True)
        account.throughputs.append(_bought(cloud))
        return cloud

    def models(self, cloud: AWSCloud, access: Access) -> Collection[str]:
        """Return the ids of the region's models."""
        return [model.id for model in cloud.catalogue.models_of(REGION)]

    def described(self, cloud: AWSCloud, access: Access) -> Mapping[str, ModelTruth]:
        """Return the truth about each of them."""
        return described(cloud, REGION)

    def standing(self, cloud: AWSCloud) -> Mapping[str, Standing]:
        """Return profiles and throughput of the account."""
        kinds = {model.id: model for model in cloud.catalogue.models}
        account = cloud.accounts[0]
        profiles = {
            each.name: Standing(
                model=each.model,
                owned=each.tags == OWN,
                kind=_kind(kinds[each.model].outputs),
                sku=_scope(each.models),
            )
            for each in account.profiles
        }
        bought = {
            each.name: Standing(
                model=each.model,
                owned=each.tags == OWN,
                ready=each.status == "InService",
                sku="provisioned",
                capacity=each.units,
            )
            for each in account.throughputs
        }
        offered = {
            name: each
            for name, each in BY_THE_SERVICE.items()
            if cloud.catalogue.offers(REGION, name)
        }
        return {**profiles, **bought, **offered}

    def creations(self, cloud: AWSCloud) -> Sequence[str]:
        """Return what was created, from the bill."""
        bill = cloud.accounts[0].bill
        return [each.name for each in bill if each.happening == "created"]

    def paginate(self, cloud: AWSCloud, size: int) -> bool:
        """Let profiles and throughput come in pages; models never do."""
        cloud.page_size = size
        return True

    def put_outside(self, cloud: AWSCloud, name: str, model: str) -> None:
        """Let somebody else make a profile."""
        scopes = next(each.scopes for each in cloud.catalogue.models if each.id == model)
        scope = next((each for each in ("eu", "global") if each in scopes), None)
        cloud.put_outside(name, model, region=REGION, scope=scope)

    def remove_outside(self, cloud: AWSCloud, name: str) -> None:
        """Let somebody else take it away; the service, where it is its own."""
        if name in BY_THE_SERVICE:
            cloud.withdraw(name)
        else:
            cloud.remove_outside(name)

    def slow_down(self, cloud: AWSCloud) -> bool:
        """Let throughput take three looks; profiles are always there at once."""
        cloud.build_looks = 3
        return False

    def finish(self, cloud: AWSCloud) -> None:
        """End what is being built."""
        cloud.finish()


def _bought(cloud: AWSCloud) -> Throughput:
    identity = cloud.identity()
    return Throughput(
        name="team-reserved",
        id=identity,
        arn=f"arn:aws:bedrock:{REGION}:{ACCOUNT}:provisioned-model/{identity}",
        region=REGION,
        model="amazon.nova-lite-v1:0:24k",
        units=1,
        commitment=None,
        token=None,
        status="InService",
    )


def _kind(outputs: Collection[str]) -> str:
    if "EMBEDDING" in outputs:
        return "embedding"
    return "chat" if "TEXT" in outputs else "image"


def _scope(arns: Sequence[str]) -> str:
    regions = {arn.split(":")[3] for arn in arns}
    if "" in regions:
        return "global"
    return "geo" if len(regions) > 1 else "on_demand"
