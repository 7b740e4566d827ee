"""Throughput that is bought by the hour: once for each plan, and never out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.conformance.asking import UNSEEN, account, denying, looking, removing
from bonito_aws_bedrock.conformance.places import address, throughput
from bonito_aws_bedrock.conformance.requests import COMMITTED, RESERVED, asked, reserved
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import after, deploying, instead, meeting, planning
from bonito_emulators.faults import AfterApplied, Reset
from bonito_providers import ActionKind, State
from bonito_providers.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests import Scene
    from bonito_emulators.aws import AWSCloud

_WRITE, _LOOK = "/provisioned-model-throughput", "/provisioned-model-throughput/"
_NEW: Mapping[str, object] = {
    "state": State.PROVISIONING,
    "created": True,
    "owned": True,
    "sku": "provisioned",
    "capacity": 1,
}
_BY_THE_HOUR = "Billed by the hour for 1 model units, used or not."


def _slow(cloud: AWSCloud) -> None:
    """Let new throughput be unfinished at the first look."""
    cloud.build_looks = 1


def _without_units(scene: Scene) -> None:
    account(scene.cloud).model_units = 1


def _failing(scene: Scene) -> None:
    account(scene.cloud).model_units = 9
    scene.cloud.fail_builds, scene.cloud.failure = True, "There is no room."


def _long_ago(scene: Scene) -> None:
    scene.clock.advance(600)


async def _bought_twice(scene: Scene) -> Mapping[str, Any]:
    """Send one plan again although its answer was lost, and tell what was sent and is held."""
    plan = await scene.provider.plan_deployment(scene.connection, reserved("twice"))
    lost = meeting(
        lambda scene: scene.provider.deploy(scene.connection, plan),
        instead(AfterApplied(Reset()), path=_WRITE, method="POST"),
    )
    first = await lost(scene)
    again = await scene.provider.deploy(scene.connection, plan)
    bodies = [each.json() for each in scene.wire() if (each.method, each.path) == ("POST", _WRITE)]
    return {
        "first": first,
        "again": again,
        "by its plan": [each.get("clientRequestToken") == plan.digest for each in bodies],
        "held": [each.name for each in account(scene.cloud).throughputs],
    }


BOUGHT = (
    Told(
        name="planning a term without a consent",
        ask=planning(asked(RESERVED, fields={"commitment": "OneMonth"})),
        tells={
            "actions.0.kind": ActionKind.ACCEPT_TERMS,
            "actions.0.url": "https://aws.amazon.com/bedrock/pricing/",
            "actions.0.consent": "aws_hourly_billing",
            "actions.1.consent": "aws_commitment",
            "preview.operation": "CreateProvisionedModelThroughput",
            "preview.body": {
                "provisionedModelName": "amazon-nova-lite-v1-0-24k-provisioned",
                "modelId": RESERVED.model,
                "modelUnits": 1,
                "commitmentDuration": "OneMonth",
                "tags": [{"key": "managed-by", "value": "bonito-providers"}],
            },
        },
    ),
    Told(
        name="deploying",
        ask=deploying(reserved("hourly")),
        tells={
            **_NEW,
            "billing": _BY_THE_HOUR,
            "endpoint": address(throughput(6)),
            "model.price_key": None,
            "model.kind": "chat",
            "source": "Bedrock, as of now",
        },
    ),
    Told(name="looking it up", ask=looking("hourly"), tells={"state": State.READY, "error": None}),
    Told(
        name="buying more units of it",
        ask=deploying(reserved("hourly", capacity=2, update=True)),
        refused=Conflict,
        says=("model units are fixed", "then delete this one"),
    ),
    Told(
        name="sending a plan twice",
        ask=_bought_twice,
        tells={
            "first.created": True,
            "again.created": False,
            "by its plan": [True],
            "held": ["team-reserved", "hourly", "twice"],
        },
    ),
    Told(
        name="a term",
        ask=deploying(
            reserved("term", consents=COMMITTED, fields={"commitment": "OneMonth"}),
        ),
        tells={"created": True},
        says=("for 1 model units, committed for OneMonth, used or not.",),
    ),
    Told(
        name="deleting it before its time",
        ask=removing("term"),
        refused=Conflict,
        says=("The commitment of the provisioned model has not ended.",),
    ),
)
UNSEEN_YET = (
    Told(
        name="throughput that is not shown yet",
        ask=meeting(deploying(reserved("unseen")), instead(UNSEEN, path=_LOOK, times=None)),
        tells={
            **_NEW,
            "endpoint": address(throughput(9)),
            "model.name": RESERVED.model,
        },
        says=("By the hour for 1 model units, used or not, from now on.",),
    ),
    Told(
        name="looking it up long after",
        ask=after(_long_ago, looking("unseen")),
        tells={"owned": True, "created": None, "billing": _BY_THE_HOUR},
    ),
)
REFUSED = (
    Told(
        name="units that AWS has not granted",
        ask=after(_without_units, deploying(reserved("more"))),
        tells={
            "state": State.NEEDS_ACTION,
            "created": False,
            "actions.0.kind": ActionKind.REQUEST_QUOTA,
            "actions.0.url": "https://console.aws.amazon.com/support/home",
            "model.name": RESERVED.model,
        },
        says=("exceeds the limit for this account",),
    ),
    Told(
        name="a build that fails",
        ask=after(_failing, deploying(reserved("failing"))),
        tells={"state": State.PROVISIONING, "error": None},
    ),
    Told(
        name="looking it up",
        ask=looking("failing"),
        tells={"state": State.FAILED, "error": "There is no room."},
    ),
    Told(
        name="looking it up where its reason may not be read",
        ask=after(denying("bedrock:GetProvisionedModelThroughput"), looking("failing")),
        tells={"state": State.FAILED},
        says=("may not read why", "the permission bedrock:GetProvisionedModelThroughput."),
        unsaid=("does not say why",),
    ),
)
BUYING = (
    Situation(
        name="buying throughput",
        told=(*BOUGHT, *UNSEEN_YET, *REFUSED),
        prepare=_slow,
        access="access_key",
    ),
)
