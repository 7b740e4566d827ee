"""Polling of long operations: `locations/{location}/operationResults/{id}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import arm_errors

if TYPE_CHECKING:
    from bonito_emulators.azure.operations import Operation
    from bonito_emulators.azure.request import Request
    from bonito_emulators.azure.state import State

# How an operation begun with this header is named in the state.
LOCATION = "location:"


def poll(state: State, request: Request, identity: str) -> Response:
    """Answers a poll: a status in the body, or by the code alone where `Location` was given.

    Raises:
        Refusal: there is no such operation, or the address is not the one given out.
    """
    by_code = state.operations.get(f"{LOCATION}{identity}")
    operation = by_code or state.operations.get(identity)
    if operation is None or request.query != operation.query or request.path != operation.path:
        request.violation("the address of the operation is not the one that was given out")
        raise arm_errors.resource_not_found(f"locations/operationResults/{identity}", "")
    over = operation.look()
    if by_code is None:
        # Recorded: 200 throughout, and no Retry-After.
        return JSONResponse(operation.body(over=over))
    if over:
        return Response(status_code=204)
    return Response(status_code=202, headers={"location": operation.url})


def header_of(state: State, operation: Operation, *, by_code: bool = False) -> dict[str, str]:
    """Registers an operation and gives the header that leads to it."""
    if by_code:
        state.operations[f"{LOCATION}{operation.id}"] = operation
        return {"location": operation.url}
    state.operations[operation.id] = operation
    return {"azure-asyncoperation": operation.url}
