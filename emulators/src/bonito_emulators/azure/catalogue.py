"""The region's catalogue of base models, from a data file that names its sources."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["chat", "embeddings", "image", "audio", "completion", "other"]
_LIFECYCLES = {"Preview": "preview", "Deprecated": "deprecated", "Deprecating": "deprecating"}


@dataclass(frozen=True, kw_only=True)
class CatalogueModel:
    """One base model in one version.

    Attributes:
        lifecycle: as ARM spells it.
        retires: the date of `deprecation.inference`, where known.
        reasoning: refuses `max_tokens` and a temperature.
        dimensions: the length of its vectors, for an embedding model.
    """

    format: str
    name: str
    version: str
    kind: Kind = "chat"
    lifecycle: str = "Stable"
    retires: str | None = None
    reasoning: bool = False
    dimensions: int | None = None

    @property
    def id(self) -> str:
        """The id in the catalogue and the echoed `model`: the name, with a telling version."""
        # For Claude "1" and "2" say who hosts it, not which release it is.
        bare = self.version == "1" or (self.anthropic and self.version == "2")
        return self.name if bare else f"{self.name}-{self.version}"

    @property
    def anthropic(self) -> bool:
        """Whether it is served on the Messages API only."""
        return self.format == "Anthropic"

    @property
    def retirement(self) -> int | None:
        """The retirement as the data plane gives it, in seconds."""
        if self.retires is None:
            return None
        day = datetime.datetime.fromisoformat(self.retires).replace(tzinfo=datetime.UTC)
        return int(day.timestamp())

    @property
    def lifecycle_status(self) -> str:
        """The lifecycle as the data plane spells it."""
        return _LIFECYCLES.get(self.lifecycle, "generally-available")

    def capabilities(self) -> dict[str, bool]:
        """The flags of the data plane's catalogue."""
        return {
            "fine_tune": False,
            "inference": self.kind in {"chat", "embeddings", "completion"},
            "completion": self.kind == "completion",
            "chat_completion": self.kind == "chat",
            "embeddings": self.kind == "embeddings",
        }


@functools.cache
def bundled_catalogue() -> tuple[CatalogueModel, ...]:
    """Reads the data file that comes with the package."""
    names = {field.name for field in dataclasses.fields(CatalogueModel)}
    return tuple(
        CatalogueModel(format=group["format"], **{k: row[k] for k in row.keys() & names})
        for group in bundled_file()["groups"]
        for row in group["models"]
    )


def bundled_file() -> dict[str, Any]:
    """Reads the data file as it is, with what only the management plane tells."""
    text = resources.files(__package__).joinpath("catalogue.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def newest(
    catalogue: Iterable[CatalogueModel], name: str, *, version: str | None = None
) -> CatalogueModel:
    """Finds a model by name; without a version the last one listed.

    Raises:
        LookupError: there is none.
    """
    found = [row for row in catalogue if row.name == name and version in (None, row.version)]
    if not found:
        msg = f"the catalogue has no model {name!r} in version {version or 'any'}"
        raise LookupError(msg)
    return found[-1]
