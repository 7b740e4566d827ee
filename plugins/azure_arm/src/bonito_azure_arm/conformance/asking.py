"""Questions of the data planes' situations, and what they put on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from bonito_contract_tests import asking
from bonito_contract_tests.asking import meeting
from bonito_emulators.faults import Fault, Respond
from bonito_providers import InvocationRequest

if TYPE_CHECKING:
    from bonito_azure_arm.conformance.known import Known
    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_emulators.log import RecordedRequest
    from bonito_providers.invocation import InvocationKind

PROMPT = "Say hello."
MESSAGES = [{"role": "user", "content": PROMPT}]
_SHOWN = ("api-key", "authorization", "anthropic-version", "extra-parameters")


def invoking(known: Known, kind: InvocationKind = "chat") -> Ask:
    """Return what calls a deployment: the ``reply``, and the requests ``sent`` for it."""
    call = asking.calling(known.found, InvocationRequest(kind=kind, prompt=PROMPT))

    async def ask(scene: Scene) -> Mapping[str, object]:
        return {"reply": await call(scene), "sent": sent(scene)}

    return ask


def routing(known: Known) -> Ask:
    """Return what builds a gateway entry: itself, and ``params`` as LiteLLM is given them."""
    build = asking.routing(known.found)

    async def ask(scene: Scene) -> Mapping[str, object]:
        entry = await build(scene)
        return {**dict(entry), "params": entry.to_litellm()["litellm_params"]}

    return ask


async def checking(scene: Scene) -> Mapping[str, object]:
    """Return the report of the credentials with its items by name, and the hosts asked for it."""
    report = await asking.checking(scene)
    items = {each.name: each for each in report.items}
    return {**dict(report), "items": items, "hosts": sorted({each.host for each in scene.wire()})}


def answered(
    ask: Ask,
    body: Mapping[str, Any] | str | bytes,
    *,
    path: str = "/",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Ask:
    """Return what asks while the cloud answers below a path, once, with what it is told to."""
    action = Respond(status, headers=headers or {}, body=body)
    return meeting(ask, Fault(action=action, path_prefix=path))


def told_otherwise(ask: Ask, *, match: str, **said: object) -> Ask:
    """Return what asks while an operator says that of the models whose name matches."""
    row = {"match": match, **said, "source": "ours", "date": "2026-01-01"}

    async def asked(scene: Scene) -> object:
        scene.provider.data_overrides["models"] = (row,)
        try:
            return await ask(scene)
        finally:
            del scene.provider.data_overrides["models"]

    return asked


def sent(scene: Scene) -> Sequence[Mapping[str, object]]:
    """Return what the scene's question has sent so far, of each request what decides."""
    return [_seen(each) for each in scene.wire()]


def _seen(request: RecordedRequest) -> Mapping[str, object]:
    form = "urlencoded" in (request.header("content-type") or "")
    return {
        "host": request.host,
        "path": request.path,
        "query": request.query,
        "headers": {name: request.header(name) for name in _SHOWN},
        "scope": parse_qs(request.body.decode()).get("scope") if form else None,
        "body": request.json() if request.body and not form else None,
    }
