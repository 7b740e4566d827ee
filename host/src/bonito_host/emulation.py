"""Emulated clouds, found by entry point: this host knows none of them by name.

The protocols say what is used of the package behind the entry points; nothing is imported from it
before somebody asks for a demonstration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import TracebackType
from typing import Any, Protocol, Self

import click

from bonito_providers.installed import owner_of

GROUP = "bonito_emulators"
"""The entry-point group of scenarios, and the package that serves them."""
SERVER = "bonito-emulators"
"""The distribution of that package."""


class DemoConnection(Protocol):
    """One connection of a scenario, with what a person would type."""

    @property
    def cloud(self) -> str:
        """The cloud, as providers name it."""

    @property
    def choice(self) -> Mapping[str, str]:
        """Selector fields; empty for the recommended provider."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Credentials that work."""

    @property
    def wrong_fields(self) -> Mapping[str, str]:
        """Credentials that are refused."""

    @property
    def adopt(self) -> str:
        """A deployment that stands in the account."""

    @property
    def prompt(self) -> str:
        """What to ask it."""

    @property
    def management(self) -> Mapping[str, str]:
        """Further credentials, with which it may also deploy; empty for none."""

    @property
    def deploy(self) -> Sequence[str]:
        """Models to deploy, with these or with `fields` where there are none."""


class Scenario(Protocol):
    """An emulated cloud and the connections to make to it."""

    @property
    def title(self) -> str:
        """What it shows, in a few words."""

    @property
    def connections(self) -> Sequence[DemoConnection]:
        """What a demonstration connects to."""

    def start_cloud(self) -> object:
        """Make a fresh cloud."""

    # The cloud and the connection are the scenario's own, handed back as they came.
    def throttle(self, cloud: Any, connection: Any) -> None:  # noqa: ANN401 - found by entry point, whose class it is
        """Make the cloud refuse the connection's calls of models, as too many."""

    def recover(self, cloud: Any) -> None:  # noqa: ANN401 - found by entry point, whose class it is
        """Let the cloud answer again."""


class RecordedRequest(Protocol):
    """One request that reached the emulation."""

    @property
    def host(self) -> str:
        """The name it was sent to."""

    @property
    def method(self) -> str:
        """As sent."""

    @property
    def path(self) -> str:
        """As sent, without the query."""

    @property
    def query(self) -> str:
        """As sent, without the question mark."""

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """Names in lower case, and values."""

    @property
    def status(self) -> int | None:
        """How it was answered; None for a connection that was broken."""

    @property
    def user_agent(self) -> str:
        """What the client calls itself."""


class RequestLog(Protocol):
    """What reached the emulation, and what was wrong with it."""

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """In the order of arrival."""

    @property
    def violations(self) -> list[str]:
        """What no real service knows, a sentence each."""

    @property
    def refused_names(self) -> list[str]:
        """Names that were asked for and are not emulated."""


class Emulation(Protocol):
    """Emulated clouds under their real names, on this machine."""

    @property
    def log(self) -> RequestLog:
        """What reached it so far."""

    def environment(self) -> dict[str, str]:
        """Return what leads a child process to the emulation, and nowhere else."""

    def in_process(self) -> AbstractContextManager[None]:
        """Lead this process to the emulation."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@dataclass(frozen=True)
class Stage:
    """An emulation of every installed scenario, not started yet."""

    scenarios: tuple[Scenario, ...]
    clouds: tuple[object, ...]
    emulation: Emulation

    @property
    def connections(self) -> tuple[DemoConnection, ...]:
        """The connections of all scenarios."""
        return tuple(each for scenario in self.scenarios for each in scenario.connections)

    def throttle(self, connection: DemoConnection) -> None:
        """Make a connection's cloud refuse its calls of models, as too many."""
        for scenario, cloud in zip(self.scenarios, self.clouds, strict=True):
            if connection in scenario.connections:
                scenario.throttle(cloud, connection)

    def recover(self, connection: DemoConnection) -> None:
        """Let the connection's cloud answer again."""
        for scenario, cloud in zip(self.scenarios, self.clouds, strict=True):
            if connection in scenario.connections:
                scenario.recover(cloud)


def prepare() -> Stage:
    """Load the installed scenarios and set the stage.

    Raises:
        click.UsageError: None is installed.
    """
    points = sorted(set(entry_points(group=GROUP)), key=lambda point: point.name)
    if not points:
        raise click.UsageError("No emulated cloud is installed. Try: pip install bonito-emulators")
    try:
        scenarios: tuple[Scenario, ...] = tuple(point.load() for point in points)
        clouds = tuple(scenario.start_cloud() for scenario in scenarios)
        emulation: Emulation = import_module(GROUP).Emulation(*clouds)
    except ModuleNotFoundError as error:
        raise click.UsageError(_lacking(points, error)) from None
    return Stage(scenarios, clouds, emulation)


def _lacking(points: Sequence[EntryPoint], error: ModuleNotFoundError) -> str:
    """Return what to install: scenarios travel with plugins, and what they need in an extra."""
    owners = [owner_of(point) for point in points]
    needed = (error.name or "a package").partition(".")[0]
    wanted = " ".join(f'"{each}[conformance]"' for each in dict.fromkeys(owners) if each != SERVER)
    return (
        f"The emulated clouds need {needed}, which is not installed. "
        f"Try: pip install {wanted or SERVER}"
    )
