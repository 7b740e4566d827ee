"""What is asked for where a partner's model stood when it was planned, and goes away.

What stands needs no consent any more; to make it again subscribes to the offer once more.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.questions import removing
from bonito_azure_arm.conformance.told_deleting import slowly
from bonito_azure_arm.conformance.told_gone import gone, refused
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import deploying
from bonito_providers import ActionKind, DeploymentRequest, State

_BARE = DeploymentRequest(model="Codestral-2501", name="coder")
_AGREED = _BARE.model_copy(update={"consents": frozenset({"marketplace_terms"})})
_MADE = Told(
    name="deploying it with consent",
    ask=deploying(_AGREED),
    tells={"state": State.READY, "created": True},
)
_AGAIN = Told(
    name="deploying it again without consent",
    ask=deploying(_BARE),
    tells={
        "state": State.NEEDS_ACTION,
        "created": False,
        "actions.0.kind": ActionKind.ACCEPT_TERMS,
        "actions.0.consent": "marketplace_terms",
    },
)

GONE = (
    Situation(
        name="a partner's model that is gone",
        access="management",
        told=(
            _MADE,
            Told(
                name="deploying it as it stands, without consent",
                ask=deploying(_BARE),
                tells={"state": State.READY, "created": False, "actions": []},
            ),
            refused("it is gone meanwhile", _BARE, gone("coder")),
            _AGAIN,
            _MADE,
        ),
    ),
    Situation(
        name="a partner's model that is being deleted",
        access="management",
        prepare=slowly(),
        told=(
            _MADE,
            Told(name="deleting it", ask=removing("coder"), tells={"state": State.DELETING}),
            _AGAIN,
            Told(
                name="deploying it again with consent",
                ask=deploying(_AGREED),
                tells={"state": State.QUEUED, "created": False},
            ),
        ),
    ),
)
