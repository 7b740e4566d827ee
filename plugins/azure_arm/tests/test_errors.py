"""Every refusal of Entra and ARM that was ever reported has a class, a mend and an action."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_azure_arm.errors import (
    ActionNeeded,
    Busy,
    ResourceMissing,
    error_of,
    refusal_of,
    sign_in_error,
)
from bonito_azure_arm.states import failure_in
from bonito_providers.actions import ActionKind
from bonito_providers.errors import (
    Conflict,
    CredentialsRejected,
    HostRefused,
    InvalidRequest,
    ModelNotFound,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RECORDED = (
    Path(__file__).parents[4] / "shared" / "reference" / "azure-data/errors/azure-errors.json"
)

QUOTA, GRANT = ActionKind.REQUEST_QUOTA, ActionKind.GRANT_PERMISSION
CASES: list[tuple[int, str, str, type[ProviderError], ActionKind | None]] = [
    (400, "InsufficientQuota", "require 240 new capacity", ActionNeeded, QUOTA),
    (400, "InvalidResourceProperties", "The SKU is not supported", InvalidRequest, None),
    (400, "InvalidCapacity", "The capacity should be at least 1", InvalidRequest, None),
    (400, "DeploymentModelNotSupported", "not supported by the model", ModelNotFound, None),
    (400, "ServiceModelDeprecated", "has been deprecated since", ModelNotFound, None),
    (400, "ServiceModelDeprecating", "is in deprecating state", ModelNotFound, None),
    (400, "CannotChangeDeploymentModel", "cannot be changed", Conflict, None),
    (
        400,
        "SpecialFeatureOrQuotaIdRequired",
        "blocked QuotaId",
        ActionNeeded,
        ActionKind.CONTACT_SUPPORT,
    ),
    (
        400,
        "InvalidModelProviderData",
        "industry is required",
        ActionNeeded,
        ActionKind.SUBMIT_USE_CASE,
    ),
    (409, "RequestConflict", "Another operation is being performed", Busy, None),
    (
        409,
        "MissingSubscriptionRegistration",
        "not registered",
        ActionNeeded,
        ActionKind.ENABLE_API,
    ),
    (403, "AuthorizationFailed", "does not have authorization", PermissionMissing, GRANT),
    (403, "LinkedAuthorizationFailed", "linked scope", PermissionMissing, GRANT),
    (400, "BadRequest", "disableLocalAuth is set to be true", InvalidRequest, None),
    (404, "ResourceNotFound", "was not found", ResourceMissing, None),
    (404, "SubscriptionNotFound", "could not be found", ResourceMissing, None),
    (
        400,
        "MarketplacePurchaseEligibilityFailed",
        "may not buy",
        ActionNeeded,
        ActionKind.CONTACT_SUPPORT,
    ),
    (
        400,
        "Whatever",
        "Marketplace Subscription purchase eligibility check failed, error message [no]",
        ActionNeeded,
        ActionKind.CONTACT_SUPPORT,
    ),
    (401, "ExpiredAuthenticationToken", "expired", CredentialsRejected, None),
    (412, "PreconditionFailed", "etag", Conflict, None),
    (429, "TooManyRequests", "slow down", RateLimited, None),
    (503, "ServerBusy", "busy", ServiceUnavailable, None),
    (307, "", "", HostRefused, None),
    (418, "Teapot", "", InvalidRequest, None),
]


def error(status: int, body: object, **headers: str) -> ProviderError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return error_of(refusal_of(status, content), named, now=NOW)


@pytest.mark.parametrize(("status", "code", "said", "kind", "action"), CASES)
def test_a_refusal_has_a_class_a_mend_and_an_action(
    status: int, code: str, said: str, kind: type[ProviderError], action: ActionKind | None
) -> None:
    found = error(status, {"error": {"code": code, "message": said}})
    assert type(found) is kind
    assert (found.status, found.code) == (status, code or None)
    assert said in found.message
    assert [each.kind for each in found.actions] == ([action] if action else [])
    if action:
        assert found.hint == found.actions[0].instruction


@pytest.mark.parametrize("status", [401, 403, 404, 408, 409, 412, 429, 500, 307, 418])
def test_a_status_alone_has_a_class_too(status: int) -> None:
    assert error(status, b"<html>gone</html>").status == status


def test_what_support_asks_for_and_when_to_come_again_are_kept() -> None:
    busy = {"error": {"code": "RequestConflict", "message": "Another operation"}}
    found = error(409, busy, x_ms_request_id="id-1", retry_after="17")
    assert (found.request_id, found.retry_after) == ("id-1", 17)
    found = error(409, busy, x_ms_correlation_request_id="id-2")
    assert (found.request_id, found.retry_after) == ("id-2", None)


def test_words_of_any_length_are_cut_and_stay_on_one_line() -> None:
    found = error(400, {"error": {"code": "x" * 500, "message": "long\n" * 500}})
    assert len(found.message) < 600
    assert "\n" not in found.message


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        ("AADSTS7000215", "not its id"),
        ("AADSTS7000222", "expired"),
        ("AADSTS700016", "no such application"),
        ("AADSTS90002", "no such tenant"),
        ("AADSTS50001", "Check tenant id"),
    ],
)
def test_a_refused_sign_in_says_what_is_wrong_by_entras_number(number: str, mend: str) -> None:
    found = sign_in_error(f"Authentication failed: {number}: words. Trace ID: 1", 401)
    assert isinstance(found, CredentialsRejected)
    assert found.code == number
    assert mend in found.hint


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (503, ServiceUnavailable)])
def test_entra_out_of_order_is_not_taken_for_a_wrong_secret(
    status: int, kind: type[ProviderError]
) -> None:
    assert isinstance(sign_in_error("Authentication failed", status), kind)


@pytest.mark.skipif(not RECORDED.is_file(), reason="the collection of reported errors is not here")
def test_every_reported_body_of_entra_and_arm_is_understood() -> None:
    rows: list[dict[str, Any]] = json.loads(RECORDED.read_text("utf-8"))
    kinds = {code: (kind, action) for _, code, _, kind, action in CASES}
    seen = set()
    for row in rows:
        if row["plane"] == "entra":
            said = f"Authentication failed: {row['body']['error_description']}"
            assert sign_in_error(said, row["status"]).code == "AADSTS7000215"
        elif row["plane"] == "arm":
            code = row["body"]["error"]["code"]
            kind, action = kinds.get(code, kinds["Whatever"])
            found = error(row["status"], row["body"])
            assert type(found) is kind
            assert [each.kind for each in found.actions] == ([action] if action else [])
        elif row["plane"] == "arm-lro":
            failure = failure_in(row["body"])
            assert failure is not None
            assert failure.needs is not None
        seen.add(row["plane"])
    assert {"entra", "arm", "arm-lro"} <= seen


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.integers(300, 599))
def test_any_body_of_any_refusal_becomes_an_error(body: bytes, status: int) -> None:
    assert error(status, body).status == status
