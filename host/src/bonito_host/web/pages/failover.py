"""Failover groups on page 6: accepted with an order, given another one, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.gateway_groups import GroupRefused
from bonito_host.store.errors import RecordExists
from bonito_host.web.failover import accept, withdraw
from bonito_host.web.pages.forms import see, sent
from bonito_host.web.pages.gateway import Refusal, shown
from bonito_host.web.services import services_of

router = APIRouter()
_PLACE = "order."
"""What the name of a form's field for a route's place begins with."""


@router.post("/gateway/groups")
async def accept_group(request: Request) -> Response:
    """Accept a proposed group under a name."""
    fields = await sent(request)
    return await _accepted(request, fields, name=fields.get("name", "").strip(), replace=False)


@router.post("/gateway/groups/{name}")
async def reorder_group(request: Request, name: str) -> Response:
    """Give an accepted group another order, or other members."""
    return await _accepted(request, await sent(request), name=name, replace=True)


@router.post("/gateway/groups/{name}/withdraw")
async def withdraw_group(request: Request, name: str) -> Response:
    """Forget a group."""
    await withdraw(services_of(request), name)
    return see("/gateway#groups")


async def _accepted(
    request: Request, fields: Mapping[str, str], *, name: str, replace: bool
) -> Response:
    try:
        await accept(services_of(request), name, order_of(fields), replace=replace)
    except (GroupRefused, RecordExists) as error:
        group = name if replace else fields.get("proposal", "")
        return await shown(request, refusal=Refusal(group, error, fields))
    return see("/gateway#groups")


def order_of(fields: Mapping[str, str]) -> list[str]:
    """Return the routes that were given a place, by their places.

    Raises:
        GroupRefused: A place is no number, or two have the same.
    """
    placed: dict[int, str] = {}
    for name, text in fields.items():
        if not name.startswith(_PLACE) or not text.strip():
            continue
        route, place = name.removeprefix(_PLACE), _number(text.strip())
        if place is None:
            problem = f"{route} has no whole number for its place."
            raise GroupRefused("order", problem, hint="Write 1 for what is tried first.")
        if place in placed:
            problem = f"{placed[place]} and {route} have the same place."
            raise GroupRefused("order", problem, hint="Number them 1, 2 and so on.")
        placed[place] = route
    return [placed[place] for place in sorted(placed)]


def _number(text: str) -> int | None:
    return int(text[:6]) if text.isascii() and text.isdigit() else None
