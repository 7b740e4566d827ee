"""Page 4: a plan, what may be changed about it, and how it is getting on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.store.plans import StoredPlan
from bonito_host.web.pages.asked import asked, consents_of, controls, fields_of
from bonito_host.web.pages.forms import see, sent, ticked
from bonito_host.web.planning import begin, plan
from bonito_host.web.rendering import page, segment
from bonito_host.web.services import Services, services_of
from bonito_providers.catalog import Model
from bonito_providers.deployment import DeploymentRequest
from bonito_providers.errors import BonitoError, CapabilityUnavailable, InvalidRequest
from bonito_providers.prices import find_price

router = APIRouter()


@router.post("/plans")
async def make(request: Request) -> Response:
    """Work out what a deployment would come to, and keep the plan."""
    services = services_of(request)
    fields = await sent(request)
    connection = fields.get("connection", "")
    try:
        stored = await plan(services, connection, _requested(fields))
    except CapabilityUnavailable as error:
        if not error.missing:  # no field of the form would help
            raise
        need = urlencode({"need": error.capability})
        return see(f"/connections/{segment(connection)}/edit?{need}")
    return see(f"/plans/{stored.id}")


@router.get("/plans/{id}")
async def show(request: Request, id: str) -> Response:
    """Show a plan, or what became of it."""
    services = services_of(request)
    stored = await asyncio.to_thread(services.store.plans.get, id)
    return await _shown(request, services, stored)


@router.post("/plans/{id}/change")
async def change(request: Request, id: str) -> Response:
    """Plan again with other options."""
    services = services_of(request)
    fields = await sent(request)
    stored = await asyncio.to_thread(services.store.plans.get, id)
    old = stored.plan.request
    try:
        wanted = _requested({"model": old.model or "", **fields}, adopt=old.adopt)
        fresh = await plan(services, stored.connection, wanted)
    except BonitoError as error:
        return await _shown(request, services, stored, error=error, given=fields)
    return see(f"/plans/{fresh.id}")


@router.post("/plans/{id}/deploy")
async def deploy(request: Request, id: str) -> Response:
    """Begin to carry a plan out."""
    services = services_of(request)
    try:
        stored, _ = await begin(services, id)
    except BonitoError as error:
        stored = await asyncio.to_thread(services.store.plans.get, id)
        return await _shown(request, services, stored, error=error)
    return see(f"/plans/{stored.id}")


async def _shown(
    request: Request,
    services: Services,
    stored: StoredPlan,
    *,
    error: BonitoError | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    model = await _model(services, stored)
    return page(
        request,
        "plan.html",
        status=409 if error else 200,
        stored=stored,
        plan=stored.plan,
        model=model,
        price=find_price(stored.plan.model.price_key),
        run=services.runs.find(stored.connection, stored.plan.ref.name),
        error=error,
        asked=asked(stored.plan),
        written=_written(stored.plan.request, given or {}),
        preview=json.dumps(dict(stored.plan.preview), indent=2, ensure_ascii=False),
    )


async def _model(services: Services, stored: StoredPlan) -> Model | None:
    """Return the planned model as the catalogue has it: its SKUs, and what they take."""
    try:
        listing = await services.sightings.models(stored.connection)
    except BonitoError:
        return None
    wanted = stored.plan.request.model
    return next((each for each in listing.items if wanted in {each.id, each.name}), None)


def _requested(fields: Mapping[str, str], *, adopt: bool = False) -> DeploymentRequest:
    """Read a request as the form sends it.

    Raises:
        InvalidRequest: A field cannot mean anything.
    """
    text = {name: value.strip() for name, value in fields.items() if value.strip()}
    try:
        return DeploymentRequest(
            model=text.get("model") if not adopt else None,
            version=text.get("version"),
            name=text.get("name"),
            sku=text.get("sku"),
            capacity=_number(text.get("capacity")),
            fields=fields_of(text),
            consents=consents_of(text),
            update=ticked(fields, "update"),
            adopt=adopt or ticked(fields, "adopt"),
        )
    except ValidationError as error:
        problems = "; ".join(str(each["msg"]) for each in error.errors(include_url=False))
        raise InvalidRequest(f"This cannot be planned: {problems}.") from None


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise InvalidRequest("The capacity is not a whole number.")
    return int(text[:12])


def _written(request: DeploymentRequest, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the form shows: what was given last, else what was asked for."""
    options = {
        "name": request.name or "",
        "version": request.version or "",
        "sku": request.sku or "",
        "capacity": "" if request.capacity is None else str(request.capacity),
        "fields": "",
        "consents": "",
        "update": "yes" if request.update else "",
        **controls(request),
    }
    # Of a form that was sent, what is not there was not ticked.
    return {**dict.fromkeys(options, ""), **given} if given else options
