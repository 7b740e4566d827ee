"""Exit codes: one table for errors, one for deployments that are not ready.

0 done · 1 a defect · 2 wrong usage · 3 authentication · 4 not found · 5 quota
6 a person has to act · 7 conflict · 8 still running · 9 unreachable or down
10 rate limited · 128 + n ended by signal n: 130 interrupted, 141 whoever read stdout has gone

A defect is also what the operating system refuses, such as writing to a full disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_host.store import errors as store_errors
from bonito_providers import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_providers import Action, Deployment

DONE = 0
DEFECT = 1
USAGE = 2
QUOTA = 5
NEEDS_ACTION = 6
CONFLICT = 7
STILL_RUNNING = 8
INTERRUPTED = 130
READER_GONE = 141

_BY_CLASS: dict[type[BaseException], int] = {
    errors.BonitoError: DEFECT,
    errors.UnknownProvider: USAGE,
    errors.InvalidCredentials: USAGE,
    errors.AuthenticationError: 3,
    errors.RequestError: USAGE,
    errors.CapabilityUnavailable: NEEDS_ACTION,
    errors.ModelNotFound: 4,
    errors.DeploymentNotFound: 4,
    errors.Conflict: CONFLICT,
    errors.PlanRefused: CONFLICT,
    errors.TemporaryError: 9,
    errors.RateLimited: 10,
    errors.DefectError: DEFECT,
    store_errors.StoreError: USAGE,
    store_errors.StoreBusy: 9,
    store_errors.RecordMissing: 4,
    store_errors.RecordExists: CONFLICT,
    store_errors.RecordInUse: CONFLICT,
    KeyboardInterrupt: INTERRUPTED,
}

_BY_STATE = {
    "queued": STILL_RUNNING,
    "provisioning": STILL_RUNNING,
    "deleting": STILL_RUNNING,
    "needs_action": NEEDS_ACTION,
    "failed": DEFECT,
    "absent": 4,
}


def code_of(kind: type[BaseException]) -> int:
    """Return the code of the nearest class in the table; what is unknown is a defect."""
    return next((_BY_CLASS[each] for each in kind.__mro__ if each in _BY_CLASS), DEFECT)


def code_of_error(error: BaseException) -> int:
    """Return the code of an error.

    A deployment that outlasts the waiting is still running; a refusal that a person can mend leaves
    as the action it needs.
    """
    if isinstance(error, errors.DeadlineExceeded) and error.operation == "wait":
        return STILL_RUNNING
    if isinstance(error, errors.RequestError) and error.actions:
        return code_of_actions(error.actions)
    return code_of(type(error))


def code_of_signal(number: int) -> int:
    """Return the code of a process that a signal ended, as shells have it."""
    return 128 + number


def code_of_name(name: str | None, *actions: Action) -> int:
    """Return the code of a class of `bonito_providers.errors` by its name, as `code_of_error`."""
    kind = getattr(errors, name or "", None)
    if not isinstance(kind, type):
        return DEFECT
    if actions and issubclass(kind, errors.RequestError):
        return code_of_actions(actions)
    return code_of(kind)


def code_of_deployment(deployment: Deployment) -> int:
    """Return zero for a deployment that is ready, else the code of what keeps it from being so."""
    if code_of_actions(deployment.actions) == QUOTA:
        return QUOTA
    return _BY_STATE.get(deployment.state.value, DONE)


def code_of_actions(actions: Sequence[Action]) -> int:
    """Return zero where nobody has to do anything, else the code for quota or for any other act."""
    if any(action.kind.value == "request_quota" for action in actions):
        return QUOTA
    return NEEDS_ACTION if actions else DONE
