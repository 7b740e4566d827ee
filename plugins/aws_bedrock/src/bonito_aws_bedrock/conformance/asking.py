"""How the situations ask the plugin, and what they let happen meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.conformance.places import RESOURCE
from bonito_emulators.faults import Fault, Respond
from bonito_providers import DeploymentRef, InvocationRequest
from bonito_providers.errors import ProviderError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_emulators.aws import Account, AWSCloud
    from bonito_emulators.faults import Action
    from bonito_providers import (
        CredentialReport,
        Deployment,
        DeploymentPlan,
        DeploymentRequest,
        GatewayEntry,
        Invocation,
        Listing,
        Model,
    )

Happening = Callable[["Scene"], object]
REQUEST = "7a1d2f36-0000-4000-8000-000000000001"
"""What the service calls a request that it refuses."""
_READS = frozenset({"POST /", "POST /listTagsForResource"})
"""What changes nothing although it is a POST."""


async def models(scene: Scene) -> Listing[Model]:
    """List the models."""
    return await scene.provider.list_models(scene.connection)


async def deployments(scene: Scene) -> Listing[Deployment]:
    """List what stands."""
    return await scene.provider.list_deployments(scene.connection)


async def checked(scene: Scene) -> CredentialReport:
    """Try the credentials out."""
    return await scene.provider.check_credentials(scene.connection)


def planned(request: DeploymentRequest) -> Ask:
    """Plan it."""

    async def ask(scene: Scene) -> DeploymentPlan:
        return await scene.provider.plan_deployment(scene.connection, request)

    return ask


def deployed(request: DeploymentRequest) -> Ask:
    """Plan it and deploy the plan."""

    async def ask(scene: Scene) -> Deployment:
        plan = await scene.provider.plan_deployment(scene.connection, request)
        return await scene.provider.deploy(scene.connection, plan)

    return ask


def found(name: str, *, resource: str = RESOURCE) -> Ask:
    """Look it up."""

    async def ask(scene: Scene) -> Deployment:
        return await scene.provider.get_deployment(scene.connection, ref(name, resource=resource))

    return ask


def deleted(name: str, *, include_unowned: bool = False) -> Ask:
    """Delete it."""

    async def ask(scene: Scene) -> Deployment:
        return await scene.provider.delete_deployment(
            scene.connection, ref(name), include_unowned=include_unowned
        )

    return ask


def called(deployment: Deployment, *, kind: str = "chat") -> Ask:
    """Call it once."""
    request = InvocationRequest.model_validate({"kind": kind, "max_tokens": 3})

    async def ask(scene: Scene) -> Invocation:
        return await scene.provider.invoke_model(scene.connection, deployment, request)

    return ask


def routed(deployment: Deployment, **fields: str) -> Ask:
    """Make its gateway entry, with the connection's credentials or with these."""

    async def ask(scene: Scene) -> GatewayEntry:
        own = scene.connection.credentials
        given = scene.provider.read_credentials(fields) if fields else own
        return scene.provider.build_gateway_entry(given, deployment)

    return ask


def ref(name: str, *, resource: str = RESOURCE) -> DeploymentRef:
    """Return the reference to what has that name in the harness's account."""
    return DeploymentRef(provider="aws_bedrock", resource=resource, name=name)


def counted(ask: Ask) -> Ask:
    """Ask, and return beside the answer, or the refusal, what was sent and how long was waited."""

    async def asked(scene: Scene) -> Mapping[str, Any]:
        slept, answer, refused = len(scene.clock.slept), None, ""
        try:
            answer = await ask(scene)
        except ProviderError as error:
            refused = error.kind
        sent = [f"{each.method} {each.path}" for each in scene.wire()]
        return {
            "answer": answer,
            "refused": refused,
            "sent": Counter(sent),
            "writes": [each for each in sent if not each.startswith("GET") and each not in _READS],
            "slept": scene.clock.slept[slept:],
        }

    return asked


def amid(ask: Ask, happening: Happening) -> Ask:
    """Ask after something happened; what it let go wrong goes wrong only meanwhile."""

    async def asked(scene: Scene) -> object:
        happening(scene)
        try:
            return await ask(scene)
        finally:
            scene.faults.clear()

    return asked


def met_by(ask: Ask, *actions: Action, path: str, method: str | None = None) -> Ask:
    """Ask while the requests for a path are met by each of these in turn."""

    def ordered(scene: Scene) -> None:
        for action in actions:
            scene.faults.add(Fault(action=action, path_prefix=path, method=method))

    return amid(ask, ordered)


def always_met_by(ask: Ask, action: Action, *, path: str, method: str | None = None) -> Ask:
    """Ask while every request for a path is met by this."""
    fault = Fault(action=action, path_prefix=path, method=method, times=None)
    return amid(ask, lambda scene: scene.faults.add(fault))


def at_write(ask: Ask, happening: Happening, *, path: str, instead: Action | None = None) -> Ask:
    """Ask, and let something happen when the write arrives, before the cloud sees it."""

    def ordered(scene: Scene) -> None:
        action = Meanwhile(lambda: happening(scene), instead)
        scene.faults.add(Fault(action=action, path_prefix=path, method="POST"))

    return amid(ask, ordered)


@dataclass(frozen=True)
class Meanwhile:
    """Lets something happen when a request arrives, and serves it then.

    Attributes:
        happening: What happens.
        instead: What answers; None is the cloud.
    """

    happening: Callable[[], object]
    instead: Action | None = None

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves the request a moment later."""
        self.happening()
        if self.instead is None:
            await app(scope, receive, send)
        else:
            await self.instead(app, scope, receive, send)


def refusal(status: int, code: str, message: str) -> Respond:
    """Return how Bedrock refuses."""
    headers = {"x-amzn-errortype": code, "x-amzn-requestid": REQUEST}
    return Respond(status, headers, {"message": message})


def account(cloud: AWSCloud) -> Account:
    """Return the harness's account."""
    return cloud.accounts[0]


def denying(*actions: str) -> Happening:
    """Let these be all that the user's policies do not allow."""

    def happening(scene: Scene) -> None:
        account(scene.cloud).users[0].denied = set(actions)

    return happening


UNSEEN = refusal(404, "ResourceNotFoundException", "The resource is not found.")
