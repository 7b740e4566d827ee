from __future__ import annotations

import inspect
import signal
from datetime import UTC, datetime

import pytest

from bonito_host import exit_codes
from bonito_providers import Action, ActionKind, Deployment, DeploymentRef, State, errors

TABLE = {
    "UnknownProvider": 2,
    "InvalidCredentials": 2,
    "CredentialsRejected": 3,
    "KeyAuthenticationDisabled": 3,
    "PermissionMissing": 3,
    "InvalidRequest": 2,
    "HostRefused": 2,
    "CapabilityUnavailable": 6,
    "ModelNotFound": 4,
    "DeploymentNotFound": 4,
    "Conflict": 7,
    "ContentFiltered": 2,
    "PlanRefused": 7,
    "RateLimited": 10,
    "ServiceUnavailable": 9,
    "HostUnreachable": 9,
    "DeadlineExceeded": 9,
    "MalformedAnswer": 1,
    "PluginError": 1,
}


def test_the_table_names_every_error_that_is_raised() -> None:
    own = {
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__
    }
    parents = {parent for kind in own for parent in kind.__bases__}
    assert {kind.__name__ for kind in own - parents} == set(TABLE)


@pytest.mark.parametrize(("name", "code"), TABLE.items())
def test_an_error_leaves_with_its_code(name: str, code: int) -> None:
    assert exit_codes.code_of(getattr(errors, name)) == code
    assert exit_codes.code_of_name(name) == code


def test_an_error_of_a_plugins_own_leaves_with_the_code_of_its_nearest_kin() -> None:
    class TooManyTokens(errors.RateLimited):
        """Made by a plugin."""

    assert exit_codes.code_of_error(TooManyTokens("x")) == 10


@pytest.mark.parametrize("name", [None, "", "Nonsense", "annotations"])
def test_a_name_that_is_no_error_is_a_defect(name: str | None) -> None:
    assert exit_codes.code_of_name(name) == 1


def test_interrupting_leaves_with_130() -> None:
    assert exit_codes.code_of(KeyboardInterrupt) == 130


def test_a_signal_has_the_code_that_shells_give_it() -> None:
    assert exit_codes.code_of_signal(signal.SIGINT) == exit_codes.INTERRUPTED
    assert exit_codes.code_of_signal(signal.SIGPIPE) == exit_codes.READER_GONE


def test_a_deployment_that_outlasts_the_waiting_is_still_running() -> None:
    assert exit_codes.code_of_error(errors.DeadlineExceeded("x", operation="wait")) == 8
    assert exit_codes.code_of_error(errors.DeadlineExceeded("x", operation="list_models")) == 9


@pytest.mark.parametrize(
    ("state", "code"),
    [("ready", 0), ("queued", 8), ("provisioning", 8), ("needs_action", 6), ("absent", 4)],
)
def test_a_deployment_leaves_with_the_code_of_its_state(state: str, code: int) -> None:
    assert exit_codes.code_of_deployment(deployment(state)) == code


def test_missing_quota_has_a_code_of_its_own() -> None:
    action = Action(kind=ActionKind.REQUEST_QUOTA, title="Ask", instruction="Ask for more.")
    assert exit_codes.code_of_deployment(deployment("needs_action", action)) == 5


def deployment(state: str, *actions: Action) -> Deployment:
    ref = DeploymentRef(provider="p", resource="r", name="n")
    now = datetime.now(UTC)
    return Deployment(ref=ref, state=State(state), actions=actions, observed_at=now)
