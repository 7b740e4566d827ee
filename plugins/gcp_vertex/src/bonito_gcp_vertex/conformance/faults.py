"""What answers in the place of Google's services, and what a refusal of theirs looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_contract_tests.asking import instead
from bonito_gcp_vertex.conformance.project import EVERY_MODEL, OWN

if TYPE_CHECKING:
    from bonito_emulators import Fault

FLASH_ROW = {"name": "publishers/google/models/gemini-3.8-flash"}
CIRCLE = "The listing leads back to a page already read."
"""What is told where one page of a catalogue, or of endpoints, follows itself."""


def catalogue(*rows: object, **told: object) -> Fault:
    """Return a catalogue of these rows alone, page for page."""
    return instead({"publisherModels": list(rows), **told}, path=EVERY_MODEL, times=None)


def unseen(name: str, times: int = 1) -> Fault:
    """Return the service's word that an endpoint is not there, whatever is."""
    missing = error_body(404, "NOT_FOUND", "The Endpoint does not exist.")
    path = f"{OWN}/endpoints/{name}"
    return instead(missing, path=path, status=404, method="GET", times=times)


def error_body(
    code: int,
    status: str,
    message: str,
    *,
    reason: str = "",
    metadata: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return a refusal as Google's services write it, with its reason where there is one."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if reason:
        info = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [
            {"@type": info, "reason": reason, "domain": "googleapis.com", "metadata": metadata}
        ]
    return {"error": error}
