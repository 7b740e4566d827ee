"""Page 6: what callers may call, who may, and what was called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.gateway_groups import GroupRefused
from bonito_host.store.callers import NewCaller
from bonito_host.web.failover import groups
from bonito_host.web.pages.forms import see, sent
from bonito_host.web.rendering import page
from bonito_host.web.services import services_of
from bonito_host.web.statuses import status_of
from bonito_providers.errors import BonitoError

router = APIRouter()
SHOWN_CALLS = 50
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Refusal:
    """Why a failover group was not accepted, and what was sent.

    Attributes:
        group: The group on the page it is about.
        error: Why.
        given: The form's fields.
    """

    group: str
    error: BonitoError
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """Why, in a sentence."""
        return self.error.problem if isinstance(self.error, GroupRefused) else self.error.message


@router.get("/gateway")
async def show(request: Request) -> Response:
    """Show names, keys and recent calls."""
    return await shown(request)


@router.post("/gateway/keys")
async def create_key(request: Request) -> Response:
    """Make a caller's key and show it, this one time."""
    name = (await sent(request)).get("name", "").strip()
    if not name or len(name) > _LONGEST_NAME:
        problem = f"Say whose key it is, in at most {_LONGEST_NAME} characters."
        return await shown(request, problem=problem)
    created = await services_of(request).gateway.callers.create(name)
    return await shown(request, created=created)


@router.post("/gateway/keys/{id}/revoke")
async def revoke_key(request: Request, id: str) -> Response:
    """Let a key work no more."""
    await services_of(request).gateway.callers.revoke(id)
    return see("/gateway")


async def shown(
    request: Request,
    *,
    created: NewCaller | None = None,
    problem: str = "",
    refusal: Refusal | None = None,
) -> Response:
    """Return the page, with what became of the form that was sent."""
    gateway = services_of(request).gateway
    public = services_of(request).door.public_url
    callers = await gateway.callers.all()
    return page(
        request,
        "gateway.html",
        status=status_of(refusal.error) if refusal else 422 if problem else 200,
        config=gateway.config,
        names=gateway.names(),
        callers=callers,
        named={each.id: each.name for each in callers},
        calls=await gateway.ledger.recent(SHOWN_CALLS),
        created=created,
        problem=problem,
        groups=await groups(services_of(request)),
        refusal=refusal,
        address=public.text if public else str(request.base_url).rstrip("/"),
    )
