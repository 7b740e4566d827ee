"""What is told where something billed by the hour stood when it was planned, and goes away.

To keep it takes no word of anybody; to make it again takes the SKU's name.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.harness import HOURLY
from bonito_azure_arm.conformance.questions import DEPLOYMENTS, MODELS, USAGES, removing
from bonito_azure_arm.conformance.situations import MODEL, Offered, situation, wish
from bonito_azure_arm.conformance.told_deleting import later, slowly
from bonito_azure_arm.conformance.told_deploying import LIKEWISE, LOOKING, PLANNING
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import Happening, after, deploying, planning
from bonito_emulators.azure import Deployment
from bonito_providers import ActionKind, DeploymentRequest, State
from bonito_providers.errors import PlanRefused

_BY_THE_HOUR = HOURLY[-1]
_ASKED = wish(sku=_BY_THE_HOUR, update=True)
_MADE = Told(
    name="deploying it",
    ask=deploying(_ASKED),
    tells={"state": State.READY, "sku": _BY_THE_HOUR, "capacity": 10},
)
_GOING = Told(name="deleting it", ask=removing(MODEL), tells={"state": State.DELETING})


def of_what_is_gone(kind: str, sku: str) -> tuple[Situation, ...]:
    """Return the situations in which something goes away or is going already."""
    hourly = situation(kind, Offered(name=_BY_THE_HOUR))
    both = situation(kind, Offered(name=sku), Offered(name=_BY_THE_HOUR))
    return (
        Situation(name="billed by the hour", prepare=both, told=(_MADE, *_gone_meanwhile(sku))),
        Situation(
            name="billed by the hour and being deleted",
            prepare=slowly(both),
            told=(_MADE, _GOING, *_going(sku)),
        ),
        Situation(
            name="only ever billed by the hour, and being deleted",
            prepare=slowly(hourly),
            told=(_MADE, _GOING, *_going_for_good(sku)),
        ),
    )


def gone(name: str) -> Happening:
    """Return what deletes a deployment behind the plugin's back."""
    return lambda scene: scene.cloud.account("contoso").remove(name)


def refused(name: str, request: DeploymentRequest, meanwhile: Happening) -> Told:
    """Return the question whether what changes meanwhile makes a plan void: nothing is written."""
    looking = f"GET {DEPLOYMENTS}/{request.name or request.model}"
    return Told(
        name=name,
        ask=deploying(request, meanwhile=meanwhile),
        refused=PlanRefused,
        says=("stands no more as it did when it was planned", "Plan again."),
        sends=(f"GET {MODELS}", looking, f"GET {USAGES}", looking),
    )


def _gone_meanwhile(sku: str) -> tuple[Told, ...]:
    def moved(scene: Scene) -> None:
        gone(MODEL)(scene)
        other = Deployment(name=MODEL, model=MODEL, sku=sku, capacity=10)
        scene.cloud.account("contoso").add(other)

    def failing(scene: Scene) -> None:
        scene.cloud.account("contoso").deployment(MODEL).provisioning_state = "Failed"

    return (
        Told(
            name="deploying it as it stands",
            ask=deploying(wish()),
            tells={"state": State.READY, "created": False, "sku": _BY_THE_HOUR},
            sends=(*PLANNING, LOOKING),
        ),
        Told(
            name="deploying more of it, as a change",
            ask=deploying(wish(capacity=20, update=True)),
            tells={"state": State.READY, "capacity": 20, "sku": _BY_THE_HOUR},
            sends=LIKEWISE,
        ),
        refused("more of it, and another SKU meanwhile", wish(capacity=30, update=True), moved),
        _MADE,
        refused("it fails meanwhile", wish(), failing),
        _MADE,
        refused("it is gone meanwhile", wish(), gone(MODEL)),
        Told(
            name="deploying it, unasked how",
            ask=deploying(wish()),
            tells={"state": State.READY, "created": True, "sku": sku},
            sends=LIKEWISE,
        ),
        _MADE,
        Told(
            name="it is gone meanwhile, and was asked for by name",
            ask=deploying(_ASKED, meanwhile=gone(MODEL)),
            tells={"state": State.READY, "created": True, "sku": _BY_THE_HOUR},
            sends=LIKEWISE,
        ),
    )


def _going(sku: str) -> tuple[Told, ...]:
    return (
        Told(
            name="planning it",
            ask=planning(wish()),
            tells={"sku": sku, "capacity": 10, "actions": [], "changes": []},
        ),
        Told(
            name="planning more of it",
            ask=planning(wish(capacity=20)),
            tells={"sku": sku, "capacity": 20, "actions": [], "changes": []},
        ),
        Told(
            name="deploying it meanwhile",
            ask=deploying(wish()),
            tells={"state": State.QUEUED, "created": False},
            sends=(*PLANNING, LOOKING),
        ),
        Told(
            name="deploying it a minute later",
            ask=after(later, deploying(wish())),
            tells={"state": State.READY, "created": True, "sku": sku},
        ),
    )


def _going_for_good(sku: str) -> tuple[Told, ...]:
    return (
        Told(
            name="deploying it again",
            ask=deploying(wish()),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "actions.0.kind": ActionKind.ENABLE_IN_CONSOLE,
            },
            says=(f"offered as {_BY_THE_HOUR}, not as {sku}",),
            sends=PLANNING,
        ),
        Told(
            name="deploying it again by name",
            ask=deploying(_ASKED),
            tells={"state": State.QUEUED, "actions": []},
        ),
    )
