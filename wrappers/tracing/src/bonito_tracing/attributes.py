"""What a span tells of a call: names after OpenTelemetry's conventions, and never a content.

Where a convention exists it is followed: generative AI for model calls, and the recording of
errors (opentelemetry.io/docs/specs/semconv, read in November 2026; the former is in development).
What has none is under ``bonito.``. Prompts, answers and keys are nowhere in a span.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from bonito_providers import (
    Call,
    CredentialReport,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    Invocation,
    InvocationRequest,
    Listing,
)
from bonito_providers.errors import ProviderError

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

Attributes = Mapping[str, "AttributeValue"]

_OPERATIONS = {"chat": "chat", "embedding": "embeddings"}
"""Kinds of model calls by what the generative AI conventions call them."""


def span_name(call: Call) -> str:
    """Return a name with few values: the operation, and what it is about."""
    if call.hook == "invoke_model":
        return " ".join(filter(None, (_operation(call), _model_called(call))))
    return f"{call.hook} {call.provider}"


def of_call(call: Call) -> Attributes:
    """Return what is known before the call."""
    given: dict[str, Any] = {
        "bonito.provider.name": call.provider,
        "bonito.hook": call.hook,
        "bonito.connection.id": call.connection,
    }
    for argument in call.arguments.values():
        given |= _of_value(argument)
    if call.hook == "invoke_model":
        given |= {
            "gen_ai.operation.name": _operation(call),
            "gen_ai.provider.name": call.provider,
            "gen_ai.request.model": _model_called(call),
        }
    return _told(given)


def of_result(result: object) -> Attributes:
    """Return what a call came to."""
    return _told(_of_value(result))


def of_error(error: Exception) -> Attributes:
    """Return what a call failed with: its class, and what the service said in codes."""
    if not isinstance(error, ProviderError):
        return {"error.type": type(error).__qualname__}
    return _told(
        {
            "error.type": error.kind,
            "http.response.status_code": error.status,
            "bonito.error.code": error.code,
            "bonito.error.request_id": error.request_id,
            "bonito.retry_after": error.retry_after,
        }
    )


@singledispatch
def _of_value(_value: object) -> dict[str, Any]:
    return {}


@_of_value.register
def _(request: DeploymentRequest) -> dict[str, Any]:
    return {
        "bonito.model.name": request.model,
        "bonito.model.version": request.version,
        "bonito.deployment.name": request.name,
        "bonito.sku.name": request.sku,
        "bonito.capacity": request.capacity,
        "bonito.adopt": request.adopt,
    }


@_of_value.register
def _(plan: DeploymentPlan) -> dict[str, Any]:
    return {
        **_of_model(plan),
        "bonito.region": plan.region,
        "bonito.adopt": plan.request.adopt,
        "bonito.actions": [action.kind.value for action in plan.actions],
    }


@_of_value.register
def _(ref: DeploymentRef) -> dict[str, Any]:
    return {"bonito.deployment.name": ref.name}


@_of_value.register
def _(deployment: Deployment) -> dict[str, Any]:
    return {
        **_of_model(deployment),
        "bonito.deployment.state": deployment.state.value,
        "bonito.deployment.created": deployment.created,
        "bonito.retry_after": deployment.retry_after,
        "bonito.actions": [action.kind.value for action in deployment.actions],
    }


@_of_value.register(Listing)
def _(listing: Listing[Any]) -> dict[str, Any]:
    return {
        "bonito.listing.items": len(listing.items),
        "bonito.listing.complete": listing.complete,
    }


@_of_value.register
def _(report: CredentialReport) -> dict[str, Any]:
    return {"bonito.check.failed": [item.name for item in report.failures]}


@_of_value.register
def _(answer: Invocation) -> dict[str, Any]:
    return {
        "gen_ai.response.model": answer.model,
        "gen_ai.usage.input_tokens": answer.input_tokens,
        "gen_ai.usage.output_tokens": answer.output_tokens,
    }


def _of_model(value: DeploymentPlan | Deployment) -> dict[str, Any]:
    return {
        "bonito.model.name": value.model.name,
        "bonito.model.version": value.model.version,
        "bonito.model.publisher": value.model.publisher,
        "bonito.deployment.name": value.ref.name,
        "bonito.sku.name": value.sku,
        "bonito.capacity": value.capacity,
    }


def _operation(call: Call) -> str:
    request = call.arguments["request"]
    kind = request.kind if isinstance(request, InvocationRequest) else ""
    return _OPERATIONS.get(kind, kind)


def _model_called(call: Call) -> str | None:
    deployment = call.arguments["deployment"]
    return deployment.model.name if isinstance(deployment, Deployment) else None


def _told(given: Mapping[str, Any]) -> Attributes:
    """Leave out what is not known, and lists of nothing."""
    return {name: value for name, value in given.items() if value is not None and value != []}
