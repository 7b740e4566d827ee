"""A project whose API is not enabled, and what a consent makes of that."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import deployments, instead, meeting, planning
from bonito_gcp_vertex.conformance.asking import (
    SIGNING_IN,
    adoption,
    after,
    deploying,
    deploying_twice,
    looking,
    wish,
)
from bonito_gcp_vertex.conformance.changes import (
    at_once,
    disabled,
    enabled,
    finished,
    in_one_page,
    spreading,
    unpaid,
    without,
)
from bonito_gcp_vertex.conformance.project import (
    CATALOGUE,
    ENABLE,
    FLASH,
    OF_GOOGLE,
    PAID,
    SERVED,
    SMALL,
    SONNET,
)
from bonito_providers import ActionKind, State
from bonito_providers.errors import (
    InvalidRequest,
    PermissionMissing,
    PlanRefused,
    ServiceUnavailable,
)

_SERVICE = "/v1/projects/acme-prod/services/aiplatform.googleapis.com"
_PAGE = (
    "https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview"
    "?project=acme-prod"
)
_WEIGHTS = wish(SMALL, PAID, ENABLE, name="mine")
_UNDATED = SONNET.partition("@")[0]
_ASKED = (f"GET {_SERVICE}", f"POST {_SERVICE}:enable")
_PROVED = (
    f"GET {CATALOGUE}/google/models/gemini-3.8-flash",
    f"POST {SERVED}/publishers/google/models/gemini-3.8-flash:countTokens",
)
_READ = f"GET {OF_GOOGLE}"
_QUEUED = {"state": State.QUEUED, "created": False, "retry_after": 10, "actions": []}
_ENABLED = {"state": State.READY, "created": False, "actions": [], "retry_after": None}

_DISABLED = Situation(
    name="an API that is not enabled",
    prepare=disabled,
    told=(
        Told(
            name="a plan",
            ask=planning(wish(FLASH)),
            tells={
                "ref.name": FLASH,
                "preview": {
                    "enable": "aiplatform.googleapis.com",
                    "call": "global/google/gemini-3.8-flash",
                },
                "model.name": "gemini-3.8-flash",
                "model.version": None,
                "region": "global",
                "cost": None,
                "actions.0.kind": ActionKind.ENABLE_API,
                "actions.0.url": _PAGE,
                "actions.0.consent": ENABLE,
            },
            says=("cannot be read yet",),
            sends=(SIGNING_IN, _READ),
        ),
        Told(
            name="a plan with consent, for a version",
            ask=planning(wish("google/text-embedding-005", ENABLE, version="001")),
            tells={
                "ref.name": "google/text-embedding-005",
                "model.version": "001",
                "actions": [],
            },
        ),
        Told(
            name="a plan with consent, for a model that is dated",
            ask=planning(wish(SONNET, ENABLE)),
            tells={"ref.name": SONNET, "ref.resource": "acme-prod/global"},
        ),
        Told(
            name="a plan with consent, for weights",
            ask=planning(_WEIGHTS),
            tells={
                "ref.name": "mine",
                "ref.resource": "acme-prod/us-central1",
                "region": "us-central1",
                "model.name": "gemma3",
                "actions": [],
            },
        ),
        Told(
            name="deploying without consent",
            ask=deploying(wish(FLASH)),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "model.name": "gemini-3.8-flash",
                "actions.0.kind": ActionKind.ENABLE_API,
                "error": None,
            },
            sends=(_READ,),
        ),
        Told(
            name="looking at a served model",
            ask=looking(FLASH),
            tells={"state": State.NEEDS_ACTION, "actions.0.kind": ActionKind.ENABLE_API},
            says=("has not been used in project acme-prod before",),
        ),
        Told(
            name="what is callable",
            ask=deployments,
            tells={"code": "SERVICE_DISABLED", "actions.0.kind": ActionKind.ENABLE_API},
            refused=PermissionMissing,
        ),
        Told(
            name="adopting",
            ask=planning(adoption(FLASH)),
            tells={"code": "SERVICE_DISABLED"},
            refused=PermissionMissing,
        ),
        Told(
            name="enabling that fails",
            ask=meeting(
                deploying(wish(FLASH, ENABLE)),
                instead(
                    {
                        "name": "operations/acat.x",
                        "done": True,
                        "error": {"code": 9, "message": "Not so."},
                    },
                    path=f"{_SERVICE}:enable",
                ),
            ),
            tells={"message": "The API was not enabled: Not so."},
            says=("console",),
            refused=InvalidRequest,
        ),
        Told(
            name="enabling while the service is down",
            ask=meeting(
                deploying(wish(FLASH, ENABLE)), instead({}, path=_SERVICE, status=503, times=None)
            ),
            refused=ServiceUnavailable,
        ),
        Told(
            name="enabling",
            ask=deploying(wish(FLASH, ENABLE)),
            tells={**_QUEUED, "model.name": "gemini-3.8-flash", "ref.name": FLASH},
            sends=(_READ, *_ASKED),
        ),
    ),
)


_CONSENTED = Situation(
    name="an API that is enabled by consent",
    prepare=in_one_page,
    told=(
        Told(
            name="deploying until it is",
            ask=after(disabled, deploying_twice(wish(FLASH, ENABLE), finished)),
            tells={**_ENABLED, "ref.name": FLASH},
            sends=(SIGNING_IN, _READ, *_ASKED, _ASKED[0], *_PROVED),
        ),
        Told(
            name="deploying after somebody has enabled it",
            ask=after(disabled, deploying(wish(FLASH, ENABLE), enabled)),
            tells=_ENABLED,
            sends=(_READ, _ASKED[0], *_PROVED),
        ),
        Told(
            name="deploying weights",
            ask=after(disabled, deploying_twice(_WEIGHTS, finished)),
            says=("The API is enabled now", "Plan again"),
            refused=PlanRefused,
        ),
        Told(
            name="deploying weights that looked served",
            ask=after(disabled, deploying_twice(wish(SMALL, PAID, ENABLE), finished)),
            says=("google/gemma3 is not a served model", "Plan again"),
            refused=PlanRefused,
        ),
        Told(
            name="deploying a model whose date nobody gave",
            ask=after(disabled, deploying_twice(wish(_UNDATED, ENABLE), finished)),
            tells={**_ENABLED, "ref.name": _UNDATED, "model.version": "20250929"},
        ),
        Told(
            name="deploying while not every server knows",
            ask=after(at_once(enabled, spreading), deploying(wish(FLASH, ENABLE))),
            tells=_QUEUED,
            sends=(_READ, f"GET {_SERVICE}", _PROVED[0]),
        ),
        Told(
            name="deploying once every server knows",
            ask=deploying(wish(FLASH, ENABLE)),
            tells=_ENABLED,
        ),
        Told(
            name="deploying where nobody pays",
            ask=after(at_once(unpaid, disabled), deploying(wish(FLASH, ENABLE))),
            tells={
                "state": State.NEEDS_ACTION,
                "actions.0.title": "Enable billing",
                "actions.0.url": "https://console.cloud.google.com/billing/linkedaccount"
                "?project=acme-prod",
            },
        ),
        Told(
            name="deploying where one may not even ask",
            ask=after(
                at_once(disabled, without("serviceusage.services.get")),
                deploying(wish(FLASH, ENABLE)),
            ),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "actions.0.kind": ActionKind.GRANT_PERMISSION,
            },
            says=("serviceusage.services.get",),
        ),
    ),
)

ENABLING = (_DISABLED, _CONSENTED)
