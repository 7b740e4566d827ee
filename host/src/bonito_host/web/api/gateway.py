"""The gateway as operators see it: names, keys, calls."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.api.documents import Document, KeyInput
from bonito_host.web.services import services_of
from bonito_providers.gateway import FailoverGroup, LeftOut

router = APIRouter(prefix="/gateway", tags=["gateway"])


class GatewayDocument(Document):
    """What callers may call, and what they may not."""

    readiness: str
    failure: str | None
    names: list[str]
    aliases: dict[str, str]
    left_out: tuple[LeftOut, ...]
    proposals: tuple[FailoverGroup, ...]
    problems: dict[str, str]


class CallerDocument(Document):
    """Whose key it is; the key itself is not stored."""

    id: str
    name: str
    created_at: str
    revoked_at: str | None


class NewKeyDocument(Document):
    """A key just made: the only time it is shown."""

    caller: CallerDocument
    key: str


@router.get("")
async def show(request: Request) -> GatewayDocument:
    """Return names, aliases, what is left out, and proposed failover groups."""
    gateway = services_of(request).gateway
    return GatewayDocument(
        readiness=gateway.readiness.value,
        failure=gateway.failure,
        names=gateway.names(),
        aliases=dict(gateway.config.aliases),
        left_out=gateway.config.left_out,
        proposals=gateway.config.proposals,
        problems=dict(gateway.problems),
    )


@router.get("/keys")
async def keys(request: Request) -> list[CallerDocument]:
    """List the callers' keys, revoked ones too."""
    callers = await services_of(request).gateway.callers.all()
    return [CallerDocument.model_validate(each, from_attributes=True) for each in callers]


@router.post("/keys", status_code=201)
async def create_key(request: Request, given: KeyInput) -> NewKeyDocument:
    """Make a key."""
    made = await services_of(request).gateway.callers.create(given.name)
    return NewKeyDocument.model_validate(made, from_attributes=True)


@router.delete("/keys/{id}", status_code=204, response_class=Response)
async def revoke_key(request: Request, id: str) -> None:
    """Let a key work no more."""
    await services_of(request).gateway.callers.revoke(id)


@router.get("/calls")
async def calls(
    request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[dict[str, Any]]:
    """List recent calls, the newest first."""
    return [asdict(each) for each in await services_of(request).gateway.ledger.recent(limit)]
