"""Questions of the data planes' situations, and what they put on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from bonito_azure_arm.conformance.questions import met
from bonito_emulators.faults import Fault, Respond
from bonito_providers import Deployment as Found
from bonito_providers import InvocationRequest, State, Surface
from bonito_providers.deployment import DeployedModel, DeploymentRef

if TYPE_CHECKING:
    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_emulators.log import RecordedRequest
    from bonito_providers.invocation import InvocationKind

RESOURCE = "contoso"
PROMPT = "Say hello."
_SHOWN = ("api-key", "authorization", "anthropic-version", "extra-parameters")


@dataclass(frozen=True, kw_only=True)
class Known:
    """A deployment, as far as a listing knows it.

    Attributes:
        name: The deployment's.
        model: What is behind it.
        surfaces: By which of them it was seen to answer, or not to.
    """

    name: str
    model: DeployedModel = field(default_factory=DeployedModel)
    surfaces: Mapping[str, bool | None] = field(default_factory=dict)

    def found(self, scene: Scene) -> Found:
        """Return it as a listing of the scene's provider would."""
        info = scene.provider.info
        return Found(
            ref=DeploymentRef(provider=info.name, resource=RESOURCE, name=self.name),
            model=self.model,
            state=State.READY,
            surfaces=tuple(Surface(name=key, answers=seen) for key, seen in self.surfaces.items()),
            observed_at=scene.clock.now(),
        )


def gone(*surfaces: str) -> dict[str, bool | None]:
    """Return the surfaces as seen not to answer."""
    return dict.fromkeys(surfaces, False)


def invoking(known: Known, kind: InvocationKind = "chat", *, prompt: str = PROMPT) -> Ask:
    """Return what calls a deployment: the ``reply``, and the requests ``sent`` for it."""

    async def ask(scene: Scene) -> object:
        request = InvocationRequest(kind=kind, prompt=prompt)
        found = known.found(scene)
        reply = await scene.provider.invoke_model(scene.connection, found, request)
        return {"reply": reply, "sent": sent(scene)}

    return ask


def routing(known: Known) -> Ask:
    """Return what builds a gateway entry: itself, and ``params`` as LiteLLM is given them."""

    async def ask(scene: Scene) -> object:
        found = known.found(scene)
        entry = scene.provider.build_gateway_entry(scene.connection.credentials, found)
        return {**dict(entry), "params": entry.to_litellm()["litellm_params"]}

    return ask


async def listing(scene: Scene) -> object:
    """Return the deployments."""
    return await scene.provider.list_deployments(scene.connection)


async def catalogue(scene: Scene) -> object:
    """Return the models."""
    return await scene.provider.list_models(scene.connection)


def model_of_id(wanted: str) -> Ask:
    """Return what finds a model in the listing; None where it is not in there."""

    async def ask(scene: Scene) -> object:
        models = (await scene.provider.list_models(scene.connection)).items
        return next((each for each in models if each.id == wanted), None)

    return ask


def deployment_called(name: str) -> Ask:
    """Return what finds a deployment in the listing; None where it is not in there."""

    async def ask(scene: Scene) -> object:
        found = (await scene.provider.list_deployments(scene.connection)).items
        return next((each for each in found if each.ref.name == name), None)

    return ask


async def checking(scene: Scene) -> object:
    """Return the report of the credentials with its items by name, and the hosts asked for it."""
    report = await scene.provider.check_credentials(scene.connection)
    items = {each.name: each for each in report.items}
    return {**dict(report), "items": items, "hosts": sorted({each.host for each in scene.wire()})}


def answered(
    ask: Ask,
    body: Mapping[str, Any] | str | bytes,
    *,
    path: str = "/",
    status: int = 200,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Ask:
    """Return what asks while the cloud answers below a path, once, with what it is told to."""
    action = Respond(status, headers=headers or {}, body=body)
    return met(ask, Fault(action=action, path_prefix=path, method=method))


def told_otherwise(ask: Ask, *rows: Mapping[str, Any]) -> Ask:
    """Return what asks while an operator says these rows of the data file."""

    async def asked(scene: Scene) -> object:
        scene.provider.data_overrides["models"] = rows
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
