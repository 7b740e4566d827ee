"""The account that the harness describes, and who may act for it."""

from __future__ import annotations

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
