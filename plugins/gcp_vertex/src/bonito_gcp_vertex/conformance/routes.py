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


def _raw(publisher: str, named: str, verb: str = "rawPredict", **body: object) -> ExpectedRequest:
    return ExpectedRequest(
        host=_API,
        path=f"{_GLOBAL}/publishers/{publisher}/models/{named}:{verb}",
        query="",
        headers=_AUTHORISED,
        body={**body, **_SECRETS},
    )


def _open(name: str) -> ExpectedRequest:
    return ExpectedRequest(
        host=_API,
        path=f"{_GLOBAL}/endpoints/openapi/chat/completions",
        headers=_AUTHORISED,
        body={"model": name, **_SECRETS},
    )


_CLAUDE, _SONNET = "anthropic/claude-opus-5", "anthropic/claude-sonnet-4-5@20250929"
_MISTRAL, _GEMMA = "mistralai/mistral-medium-3", "google/gemma-4-26b-a4b-it-maas"
_VERSION = {"anthropic_version": "vertex-2023-10-16"}
_OPEN = (
    "meta/llama-3.3-70b-instruct-maas",
    "qwen/qwen3-next-80b-a3b-instruct-maas",
    "openai/gpt-oss-120b-maas",
)
_UNROUTED = (
    "mistralai/magistral-medium-2509",
    "deepseek-ai/deepseek-r1-0528-maas",
    "team-gemma",
    "xai/grok-4.7",
    "contoso/weather-oracle",
    "ai21/jamba-1.5-mini",
)

ROUTES = (
    *(Route(deployment=name, operation="chat", expected=None) for name in _UNROUTED),
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
    Route(deployment=_GEMMA, operation="chat", expected=_open(_GEMMA)),
    Route(deployment=_GEMMA, operation="stream", expected=_open(_GEMMA)),
    Route(deployment=_GEMMA, operation="tools", expected=_open(_GEMMA)),
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
    Route(
        deployment=_CLAUDE,
        operation="chat",
        expected=_raw("anthropic", "claude-opus-5", model=None, **_VERSION),
    ),
    Route(
        deployment=_CLAUDE,
        operation="stream",
        expected=_raw("anthropic", "claude-opus-5", "streamRawPredict", model=None, **_VERSION),
    ),
    Route(
        deployment=_SONNET,
        operation="tools",
        expected=_raw("anthropic", "claude-sonnet-4-5@20250929", model=None, **_VERSION),
    ),
    Route(
        deployment=_MISTRAL,
        operation="chat",
        expected=_raw("mistralai", "mistral-medium-3", model="mistral-medium-3"),
    ),
    Route(
        deployment=_MISTRAL,
        operation="stream",
        expected=_raw("mistralai", "mistral-medium-3", "streamRawPredict"),
    ),
    *(Route(deployment=name, operation="chat", expected=_open(name)) for name in _OPEN),
)
