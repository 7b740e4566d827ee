"""Reading Model Garden's catalogue: rows of one publisher or of all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bonito_gcp_vertex import errors, wire
from bonito_gcp_vertex.rows import PublisherRow, read_row
from bonito_providers.catalog import Skipped

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

_FILTER = {"listAllVersions": "true", "filter": "is_hf_wildcard(false)"}
"""As Google's own SDK asks: without the thousands of Hugging Face's."""


async def read(connection: Connection, publisher: str = "*") -> wire.Rows:
    """Return the rows of one publisher, or of all.

    Raises:
        ProviderError: As `wire.pages`.
    """
    url = wire.catalogue(f"publishers/{publisher}/models")
    return await wire.pages(
        connection,
        url,
        "publisherModels",
        params=_FILTER,
        missing=errors.MODEL,
        may_be_empty=False,
    )


def parsed(rows: Iterable[object]) -> tuple[tuple[PublisherRow, ...], tuple[Skipped, ...]]:
    """Return the rows that can be read, and the others with the reason."""
    read: list[PublisherRow] = []
    skipped: list[Skipped] = []
    for raw in rows:
        row = read_row(PublisherRow, raw)
        if isinstance(row, PublisherRow):
            read.append(row)
        else:
            skipped.append(Skipped(id=_named(raw), reason=f"The row cannot be read: {row}."))
    return tuple(read), tuple(skipped)


def _named(raw: object) -> str:
    """Return what a row that cannot be read calls itself, so that a person can find it."""
    told = raw.get("name", raw.get("publisherModelTemplate")) if isinstance(raw, dict) else None
    fit = isinstance(told, str) and told.isprintable() and told.strip()
    return str(told)[:100] if fit else "(no name)"
