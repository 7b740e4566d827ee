"""What is deployed: by Azure Resource Manager where the fields allow it, else by the data plane."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bonito_azure_arm.deployments import (
    PREVIEW_PATH,
    PREVIEW_VERSION,
    Found,
    Resource,
    read_preview,
)
from bonito_azure_arm.facts import OPENAI, overrides_of
from bonito_azure_openai import management, wire
from bonito_azure_openai.errors import RouteAbsent
from bonito_azure_openai.facts import describe, not_openai
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import Deployment
from bonito_providers.errors import AuthenticationError, ProviderError, RequestError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection


async def listing(connection: Connection) -> Listing[Deployment]:
    """Return the deployments, whoever created them."""
    return (await read(connection)).listing(connection)


async def read(connection: Connection) -> Found:
    """Return the deployments by the best way that answers.

    Raises:
        ProviderError: The credentials are refused, or a service cannot be reached or read; a way
            that is merely not open is passed over with a note, while another one answers.
    """
    notes: tuple[str, ...] = ()
    closed: ProviderError | None = None
    if wire.own(connection).access is not None:
        try:
            return await _by_management(connection)
        except (AuthenticationError, RequestError) as error:
            closed = error
            notes = (f"Azure Resource Manager did not list them: {error.message}",)
    try:
        found = await _by_preview(connection)
    except RouteAbsent as error:
        if closed is not None:
            raise closed from None
        if error.code is None:  # not in the service's words: something else answered in its place
            raise
        ways = (
            f"The preview listing did not answer: {error.message}",
            "A deployment whose name you know can be adopted, and is proved by a short call.",
        )
        source = "No listing answers."
        return Found(known=False, source=source, notes=(*notes, *ways), refusal=error)
    return replace(found, notes=(*notes, *found.notes))


async def _by_management(connection: Connection) -> Found:
    listed = await (await management.lifecycle(connection)).deployments()
    return _openai_only(Found(listed.items, listed.skipped, source=listed.source))


async def _by_preview(connection: Connection) -> Found:
    page, answer = await wire.get_json(connection, PREVIEW_PATH, api_version=PREVIEW_VERSION)
    described = partial(describe, overrides=overrides_of(connection))
    return _openai_only(
        read_preview(page, answer, resource=resource(connection), describe=described)
    )


def _openai_only(found: Found) -> Found:
    """Leave out what is known to be another publisher's; what is unknown may be a fine-tune."""
    items: list[Deployment] = []
    foreign: list[Skipped] = []
    for each in found.items:
        if each.model.format in (None, OPENAI):
            items.append(each)
        else:
            reason = not_openai(each.model.format, name=each.ref.name)
            foreign.append(Skipped(id=each.ref.name, reason=reason))
    return replace(found, items=tuple(items), foreign=tuple(foreign))


def resource(connection: Connection) -> Resource:
    """Return the resource whose deployments these are."""
    address = wire.own(connection).address
    return Resource(connection, label=address.label, endpoint=str(address))
