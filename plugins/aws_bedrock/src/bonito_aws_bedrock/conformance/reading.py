"""Rows as Bedrock may send them: what is optional left out, what is required missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.conformance.places import REGION, RESOURCE
from bonito_aws_bedrock.conformance.requests import MICRO, NOVA
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import after, deployments, instead, meeting, models, planning
from bonito_providers import DeploymentRequest, State
from bonito_providers.errors import MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests import Scene

Row = dict[str, Any]
_MODEL: Row = {"modelId": "acme.bird", "modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/b"}
_LITE = f"arn:aws:bedrock:{REGION}::foundation-model/{NOVA.model}"
_PROFILE: Row = {
    "inferenceProfileName": "p",
    "inferenceProfileArn": f"{RESOURCE}:application-inference-profile/1",
    "inferenceProfileId": "1",
    "models": [{"modelArn": _LITE}],
}
_BOUGHT: Row = {
    "provisionedModelName": "x",
    "provisionedModelArn": f"{RESOURCE}:provisioned-model/2",
    "modelArn": f"{_LITE}:24k",
}
_LONG = "acme." + "long-" * 14 + "ux"
_MODELS, _PROFILES = "/foundation-models", "/inference-profiles"
_THROUGHPUT = "/provisioned-model-throughputs"


def _without(row: Row, *values: Mapping[str, Any]) -> list[Row]:
    """Return the row, then it with each of its members empty, then with each of these values."""
    empty = [{**row, name: type(value)()} for name, value in row.items()]
    return [row, *empty, *({**row, **each} for each in values)]


def _one_region(scene: Scene) -> None:
    """Let the service's geography be a single region."""
    places = {**scene.cloud.catalogue.geographies, "eu": (REGION,)}
    scene.cloud.catalogue = replace(scene.cloud.catalogue, geographies=places)


async def _near_their_ends(scene: Scene) -> Mapping[str, Any]:
    """Plan models that stop answering, or count as legacy, sooner and later."""
    now, told = scene.clock.now(), {}
    for name, member, days in (
        ("soon gone", "endOfLifeTime", 89.5),
        ("gone later", "endOfLifeTime", 90.5),
        ("soon legacy", "legacyTime", 89.5),
        ("legacy", "legacyTime", -1),
    ):
        ends = {"status": "ACTIVE", member: (now + timedelta(days=days)).isoformat()}
        row = {**_MODEL, "modelId": MICRO.model, "modelLifecycle": ends}
        ask = meeting(planning(MICRO), instead({"modelSummaries": [row]}, path=_MODELS, times=None))
        told[name] = [each.partition(" from ")[0] for each in (await ask(scene)).warnings]
    return told


READING = (
    Situation(
        name="rows that say no more than they must, and less",
        told=(
            Told(
                name="models",
                ask=meeting(
                    models, instead({"modelSummaries": _without(_MODEL)}, path=_MODELS, times=None)
                ),
                tells={
                    "items.0.id": "acme.bird",
                    "items.0.publisher": None,
                    "items.0.kind": None,
                    "items.0.input_modalities": None,
                    "items.0.output_modalities": None,
                    "items.0.lifecycle": None,
                    "items.0.retires_at": None,
                    "items.0.skus": [],
                    "items.0.deployed_as": [],
                    "skipped": [
                        {
                            "id": f"unreadable row {number}",
                            "reason": "ListFoundationModels lists a row that cannot be read.",
                            "action": None,
                        }
                        for number in (1, 2)
                    ],
                },
            ),
            Told(
                name="profiles",
                ask=meeting(
                    deployments,
                    instead(
                        {
                            "inferenceProfileSummaries": _without(
                                _PROFILE,
                                {"inferenceProfileArn": "1"},
                                {"models": [{"modelArn": ""}]},
                                {"models": [{"modelArn": "arn:aws:bedrock"}]},
                            )
                        },
                        path=_PROFILES,
                        times=None,
                    ),
                ),
                tells={
                    "items.0.ref.name": "p",
                    "items.0.state": State.PROVISIONING,
                    "items.0.sku": "on_demand",
                    "items.0.owned": None,
                    "items.0.model.name": NOVA.model,
                    "items.1.ref.name": "team-reserved",
                    **{f"skipped.{number}.id": f"row {number + 2}" for number in range(7)},
                },
                says=("ListInferenceProfiles lists a row that cannot be read.",),
            ),
            Told(
                name="throughput",
                ask=meeting(
                    deployments,
                    instead(
                        {
                            "provisionedModelSummaries": _without(
                                _BOUGHT, {"provisionedModelName": "y", "status": "Paused"}
                            )
                        },
                        path=_THROUGHPUT,
                        times=None,
                    ),
                ),
                tells={
                    "items.4.ref.name": "x",
                    "items.4.state": State.PROVISIONING,
                    "items.4.capacity": None,
                    "items.5.ref.name": "y",
                    "items.5.state": State.PROVISIONING,
                    "items.4.model.name": "amazon.nova-lite-v1:0:24k",
                    "items.4.billing": "Billed by the hour for its model units, used or not.",
                    **{f"skipped.{number}.id": f"row {number + 2}" for number in range(3)},
                },
            ),
            Told(
                name="models near their ends",
                ask=_near_their_ends,
                tells={
                    "soon gone": [f"{MICRO.model} stops answering"],
                    "gone later": [],
                    "soon legacy": [f"{MICRO.model} is legacy"],
                    "legacy": [f"{MICRO.model} is legacy"],
                },
            ),
            Told(
                name="a model with a long id",
                ask=meeting(
                    planning(DeploymentRequest(model=_LONG)),
                    instead(
                        {"modelSummaries": [{**_MODEL, "modelId": _LONG}]}, path=_MODELS, times=None
                    ),
                    instead({}, path="/foundation-model-availability", times=None),
                ),
                # At most 63 characters, of which the first is a letter or a digit.
                tells={"ref.name": "long-" * 12 + "ux"},
            ),
            Told(
                name="a listing without its rows",
                ask=meeting(models, instead({}, path=_MODELS, times=None)),
                refused=MalformedAnswer,
                says=("ListFoundationModels answered without modelSummaries.", "Report it."),
            ),
            Told(
                name="tags that are none",
                ask=meeting(
                    deployments, instead({"tags": "none"}, path="/listTagsForResource", times=None)
                ),
                refused=MalformedAnswer,
                says=("cannot be read",),
            ),
            Told(
                name="a geography of one region",
                ask=after(_one_region, planning(NOVA)),
                tells={"sku": "geo"},
                says=(f"eu.{NOVA.model} routes requests to {REGION}.",),
            ),
        ),
        access="access_key",
    ),
)
