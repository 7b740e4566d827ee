"""The endpoint that situations call mine: wished for, asked for, and going away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_gcp_vertex.conformance.asking import wish
from bonito_gcp_vertex.conformance.changes import put
from bonito_gcp_vertex.conformance.project import OWN, PAID, SMALL
from bonito_providers import State

if TYPE_CHECKING:
    from bonito_providers import DeploymentRequest

MINE = put(SMALL)
"""Lets it stand."""
ENDPOINT = f"{OWN}/endpoints/mine"
LOOKED = (f"GET {ENDPOINT}", f"GET {OWN}/models")
SOUGHT = (*LOOKED, f"GET {OWN}/operations")
"""What is asked where it does not serve: it may be on its way, or have failed."""
GONE: dict[str, object] = {
    "state": State.ABSENT,
    "actions": [],
    "error": None,
    "retry_after": None,
}
LATER = {"state": State.QUEUED, "retry_after": 60}
"""What is told where it can only be removed later."""


def small(name: str = "mine") -> DeploymentRequest:
    """Return the request for weights that a small machine holds, on an endpoint of that name."""
    return wish(SMALL, PAID, name=name)
