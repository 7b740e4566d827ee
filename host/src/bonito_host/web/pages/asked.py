"""What a plan asks a person for: a box for each consent, and an input for each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bonito_providers.deployment import DeploymentPlan, DeploymentRequest
from bonito_providers.errors import InvalidRequest

_CONSENT, _FIELD = "consent.", "field."
"""What the names of the controls begin with."""


@dataclass(frozen=True)
class Asked:
    """What a plan's form draws besides the options that every provider has.

    Attributes:
        consents: Names, each with the title of the action that asks for it; empty where it was
            given before.
        fields: Names.
    """

    consents: Mapping[str, str]
    fields: tuple[str, ...]


def asked(plan: DeploymentPlan) -> Asked:
    """Return what the plan's actions ask for, and what was given already."""
    asking = {each.consent: each.title for each in plan.actions if each.consent}
    given = {name: "" for name in sorted(plan.request.consents) if name not in asking}
    named = (name for each in plan.actions for name in each.fields)
    return Asked({**asking, **given}, tuple(dict.fromkeys((*named, *plan.request.fields))))


def controls(request: DeploymentRequest) -> dict[str, str]:
    """Return the controls of what a request gives, as the form would send them."""
    consents = {f"{_CONSENT}{name}": "yes" for name in request.consents}
    return consents | {f"{_FIELD}{name}": value for name, value in request.fields.items()}


def consents_of(sent: Mapping[str, str]) -> frozenset[str]:
    """Return the consents of a form: its ticked boxes, and what is typed by name."""
    typed = sent.get("consents", "").replace(",", " ").split()
    ticked = (name for name, value in _below(_CONSENT, sent).items() if value == "yes")
    return frozenset((*ticked, *typed))


def fields_of(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form: its filled inputs, and what is typed by name.

    Raises:
        InvalidRequest: A line is no name with a value.
    """
    return _below(_FIELD, sent) | dict(_pairs(sent.get("fields", "")))


def _below(prefix: str, sent: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value
        for name, value in sent.items()
        if name.startswith(prefix) and name != prefix
    }


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if line.strip() and not separator:
            raise InvalidRequest("Further fields are written one to a line, as name=value.")
        if separator:
            found.append((name.strip(), value.strip()))
    return found
