"""The token host."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bonito_aviary.emulator.request import Refusal, Reply
from bonito_aviary.emulator.state import MANAGE

if TYPE_CHECKING:
    from bonito_aviary.emulator.request import Request
    from bonito_aviary.emulator.service import AviaryService
    from bonito_aviary.emulator.state import Account

_FIELDS = frozenset({"grant_type", "client_id", "client_secret", "audience"})


def answer(service: AviaryService, request: Request) -> Reply:
    """Hand out a token to a client that proves itself.

    Raises:
        Refusal: The call is not the one that is documented, or the client is not known.
    """
    if (request.method, request.path) != ("POST", "/token"):
        request.no_such_path()
    request.read_query(frozenset())
    if request.headers.keys() & {"x-aviary-key", "authorization"}:
        request.unknown("a credential was sent that the token host does not take")
    if request.content_type != "application/x-www-form-urlencoded":
        request.unknown(f"a form was declared as {request.content_type or 'nothing'}")
    account = _client(service, request)
    token = _token(service, account)
    service.tokens[token] = account.id
    lifetime = service.token_lifetime
    return Reply({"access_token": token, "token_type": "Bearer", "expires_in": lifetime})


def _client(service: AviaryService, request: Request) -> Account:
    form = request.form()
    if surplus := sorted(form.keys() - _FIELDS):
        request.unknown(f"the form holds {', '.join(surplus)}")
    if missing := sorted(_FIELDS - form.keys()):
        raise Refusal(400, "invalid_request", f"missing: {', '.join(missing)}")
    if form["grant_type"] != "client_credentials":
        raise Refusal(400, "unsupported_grant", "only client_credentials is supported")
    if form["audience"] != f"https://{MANAGE}":
        raise Refusal(400, "invalid_audience", "there is no such audience")
    for account in service.accounts:
        if (account.client_id, account.client_secret) == (form["client_id"], form["client_secret"]):
            return account
    raise Refusal(401, "invalid_client", "no such client, or another secret")


def _token(service: AviaryService, account: Account) -> str:
    service.tokens_issued += 1
    text = f"{account.id}/{service.tokens_issued}"
    return f"avt-{hashlib.sha256(text.encode()).hexdigest()}"
