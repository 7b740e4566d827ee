"""What a browser sent of a form, and where it goes from there."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse


async def sent(request: Request) -> dict[str, str]:
    """Return the fields of a form; files are not taken."""
    form = await request.form(max_files=0)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def see(path: str) -> RedirectResponse:
    """Send the browser on with a GET, so that reloading repeats nothing."""
    return RedirectResponse(path, status_code=303)


def ticked(fields: Mapping[str, str], name: str) -> bool:
    """Tell whether a box was ticked."""
    return fields.get(name) == "yes"
