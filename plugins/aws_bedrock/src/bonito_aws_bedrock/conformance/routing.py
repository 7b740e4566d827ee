"""Gateway entries: what LiteLLM is given, and why there are none."""

from __future__ import annotations

from bonito_aws_bedrock.conformance.asking import routing
from bonito_aws_bedrock.conformance.kept import (
    ADDRESSLESS,
    CHAT,
    ELSEWHERE,
    MICRO,
    STRANGE,
    UNPRICED,
    kept,
)
from bonito_aws_bedrock.conformance.places import (
    ACCESS_KEY,
    API_KEY,
    AS_ROLE,
    BY_KEY,
    REGION,
    RUNTIME,
    profile,
)
from bonito_contract_tests import Situation, Told

_HIDDEN = "**********"
_THERE = {"aws_bedrock_runtime_endpoint": f"https://{RUNTIME}", "aws_region_name": REGION}
_BY_KEY = {
    **_THERE,
    "aws_access_key_id": _HIDDEN,
    "aws_secret_access_key": _HIDDEN,
    # What LiteLLM would take from the host's own environment is said to be nothing.
    "aws_session_token": "",
    "api_key": "",
}

ROUTED = (
    Told(
        name="a chat by an access key",
        ask=routing(CHAT),
        tells={
            "model_name": "team-chat",
            "surface": "converse",
            "supported": True,
            "reason": "",
            "litellm_params": {
                "model": "bedrock/converse/amazon.nova-lite-v1:0",
                "model_id": profile(1),
                **_BY_KEY,
            },
            "model_info": {"base_model": "amazon.nova-lite-v1:0"},
        },
        unsaid=(ACCESS_KEY,),
    ),
    Told(
        name="a session",
        ask=routing(CHAT, **BY_KEY, session_token="session-of-nobody"),  # noqa: S106 - of nobody
        tells={"litellm_params.aws_session_token": _HIDDEN},
    ),
    Told(
        name="an embedding by an API key, without a price",
        ask=routing(UNPRICED, region=REGION, api_key=API_KEY),
        tells={
            "surface": "invoke",
            "litellm_params": {
                "model": "bedrock/amazon.titan-embed-text-v2:0",
                "model_id": profile(2),
                **_THERE,
                "api_key": _HIDDEN,
            },
            "model_info": {},
        },
    ),
    Told(
        name="a model that is called by its own id",
        ask=routing(MICRO),
        tells={
            "litellm_params": {"model": "bedrock/converse/amazon.nova-micro-v1:0", **_BY_KEY},
        },
    ),
    Told(
        name="a role",
        ask=routing(CHAT, **AS_ROLE),
        tells={"supported": False, "surface": "none", "litellm_params": {}},
        says=("Before LiteLLM assumes a role", "Route by an access key or an API key"),
    ),
    *(
        Told(name=what, ask=routing(each), tells={"supported": False}, says=(reason,))
        for what, each, reason in (
            ("no address", ADDRESSLESS, "where it answers, is not known"),
            ("another address", ELSEWHERE, "where it answers, is not known"),
            ("no model", kept("unknown", None, "x"), "Which model it is"),
            ("an image", kept("art", "acme.art", "acme.art", kind="image"), "not image models"),
            ("an unknown embedding", STRANGE, "Titan and Cohere are routed"),
        )
    ),
    Told(
        name="a model of which nobody knows what it is for",
        ask=routing(kept("new", "acme.new", "acme.new", kind=None)),
        tells={"supported": True, "surface": "converse"},
    ),
)
ROUTING = (Situation(name="routes", told=ROUTED, access="access_key"),)
