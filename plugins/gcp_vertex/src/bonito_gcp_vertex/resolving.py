"""What a request means: which model and version, as the catalogue has it now."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_gcp_vertex import catalogue, errors, names
from bonito_providers.errors import InvalidRequest, MalformedAnswer, ModelNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bonito_gcp_vertex.names import ModelId
    from bonito_gcp_vertex.rows import PublisherRow
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import DeploymentRequest


@dataclass(frozen=True)
class Wanted:
    """A request with the model it names."""

    request: DeploymentRequest
    named: ModelId


def read(request: DeploymentRequest) -> Wanted:
    """Read a request, before anything is asked.

    Raises:
        ModelNotFound: It names no model in the form of the listing.
        InvalidRequest: It has fields or a capacity that Vertex AI does not know.
    """
    named = names.read_model_id(request.model or "")
    if named is None:
        raise ModelNotFound(
            "That is no model's id.",
            hint="List the models: ids look like google/gemini-3.8-flash or "
            "google/gemma3@gemma-3-1b-it.",
        )
    if request.fields:
        raise InvalidRequest(
            f"Vertex AI has no fields called {', '.join(sorted(request.fields))}.",
            hint="Leave them out.",
        )
    if request.capacity is not None:
        raise InvalidRequest(
            "A capacity cannot be chosen.",
            hint="Served models need none; an endpoint begins with one replica.",
        )
    if request.version is not None:
        told = names.read_model_id(f"{named.publisher}/{named.model}@{request.version}")
        if told is None or (named.version and told.version != named.version):
            raise _no_version(named, request.version[:100], ())
        named = told
    return Wanted(request, named)


async def row_of(connection: Connection, wanted: Wanted) -> PublisherRow:
    """Return the model's row; of several versions the one asked for, else the first.

    Raises:
        ModelNotFound: There is no such model or version; the text names what is like it.
        MalformedAnswer: The catalogue could not be read whole, so that it does not tell.
        PermissionMissing: The API is not enabled, or may not be read.
    """
    named = wanted.named
    rows = await catalogue.read(connection, named.publisher)
    read, skipped = catalogue.parsed(rows.items)
    versions = [row for row in read if row.model == named.model]
    if named.version is None and versions:
        return versions[0]
    found = next((row for row in versions if row.version == named.version), None)
    if found is not None:
        return found
    if rows.note or (skipped and not versions):
        raise MalformedAnswer(
            f"The catalogue does not tell of {named.model} for sure: it could not be read whole.",
            hint="Try again; if it stays, report it.",
        )
    if versions:
        raise _no_version(named, named.version or "", versions)
    raise _unknown(named, read)


def _no_version(named: ModelId, asked: str, versions: Iterable[PublisherRow]) -> ModelNotFound:
    there = ", ".join(row.version or "the only one" for row in versions)
    shown = asked if asked.isprintable() else "of that name"
    return ModelNotFound(
        f"{named.publisher}/{named.model} has no version {shown}.",
        hint=f"Its versions: {there}." if there else "List the models.",
        code=errors.NOT_FOUND,
    )


def _unknown(named: ModelId, rows: Iterable[PublisherRow]) -> ModelNotFound:
    text = f"{named.publisher}/{named.model}"
    close = difflib.get_close_matches(text, [f"{row.publisher}/{row.model}" for row in rows], n=3)
    like = f" Names like it: {', '.join(close)}." if close else ""
    return ModelNotFound(
        f"Model Garden has no model {text}.",
        hint=f"List the models: names are written as there.{like}",
        code=errors.NOT_FOUND,
    )
