"""The management host: who may ask, and what is only read there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bonito_aviary.emulator import deployments
from bonito_aviary.emulator.request import Refusal, Reply
from bonito_aviary.emulator.state import API_VERSION, MANAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_aviary.emulator.request import Request
    from bonito_aviary.emulator.service import AviaryService
    from bonito_aviary.emulator.state import Account

_PATH = re.compile(r"/accounts/(?P<account>[^/]+)(?:/(?P<what>[a-z]+)(?:/(?P<name>[^/]+))?)?")
_LISTS = ("models", "quota", "deployments")


def answer(service: AviaryService, request: Request) -> Reply:
    """Answer a call to the management host.

    Raises:
        Refusal: Aviary does not know the call, or does not let this client make it.
    """
    match = _PATH.fullmatch(request.path)
    if match is None:
        request.no_such_path()
    if "x-aviary-key" in request.headers:
        request.unknown("a key was sent to the management host")
    what, name = match["what"], match["name"]
    query = request.read_query(_known_query(what, name))
    if query.get("version") != API_VERSION:
        raise Refusal(400, "version_required", f"write ?version={API_VERSION}")
    account = _authorised(service, request, match["account"])
    if what == "operations" and name is not None and request.method == "GET":
        return deployments.operation(account, name, ticket=query.get("ticket", ""))
    if what == "deployments" and name is not None:
        return deployments.answer(service, account, request, name)
    if name is not None or request.method != "GET" or what not in (None, *_LISTS):
        request.no_such_path()
    if what is None:
        return Reply({"id": account.id, "name": account.name, "host": account.host})
    rows = _rows(service, account, what)
    return _page(service, request, rows, start=query.get("after", "0"))


def _known_query(what: str | None, name: str | None) -> frozenset[str]:
    if what in _LISTS and name is None:
        return frozenset({"version", "after"})
    return frozenset({"version", "ticket"} if what == "operations" else {"version"})


def _authorised(service: AviaryService, request: Request, account_id: str) -> Account:
    token = request.bearer
    if token is None or token not in service.tokens:
        raise Refusal(401, "bad_token", "the token is missing, unknown or expired")
    if service.tokens[token] != account_id:
        raise Refusal(403, "not_your_account", "this client does not manage that account")
    return next(account for account in service.accounts if account.id == account_id)


def _rows(service: AviaryService, account: Account, what: str) -> Sequence[Any]:
    if what == "models":
        return service.catalogue
    if what == "deployments":
        return [deployments.shown(each) for each in account.all_looked_at()]
    return [
        {"key": key, "limit": limit, "used": account.used(key, service.catalogue), "unit": "units"}
        for key, limit in sorted(account.quota.items())
    ]


def _page(service: AviaryService, request: Request, rows: Sequence[Any], *, start: str) -> Reply:
    if not start.isdecimal():
        raise Refusal(400, "bad_cursor", "follow the addresses as they were given")
    first = int(start)
    end = first + service.page_size
    content: dict[str, Any] = {"items": rows[first:end]}
    if end < len(rows):
        path = f"{request.path}?version={API_VERSION}&after={end}"
        content["next"] = f"https://{MANAGE}{path}"
    return Reply(content)
