"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.pages.forms import see, sent
from bonito_host.web.rendering import page
from bonito_host.web.security.attempts import TooManyWaiting
from bonito_host.web.security.door import cookie_of
from bonito_host.web.security.sessions import LIFETIME
from bonito_host.web.services import services_of

router = APIRouter()


@router.get("/sign-in")
async def show(request: Request, next: str = "/") -> Response:  # noqa: A002 - as it stands in the address
    """Ask who is there; whoever is in already goes on."""
    if services_of(request).door.session_of(request.headers):
        return see(_inside(next))
    return page(request, "sign_in.html", next=_inside(next), problem="")


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session for whoever has the operator's secret."""
    door = services_of(request).door
    fields = await sent(request)
    goal = _inside(fields.get("next", "/"))
    address = request.client.host if request.client else "unknown"
    try:
        known = await door.opens(fields.get("secret", "").strip(), address=address)
    except TooManyWaiting:
        problem = "Too many are trying to sign in now. Try again."
        answer: Response = page(request, "sign_in.html", status=429, next=goal, problem=problem)
        answer.headers["retry-after"] = "1"
        return answer
    if not known:
        problem = "This is not the token printed at start, nor the operator's password."
        return page(request, "sign_in.html", status=401, next=goal, problem=problem)
    answer = see(goal)
    answer.set_cookie(
        door.cookie,
        door.sessions.open(),
        max_age=int(LIFETIME),
        httponly=True,
        samesite="strict",
        secure=door.comes_by_tls(request.headers),
    )
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    door = services_of(request).door
    value = cookie_of(Headers(scope=request.scope), door.cookie)
    if value:
        door.sessions.close(value)
    answer = see("/sign-in")
    answer.delete_cookie(door.cookie)
    return answer


def _inside(goal: str) -> str:
    """Return the path to go to; anything that could lead to another host leads to the start."""
    outside = not goal.startswith("/") or goal[1:2] in {"/", "\\"} or not goal.isprintable()
    return "/" if outside else goal
