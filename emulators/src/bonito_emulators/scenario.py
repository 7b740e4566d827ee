"""What a demonstration needs to know about an emulated cloud, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bonito_emulators.clouds import Cloud

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bonito_emulators.faults import Fault, Faults


class SteerableCloud(Cloud, Protocol):
    """A cloud that faults can be ordered from."""

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        ...


@dataclass(frozen=True, kw_only=True)
class DemoConnection:
    """One connection that a demonstration makes, with what a person would type.

    Attributes:
        cloud: the cloud a host groups providers by.
        choice: selector fields; empty for the recommended provider.
        fields: credentials that work, in the form people paste them.
        wrong_fields: the same with a credential that is refused.
        adopt: the name of a deployment that stands in the account.
        prompt: what to ask it.
        management: further fields, with which the connection may also manage; empty for none.
        deploy: names of models to deploy, with these or with `fields` where there are none.
        throttling: what becomes of calls of its models while it is throttled; all else answers.
    """

    cloud: str
    choice: Mapping[str, str]
    fields: Mapping[str, str]
    wrong_fields: Mapping[str, str]
    adopt: str
    prompt: str
    management: Mapping[str, str] = field(default_factory=dict)
    deploy: tuple[str, ...] = ()
    throttling: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A story for `bonito demo`: the cloud to emulate and the connections to make to it.

    Found by the entry-point group `bonito_emulators`, so that a host needs no cloud's name.

    Attributes:
        name: the entry point's name.
        title: what it shows.
        connections: what to connect to.
        build: makes the cloud.
    """

    name: str
    title: str
    connections: tuple[DemoConnection, ...]
    build: Callable[[], SteerableCloud]

    def start_cloud(self) -> SteerableCloud:
        """Makes a fresh cloud, in the state the story begins with."""
        return self.build()

    def throttle(self, cloud: SteerableCloud, connection: DemoConnection) -> None:
        """Makes the cloud refuse the connection's calls of models, in the service's own words."""
        for fault in connection.throttling:
            cloud.faults.add(fault)

    def recover(self, cloud: SteerableCloud) -> None:
        """Lets the cloud answer again."""
        cloud.faults.clear()
