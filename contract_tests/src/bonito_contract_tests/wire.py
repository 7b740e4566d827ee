"""What went over the wire, as a failure shows it: without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bonito_contract_tests.stage import Stage
    from bonito_emulators import RecordedRequest

LAST = 6
"""How many requests a failure shows."""


def shown(stage: Stage) -> tuple[str, ...]:
    """Return the last requests, a line each, with every known secret hidden."""
    from bonito_contract_tests.secrets_of import redactor_of

    redact = redactor_of(stage.harness)
    return tuple(redact(line(each)) for each in stage.log.requests[-LAST:])


def line(request: RecordedRequest) -> str:
    """Return one request as a line: what was asked, and how it was answered."""
    query = f"?{request.query}" if request.query else ""
    answer = request.status if request.status is not None else "no answer"
    return f"{request.method} https://{request.host}{request.path}{query} -> {answer}"
