"""The gateway's routes to the deployments of one connection."""

from __future__ import annotations

from collections.abc import Iterable

from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment
from bonito_providers.gateway import GatewayConfig, GatewayEntry, RoutableDeployment


def entry_for(connection: Connection, deployment: Deployment) -> GatewayEntry:
    """Return how LiteLLM would call a deployment, or why it cannot."""
    return connection.provider.build_gateway_entry(connection.credentials, deployment)


def routes_of(
    connection: Connection, deployments: Iterable[Deployment], *, name: str
) -> GatewayConfig:
    """Return the routes to a connection's deployments.

    Args:
        connection: Where.
        deployments: What is callable there.
        name: What the connection is called in the routes' names.
    """
    return GatewayConfig.build(
        RoutableDeployment(
            connection=name,
            deployment=deployment.ref.name,
            entry=entry_for(connection, deployment),
            canonical_name=deployment.model.canonical_name,
        )
        for deployment in deployments
    )
