"""What the check claims, item by item, and that what reached the service bears it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bonito_emulators import Action, Emulation, Redirect, Reset
from bonito_emulators.azure import (
    COGNITIVE_SERVICES_CONTRIBUTOR,
    COGNITIVE_SERVICES_OPENAI_USER,
    Account,
    Application,
    AzureCloud,
    ClientSecret,
)
from bonito_providers import CheckItem, Connection, CredentialReport
from bonito_providers.actions import ActionKind
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_openai.tests.resources import (
    ARM,
    BY_KEY,
    BY_PRINCIPAL,
    HOST,
    KEYS,
    LOGIN,
    MANAGED,
    OPENAI,
    PRINCIPAL,
    SECRET,
    UPGRADED,
    WRONG_KEY,
    Connect,
    model_calls,
    roles,
)

pytestmark = pytest.mark.anyio

NAMES = ["reach", "authenticate", "list_deployments", "manage"]


async def _checked(connection: Connection) -> CredentialReport:
    async with connection:
        return await connection.provider.check_credentials(connection)


def _verdicts(report: CredentialReport) -> list[str]:
    assert [item.name for item in report.items] == NAMES
    return [item.verdict.value for item in report.items]


def _item(report: CredentialReport, name: str) -> CheckItem:
    return next(item for item in report.items if item.name == name)


async def test_a_key_passes_everything_but_managing(connect: Connect, emulation: Emulation) -> None:
    report = await _checked(connect())
    assert _verdicts(report) == ["passed", "passed", "passed", "not_checked"]
    assert report.usable
    assert report.failures == ()
    assert "3 deployments" in _item(report, "list_deployments").reason
    assert "tenant_id, client_id" in _item(report, "manage").reason
    assert report.notes == (f"The endpoint was understood as {OPENAI}.",)
    assert {request.host for request in emulation.log.requests} == {HOST}
    assert {request.header("authorization") for request in emulation.log.requests} == {None}


async def test_a_service_principal_without_its_place_does_the_same_with_tokens(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect(**BY_PRINCIPAL))
    assert _verdicts(report) == ["passed", "passed", "passed", "not_checked"]
    assert _item(report, "manage").reason == "not possible without subscription_id, resource_group"
    assert {request.host for request in emulation.log.requests} == {HOST, LOGIN}
    assert {request.header("api-key") for request in emulation.log.requests} == {None}
    assert len(emulation.log.select(LOGIN, method="POST")) == 1


@pytest.mark.parametrize(
    ("endpoint", "name", "kind"),
    [(OPENAI, "contoso", "OpenAI"), (UPGRADED, "upgraded", "AIServices")],
)
async def test_all_fields_pass_everything_on_both_kinds_of_account(
    connect: Connect, endpoint: str, name: str, kind: str
) -> None:
    report = await _checked(connect(**{**MANAGED, "endpoint": endpoint}))
    assert _verdicts(report) == ["passed"] * 4
    assert report.facts == {"account": name, "kind": kind, "region": "westeurope"}
    assert any("Foundry resource" in note for note in report.notes) is (kind == "AIServices")


async def test_the_check_calls_no_model_and_changes_nothing(
    connect: Connect, emulation: Emulation
) -> None:
    await _checked(connect(**MANAGED))
    assert model_calls(emulation.log) == []
    written = [request for request in emulation.log.requests if request.method != "GET"]
    assert {request.host for request in written} == {LOGIN}


async def test_a_token_goes_only_where_it_was_asked_for(
    connect: Connect, emulation: Emulation
) -> None:
    await _checked(connect(**MANAGED))
    sent = {
        host: {each.header("authorization") for each in emulation.log.select(host)}
        for host in (HOST, ARM)
    }
    assert [len(tokens) for tokens in sent.values()] == [1, 1]
    assert sent[HOST].isdisjoint(sent[ARM])
    for request in emulation.log.select(LOGIN, method="POST"):
        assert request.header("authorization") is None


async def test_with_both_the_key_calls_and_the_principal_manages(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect(**MANAGED, api_key=KEYS[0]))
    assert _verdicts(report) == ["passed"] * 4
    assert "the service principal only manages" in report.notes[1]
    assert {each.header("api-key") for each in emulation.log.select(HOST)} == {KEYS[0]}
    assert {each.header("authorization") for each in emulation.log.select(HOST)} == {None}
    assert len(emulation.log.select(LOGIN, method="POST")) == 1


async def test_a_wrong_key_fails_at_authentication_and_nothing_more_is_sent(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect(**{**BY_KEY, "api_key": WRONG_KEY}))
    assert _verdicts(report) == ["passed", "failed", "not_checked", "not_checked"]
    assert not report.usable
    assert _item(report, "authenticate").error == "CredentialsRejected"
    assert "Copy the key again" in _item(report, "authenticate").reason
    assert [request.status for request in emulation.log.requests] == [401]


async def test_disabled_keys_are_told_with_the_way_out(connect: Connect, account: Account) -> None:
    account.local_auth_disabled = True
    report = await _checked(connect())
    assert _item(report, "authenticate").error == "KeyAuthenticationDisabled"
    assert "give a service principal" in _item(report, "authenticate").reason
    assert (await _checked(connect(**BY_PRINCIPAL))).usable


async def test_a_wrong_secret_fails_at_authentication_and_the_endpoint_hears_nothing(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect(**{**BY_PRINCIPAL, "client_secret": f"{SECRET}x"}))
    assert _verdicts(report) == ["not_checked", "failed", "not_checked", "not_checked"]
    assert _item(report, "authenticate").error == "CredentialsRejected"
    assert "AADSTS7000215" in _item(report, "authenticate").reason
    assert {request.host for request in emulation.log.requests} == {LOGIN}


async def test_an_expired_secret_is_told_from_a_wrong_one(
    connect: Connect, application: Application
) -> None:
    application.secrets = [ClientSecret(value=SECRET, expires=datetime(2025, 1, 1, tzinfo=UTC))]
    report = await _checked(connect(**BY_PRINCIPAL))
    assert "expired" in _item(report, "authenticate").reason
    assert "AADSTS7000222" in _item(report, "authenticate").reason


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("tenant_id", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "AADSTS90002"),
        ("client_id", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "AADSTS700016"),
    ],
)
async def test_a_wrong_tenant_or_client_is_named(
    connect: Connect, field: str, value: str, code: str
) -> None:
    report = await _checked(connect(**{**BY_PRINCIPAL, field: value}))
    assert _item(report, "authenticate").error == "CredentialsRejected"
    assert code in _item(report, "authenticate").reason


async def test_a_principal_that_may_not_call_is_told_which_role_it_lacks(
    connect: Connect, application: Application
) -> None:
    application.roles = roles(COGNITIVE_SERVICES_CONTRIBUTOR)
    report = await _checked(connect(**MANAGED))
    assert _verdicts(report) == ["passed", "failed", "not_checked", "passed"]
    assert _item(report, "authenticate").error == "PermissionMissing"
    assert "Cognitive Services OpenAI User" in _item(report, "authenticate").reason


async def test_a_principal_that_may_not_manage_still_calls_and_lists(
    connect: Connect, application: Application, emulation: Emulation
) -> None:
    application.roles = roles(replace(COGNITIVE_SERVICES_OPENAI_USER, actions=()))
    report = await _checked(connect(**MANAGED))
    assert _verdicts(report) == ["passed", "passed", "passed", "failed"]
    assert report.usable
    assert report.failures == ()
    item = _item(report, "manage")
    assert item.error == "PermissionMissing"
    assert item.action is not None
    assert item.action.kind is ActionKind.GRANT_PERMISSION
    assert "did not list them" in _item(report, "list_deployments").reason


async def test_a_wrong_secret_beside_a_good_key_fails_at_managing_alone(connect: Connect) -> None:
    fields = {**MANAGED, "api_key": KEYS[0], "client_secret": f"{SECRET}x"}
    report = await _checked(connect(**fields))
    assert _verdicts(report) == ["passed", "passed", "passed", "failed"]
    assert report.usable
    assert _item(report, "manage").error == "CredentialsRejected"
    assert "AADSTS7000215" in _item(report, "manage").reason


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("resource_group", "elsewhere", "elsewhere"),
        ("subscription_id", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "subscription"),
        ("account_name", "upgraded", "does not answer on contoso"),
        ("account_name", "nobody", "nobody"),
    ],
)
async def test_a_wrong_place_is_named(connect: Connect, field: str, value: str, said: str) -> None:
    report = await _checked(connect(**{**MANAGED, field: value}))
    assert _verdicts(report) == ["passed", "passed", "passed", "failed"]
    assert said in _item(report, "manage").reason


async def test_a_name_that_does_not_resolve_fails_at_reach_and_gets_nothing(
    connect: Connect, emulation: Emulation
) -> None:
    fields = {**BY_KEY, "endpoint": "https://nobody.openai.azure.com"}
    report = await _checked(connect(**fields))
    assert _verdicts(report) == ["failed", "not_checked", "not_checked", "not_checked"]
    assert _item(report, "reach").error == "HostUnreachable"
    assert emulation.log.requests == []


async def test_a_service_that_is_down_says_nothing_of_the_key(
    connect: Connect, cloud: AzureCloud
) -> None:
    cloud.faults.add(always(answer(503)))
    report = await _checked(connect())
    assert _verdicts(report)[:2] == ["passed", "failed"]
    assert _item(report, "authenticate").error == "ServiceUnavailable"


async def test_a_host_that_breaks_off_is_not_said_to_answer(
    connect: Connect, cloud: AzureCloud
) -> None:
    cloud.faults.add(always(Reset()))
    assert _verdicts(await _checked(connect()))[:2] == ["failed", "not_checked"]


@pytest.mark.parametrize("fields", [BY_KEY, BY_PRINCIPAL])
async def test_a_redirect_is_refused_and_nothing_goes_there(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, fields: dict[str, str]
) -> None:
    cloud.faults.add(always(Redirect("https://evil.test/openai/models"), host=HOST))
    report = await _checked(connect(**fields))
    assert _item(report, "reach").error == "HostRefused"
    assert emulation.log.refused_names == []


@pytest.mark.parametrize("host", [LOGIN, ARM])
async def test_a_redirect_of_entra_or_arm_is_not_followed(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, host: str
) -> None:
    cloud.faults.add(always(Redirect("https://upgraded.openai.azure.com/x"), host=host))
    await _checked(connect(**MANAGED))
    assert emulation.log.select("upgraded.openai.azure.com") == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (answer(503, "<html>", content_type="text/html"), "ServiceUnavailable"),
        (answer(503, {"error": "temporarily_unavailable"}), "ServiceUnavailable"),
        (answer(429, {"error": "too_many_requests"}), "RateLimited"),
        (answer(200, "<html>", content_type="text/html"), "MalformedAnswer"),
        (answer(200, {}), "MalformedAnswer"),
        (answer(200, {"expires_in": "soon"}), "MalformedAnswer"),
        (answer(200, "[]", content_type="application/json"), "MalformedAnswer"),
        (Redirect("https://evil.test/"), "HostRefused"),
        (Reset(), "ServiceUnavailable"),
    ],
)
async def test_trouble_at_entra_is_not_taken_for_a_wrong_secret(
    connect: Connect, cloud: AzureCloud, fault: Action, kind: str
) -> None:
    cloud.faults.add(always(fault, host=LOGIN))
    report = await _checked(connect(**BY_PRINCIPAL))
    [failed] = report.failures
    assert failed.error == kind
    assert failed.name == ("reach" if isinstance(fault, Redirect | Reset) else "authenticate")
    assert "<html>" not in report.model_dump_json()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (answer(503, "<html>", content_type="text/html"), "ServiceUnavailable"),
        (answer(200, "<html>", content_type="text/html"), "MalformedAnswer"),
        (answer(200, {}), "MalformedAnswer"),
        (answer(200, {"value": "x"}), "MalformedAnswer"),
        (answer(429, {"error": {"code": "TooManyRequests"}}), "RateLimited"),
        (Redirect("https://evil.test/"), "HostRefused"),
        (Reset(), "ServiceUnavailable"),
    ],
)
async def test_trouble_at_arm_is_named_and_says_nothing_of_the_credentials(
    connect: Connect, cloud: AzureCloud, fault: Action, kind: str
) -> None:
    cloud.faults.add(always(fault, host=ARM))
    report = await _checked(connect(**MANAGED))
    # Only where ARM is closed to this connection does the data plane list in its place.
    listed = "passed" if isinstance(fault, Redirect) else "failed"
    assert _verdicts(report) == ["passed", "passed", listed, "failed"]
    assert report.usable
    assert _item(report, "manage").error == kind
    assert "<html>" not in report.model_dump_json()


async def test_without_any_listing_the_item_is_not_checked_and_names_the_way_out(
    connect: Connect, account: Account
) -> None:
    account.legacy_listing = False
    report = await _checked(connect())
    assert report.usable
    assert _verdicts(report) == ["passed", "passed", "not_checked", "not_checked"]
    assert "can be adopted" in _item(report, "list_deployments").reason


async def test_the_service_principal_alone_makes_no_difference_to_a_good_key(
    connect: Connect,
) -> None:
    report = await _checked(connect(**BY_KEY, **PRINCIPAL))
    assert _verdicts(report) == ["passed", "passed", "passed", "not_checked"]
