"""What came back through LiteLLM, in OpenAI's shape, and what it cost."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bonito_providers.gateway import RoutableDeployment

Redact = Callable[[str], str]

_OWN = frozenset({"provider_specific_fields"})
"""What LiteLLM adds of a service's own answer; OpenAI's interface knows nothing of it."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens as the service counted them; None is unknown."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole answer, or a piece of one.

    Attributes:
        document: In OpenAI's shape.
        text: The document as JSON.
        route: The id of the route that answered, as far as LiteLLM says.
        usage: What was counted.
    """

    document: dict[str, Any]
    text: str
    route: str | None
    usage: Usage


def read(response: Any, *, model: str, redact: Redact) -> Answer:  # noqa: ANN401 - LiteLLM's own
    """Read a response or a chunk of LiteLLM's.

    Args:
        response: As LiteLLM returned it.
        model: The name the caller used, which the answer carries too.
        redact: Hides the secrets of the connections that may have answered.
    """
    hidden = getattr(response, "_hidden_params", None) or {}
    document = _plain(response.model_dump(mode="json", exclude_none=True))
    document["model"] = model
    text = written(document)
    if (hidden_text := redact(text)) is not text:
        text, document = hidden_text, json.loads(hidden_text)
    counted = getattr(response, "usage", None) or hidden.get("usage")
    return Answer(document=document, text=text, route=hidden.get("model_id"), usage=_usage(counted))


def written(document: Mapping[str, Any]) -> str:
    """Return a document as JSON in few characters."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def sent(text: str) -> bytes:
    """Return a text as bytes, a lone half of a character replaced: services do send them."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def encoded(answer: Answer) -> Answer:
    """Return an answer with its vectors in base64, as OpenAI's own client asks for them."""
    for item in answer.document.get("data", ()):
        vector = item.get("embedding")
        if isinstance(vector, list):
            packed = struct.pack(f"<{len(vector)}f", *vector)
            item["embedding"] = base64.b64encode(packed).decode()
    return replace(answer, text=written(answer.document))


def cost_of(route: RoutableDeployment | None, usage: Usage) -> float | None:
    """Return what a call cost in USD at list prices, or None where anything is unknown.

    Discounts, such as for cached input, are not known here.
    """
    if route is None or usage.input_tokens is None:
        return None
    prices = route.entry.model_info
    cost = 0.0
    counts = {"input": usage.input_tokens, "output": usage.output_tokens or 0}
    for kind, count in counts.items():
        price = prices.get(f"{kind}_cost_per_token")
        if count and not isinstance(price, int | float):
            return None
        cost += count * float(price or 0)
    return cost


def _usage(counted: object) -> Usage:
    # Zero is what LiteLLM writes where the service said nothing.
    return Usage(
        input_tokens=_count(counted, "prompt_tokens"),
        output_tokens=_count(counted, "completion_tokens"),
    )


def _count(counted: object, name: str) -> int | None:
    value = counted.get(name) if isinstance(counted, Mapping) else getattr(counted, name, None)
    return value if isinstance(value, int) and value > 0 else None


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items() if name not in _OWN}
    if isinstance(value, list) and value and not isinstance(value[0], float):
        return [_plain(item) for item in value]
    return value
