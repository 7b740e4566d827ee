"""The foundation models of each region, and the inference profiles the service defines there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Literal

Kind = Literal["chat", "embedding", "other"]


@dataclass(frozen=True, kw_only=True)
class CatalogueModel:
    """A foundation model.

    Attributes:
        types: how it can be called: `ON_DEMAND`, `INFERENCE_PROFILE`, `PROVISIONED`.
        scopes: for which geographies, or `global`, there is a profile.
        regions: where it is listed.
        agreement: whether somebody has to accept an offer first.
        lifecycle: status and dates, as the service writes them.
    """

    id: str
    name: str
    provider: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    types: tuple[str, ...]
    scopes: tuple[str, ...]
    regions: tuple[str, ...]
    agreement: bool
    lifecycle: Mapping[str, str]

    @property
    def kind(self) -> Kind:
        """What it is called for."""
        if self.outputs == ("EMBEDDING",):
            return "embedding"
        return "chat" if "TEXT" in self.outputs and "rerank" not in self.id else "other"

    @property
    def legacy(self) -> bool:
        """Whether it is on its way out."""
        return self.lifecycle["status"] == "LEGACY"

    def arn(self, region: str) -> str:
        """Gives its name in a region; without one, everywhere."""
        return f"arn:aws:bedrock:{region}::foundation-model/{self.id}"

    def shown(self, region: str) -> dict[str, Any]:
        """Gives the row of the listing."""
        return {
            "modelArn": self.arn(region),
            "modelId": self.id,
            "modelName": self.name,
            "providerName": self.provider,
            "inputModalities": list(self.inputs),
            "outputModalities": list(self.outputs),
            "responseStreamingSupported": self.kind == "chat",
            "customizationsSupported": [],
            "inferenceTypesSupported": list(self.types),
            "modelLifecycle": dict(self.lifecycle),
        }


@dataclass(frozen=True)
class Catalogue:
    """All models, and the geographies by which profiles route.

    Attributes:
        regions: where models are listed.
        places: where Bedrock's hosts exist, with an empty list outside `regions`.
    """

    models: tuple[CatalogueModel, ...]
    geographies: Mapping[str, tuple[str, ...]]
    regions: tuple[str, ...]
    places: tuple[str, ...]

    def models_of(self, region: str) -> list[CatalogueModel]:
        """Gives what a region lists."""
        return [model for model in self.models if region in model.regions]

    def model(self, region: str, identity: str) -> CatalogueModel | None:
        """Finds a model by its id."""
        return next((each for each in self.models_of(region) if each.id == identity), None)

    def profiles_of(self, region: str, account: str) -> list[dict[str, Any]]:
        """Gives the profiles the service defines in a region."""
        return [
            self._profile(model, scope, region, account)
            for model in self.models_of(region)
            for scope in model.scopes
            if scope == "global" or region in self.geographies[scope]
        ]

    def offers(self, region: str, identity: str) -> bool:
        """Tells whether the service has a profile of that id in a region, or that model."""
        profiles = {each["inferenceProfileId"] for each in self.profiles_of(region, "")}
        return identity in profiles or self.model(region, identity) is not None

    def without(self, identity: str) -> Catalogue:
        """Gives the same without a profile, everywhere, or without a model."""
        scope, _, _ = identity.partition(".")
        kept = [
            replace(each, scopes=tuple(name for name in each.scopes if name != scope))
            if identity == f"{scope}.{each.id}"
            else each
            for each in self.models
            if each.id != identity
        ]
        return replace(self, models=tuple(kept))

    def _profile(
        self, model: CatalogueModel, scope: str, region: str, account: str
    ) -> dict[str, Any]:
        identity = f"{scope}.{model.id}"
        place = f"arn:aws:bedrock:{region}:{account}:inference-profile"
        regions = ("", region) if scope == "global" else self.geographies[scope]
        return {
            "inferenceProfileName": f"{scope.upper()} {model.name}".replace(".", " "),
            "inferenceProfileArn": f"{place}/{identity}",
            "inferenceProfileId": identity,
            "description": f"Routes requests to {model.name}",
            "models": [{"modelArn": model.arn(each)} for each in regions],
            "status": "ACTIVE",
            "type": "SYSTEM_DEFINED",
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z",
        }


def bundled_catalogue() -> Catalogue:
    """Reads the catalogue that comes with the emulator."""
    raw = json.loads(files(__package__).joinpath("catalogue.json").read_text(encoding="utf-8"))
    regions = tuple(raw["regions"])
    return Catalogue(
        models=tuple(_model(row, regions) for row in raw["models"]),
        geographies={name: tuple(places) for name, places in raw["geographies"].items()},
        regions=regions,
        places=tuple(raw["places"]),
    )


def _model(row: Mapping[str, Any], regions: tuple[str, ...]) -> CatalogueModel:
    return CatalogueModel(
        id=row["id"],
        name=row["name"],
        provider=row["provider"],
        inputs=tuple(row.get("inputs", ("TEXT",))),
        outputs=tuple(row.get("outputs", ("TEXT",))),
        types=tuple(row["types"]),
        scopes=tuple(row.get("scopes", ())),
        regions=tuple(row.get("regions", regions)),
        agreement=row.get("agreement", False),
        lifecycle=row.get("lifecycle", {"status": "ACTIVE"}),
    )
