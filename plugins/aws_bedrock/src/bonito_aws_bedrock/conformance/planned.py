"""Plans worked out by hand from what the emulated account holds and Bedrock documents."""

from __future__ import annotations

from dataclasses import replace

from bonito_aws_bedrock.conformance.places import REGION
from bonito_aws_bedrock.conformance.requests import MICRO, NOVA, RESERVED, asked
from bonito_contract_tests import Planned
from bonito_emulators.aws import AWSCloud
from bonito_providers import ActionKind, DeploymentRequest
from bonito_providers.errors import Conflict, DeploymentNotFound, InvalidRequest, ModelNotFound

_HOURLY, _COMMITMENT = "aws_hourly_billing", "aws_commitment"


def _reserved(*consents: str, **fields: str) -> DeploymentRequest:
    update = {"consents": frozenset(consents), "fields": fields}
    return RESERVED.model_copy(update=update)


def _without_the_geography(cloud: AWSCloud) -> None:
    """Let the service withdraw its profiles for Europe."""
    places = {**cloud.catalogue.geographies, "eu": ("eu-north-1",)}
    cloud.catalogue = replace(cloud.catalogue, geographies=places)


def _by_another_profile(cloud: AWSCloud) -> None:
    """Let the service put another profile in the place of the one for Europe."""
    _without_the_geography(cloud)
    places = {**cloud.catalogue.geographies, "apac": ("ap-south-1", "eu-west-1")}
    cloud.catalogue = replace(cloud.catalogue, geographies=places)


