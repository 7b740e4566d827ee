"""An account's own host: what stands there, and calls to it."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

from bonito_aviary.emulator import chat
from bonito_aviary.emulator.request import Refusal, Reply
from bonito_aviary.emulator.schema import read_body
from bonito_aviary.emulator.state import Charge

if TYPE_CHECKING:
    from bonito_aviary.emulator.request import Request
    from bonito_aviary.emulator.service import AviaryService
    from bonito_aviary.emulator.state import Account, Deployment

_DIMENSIONS = 8
_LISTED = ("name", "model", "version", "kind", "state")
_CREATED = 1_767_225_600


def answer(service: AviaryService, account: Account, request: Request) -> Reply:
    """Answer a call to an account.

    Raises:
        Refusal: The key is not the account's, or the service does not do that.
    """
    request.read_query(frozenset())
    _authenticate(service, account, request)
    call = (request.method, request.path)
    if call == ("GET", "/v1/models"):
        return Reply({"object": "list", "data": _models(service)})
    if call == ("GET", "/v1/deployments"):
        rows = [{key: getattr(each, key) for key in _LISTED} for each in account.all_looked_at()]
        return Reply({"object": "list", "data": rows})
    if call == ("POST", "/v1/chat/completions"):
        question = read_body(request, chat.ChatRequest)
        chat.refuse_contradictions(question)
        model = _serving(service, account, question.model, kind="chat")
        return chat.reply(question, model=model.model)
    if call != ("POST", "/v1/embeddings"):
        request.no_such_path()
    return _embeddings(service, account, read_body(request, chat.EmbeddingsRequest))


def _authenticate(service: AviaryService, account: Account, request: Request) -> None:
    given = {request.headers.get("x-aviary-key"), request.bearer} - {None}
    if given & service.tokens.keys():
        request.unknown("a token was sent to an account", status=401, code="bad_key")
    if not given or not given <= set(account.keys):
        raise Refusal(401, "bad_key", "the key is missing or not the account's")


def _models(service: AviaryService) -> list[dict[str, Any]]:
    rows = []
    for row in service.catalogue:
        for each in row["versions"]:
            identity = {"id": f"{row['name']}@{each['version']}"} if "name" in row else {}
            entry = {"object": "model", "created": _CREATED, "owned_by": row["publisher"]}
            rows.append({**identity, **entry})
    return rows


def _serving(service: AviaryService, account: Account, name: str, *, kind: str) -> Deployment:
    found = account.deployments.get(name)
    if found is None or found.state != "ready":
        raise Refusal(404, "deployment_not_found", f"there is no deployment {name}")
    if service.settling > 0:
        service.settling -= 1
        raise Refusal(404, "deployment_not_found", f"there is no deployment {name} yet")
    if found.kind != kind:
        raise Refusal(400, "wrong_kind", f"{name} is of kind {found.kind}")
    service.bill.append(Charge("called", account.name, name, found.sku))
    return found


def _embeddings(service: AviaryService, account: Account, request: chat.EmbeddingsRequest) -> Reply:
    model = _serving(service, account, request.model, kind="embedding")
    length = request.dimensions or _DIMENSIONS
    data = [
        {"object": "embedding", "index": index, "embedding": _vector(request, text, length)}
        for index, text in enumerate(request.texts)
    ]
    count = sum(len(text.split()) for text in request.texts)
    usage = {"prompt_tokens": count, "total_tokens": count}
    return Reply({"object": "list", "data": data, "model": model.model, "usage": usage})


def _vector(request: chat.EmbeddingsRequest, text: str, length: int) -> list[float] | str:
    values = [(len(text) + place) % 7 / 8 for place in range(length)]
    if request.encoding_format != "base64":
        return values
    return base64.b64encode(struct.pack(f"<{length}f", *values)).decode()
