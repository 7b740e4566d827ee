"""What is true of the models of the emulated region, and which of it Bedrock itself shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bonito_contract_tests import ModelTruth
from bonito_providers import Capacity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_emulators.aws import AWSCloud, CatalogueModel

_ONE = Capacity(minimum=1, step=1, default=1)
_ORDER = ("geo", "global", "on_demand")


def described(cloud: AWSCloud, region: str) -> Mapping[str, ModelTruth]:
    """Return the truth about every model of a region."""
    return {model.id: _truth(cloud, model, region) for model in cloud.catalogue.models_of(region)}


def _truth(cloud: AWSCloud, model: CatalogueModel, region: str) -> ModelTruth:
    ends = model.lifecycle.get("endOfLifeTime")
    skus = tuple(_skus(cloud, model, region))
    own = model.provider == "Amazon"
    return ModelTruth(
        kind=_kind(model),
        publisher=model.provider,
        sold_by="first_party" if own else None,
        # Neither listing shows terms; facts tell them of the sellers that have them.
        terms_needed=False if own else True if model.provider == "Anthropic" else None,
        lifecycle=model.lifecycle["status"],
        retires_at=datetime.fromisoformat(ends) if ends else None,
        skus=skus,
        capacities={"provisioned": _ONE} if "provisioned" in skus else None,
        price_key=model.id,
        shown=("kind", "publisher", "lifecycle", "skus", *(("retires_at",) if ends else ())),
    )


def _skus(cloud: AWSCloud, model: CatalogueModel, region: str) -> Iterator[str]:
    reached = {
        "global" if scope == "global" else "geo"
        for scope in model.scopes
        if scope == "global" or region in cloud.catalogue.geographies[scope]
    }
    reached |= {"on_demand"} if "ON_DEMAND" in model.types else set()
    yield from (each for each in _ORDER if each in reached)
    if "PROVISIONED" in model.types:
        yield "provisioned"


def _kind(model: CatalogueModel) -> str:
    if "SPEECH" in model.outputs:
        return "audio"
    if model.kind != "other":
        return model.kind
    return "rerank" if "rerank" in model.id else "image"
