"""What an error is answered with: the status by its class, as exit codes are chosen."""

from __future__ import annotations

from bonito_host.store import errors as store_errors
from bonito_providers import errors

_BY_CLASS: dict[type[BaseException], int] = {
    store_errors.StoreBusy: 503,
    store_errors.RecordMissing: 404,
    store_errors.RecordExists: 409,
    store_errors.RecordInUse: 409,
    errors.UnknownProvider: 422,
    errors.InvalidCredentials: 422,
    # The service refuses what this host sends: the person in front of it is known.
    errors.AuthenticationError: 424,
    errors.RequestError: 422,
    errors.CapabilityUnavailable: 409,
    errors.ModelNotFound: 404,
    errors.DeploymentNotFound: 404,
    errors.Conflict: 409,
    errors.PlanRefused: 409,
    errors.TemporaryError: 503,
    errors.DeadlineExceeded: 504,
    errors.DefectError: 502,
}


def status_of(error: BaseException) -> int:
    """Return the status of the nearest class in the table; what is unknown is a defect."""
    return next((_BY_CLASS[each] for each in type(error).__mro__ if each in _BY_CLASS), 500)
