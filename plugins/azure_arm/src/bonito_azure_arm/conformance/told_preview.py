"""What is told of the rows of the preview listing, and of rows it should not have."""

from __future__ import annotations

from bonito_azure_arm.conformance.questions import (
    adopting,
    deploying,
    deployments,
    instead,
    looking,
    met,
    planning,
)
from bonito_contract_tests import Situation, Told
from bonito_emulators.faults import Fault
from bonito_providers import State
from bonito_providers.errors import CapabilityUnavailable

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


def of_preview(host: str) -> tuple[Situation, ...]:
    """Return the situations in which that listing is read row by row."""
    return (
        Situation(
            name="a listing that is read row by row",
            access="key",
            told=(_every_word(host), *_untold(host)),
        ),
    )


def _rows(host: str, *rows: object) -> Fault:
    return instead("/openai/deployments", 200, {"data": [*rows]}, host=host)


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
        ask=met(deployments, _rows(host, *words, twice, *odd)),
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
            ask=met(deploying(adopting("tuned", kind="embedding")), _rows(host, tuned)),
            tells={"model.name": "writer.ft-0", "model.kind": "embedding"},
        ),
        Told(
            name="planning that",
            ask=met(planning(adopting("tuned", kind="embedding")), _rows(host, tuned)),
            tells={"model.name": "writer.ft-0", "model.kind": "embedding", "warnings": []},
        ),
        Told(
            name="adopting one and saying nothing of its kind",
            ask=met(planning(adopting("tuned")), _rows(host, tuned)),
            tells={"model.name": "writer.ft-0", "model.kind": None, "warnings": []},
        ),
        Told(
            name="adopting what could not be read",
            ask=met(planning(adopting("paused")), _rows(host, unread)),
            tells={"model.name": None, "model.kind": "chat"},
            says=("Adopting sends paused one short chat call to prove it.",),
        ),
        Told(
            name="listing two thousand rows and one more",
            ask=met(deployments, _rows(host, *range(2001))),
            tells={"items": {}, "complete": False},
            says=("The listing has 2001 rows; only 2000 are read.",),
        ),
        Told(
            name="looking at what could not be read",
            ask=met(looking("paused"), _rows(host, unread)),
            refused=CapabilityUnavailable,
            tells={"status": None, "code": None},
            says=("No listing tells of paused for sure", "Verify it: a short call"),
        ),
        Told(
            name="looking at what is not among two thousand",
            ask=met(
                looking("nobody"), _rows(host, *({**tuned, "id": f"t-{n}"} for n in range(2001)))
            ),
            refused=CapabilityUnavailable,
        ),
    )
