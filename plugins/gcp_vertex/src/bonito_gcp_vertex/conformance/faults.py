"""What answers in the place of Google's services, and what a refusal of theirs looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_emulators import Fault, Respond
from bonito_gcp_vertex.conformance.project import OWN

if TYPE_CHECKING:
    from bonito_emulators import Action


def fault(
    path: str,
    answer: Mapping[str, Any] | Action,
    *,
    status: int = 200,
    method: str | None = None,
    times: int | None = 1,
) -> Fault:
    """Return an answer in the place of the service's own, to calls whose path begins so."""
    action = Respond(status, body=answer) if isinstance(answer, Mapping) else answer
    return Fault(action=action, path_prefix=path, method=method, times=times)


def unseen(name: str, times: int = 1) -> Fault:
    """Return the service's word that an endpoint is not there, whatever is."""
    missing = error_body(404, "NOT_FOUND", "The Endpoint does not exist.")
    return fault(f"{OWN}/endpoints/{name}", missing, status=404, method="GET", times=times)


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
