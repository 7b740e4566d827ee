"""Plans for models that their publishers serve, and requests that mean none."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting, planning
from bonito_gcp_vertex.conformance.asking import SIGNING_IN, after, lifetime, wish
from bonito_gcp_vertex.conformance.changes import without
from bonito_gcp_vertex.conformance.project import FLASH, OF_GOOGLE, SMALL, SONNET
from bonito_providers import ActionKind
from bonito_providers.errors import (
    InvalidRequest,
    MalformedAnswer,
    ModelNotFound,
    PermissionMissing,
)

_QUARTER_OF_AN_HOUR = 900
_CIRCLING = instead(
    {
        "publisherModels": [{"name": "publishers/google/models/gemini-3.8-flash"}],
        "nextPageToken": "again",
    },
    path=OF_GOOGLE,
    times=None,
)


PLANS_FOR_SERVED = Situation(
    name="plans for served models",
    told=(
        Told(
            name="Gemini",
            ask=planning(wish(FLASH)),
            tells={
                "ref": {
                    "provider": "gcp_vertex",
                    "resource": "acme-prod/global",
                    "name": FLASH,
                    "details": {},
                },
                "model": {
                    "name": "gemini-3.8-flash",
                    "format": "google",
                    "version": None,
                    "kind": "chat",
                    "publisher": "Google",
                    "price_key": "vertex_ai/gemini-3.8-flash",
                    "canonical_name": None,
                },
                "sku": "serverless",
                "region": "global",
                "preview": {"call": "global/google/gemini-3.8-flash"},
                "actions": [],
                "changes": [],
            },
            says=("Billed by use", "counting tokens, which is free"),
            unsaid=("one call of one token", "not known"),
            sends=(SIGNING_IN, f"GET {OF_GOOGLE}"),
        ),
        Told(
            name="for how long", ask=lifetime(wish(FLASH)), tells={"seconds": _QUARTER_OF_AN_HOUR}
        ),
        Told(
            name="embeddings of a version",
            ask=planning(wish("google/text-embedding-005@001")),
            tells={
                "ref.name": "google/text-embedding-005",
                "model.version": "001",
                "model.kind": "embedding",
                "model.price_key": "text-embedding-005",
            },
            says=("one call of one token",),
            unsaid=("counting tokens",),
        ),
        Told(
            name="a form that nobody documents",
            ask=planning(wish("contoso/weather-oracle")),
            tells={"model.kind": None, "model.publisher": "contoso", "model.price_key": None},
            says=("is not known, so that nothing proves it",),
            unsaid=("one call", "counting"),
        ),
        Told(
            name="a dated model",
            ask=planning(wish(SONNET)),
            tells={"ref.name": SONNET, "model.name": "claude-sonnet-4-5"},
        ),
        Told(
            name="a served model on a machine",
            ask=planning(wish(FLASH, sku="g2-standard-12")),
            tells={"hint": "Name no SKU."},
            says=("serverless",),
            refused=InvalidRequest,
        ),
        Told(
            name="a served model under another name",
            ask=planning(wish(FLASH, name="mine")),
            tells={"hint": "Leave the name out."},
            says=(FLASH,),
            refused=InvalidRequest,
        ),
        Told(
            name="no model's id",
            ask=planning(wish("gemini")),
            says=("List the models",),
            refused=ModelNotFound,
        ),
        Told(
            name="a field",
            ask=planning(wish(FLASH, fields={"tier": "1", "a": "2"})),
            tells={"message": "Vertex AI has no fields called a, tier.", "hint": "Leave them out."},
            refused=InvalidRequest,
        ),
        Told(
            name="a version that cannot be one",
            ask=planning(wish(FLASH, version="x" * 130)),
            tells={
                "message": f"google/gemini-3.8-flash has no version {'x' * 100}.",
                "hint": "List the models.",
                "code": "NOT_FOUND",
            },
            refused=ModelNotFound,
        ),
        Told(
            name="a version that cannot be written",
            ask=planning(wish(FLASH, version="\x1b")),
            tells={"message": "google/gemini-3.8-flash has no version of that name."},
            refused=ModelNotFound,
        ),
        Told(
            name="a version of what has none",
            ask=planning(wish(FLASH, version="002")),
            tells={"hint": "Its versions: the only one."},
            refused=ModelNotFound,
        ),
        Told(
            name="two versions at once",
            ask=planning(wish(SMALL, version="gemma-3-27b-it")),
            tells={"hint": "List the models."},
            says=("google/gemma3 has no version gemma-3-27b-it",),
            refused=ModelNotFound,
            sends=(),
        ),
        Told(
            name="one of several versions",
            ask=planning(wish("google/gemma3@gemma-3-2b")),
            tells={"hint": "Its versions: gemma-3-1b-it, gemma-3-27b-it."},
            says=("gemma-3-2b",),
            refused=ModelNotFound,
        ),
        Told(
            name="a name near one that there is",
            ask=planning(wish("google/gemini-3.8-flush")),
            tells={"message": "Model Garden has no model google/gemini-3.8-flush."},
            says=("Names like it: google/gemini-3.8-flash, ",),
            refused=ModelNotFound,
        ),
        Told(
            name="a name like no other",
            ask=planning(wish("ai21/zzz")),
            tells={"hint": "List the models: names are written as there.", "code": "NOT_FOUND"},
            refused=ModelNotFound,
        ),
        Told(
            name="a catalogue that leads in circles, for what is on it",
            ask=meeting(planning(wish(FLASH)), _CIRCLING),
            tells={"ref.name": FLASH},
        ),
        Told(
            name="a catalogue that leads in circles, for what is not",
            ask=meeting(planning(wish(SMALL)), _CIRCLING),
            says=("does not tell of gemma3 for sure", "Try again"),
            refused=MalformedAnswer,
        ),
        Told(
            name="a catalogue without a row that can be read",
            ask=meeting(
                planning(wish(FLASH)),
                instead({"publisherModels": [{"name": "x"}]}, path=OF_GOOGLE),
            ),
            says=("could not be read whole",),
            refused=MalformedAnswer,
        ),
        Told(
            name="a catalogue that one may not read",
            ask=after(without("aiplatform.publisherModels.get"), planning(wish(FLASH))),
            tells={
                "code": "IAM_PERMISSION_DENIED",
                "actions.0.kind": ActionKind.GRANT_PERMISSION,
            },
            refused=PermissionMissing,
        ),
    ),
)
