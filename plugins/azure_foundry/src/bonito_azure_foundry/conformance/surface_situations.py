"""By which surfaces a call goes: the likeliest first, passing over what is not served.

Sources: Microsoft Learn, Endpoints for Foundry Models, and keyless access to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bonito_azure_arm.conformance.asking import invoking, sent
from bonito_azure_arm.conformance.known import MINI, REASONER, UNKNOWN, VECTORS, Known, gone
from bonito_azure_foundry.conformance.deployment_situations import without_models
from bonito_azure_foundry.conformance.endpoints import COGNITIVE, OPENAI
from bonito_azure_foundry.conformance.known import DEEPSEEK, HAIKU
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_contract_tests import Scene, Situation, Told
from bonito_providers.errors import DeploymentNotFound

_MODELS = "POST /models/chat/completions"
_V1 = "POST /openai/v1/chat/completions"
_CLAUDE = "POST /anthropic/v1/messages"
_PARTNER = Known(name="DeepSeek-V3.1", model=DEEPSEEK)
_ASSISTANT = Known(name="assistant", model=HAIKU)


def _classic(name: str, operation: str = "chat/completions") -> str:
    return f"POST /openai/deployments/{name}/{operation}"


def _of_unknown(name: str, *sends: str, **tells: Any) -> Told:  # noqa: ANN401 - any JSON
    return Told(
        name=f"nothing is known of {name}",
        ask=invoking(Known(name=name)),
        sends=sends,
        tells={f"reply.{key}": value for key, value in tells.items()},
    )


_UNKNOWN = (
    _of_unknown("gpt-4o-mini", _MODELS, model="gpt-4o-mini-2024-07-18"),
    _of_unknown("assistant", _MODELS, _V1, _classic("assistant"), _CLAUDE, surface="anthropic"),
    Told(
        name="there is none of that name",
        ask=invoking(Known(name="nobody")),
        refused=DeploymentNotFound,
        sends=(_MODELS,),
    ),
)


def _absent(known: Known, *sends: str, says: Sequence[str] = ()) -> Told:
    return Told(
        name=f"{known.name} without {', '.join(known.surfaces) or 'any surface'}",
        ask=invoking(known),
        refused=SurfaceAbsent,
        sends=sends,
        says=says,
    )


_SEEN = (
    Told(
        name="the version of an embedding on the classic surface",
        ask=invoking(Known(name="vectors", model=VECTORS, surfaces=gone("openai_v1")), "embedding"),
        sends=(_classic("vectors", "embeddings"),),
        tells={"sent.0.query": "api-version=2024-10-21", "reply.dimensions": 1536},
    ),
    Told(
        name="a surface was seen to answer, another was not tried",
        ask=invoking(
            Known(name="gpt-4o-mini", model=MINI, surfaces={"models": True, "openai_v1": None})
        ),
        sends=(_MODELS,),
    ),
    _absent(
        Known(name="x", model=MINI, surfaces=gone("models", "openai_v1", "deployments")),
        says=("No surface serves chat for x",),
    ),
    _absent(Known(name="y", model=HAIKU, surfaces=gone("anthropic"))),
)


def _with_token(known: Known, path: str, audience: str) -> Told:
    async def ask(scene: Scene) -> object:
        await invoking(known)(scene)
        asked = sent(scene)
        return {"scopes": [each["scope"] for each in asked if each["scope"]], "last": asked[-1]}

    return Told(
        name=f"a call to {path}",
        ask=ask,
        tells={
            "scopes": [[f"https://{audience}/.default"]],
            "last.path": path,
            "last.headers.api-key": None,
        },
        says=("Bearer ",),
    )


_TOKENS = (
    _with_token(_PARTNER, "/models/chat/completions", "ml.azure.com"),
    _with_token(
        Known(name="reasoner", model=REASONER), "/openai/v1/chat/completions", "ai.azure.com"
    ),
    _with_token(
        Known(name="gpt-4o-mini", model=MINI, surfaces=gone("models", "openai_v1")),
        "/openai/deployments/gpt-4o-mini/chat/completions",
        "cognitiveservices.azure.com",
    ),
)


SURFACES = (
    Situation(name="calls of what is known or not", access="key", told=(*_UNKNOWN, *_SEEN)),
    Situation(
        name="calls where /models is gone",
        access="key",
        prepare=without_models,
        told=(
            Told(
                name="it is passed over",
                ask=invoking(_PARTNER),
                sends=(_MODELS, _V1),
                tells={"reply.surface": "openai_v1"},
            ),
        ),
    ),
    Situation(
        name="calls on the .openai host",
        access="key",
        fields={"endpoint": OPENAI},
        told=(
            Told(name="chat", ask=invoking(_PARTNER), sends=(_V1,)),
            Told(name="Claude", ask=invoking(_ASSISTANT), refused=SurfaceAbsent, sends=()),
            Told(
                name="Claude, unknown",
                ask=invoking(Known(name="assistant", model=UNKNOWN)),
                refused=SurfaceAbsent,
                tells={"code": "api_not_supported", "status": 404},
                sends=(_V1, _classic("assistant")),
            ),
        ),
    ),
    Situation(
        name="calls on the .cognitiveservices host",
        access="key",
        fields={"endpoint": COGNITIVE},
        told=(
            Told(
                name="chat",
                ask=invoking(Known(name="gpt-4o-mini", model=MINI)),
                sends=(_classic("gpt-4o-mini"),),
            ),
        ),
    ),
    Situation(name="calls without a key", access="keyless", told=_TOKENS),
    Situation(
        name="Claude without a key",
        access="keyless",
        told=(_with_token(_ASSISTANT, "/anthropic/v1/messages", "ai.azure.com"),),
    ),
)
