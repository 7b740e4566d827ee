"""What Aviary's documentation says happens after a write was accepted, as the suite reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_contract_tests import Situation, Told
from bonito_providers import ActionKind, DeploymentRequest, State

if TYPE_CHECKING:
    from bonito_aviary.emulator import AviaryService
    from bonito_contract_tests import Scene
    from bonito_providers import Deployment

_FINCH = DeploymentRequest(model="finch-2@2")


def _failing(code: str) -> Any:
    def prepare(service: AviaryService) -> None:
        service.build_looks, service.fail_build = 1, code

    return prepare


async def _built(scene: Scene) -> Deployment:
    """Deploy, let the building come to its end, and look."""
    plan = await scene.provider.plan_deployment(scene.connection, _FINCH)
    await scene.provider.deploy(scene.connection, plan)
    scene.cloud.finish()
    return await scene.provider.get_deployment(scene.connection, plan.ref)


SITUATIONS = (
    Situation(
        name="a build that meets the quota's end",
        prepare=_failing("quota_exceeded"),
        told=(
            Told(
                name="looking at it",
                ask=_built,
                tells={"state": State.NEEDS_ACTION, "actions.0.kind": ActionKind.REQUEST_QUOTA},
                says=("quota_exceeded",),
            ),
        ),
    ),
    Situation(
        name="a build that breaks",
        prepare=_failing("internal"),
        told=(
            Told(
                name="looking at it",
                ask=_built,
                tells={"state": State.FAILED, "actions": []},
                says=("internal",),
            ),
        ),
    ),
)
