"""Page 2: a new connection, by a form that the providers' schemas draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.checking import Checked, check_and_save, connection_of
from bonito_host.web.fields import Filling, ServiceForm, draw, read, without_secrets
from bonito_host.web.pages.checks import followed, onwards
from bonito_host.web.pages.forms import sent
from bonito_host.web.rendering import page, segment, written
from bonito_host.web.services import Services, services_of
from bonito_providers.errors import BonitoError, InvalidCredentials, UnknownProvider
from bonito_providers.provider import Provider

router = APIRouter()


@router.get("/connect")
async def choose(request: Request) -> Response:
    """Offer the clouds whose providers are installed."""
    services = services_of(request)
    clouds = {cloud: _providers(services, cloud) for cloud in services.registry.clouds}
    broken = any(record.reason for record in services.registry.records)
    return page(request, "choose.html", clouds=clouds, broken=broken)


@router.get("/connect/{cloud}")
async def show(request: Request, cloud: str, fill: int | None = None) -> Response:
    """Show a cloud's form, the recommended service chosen."""
    services = services_of(request)
    providers = _providers(services, cloud)
    chosen, values = providers[0].info.name, {}
    if fill is not None and 0 <= fill < len(services.demo):
        offered = services.demo[fill]
        selected = services.registry.select(cloud, {**offered.choice, **offered.fields})
        chosen, values = selected.provider.info.name, dict(selected.fields)
    return page(request, "connect.html", **_form(services, cloud, chosen, Filling(values=values)))


@router.post("/connect/{cloud}")
async def connect(request: Request, cloud: str) -> Response:
    """Check what was filled in, and store it if it is accepted."""
    services = services_of(request)
    fields = await sent(request)
    provider = _chosen(services, cloud, fields)
    given, name = read(provider, fields), fields.get("id", "").strip()

    def form(failed: Checked | None, error: BonitoError | None) -> dict[str, Any]:
        problems = error.problems if isinstance(error, InvalidCredentials) else {}
        filling = Filling(values=without_secrets(provider, given), problems=problems)
        shown = _form(services, cloud, provider.info.name, filling)
        return {**shown, "failed": failed, "error": error, "name": name}

    def ended(failed: Checked | None, error: BonitoError | None = None) -> str:
        return written(request, "connect_form.html", **form(failed, error))

    def done(checked: Checked) -> str:
        if not checked.saved:
            return ended(checked)
        target = f"/connections/{segment(checked.id)}?new=yes"
        return onwards(request, "It is stored.", target, name=checked.id)

    try:
        connection = await connection_of(services, provider, given, id=name)
    except BonitoError as error:
        return page(request, "connect.html", status=422, **form(None, error))
    return followed(
        request,
        lambda progress: check_and_save(services, connection, progress=progress),
        title=f"Checking {provider.info.title}",
        done=done,
        failed=lambda error: ended(None, error),
    )


def _form(services: Services, cloud: str, chosen: str, filling: Filling) -> dict[str, Any]:
    forms: list[ServiceForm] = [
        draw(each, filling if each.info.name == chosen else None)
        for each in _providers(services, cloud)
    ]
    offered = [
        (number, each, services.registry.select(cloud, each.choice).provider.info.title)
        for number, each in enumerate(services.demo)
        if each.cloud == cloud
    ]
    return {
        "cloud": cloud,
        "forms": forms,
        "chosen": chosen,
        "failed": None,
        "error": None,
        "name": "",
        "offered": offered,
    }


def _providers(services: Services, cloud: str) -> list[Provider]:
    """Return a cloud's providers, the recommended one first.

    Raises:
        UnknownProvider: None is installed.
    """
    found = [each for each in services.registry.providers if each.info.cloud == cloud]
    if not found:
        raise UnknownProvider(f"No provider for {cloud} is installed.")
    return sorted(found, key=lambda each: not each.info.recommended)


def _chosen(services: Services, cloud: str, fields: Mapping[str, str]) -> Provider:
    providers = _providers(services, cloud)
    wanted = fields.get("service", providers[0].info.name)
    for each in providers:
        if each.info.name == wanted:
            return each
    raise UnknownProvider(f"No provider {wanted} for {cloud} is installed.")
