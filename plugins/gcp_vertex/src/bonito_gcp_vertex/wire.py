"""The calls: the one module that knows hosts, paths, headers and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from bonito_gcp_vertex import errors, locations
from bonito_providers.answers import json_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from bonito_gcp_vertex.credentials import VertexCredentials
    from bonito_gcp_vertex.signin import SignIn
    from bonito_providers.connection import Connection

SERVICE_USAGE = "https://serviceusage.googleapis.com"
PAGES = 200
"""A listing goes no further; the whole catalogue had 200 rows in 2026."""
_PAGE_SIZE = "100"


@dataclass(frozen=True)
class Rows:
    """The rows of all pages of a listing; a note says why some are missing."""

    items: tuple[Any, ...]
    note: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The note, if there is one."""
        return (self.note,) if self.note else ()


def own(connection: Connection) -> VertexCredentials:
    """Return the connection's credentials as what they are."""
    return cast("VertexCredentials", connection.credentials)


def catalogue(path: str) -> str:
    """Return an address of the catalogue; only v1beta1 lists it."""
    return f"https://{locations.host_of(locations.CATALOGUE)}/v1beta1/{path}"


def placed(connection: Connection, location: str, path: str, *, version: str = "v1") -> str:
    """Return an address in a location of the project."""
    project = quote(own(connection).project, safe=":")
    host = locations.host_of(location)
    return f"https://{host}/{version}/projects/{project}/locations/{location}{path}"


def published(publisher: str, model: str) -> str:
    """Return the path of a publisher's model."""
    return f"publishers/{quote(publisher)}/models/{quote(model, safe='@')}"


async def call(
    connection: Connection,
    method: str,
    url: str,
    *,
    body: Mapping[str, Any] | None = None,
    params: Mapping[str, str] | None = None,
    idempotent: bool | None = None,
    missing: errors.Missing = errors.RESOURCE,
) -> httpx.Response:
    """Send one call and return its answer if it is a success.

    Args:
        connection: Whose.
        method: The HTTP method.
        url: One of the addresses above.
        body: Sent as JSON.
        params: The query.
        idempotent: Whether a POST may be repeated; None leaves it to the method.
        missing: What "not found" stands for.

    Raises:
        ProviderError: As `errors.refusal`, and as the network does.
    """
    sign_in = await _sign_in(connection)
    token = await sign_in.token(connection, own(connection))
    response = await connection.http.request(
        method,
        url,
        json=body,
        params=params,
        headers={"authorization": f"Bearer {token.get_secret_value()}"},
        extensions={} if idempotent is None else {"idempotent": idempotent},
    )
    if response.status_code == errors.UNAUTHENTICATED:
        sign_in.forget(token)
    if not response.is_success:
        raise errors.refusal(response, now=connection.clock.now(), missing=missing)
    return response


async def pages(
    connection: Connection,
    url: str,
    key: str,
    *,
    params: Mapping[str, str] | None = None,
    missing: errors.Missing = errors.RESOURCE,
    may_be_empty: bool = True,
) -> Rows:
    """Return the rows of a listing, page after page.

    Args:
        connection: Whose.
        url: Without the query.
        key: The name of the list in the answer; an empty one is left out altogether.
        params: The query, without what belongs to paging.
        missing: What "not found" stands for.
        may_be_empty: Whether there may be nothing at all.

    Raises:
        MalformedAnswer: A page is none.
        ProviderError: As `call`.
    """
    rows: list[Any] = []
    token, seen = "", {""}
    for _ in range(PAGES):
        query = {**(params or {}), "pageSize": _PAGE_SIZE}
        query |= {"pageToken": token} if token else {}
        response = await call(connection, "GET", url, params=query, missing=missing)
        page = json_object(response)
        rows += _rows_of(page, key, response, may_be_empty=may_be_empty or bool(rows))
        token = page.get("nextPageToken") or ""
        if not token:
            return Rows(tuple(rows))
        if not isinstance(token, str) or token in seen:
            return Rows(tuple(rows), "The listing leads back to a page already read.")
        seen.add(token)
    return Rows(tuple(rows), f"The listing has more than {PAGES} pages; the rest is not read.")


def _rows_of(
    page: Mapping[str, Any], key: str, response: httpx.Response, *, may_be_empty: bool
) -> list[Any]:
    rows = page.get(key)
    if isinstance(rows, list):
        return rows
    if rows is None and may_be_empty and page.keys() <= {"nextPageToken"}:
        return []
    raise errors.unreadable(response, f"no list under {key!r}")


async def _sign_in(connection: Connection) -> SignIn:
    async def make() -> SignIn:
        from bonito_gcp_vertex.signin import SignIn

        return SignIn()

    sign_in: SignIn = await connection.once("gcp_vertex.sign_in", make)
    return sign_in
