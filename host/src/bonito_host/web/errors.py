"""Every error ends here: as a page for people, as JSON for programs, never as a trace."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bonito_host.gateway.refusals import Refusal
from bonito_host.output import error_document
from bonito_host.web.rendering import page
from bonito_host.web.statuses import status_of
from bonito_providers.errors import BonitoError, ProviderError
from bonito_providers.redaction import redact_live

_log = logging.getLogger(__name__)
_WORDS = {
    404: "There is no such page.",
    405: "This page does not do that.",
}
_GATEWAY_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}


class BadInput(BonitoError):
    """The request cannot mean anything."""


class NoSuchThing(BonitoError):
    """The address leads nowhere."""


class HostDefect(BonitoError):
    """This program is at fault."""


def add_error_handlers(app: FastAPI) -> None:
    """Give every error its answer."""
    app.add_exception_handler(BonitoError, _bonito_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _defect)


def defect(error: Exception) -> HostDefect:
    """Log what nobody expected, and return what is said of it."""
    what = redact_live(f"{type(error).__name__}: {error}")
    _log.error("a request failed with %s", what)
    hint = "This is a defect of bonito: start it with --log-level debug and report what it logs."
    return HostDefect("This host failed.", hint=hint)


def error_answer(request: Request, error: BonitoError, *, status: int) -> Response:
    """Return an error as a page or as JSON, to the gateway's callers in OpenAI's shape."""
    if request.url.path.startswith("/v1/"):
        answer: Response = _gateway_answer(error, status=status)
    elif request.url.path.startswith("/api/"):
        answer = JSONResponse({"error": error_document(error)}, status_code=status)
    else:
        actions = error.actions if isinstance(error, ProviderError) else ()
        answer = page(request, "error.html", status=status, error=error, actions=actions)
    if isinstance(error, ProviderError) and error.retry_after is not None:
        answer.headers["retry-after"] = str(int(error.retry_after) + 1)
    return answer


def _gateway_answer(error: BonitoError, *, status: int) -> Response:
    # What a caller may know of a defect is that there is one.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        refusal = Refusal(status=status, message="The gateway failed.", type="server_error")
    else:
        refusal = Refusal(status=status, message=_GATEWAY_WORDS.get(status, error.message))
    return JSONResponse(refusal.document, status_code=status)


async def _bonito_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BonitoError)  # noqa: S101 - registered for this class
    return error_answer(request, error, status=status_of(error))


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    # The input itself stays unsaid: there may be a key in it.
    problems = [
        f"{'.'.join(str(part) for part in each['loc'][1:]) or 'body'}: {each['msg']}"
        for each in error.errors()
    ]
    return error_answer(request, BadInput("; ".join(problems) or "Bad input."), status=422)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    message = _WORDS.get(error.status_code, str(error.detail))
    answer = error_answer(request, NoSuchThing(message), status=error.status_code)
    answer.headers.update(error.headers or {})
    return answer


async def _defect(request: Request, error: Exception) -> Response:
    return error_answer(request, defect(error), status=500)
