"""Page 5: what is callable, what is to be done about it, trying it out, deleting it."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web import deployments
from bonito_host.web.pages.forms import see, sent, ticked
from bonito_host.web.rendering import page, segment
from bonito_host.web.services import Services, services_of
from bonito_host.web.trying import answers, question
from bonito_providers.errors import BonitoError

router = APIRouter()


@router.get("/deployments")
async def show_all(request: Request) -> Response:
    """List what is callable, and what is on its way."""
    found = await deployments.overview(services_of(request))
    return page(request, "deployments.html", found=found)


@router.get("/deployments/{connection}/{name:path}")
async def show_one(request: Request, connection: str, name: str) -> Response:
    """Show a deployment, with the form to try it."""
    return await _shown(request, services_of(request), connection, name)


@router.post("/try/{connection}/{name:path}")
async def try_out(request: Request, connection: str, name: str) -> Response:
    """Ask a deployment something and show the whole answer."""
    services = services_of(request)
    prompt = (await sent(request)).get("prompt", "")
    said, error = "", None
    try:
        standing = await deployments.find(services, connection, name)
        asked = question(standing, prompt)
        said = "".join([text async for text in answers(services, standing, asked)])
    except BonitoError as failed:
        error = failed
    return await _shown(request, services, connection, name, prompt=prompt, said=said, error=error)


@router.post("/verify/{connection}/{name:path}")
async def verify(request: Request, connection: str, name: str) -> Response:
    """Prove a deployment by one short call."""
    services = services_of(request)
    found, error = None, None
    try:
        found = await deployments.prove(services, connection, name)
    except BonitoError as failed:
        error = failed
    return await _shown(request, services, connection, name, proved=found, error=error)


@router.get("/delete/{connection}/{name:path}")
async def ask_to_delete(request: Request, connection: str, name: str) -> Response:
    """Ask before a deployment is deleted."""
    standing = await deployments.find(services_of(request), connection, name)
    return page(request, "delete.html", standing=standing, error=None)


@router.post("/delete/{connection}/{name:path}")
async def delete(request: Request, connection: str, name: str) -> Response:
    """Begin to delete a deployment."""
    services = services_of(request)
    fields = await sent(request)
    unowned = ticked(fields, "include_unowned")
    await deployments.delete(services, connection, name, include_unowned=unowned)
    return see(f"/progress?{urlencode({'connection': connection, 'name': name})}")


@router.get("/progress")
async def progress(request: Request, connection: str, name: str) -> Response:
    """Show how a deletion is getting on."""
    services = services_of(request)
    run = services.runs.find(connection, name)
    if run is None:
        return see(f"/deployments/{segment(connection)}/{segment(name)}")
    return page(request, "progress.html", connection=connection, name=name, run=run)


async def _shown(
    request: Request, services: Services, connection: str, name: str, **shown: object
) -> Response:
    standing = await deployments.find(services, connection, name)
    given = {"prompt": "", "said": "", "proved": None, "error": None, **shown}
    status = 409 if given["error"] else 200
    return page(request, "deployment.html", status=status, standing=standing, **given)
