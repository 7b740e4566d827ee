"""An installation to break: real packages in a folder, a real store, real sockets."""

from __future__ import annotations

import json
import sqlite3
import ssl
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from bonito_emulators import Emulation, Fault, Respond
from bonito_emulators.azure import Account, AzureCloud
from bonito_host.application import Application
from bonito_host.doctor.examination import Examined, examine
from bonito_host.options import ConnectionChoice
from bonito_host.output import Output
from bonito_host.settings import Settings
from bonito_host.store.store import Store
from bonito_providers import NetworkSettings
from host.tests.managed import FIELDS, new_cloud
from tests.core.sites import Site

LOOPBACK = "127.0.0.0/8"
TWO_FIELDS = {name: FIELDS[name] for name in ("azure_mode", "endpoint", "api_key")}
CONNECTION = "prod"
ALWAYS = None


@dataclass
class Bench:
    """What a fault is prepared on, and the doctor who looks at it.

    Attributes:
        folder: An empty folder.
        site: A folder of packages, the first that Python looks in.
        stack: Closes what was opened.
        environment: The variables.
        choice: Which connection to examine; none at first.
        network: The way out, once there is an emulation.
    """

    folder: Path
    site: Site
    stack: ExitStack
    environment: dict[str, str] = field(default_factory=dict)
    choice: ConnectionChoice = field(
        default_factory=lambda: ConnectionChoice(None, None, None, (), None)
    )
    network: NetworkSettings | None = None

    @property
    def path(self) -> Path:
        return self.folder / "store" / "bonito.db"

    @property
    def location(self) -> str:
        """What `--store` names: the file, unless a fault named something else."""
        return self.environment.get("BONITO_STORE") or str(self.path)

    @property
    def key_file(self) -> Path:
        return self.path.with_name(f"{self.path.name}.key")

    def examine(self, *, offline: bool = False) -> Examined:
        """What the doctor says, called as the command calls it."""
        settings = Settings.read(self.environment)
        output = Output(as_json=False, colour=False)
        application = Application(settings=settings, output=output, store_path=self.location)
        return examine(
            application, self.choice, self.environment, network=self.network, offline=offline
        )

    def sql(self, *statements: str) -> None:
        database = sqlite3.connect(self.path)
        with database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def store(self, id: str = CONNECTION, **changes: str) -> Store:
        """Store a connection, as `bonito connect` would."""
        store = Store(self.path)
        store.connections.save(
            id,
            provider="azure_foundry",
            cloud=changes.pop("cloud", "azure"),
            title="Azure AI Foundry",
            credentials={**TWO_FIELDS, **changes},
            report={"usable": True},
        )
        return store

    def choose_stored(self, id: str = CONNECTION) -> None:
        self.choice = replace(self.choice, stored=id)

    def choose_file(self, text: str, *, mode: int = 0o600) -> None:
        source = self.folder / "credentials.json"
        source.write_text(text, encoding="utf-8")
        source.chmod(mode)
        self.choice = replace(self.choice, source=str(source))

    def choose(self, *, without: Sequence[str] = (), **changes: str) -> None:
        """Give the two fields in a file."""
        fields = {**TWO_FIELDS, **changes}
        self.choose_file(json.dumps({k: v for k, v in fields.items() if k not in without}))

    def choose_management(self) -> None:
        """Give all fields in a file."""
        self.choose_file(json.dumps(FIELDS))

    def serve(self) -> AzureCloud:
        """Start a cloud under its real names, with an account that has no deployment yet."""
        cloud = new_cloud()
        self.account_of(cloud).deployments.clear()
        self.emulation = self.stack.enter_context(Emulation(cloud))
        self.network = NetworkSettings(
            resolver=self.resolve,
            tls=self.emulation.client_context(),
            trusted_networks=(LOOPBACK,),
        )
        return cloud

    def account_of(self, cloud: AzureCloud) -> Account:
        return cloud.account("contoso")

    async def resolve(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        return [self.emulation.resolve(host, port)]

    def lead_to(self, *addresses: tuple[str, int], trusted: tuple[str, ...] = (LOOPBACK,)) -> None:
        """Let every name lead there."""

        async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
            return addresses

        tls = ssl.create_default_context()
        self.network = NetworkSettings(resolver=resolve, tls=tls, trusted_networks=trusted)

    def answer(
        self,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: Any = b"",
        *,
        to: str = "/",
    ) -> None:
        """Start a cloud that answers every request so."""
        action = Respond(status, headers or {}, body)
        self.serve().faults.add(Fault(path_prefix=to, times=ALWAYS, action=action))


def date_header(*, minutes: int) -> dict[str, str]:
    """The header by which a service tells the time, that far from this machine's."""
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"date": format_datetime(moment, usegmt=True)}


def write_text(path: Path, text: str, *, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def key_of(seed: int) -> str:
    """A key as an operator gives it."""
    return bytes([seed] * 32).hex()
