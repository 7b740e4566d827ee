"""Who asks, whose account it is, and where requests may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.conformance.asking import counted, routing
from bonito_aws_bedrock.conformance.kept import CHAT
from bonito_aws_bedrock.conformance.places import (
    ACCOUNT,
    API_KEY,
    AS_ROLE,
    REGION,
    RESOURCE,
    ROLE,
    RUNTIME,
    WRONG_API_KEY,
    WRONG_SECRET,
    profile,
)
from bonito_aws_bedrock.conformance.requests import NOVA
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import checking, deployments, instead, meeting, planning
from bonito_emulators.faults import Respond
from bonito_providers import ActionKind, DeploymentRequest
from bonito_providers.errors import MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests import Scene

_NAMELESS = Respond(
    200,
    {"content-type": "text/xml"},
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    "<GetCallerIdentityResult><Account>12345</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>",
)
_NO_PROFILES: Mapping[str, Any] = {"inferenceProfileSummaries": []}
_ROLE = AS_ROLE["role_arn"]


async def _whose_key(scene: Scene) -> Mapping[str, Any]:
    """List what stands, and tell how the key's account was asked for."""
    listed = await deployments(scene)
    asked = [sorted(each.query.split("&")) for each in scene.wire() if "maxResults" in each.query]
    return {"items": listed.items, "asked": asked}


ENTERING = (
    Situation(
        name="an access key",
        told=(
            Told(
                name="an account without its number",
                ask=meeting(deployments, instead(_NAMELESS, path="/", method="POST")),
                refused=MalformedAnswer,
                says=("which account this is", "Try again."),
            ),
            Told(
                name="a question to STS that is met by a failure, and may be asked again",
                ask=counted(meeting(deployments, instead(Respond(503), path="/", method="POST"))),
                tells={"answer.items.0.ref.resource": RESOURCE, "sent.POST /": 2},
            ),
            Told(
                name="who it is",
                ask=checking,
                tells={
                    "items.1.name": "authenticate",
                    "items.1.verdict": "passed",
                    "items.1.reason": f"AWS knows these credentials as arn:aws:iam::{ACCOUNT}"
                    ":user/bonito.",
                    "notes": [],
                    "facts": {"region": REGION},
                },
            ),
        ),
        access="access_key",
    ),
    Situation(
        name="a role, kept to its region",
        told=(
            Told(
                name="who it is",
                ask=checking,
                tells={
                    "items.1.reason": f"AWS knows these credentials as arn:aws:sts::{ACCOUNT}"
                    f":assumed-role/{ROLE}/bonito.",
                    "notes": [
                        f"Requests are made as {_ROLE}, with the external ID of this connection.",
                        f"Requests are routed to {REGION} only.",
                    ],
                },
            ),
            Told(
                name="a model that the region alone has",
                ask=planning(NOVA),
                tells={"sku": "on_demand", "actions": []},
                unsaid=("routes requests",),
            ),
            Told(
                name="a model that leaves the region",
                ask=planning(DeploymentRequest(model="openai.gpt-6-sol")),
                tells={"actions.0.kind": ActionKind.ENABLE_IN_CONSOLE, "sku": None, "preview": {}},
                says=("leaves the allowed regions",),
            ),
        ),
        access="role",
        fields={"allowed_regions": REGION},
    ),
    Situation(
        name="a role, and an API key for the gateway",
        told=(
            Told(
                name="who it is, and what the key is for",
                ask=checking,
                tells={
                    "items.1.reason": f"AWS knows these credentials as arn:aws:sts::{ACCOUNT}"
                    f":assumed-role/{ROLE}/bonito.",
                    "items.5.name": "route",
                    "items.5.verdict": "passed",
                    "items.5.reason": "Bedrock accepts the API key, by which LiteLLM routes.",
                },
            ),
            Told(
                name="its routes",
                ask=routing(CHAT),
                tells={
                    "supported": True,
                    "litellm_params": {
                        "model": "bedrock/converse/amazon.nova-lite-v1:0",
                        "model_id": profile(1),
                        "aws_bedrock_runtime_endpoint": f"https://{RUNTIME}",
                        "aws_region_name": REGION,
                        "api_key": "**********",
                    },
                },
            ),
        ),
        access="role",
        fields={"api_key": API_KEY},
    ),
    Situation(
        name="a role, and an API key that nobody gave out",
        told=(
            Told(
                name="that it is the key",
                ask=checking,
                tells={
                    "items.1.verdict": "passed",
                    "items.4.verdict": "passed",
                    "items.5.name": "route",
                    "items.5.verdict": "failed",
                },
            ),
        ),
        access="role",
        fields={"api_key": WRONG_API_KEY},
    ),
    Situation(
        name="an API key, and a role whose secret nobody gave out",
        told=(
            Told(
                name="that it is the secret",
                ask=checking,
                tells={
                    "items.1.name": "authenticate",
                    "items.1.verdict": "failed",
                    "items.5.name": "route",
                    "items.5.verdict": "passed",
                },
            ),
        ),
        access="role",
        fields={"secret_access_key": WRONG_SECRET, "api_key": API_KEY},
    ),
    Situation(
        name="an API key",
        told=(
            Told(
                name="its account where no profile tells it",
                ask=meeting(
                    deployments, instead(_NO_PROFILES, path="/inference-profiles", times=None)
                ),
                refused=MalformedAnswer,
                says=("which account this is",),
            ),
            Told(
                name="its account",
                ask=_whose_key,
                tells={
                    "items.0.ref.resource": RESOURCE,
                    "asked": [["maxResults=1", "type=SYSTEM_DEFINED"]],
                },
            ),
        ),
        access="api_key",
    ),
)
