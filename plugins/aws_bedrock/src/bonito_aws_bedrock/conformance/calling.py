"""Short calls of what a host has kept: only an answer counts as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.conformance.asking import REQUEST, calling, ref, refusal
from bonito_aws_bedrock.conformance.kept import (
    ADDRESSLESS,
    CHAT,
    COHERE,
    ELSEWHERE,
    MICRO,
    STRANGE,
    TITAN,
)
from bonito_aws_bedrock.conformance.places import ACCOUNT
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting, with_bodies
from bonito_emulators.faults import Respond
from bonito_providers import Deployment
from bonito_providers.errors import DeploymentNotFound, InvalidRequest, MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask

_CALL = "/model/"
_IDENTIFIED = {"x-amzn-requestid": REQUEST}
_OTHER = f"arn:aws:bedrock:eu-central-1:{ACCOUNT}"


def _said(*content: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON
    return {"output": {"message": {"role": "assistant", "content": list(content)}}}


def _answered(deployment: Deployment, body: Mapping[str, Any], *, kind: str = "chat") -> Ask:
    """Call while the runtime answers with this."""
    return meeting(
        calling(deployment, kind=kind), instead(Respond(200, _IDENTIFIED, body), path=_CALL)
    )


async def _numbered(scene: Scene) -> Mapping[str, Any]:
    """Call, and tell what was sent and whether the answer bears the number the service gave."""
    told = await with_bodies(calling(CHAT))(scene)
    called = [each for each in scene.wire() if each.path.startswith(_CALL)]
    given = [dict(each.response_headers).get("x-amzn-requestid") for each in called]
    return {**told, "its number": given == [told["answer"].request_id]}


def _without_content() -> Iterator[Told]:
    bodies: tuple[Mapping[str, Any], ...] = (
        _said(),
        _said({}),
        {"output": {"message": {"role": "assistant"}}},
        {"output": {}},
        {},
    )
    for place, body in enumerate(bodies, start=1):
        yield Told(
            name=f"an answer without content, form {place}",
            ask=_answered(MICRO, body),
            refused=MalformedAnswer,
            says=("Converse", "Try again"),
        )


def _without_vector() -> Iterator[Told]:
    bodies: tuple[Mapping[str, Any], ...] = (
        {},
        {"embedding": []},
        {"embedding": "x"},
        {"embeddings": {"int8": [[1]]}},
    )
    for body in bodies:
        yield Told(
            name=f"an embedding as {body}",
            ask=_answered(TITAN, body, kind="embedding"),
            refused=MalformedAnswer,
            says=("The model answered without a vector.", "Try again."),
        )


CALLED = (
    Told(
        name="a chat",
        ask=_numbered,
        tells={
            "answer.text": "This is amazon.nova-lite-v1:0. You said: ping",
            "answer.model": "amazon.nova-lite-v1:0",
            "answer.input_tokens": 5,
            "answer.output_tokens": 2,
            "answer.dimensions": None,
            "answer.surface": "converse",
            "bodies": [
                {
                    "messages": [{"role": "user", "content": [{"text": "ping"}]}],
                    "inferenceConfig": {"maxTokens": 3},
                }
            ],
            "its number": True,
        },
    ),
    Told(
        name="an embedding of Titan",
        ask=calling(TITAN, kind="embedding"),
        tells={"dimensions": 8, "input_tokens": 3, "surface": "invoke", "text": None},
    ),
    Told(
        name="an embedding of Cohere",
        ask=calling(COHERE, kind="embedding"),
        tells={"dimensions": 8, "model": "cohere.embed-v4:0", "surface": "invoke"},
    ),
    Told(
        name="an embedding of Cohere in types",
        ask=_answered(COHERE, {"embeddings": {"float": [[0, 1, 2]]}}, kind="embedding"),
        tells={"dimensions": 3, "request_id": REQUEST},
    ),
    Told(
        name="a model that spends its tokens on reasoning",
        ask=_answered(MICRO, _said({"reasoningContent": {"reasoningText": {"text": "hm"}}})),
        tells={"text": "", "input_tokens": None, "output_tokens": None, "request_id": REQUEST},
    ),
    Told(
        name="an answer that nobody numbered",
        ask=meeting(calling(MICRO), instead(Respond(200, body=_said({"text": "yes"})), path=_CALL)),
        tells={"text": "yes", "request_id": None},
    ),
    Told(
        name="an answer with half a character, which nothing could store",
        ask=_answered(MICRO, _said({"text": "yes \ud83d"})),
        tells={"text": "yes ?"},
    ),
    *_without_content(),
    *_without_vector(),
    Told(
        name="a model that is gone",
        ask=meeting(
            calling(CHAT),
            instead(
                refusal(400, "ValidationException", "The provided model identifier is invalid."),
                path=_CALL,
            ),
        ),
        refused=DeploymentNotFound,
        tells={"status": 400, "code": "ValidationException", "request_id": REQUEST},
        says=("this one seems to be gone",),
    ),
    Told(
        name="what another region has",
        ask=calling(CHAT.model_copy(update={"ref": ref("team-chat", resource=_OTHER)})),
        refused=InvalidRequest,
        says=("Use the connection it was made with.",),
        sends=(),
    ),
    Told(
        name="a form of embedding that is not known",
        ask=calling(STRANGE, kind="embedding"),
        refused=InvalidRequest,
        says=("How acme.embed-v1 embeds is not known here.", "Titan and Cohere are."),
        sends=(),
    ),
    *(
        Told(
            name=f"an address as {each.endpoint}",
            ask=calling(each),
            refused=InvalidRequest,
            says=("has no address of Bedrock's runtime", "Look the deployment up again."),
            sends=(),
        )
        for each in (ADDRESSLESS, ELSEWHERE)
    ),
)
CALLING = (Situation(name="calls", told=CALLED, access="access_key"),)
