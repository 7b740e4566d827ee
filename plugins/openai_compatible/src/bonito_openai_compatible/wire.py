"""The calls: the one module that knows paths, headers, pages and the shape of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bonito_openai_compatible import errors
from bonito_openai_compatible.credentials import OpenAICompatibleCredentials
from bonito_providers.answers import json_list, json_object
from bonito_providers.catalog import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from bonito_providers.connection import Connection

PAGES = 50
"""A listing goes no further. Only OpenRouter has pages at all, of 500 models."""
_CONTEXT = ("context_length", "context_window", "max_model_len", "max_input_tokens")
"""What OpenRouter, Groq, vLLM and a LiteLLM Proxy call it."""


@dataclass(frozen=True)
class ModelRow:
    """A model in the listing; None is "it does not say".

    Attributes:
        id: Its name.
        mode: What it is for, in LiteLLM's words.
        context_window: Tokens.
        input_modalities: What goes in.
        output_modalities: What comes out.
    """

    id: str
    mode: str | None = None
    context_window: int | None = None
    input_modalities: tuple[str, ...] | None = None
    output_modalities: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Found:
    """The rows of a listing; a note says why some of them may be missing."""

    rows: tuple[ModelRow, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...] = ()


def own(connection: Connection) -> OpenAICompatibleCredentials:
    """Return the connection's credentials as what they are."""
    return cast("OpenAICompatibleCredentials", connection.credentials)


async def models(connection: Connection) -> Found:
    """Return every model that the endpoint lists, page after page.

    Raises:
        ProviderError: A page is refused, or is none.
    """
    address: str | None = f"{own(connection).endpoint}/models"
    raw: list[Any] = []
    seen: set[str] = set()
    while address is not None:
        if address in seen or len(seen) == PAGES:
            note = f"The listing leads back to itself, or has more than {PAGES} pages."
            return _found(raw, (note,))
        seen.add(address)
        response = await send(connection, "GET", address)
        answer = json_object(response)
        raw += json_list(answer, "data", response)
        following = _following(answer)
        if following is None:
            break
        address = _within(response, following)
        if address is None:
            return _found(raw, ("The listing goes on at another host, which is not asked.",))
    return _found(raw)


async def post(connection: Connection, path: str, body: Mapping[str, Any]) -> httpx.Response:
    """Send a call of a model and return its answer if it is a success.

    Raises:
        ProviderError: As `send`; OpenRouter puts a failure into a success too.
    """
    response = await send(connection, "POST", f"{own(connection).endpoint}{path}", body=body)
    error = json_object(response).get("error")
    if isinstance(error, Mapping):
        code = error.get("code")
        status = code if isinstance(code, int) and code >= 400 else 502  # noqa: PLR2004 - no success
        raise errors.refusal(response, now=connection.clock.now(), status=status)
    return response


async def send(
    connection: Connection,
    method: str,
    address: str,
    *,
    body: Mapping[str, Any] | None = None,
    anonymous: bool = False,
) -> httpx.Response:
    """Send one call and return its answer if it is a success.

    Args:
        connection: Whose key.
        method: GET or POST; a POST is never repeated.
        address: Of the endpoint.
        body: Sent as JSON.
        anonymous: Leave the key out.

    Raises:
        ProviderError: As `errors.refusal`, and as the network does.
    """
    key = None if anonymous else own(connection).api_key
    response = await connection.http.request(
        method,
        address,
        json=body,
        headers={"authorization": f"Bearer {key.get_secret_value()}"} if key else {},
        # Some answer a call without a key by 500, which is not worth asking again for.
        extensions={"idempotent": False} if anonymous else None,
    )
    if not response.is_success:
        raise errors.refusal(response, now=connection.clock.now())
    return response


def _following(answer: Mapping[str, Any]) -> str | None:
    links = answer.get("links")
    following = links.get("next") if isinstance(links, Mapping) else None
    return following if isinstance(following, str) and following else None


def _within(response: httpx.Response, following: str) -> str | None:
    """Return the address of the next page, or None where it is not the endpoint's own."""
    import httpx

    try:
        address = response.url.join(following)
    except httpx.InvalidURL:
        return None
    same = (address.scheme, address.netloc) == (response.url.scheme, response.url.netloc)
    return str(address) if same and not address.userinfo else None


def _found(raw: list[Any], notes: tuple[str, ...] = ()) -> Found:
    rows: dict[str, ModelRow] = {}
    skipped: list[Skipped] = []
    for each in raw:
        row = read_row(each)
        if isinstance(row, Skipped):
            skipped.append(row)
        else:
            rows.setdefault(row.id, row)
    return Found(tuple(rows[name] for name in sorted(rows)), tuple(skipped), notes)


def read_row(raw: object) -> ModelRow | Skipped:
    """Read one row; what is missing or of another type is not known."""
    row = raw if isinstance(raw, Mapping) else {}
    name = row.get("id")
    if not isinstance(name, str) or not name or not name.isprintable():
        return Skipped(id="(no id)", reason="The row has no id that can be read.")
    if row.get("active") is False:
        return Skipped(id=name, reason="The service says that it is not active.")
    architecture = row.get("architecture")
    modalities = architecture if isinstance(architecture, Mapping) else {}
    mode = row.get("mode")
    return ModelRow(
        id=name,
        mode=mode if isinstance(mode, str) and mode.isidentifier() else None,
        context_window=next(_counts(row), None),
        input_modalities=_words(modalities.get("input_modalities")),
        output_modalities=_words(modalities.get("output_modalities")),
    )


def _counts(row: Mapping[str, Any]) -> Iterator[int]:
    for name in _CONTEXT:
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            yield value


def _words(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        return None
    return tuple(value)
