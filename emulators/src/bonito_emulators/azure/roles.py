"""Roles and their assignments: what a principal may do where.

The actions are those of the built-in roles, shortened to what this cloud has; source: the
documentation of Azure's built-in roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SERVICE = "Microsoft.CognitiveServices"


@dataclass(frozen=True, kw_only=True)
class Role:
    """A named set of actions on the management plane and of data actions on the data planes."""

    name: str
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoleAssignment:
    """A role that holds in a scope and in everything below it."""

    role: Role
    scope: str

    def holds_in(self, scope: str) -> bool:
        """Tells whether the scope is this one or below it; upper and lower case are the same."""
        held, asked = self.scope.rstrip("/").lower(), scope.rstrip("/").lower()
        return asked == held or asked.startswith(f"{held}/")


# Neither role includes a data action: who may deploy a model may not therefore call it.
OWNER = Role(name="Owner", actions=("*",))
CONTRIBUTOR = Role(name="Contributor", actions=("*",))
READER = Role(name="Reader", actions=("*/read",))
COGNITIVE_SERVICES_CONTRIBUTOR = Role(
    name="Cognitive Services Contributor", actions=(f"{_SERVICE}/*",)
)
COGNITIVE_SERVICES_USER = Role(
    name="Cognitive Services User",
    actions=(f"{_SERVICE}/*/read", f"{_SERVICE}/accounts/listKeys/action"),
    data_actions=(f"{_SERVICE}/*",),
)
# Calls the models of OpenAI only; partner models need `accounts/MaaS/*`.
COGNITIVE_SERVICES_OPENAI_USER = Role(
    name="Cognitive Services OpenAI User",
    actions=(f"{_SERVICE}/*/read",),
    data_actions=(f"{_SERVICE}/accounts/OpenAI/*",),
)
COGNITIVE_SERVICES_USAGES_READER = Role(
    name="Cognitive Services Usages Reader", actions=(f"{_SERVICE}/locations/usages/read",)
)


def allows(assignments: Iterable[RoleAssignment], action: str, *, scope: str) -> bool:
    """Tells whether one of the assignments allows an action of the management plane."""
    return any(
        _matches(assignment.role.actions, action)
        for assignment in assignments
        if assignment.holds_in(scope)
    )


def allows_data(assignments: Iterable[RoleAssignment], action: str, *, scope: str) -> bool:
    """Tells whether one of the assignments allows a data action."""
    return any(
        _matches(assignment.role.data_actions, action)
        for assignment in assignments
        if assignment.holds_in(scope)
    )


def _matches(patterns: Iterable[str], action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
