"""Gateway entries: the name by which LiteLLM reaches a model, or the reason why it cannot."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_gcp_vertex.conformance.asking import routing
from bonito_gcp_vertex.conformance.project import CLAUDE, FLASH, SONNET

_DEEPSEEK = "deepseek-ai/deepseek-r1-0528-maas"
_SDK = "only with google-cloud-aiplatform below 2"


def _routed(name: str, model: str, surface: str, *, priced: str | None) -> Told:
    return Told(
        name=f"the route to {name}",
        ask=routing(name),
        tells={
            "supported": True,
            "reason": "",
            "model_name": name,
            "aliases": [],
            "litellm_params.model": f"vertex_ai/{model}",
            "litellm_params.vertex_project": "acme-prod",
            "litellm_params.vertex_location": "global",
            "litellm_params.vertex_credentials": "**********",
            "model_info": {"base_model": priced} if priced else {},
            "surface": surface,
        },
    )


def _unrouted(name: str, *reasons: str) -> Told:
    return Told(
        name=f"no route to {name}",
        ask=routing(name),
        tells={
            "supported": False,
            "surface": "none",
            "litellm_params": {},
            "model_info": {},
            "model_name": name,
        },
        says=reasons,
    )


ROUTING = (
    Situation(
        name="routes",
        told=(
            _routed(
                FLASH, "gemini-3.8-flash", "generate_content", priced="vertex_ai/gemini-3.8-flash"
            ),
            _routed(
                "google/text-embedding-005",
                "text-embedding-005",
                "predict",
                priced="text-embedding-005",
            ),
            _routed(
                "google/gemini-embedding-2",
                "gemini-embedding-2",
                "embed_content",
                priced="vertex_ai/gemini-embedding-2",
            ),
            _routed(CLAUDE, "claude-opus-5", "anthropic", priced="vertex_ai/claude-opus-5"),
            _routed(
                SONNET,
                "claude-sonnet-4-5@20250929",
                "anthropic",
                priced="vertex_ai/claude-sonnet-4-5",
            ),
            _routed(
                "mistralai/mistral-medium-3",
                "mistral-medium-3",
                "mistral",
                priced="vertex_ai/mistral-medium-3",
            ),
            *(
                _routed(name, name, "openapi", priced=f"vertex_ai/{name}")
                for name in (
                    "google/gemma-4-26b-a4b-it-maas",
                    "meta/llama-3.3-70b-instruct-maas",
                    "qwen/qwen3-next-80b-a3b-instruct-maas",
                    "openai/gpt-oss-120b-maas",
                )
            ),
            _unrouted("team-gemma", "endpoints of one's own", _SDK),
            _unrouted("xai/grok-4.7", "Grok", _SDK),
            _unrouted("google/gemini-3.1-flash-image", "routes chat and embeddings, not image"),
            _unrouted("contoso/weather-oracle", "not what is not known"),
            _unrouted("ai21/jamba-1.5-mini", "form in which this model is called is not known"),
            _unrouted("mistralai/magistral-medium-2509", "form by its name"),
            _unrouted(
                _DEEPSEEK, "in us-central1 alone", "for global", "a connection for us-central1"
            ),
        ),
    ),
)
