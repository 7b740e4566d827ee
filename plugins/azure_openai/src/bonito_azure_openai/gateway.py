"""The LiteLLM route to a deployment: `azure/<deployment>`, as it always was.

LiteLLM sends it to ``/openai/deployments/<deployment>`` on each of the three hosts, with `api-key`
or with a token it fetches and renews itself, and reads parameter names and prices from
`base_model`, whatever the deployment is called; but a name like gpt-5.4 or later sends tools to
the Responses API (measured on litellm 1.105.3; the wire tests hold every cell).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bonito_azure_arm.bridging import bridged
from bonito_azure_arm.facts import OPENAI
from bonito_azure_openai import wire
from bonito_azure_openai.facts import not_openai
from bonito_providers.gateway import GatewayEntry, Parameter

if TYPE_CHECKING:
    from bonito_azure_arm.access import ServicePrincipal
    from bonito_azure_openai.credentials import OpenAICredentials
    from bonito_providers.deployment import Deployment

DEPLOYMENTS = "deployments"
"""The one surface there is: `/openai/deployments/<name>`."""


def entry(credentials: OpenAICredentials, deployment: Deployment) -> GatewayEntry:
    """Return the route to a deployment, or why there is none."""
    name, model = deployment.ref.name, deployment.model
    reason = _unroutable(deployment)
    if reason:
        return GatewayEntry(model_name=name, surface="none", supported=False, reason=reason)
    params: dict[str, Parameter] = {
        "model": f"azure/{name}",
        "api_base": str(credentials.address),
        "api_version": wire.CALL_VERSION,
        **_identity(credentials),
    }
    return GatewayEntry(
        model_name=name,
        litellm_params=params,
        model_info={"base_model": model.price_key} if model.price_key else {},
        surface=DEPLOYMENTS,
        reason=_remarks(deployment),
    )


def _unroutable(deployment: Deployment) -> str:
    model = deployment.model
    if model.format not in (None, OPENAI):
        return f"{deployment.ref.name}: {not_openai(model.format, name=model.name or 'it')}."
    if model.kind not in (None, "chat", "embedding"):
        return f"The gateway routes chat and embeddings, not {model.kind}."
    family = bridged(deployment.ref.name)
    if family and not bridged(model.name):
        return (
            f"LiteLLM takes it for a {family} by its name and would send calls to the Responses "
            "API. Deploy the model under another name."
        )
    return ""


def _remarks(deployment: Deployment) -> str:
    if bridged(deployment.ref.name):
        return (
            "LiteLLM sends its tools to the Responses API, which this api-version does not have; "
            "calls without tools arrive. The Foundry provider routes both."
        )
    return "" if deployment.model.kind else "Its kind is unknown; it is routed as chat."


def _identity(credentials: OpenAICredentials) -> dict[str, Parameter]:
    """Return the key, else the service principal, so that LiteLLM can renew its tokens.

    Never a token itself: LiteLLM would copy it into the body of embeddings, and it would expire.
    """
    if credentials.api_key is not None:
        return {"api_key": credentials.api_key}
    return dict(cast("ServicePrincipal", credentials.principal))  # the schema demands either
