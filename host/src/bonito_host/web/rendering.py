"""From a template and values to a page: escaped, and what is unknown says so."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bonito_host.output import UNKNOWN, printable_lines
from bonito_host.web.services import services_of
from bonito_providers.actions import Action

_ABILITIES = {
    "check": "check its credentials",
    "list_models": "list models",
    "list_deployments": "list deployments",
    "adopt": "take over what stands",
    "deploy": "deploy models",
    "invoke": "call deployments directly",
    "route": "route calls through the gateway",
}


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page.

    Args:
        request: What it answers; gives the session and where the reader is.
        template: Its file.
        status: How the answer is marked.
        values: What the template shows.
    """
    return HTMLResponse(written(request, template, **values), status_code=status)


def written(request: Request, template: str, **values: object) -> str:
    """Return a page, or a part of one, as text."""
    session = request.scope.get("state", {}).get("session")
    services = services_of(request)
    common = {
        "csrf": session.csrf if session else "",
        "path": request.url.path,
        "demo": services.demo,
        "gateway": services.gateway,
    }
    return ENVIRONMENT.get_template(template).render(**common, **values)


def _written(value: object) -> object:
    """Return what a template writes for a value: nothing that acts on the reader's screen."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable_lines(value)
    return value


def moment(value: datetime | str | None) -> str:
    """Return a point in time as a page writes it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value:%Y-%m-%d %H:%M} UTC"


def rate(value: Decimal | None) -> str:
    """Return a price; unknown is never zero."""
    if value is None:
        return UNKNOWN
    return f"${value:.2f}" if value == round(value, 2) else f"${value:f}"


def tokens(value: int | None) -> str:
    """Return a number of tokens in few characters."""
    if value is None:
        return UNKNOWN
    for size, letter in ((1_000_000, "M"), (1000, "k")):
        if value >= size and value % (size // 10) == 0:
            return f"{value / size:g} {letter}"
    return f"{value:,}"


def ability(capability: str) -> str:
    """Return what a capability lets one do, after "can"."""
    return _ABILITIES.get(capability, capability.replace("_", " "))


def segment(text: str) -> str:
    """Return text as a part of an address, its slashes included."""
    return quote(text, safe="")


def coded(text: str) -> Markup:
    """Return text with what stands between backticks as code, all of it escaped."""
    parts = printable_lines(text).split("`")
    if len(parts) % 2 == 0:
        return escape(printable_lines(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def safe_link(action: Action) -> str | None:
    """Return where an action is done, if that is an address a browser may be sent to."""
    url = action.url or ""
    return url if url.startswith("https://") else None


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bonito_host.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_written,
    )
    filters: dict[str, Any] = {
        "moment": moment,
        "rate": rate,
        "tokens": tokens,
        "ability": ability,
        "coded": coded,
        "segment": segment,
        "safe_link": safe_link,
    }
    environment.filters.update(filters)
    return environment


ENVIRONMENT = _environment()
