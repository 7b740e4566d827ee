"""Bodies against a schema: nothing is converted, and no key is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bonito_aviary.emulator.request import Refusal

if TYPE_CHECKING:
    from bonito_aviary.emulator.request import Request


class Strict(BaseModel):
    """A body, or a part of one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


Body = TypeVar("Body", bound=Strict)


def read_body(request: Request, schema: type[Body]) -> Body:
    """Return the JSON body of a request.

    Raises:
        Refusal: It is no JSON, has a key that Aviary does not know, or a value of a wrong form.
    """
    if request.content_type != "application/json":
        request.unknown(f"the body is declared as {request.content_type or 'nothing'}")
    try:
        return schema.model_validate_json(request.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        request.unknown(f"the body holds the key {place}")
    raise Refusal(400, "bad_request", f"{place or 'the body'}: {first['msg']}")
