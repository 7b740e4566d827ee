"""Deployments: what stands, how it is getting on, trying it, deleting it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bonito_host.store.errors import RecordMissing
from bonito_host.web import deployments
from bonito_host.web.api.documents import Question, RunDocument, StandingDocument
from bonito_host.web.runs import Run
from bonito_host.web.services import services_of
from bonito_host.web.trying import answers, question
from bonito_providers.deployment import Deployment
from bonito_providers.errors import BonitoError

router = APIRouter(tags=["deployments"])
_PULSE = 15.0
"""Seconds after which a quiet stream says that it is alive."""


def _spoken(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string"}}}}}


@router.get("/deployments")
async def show_all(request: Request) -> list[StandingDocument]:
    """List what is callable in every account."""
    found = await deployments.overview(services_of(request))
    return [StandingDocument.of(each) for each in found.standing]


@router.get("/connections/{connection}/deployments/{name:path}")
async def show_one(request: Request, connection: str, name: str) -> StandingDocument:
    """Return one deployment as it is now."""
    return StandingDocument.of(await deployments.find(services_of(request), connection, name))


@router.delete("/connections/{connection}/deployments/{name:path}", status_code=202)
async def delete(
    request: Request, connection: str, name: str, *, include_unowned: bool = False
) -> RunDocument:
    """Begin to delete a deployment."""
    run = await deployments.delete(
        services_of(request), connection, name, include_unowned=include_unowned
    )
    return RunDocument.of(run)


@router.post("/connections/{connection}/verify/{name:path}")
async def verify(request: Request, connection: str, name: str) -> Deployment:
    """Prove a deployment by one short call."""
    return await deployments.prove(services_of(request), connection, name)


@router.post(
    "/connections/{connection}/try/{name:path}",
    response_class=Response,
    responses=_spoken("text/plain"),
)
async def try_out(request: Request, connection: str, name: str, asked: Question) -> Response:
    """Ask a deployment something through the gateway; its answer comes as it is made."""
    services = services_of(request)
    standing = await deployments.find(services, connection, name)
    pieces = answers(services, standing, question(standing, asked.prompt))
    # The first piece decides the status: a refusal comes before anything was said.
    first = await anext(pieces, "")
    return StreamingResponse(_rest(first, pieces), media_type="text/plain; charset=utf-8")


@router.get(
    "/connections/{connection}/progress/{name:path}",
    response_class=Response,
    responses=_spoken("text/event-stream"),
)
async def progress(request: Request, connection: str, name: str) -> Response:
    """Tell how a deployment or deletion is getting on, as server-sent events.

    ``progress`` carries the state each time it changes; ``end`` is the last.
    """
    services = services_of(request)
    run = services.runs.find(connection, name)
    if run is None:
        raise RecordMissing(f"Nothing is being done with {name} in {connection}.")
    events = _events(run, services.stopping)
    return StreamingResponse(events, media_type="text/event-stream")


async def _events(run: Run, stopping: asyncio.Event) -> AsyncGenerator[str, None]:
    ending = asyncio.ensure_future(stopping.wait())
    async with aclosing(run.follow()) as news:
        coming = asyncio.ensure_future(anext(news, None))
        try:
            while True:
                await asyncio.wait(
                    {coming, ending}, timeout=_PULSE, return_when=asyncio.FIRST_COMPLETED
                )
                if ending.done():
                    return
                if not coming.done():
                    yield ": still there\n\n"
                    continue
                if coming.result() is None:
                    yield "event: end\ndata: {}\n\n"
                    return
                yield f"event: progress\ndata: {RunDocument.of(run).model_dump_json()}\n\n"
                coming = asyncio.ensure_future(anext(news, None))
        finally:
            for task in (coming, ending):
                task.cancel()
            await asyncio.gather(coming, ending, return_exceptions=True)


async def _rest(first: str, pieces: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    async with aclosing(pieces):
        yield first
        try:
            async for piece in pieces:
                yield piece
        except BonitoError as error:
            yield f"\n{error.message} {error.hint}".rstrip()
