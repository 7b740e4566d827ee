"""Page 6: what callers may call, who may, and what was called."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.store.callers import NewCaller
from bonito_host.web.pages.forms import see, sent
from bonito_host.web.rendering import page
from bonito_host.web.services import services_of

router = APIRouter()
SHOWN_CALLS = 50
_LONGEST_NAME = 100


@router.get("/gateway")
async def show(request: Request) -> Response:
    """Show names, keys and recent calls."""
    return await _shown(request)


@router.post("/gateway/keys")
async def create_key(request: Request) -> Response:
    """Make a caller's key and show it, this one time."""
    name = (await sent(request)).get("name", "").strip()
    if not name or len(name) > _LONGEST_NAME:
        problem = f"Say whose key it is, in at most {_LONGEST_NAME} characters."
        return await _shown(request, problem=problem)
    created = await services_of(request).gateway.callers.create(name)
    return await _shown(request, created=created)


@router.post("/gateway/keys/{id}/revoke")
async def revoke_key(request: Request, id: str) -> Response:
    """Let a key work no more."""
    await services_of(request).gateway.callers.revoke(id)
    return see("/gateway")


async def _shown(
    request: Request, *, created: NewCaller | None = None, problem: str = ""
) -> Response:
    gateway = services_of(request).gateway
    callers = await gateway.callers.all()
    return page(
        request,
        "gateway.html",
        status=422 if problem else 200,
        config=gateway.config,
        names=gateway.names(),
        callers=callers,
        named={each.id: each.name for each in callers},
        calls=await gateway.ledger.recent(SHOWN_CALLS),
        created=created,
        problem=problem,
        address=str(request.base_url).rstrip("/"),
    )
