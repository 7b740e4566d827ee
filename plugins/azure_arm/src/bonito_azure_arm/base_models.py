"""The base models of a resource's region, as its data plane lists them to a key or a token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.documents import mapping, text
from bonito_azure_arm.facts import split_version
from bonito_providers.catalog import Model, Skipped
from bonito_providers.errors import ProviderError

if TYPE_CHECKING:
    from bonito_azure_arm.deployments import Found
    from bonito_providers.deployment import Deployment

LIMIT = 5000
"""Models. The largest catalogue seen had 339."""

_KINDS = (("embeddings", "embedding"), ("chat_completion", "chat"), ("completion", "completion"))
"""Capability to kind (REST reference, Models - List)."""


def read_base_model(row: object) -> Model | Skipped:
    """Read one row of the catalogue; what is missing or of another type is unknown.

    Whose the model is the row does not say.

    Args:
        row: As the service wrote it (REST reference, Models - List).
    """
    model_id = text(row.get("id")) if isinstance(row, dict) else None
    if not isinstance(row, dict) or model_id is None:
        return Skipped(id="(no id)", reason="a row of the catalogue has no id")
    name, version = split_version(model_id)
    return Model(
        id=model_id,
        name=name,
        version=version,
        kind=_kind(mapping(row.get("capabilities"))),
        lifecycle=text(row.get("lifecycle_status")),
        retires_at=_moment(mapping(row.get("deprecation")).get("inference")),
    )


def retired(model: Model, *, now: datetime) -> str:
    """Return when a model went out of service, or nothing if it did not."""
    if model.retires_at is None or model.retires_at > now:
        return ""
    return f"retired on {model.retires_at:%Y-%m-%d}"


async def deployed(
    read: Callable[[], Awaitable[Found]],
) -> tuple[Sequence[Deployment] | None, tuple[str, ...]]:
    """Return the deployments and notes; None where nobody tells what is deployed."""
    try:
        found = await read()
    except ProviderError as error:
        return None, (f"What is deployed is unknown: {error.message}",)
    return (found.items, found.notes) if found.known else (None, found.notes)


def mark_deployed(
    models: Sequence[Model], deployed: Sequence[Deployment] | None
) -> tuple[list[Model], list[str]]:
    """Fill in which deployments are of which model.

    Where a deployment's version is not told and the catalogue has several, nobody knows which it
    is: those models stay unknown and a note says so.
    """
    if deployed is None:
        return list(models), []
    names: dict[str, list[str]] = {model.id: [] for model in models}
    unclear: set[str] = set()
    notes: list[str] = []
    for each in deployed:
        candidates = [model for model in models if _same(model, each)]
        if len(candidates) == 1:
            names[candidates[0].id].append(each.ref.name)
        elif candidates:
            unclear |= {model.id for model in candidates}
            versions = ", ".join(sorted(model.version or "unknown" for model in candidates))
            notes.append(
                f"{each.ref.name} is a deployment of {each.model.name}; which of the versions "
                f"{versions} is not told to a key."
            )
    marked = [
        model
        if model.id in unclear and not names[model.id]
        else model.model_copy(update={"deployed_as": tuple(names[model.id])})
        for model in models
    ]
    return marked, notes


def _same(model: Model, deployment: Deployment) -> bool:
    name, version = deployment.model.name, deployment.model.version
    if name is None or model.name.casefold() != name.casefold():
        return False
    return version is None or model.version is None or version == model.version


def _kind(capabilities: Mapping[str, Any]) -> str | None:
    return next((kind for name, kind in _KINDS if capabilities.get(name) is True), None)


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
