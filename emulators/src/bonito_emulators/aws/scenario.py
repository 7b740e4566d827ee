"""The story of the demonstration: an account in which Bedrock is in use."""

from __future__ import annotations

from bonito_emulators.aws import errors
from bonito_emulators.aws.accounts import Account, ApiKey, Role, User
from bonito_emulators.aws.cloud import AWSCloud
from bonito_emulators.faults import Fault, Respond
from bonito_emulators.scenario import DemoConnection, Scenario

REGION = "eu-west-1"
ACCOUNT = "111122223333"
_ACCESS_KEY = "AKIADEMOBONITO000001"
_SECRET = "Emulated/Secret+Of/The+Demo/Access/Key40"  # noqa: S105 - of nobody
_WRONG = "Another/Secret+Of/The+Demo/Access/Key+40"


def build_cloud() -> AWSCloud:
    """Makes an account with a profile somebody made, and one user."""
    user = User("bonito", _ACCESS_KEY, _SECRET)
    account = Account(
        ACCOUNT,
        users=[user],
        api_keys=[ApiKey("ABSKEmulatedKeyOfTheDemonstration0123456789", user.name)],
        roles=[Role("bonito", "bonito-0123456789abcdef0123456789abcdef")],
    )
    cloud = AWSCloud([account])
    cloud.put_outside("team-chat", "amazon.nova-lite-v1:0", region=REGION, scope="eu")
    cloud.put_outside("team-embed", "amazon.titan-embed-text-v2:0", region=REGION)
    return cloud


def throttling() -> Fault:
    """Refuses every call of a model, until it is called off."""
    refusal = errors.throttled()
    headers = {**refusal.headers, "content-type": "application/json"}
    return Fault(
        action=Respond(refusal.status, headers, refusal.body),
        host=f"bedrock-runtime.{REGION}.amazonaws.com",
        times=None,
    )


_FIELDS = {
    "region": REGION,
    "access_key_id": _ACCESS_KEY,
    "secret_access_key": _SECRET,
}
scenario = Scenario(
    name="aws",
    title="An AWS account with Amazon Bedrock in Ireland",
    connections=(
        DemoConnection(
            cloud="aws",
            choice={},
            fields=_FIELDS,
            wrong_fields={**_FIELDS, "secret_access_key": _WRONG},
            adopt="team-chat",
            prompt="Say hello.",
            deploy=("amazon.nova-pro-v1:0", "openai.gpt-oss-120b-1:0"),
            throttling=(throttling(),),
        ),
    ),
    build=build_cloud,
)
