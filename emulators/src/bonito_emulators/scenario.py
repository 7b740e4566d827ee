"""What a demonstration needs to know about an emulated cloud, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bonito_emulators.clouds import Cloud


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
        deploy: names of models to deploy with these.
    """

    cloud: str
    choice: Mapping[str, str]
    fields: Mapping[str, str]
    wrong_fields: Mapping[str, str]
    adopt: str
    prompt: str
    management: Mapping[str, str] = field(default_factory=dict)
    deploy: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A story for `bonito demo`: the cloud to emulate and the connections to make to it.

    Found by the entry-point group `bonito_emulators`, so that a host needs no cloud's name.
    """

    name: str
    title: str
    connections: tuple[DemoConnection, ...]
    build: Callable[[], Cloud]

    def start_cloud(self) -> Cloud:
        """Makes a fresh cloud, in the state the story begins with."""
        return self.build()
