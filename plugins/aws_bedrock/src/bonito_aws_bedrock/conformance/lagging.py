"""Profiles that were made and are not shown yet: Bedrock is consistent in the end only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_aws_bedrock.conformance.asking import UNSEEN, Meanwhile, at_write, looking, removing
from bonito_aws_bedrock.conformance.requests import NOVA, asked
from bonito_contract_tests import Told
from bonito_contract_tests.asking import after, deploying
from bonito_emulators.faults import Fault, Respond
from bonito_providers import State
from bonito_providers.errors import ServiceUnavailable

if TYPE_CHECKING:
    from bonito_contract_tests import Scene

_PATH = "/inference-profiles"
_NONE = Respond(200, body={"inferenceProfileSummaries": []})


def _unlisted(scene: Scene) -> None:
    """Let no listing show a profile that can be asked for by its ARN."""
    passed = Meanwhile(lambda: None)
    scene.faults.add(Fault(action=passed, method="GET", path_prefix=f"{_PATH}/", times=None))
    scene.faults.add(Fault(action=_NONE, method="GET", path_prefix=_PATH, times=None))


def _unseen(scene: Scene) -> None:
    """Let nothing at all show a profile."""
    scene.faults.add(Fault(action=UNSEEN, method="GET", path_prefix=f"{_PATH}/", times=None))
    scene.faults.add(Fault(action=_NONE, method="GET", path_prefix=_PATH, times=None))


def _taken_away(scene: Scene) -> None:
    scene.cloud.remove_outside("unseen")


LAGGING = (
    Told(
        name="a profile that no listing shows yet",
        ask=at_write(deploying(asked(NOVA, name="unlisted")), _unlisted, path=_PATH),
        tells={"state": State.READY, "created": True, "owned": True},
    ),
    Told(
        name="looking it up",
        ask=after(_unlisted, looking("unlisted")),
        tells={"state": State.READY, "owned": True},
    ),
    Told(
        name="deleting it",
        ask=after(_unlisted, removing("unlisted")),
        tells={"state": State.ABSENT},
    ),
    Told(
        name="a profile that nothing shows yet",
        ask=at_write(deploying(asked(NOVA, name="unseen")), _unseen, path=_PATH),
        tells={"state": State.PROVISIONING, "created": True, "owned": True, "sku": "geo"},
    ),
    Told(
        name="looking up what nothing shows",
        ask=after(_unseen, looking("unseen")),
        tells={"state": State.PROVISIONING, "created": None, "owned": True, "sku": "geo"},
    ),
    Told(
        name="deleting what nothing shows",
        ask=after(_unseen, removing("unseen")),
        refused=ServiceUnavailable,
        tells={"retry_after": 1},
        says=("Bedrock does not show it yet", "Delete it again in a moment."),
    ),
    Told(name="looking once it is shown", ask=looking("unseen"), tells={"state": State.READY}),
    Told(
        name="looking after somebody took it away",
        ask=after(_taken_away, looking("unseen")),
        tells={"state": State.ABSENT},
    ),
)
