"""The account that the tests connect to, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bonito_emulators.aws import Account, ApiKey, AWSCloud, Role, User
from bonito_providers import Connection

REGION = "eu-west-1"
REGIONS = ("us-east-1", "eu-west-1", "ap-northeast-1")
NUMBER = "123456789012"
SECRET = "Canary/Secret+Of/The+Tests/Of/Bedrock/40"
API_KEY = "ABSKCanaryKeyOfTheTestsOfBedrock0123456789"
ROLE_ARN = f"arn:aws:iam::{NUMBER}:role/reader"
EXTERNAL_ID = "bonito-0f1e2d3c4b5a69788796a5b4c3d2e1f0"
KEYS = {"access_key_id": "AKIABEDROCKTESTS0001", "secret_access_key": SECRET}
BY_KEYS = {"region": REGION, **KEYS}
BY_API_KEY = {"region": REGION, "api_key": API_KEY}
BY_ROLE = {**BY_KEYS, "role_arn": ROLE_ARN, "external_id": EXTERNAL_ID}

Connect = Callable[..., Connection]


def make_cloud() -> AWSCloud:
    user = User("bonito", KEYS["access_key_id"], SECRET)
    account = Account(
        NUMBER,
        users=[user],
        api_keys=[ApiKey(API_KEY, user.name)],
        roles=[Role("reader", EXTERNAL_ID)],
    )
    return AWSCloud([account])


def only(items: Any, **wanted: Any) -> Any:
    """Gives the one item that has these attributes."""
    (found,) = [
        each for each in items if all(getattr(each, key) == value for key, value in wanted.items())
    ]
    return found
