"""Model Garden's catalogue: what is served, and weights that a customer serves himself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Category = Literal[
    "PROPRIETARY",
    "GOOGLE_OWNED_OSS_WITH_GOOGLE_CHECKPOINT",
    "THIRD_PARTY_OWNED_OSS",
    "THIRD_PARTY_OWNED_OSS_WITH_GOOGLE_CHECKPOINT",
]
Surface = Literal["gemini", "embed", "predict", "anthropic", "mistral", "openai", "none"]


@dataclass(frozen=True)
class Machine:
    """What weights can be deployed on."""

    type: str
    accelerator: str
    count: int

    @property
    def spec(self) -> dict[str, Any]:
        """The machine as the API writes it."""
        return {
            "machineType": self.type,
            "acceleratorType": self.accelerator,
            "acceleratorCount": self.count,
        }


@dataclass(frozen=True, kw_only=True)
class PublisherModel:
    """One version of a model in the catalogue.

    Attributes:
        surface: How it is called; what is not chat nor embedding is `none`.
        machines: What its weights can be deployed on; a served model has none.
        listed_alone: Whether its row names its one way to be deployed without a list around it.
        eula: Whether deploying its weights needs a licence to be accepted.
        terms: Whether calling it needs it to be enabled in Model Garden.
        data_sharing: Whether its publisher wants to see what is asked.
        locations: Where it is served; everywhere when None. The API does not tell.
        described: Whether the row has a name at all.
    """

    publisher: str
    name: str
    version: str = "default"
    surface: Surface = "none"
    category: Category = "PROPRIETARY"
    stage: str = "GA"
    machines: tuple[Machine, ...] = ()
    listed_alone: bool = False
    eula: bool = False
    terms: bool = False
    data_sharing: bool = False
    locations: frozenset[str] | None = None
    described: bool = True

    @property
    def resource(self) -> str:
        """Its name without a version."""
        return f"publishers/{self.publisher}/models/{self.name}"

    def row(self) -> dict[str, Any]:
        """Gives the row: neither a title nor a description, and nothing of where it is served."""
        row: dict[str, Any] = {
            "name": self.resource,
            "versionId": self.version,
            "openSourceCategory": self.category,
            "supportedActions": _actions(self),
            "launchStage": self.stage,
            # As recorded: the template names google, whoever published the model.
            "publisherModelTemplate": "projects/{project}/locations/{location}/publishers/google/"
            f"models/{self.name}@{self.version}",
        }
        if not self.described:
            del row["name"]
        return row


@dataclass
class Catalogue:
    """What Model Garden lists; rows may be added and taken away."""

    models: list[PublisherModel] = field(default_factory=list)

    def find(self, publisher: str, text: str) -> PublisherModel | None:
        """Finds a model by its name, with or without a version; of several the first."""
        name, _, version = text.partition("@")
        for model in self.models:
            if (model.publisher, model.name) == (publisher, name) and version in (
                "",
                "default",
                model.version,
            ):
                return model
        return None


def default_catalogue() -> Catalogue:
    """Gives a catalogue with the traps that the real one has."""
    l4 = Machine("g2-standard-12", "NVIDIA_L4", 1)
    h100 = Machine("a3-highgpu-2g", "NVIDIA_H100_80GB", 2)
    own: Category = "GOOGLE_OWNED_OSS_WITH_GOOGLE_CHECKPOINT"
    other: Category = "THIRD_PARTY_OWNED_OSS"
    return Catalogue(
        [
            PublisherModel(
                publisher="google",
                name="gemini-4-argon",
                surface="gemini",
                stage="PUBLIC_PREVIEW",
                locations=frozenset({"global"}),
            ),
            PublisherModel(publisher="google", name="gemini-3.8-flash", surface="gemini"),
            PublisherModel(publisher="google", name="gemini-3.5-flash-lite", surface="gemini"),
            PublisherModel(publisher="google", name="gemini-3.1-flash-image"),
            PublisherModel(publisher="google", name="gemini-embedding-2", surface="embed"),
            PublisherModel(
                publisher="google", name="text-embedding-005", version="001", surface="predict"
            ),
            PublisherModel(publisher="google", name="veo-3.1-lite-generate-001", version="001"),
            PublisherModel(
                publisher="google",
                name="gemma3",
                version="gemma-3-1b-it",
                category=own,
                machines=(l4,),
            ),
            PublisherModel(
                publisher="google",
                name="gemma3",
                version="gemma-3-27b-it",
                category=own,
                machines=(h100, l4),
            ),
            PublisherModel(
                publisher="google",
                name="gemma-4-26b-a4b-it-maas",
                version="001",
                surface="openai",
                category=own,
            ),
            PublisherModel(
                publisher="anthropic", name="claude-opus-5", surface="anthropic", terms=True
            ),
            PublisherModel(
                publisher="anthropic",
                name="claude-sonnet-4-5",
                version="20250929",
                surface="anthropic",
                terms=True,
                data_sharing=True,
            ),
            PublisherModel(
                publisher="mistralai",
                name="mistral-medium-3",
                version="001",
                surface="mistral",
                terms=True,
            ),
            PublisherModel(
                publisher="mistralai",
                name="magistral-medium-2509",
                version="001",
                surface="mistral",
                terms=True,
            ),
            PublisherModel(publisher="mistralai", name="mistral-ocr-2505", version="001"),
            PublisherModel(
                publisher="mistral-ai",
                name="mistral",
                version="mistral-7b-instruct-v0.3",
                category=other,
                machines=(l4,),
                listed_alone=True,
            ),
            PublisherModel(
                publisher="meta",
                name="llama-3.3-70b-instruct-maas",
                version="001",
                surface="openai",
                category=other,
            ),
            PublisherModel(
                publisher="meta",
                name="llama3-3",
                version="llama-3.3-70b-instruct",
                category=other,
                machines=(h100,),
                eula=True,
            ),
            PublisherModel(
                publisher="qwen",
                name="qwen3-next-80b-a3b-instruct-maas",
                version="001",
                surface="openai",
                category=other,
                locations=frozenset({"global"}),
            ),
            PublisherModel(
                publisher="deepseek-ai",
                name="deepseek-r1-0528-maas",
                version="001",
                surface="openai",
                category=other,
                locations=frozenset({"us-central1"}),
            ),
            PublisherModel(
                publisher="openai",
                name="gpt-oss-120b-maas",
                version="001",
                surface="openai",
                category=other,
            ),
            PublisherModel(publisher="xai", name="grok-4.7", surface="openai"),
            PublisherModel(publisher="ai21", name="jamba-1.5-mini", version="001"),
            PublisherModel(publisher="contoso", name="weather-oracle", version="001"),
            PublisherModel(publisher="contoso", name="nameless", described=False),
        ]
    )


def _actions(model: PublisherModel) -> dict[str, Any]:
    if not model.machines:
        return {"openGenerationAiStudio": {"title": "Open"}} if model.surface == "gemini" else {}
    options = [
        {
            "modelDisplayName": model.version,
            "title": f"{model.version} on {machine.accelerator}",
            "containerSpec": {"imageUri": "us-docker.pkg.dev/vertex-ai/pytorch-vllm-serve:1"},
            "dedicatedResources": {"machineSpec": machine.spec, "minReplicaCount": 1},
            "deployTaskName": "vLLM",
        }
        for machine in model.machines
    ]
    if model.listed_alone:
        return {"deploy": options[0]}
    return {"multiDeployVertex": {"multiDeployVertex": options}}
