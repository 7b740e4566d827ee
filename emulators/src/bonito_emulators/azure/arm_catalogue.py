"""ARM's catalogue of a region: entries in the form of the wire, bundled or recorded."""

from __future__ import annotations

import datetime
import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_emulators.azure.catalogue import CatalogueModel, Kind, bundled_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

RATE_LIMITS: dict[str, list[dict[str, Any]]] = {
    "tokens": [
        {"key": "request", "renewalPeriod": 60, "count": 1},
        {"key": "token", "renewalPeriod": 60, "count": 1000},
    ],
    "fast": [
        {"key": "request", "renewalPeriod": 10, "count": 1},
        {"key": "token", "renewalPeriod": 60, "count": 1000},
    ],
    "requests": [{"key": "request", "renewalPeriod": 60, "count": 1}],
}
_CAPABILITIES: dict[str, dict[str, str]] = {
    "chat": {"chatCompletion": "true"},
    "embeddings": {"embeddings": "true", "embeddingsMaxInputs": "2048"},
    "image": {"imageGenerations": "true"},
    "audio": {"audioTranscriptions": "true", "audioTranslations": "true"},
}
# In this order: an entry may claim more than one.
_KINDS: dict[str, Kind] = {
    "chatCompletion": "chat",
    "embeddings": "embeddings",
    "imageGenerations": "image",
    "audioTranscriptions": "audio",
    "completion": "completion",
}
_SYSTEM_DATA = {
    "createdBy": "Microsoft",
    "createdByType": "Application",
    "createdAt": "2024-10-01T00:00:00Z",
    "lastModifiedBy": "Microsoft",
    "lastModifiedByType": "Application",
    "lastModifiedAt": "2025-04-16T04:45:33.9367873Z",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A model in a version for one kind of account.

    Attributes:
        kind: the kind of account; `MaaS` entries are no account's.
        model: the entry as it goes over the wire.
        marketplace: the model is bought from a partner; nothing on the wire says so.
    """

    kind: str
    model: Mapping[str, Any]
    marketplace: bool = False

    @property
    def format(self) -> str:
        """The publisher's format, as `Mistral AI`."""
        return str(self.model["format"])

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.model["name"])

    @property
    def version(self) -> str:
        """The version, a string of any kind."""
        return str(self.model["version"])

    @property
    def lifecycle(self) -> str:
        """The lifecycle as ARM spells it."""
        return str(self.model["lifecycleStatus"])

    @property
    def retired_at(self) -> datetime.datetime | None:
        """When inference ends, where the entry says it."""
        written = self.model.get("deprecation", {}).get("inference")
        return None if written is None else datetime.datetime.fromisoformat(written)

    def sku(self, name: str) -> Mapping[str, Any] | None:
        """Finds a SKU by its name."""
        return next((sku for sku in self.model.get("skus", ()) if sku["name"] == name), None)

    def wrapped(self, *, subscription: str, location: str) -> dict[str, Any]:
        """Gives the entry as the listing of a location has it."""
        name = f"{self.format}.{self.name}.{self.version}"
        parent = f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/locations"
        return {
            "id": f"{parent}/{location}/models/{name}",
            "type": "Microsoft.CognitiveServices/locations/models",
            "name": name,
            "location": location,
            "kind": self.kind,
            "skuName": "S0",
            "model": dict(self.model),
        }

    def served_model(self) -> CatalogueModel:
        """Gives the base model that answers on the data planes."""
        capabilities = self.model.get("capabilities", {})
        kinds = (kind for flag, kind in _KINDS.items() if capabilities.get(flag) == "true")
        kind = next(kinds, "embeddings" if "embed" in self.name.lower() else "other")
        retired = self.retired_at
        return CatalogueModel(
            format=self.format,
            name=self.name,
            version=self.version,
            kind=kind,
            lifecycle=self.lifecycle,
            retires=None if retired is None else f"{retired:%Y-%m-%d}",
            reasoning=self.format == "OpenAI" and self.name.startswith(("o1", "o3", "o4", "gpt-5")),
            dimensions=1536 if kind == "embeddings" else None,
        )


@functools.cache
def bundled_entries() -> tuple[Entry, ...]:
    """Reads the entries of the data file that comes with the package."""
    file = bundled_file()
    return tuple(_bundled(file["groups"], file["sku_sets"]))


@functools.cache
def bundled_locations() -> dict[str, str]:
    """Gives the regions that exist, with the spelling that ids have."""
    locations: dict[str, str] = bundled_file()["locations"]
    return locations


def recorded_entries(path: Path) -> tuple[str, tuple[Entry, ...]]:
    """Reads a recorded answer of `locations/{location}/models`: the location and the entries.

    What is sold by a partner is taken from the bundled file, where the model is known there.

    Raises:
        LookupError: the recording is empty.
    """
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["value"]
    if not rows:
        msg = f"{path} holds no entries"
        raise LookupError(msg)
    bought = {(entry.format, entry.name) for entry in bundled_entries() if entry.marketplace}
    entries = tuple(
        Entry(
            kind=row["kind"],
            model=row["model"],
            marketplace=(row["model"]["format"], row["model"]["name"]) in bought,
        )
        for row in rows
    )
    return rows[0]["location"], entries


def _bundled(groups: Iterable[Mapping[str, Any]], sets: Mapping[str, Any]) -> Iterator[Entry]:
    for group in groups:
        for row in group["models"]:
            skus = row.get("skus", group.get("skus"))
            model = _model(group, row, sets[skus] if isinstance(skus, str) else skus)
            marketplace = row.get("marketplace", group.get("marketplace", False))
            for kind in group["kinds"]:
                yield Entry(kind=kind, model=model, marketplace=marketplace)


def _model(
    group: Mapping[str, Any], row: Mapping[str, Any], skus: Iterable[list[Any]]
) -> dict[str, Any]:
    name, version = row["name"], row["version"]
    model = {
        "format": group["format"],
        "name": name,
        "version": version,
        "isDefaultVersion": row.get("default", False),
        "skus": [_sku(sku, retires=row.get("retires")) for sku in skus],
        "maxCapacity": 3,
        "capabilities": row.get("capabilities", _CAPABILITIES.get(row.get("kind", "chat"), {})),
        "lifecycleStatus": row.get("lifecycle", "Stable"),
        "systemData": _SYSTEM_DATA,
        "modelCatalogAssetId": (
            f"azureml://registries/{group['registry']}/models/{name}/versions/{version}"
        ),
    }
    if retires := row.get("retires"):
        model["deprecation"] = {"inference": f"{retires}T00:00:00Z"}
    return model


def _sku(row: list[Any], *, retires: str | None) -> dict[str, Any]:
    name, usage, capacity, limits = row
    sku: dict[str, Any] = {"name": name, "usageName": usage, "capacity": capacity}
    if limits is not None:
        sku["rateLimits"] = RATE_LIMITS[limits]
    # Entries of OpenAI carry the date on each SKU too, those of partners do not.
    if retires is not None and usage.startswith("OpenAI.") and not retires.startswith("2099"):
        sku["deprecationDate"] = f"{retires}T00:00:00Z"
    return sku
