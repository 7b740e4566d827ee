"""What a customer of Aviary would type, and ask for."""

from __future__ import annotations

from typing import Any

from bonito_aviary.emulator import AviaryService
from bonito_emulators import Emulation
from bonito_providers import Connection, Deployment, DeploymentPlan, DeploymentRequest


def fields(service: AviaryService, *, account: int = 0) -> dict[str, str]:
    chosen = service.accounts[account]
    return {"endpoint": f"https://{chosen.host}", "api_key": chosen.keys[0]}


def managing(service: AviaryService, *, account: int = 0) -> dict[str, str]:
    chosen = service.accounts[account]
    return {
        **fields(service, account=account),
        "client_id": chosen.client_id,
        "client_secret": chosen.client_secret,
        "account_id": chosen.id,
    }


async def planned(connection: Connection, **asked: Any) -> DeploymentPlan:
    request = DeploymentRequest.model_validate(asked)
    return await connection.provider.plan_deployment(connection, request)


async def deployed(connection: Connection, **asked: Any) -> Deployment:
    return await connection.provider.deploy(connection, await planned(connection, **asked))


async def as_now(connection: Connection, deployment: Deployment) -> Deployment:
    return await connection.provider.get_deployment(connection, deployment.ref)


def writes(emulation: Emulation) -> int:
    """Count what was sent to management besides reading."""
    return sum(each.method != "GET" for each in emulation.log.select("manage.aviary.example"))
