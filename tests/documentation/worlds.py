"""Where the commands of a page run: a folder with the files it speaks of, and emulated clouds."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from bonito_emulators import Emulation
from bonito_emulators.aws import scenario as aws
from bonito_emulators.azure import Creation, Deployment
from bonito_emulators.azure import scenario as azure
from bonito_emulators.gcp import scenario as gcp
from host.tests.forks import ForkedBonito, Forks
from host.tests.running import PATIENCE, Finished
from tests.documentation.console import Command, agrees

PORT = "8640"
"""What pages show; a free one is taken for it."""
_TOOLS = Path(sys.executable).parent


@dataclass
class World:
    """A reader's machine while they follow one page."""

    bonito: ForkedBonito
    port: str = field(default_factory=lambda: str(_free_port()))

    def run(self, command: Command) -> Finished:
        """Run a command as the page has it; a server ends when it has said what is shown."""
        text = command.text.replace(PORT, self.port)
        words = command.words
        if words[0] == "cd":
            self.bonito = replace(self.bonito, folder=self.bonito.folder / words[1])
            return Finished(0, "", "")
        if "serve" in words:
            return self._serve(text, lines=max(1, len(command.shown.splitlines())))
        installed = (self.bonito.folder / "src").exists()
        if Path(words[0]).name == "bonito" and "$" not in text and not installed:
            return self.bonito.run(*words[1:], **(self._typed() if words[1:] == ["check"] else {}))
        return self.bonito.program("sh", "-c", text)

    def file(self, name: str) -> Path:
        """A file of the folder the reader is in."""
        return self.bonito.folder / name

    def agrees(self, shown: str, done: Finished) -> bool:
        """Whether the page shows what was printed."""
        wanted = shown.replace(PORT, self.port)
        return agrees(wanted, done.stdout) or agrees(wanted, done.stdout + done.stderr)

    def _typed(self) -> dict[str, str]:
        """What a person would type where the command asks for it."""
        fields = yaml.safe_load((self.bonito.folder / "credentials.yaml").read_text())
        return {f"BONITO_CREDENTIAL_{name.upper()}": value for name, value in fields.items()}

    def _serve(self, text: str, *, lines: int) -> Finished:
        asked = text if "--port" in text else f"{text} --port {self.port}"
        with (self.bonito.folder / "serve.log").open("w+") as log:
            server = subprocess.Popen(
                ["sh", "-c", f"exec env {asked}"],
                env=self.bonito.environment(),
                cwd=self.bonito.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            assert server.stdout is not None
            hanging = threading.Timer(PATIENCE, server.kill)
            hanging.start()
            printed = [server.stdout.readline() for _ in range(lines)]
            hanging.cancel()
            # Another block of the page may serve at the same port.
            server.terminate()
            server.communicate(timeout=PATIENCE)
            log.seek(0)
            return Finished(0 if printed[-1] else 1, "".join(printed), log.read())


@contextmanager
def world(folder: Path, forks: Forks) -> Iterator[World]:
    """Start fresh clouds; the account in Azure deploys at once."""
    contoso = azure.build_cloud()
    account = contoso.account("contoso")
    account.creation = Creation(propagation=Creation().wiring)
    account.deployments.append(Deployment(name="my-deployment", model="gpt-4o"))
    write_files(folder)
    with Emulation(contoso, aws.build_cloud(), gcp.build_cloud()) as emulation:
        variables = {
            **emulation.environment(),
            "BONITO_STORE": str(folder / "store" / "bonito.db"),
            "PATH": f"{_TOOLS}:/usr/local/bin:/usr/bin:/bin",
            # What `pip install -e .` does for a package that a page has made.
            "PYTHONPATH": "src",
        }
        yield World(ForkedBonito(folder, variables, forks=forks))
        assert emulation.log.violations == []


def write_files(folder: Path) -> None:
    """Write what the pages take for granted."""
    first = azure.scenario.connections[0]
    fields = {"azure_mode": "foundry", **first.fields, **first.management}
    (folder / "credentials.yaml").write_text(yaml.safe_dump(fields))
    (folder / "azure.json").write_text(json.dumps(fields))
    (folder / "aws.json").write_text(json.dumps(dict(aws.scenario.connections[0].fields)))
    (folder / "gcp.json").write_text(json.dumps(dict(gcp.scenario.connections[0].fields)))
    incompatible = folder / "incompatible" / "bonito_acme-3.1.dist-info"
    incompatible.mkdir(parents=True)
    (incompatible / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: bonito-acme\nVersion: 3.1\n"
        "Requires-Dist: bonito-providers>=2,<3\n"
    )
    (incompatible / "entry_points.txt").write_text(
        "[bonito_providers]\nacme = bonito_acme.plugin\n"
    )
    (folder / "password").write_text("correct horse battery staple")


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port
