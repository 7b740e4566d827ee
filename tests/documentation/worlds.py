"""Where the commands of a page run: a folder with the files it speaks of, and emulated clouds."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from bonito_emulators import Emulation
from bonito_emulators.aws import scenario as aws
from bonito_emulators.azure import Creation, Deployment
from bonito_emulators.azure import scenario as azure
from bonito_emulators.gcp import scenario as gcp
from bonito_openai_compatible.conformance import scenario as openai_compatible
from host.tests.forks import ForkedBonito, Forks
from host.tests.running import Finished
from tests.documentation.console import Command, agrees
from tests.documentation.installing import (
    SYSTEM,
    OwnEnvironment,
    Wheels,
    copy_checkout,
    outside,
)
from tests.documentation.serving import Serving, serving
from tests.documentation.stand_ins import StandIns

HOUR = 3_600
"""Seconds after which a hanging command is a failure: a whole suite takes minutes."""
_TOOLS = Path(sys.executable).parent
_ASKING = {"chat", "check"}
_CONTOSO = azure.scenario.connections[0]
_TYPED: Mapping[str, Mapping[str, str]] = {
    "azure": {"azure_mode": "foundry", **_CONTOSO.fields, **_CONTOSO.management},
    "openai_compatible": openai_compatible.scenario.connections[0].fields,
}
"""What a reader types where a command asks for it, by the cloud."""


@dataclass
class World:
    """A reader's machine while they follow one page.

    Attributes:
        bonito: The command, the folder the reader is in, and the variables of their shell.
        stand_ins: What answers in place of their other machines.
        own: Where they install what the page tells them to.
    """

    bonito: ForkedBonito
    stand_ins: StandIns
    own: OwnEnvironment

    def run(self, command: Command) -> Finished:
        """Run a command as the page has it; a server ends when it has said what is shown."""
        text = self.stand_ins.lead(command.text)
        words = shlex.split(text, comments=True)
        match Path(words[0]).name:
            case "cd":
                self.bonito = replace(self.bonito, folder=self.bonito.folder / words[1])
            case "export" | "unset" as change:
                self._change(change, words[1:])
            case "pip":
                return self._install(text, constrained=words[0] == "pip")
            case "make":
                copy_checkout(self.bonito.folder)
                return self._shell(text, outside())
            case _ if "serve" in words:
                with self.serving(text, lines=max(1, len(command.shown.splitlines()))) as host:
                    return Finished(0, host.printed, "")
            case "bonito" if self._can_fork(text):
                return self.bonito.run(*words[1:], **_typed(words))
            case _:
                return self._shell(text, self._environment(**_typed(words)))
        return Finished(0, "", "")

    @contextmanager
    def shell(self) -> Iterator[None]:
        """Forget at the end which variables were set meanwhile."""
        variables = self.bonito.variables
        yield
        self.bonito = replace(self.bonito, variables=variables)

    @contextmanager
    def meanwhile(self, text: str | None) -> Iterator[None]:
        """Serve as a command says, if there is one, to a caller with a key."""
        if text is None:
            yield
            return
        with self.serving(text, lines=2) as host:
            self._change("export", [f"BONITO_CALLER_KEY={host.callers_key()}"])
            yield

    @contextmanager
    def serving(self, text: str, *, lines: int) -> Iterator[Serving]:
        """Serve at a free port while the block lasts."""
        with serving(
            text,
            port=self.stand_ins.lead("8640"),
            lines=lines,
            folder=self.bonito.folder,
            environment=self._environment(),
        ) as host:
            yield host

    def file(self, name: str) -> Path:
        """A file of the folder the reader is in."""
        return self.bonito.folder / name

    def agrees(self, shown: str, done: Finished) -> bool:
        """Whether the page shows what was printed."""
        wanted = self.stand_ins.lead(shown)
        return agrees(wanted, done.stdout) or agrees(wanted, done.stdout + done.stderr)

    def _change(self, change: str, words: list[str]) -> None:
        """Set variables, or take them away, until the block ends."""
        variables = dict(self.bonito.variables)
        for name, _, value in (word.partition("=") for word in words):
            variables.pop(name, None)
            if change == "export":
                variables[name] = value
        self.bonito = replace(self.bonito, variables=variables)

    def _install(self, text: str, *, constrained: bool) -> Finished:
        """Install into the reader's environment, which is the one they work in from then on.

        An environment that the page itself makes takes whatever the index has.
        """
        variables = self.own.variables(self.bonito.folder / "dist")
        return self._shell(text, variables if constrained else outside())

    def _environment(self, **typed: str) -> dict[str, str]:
        """What a command sees; what was installed stands in place of this checkout."""
        own = {"PATH": self.own.path, "PYTHONPATH": ""} if self.own.exists else {}
        return self.bonito.environment(**own, **typed)

    def _can_fork(self, text: str) -> bool:
        """Whether it is this checkout's command that is meant, and no shell is needed for it."""
        places = (self.bonito.folder / "src", self.bonito.folder / ".venv", self.own.folder)
        return "$" not in text and not any(place.exists() for place in places)

    def _shell(self, text: str, environment: Mapping[str, str]) -> Finished:
        done = subprocess.run(
            ["sh", "-c", text],
            env=environment,
            cwd=self.bonito.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=HOUR,
        )
        return Finished(done.returncode, done.stdout, done.stderr)


def _typed(words: list[str]) -> dict[str, str]:
    """What a person would type where the command asks for it."""
    asks = Path(words[0]).name == "bonito" and words[1] in _ASKING
    if not asks or "--credentials" in words:
        return {}
    cloud = words[words.index("--cloud") + 1] if "--cloud" in words else "azure"
    fields = _TYPED[cloud].items()
    return {f"BONITO_CREDENTIAL_{name.upper()}": value for name, value in fields}


@contextmanager
def world(folder: Path, forks: Forks, wheels: Wheels) -> Iterator[World]:
    """Start fresh clouds; the account in Azure deploys at once."""
    contoso = azure.build_cloud()
    account = contoso.account("contoso")
    account.creation = Creation(propagation=Creation().wiring)
    account.deployments.append(Deployment(name="my-deployment", model="gpt-4o"))
    home = folder / "home"
    write_files(home)
    clouds = (contoso, aws.build_cloud(), gcp.build_cloud(), openai_compatible.scenario.build())
    with Emulation(*clouds) as emulation, ExitStack() as stack:
        variables = {
            **emulation.environment(),
            "HOME": str(home),
            "PATH": f"{_TOOLS}:{SYSTEM}",
            # What `pip install -e .` does for a package that a page has made.
            "PYTHONPATH": "src",
        }
        yield World(
            ForkedBonito(home, variables, forks=forks),
            StandIns(stack),
            OwnEnvironment(folder / "own", wheels),
        )
        assert emulation.log.violations == []


def write_files(folder: Path) -> None:
    """Write what the pages take for granted."""
    folder.mkdir()
    (folder / "credentials.yaml").write_text(yaml.safe_dump(dict(_TYPED["azure"])))
    (folder / "azure.json").write_text(json.dumps(_TYPED["azure"]))
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
