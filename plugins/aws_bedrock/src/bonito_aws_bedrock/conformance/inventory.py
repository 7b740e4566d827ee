"""What stands in the account, as it is listed, looked up, taken over and deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bonito_aws_bedrock.conformance.asking import denying, looking, removing
from bonito_aws_bedrock.conformance.places import REGION, RESOURCE, address, profile, throughput
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import (
    after,
    deploying,
    deployments,
    instead,
    meeting,
    models,
    planning,
)
from bonito_providers import DeploymentRequest, State
from bonito_providers.errors import Conflict, InvalidRequest

if TYPE_CHECKING:
    from bonito_contract_tests import Scene
    from bonito_emulators.aws import AWSCloud

_BY_THE_HOUR = "Billed by the hour for 1 model units, used or not."
_OTHER = "arn:aws:bedrock:eu-central-1:111122223333"


def _adopting(name: str) -> DeploymentRequest:
    return DeploymentRequest(name=name, adopt=True)


def _made_twice(cloud: AWSCloud) -> None:
    """Let somebody have made an older profile of a name that is taken."""
    made = cloud.put_outside("team-chat", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
    made.created_at = datetime(2025, 1, 1, tzinfo=UTC)


def _withdrawn(scene: Scene) -> None:
    scene.cloud.withdraw("amazon.nova-lite-v1:0")


LISTED = (
    Told(
        name="listing what stands",
        ask=deployments,
        tells={
            "complete": True,
            "skipped": [],
            "items.0.ref": {
                "provider": "aws_bedrock",
                "resource": RESOURCE,
                "name": "ours",
                "details": {},
            },
            "items.0.model": {
                "name": "deepseek.v3.2",
                "format": "DeepSeek",
                "version": None,
                "kind": "chat",
                "publisher": "DeepSeek",
                "price_key": "deepseek.v3.2",
                "canonical_name": "deepseek-v3.2",
            },
            "items.0.endpoint": address(profile(4)),
            "items.0.state": State.READY,
            "items.0.owned": True,
            "items.0.sku": "geo",
            "items.0.capacity": None,
            "items.1.owned": False,
            "items.2.sku": "global",
            "items.3.sku": "on_demand",
            "items.3.model.kind": "embedding",
            # LiteLLM 1.105.3 fails on its own row of Titan where that is the base model.
            "items.3.model.price_key": None,
            "items.4.ref.name": "team-reserved",
            "items.4.sku": "provisioned",
            "items.4.capacity": 1,
            "items.4.billing": _BY_THE_HOUR,
            "items.4.model.price_key": None,
            "items.4.endpoint": address(throughput(5)),
        },
        says=(
            "Models and profiles of the service itself can be adopted by their id.",
            "Billed by the token; the profile itself costs nothing.",
        ),
    ),
    Told(
        name="listing models, with what stands of them",
        ask=models,
        tells={
            "complete": True,
            "items.2.id": "amazon.nova-lite-v1:0",
            "items.2.kind": "chat",
            "items.2.publisher": "Amazon",
            "items.9.format": "DeepSeek",
            "items.9.canonical_name": "deepseek-v3.2",
            "items.2.deployed_as": ["team-chat"],
            "items.2.input_modalities": ["text", "image", "video"],
            "items.2.output_modalities": ["text"],
            "items.3.deployed_as": ["team-reserved"],
            "items.3.skus.0.name": "provisioned",
            "items.3.skus.0.capacity": {"minimum": 1, "maximum": None, "step": 1, "default": 1},
        },
        says=("is seen when it is planned or called", f"in {REGION}"),
    ),
    Told(
        name="looking up a profile",
        ask=looking("team-chat"),
        tells={
            "state": State.READY,
            "owned": False,
            "created": None,
            "error": None,
            "sku": "geo",
            "model.kind": "chat",
            "model.publisher": "Amazon",
            "endpoint": address(profile(1)),
        },
    ),
    Told(
        name="looking up what another region has",
        ask=looking("team-chat", resource=_OTHER),
        refused=InvalidRequest,
        says=(f"belongs to {_OTHER}", "the connection it was made with"),
    ),
)
ADOPTED = (
    Told(
        name="adopting a profile of the service",
        ask=deploying(_adopting("eu.deepseek.v3.2")),
        tells={
            "state": State.READY,
            "created": False,
            "owned": False,
            "sku": "geo",
            "billing": "Billed by the token.",
            "endpoint": address("eu.deepseek.v3.2"),
            "model.canonical_name": "deepseek-v3.2",
            "model.price_key": "deepseek.v3.2",
            "source": "Bedrock's own models and profiles",
        },
    ),
    Told(
        name="adopting throughput",
        ask=planning(_adopting("team-reserved")),
        tells={
            "sku": "provisioned",
            "capacity": 1,
            "region": REGION,
            "cost": f"Adopting changes nothing. {_BY_THE_HOUR}",
            "actions": [],
        },
    ),
    Told(
        name="deleting a profile of the service",
        ask=removing("eu.deepseek.v3.2", include_unowned=True),
        refused=Conflict,
        says=("is Bedrock's own", "Leave it out of the routes"),
    ),
)
DELETED = (
    Told(
        name="deleting what others made",
        ask=removing("team-chat"),
        refused=Conflict,
        says=("was not created by this project", "including what is not owned"),
    ),
    Told(
        name="deleting a profile that is listed for a while longer",
        ask=meeting(removing("ours"), instead({}, path="/inference-profiles/", method="DELETE")),
        tells={"state": State.DELETING},
    ),
    Told(
        name="deleting throughput that is listed for a while longer",
        ask=meeting(
            removing("team-reserved", include_unowned=True),
            instead({}, path="/provisioned-model-throughput/", method="DELETE"),
        ),
        tells={"state": State.DELETING},
    ),
    Told(name="deleting what is ours", ask=removing("ours"), tells={"state": State.ABSENT}),
    Told(
        name="deleting what others bought, insisted on",
        ask=removing("team-reserved", include_unowned=True),
        tells={"state": State.ABSENT},
    ),
)
DOUBTFUL = (
    Told(
        name="listing two profiles of one name",
        ask=deployments,
        tells={
            "skipped.0.id": profile(1),
            "items.1.endpoint": address(profile(6)),
            "items.2.ref.name": "team-cohere",
        },
        says=("Another one is called team-chat too",),
    ),
    Told(
        name="looking up the name",
        ask=looking("team-chat"),
        tells={"endpoint": address(profile(6))},
    ),
    Told(
        name="listing where tags are not shown and a model is listed no more",
        ask=after(denying("bedrock:ListTagsForResource"), after(_withdrawn, deployments)),
        tells={
            "items.0.ref.name": "ours",
            "items.0.owned": None,
            "items.1.state": State.READY,
            "items.1.model.name": "amazon.nova-lite-v1:0",
            "items.1.model.kind": None,
            "items.1.model.publisher": None,
        },
    ),
    Told(
        name="looking up that profile",
        ask=looking("team-chat"),
        tells={"state": State.READY, "model.kind": None, "model.format": None},
    ),
    Told(
        name="deleting where tags are not shown",
        ask=removing("ours"),
        refused=Conflict,
        says=("as far as its tags tell",),
    ),
)
INVENTORY = (
    Situation(
        name="what others left in the account",
        told=(*LISTED, *ADOPTED, *DELETED),
        access="access_key",
    ),
    Situation(
        name="what cannot be told for sure",
        told=DOUBTFUL,
        prepare=_made_twice,
        access="access_key",
    ),
)
