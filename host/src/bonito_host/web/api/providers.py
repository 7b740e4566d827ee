"""The installed providers and their forms."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request

from bonito_host.conformance import conformance_document
from bonito_host.web.api.documents import Document
from bonito_host.web.services import services_of

router = APIRouter(tags=["providers"])


class PluginDocument(Document):
    """A plugin that was found, and whether it works."""

    name: str
    cloud: str | None
    title: str | None
    status: str
    reason: str
    mend: str
    distribution: str
    version: str
    conformance: dict[str, Any] | None


@router.get("/providers")
async def providers(request: Request) -> list[PluginDocument]:
    """List every plugin that was found."""
    return [
        PluginDocument(
            name=each.name,
            cloud=each.provider.info.cloud if each.provider else None,
            title=each.provider.info.title if each.provider else None,
            status=each.status.value,
            reason=each.reason,
            mend=each.mend,
            distribution=each.distribution,
            version=each.version,
            conformance=conformance_document(each),
        )
        for each in services_of(request).registry.records
    ]


@router.get("/clouds/{cloud}/schema")
async def schema(request: Request, cloud: str) -> dict[str, Any]:
    """Return the JSON Schema of a cloud's credentials; alternatives are a ``oneOf``."""
    return services_of(request).registry.schema(cloud)
