"""How the services say no, and how the bodies of requests are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from starlette.responses import JSONResponse

from bonito_emulators.models.schema import Strict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Body = TypeVar("Body", bound=Strict)


class Refusal(Exception):
    """The service does not do what was asked for.

    Attributes:
        unknown: Whether the client did what the services do not document.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        unknown: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.unknown = unknown

    def response(self, *, numbered: bool) -> JSONResponse:
        """Return the answer that says so.

        Args:
            numbered: In OpenRouter's form, whose code is the status.
        """
        error: dict[str, Any] = {"message": self.message}
        if numbered:
            error["code"] = self.status
        else:
            error |= {"type": "invalid_request_error", "param": self.param, "code": self.code}
        return JSONResponse({"error": error}, self.status)


def read_body(kind: type[Body], asked: Mapping[str, Any], known: Collection[str]) -> Body:
    """Return the body of a request.

    Raises:
        Refusal: It has members that are not known, or is not as documented.
    """
    surplus = sorted(asked.keys() - set(known))
    if surplus:
        message = f"Unrecognized request argument supplied: {', '.join(surplus)}"
        raise Refusal(400, message, unknown=True)
    try:
        return kind.model_validate(asked)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    raise Refusal(400, f"Invalid value for '{place}': {first['msg']}.", param=place)
