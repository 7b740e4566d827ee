"""Calls the emulated service by the real LiteLLM in all its shapes; prints what came back."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import litellm

KEY, BASE = sys.argv[1], "https://contoso.services.ai.azure.com"
INFERENCE: dict[str, Any] = {"api_base": BASE, "api_key": KEY, "api_version": "2024-05-01-preview"}
CLASSIC: dict[str, Any] = {"api_base": BASE, "api_key": KEY, "api_version": "2024-10-21"}
V1: dict[str, Any] = {"api_base": BASE, "api_key": KEY, "api_version": "v1"}
CLAUDE: dict[str, Any] = {"api_base": BASE, "api_key": KEY}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city"],
        },
    },
}
CHATS: dict[str, tuple[str, dict[str, Any]]] = {
    "inference": ("azure_ai/DeepSeek-V3.1", INFERENCE),
    "inference gpt": ("azure_ai/gpt-4o-mini", INFERENCE),
    "v1": ("azure/DeepSeek-V3.1", V1),
    "classic": ("azure/gpt-4o-mini", CLASSIC),
    "claude": ("azure_ai/claude-sonnet-4-5", CLAUDE),
}


def messages(text: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]


async def chat(model: str, options: dict[str, Any], **more: Any) -> list[Any]:
    response = await litellm.acompletion(
        model=model, messages=messages("Paris please"), **options, **more
    )
    choice = response.choices[0]
    calls = [call.function.arguments for call in choice.message.tool_calls or []]
    return [choice.message.content, choice.finish_reason, calls, response.usage.total_tokens]


async def stream(model: str, options: dict[str, Any], **more: Any) -> list[Any]:
    response = await litellm.acompletion(
        model=model, messages=messages("Paris please"), stream=True, **options, **more
    )
    chunks = [chunk async for chunk in response]
    whole = litellm.stream_chunk_builder(chunks)
    choice = whole.choices[0]
    calls = [call.function.arguments for call in choice.message.tool_calls or []]
    return [choice.message.content, choice.finish_reason, calls, len(chunks)]


async def embedding(model: str, options: dict[str, Any]) -> list[Any]:
    response = await litellm.aembedding(model=model, input=["one", "two"], **options)
    vectors = [item["embedding"] for item in response.data]
    return [len(vectors), len(vectors[0]), vectors[0][:3], response.usage.total_tokens]


async def tool_result(model: str, options: dict[str, Any]) -> list[Any]:
    """Takes the second turn: the model is told what the tool said."""
    first = await litellm.acompletion(
        model=model, messages=messages("Paris please"), tools=[WEATHER], **options
    )
    asked = first.choices[0].message
    told = {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "sunny"}
    second = await litellm.acompletion(
        model=model,
        messages=[*messages("Paris please"), asked.model_dump(exclude_none=True), told],
        tools=[WEATHER],
        **options,
    )
    return [second.choices[0].message.content, second.choices[0].finish_reason]


async def refused(model: str, options: dict[str, Any]) -> list[Any]:
    try:
        await litellm.acompletion(model=model, messages=messages("x"), max_tokens=5, **options)
    except litellm.exceptions.APIError as error:
        return [type(error).__name__, error.status_code]
    except litellm.exceptions.BadRequestError as error:
        return [type(error).__name__, error.status_code]
    except litellm.exceptions.AuthenticationError as error:
        return [type(error).__name__, error.status_code]
    except litellm.exceptions.NotFoundError as error:
        return [type(error).__name__, error.status_code]
    return ["answered"]


async def main() -> None:
    result: dict[str, Any] = {}
    for name, (model, options) in CHATS.items():
        result[f"chat {name}"] = await chat(model, options)
        result[f"stream {name}"] = await stream(model, options)
        result[f"tools {name}"] = await chat(model, options, tools=[WEATHER])
        result[f"tools stream {name}"] = await stream(model, options, tools=[WEATHER])
        result[f"tool result {name}"] = await tool_result(model, options)
    usage: dict[str, Any] = {"stream_options": {"include_usage": True}}
    result["usage inference"] = await stream(*CHATS["inference"], **usage)
    result["usage v1"] = await stream(*CHATS["v1"], **usage)
    result["limit reasoner"] = await chat(
        "azure/reasoner", {**V1, "base_model": "azure/gpt-5-mini"}, max_tokens=3
    )
    result["embedding v1"] = await embedding("azure/text-embedding-3-small", V1)
    result["embedding classic"] = await embedding("azure/text-embedding-3-small", CLASSIC)
    result["refused reasoner"] = await refused("azure_ai/reasoner", INFERENCE)
    result["refused unknown"] = await refused("azure/nothing", V1)
    result["refused key"] = await refused("azure_ai/DeepSeek-V3.1", {**INFERENCE, "api_key": "no"})
    result["refused claude"] = await refused("azure_ai/assistant", INFERENCE)
    print(json.dumps(result))  # noqa: T201 - read by the test


if __name__ == "__main__":
    asyncio.run(main())
