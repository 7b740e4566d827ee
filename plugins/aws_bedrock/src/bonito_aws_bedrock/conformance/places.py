"""The account that the harness describes, and who may act for it."""

from __future__ import annotations

from urllib.parse import quote

REGION = "eu-west-1"
ACCOUNT = "111122223333"
ACCESS_KEY = "AKIACONTRACTSUITE001"
SECRET = "Emulated/Secret+Of/The+Contract/Suite+40"  # noqa: S105 - of nobody
WRONG_SECRET = "Wrong/Secret+Of/The+Contract/Suite+40000"  # noqa: S105 - of nobody
API_KEY = "ABSKEmulatedKeyOfTheContractSuite0123456789"
WRONG_API_KEY = "ABSKWrongKeyOfTheContractSuite9876543210000"
ROLE = "bonito"
EXTERNAL_ID = "bonito-00112233445566778899aabbccddeeff"
CONTROL = f"bedrock.{REGION}.amazonaws.com"
RUNTIME = f"bedrock-runtime.{REGION}.amazonaws.com"
STS = f"sts.{REGION}.amazonaws.com"
RESOURCE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}"
BY_KEY = {"region": REGION, "access_key_id": ACCESS_KEY, "secret_access_key": SECRET}
AS_ROLE = {
    **BY_KEY,
    "role_arn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
    "external_id": EXTERNAL_ID,
}


def profile(number: int) -> str:
    """Return the ARN of what was made as that one; ids count up as the account is filled."""
    return f"{RESOURCE}:application-inference-profile/{number:012d}"


def throughput(number: int) -> str:
    """Return the same of throughput."""
    return f"{RESOURCE}:provisioned-model/{number:012d}"


def address(identity: str) -> str:
    """Return where an id or ARN is called."""
    return f"https://{RUNTIME}/model/{quote(identity, safe='')}"
