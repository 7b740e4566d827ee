"""What a deployment and its long operation say, in the words of this project."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_arm import states
from bonito_azure_arm.errors import TERMS, Busy
from bonito_azure_arm.policy import BUSY_PAUSE
from bonito_providers.deployment import State
from plugins.azure_foundry.tests.json_values import JSON


def row(state: object, **more: Any) -> dict[str, Any]:
    return {"properties": {"provisioningState": state}, **more}


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Succeeded", State.READY),
        ("Accepted", State.PROVISIONING),
        ("Creating", State.PROVISIONING),
        ("Moving", State.PROVISIONING),
        ("Deleting", State.DELETING),
        ("Failed", State.FAILED),
        ("Canceled", State.FAILED),
        ("Disabled", State.FAILED),
        ("Something2027", State.PROVISIONING),
        (None, State.PROVISIONING),
    ],
)
def test_every_word_of_arm_has_a_state(word: object, state: State) -> None:
    assert states.state_of(row(word)) is state
    assert bool(states.error_of(row(word))) is (state is State.FAILED)
    assert states.stands(row(word)) is (state in (State.READY, State.PROVISIONING))
    assert states.being_deleted(row(word)) is (state is State.DELETING)


def test_what_is_not_there_neither_stands_nor_goes() -> None:
    assert not states.stands(None)
    assert not states.being_deleted(None)


def test_the_sku_is_read_where_arm_writes_it_at_the_root() -> None:
    standing = row("Succeeded", sku={"name": "GlobalStandard", "capacity": 10.0})
    assert (states.sku_of(standing), states.capacity_of(standing)) == ("GlobalStandard", 10)
    for capacity in (10.9, float("inf"), float("nan"), "ten", -10, True):
        assert states.capacity_of(row("Succeeded", sku={"capacity": capacity})) is None
    wrong = {"properties": {"sku": {"name": "GlobalStandard", "capacity": 10}}}
    assert (states.sku_of(wrong), states.capacity_of(wrong)) == (None, None)


def test_a_deployment_holds_quota_of_its_own_sku_only() -> None:
    standing = row("Succeeded", sku={"name": "Standard", "capacity": 50})
    assert states.held_as(standing, "Standard") == 50
    assert states.held_as(standing, "GlobalStandard") == 0
    assert states.held_as(None, "Standard") == 0


@pytest.mark.parametrize("status", ["Creating", "Accepted", "InProgress", "Deleting"])
def test_an_operation_goes_on_under_the_resources_own_words(status: str) -> None:
    assert states.under_way({"status": status})
    assert states.failure_in({"status": status}) is None


def test_a_failure_that_comes_with_status_200_is_read_with_what_it_needs() -> None:
    error = {"code": "MarketplaceSubscriptionCannotBeCompleted", "message": "No\nplan."}
    failure = states.failure_in({"status": "Failed", "error": error})
    assert failure is not None
    assert failure.message == "No plan."
    assert states.verdict(failure) == (State.NEEDS_ACTION, (TERMS,))


def test_a_failure_nobody_can_mend_is_an_end() -> None:
    failure = states.failure_in({"status": "Canceled", "error": "?"})
    assert failure is not None
    assert states.verdict(failure) == (State.FAILED, ())


def test_a_pause_is_what_azure_asks_for_or_else_a_short_one() -> None:
    assert states.pause(Busy("busy", retry_after=7)) == 7
    assert states.pause(Busy("busy")) == BUSY_PAUSE


@given(st.dictionaries(st.sampled_from(["properties", "sku", "status", "error"]), JSON))
def test_any_json_has_a_state_and_never_raises(body: dict[str, Any]) -> None:
    assert states.state_of(body) in State
    assert states.sku_of(body) is None or isinstance(states.sku_of(body), str)
    assert states.capacity_of(body) is None or isinstance(states.capacity_of(body), int)
    assert isinstance(states.model_of(body), dict)
    failure = states.failure_in(body)
    assert failure is None or states.verdict(failure)[0] in State
