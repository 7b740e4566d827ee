"""One call of a model: what is sent, and what is read of the answers there may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting
from bonito_emulators import Respond
from bonito_openai_compatible.conformance.asking import calling
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from bonito_providers.invocation import InvocationKind

_CHAT, _EMBED = "POST /v1/chat/completions", "POST /v1/embeddings"
_MINI, _SMALL = "gpt-4o-mini", "text-embedding-3-small"
_TUNED = "ft:gpt-4o-mini-2024-07-18:contoso::AbCdEf12"
_MESSAGES = [{"role": "user", "content": "Say hello."}]
_NO_MAX_TOKENS = {"error": {"message": "Use another.", "code": "unsupported_parameter"}}
_SAID: dict[str, object] = {
    "text": None,
    "dimensions": None,
    "model": None,
    "input_tokens": None,
    "output_tokens": None,
    "surface": "openai_v1",
    "request_id": None,
}
_EMPTY: dict[str, object] = {"choices": [{"message": {}}]}


def _chat(name: str, limit: str) -> dict[str, object]:
    return {"model": name, "messages": _MESSAGES, limit: 7}


def _read(
    what: str, answer: Mapping[str, Any], *, kind: InvocationKind = "chat", **said: object
) -> Told:
    """Return what is read of an answer."""
    told = {**_SAID, **({"text": ""} if kind == "chat" else {}), **said}
    return Told(
        name=what,
        ask=meeting(calling(_MINI if kind == "chat" else _SMALL, kind), instead(answer)),
        tells={"answer": told},
    )


def _unread(what: str, answer: Mapping[str, Any], *, kind: InvocationKind = "chat") -> Told:
    return Told(
        name=what,
        ask=meeting(calling(_MINI if kind == "chat" else _SMALL, kind), instead(answer)),
        refused=MalformedAnswer,
    )


def _refused(
    what: str,
    answer: Mapping[str, Any] | Respond,
    refused: type[ProviderError],
    *,
    status: int = 200,
    **tells: object,
) -> Told:
    """Return what is raised where a call is answered so; it is not repeated."""
    return Told(
        name=what,
        ask=meeting(calling(_MINI), instead(answer, status=status)),
        tells=tells,
        refused=refused,
        sends=(_CHAT,),
    )


_SENT = Situation(
    name="calls of models",
    told=(
        Told(
            name="a chat",
            ask=calling(_MINI),
            tells={
                "bodies": [_chat(_MINI, "max_tokens")],
                "answer.model": _MINI,
                "answer.surface": "openai_v1",
            },
            says=("Say hello.",),
            sends=(_CHAT,),
        ),
        Told(
            name="a chat with a model that reasons",
            ask=calling("gpt-5-mini"),
            tells={"bodies": [_chat("gpt-5-mini", "max_completion_tokens")]},
            sends=(_CHAT,),
        ),
        Told(
            name="a chat with a model that turns out to reason",
            ask=meeting(calling(_TUNED), instead(_NO_MAX_TOKENS, status=400)),
            tells={
                "bodies": [_chat(_TUNED, "max_tokens"), _chat(_TUNED, "max_completion_tokens")],
                "answer.model": _TUNED,
            },
            sends=(_CHAT, _CHAT),
        ),
        Told(
            name="a chat with a model that takes no limit at all",
            ask=meeting(calling("gpt-5-mini"), instead(_NO_MAX_TOKENS, status=400)),
            tells={
                "code": "unsupported_parameter",
                "message": "api.openai.com answered 400 (unsupported_parameter): Use another.",
            },
            refused=InvalidRequest,
            sends=(_CHAT,),
        ),
        Told(
            name="an embedding",
            ask=calling(_SMALL, "embedding"),
            tells={
                "bodies": [{"model": _SMALL, "input": ["Say hello."], "encoding_format": "float"}],
                "answer.dimensions": 1536,
                "answer.text": None,
                "answer.model": _SMALL,
                "answer.output_tokens": None,
            },
            sends=(_EMBED,),
        ),
    ),
)

_ANSWERS = Situation(
    name="answers of models",
    told=(
        _read(
            "a whole one",
            {
                "choices": [{"message": {"content": "Hello"}}, {"message": {"content": "no"}}],
                "model": "gpt-4o-mini-2024",
                "usage": {"prompt_tokens": 3, "completion_tokens": 0},
            },
            text="Hello",
            model="gpt-4o-mini-2024",
            input_tokens=3,
            output_tokens=0,
        ),
        _read("one without words", _EMPTY),
        _read("one whose words are none", {"choices": [{"message": {"content": ["a"]}}]}),
        _read(
            "one with half a character",
            {"choices": [{"message": {"content": "a\ud83d"}}], "model": "b\ud83d"},
            text="a?",
            model="b?",
        ),
        _read(
            "one with counts that are none",
            {**_EMPTY, "usage": {"prompt_tokens": -1, "completion_tokens": True}, "model": 7},
        ),
        _read(
            "one with counts in words",
            {**_EMPTY, "usage": {"prompt_tokens": "3", "completion_tokens": 2.5}},
        ),
        _read("one with a usage that is none", {**_EMPTY, "usage": [3]}),
        Told(
            name="one with an id for support",
            ask=meeting(
                calling(_MINI),
                instead(Respond(200, {"x-request-id": "req_1" + "0" * 100}, _EMPTY)),
            ),
            tells={"answer.request_id": "req_1" + "0" * 95},
        ),
        _unread("one without a choice", {"choices": []}),
        _unread("one whose choices are none", {"choices": {"0": {"message": {}}}}),
        _unread("one whose choice is none", {"choices": ["Hello"]}),
        _unread("one without anything", {}),
        _read(
            "an embedding",
            {"data": [{"embedding": [0.5]}, {"embedding": []}], "usage": {"prompt_tokens": 2}},
            kind="embedding",
            dimensions=1,
            input_tokens=2,
        ),
        _unread("an empty embedding", {"data": [{"embedding": []}]}, kind="embedding"),
        _unread("an embedding in base64", {"data": [{"embedding": "AAAA"}]}, kind="embedding"),
        _unread("no embedding", {"data": []}, kind="embedding"),
    ),
)

_REFUSALS = Situation(
    name="refusals of calls, in the words of other services",
    told=(
        _refused(
            "a limit within a success",
            {"error": {"code": 429, "message": "slow down"}},
            RateLimited,
            status=200,
            message="api.openai.com answered 429: slow down",
        ),
        _refused("the least refusal within a success", {"error": {"code": 400}}, InvalidRequest),
        _refused(
            "a failure without a number that counts",
            {"error": {"code": 399, "message": "?"}},
            ServiceUnavailable,
            message="api.openai.com answered 502: ?",
        ),
        _refused("a failure without a number", {"error": {"code": "x"}}, ServiceUnavailable),
        _refused(
            "a success with a pause to keep",
            Respond(200, {"retry-after": "30"}, {"error": {"code": 429}}),
            RateLimited,
            retry_after=30,
        ),
        _refused(
            "OpenRouter's moderation",
            {"error": {"code": 403, "message": "flagged", "metadata": {"flagged_input": "y"}}},
            ContentFiltered,
            status=403,
        ),
        _refused(
            "OpenRouter's empty account",
            {"error": {"code": 402, "message": "no credits"}},
            PermissionMissing,
            status=402,
        ),
        _refused(
            "vLLM's unknown model",
            {"object": "error", "message": "no", "type": "NotFoundError", "code": 404},
            DeploymentNotFound,
            status=404,
        ),
        _refused("vLLM's wrong key", {"error": "Unauthorized"}, CredentialsRejected, status=401),
        _refused(
            "a LiteLLM Proxy's wrong key",
            {"error": {"message": "No connected db.", "type": "no_db_connection", "code": "400"}},
            CredentialsRejected,
            status=400,
        ),
        _refused("a page that is no API", Respond(404, body="<html>"), InvalidRequest),
    ),
)

CALLS = (_SENT, _ANSWERS, _REFUSALS)
