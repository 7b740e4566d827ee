"""What adopting tells: of what a listing shows, what only a call proves, what is not there."""

from __future__ import annotations

from collections.abc import Callable

from bonito_azure_arm.conformance.questions import (
    adopting,
    deployments_by_name,
    instead,
    looking,
    models_by_name,
)
from bonito_azure_arm.conformance.situations import Prepare
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import deploying, meeting, planning
from bonito_emulators.azure import AzureCloud, Deployment
from bonito_providers import State
from bonito_providers.errors import CapabilityUnavailable, DeploymentNotFound, InvalidRequest

_MINI = ("gpt-4o-mini", "2024-07-18")
_OWN_ANSWER = {"model": "writer.ft-0", "choices": [{"message": {"content": "Hello."}}]}
_FREE = "costs nothing beyond a call of a few tokens"


def of_adopting(sku: str, host: str) -> tuple[Situation, ...]:
    """Return the situations in which something is adopted."""
    return (
        Situation(
            name="deployments that a key can list",
            access="key",
            prepare=_with("writer-1", "writer-2", "writer-3", "writer-4", sku=sku),
            told=(*_listed(host), *_not_there()),
        ),
        Situation(
            name="deployments that nobody lists",
            access="key",
            prepare=_with("writer-1", sku=sku, listed=False),
            told=_unlisted(host),
        ),
        Situation(
            name="deployments that management lists",
            prepare=_with("writer-1", sku=sku),
            told=(_managed(sku),),
        ),
    )


def _with(*names: str, sku: str, listed: bool = True) -> Prepare:
    def prepare(cloud: AzureCloud) -> None:
        account = cloud.account("contoso")
        account.legacy_listing = listed
        for name in names:
            account.add(Deployment(name=name, model=_MINI[0], sku=sku, capacity=7))

    return prepare


def _gone(name: str) -> Callable[[Scene], None]:
    return lambda scene: scene.cloud.account("contoso").remove(name)


def _listed(host: str) -> tuple[Told, ...]:
    stands = {
        "ref.name": "writer-1",
        "ref.resource": "contoso",
        "model.name": _MINI[0],
        "model.kind": "chat",
        "sku": None,
        "capacity": None,
    }
    return (
        Told(
            name="planning to adopt one",
            ask=planning(adopting("writer-1")),
            tells={**stands, "warnings": [], "actions": [], "changes": []},
            says=(_FREE,),
        ),
        Told(
            name="adopting it",
            ask=deploying(adopting("writer-1", kind="embedding")),
            tells={
                **stands,
                "state": State.READY,
                "created": False,
                "endpoint": f"https://{host}",
                "owned": None,
            },
            says=("2023-03-15-preview",),
        ),
        Told(
            name="looking at it",
            ask=looking("writer-1"),
            tells={**stands, "state": State.READY, "created": None, "endpoint": f"https://{host}"},
        ),
        Told(
            name="looking at one of another resource",
            ask=looking("writer-1", resource="elsewhere"),
            refused=InvalidRequest,
            says=("writer-1 belongs to", "/elsewhere, not to this connection"),
            sends=(),
        ),
        Told(
            name="looking at what is not there",
            ask=looking("nobody"),
            tells={"state": State.ABSENT, "ref.name": "nobody", "model.name": None},
            says=("2023-03-15-preview",),
        ),
    )


def _not_there() -> tuple[Told, ...]:
    return (
        Told(
            name="adopting what is not there",
            ask=planning(adopting("writer-5")),
            refused=DeploymentNotFound,
            tells={"code": "DeploymentNotFound"},
            says=("no deployment called writer-5", "Did you mean writer-4, writer-3, writer-2? "),
        ),
        Told(
            name="adopting what goes meanwhile",
            ask=deploying(adopting("writer-1"), meanwhile=_gone("writer-1")),
            refused=DeploymentNotFound,
            says=("no deployment called writer-1", "a name of its own"),
        ),
        Told(
            name="adopting what is like nothing there",
            ask=planning(adopting("zzzz")),
            refused=DeploymentNotFound,
            unsaid=("Did you mean",),
        ),
        Told(
            name="adopting what cannot be proved",
            ask=planning(adopting("pictures", kind="image")),
            refused=InvalidRequest,
            says=("A deployment of kind image cannot be proved", "kind chat or embedding"),
        ),
    )


def _unlisted(host: str) -> tuple[Told, ...]:
    return (
        Told(
            name="planning to adopt one",
            ask=planning(adopting("writer-1", kind="chat")),
            tells={"model.name": None, "model.kind": "chat", "sku": None, "capacity": None},
            says=("Adopting sends writer-1 one short chat call to prove it.", "did not answer"),
        ),
        Told(
            name="adopting it",
            ask=deploying(adopting("writer-1")),
            tells={
                "state": State.READY,
                "created": False,
                "ref.name": "writer-1",
                "model.name": _MINI[0],
                "model.version": _MINI[1],
                "model.kind": "chat",
                "endpoint": f"https://{host}",
                "source": "Typed, proved by a call.",
            },
        ),
        Told(
            name="adopting what answers by a name of the customer's own",
            ask=meeting(
                deploying(adopting("writer-1", kind="chat")),
                instead("/", 200, _OWN_ANSWER, method="POST", host=host),
            ),
            tells={"model.name": "writer.ft-0", "model.kind": "chat", "created": False},
        ),
        Told(
            name="adopting another kind",
            ask=deploying(adopting("vectors", kind="embedding")),
            tells={"state": State.READY, "model.kind": "embedding"},
        ),
        Told(
            name="adopting what does not answer",
            ask=deploying(adopting("nobody")),
            refused=DeploymentNotFound,
        ),
        Told(
            name="looking at it",
            ask=looking("writer-1"),
            refused=CapabilityUnavailable,
            tells={"status": 404},
            says=("No listing tells of writer-1 for sure", "Verify it: a short call"),
        ),
        Told(
            name="listing them",
            ask=deployments_by_name,
            tells={"items": {}, "complete": False, "source": "No listing answers."},
            says=("The preview listing did not answer", "adopted"),
        ),
        Told(
            name="listing models",
            ask=models_by_name,
            tells={"items.gpt-4o-mini 2024-07-18.deployed_as": None},
            says=("The preview listing did not answer",),
        ),
    )


def _managed(sku: str) -> Told:
    return Told(
        name="planning to adopt one",
        ask=planning(adopting("writer-1")),
        tells={
            "model.name": _MINI[0],
            "model.version": _MINI[1],
            "sku": sku,
            "capacity": 7,
            "warnings": [],
        },
        says=(_FREE,),
    )
