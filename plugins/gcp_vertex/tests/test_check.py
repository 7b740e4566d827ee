"""The check of a key file: what was found, item by item, and what mends it."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation
from bonito_emulators.gcp import GoogleCloud
from bonito_providers import ActionKind, Connection, CredentialReport, Provider, Verdict
from plugins.gcp_vertex.tests.resources import Connect, key_file, paid_calls

pytestmark = pytest.mark.anyio


def verdicts(report: CredentialReport) -> dict[str, Verdict]:
    return {each.name: each.verdict for each in report.items}


async def test_a_good_key_passes_every_item_and_calls_no_model(
    provider: Provider, connection: Connection, emulation: Emulation
) -> None:
    report = await provider.check_credentials(connection)
    assert set(verdicts(report).values()) == {Verdict.PASSED}
    assert report.facts["project"] == "acme-prod"
    assert paid_calls(emulation.log) == []


async def test_a_wrong_key_fails_at_authenticating(provider: Provider, connect: Connect) -> None:
    async with connect(service_account_json=key_file(wrong=True)) as connection:
        found = verdicts(await provider.check_credentials(connection))
    assert found["reach"] is Verdict.PASSED
    assert found["authenticate"] is Verdict.FAILED
    assert found["call_models"] is Verdict.NOT_CHECKED


async def test_a_disabled_api_is_told_apart_from_a_wrong_key(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled = False
    report = await provider.check_credentials(connection)
    assert report.usable
    item = next(each for each in report.items if each.name == "list_models")
    assert item.verdict is Verdict.FAILED
    assert item.action is not None
    assert item.action.kind is ActionKind.ENABLE_API
    assert "project=acme-prod" in (item.action.url or "")


async def test_a_missing_role_names_the_permission(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.identities.accounts[0].denied = {"aiplatform.endpoints.predict"}
    report = await provider.check_credentials(connection)
    item = next(each for each in report.items if each.name == "call_models")
    assert report.usable
    assert item.error == "PermissionMissing"
    assert item.action is not None
    assert "aiplatform.endpoints.predict" in item.action.instruction


async def test_a_model_user_needs_no_other_api(
    provider: Provider, connection: Connection, emulation: Emulation
) -> None:
    """Cloud Resource Manager would have to be enabled, and wants a role of its own."""
    await provider.check_credentials(connection)
    hosts = {each.host for each in emulation.log.requests}
    assert {each.split(".")[0].split("-")[-1] for each in hosts} == {"oauth2", "aiplatform"}


async def test_without_a_region_endpoints_are_not_checked(
    provider: Provider, connect: Connect
) -> None:
    async with connect(endpoint_region=None) as connection:
        report = await provider.check_credentials(connection)
    assert verdicts(report)["list_endpoints"] is Verdict.NOT_CHECKED
    assert not report.failures
