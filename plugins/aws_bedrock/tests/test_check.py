"""What a check finds out beyond what every provider's does."""

from __future__ import annotations

import pytest

from bonito_emulators.aws import Account, ApiKey, AWSCloud, User
from bonito_providers.report import Verdict
from plugins.aws_bedrock.tests.resources import API_KEY, BY_API_KEY, BY_ROLE, Connect, only

pytestmark = pytest.mark.anyio
WITH_KEY = {**BY_ROLE, "api_key": API_KEY}


async def test_identity_and_permission_are_items_of_their_own(
    connect: Connect, account: Account
) -> None:
    account.users[0].denied.add("bedrock:ListFoundationModels")
    async with connect() as connection:
        report = await connection.provider.check_credentials(connection)
    found = {each.name: each.verdict for each in report.items}
    assert (found["authenticate"], found["list_models"]) == (Verdict.PASSED, Verdict.FAILED)
    assert "not authorized to perform" in only(report.items, name="list_models").reason


async def test_an_api_key_that_may_not_list_has_authenticated(
    connect: Connect, account: Account
) -> None:
    account.users[0].denied.add("bedrock:ListFoundationModels")
    async with connect(**BY_API_KEY) as connection:
        report = await connection.provider.check_credentials(connection)
    found = {each.name: each.verdict for each in report.items}
    assert (found["authenticate"], found["list_models"]) == (Verdict.PASSED, Verdict.FAILED)


async def test_an_api_key_of_the_roles_account_serves_its_routes(connect: Connect) -> None:
    async with connect(**WITH_KEY) as connection:
        report = await connection.provider.check_credentials(connection)
    assert only(report.items, name="route").verdict is Verdict.PASSED


async def test_an_api_key_of_another_account_than_the_roles_is_found_out(
    connect: Connect, cloud: AWSCloud, account: Account
) -> None:
    account.api_keys.clear()
    user = User("theirs", "AKIAOFANOTHERACCOUNT", "Secret/Of/Another/Account/0123456789/40")
    cloud.accounts.append(
        Account("999988887777", users=[user], api_keys=[ApiKey(API_KEY, "theirs")])
    )
    async with connect(**WITH_KEY) as connection:
        report = await connection.provider.check_credentials(connection)
    item = only(report.items, name="route")
    assert item.verdict is Verdict.FAILED
    assert "999988887777" in item.reason
