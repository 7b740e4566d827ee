"""What Aviary's documentation says happens after a write was accepted, as the suite reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import after, deploying, looking, then
from bonito_providers import ActionKind, DeploymentRef, DeploymentRequest, State

if TYPE_CHECKING:
    from bonito_aviary.emulator import AviaryService
    from bonito_contract_tests import Scene


def _failing(code: str) -> Any:
    def prepare(service: AviaryService) -> None:
        service.build_looks, service.fail_build = 1, code

    return prepare


def _finch(scene: Scene) -> DeploymentRef:
    return DeploymentRef(provider=scene.provider.info.name, resource="acme", name="finch-2")


def _end(scene: Scene) -> None:
    scene.cloud.finish()


_BUILT = then(deploying(DeploymentRequest(model="finch-2@2")), after(_end, looking(_finch)))

SITUATIONS = (
    Situation(
        name="a build that meets the quota's end",
        prepare=_failing("quota_exceeded"),
        told=(
            Told(
                name="looking at it",
                ask=_BUILT,
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
                ask=_BUILT,
                tells={"state": State.FAILED, "actions": []},
                says=("internal",),
            ),
        ),
    ),
)
