"""ARM's catalogue entries as models: one entry per model and version, unknown where not told.

The traps are those of recorded traffic: the same model repeats for each kind of account, partners
mark no version as default, capabilities are strings, capacity bounds may be missing, and the quota
row of a model can change between two of its versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bonito_azure_arm.documents import mapping, text, whole
from bonito_providers.catalog import Capacity, Model, Skipped, Sku

_KINDS = (
    ("chatCompletion", "chat"),
    ("embeddings", "embedding"),
    ("imageGenerations", "image"),
    ("responses", "responses"),
    ("completion", "completion"),
    ("audio", "audio"),
)
"""Capability to kind, the most useful first (recorded entries)."""

Complete = Callable[[Model], Model]
"""Fills in what no API tells, from a plugin's data file."""


@dataclass(frozen=True)
class Entry:
    """A catalogue entry: the model, and whether the service calls this version the default."""

    model: Model
    is_default: bool


def read_catalogue(
    rows: Iterable[Mapping[str, Any]], *, kind: str, complete: Complete, now: datetime
) -> tuple[list[Entry], list[Skipped]]:
    """Read the entries of one kind of account, each model and version once, in a stable order.

    Args:
        rows: As ARM lists them for a region.
        kind: The kind of account they must be for.
        complete: Fills in what ARM does not tell.
        now: What is retired is judged by.
    """
    entries: dict[str, Entry] = {}
    skipped: dict[str, Skipped] = {}
    for row in rows:
        stated = text(row.get("kind"))
        if stated not in (None, kind):
            continue
        entry = _entry(row, complete) if stated else None
        if entry is None:
            name = text(row.get("name")) or "(no name)"
            skipped.setdefault(
                name, Skipped(id=name, reason="it has no kind, format, name or version")
            )
        elif entry.model.retires_at is not None and entry.model.retires_at <= now:
            reason = f"retired on {entry.model.retires_at:%Y-%m-%d}"
            skipped.setdefault(entry.model.id, Skipped(id=entry.model.id, reason=reason))
        else:
            entries.setdefault(entry.model.id, entry)
    return [entries[key] for key in sorted(entries)], [skipped[key] for key in sorted(skipped)]


def _entry(row: Mapping[str, Any], complete: Complete) -> Entry | None:
    model = mapping(row.get("model"))
    texts = [text(model.get(key)) for key in ("format", "name", "version")]
    model_format, name, version = texts
    if model_format is None or name is None or version is None:
        return None
    capabilities = mapping(model.get("capabilities"))
    skus = model.get("skus")
    read = Model(
        id=f"{model_format}.{name}.{version}",
        format=model_format,
        name=name,
        version=version,
        kind=_kind(capabilities),
        context_window=whole(capabilities.get("maxContextToken")),
        lifecycle=text(model.get("lifecycleStatus")),
        retires_at=_moment(mapping(model.get("deprecation")).get("inference")),
        skus=tuple(map(_sku, filter(_named, skus))) if isinstance(skus, list) else None,
    )
    return Entry(complete(read), is_default=model.get("isDefaultVersion") is True)


def _sku(row: Mapping[str, Any]) -> Sku:
    capacity = mapping(row.get("capacity"))
    return Sku(
        name=str(row["name"]),
        quota_key=text(row.get("usageName")),
        retires_at=_moment(row.get("deprecationDate")),
        capacity=Capacity(
            minimum=whole(capacity.get("minimum")),
            maximum=whole(capacity.get("maximum")),
            step=whole(capacity.get("step")),
            default=whole(capacity.get("default")),
        ),
    )


def _kind(capabilities: Mapping[str, Any]) -> str | None:
    return next((kind for key, kind in _KINDS if capabilities.get(key) == "true"), None)


def _named(row: object) -> bool:
    return isinstance(row, dict) and text(row.get("name")) is not None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
