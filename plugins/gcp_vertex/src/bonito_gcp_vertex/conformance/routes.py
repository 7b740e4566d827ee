"""What LiteLLM must put on the wire for each form, from Google's documentation."""

from __future__ import annotations

import re

from bonito_contract_tests import ExpectedRequest, Route

_API = "aiplatform.googleapis.com"
_PROJECT = "acme-prod"
_AUTHORISED = {"authorization": re.compile(r"Bearer ya29\.\S+"), "x-goog-api-key": None}
_SECRETS = {"vertex_credentials": None, "vertex_project": None, "vertex_location": None}
_GLOBAL = f"/v1/projects/{_PROJECT}/locations/global"


def _google(model: str, verb: str, query: str = "") -> ExpectedRequest:
    return ExpectedRequest(
        host=_API,
        path=f"{_GLOBAL}/publishers/google/models/{model}:{verb}",
        query=query,
        headers=_AUTHORISED,
        body=_SECRETS,
    )


_SERVED = ExpectedRequest(
    host=_API,
    path=f"{_GLOBAL}/endpoints/openapi/chat/completions",
    headers=_AUTHORISED,
    body={"model": "google/gemma-4-26b-a4b-it-maas", **_SECRETS},
)

ROUTES = (
    Route(deployment="team-gemma", operation="chat", expected=None),
    Route(
        deployment="google/gemini-3.8-flash",
        operation="chat",
        expected=_google("gemini-3.8-flash", "generateContent"),
    ),
    Route(
        deployment="google/gemini-3.8-flash",
        operation="stream",
        expected=_google("gemini-3.8-flash", "streamGenerateContent", "alt=sse"),
    ),
    Route(
        deployment="google/gemini-3.8-flash",
        operation="tools",
        expected=_google("gemini-3.8-flash", "generateContent"),
    ),
    Route(deployment="google/gemma-4-26b-a4b-it-maas", operation="chat", expected=_SERVED),
    Route(deployment="google/gemma-4-26b-a4b-it-maas", operation="stream", expected=_SERVED),
    Route(deployment="google/gemma-4-26b-a4b-it-maas", operation="tools", expected=_SERVED),
    Route(
        deployment="google/text-embedding-005",
        operation="embedding",
        expected=_google("text-embedding-005", "predict"),
    ),
    Route(
        deployment="google/gemini-embedding-2",
        operation="embedding",
        expected=_google("gemini-embedding-2", "embedContent"),
    ),
)
