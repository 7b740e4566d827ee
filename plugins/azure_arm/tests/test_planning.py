"""Version, SKU and capacity are chosen from what is offered and left, and never sent blindly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bonito_azure_arm.catalogue import Entry
from bonito_azure_arm.planning import (
    Choice,
    choose_capacity,
    choose_entry,
    choose_sku,
    left_of,
    life_left,
    quota_row,
)
from bonito_providers.actions import ActionKind
from bonito_providers.catalog import Capacity, Model, Skipped, Sku
from bonito_providers.deployment import QuotaUse
from bonito_providers.errors import ModelNotFound
from plugins.azure_foundry.tests.json_values import JSON

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PREFERRED = ("GlobalStandard", "DataZoneStandard", "Standard")
KEY = "AIServices.GlobalStandard.MaaS"


def entries(
    *versions: str, name: str = "gpt-4o", format: str = "OpenAI", default: str | None = None
) -> list[Entry]:
    return [
        Entry(
            Model(id=f"{format}.{name}.{version}", name=name, format=format, version=version),
            is_default=version == default,
        )
        for version in versions
    ]


def quota(limit: int, used: int = 0) -> QuotaUse:
    return QuotaUse(key=KEY, limit=limit, used=used)


def sku(name: str = "GlobalStandard", /, **bounds: int) -> Sku:
    return Sku(name=name, quota_key=KEY, capacity=Capacity.model_validate(bounds))


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (["1"], "1"),
        (["2", "7", "10"], "10"),
        (["0125", "0613", "1106"], "1106"),
        (["2024-08-06", "2024-11-20", "2024-05-13"], "2024-11-20"),
        (["20250929", "1", "2"], "2"),  # Claude's dates were replaced by numbers
        (["latest", "1"], "1"),
        (["latest", "0"], "0"),
        (["001", "2"], "2"),  # numbers by their value
        (["01", "9"], "9"),
        (["9" * 5000, "1" + "0" * 5000], "1" + "0" * 5000),
        (["turbo-2024-04-09", "1106"], "1106"),
        (["2025-04-14-mi300", "2025-04-14"], "2025-04-14-mi300"),
    ],
)
def test_where_no_version_is_the_default_the_newest_is_chosen(
    versions: list[str], newest: str
) -> None:
    for order in (versions, versions[::-1]):
        assert choose_entry(entries(*order), "gpt-4o", None).model.version == newest


def test_the_version_marked_as_default_is_chosen_before_a_newer_one() -> None:
    listed = entries("2024-05-13", "2024-08-06", "2024-11-20", default="2024-08-06")
    assert choose_entry(listed, "gpt-4o", None).model.version == "2024-08-06"


@pytest.mark.parametrize("lifecycle", ["Deprecating", "Deprecated"])
def test_a_version_near_its_end_is_chosen_only_where_there_is_no_other(lifecycle: str) -> None:
    [old, new] = entries("1", "2", default="2")
    ending = Entry(new.model.model_copy(update={"lifecycle": lifecycle}), is_default=True)
    assert choose_entry([old, ending], "gpt-4o", None) == old
    assert choose_entry([ending], "gpt-4o", None) == ending
    assert choose_entry([old, ending], "gpt-4o", "2") == ending
    [action] = life_left(ending.model)
    assert lifecycle in action.instruction
    assert life_left(old.model) == ()


def test_the_version_asked_for_is_taken_by_name_or_by_id() -> None:
    listed = entries("1", "2", default="2")
    assert choose_entry(listed, "GPT-4o", "1").model.version == "1"
    assert choose_entry(listed, "OpenAI.gpt-4o.1", None).model.version == "1"
    assert choose_entry(listed, "OpenAI.gpt-4o.1", "2").model.version == "2"


def test_a_version_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ModelNotFound, match="no version 3") as refusal:
        choose_entry(entries("1", "2"), "gpt-4o", "3")
    assert "1, 2" in refusal.value.hint


def test_an_unknown_model_names_those_that_are_written_alike() -> None:
    listed = [*entries("1"), *entries("1", name="Phi-4", format="Microsoft")]
    with pytest.raises(ModelNotFound, match="no model gpt4o") as refusal:
        choose_entry(listed, "gpt4o", None)
    assert "gpt-4o" in refusal.value.hint
    assert "Phi-4" not in refusal.value.hint


@pytest.mark.parametrize(
    ("model", "version"), [("babbage", None), ("babbage", "1"), ("OpenAI.babbage.1", None)]
)
def test_a_retired_model_says_since_when(model: str, version: str | None) -> None:
    gone = [Skipped(id="OpenAI.babbage.1", reason="retired on 2024-06-14")]
    with pytest.raises(ModelNotFound, match=r"babbage\.1 .* retired on 2024-06-14"):
        choose_entry(entries("1"), model, version, skipped=gone)


@given(st.lists(st.text(max_size=12), min_size=1, unique=True))
def test_of_any_versions_the_same_one_is_chosen_in_any_order(versions: list[str]) -> None:
    chosen = {
        choose_entry(entries(*order), "gpt-4o", None).model.version
        for order in (versions, versions[::-1], sorted(versions))
    }
    assert len(chosen) == 1


@pytest.mark.parametrize(
    ("offered", "chosen", "missed"),
    [
        (["Standard", "GlobalStandard", "DataZoneStandard"], "GlobalStandard", []),
        (["Standard", "DataZoneStandard"], "DataZoneStandard", ["GlobalStandard"]),
        (["GlobalBatch", "Standard"], "Standard", ["GlobalStandard", "DataZoneStandard"]),
    ],
)
def test_the_best_sku_offered_is_chosen_and_says_why_it_is_not_the_first(
    offered: list[str], chosen: str, missed: list[str]
) -> None:
    choice = choose_sku([sku(name) for name in offered], None, PREFERRED, now=NOW)
    assert choice.value.name == chosen
    assert choice.actions == ()
    assert bool(choice.warnings) == bool(missed)
    assert all(name in choice.warnings[0] for name in [*missed] if missed)


@pytest.mark.parametrize(
    "offered",
    [
        [],
        None,
        [sku("ProvisionedManaged"), sku("GlobalBatch")],
        [sku("GlobalStandard-finetune")],
        [Sku(name="GlobalStandard", retires_at=NOW)],
    ],
)
def test_what_is_not_billed_by_use_is_never_chosen_unasked(offered: Sequence[Sku] | None) -> None:
    choice = choose_sku(offered, None, PREFERRED, now=NOW)
    assert choice.value is None
    assert choice.actions


def test_a_sku_asked_for_is_taken_or_answered_with_those_there_are() -> None:
    offered = [sku("GlobalStandard"), sku("ProvisionedManaged")]
    taken = choose_sku(offered, "ProvisionedManaged", PREFERRED, now=NOW)
    assert (taken.value.name, taken.warnings, taken.actions) == ("ProvisionedManaged", (), ())
    [action] = choose_sku(offered, "Standard", PREFERRED, now=NOW).actions
    assert "GlobalStandard, ProvisionedManaged" in action.instruction


def test_quota_is_joined_by_the_key_and_an_empty_list_is_unknown() -> None:
    rows = [
        {"name": {"value": "other"}, "limit": 1.0, "currentValue": 1.0},
        {"name": {"value": KEY, "localizedValue": "MaaS"}, "limit": 600.0, "currentValue": 20.0},
    ]
    assert quota_row(rows, KEY) == QuotaUse(key=KEY, limit=600, used=20, unit="MaaS")
    assert quota_row([], KEY) is None
    assert quota_row(rows, None) is None
    assert quota_row(rows, "OpenAI.GlobalStandard.gpt-4.1") is None
    for untold in ("limit", "currentValue"):
        for number in (None, -1, 12.5):
            assert quota_row([{**rows[1], untold: number}], KEY) is None


def test_what_the_deployment_to_be_changed_holds_counts_as_free() -> None:
    rows = [{"name": {"value": KEY}, "limit": 100, "currentValue": 90}]
    held = quota_row(rows, KEY, standing=50)
    assert held is not None
    assert (held.used, left_of(held)) == (40, 60)


@given(st.lists(st.dictionaries(st.sampled_from(["name", "limit", "currentValue"]), JSON)))
@example([{"name": {"value": KEY}, "limit": float("nan"), "currentValue": 1e300}])
@example([{"name": {"value": KEY}, "limit": True, "currentValue": "20"}])
def test_usages_of_any_json_give_numbers_or_unknown(rows: list[dict[str, Any]]) -> None:
    found = quota_row(rows, KEY)
    if found is not None:
        assert found.limit is not None
        assert found.used is not None
        assert min(found.limit, found.used, left_of(found)) >= 0


@pytest.mark.parametrize(
    ("bounds", "use", "expected", "says"),
    [
        # DeepSeek-R1: the default exceeds the quota (recorded, 28 October 2025).
        ({"maximum": 5000, "default": 5000}, quota(1000), 1000, "the quota leaves 1000"),
        ({"maximum": 1, "default": 1}, quota(600), 1, "Uses 1 of 600, 0 in use."),
        ({"maximum": 1000000, "default": 10}, quota(450, 20), 10, "Uses 10 of 450, 20 in use."),
        ({"maximum": 1000000, "default": 10}, quota(450, 445), 5, "the quota leaves 5"),
        ({"maximum": 4, "default": 10}, quota(450), 4, "the maximum leaves 4"),
        ({"minimum": 15, "step": 5, "default": 100}, quota(50, 17), 30, "the quota leaves 30"),
        ({"default": 10}, None, 10, "The quota is unknown: Azure does not tell it."),
        ({"minimum": 10, "step": 10, "default": 15}, quota(100), 10, "the step of 10 leaves 10"),
        ({"minimum": 10, "step": 10, "default": 15}, None, 10, "the step of 10 leaves 10"),
        ({"minimum": 10, "step": 10, "default": 15}, quota(12), 10, "the quota leaves 10"),
        ({"maximum": 2 * 10**9, "default": 10**10}, None, 2 * 10**9, "the maximum leaves"),
        ({}, quota(450), 1, "Uses 1 of 450, 0 in use."),
    ],
)
def test_unasked_the_usual_capacity_is_taken_within_what_is_left(
    bounds: dict[str, int], use: QuotaUse | None, expected: int, says: str
) -> None:
    choice = choose_capacity(sku(**bounds), None, use)
    assert choice.value == expected
    assert choice.actions == ()
    assert any(says in warning for warning in choice.warnings)


def test_without_quota_the_action_has_the_numbers() -> None:
    choice = choose_capacity(sku(minimum=15, default=100), None, quota(10, 3))
    [action] = choice.actions
    assert (choice.value, action.kind) == (None, ActionKind.REQUEST_QUOTA)
    assert f"15 needed, 3 of 10 in use for {KEY}" in action.instruction
    assert choice.quota == quota(10, 3).model_copy(update={"requested": 15})


def test_more_than_is_left_is_a_matter_of_quota_and_out_of_bounds_is_not() -> None:
    bounds = sku(maximum=100, minimum=10, step=10)
    [action] = choose_capacity(bounds, 60, quota(50)).actions
    assert action.kind is ActionKind.REQUEST_QUOTA
    for asked in (5, 15, 110):
        [action] = choose_capacity(bounds, asked, quota(500)).actions
        assert action.kind is not ActionKind.REQUEST_QUOTA
        assert "from 10 to 100 in steps of 10" in action.instruction
    [action] = choose_capacity(sku(minimum=10, step=10), 15, None).actions
    assert "from 10 on in steps of 10" in action.instruction


BOUND = st.none() | st.integers(0, 2000)
QUOTAS = st.none() | st.builds(quota, st.integers(0, 3000), st.integers(0, 3000))


def _allowed(capacity: int, bounds: Capacity, use: QuotaUse | None) -> bool:
    minimum, step = bounds.minimum or 1, bounds.step or 1
    return (
        capacity >= minimum
        and (bounds.maximum is None or capacity <= bounds.maximum)
        and (capacity - minimum) % step == 0
        and (use is None or capacity <= left_of(use))
    )


def _holds(choice: Choice, asked: int | None, bounds: Capacity, use: QuotaUse | None) -> None:
    if choice.actions:
        assert choice.value is None
        assert all(action.instruction for action in choice.actions)
        return
    assert choice.value > 0
    assert _allowed(choice.value, bounds, use)
    assert asked is None or choice.value == asked
    if use is not None:
        assert choice.quota is not None
        assert choice.quota.requested == choice.value


@given(
    bounds=st.builds(Capacity, minimum=BOUND, maximum=BOUND, step=BOUND, default=BOUND),
    asked=st.none() | st.integers(1, 3000),
    use=QUOTAS,
)
@example(bounds=Capacity(minimum=10, maximum=1), asked=None, use=None)
@example(bounds=Capacity(maximum=0, default=0), asked=None, use=None)
@example(bounds=Capacity(maximum=1, default=1), asked=None, use=quota(0))
def test_any_capacity_is_within_bounds_and_quota_as_asked_or_there_is_an_action(
    bounds: Capacity, asked: int | None, use: QuotaUse | None
) -> None:
    choice = choose_capacity(Sku(name="GlobalStandard", capacity=bounds), asked, use)
    _holds(choice, asked, bounds, use)
    if asked is not None and _allowed(asked, bounds, use):
        assert choice.value == asked
