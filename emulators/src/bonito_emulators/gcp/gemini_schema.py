"""The bodies of Gemini's own API; names are read in camel case."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.request import Request, camel

GENERATE = frozenset(
    {
        "cachedContent",
        "contents",
        "generationConfig",
        "labels",
        "safetySettings",
        "systemInstruction",
        "toolConfig",
        "tools",
    }
)
COUNT = frozenset({"contents", "generationConfig", "instances", "systemInstruction", "tools"})
# Maps whose keys are the caller's own, and JSON Schemas.
_FREE = frozenset({"args", "labels", "parameters", "parametersJsonSchema", "response"})
_FREE_SCHEMAS = frozenset({"responseSchema", "responseJsonSchema"})


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, alias_generator=to_camel, populate_by_name=True
    )


Schema = TypeVar("Schema", bound=_Part)


class FunctionCall(_Part):
    """A function as the model called it."""

    name: str
    args: dict[str, Any] = Field(default_factory=dict)
    id: str | None = None


class FunctionResponse(_Part):
    """What a function gave."""

    name: str
    response: dict[str, Any] = Field(default_factory=dict)
    id: str | None = None


class Part(_Part):
    """A piece of a content."""

    text: str | None = None
    inline_data: dict[str, Any] | None = None
    file_data: dict[str, Any] | None = None
    function_call: FunctionCall | None = None
    function_response: FunctionResponse | None = None
    thought: bool | None = None
    thought_signature: str | None = None


class Content(_Part):
    """One turn."""

    role: Literal["user", "model", "function", "system"] | None = None
    parts: list[Part] = Field(min_length=1)


class FunctionDeclaration(_Part):
    """A function that is offered."""

    name: str = Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$")
    description: str | None = None
    parameters: dict[str, Any] | None = None
    parameters_json_schema: dict[str, Any] | None = None


class Tool(_Part):
    """Functions that are offered."""

    function_declarations: list[FunctionDeclaration] = Field(default_factory=list)


class GenerationConfig(_Part):
    """How to answer."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = None
    top_k: float | None = None
    candidate_count: int | None = Field(default=None, ge=1, le=8)
    max_output_tokens: int | None = Field(default=None, ge=1)
    stop_sequences: list[str] | None = Field(default=None, max_length=5)
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None
    response_mime_type: str | None = None
    response_schema: dict[str, Any] | None = None
    response_json_schema: dict[str, Any] | None = None
    response_logprobs: bool | None = None
    logprobs: int | None = None
    thinking_config: dict[str, Any] | None = None
    response_modalities: list[str] | None = None
    media_resolution: str | None = None


class GenerateRequest(_Part):
    """A question."""

    contents: list[Content] = Field(min_length=1)
    system_instruction: Content | None = None
    generation: GenerationConfig = Field(default_factory=GenerationConfig, alias="generationConfig")
    tools: list[Tool] = Field(default_factory=list)
    tool_config: dict[str, Any] | None = None
    safety_settings: list[dict[str, str]] | None = None
    labels: dict[str, str] | None = None
    cached_content: str | None = None


class CountRequest(_Part):
    """A question whose tokens are counted."""

    contents: list[Content] = Field(default_factory=list)
    instances: list[dict[str, Any]] = Field(default_factory=list)
    system_instruction: Content | None = None
    generation: GenerationConfig | None = Field(default=None, alias="generationConfig")
    tools: list[Tool] = Field(default_factory=list)


def read_generate(request: Request) -> GenerateRequest:
    """Reads a question.

    Raises:
        Refusal: A name is unknown, or a value of the wrong form.
    """
    return _read(request, GenerateRequest, GENERATE)


def read_count(request: Request) -> CountRequest:
    """Reads a question whose tokens are counted.

    Raises:
        Refusal: As `read_generate`.
    """
    return _read(request, CountRequest, COUNT)


def _read(request: Request, schema: type[Schema], known: frozenset[str]) -> Schema:
    body = request.json_object(known)
    try:
        return schema.model_validate(_camelled(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    place = re.sub(r"\.(\d+)", r"[\1]", ".".join(map(str, first["loc"])))
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        request.violation(f"the body holds the unknown name {place}")
        raise refusals.invalid(
            f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot find "
            "field."
        )
    raise refusals.invalid(f"Invalid value at '{place}': {first['msg']}")


def _camelled(value: object) -> Any:  # noqa: ANN401 - JSON
    """Writes names in camel case, as protocol buffers read them either way."""
    if isinstance(value, list):
        return [_camelled(each) for each in value]
    if not isinstance(value, dict):
        return value
    named = {camel(name): each for name, each in value.items()}
    free = _FREE | _FREE_SCHEMAS
    return {name: each if name in free else _camelled(each) for name, each in named.items()}
