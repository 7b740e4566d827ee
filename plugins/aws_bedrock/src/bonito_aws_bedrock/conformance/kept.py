"""Deployments as a host keeps them: what a call or a route begins with."""

from __future__ import annotations

from datetime import UTC, datetime

from bonito_aws_bedrock.conformance.asking import ref
from bonito_aws_bedrock.conformance.places import address, profile
from bonito_providers import DeployedModel, Deployment, State


def kept(
    name: str, model: str | None, identity: str | None, *, kind: str | None = "chat"
) -> Deployment:
    """Return a deployment as a host keeps it."""
    return Deployment(
        ref=ref(name),
        model=DeployedModel(name=model, kind=kind, price_key=model),
        endpoint=identity if identity is None else address(identity),
        state=State.READY,
        observed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


MICRO = kept("micro", "amazon.nova-micro-v1:0", "amazon.nova-micro-v1:0")
CHAT = kept("team-chat", "amazon.nova-lite-v1:0", profile(1))
TITAN = kept("team-embed", "amazon.titan-embed-text-v2:0", profile(2), kind="embedding")
UNPRICED = TITAN.model_copy(update={"model": TITAN.model.model_copy(update={"price_key": None})})
COHERE = kept("team-cohere", "cohere.embed-v4:0", profile(3), kind="embedding")
ADDRESSLESS = kept("nowhere", "amazon.nova-lite-v1:0", None)
ELSEWHERE = ADDRESSLESS.model_copy(update={"endpoint": "https://example.invalid/model/x"})
STRANGE = kept("strange", "acme.embed-v1", "acme.embed-v1", kind="embedding")
