"""Models that their publishers serve: proved by the smallest call, taken over, looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting, with_bodies
from bonito_gcp_vertex.conformance.asking import (
    SIGNING_IN,
    adoption,
    after,
    deploying,
    looking,
    wish,
)
from bonito_gcp_vertex.conformance.changes import (
    agreed,
    at_once,
    not_agreed,
    not_shared,
    offered,
    withdrawn,
    without,
)
from bonito_gcp_vertex.conformance.faults import error_body
from bonito_gcp_vertex.conformance.project import CATALOGUE, CLAUDE, FLASH, ONE_L4, SERVED, SONNET
from bonito_providers import ActionKind, State
from bonito_providers.errors import (
    InvalidRequest,
    ModelNotFound,
    PermissionMissing,
    PlanRefused,
    RateLimited,
)

if TYPE_CHECKING:
    from bonito_emulators import Fault

_CONSOLE = "https://console.cloud.google.com"
_GARDEN = f"{_CONSOLE}/vertex-ai/publishers/anthropic/model-garden"
_FLASH_AT = f"{CATALOGUE}/google/models/gemini-3.8-flash"
_COUNTED = f"{SERVED}/publishers/google/models/gemini-3.8-flash:countTokens"
_LITE = "google/gemini-3.5-flash-lite"
_READY = {"state": State.READY, "created": False, "owned": None, "actions": [], "error": None}
_NEEDED = {"state": State.NEEDS_ACTION, "created": False}
_PING = [{"role": "user", "content": "ping"}]


def _exhausted(message: str) -> Fault:
    return instead(
        error_body(429, "RESOURCE_EXHAUSTED", message),
        path=f"{SERVED}/publishers/anthropic",
        status=429,
        times=None,
    )


_PROVED = Situation(
    name="served models",
    told=(
        Told(
            name="deploying Gemini",
            ask=with_bodies(deploying(wish(FLASH))),
            tells={
                **{f"answer.{name}": each for name, each in _READY.items()},
                "answer.ref.name": FLASH,
                "answer.sku": "serverless",
                "answer.endpoint": f"https://aiplatform.googleapis.com{SERVED}",
                "answer.surfaces.0.name": "generate_content",
                "answer.model.price_key": "vertex_ai/gemini-3.8-flash",
                "answer.warnings": [],
                "bodies": [{"contents": [{"role": "user", "parts": [{"text": "ping"}]}]}],
            },
            says=("Billed by use", "Model Garden's catalogue", "form its publisher documents"),
            sends=(
                SIGNING_IN,
                f"GET {CATALOGUE}/google/models",
                f"GET {_FLASH_AT}",
                f"POST {_COUNTED}",
            ),
        ),
        Told(
            name="deploying Gemini while the service stumbles",
            ask=meeting(deploying(wish(FLASH)), instead({}, path=_COUNTED, status=503)),
            tells=_READY,
        ),
        Told(
            name="deploying embeddings",
            ask=with_bodies(deploying(wish("google/text-embedding-005"))),
            tells={
                "answer.state": State.READY,
                "answer.model.version": "001",
                "bodies": [{"instances": [{"content": "ping"}]}],
            },
        ),
        Told(
            name="deploying Mistral",
            ask=with_bodies(deploying(wish("mistralai/mistral-medium-3"))),
            tells={
                "answer.state": State.READY,
                "bodies": [{"model": "mistral-medium-3", "messages": _PING, "max_tokens": 1}],
            },
            says=("only a call tells",),
        ),
        Told(
            name="deploying what nothing proves",
            ask=deploying(wish("contoso/weather-oracle")),
            tells={**_READY, "surfaces": [], "model.version": "001"},
            says=("only a call tells",),
            sends=(
                f"GET {CATALOGUE}/contoso/models",
                f"GET {CATALOGUE}/contoso/models/weather-oracle",
            ),
        ),
        Told(
            name="deploying what is withdrawn meanwhile",
            ask=deploying(wish(_LITE), withdrawn("google", "gemini-3.5-flash-lite")),
            says=(_LITE,),
            refused=ModelNotFound,
        ),
        Told(
            name="deploying what becomes weights meanwhile",
            ask=deploying(wish("google/gemini-4-argon"), offered("gemini-4-argon", ONE_L4)),
            says=("google/gemini-4-argon is not a served model", "Plan again"),
            refused=PlanRefused,
        ),
        Told(
            name="looking at Gemini",
            ask=looking(FLASH),
            tells={"state": State.READY, "sku": "serverless", "created": None},
            sends=(f"GET {_FLASH_AT}",),
        ),
        Told(
            name="looking at a dated model without its date",
            ask=looking("anthropic/claude-sonnet-4-5"),
            tells={
                "state": State.READY,
                "ref.name": "anthropic/claude-sonnet-4-5",
                "model.version": "20250929",
            },
        ),
        Told(
            name="looking at a model that there is not",
            ask=looking("google/gemini-9"),
            tells={"state": State.ABSENT, "ref.name": "google/gemini-9", "model.name": None},
        ),
        Told(
            name="looking at weights as if they were served",
            ask=looking("google/gemma3"),
            tells={"state": State.ABSENT},
        ),
        Told(
            name="looking at no model's name",
            ask=looking("google/models/gemini"),
            tells={"state": State.ABSENT},
            sends=(),
        ),
        Told(
            name="looking into another project",
            ask=looking(FLASH, project="acme-dev"),
            says=("belongs to gcp_vertex, acme-dev/global", "connection it was made with"),
            refused=InvalidRequest,
            sends=(),
        ),
        Told(
            name="looking without the right to",
            ask=after(without("aiplatform.publisherModels.get"), looking(FLASH)),
            tells={"code": "IAM_PERMISSION_DENIED"},
            refused=PermissionMissing,
        ),
    ),
)


_NEEDS = Situation(
    name="served models that a person has to do something for",
    prepare=not_agreed,
    told=(
        Told(
            name="enabling a partner's",
            ask=deploying(wish(CLAUDE)),
            tells={
                **_NEEDED,
                "ref.name": CLAUDE,
                "model.name": "claude-opus-5",
                "actions.0.kind": ActionKind.ENABLE_IN_CONSOLE,
                "actions.0.url": f"{_GARDEN}/claude-opus-5?project=acme-prod",
            },
            says=("is not allowed to use Publisher Model",),
        ),
        Told(
            name="enabling a partner's that is taken over",
            ask=deploying(adoption(CLAUDE)),
            tells={**_NEEDED, "actions.0.kind": ActionKind.ENABLE_IN_CONSOLE},
        ),
        Told(
            name="sharing data",
            ask=after(at_once(agreed, not_shared), deploying(wish(SONNET))),
            tells={
                **_NEEDED,
                "actions.0.kind": ActionKind.DATA_SHARING,
                "actions.0.url": f"{_GARDEN}/claude-sonnet-4-5?project=acme-prod",
            },
        ),
        Told(
            name="a quota of nothing",
            ask=meeting(deploying(wish(CLAUDE)), _exhausted("Quota exceeded for requests.")),
            tells={
                **_NEEDED,
                "actions.0.kind": ActionKind.REQUEST_QUOTA,
                "actions.0.url": f"{_CONSOLE}/iam-admin/quotas?project=acme-prod",
            },
        ),
        Told(
            name="a crowd, which nobody can do anything about",
            ask=meeting(deploying(wish(CLAUDE)), _exhausted("Try again later.")),
            tells={"code": "RESOURCE_EXHAUSTED", "actions": []},
            refused=RateLimited,
        ),
        Told(
            name="a missing role",
            ask=after(without("aiplatform.endpoints.predict"), deploying(wish(FLASH))),
            tells={
                **_NEEDED,
                "actions.0.kind": ActionKind.GRANT_PERMISSION,
                "actions.0.url": f"{_CONSOLE}/iam-admin/iam?project=acme-prod",
            },
            says=("aiplatform.endpoints.predict",),
        ),
    ),
)

SERVED_MODELS = (
    _PROVED,
    _NEEDS,
)
