"""Which LiteLLM route reaches a deployment, worked out from credentials and deployment alone.

``bedrock/converse/<model>`` with the ARN in `model_id` calls what stands and keeps the model's own
name for prices and parameters. Access keys come with an empty `api_key` and, where they have none,
an empty session token: without these LiteLLM takes ``AWS_BEARER_TOKEN_BEDROCK`` instead of the
keys, and ``AWS_SESSION_TOKEN`` beside them, from its own environment. The address is said for the
same reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bonito_aws_bedrock import deployments
from bonito_aws_bedrock.invoke import CONVERSE, INVOKE, embeds
from bonito_aws_bedrock.regions import host
from bonito_providers.gateway import GatewayEntry, Parameter

if TYPE_CHECKING:
    from bonito_aws_bedrock.credentials import BedrockCredentials
    from bonito_providers.deployment import Deployment

_NONE = ""
"""Said instead of nothing, for which LiteLLM looks into its host's environment."""
_NO_ROLES = (
    "Before LiteLLM assumes a role it asks who its own host is, the metadata service included, and "
    "goes on as the host where that has the role already. Route by an access key or an API key of "
    "the account."
)
"""Measured with 1.105.3: every route with `aws_role_name` connects to 169.254.169.254."""


def entry(credentials: BedrockCredentials, deployment: Deployment) -> GatewayEntry:
    """Return the route, or why there is none."""
    reason = _obstacle(credentials, deployment)
    if reason is not None:
        return GatewayEntry(
            model_name=deployment.ref.name, surface="none", supported=False, reason=reason
        )
    model = deployment.model.name
    if deployment.model.kind == "embedding":
        return _route(credentials, deployment, f"bedrock/{model}", INVOKE)
    return _route(credentials, deployment, f"bedrock/converse/{model}", CONVERSE)


def _obstacle(credentials: BedrockCredentials, deployment: Deployment) -> str | None:
    """Return why LiteLLM cannot route a deployment, or None."""
    kind, model = deployment.model.kind, deployment.model.name
    if credentials.role_arn is not None and credentials.api_key is None:
        return _NO_ROLES
    if model is None or not deployments.is_callable(deployment):
        return "Which model it is, or where it answers, is not known; look it up again."
    if kind not in (None, "chat", "embedding"):
        return f"LiteLLM routes chats and embeddings, not {kind} models."
    if kind == "embedding" and not embeds(model):
        return "Of the models that embed, Titan and Cohere are routed."
    return None


def _route(
    credentials: BedrockCredentials,
    deployment: Deployment,
    model: str,
    surface: str,
) -> GatewayEntry:
    params: dict[str, Parameter] = {"model": model}
    called = deployments.called_id(deployment)
    if called != deployment.model.name:
        params["model_id"] = called
    key = deployment.model.price_key
    return GatewayEntry(
        model_name=deployment.ref.name,
        litellm_params={**params, **_authentication(credentials)},
        model_info={"base_model": key} if key else {},
        surface=surface,
    )


def _authentication(credentials: BedrockCredentials) -> dict[str, Parameter]:
    given: dict[str, Parameter | None] = {
        "aws_bedrock_runtime_endpoint": f"https://{host('bedrock-runtime', credentials.region)}",
        "aws_region_name": credentials.region,
    }
    if credentials.api_key is not None:
        given["api_key"] = credentials.api_key
    else:
        identity = credentials.access_key_id
        given |= {
            "aws_access_key_id": SecretStr(identity) if identity else None,
            "aws_secret_access_key": credentials.secret_access_key,
            "aws_session_token": credentials.session_token or _NONE,
            "api_key": _NONE,
        }
    return {name: value for name, value in given.items() if value is not None}
