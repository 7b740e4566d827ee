"""Which deployment serves a call, and why it may refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bonito_emulators.azure import errors

if TYPE_CHECKING:
    from bonito_emulators.azure.call import Call
    from bonito_emulators.azure.catalogue import CatalogueModel
    from bonito_emulators.azure.deployments import Deployment

Operation = Literal["chat", "embeddings", "messages"]
_WIRE_NAMES = {"chat": "chatCompletion", "embeddings": "embeddings"}


def serving(
    call: Call, name: object, *, operation: Operation, openai_v1: bool = False
) -> tuple[Deployment, CatalogueModel]:
    """Finds the deployment of that name and its model.

    Raises:
        Refusal: there is none, it is not ready, out of capacity, or of the wrong sort.
    """
    deployment = call.account.deployment(name) if isinstance(name, str) else None
    if deployment is None or not deployment.answers:
        raise errors.deployment_not_found(openai_v1=openai_v1)
    if not deployment.wired:
        raise errors.unknown_model(deployment.name)
    model = call.account.model_of(deployment)
    if model.anthropic is not (operation == "messages"):
        raise errors.api_not_supported()
    if not model.anthropic and model.kind != operation:
        raise errors.operation_not_supported(_WIRE_NAMES[operation], model.id)
    if deployment.rate_limited:
        raise errors.rate_limited()
    call.state.bill.add("called", call.account, deployment)
    return deployment, model