CHOSEN = (
    Planned(
        name="the geography comes first",
        request=NOVA,
        called="amazon-nova-lite-v1-0",
        sku="geo",
        says=("eu.amazon.nova-lite-v1:0 routes requests to eu-central-1, eu-north-1",),
    ),
    Planned(
        name="the region alone, asked for", request=asked(NOVA, sku="on_demand"), region=REGION
    ),
    Planned(
        name="everywhere, where there is nothing else",
        request=DeploymentRequest(model="openai.gpt-6-sol"),
        called="openai-gpt-6-sol",
        sku="global",
        says=("global.openai.gpt-6-sol routes requests to any region.",),
    ),
    Planned(name="the region alone", request=MICRO, sku="on_demand"),
    Planned(
        name="everywhere, asked for",
        request=DeploymentRequest(model="cohere.embed-v4:0", sku="global", name="x_1-y"),
        called="x_1-y",
        sku="global",
        actions=(ActionKind.ACCEPT_TERMS,),
        says=("0.005 USD for 1K input tokens", "aws_model_agreement"),
    ),
    Planned(
        name="a longest name",
        request=asked(MICRO, name="n" * 63),
        called="n" * 63,
    ),
    Planned(
        name="a model near its end",
        request=DeploymentRequest(model="anthropic.claude-3-haiku-20240307-v1:0"),
        actions=(ActionKind.SUBMIT_USE_CASE,),
        says=("claude-3-haiku-20240307-v1:0 stops answering from 2026-03-01 on.",),
    ),
)
BOUGHT = (
    Planned(
        name="throughput without a consent",
        request=RESERVED,
        called="amazon-nova-lite-v1-0-24k-provisioned",
        sku="provisioned",
        capacity=1,
        actions=(ActionKind.ACCEPT_TERMS,),
        says=("1 model units cost by the hour", _HOURLY),
    ),
    Planned(
        name="two units of throughput",
        request=asked(_reserved(_HOURLY), capacity=2),
        sku="provisioned",
        capacity=2,
        says=("granted the model units",),
    ),
    Planned(
        name="a term without a consent of its own",
        request=_reserved(_HOURLY, commitment="OneMonth"),
        actions=(ActionKind.ACCEPT_TERMS,),
        says=("OneMonth cannot be ended early", _COMMITMENT),
    ),
    Planned(
        name="a term",
        request=_reserved(_HOURLY, _COMMITMENT, commitment="SixMonths"),
        sku="provisioned",
        capacity=1,
    ),
    Planned(
        name="a term that Bedrock does not have",
        request=_reserved(_HOURLY, commitment="OneWeek"),
        refused=InvalidRequest,
        says=("OneMonth and SixMonths",),
    ),
)
IMPOSSIBLE = (
    Planned(
        name="a SKU that is not offered",
        request=asked(MICRO, sku="geo"),
        actions=(ActionKind.ENABLE_IN_CONSOLE,),
        says=("is offered as on_demand, not as 'geo'",),
    ),
    Planned(
        name="throughput of a model that has none",
        request=asked(NOVA, sku="provisioned"),
        actions=(ActionKind.ENABLE_IN_CONSOLE,),
        says=("is offered as geo, on_demand, not as 'provisioned'",),
    ),
    Planned(
        name="a variant that is for throughput only",
        request=asked(RESERVED, sku=None),
        actions=(ActionKind.ENABLE_IN_CONSOLE,),
        says=("provisioned throughput only", "costs by the hour"),
    ),
    Planned(
        name="a model that no profile of the region has",
        request=DeploymentRequest(model="meta.llama4-maverick-17b-instruct-v1:0"),
        actions=(ActionKind.ENABLE_IN_CONSOLE,),
        says=("no way to call it from here",),
    ),
    Planned(
        name="a capacity of what is billed by the token",
        request=asked(NOVA, capacity=1),
        refused=InvalidRequest,
        says=("Only provisioned throughput has a capacity", "Leave the capacity out"),
    ),
    Planned(
        name="more units than can be counted",
        request=asked(_reserved(_HOURLY), capacity=2**31),
        refused=InvalidRequest,
        says=("2147483648 model units",),
    ),
    Planned(
        name="a field that is none",
        request=asked(NOVA, fields={"colour": "red"}),
        refused=InvalidRequest,
        says=("'colour'", "There are commitment, company_name"),
    ),
    Planned(
        name="a name that Bedrock does not take",
        request=asked(NOVA, name="a--b"),
        refused=InvalidRequest,
        says=("The name is none that Bedrock takes", "63 at the most"),
    ),
    Planned(
        name="a name that is too long", request=asked(NOVA, name="n" * 64), refused=InvalidRequest
    ),
    Planned(
        name="a version beside the id",
        request=asked(NOVA, version="1"),
        refused=ModelNotFound,
        says=("has no versions", "Leave the version out"),
    ),
    Planned(
        name="a slip of the pen",
        request=DeploymentRequest(model="amazon.nova-lite-v1"),
        refused=ModelNotFound,
        says=("eu-west-1 lists no model 'amazon.nova-lite-v1'", "Did you mean amazon.nova-lite"),
    ),
    Planned(
        name="a model like no other",
        request=DeploymentRequest(model="%%%%"),
        refused=ModelNotFound,
        says=("List the models.",),
    ),
)
ADOPTED = (
    Planned(
        name="adopting what is nowhere",
        request=DeploymentRequest(name="%%%%", adopt=True),
        refused=DeploymentNotFound,
        says=("Nothing in eu-west-1 can be called as %%%%", "List deployments and models."),
    ),
    Planned(
        name="adopting by an id that is nearly one",
        request=DeploymentRequest(name="eu.amazon.nova-lite-v1", adopt=True),
        refused=DeploymentNotFound,
    ),
    Planned(
        name="adopting what is far from any name",
        request=DeploymentRequest(name="chatty", adopt=True),
        refused=DeploymentNotFound,
        says=("Did you mean team-chat?",),
    ),
    Planned(
        name="adopting what is near to many names, of which the nearest are told",
        request=DeploymentRequest(name="team", adopt=True),
        refused=DeploymentNotFound,
        says=("Did you mean team-chat, team-embed, team-cohere?",),
    ),
    Planned(
        name="adopting a slip of the pen",
        request=DeploymentRequest(name="team-chats", adopt=True),
        refused=DeploymentNotFound,
        says=("Did you mean team-chat",),
    ),
)
STANDING = (
    Planned(name="the same again", request=asked(NOVA, name="team-chat"), sku="geo"),
    Planned(
        name="another scope than what stands",
        request=asked(NOVA, name="team-chat", sku="on_demand"),
        changes=True,
        says=("It is routed as geo, wanted is on_demand.",),
    ),
    Planned(
        name="more units than what stands",
        request=asked(_reserved(_HOURLY), name="team-reserved", capacity=2),
        changes=True,
        says=("It has 1 model units, wanted are 2.",),
    ),
    Planned(
        name="another model under a name that is taken",
        request=asked(MICRO, name="team-chat"),
        refused=Conflict,
        says=("team-chat stands already, for amazon.nova-lite-v1:0", "Choose another name"),
    ),
    Planned(
        name="the profile is withdrawn after the plan",
        request=NOVA,
        sku="geo",
        meanwhile=_without_the_geography,
    ),
    Planned(
        name="another profile is offered after the plan",
        request=NOVA,
        sku="geo",
        meanwhile=_by_another_profile,
    ),
)
PLANNED = (*CHOSEN, *BOUGHT, *IMPOSSIBLE, *ADOPTED, *STANDING)
