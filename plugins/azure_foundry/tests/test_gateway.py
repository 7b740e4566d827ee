"""Which route each deployment gets: host by kind by format by name by surfaces, key by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bonito_azure_foundry import plugin
from bonito_azure_foundry.facts import describe
from bonito_providers import Deployment, GatewayEntry, Provider, State, Surface
from bonito_providers.deployment import DeployedModel, DeploymentRef
from bonito_providers.gateway import COMMON_PARAMETERS
from plugins.azure_foundry.tests.resources import COGNITIVE, KEYS, OPENAI, PROJECT, SERVICES
from tests.virtual_time import START

PROVIDER = Provider(plugin)
HOSTS = (SERVICES, OPENAI, COGNITIVE)


def _deployment(name: str, model: DeployedModel, absent: tuple[str, ...] = ()) -> Deployment:
    return Deployment(
        ref=DeploymentRef(provider="azure_foundry", resource="contoso", name=name),
        model=model,
        state=State.READY,
        surfaces=tuple(Surface(name=each, answers=False) for each in absent),
        observed_at=START,
    )


def _entry(deployment: Deployment, endpoint: str = SERVICES) -> GatewayEntry:
    fields = PROVIDER.read_credentials({"endpoint": endpoint, "api_key": KEYS[0]})
    return PROVIDER.build_gateway_entry(fields, deployment)


def _route(model: str, base: str = SERVICES, **more: str) -> dict[str, Any]:
    return {"model": model, "api_base": base, "api_key": SecretStr(KEYS[0]), **more}


def _models(name: str) -> dict[str, Any]:
    return _route(f"azure_ai/{name}", api_version="2024-05-01-preview")


def _v1(name: str, base: str = SERVICES) -> dict[str, Any]:
    return _route(f"azure/{name}", base, api_version="v1")


def _classic(name: str, base: str = SERVICES) -> dict[str, Any]:
    return _route(f"azure/{name}", base, api_version="2024-10-21")


@dataclass(frozen=True)
class Case:
    """A deployment, and the parameters its route has to have (litellm.md sections 1 and 7)."""

    name: str
    model: str | None
    params: dict[str, Any]
    surface: str
    endpoint: str = SERVICES
    absent: tuple[str, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        gone = f"-{'-'.join(self.absent)}" if self.absent else ""
        return f"{self.endpoint.partition('.')[2]}-{self.model}-as-{self.name}{gone}"


CASES = [
    # Chat on the services host goes by azure_ai/, whatever the endpoint was pasted as.
    *(
        Case("partner", "DeepSeek-V3.1", _models("partner"), "models", endpoint)
        for endpoint in (
            SERVICES,
            f"{SERVICES}/models",
            f"{SERVICES}/models/chat/completions?api-version=2024-05-01-preview",
            f"{SERVICES}/openai/v1/",
            PROJECT,
            "https://Contoso.Services.ai.azure.com/",
        )
    ),
    Case("DeepSeek-V3.1", "DeepSeek-V3.1", _models("DeepSeek-V3.1"), "models"),
    Case("mini", "gpt-4o-mini", _models("mini"), "models"),
    Case("gpt-4o", "gpt-4o", _models("gpt-4o"), "models"),
    Case("grok-3", "grok-3", _models("grok-3"), "models"),
    # The family's name belongs to the model, so LiteLLM's special treatment is the right one.
    Case("Cohere-command-r", "Cohere-command-r", _models("Cohere-command-r"), "models"),
    # Names that LiteLLM takes for another family's.
    *(
        Case(name, "DeepSeek-V3.1", _v1(name), "openai_v1", reason="another family's")
        for name in (
            "claude-like",
            "My-CLAUDE",
            "model-router-2",
            "model_router",
            "gpt-5-killer",
            "not-grok",
            "command-r-like",
        )
    ),
    Case("claude-x", "gpt-4o", _v1("claude-x"), "openai_v1", reason="another family's"),
    # Reasoning models refuse max_tokens.
    Case("reasoner", "gpt-5-mini", _v1("reasoner"), "openai_v1", reason="refuse max_tokens"),
    Case("gpt-5", "gpt-5", _v1("gpt-5"), "openai_v1", reason="refuse max_tokens"),
    Case("thinker", "o3", _v1("thinker"), "openai_v1", reason="refuse max_tokens"),
    # The twin hosts: /openai/v1 is documented for one of them, the classic surface for both.
    Case("x", "gpt-4o", _v1("x", OPENAI), "openai_v1", OPENAI, reason="wrong path"),
    Case("x", "DeepSeek-V3.1", _v1("x", OPENAI), "openai_v1", OPENAI, reason="wrong path"),
    Case("x", "gpt-4o", _classic("x", COGNITIVE), "deployments", COGNITIVE, reason="wrong path"),
    # Embeddings.
    *(
        Case("vectors", "text-embedding-3-small", _v1("vectors", host), "openai_v1", host,
             reason="embeddings send no api-version")
        for host in (SERVICES, OPENAI)
    ),
    Case("vectors", "text-embedding-3-small", _classic("vectors", COGNITIVE), "deployments",
         COGNITIVE, reason="does not serve /openai/v1"),
    Case("e", "embed-v-4-0", _v1("e"), "openai_v1", reason="embeddings send no api-version"),
    # Surfaces that were seen to be absent.
    Case("x", "DeepSeek-V3.1", _v1("x"), "openai_v1", absent=("models",), reason="/models"),
    Case("x", "gpt-4o", _classic("x"), "deployments", absent=("models", "openai_v1"),
         reason="does not serve /openai/v1"),
    Case("x", "gpt-4o", _classic("x", OPENAI), "deployments", OPENAI, absent=("openai_v1",),
         reason="does not serve /openai/v1"),
    Case("v", "text-embedding-3-small", _classic("v"), "deployments", absent=("openai_v1",),
         reason="does not serve /openai/v1"),
    # Claude.
    Case("claude-haiku-4-5", "claude-haiku-4-5", _route("azure_ai/claude-haiku-4-5"), "anthropic"),
    Case("My-Claude", "claude-haiku-4-5", _route("azure_ai/My-Claude"), "anthropic", PROJECT),
    Case("assistant", "claude-haiku-4-5",
         _route("anthropic/assistant", f"{SERVICES}/anthropic"), "anthropic",
         reason='"claude" in the name'),
    # Nothing is known of the model.
    Case("thing", None, _models("thing"), "models", reason="kind is unknown"),
    Case("thing", "an-unheard-of-model", _models("thing"), "models", reason="kind is unknown"),
    Case("gpt-5-x", None, _v1("gpt-5-x"), "openai_v1", reason="another family's"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_deployment_gets_exactly_the_parameters_of_its_route(case: Case) -> None:
    deployment = _deployment(case.name, describe(case.model), case.absent)
    entry = _entry(deployment, case.endpoint)
    assert entry.supported
    assert dict(entry.litellm_params) == case.params
    assert next(iter(entry.litellm_params)) == "model"
    assert (entry.model_name, entry.surface) == (case.name, case.surface)
    assert case.reason in entry.reason
    assert bool(entry.reason) == bool(case.reason)


NOT_ROUTED = [
    *(
        Case("assistant", "claude-haiku-4-5", {}, "none", host,
             reason=f"Claude is served on {SERVICES} alone")
        for host in (OPENAI, COGNITIVE)
    ),
    Case("claude", "claude-haiku-4-5", {}, "none", OPENAI, reason=SERVICES),
    Case("claude", "claude-haiku-4-5", {}, "none", absent=("anthropic",), reason="/anthropic"),
    Case("draw", "gpt-image-1", {}, "none", reason="not image"),
    Case("hear", "whisper", {}, "none", reason="not audio"),
    Case("rank", "cohere-rerank-v4", {}, "none", reason="not rerank"),
    Case("old", "babbage", {}, "none", reason="not completion"),
    Case("x", "DeepSeek-V3.1", {}, "none", absent=("models", "openai_v1"), reason="only other way"),
    Case("e", "embed-v-4-0", {}, "none", absent=("openai_v1",), reason="only other way"),
    Case("x", "DeepSeek-V3.1", {}, "none", OPENAI, absent=("openai_v1",), reason=f"Use {SERVICES}"),
    Case("x", "DeepSeek-V3.1", {}, "none", COGNITIVE, reason=f"Use {SERVICES}"),
    Case("e", "embed-v-4-0", {}, "none", COGNITIVE, reason=f"Use {SERVICES}"),
]  # fmt: skip


@pytest.mark.parametrize("case", NOT_ROUTED, ids=str)
def test_what_cannot_be_routed_says_why_and_carries_nothing(case: Case) -> None:
    deployment = _deployment(case.name, describe(case.model), case.absent)
    entry = _entry(deployment, case.endpoint)
    assert not entry.supported
    assert (entry.litellm_params, entry.model_info, entry.surface) == ({}, {}, "none")
    assert case.reason in entry.reason


@pytest.mark.parametrize(
    ("model", "version", "base_model"),
    [
        ("gpt-4o", None, "azure/gpt-4o"),
        ("gpt-4o", "2024-11-20", "azure/gpt-4o-2024-11-20"),
        ("gpt-5-mini", None, "azure/gpt-5-mini"),
        ("text-embedding-3-small", "1", "azure/text-embedding-3-small"),
        ("DeepSeek-V3.1", "1", "azure_ai/deepseek-v3.1"),
        ("claude-haiku-4-5", None, "azure_ai/claude-haiku-4-5"),
        ("an-unheard-of-model", "1", None),
        (None, None, None),
    ],
)
def test_the_base_model_is_the_price_row_or_absent(
    model: str | None, version: str | None, base_model: str | None
) -> None:
    entry = _entry(_deployment("x", describe(model, version=version)))
    assert entry.model_info == ({"base_model": base_model} if base_model else {})


def test_an_unobserved_surface_counts_as_served() -> None:
    unknown = (Surface(name="models", answers=None), Surface(name="openai_v1", answers=None))
    deployment = _deployment("x", describe("DeepSeek-V3.1")).model_copy(
        update={"surfaces": unknown}
    )
    assert _entry(deployment).surface == "models"


NAMES = st.text(min_size=1, max_size=30) | st.sampled_from(
    ["claude", "gpt-4o", "gpt-5", "o3", "model-router", "agents/x", "grok", "a b", "../x", "é"]
)
TEXTS = st.none() | st.sampled_from(
    ["chat", "embedding", "image", "OpenAI", "Anthropic", "DeepSeek", "gpt-4o", "gpt-5", "claude-x"]
) | st.text(max_size=20)  # fmt: skip
SURFACES = st.lists(
    st.builds(
        Surface,
        name=st.sampled_from(["models", "openai_v1", "deployments", "anthropic", "other"]),
        answers=st.sampled_from([True, False, None]),
    ),
    max_size=6,
).map(tuple)
DEPLOYMENTS = st.builds(
    Deployment,
    ref=st.builds(
        DeploymentRef, provider=st.just("azure_foundry"), resource=st.just("contoso"), name=NAMES
    ),
    model=st.builds(
        DeployedModel, name=TEXTS, format=TEXTS, version=TEXTS, kind=TEXTS, price_key=TEXTS
    ),
    state=st.sampled_from(State),
    surfaces=SURFACES,
    observed_at=st.just(START),
)


@given(deployment=DEPLOYMENTS, endpoint=st.sampled_from([*HOSTS, PROJECT]))
def test_any_deployment_gets_a_safe_route_or_a_reason(
    deployment: Deployment, endpoint: str
) -> None:
    entry = _entry(deployment, endpoint)
    params = entry.litellm_params
    assert set(params) <= COMMON_PARAMETERS | set(PROVIDER.info.gateway_parameters)
    assert entry.model_name == deployment.ref.name
    assert KEYS[0] not in f"{entry!r} {entry.model_dump_json()} {entry.reason}"
    if not entry.supported:
        assert entry.reason
        assert params == {}
        return
    assert params["api_key"] == SecretStr(KEYS[0])
    assert str(params["api_base"]).removesuffix("/anthropic") in HOSTS
    prefix, _, name = str(params["model"]).partition("/")
    assert name == deployment.ref.name
    if prefix == "azure_ai":
        assert params["api_base"] == SERVICES
    if prefix == "azure":
        assert params["api_version"] in ("v1", "2024-10-21")
    assert entry.to_litellm()["litellm_params"]["api_key"] == KEYS[0]
    assert KEYS[0] not in str(entry.to_export(lambda name: f"os.environ/{name.upper()}"))
