"""Plans: made, looked at, carried out."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request

from bonito_host.web.api.documents import PlanDocument, PlanInput
from bonito_host.web.planning import begin, plan
from bonito_host.web.services import services_of

router = APIRouter(tags=["plans"])


@router.post("/plans", status_code=201)
async def make(request: Request, wanted: PlanInput) -> PlanDocument:
    """Work out what a deployment would come to; nothing in the cloud is changed."""
    return PlanDocument.of(await plan(services_of(request), wanted.connection, wanted.request))


@router.get("/plans/{id}")
async def show(request: Request, id: str) -> PlanDocument:
    """Return a plan and what became of it."""
    return PlanDocument.of(await asyncio.to_thread(services_of(request).store.plans.get, id))


@router.post("/plans/{id}/deploy", status_code=202)
async def deploy(request: Request, id: str) -> PlanDocument:
    """Begin to carry a plan out; its deployment's progress is told by events."""
    stored, _ = await begin(services_of(request), id)
    return PlanDocument.of(stored)
