"""How the situations ask the plugin about the harness's account, and what AWS says instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_aws_bedrock.conformance.places import RESOURCE
from bonito_contract_tests import asking
from bonito_emulators.faults import Fault, Respond
from bonito_providers import DeploymentRef, InvocationRequest

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bonito_contract_tests import Scene
    from bonito_contract_tests.asking import Happening
    from bonito_contract_tests.situations import Ask
    from bonito_emulators.aws import Account, AWSCloud
    from bonito_emulators.faults import Action
    from bonito_providers import Deployment, GatewayEntry

REQUEST = "7a1d2f36-0000-4000-8000-000000000001"
"""What the service calls a request that it refuses."""
_READS = frozenset({"POST /", "POST /listTagsForResource"})
"""What changes nothing although it is a POST."""


def looking(name: str, *, resource: str = RESOURCE) -> Ask:
    """Look up what has that name in the harness's account."""
    return asking.looking(lambda _: ref(name, resource=resource))


def removing(name: str, *, include_unowned: bool = False) -> Ask:
    """Delete it."""
    return asking.removing(lambda _: ref(name), include_unowned=include_unowned)


def calling(deployment: Deployment, *, kind: str = "chat") -> Ask:
    """Call what a host has kept."""
    request = InvocationRequest.model_validate({"kind": kind, "max_tokens": 3})
    return asking.calling(lambda _: deployment, request)


def routing(deployment: Deployment, **fields: str) -> Ask:
    """Make its gateway entry, with the connection's credentials or with these."""

    async def ask(scene: Scene) -> GatewayEntry:
        given = scene.provider.read_credentials(fields)
        return scene.provider.build_gateway_entry(given, deployment)

    return ask if fields else asking.routing(lambda _: deployment)


def counted(ask: Ask) -> Ask:
    """Tell beside the answer what was sent, which of it may change something, and what slept."""
    return asking.counted(ask, reads=_READS)


def at_write(ask: Ask, happening: Happening, *, path: str, answer: Action | None = None) -> Ask:
    """Ask, and let something happen when the write arrives, before the cloud sees it."""

    def ordered(scene: Scene) -> None:
        action = Meanwhile(lambda: happening(scene), answer)
        scene.faults.add(Fault(action=action, path_prefix=path, method="POST"))

    return asking.after(ordered, ask)


@dataclass(frozen=True)
class Meanwhile:
    """Lets something happen when a request arrives, and serves it then.

    Attributes:
        happening: What happens.
        answer: What answers; None is the cloud.
    """

    happening: Callable[[], object]
    answer: Action | None = None

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves the request a moment later."""
        self.happening()
        if self.answer is None:
            await app(scope, receive, send)
        else:
            await self.answer(app, scope, receive, send)


def ref(name: str, *, resource: str = RESOURCE) -> DeploymentRef:
    """Return the reference to what has that name in the harness's account."""
    return DeploymentRef(provider="aws_bedrock", resource=resource, name=name)


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
