"""Three emulated clouds that serve one model, and stored connections to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bonito_emulators import Emulation, RequestLog
from bonito_emulators.aws import scenario as aws
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_emulators.gcp import scenario as gcp
from bonito_emulators.gcp.identities import service_account
from bonito_host.store.store import Store
from host.tests.forks import ForkedBonito, Forks

KEY = "canary-7c1f4e0b9a6d4c58a3f2e1d0c9b8a7f6"
MODEL = "gpt-oss-120b"
EAST, WEST, NORTH = "east/gpt-oss", "west/team-oss", f"north/openai/{MODEL}-maas"
"""Routes to the same model; the last is listed once a call has proved it."""
OTHER = "east/gpt-4o-mini"
UNROUTED = "north/team-gemma"
ACCOUNT = service_account(gcp.PROJECT)
CREDENTIALS: dict[str, dict[str, str]] = {
    "east": {
        "azure_mode": "foundry",
        "endpoint": "https://contoso.services.ai.azure.com",
        "api_key": KEY,
    },
    "west": dict(aws.scenario.connections[0].fields),
    "north": dict(gcp.scenario.connections[0].fields),
}
PROVIDERS = {
    "east": ("azure", "azure_foundry", "Microsoft Foundry"),
    "west": ("aws", "aws_bedrock", "Amazon Bedrock"),
    "north": ("gcp", "gcp_vertex", "Google Vertex AI"),
}


@dataclass(frozen=True)
class ThreeClouds:
    """The clouds, and the command with a store of its own."""

    emulation: Emulation
    bonito: ForkedBonito
    path: Path

    @property
    def log(self) -> RequestLog:
        return self.emulation.log

    @property
    def store(self) -> Store:
        return Store(self.path)

    @property
    def secrets(self) -> list[str]:
        key = json.loads(CREDENTIALS["north"]["service_account_json"])["private_key"]
        return [KEY, CREDENTIALS["west"]["secret_access_key"], key.splitlines()[5]]

    def connect(self, *ids: str, **changes: str) -> None:
        """Store connections as `bonito connect` would, without processes of their own."""
        for id in ids:
            cloud, provider, title = PROVIDERS[id]
            self.store.connections.save(
                id,
                provider=provider,
                cloud=cloud,
                title=title,
                credentials={**CREDENTIALS[id], **changes},
                report={"usable": True},
                replace=True,
            )


@contextmanager
def three_clouds(folder: Path, forks: Forks) -> Iterator[ThreeClouds]:
    """Start fresh clouds; nothing is stored yet."""
    account = Account(
        name="contoso",
        keys=(KEY, KEY[::-1]),
        deployments=[
            Deployment(name="gpt-oss", model=MODEL),
            Deployment(name="gpt-4o-mini", model="gpt-4o-mini"),
        ],
    )
    bedrock = aws.build_cloud()
    bedrock.put_outside("team-oss", f"openai.{MODEL}-1:0", region=aws.REGION)
    clouds = AzureCloud([account]), bedrock, gcp.build_cloud()
    path = folder / "store" / "bonito.db"
    with Emulation(*clouds) as emulation:
        variables = {**emulation.environment(), "BONITO_STORE": str(path)}
        yield ThreeClouds(emulation, ForkedBonito(folder, variables, forks=forks), path)
        assert emulation.log.violations == []
