"""The README's policies are enough, and no more than enough, for what they are said to allow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bonito_emulators.aws import Account, AWSCloud
from bonito_providers import Connection, DeploymentRequest, InvocationRequest
from bonito_providers.errors import BonitoError
from plugins.aws_bedrock.tests.journey import check_and_list, everything
from plugins.aws_bedrock.tests.resources import REGION

pytestmark = pytest.mark.anyio
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
[TEXT] = re.findall(r"```json\n(.*?)```", README, flags=re.DOTALL)
POLICY = json.loads(TEXT)
SMALLEST = frozenset(action for each in POLICY["Statement"] for action in each["Action"])
EVERY = frozenset(re.findall(r"(?:bedrock|aws-marketplace):[A-Z]\w+", README))
# LiteLLM's routes stream; the plugin itself does not.
BY_OTHERS = {"bedrock:InvokeModelWithResponseStream", "aws-marketplace:ViewSubscriptions"}
# AWS asks for it where something is tagged as it is made, and the emulator does not.
UNCHECKED = {"bedrock:TagResource", "bedrock:CallWithBearerToken"}


class AllBut(set[str]):
    """What is denied to somebody who is allowed these actions."""

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__()
        self.allowed = allowed
        self.asked: set[str] = set()

    def __contains__(self, action: object) -> bool:
        self.asked.add(str(action))
        return action not in self.allowed


async def use(connection: Connection) -> None:
    """Do what needs no permission to change anything."""
    await check_and_list(connection)
    provider = connection.provider
    plan = await provider.plan_deployment(connection, DeploymentRequest(name="team", adopt=True))
    found = await provider.deploy(connection, plan)
    await provider.invoke_model(connection, found, InvocationRequest())
    planned = DeploymentRequest(model="amazon.nova-lite-v1:0")
    assert not (await provider.plan_deployment(connection, planned)).warnings[1:]


@pytest.fixture
def team(cloud: AWSCloud) -> Any:
    """Somebody's own profile."""
    return cloud.put_outside("team", "amazon.nova-lite-v1:0", region=REGION, scope="eu")


@pytest.mark.usefixtures("team")
async def test_the_smallest_policy_is_enough_to_check_list_adopt_and_call(
    connection: Connection, account: Account
) -> None:
    account.users[0].denied = AllBut(SMALLEST)
    await use(connection)


async def test_with_all_actions_of_the_readme_everything_can_be_done(
    connection: Connection, account: Account
) -> None:
    denied = account.users[0].denied = AllBut(EVERY)
    await everything(connection, account)
    account.users[0].denied = AllBut(SMALLEST)
    with pytest.raises(BonitoError):
        await everything(connection, account)
    assert EVERY - denied.asked - BY_OTHERS - UNCHECKED <= {"bedrock:GetInferenceProfile"}


async def test_the_smallest_policy_has_the_resource_by_which_global_profiles_route() -> None:
    resources = [each for statement in POLICY["Statement"] for each in statement["Resource"]]
    assert "arn:aws:bedrock:::foundation-model/*" in resources
