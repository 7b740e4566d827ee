"""Every cause the doctor knows by name: the one list behind findings, tests and documentation."""

from __future__ import annotations

from bonito_host.doctor.connection_causes import CHECK, CONNECTION, NETWORK, ROUTES
from bonito_host.doctor.findings import Finding, Weight
from bonito_host.doctor.installation_causes import INSTALLATION, STORE, SURROUNDINGS

AREAS = {
    "Installation": INSTALLATION,
    "Surroundings": SURROUNDINGS,
    "Store": STORE,
    "Connection": CONNECTION,
    "Network": NETWORK,
    "Check": CHECK,
    "Gateway": ROUTES,
}
"""All causes, in the order in which one explains the next."""

_BY_KIND = {cause.kind: cause for causes in AREAS.values() for cause in causes}


def find(
    kind: str, what: str, *, mend: str = "", weight: Weight | None = None, code: int | None = None
) -> Finding:
    """Return a finding of a known cause.

    Args:
        kind: As in the list.
        what: What was seen, in a sentence.
        mend: What mends it here; without it, what the list says.
        weight: How bad it is here, where that differs.
        code: The exit code, where that differs.
    """
    cause = _BY_KIND[kind]
    return Finding(
        kind=kind,
        weight=weight or cause.weight,
        what=what,
        why=cause.why,
        mend=mend or cause.mend,
        code=cause.code if code is None else code,
    )
