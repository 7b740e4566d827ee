"""What is told of the preview listing: row by row, of what answers in its place, of nothing."""

from __future__ import annotations

from bonito_azure_arm.conformance.asking import answered, told_otherwise
from bonito_azure_arm.conformance.questions import adopting, deployments_by_name, instead, looking
from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import (
    deploying,
    deployment,
    deployments,
    meeting,
    planning,
)
from bonito_emulators.faults import Fault
from bonito_providers import State
from bonito_providers.errors import CapabilityUnavailable, MalformedAnswer, ProviderError

_STATES = {
    "succeeded": State.READY,
    "running": State.PROVISIONING,
    "notRunning": State.PROVISIONING,
    "failed": State.FAILED,
    "deleted": State.ABSENT,
    "canceled": State.FAILED,
}
"""Words of the preview listing (REST reference 2023-03-15-preview, Deployments - List)."""
_MINI = "gpt-4o-mini"
_PATH = "/openai/deployments"


def of_preview(host: str) -> tuple[Situation, ...]:
    """Return the situations in which that listing is read row by row."""
    return (
        Situation(
            name="a listing that is read row by row",
            access="key",
            told=(_every_word(host), *_untold(host)),
        ),
    )


def of_answers(name: str, *, absent: type[ProviderError]) -> tuple[Told, ...]:
    """Return the questions about what answers in that listing's place.

    Args:
        name: Of a deployment of gpt-4o-mini that it lists.
        absent: The refusal of a route that is not there.
    """
    return (
        Told(
            name="an operator knows whose model it is",
            ask=told_otherwise(deployment(name), match="gpt-4o-*", publisher="Ours"),
            tells={"model.publisher": "Ours"},
        ),
        Told(
            name="something else answers in the listing's place",
            ask=answered(deployments, "<html>", path=_PATH, status=404),
            refused=absent,
            tells={"status": 404, "code": None},
        ),
        Told(
            name="no rows at all",
            ask=answered(deployments, {"data": {}}, path=_PATH),
            refused=MalformedAnswer,
        ),
    )


def of_no_answer(name: str) -> tuple[Told, ...]:
    """Return the questions where that listing is gone, although something has that name."""
    return (
        Told(
            name="all deployments",
            ask=deployments,
            tells={
                "items": [],
                "complete": False,
                "source": "No listing answers.",
                "notes.2": NOTHING,
            },
            says=("The preview listing did not answer", "can be adopted"),
        ),
        Told(
            name="looking at one",
            ask=looking(name),
            refused=CapabilityUnavailable,
            tells={"status": 404, "code": "404"},
            says=(f"No listing tells of {name}", "00000000-0000-4000-8000-"),
        ),
    )


def _rows(host: str, *rows: object) -> Fault:
    return instead(_PATH, 200, {"data": [*rows]}, host=host)


def _every_word(host: str) -> Told:
    words = [{"id": word, "model": _MINI, "status": word} for word in _STATES]
    twice = {"id": "succeeded", "model": "gpt-4o", "status": "failed"}
    odd = (
        {"id": "paused", "model": _MINI, "status": "paused"},
        {"id": "silent", "model": _MINI},
        {"model": _MINI},
        {"id": "\ud83d"},
        7,
    )
    adopted = "; it can be adopted by its name"
    return Told(
        name="listing them",
        ask=meeting(deployments_by_name, _rows(host, *words, twice, *odd)),
        tells={
            **{f"items.{word}.state": state for word, state in _STATES.items()},
            "items.succeeded.model.name": _MINI,
            "skipped": [
                f"paused: its status is paused, which is unknown{adopted}",
                f"silent: its status is missing, which is unknown{adopted}",
                "(no name): a row of the listing has no id",
                "(no name): a row of the listing has no id",
                "(no name): a row of the listing is not an object",
            ],
            "complete": True,
            "notes": [],
        },
        says=("2023-03-15-preview",),
    )


def _untold(host: str) -> tuple[Told, ...]:
    tuned = {"id": "tuned", "model": "writer.ft-0", "status": "succeeded"}
    unread = {"id": "paused", "model": _MINI, "status": "paused"}
    return (
        Told(
            name="adopting a model of the customer's own",
            ask=meeting(deploying(adopting("tuned", kind="embedding")), _rows(host, tuned)),
            tells={"model.name": "writer.ft-0", "model.kind": "embedding"},
        ),
        Told(
            name="planning that",
            ask=meeting(planning(adopting("tuned", kind="embedding")), _rows(host, tuned)),
            tells={"model.name": "writer.ft-0", "model.kind": "embedding", "warnings": []},
        ),
        Told(
            name="adopting one and saying nothing of its kind",
            ask=meeting(planning(adopting("tuned")), _rows(host, tuned)),
            tells={"model.name": "writer.ft-0", "model.kind": None, "warnings": []},
        ),
        Told(
            name="adopting what could not be read",
            ask=meeting(planning(adopting("paused")), _rows(host, unread)),
            tells={"model.name": None, "model.kind": "chat"},
            says=("Adopting sends paused one short chat call to prove it.",),
        ),
        Told(
            name="listing two thousand rows and one more",
            ask=meeting(deployments_by_name, _rows(host, *range(2001))),
            tells={"items": {}, "complete": False},
            says=("The listing has 2001 rows; only 2000 are read.",),
        ),
        Told(
            name="looking at what could not be read",
            ask=meeting(looking("paused"), _rows(host, unread)),
            refused=CapabilityUnavailable,
            tells={"status": None, "code": None},
            says=("No listing tells of paused for sure", "Verify it: a short call"),
        ),
        Told(
            name="looking at what is not among two thousand",
            ask=meeting(
                looking("nobody"), _rows(host, *({**tuned, "id": f"t-{n}"} for n in range(2001)))
            ),
            refused=CapabilityUnavailable,
        ),
    )
