"""What the check claims, item by item, and that what reached the service bears it out."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation, Redirect, Reset
from bonito_emulators.azure import Account, AzureCloud
from bonito_providers import Connection, CredentialReport, Verdict
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_foundry.tests.resources import (
    COGNITIVE,
    KEYS,
    OPENAI,
    PROJECT,
    SERVICES,
    WRONG_KEY,
    Connect,
    keys_sent,
    model_calls,
)

pytestmark = pytest.mark.anyio

NAMES = [
    "reach",
    "authenticate",
    "list_deployments",
    "surface_models",
    "surface_openai_v1",
    "surface_deployments",
    "surface_anthropic",
    "manage",
]
ASKED = {
    "surface_models": "/models/info",
    "surface_openai_v1": "/openai/v1/models",
    "surface_deployments": "/openai/models",
    "surface_anthropic": "/anthropic/v1/messages/count_tokens",
}


async def _checked(connection: Connection) -> CredentialReport:
    async with connection:
        return await connection.provider.check_credentials(connection)


def _verdicts(report: CredentialReport) -> dict[str, str]:
    assert [item.name for item in report.items] == NAMES
    return {item.name: item.verdict.value for item in report.items}


def _reason(report: CredentialReport, name: str) -> str:
    return next(item.reason for item in report.items if item.name == name)


def _error(report: CredentialReport, name: str) -> str | None:
    return next(item.error for item in report.items if item.name == name)


def _borne_out(report: CredentialReport, emulation: Emulation, *, base: str = SERVICES) -> None:
    """Compares the claims about surfaces with the requests and their answers."""
    host = base.removeprefix("https://")
    for name, path in ASKED.items():
        last = [request.status for request in emulation.log.select(host, path=path)][-1:]
        verdict = _verdicts(report)[name]
        if verdict == "passed":
            assert last == [200], name
        elif verdict == "failed" and last:
            assert last == [404], name
    assert model_calls(emulation.log) == []


async def test_a_good_key_passes_everything_but_managing(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect())
    expected = dict.fromkeys(NAMES, "passed") | {"manage": "not_checked"}
    assert _verdicts(report) == expected
    assert report.usable
    assert report.failures == ()
    assert report.proposals == ()
    assert "5 deployments" in _reason(report, "list_deployments")
    assert "API key cannot manage" in _reason(report, "manage")
    assert report.notes == (f"The endpoint was understood as {SERVICES}.",)
    _borne_out(report, emulation)


async def test_the_check_calls_no_model(connect: Connect, emulation: Emulation) -> None:
    await _checked(connect(PROJECT))
    posted = {request.path for request in emulation.log.select(method="POST")}
    assert posted == {"/anthropic/v1/messages/count_tokens"}
    assert {request.method for request in emulation.log.requests} == {"GET", "POST"}


async def test_only_what_was_called_has_a_duration(connect: Connect) -> None:
    report = await _checked(connect())
    timed = {item.name for item in report.items if item.seconds is not None}
    assert timed == set(NAMES) - {"manage"}


async def test_either_key_is_good(connect: Connect) -> None:
    assert (await _checked(connect(key=KEYS[1]))).usable


async def test_a_wrong_key_fails_at_authentication_and_nothing_more_is_sent(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect(key=WRONG_KEY))
    expected = dict.fromkeys(NAMES, "not_checked") | {"reach": "passed", "authenticate": "failed"}
    assert _verdicts(report) == expected
    assert not report.usable
    assert _error(report, "authenticate") == "CredentialsRejected"
    assert "Copy the key again" in _reason(report, "authenticate")
    assert [request.status for request in emulation.log.requests] == [401]


async def test_disabled_keys_are_told_from_a_wrong_one_with_the_command_that_allows_them(
    connect: Connect, account: Account
) -> None:
    account.local_auth_disabled = True
    report = await _checked(connect())
    assert _verdicts(report)["authenticate"] == "failed"
    assert _error(report, "authenticate") == "KeyAuthenticationDisabled"
    assert "disableLocalAuth=false" in _reason(report, "authenticate")


async def test_a_name_that_does_not_resolve_fails_at_reach_and_gets_no_key(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect("https://nobody.services.ai.azure.com"))
    expected = dict.fromkeys(NAMES, "not_checked") | {"reach": "failed"}
    assert _verdicts(report) == expected
    assert _error(report, "reach") == "HostUnreachable"
    assert "spelling" in _reason(report, "reach")
    assert emulation.log.requests == []
    assert set(emulation.log.refused_names) == {"nobody.services.ai.azure.com"}


async def test_a_service_that_is_down_is_reached_but_says_nothing_of_the_key(
    connect: Connect, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.faults.add(always(answer(503)))
    report = await _checked(connect())
    assert (_verdicts(report)["reach"], _verdicts(report)["authenticate"]) == ("passed", "failed")
    assert _error(report, "authenticate") == "ServiceUnavailable"
    assert {request.status for request in emulation.log.requests} == {503}


async def test_a_host_that_breaks_every_connection_off_is_not_said_to_answer(
    connect: Connect, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.faults.add(always(Reset()))
    report = await _checked(connect())
    assert _verdicts(report)["reach"] == "failed"
    assert _verdicts(report)["authenticate"] == "not_checked"
    assert {request.status for request in emulation.log.requests} == {None}


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "", "[1]", '{"data": '])
async def test_an_answer_that_is_no_catalogue_does_not_prove_the_key(
    connect: Connect, cloud: AzureCloud, body: str
) -> None:
    cloud.faults.add(always(answer(200, body, content_type="text/html")))
    report = await _checked(connect())
    assert (_verdicts(report)["reach"], _verdicts(report)["authenticate"]) == ("passed", "failed")
    assert _error(report, "authenticate") == "MalformedAnswer"
    assert "<html>" not in report.model_dump_json()


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.test/openai/v1/models",
        "https://legacy.openai.azure.com/openai/v1/models",
        "http://contoso.services.ai.azure.com/openai/v1/models",
    ],
)
async def test_a_redirect_is_refused_and_the_key_goes_nowhere(
    connect: Connect, cloud: AzureCloud, emulation: Emulation, location: str
) -> None:
    cloud.faults.add(always(Redirect(location)))
    report = await _checked(connect())
    assert _verdicts(report)["reach"] == "failed"
    assert _error(report, "reach") == "HostRefused"
    assert {host for host, _ in keys_sent(emulation.log)} == {"contoso.services.ai.azure.com"}
    assert emulation.log.refused_names == []


async def test_a_resource_that_has_left_models_is_usable_and_the_item_says_so(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.models_surface = False
    report = await _checked(connect())
    assert report.usable
    assert report.failures == ()
    assert _verdicts(report)["surface_models"] == "failed"
    assert _verdicts(report)["surface_openai_v1"] == "passed"
    _borne_out(report, emulation)


async def test_a_resource_without_v1_authenticates_by_the_classic_route(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.openai_v1_surface = False
    report = await _checked(connect())
    assert report.usable
    assert _verdicts(report)["surface_openai_v1"] == "failed"
    assert _verdicts(report)["surface_deployments"] == "passed"
    _borne_out(report, emulation)


async def test_without_any_listing_the_item_is_not_checked_and_names_the_way_out(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.legacy_listing = False
    report = await _checked(connect())
    assert report.usable
    assert _verdicts(report)["list_deployments"] == "not_checked"
    assert "can be adopted" in _reason(report, "list_deployments")
    assert _verdicts(report)["surface_anthropic"] == "not_checked"
    _borne_out(report, emulation)


async def test_the_project_of_the_endpoint_is_the_listing(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect(PROJECT))
    assert "project team" in _reason(report, "list_deployments")
    assert report.notes[1] == "It names the project team, whose deployments are listed."
    assert emulation.log.select(path="/openai/deployments") == []


@pytest.mark.parametrize("host", [OPENAI, COGNITIVE])
async def test_a_twin_host_is_proposed_to_be_changed_once_the_other_took_the_key(
    connect: Connect, emulation: Emulation, host: str
) -> None:
    report = await _checked(connect(f"{host}/openai/v1"))
    [change] = report.proposals
    assert (change.field, change.given, change.proposed) == ("endpoint", host, SERVICES)
    assert change.proved
    proof = emulation.log.select("contoso.services.ai.azure.com")
    assert [(one.method, one.path, one.status) for one in proof] == [
        ("GET", "/openai/v1/models", 200)
    ]
    assert _verdicts(report)["surface_models"] == "failed"
    _borne_out(report, emulation, base=host)


async def test_the_cognitive_host_serves_the_classic_surface_alone(connect: Connect) -> None:
    verdicts = _verdicts(await _checked(connect(COGNITIVE)))
    assert verdicts["surface_openai_v1"] == "failed"
    assert verdicts["surface_deployments"] == "passed"


async def test_a_resource_that_has_no_services_host_gets_a_proposal_that_is_not_proved(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect("https://legacy.openai.azure.com"))
    assert report.usable
    [change] = report.proposals
    assert not change.proved
    assert "does not resolve" in change.reason
    assert set(emulation.log.refused_names) == {"legacy.services.ai.azure.com"}


async def test_a_services_host_that_refuses_the_key_is_not_proved(
    connect: Connect, cloud: AzureCloud
) -> None:
    """As when the name now belongs to somebody else's resource."""
    refused = answer(401, {"error": {"code": "401", "message": "Access denied"}})
    cloud.faults.add(always(refused, host="contoso.services.ai.azure.com"))
    [change] = (await _checked(connect(OPENAI))).proposals
    assert not change.proved


async def test_without_a_deployment_of_claude_its_surface_is_not_checked(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.remove("assistant")
    report = await _checked(connect())
    assert _verdicts(report)["surface_anthropic"] == "not_checked"
    assert emulation.log.select(method="POST") == []


async def test_a_verdict_that_was_not_tried_never_counts_as_passed(
    connect: Connect, emulation: Emulation
) -> None:
    report = await _checked(connect())
    passed = {item.name for item in report.items if item.verdict is Verdict.PASSED}
    assert {ASKED[name] for name in passed & set(ASKED)} <= {
        request.path for request in emulation.log.requests if request.status == 200
    }
