"""A plan is sealed by its digest, and a request says what it wants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bonito_providers import (
    DeployedModel,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    QuotaUse,
    State,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
text = st.text(max_size=10)
maybe_text = st.none() | text
number = st.none() | st.integers(0, 1000)
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
requests = st.builds(
    DeploymentRequest,
    model=st.text(min_size=1, max_size=10),
    name=maybe_text,
    sku=maybe_text,
    capacity=st.none() | st.integers(1, 1000),
    fields=st.dictionaries(text, text, max_size=3),
    consents=st.frozensets(text, max_size=4),
    update=st.booleans(),
)
plans = st.builds(
    DeploymentPlan,
    ref=st.builds(DeploymentRef, provider=text, resource=text, name=text),
    request=requests,
    model=st.builds(DeployedModel, name=maybe_text, version=maybe_text),
    sku=maybe_text,
    capacity=number,
    quota=st.none() | st.builds(QuotaUse, key=text, limit=number),
    cost=maybe_text,
    warnings=st.lists(text, max_size=3).map(tuple),
    changes=st.lists(text, max_size=3).map(tuple),
    preview=st.dictionaries(text, documents, max_size=3),
    created_at=moments,
    expires_at=moments,
)
CHANGES: dict[str, Any] = {
    "ref": DeploymentRef(provider="other", resource="other", name="something else"),
    "request": DeploymentRequest(model="something else"),
    "model": DeployedModel(name="something else"),
    "sku": "something else",
    "region": "nowhere",
    "capacity": 4711,
    "quota": QuotaUse(key="something else"),
    "cost": "something else",
    "warnings": ("something else",),
    "actions": (),
    "changes": ("something else",),
    "preview": {"something": "else"},
    "created_at": NOW - timedelta(days=1),
    "expires_at": NOW + timedelta(days=999),
}


@given(plans)
def test_a_sealed_plan_is_intact_also_after_being_stored(plan: DeploymentPlan) -> None:
    sealed = plan.sealed()
    assert not plan.intact
    assert sealed.intact
    stored = DeploymentPlan.model_validate_json(sealed.model_dump_json())
    assert stored.intact
    assert stored.digest == sealed.digest


@given(plans, st.sampled_from(sorted(CHANGES)))
def test_any_change_breaks_the_seal(plan: DeploymentPlan, field: str) -> None:
    changed = plan.sealed().model_copy(update={field: CHANGES[field]})
    assert changed.intact == (getattr(plan, field) == CHANGES[field])


def test_the_changes_tried_cover_every_field_of_a_plan() -> None:
    assert set(CHANGES) == set(DeploymentPlan.model_fields) - {"digest"}


@given(plans)
def test_a_seal_cannot_be_left_out_or_taken_from_another_plan(plan: DeploymentPlan) -> None:
    other = plan.model_copy(update={"sku": "another one than before"}).sealed()
    assert not plan.sealed().model_copy(update={"digest": ""}).intact
    assert not plan.model_copy(update={"digest": other.digest}).intact


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_consents_were_given_in_does_not_matter(consents: list[str]) -> None:
    def plan(given: list[str]) -> DeploymentPlan:
        return DeploymentPlan(
            ref=DeploymentRef(provider="p", resource="r", name="n"),
            request=DeploymentRequest(model="m", consents=frozenset(given)),
            created_at=NOW,
            expires_at=NOW,
        )

    assert plan(consents).sealed().digest == plan(sorted(consents)).sealed().digest


def test_a_plan_needs_a_time_zone() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValidationError, match="timezone"):
        DeploymentPlan(
            ref=DeploymentRef(provider="p", resource="r", name="n"),
            request=DeploymentRequest(model="m"),
            created_at=NOW,
            expires_at=naive,
        )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "deploying needs a model"),
        ({"adopt": True}, "adopting needs the name"),
        ({"adopt": True, "name": ""}, "adopting needs the name"),
        ({"model": "m", "capacity": 0}, "greater than or equal to 1"),
        ({"model": "m", "modle": "m"}, "modle"),
    ],
)
def test_a_request_that_can_mean_nothing_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        DeploymentRequest.model_validate(fields)


def test_a_running_operation_is_a_secret() -> None:
    ref = DeploymentRef(provider="p", resource="r", name="n")
    signed = "https://one.acme.example/operations/1?signature=abc"
    deployment = Deployment(
        ref=ref, state=State.QUEUED, observed_at=NOW, operation=SecretStr(signed)
    )
    shown = f"{deployment} {deployment!r} {deployment.model_dump()} {deployment.model_dump_json()}"
    assert "signature" not in shown


def test_a_reference_survives_being_stored() -> None:
    ref = DeploymentRef(provider="p", resource="r", name="n", details={"region": "north"})
    assert DeploymentRef.model_validate_json(ref.model_dump_json()) == ref


def test_a_value_ignores_what_it_does_not_know_and_cannot_be_changed() -> None:
    ref = DeploymentRef.model_validate(
        {"provider": "p", "resource": "r", "name": "n", "added_next_year": 1}
    )
    with pytest.raises(ValidationError, match="frozen"):
        ref.name = "other"  # type: ignore[misc] # frozen is the point of the test
