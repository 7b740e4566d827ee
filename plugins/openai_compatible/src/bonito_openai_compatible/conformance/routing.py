"""Gateway entries: `openai/` and the model's own name, or the reason why LiteLLM has no route."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_openai_compatible.conformance.asking import routing

_OWN = {
    "https://models.example.com/llm": "https://models.example.com/llm/v1",
    "https://models.example.com:443": "https://models.example.com/v1",
    "http://localhost:80": "http://localhost/v1",
    "http://10.1.0.5:8000/v1/completions": "http://10.1.0.5:8000/v1",
    "http://LocalHost:65535/LLM/V1beta/openai/": "http://localhost:65535/LLM/v1beta/openai",
}
"""What is pasted of endpoints that only an operator can allow, and what it means."""
_OTHER_API = "a model that only the Responses API serves"


def _routed(name: str, *, kind: str | None = "chat", reason: str = "") -> Told:
    return Told(
        name=f"the route to {name}, for {kind}",
        ask=routing(name, kind=kind, price_key=f"some/{name}"),
        tells={
            "model_name": name,
            "aliases": [],
            "litellm_params": {
                "model": f"openai/{name}",
                "api_base": "https://api.openai.com/v1",
                "api_key": "**********",
            },
            "model_info": {"base_model": f"some/{name}"},
            "surface": "openai_v1",
            "supported": True,
            "reason": reason,
        },
    )


def _unrouted(name: str, reason: str, *, kind: str | None = "chat") -> Told:
    return Told(
        name=f"no route to {name}",
        ask=routing(name, kind=kind, price_key=name),
        tells={
            "model_name": name,
            "litellm_params": {},
            "model_info": {},
            "surface": "none",
            "supported": False,
        },
        says=(reason,),
    )


ROUTING = (
    Situation(
        name="routes",
        told=(
            _routed("gpt-4o"),
            _routed("text-embedding-3-small", kind="embedding"),
            _routed(
                "some/name/of-anybody",
                kind=None,
                reason="Its kind is unknown; it is routed as chat.",
            ),
            _unrouted("dall-e-3", "routes chat and embeddings, not image", kind="image"),
            *(
                _unrouted(name, _OTHER_API, kind=None)
                for name in ("o3-pro", "openai/gpt-5-codex", "responses/llama", "GPT-5.2-Pro")
            ),
        ),
    ),
    *(
        Situation(
            name=f"routes of an endpoint at {pasted}, which asks for no key",
            fields={"base_url": pasted, "api_key": None},
            told=(
                Told(
                    name="the route to a model without a price",
                    ask=routing("llama3.2:latest"),
                    tells={
                        "litellm_params.api_base": meant,
                        "litellm_params.model": "openai/llama3.2:latest",
                        "model_info": {},
                        "supported": True,
                    },
                ),
            ),
        )
        for pasted, meant in _OWN.items()
    ),
)
