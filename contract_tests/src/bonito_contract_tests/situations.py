"""What an author works out by hand: plans, and what the hooks tell in situations of the cloud."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, final

if TYPE_CHECKING:
    from bonito_contract_tests.clock import VirtualClock
    from bonito_emulators import Faults, RecordedRequest
    from bonito_providers import ActionKind, Connection, DeploymentRequest, Provider
    from bonito_providers.errors import ProviderError


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a question has at hand.

    Attributes:
        provider: The plugin behind its typed face.
        connection: To the cloud, with the situation's credentials.
        cloud: The author's own, as the questions before have left it.
        faults: What shall go wrong in front of the cloud.
        wire: The requests since the question began; it grows while the plugin asks.
        clock: What the connection tells the time by; sleeping costs no time.
    """

    provider: Provider
    connection: Connection
    cloud: Any
    faults: Faults
    wire: Callable[[], Sequence[RecordedRequest]]
    clock: VirtualClock


@final
class Nothing:
    """What an answer does not have, which is neither null nor any word."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = Nothing()
"""Stands in `Told.tells` where nothing may stand in the answer."""

Ask = Callable[[Scene], Awaitable[Any]]
"""Asks the plugin something and returns its answer, or the part of it that matters."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A question to the plugin, and what it must come to: some of what follows the asking.

    Attributes:
        name: The question, in a few words.
        ask: Asks it.
        tells: What the answer must have, written as JSON, by the path to it: ``actions.0.kind``;
            `NOTHING` where it must have nothing, although it has what the path leads through.
        says: What the answer, or the refusal and its hint, must have in its texts, word for word.
        unsaid: What they must not have in it.
        refused: The class of the error, where the plugin must refuse.
        sends: Method and path of the requests that reach the cloud meanwhile, in order; None is
            not compared.
    """

    name: str
    ask: Ask
    tells: Mapping[str, Any] = field(default_factory=dict)
    says: Collection[str] = ()
    unsaid: Collection[str] = ()
    refused: type[ProviderError] | None = None
    sends: Sequence[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A state of the cloud, and what is asked in it, one question after the other.

    Attributes:
        name: The state, in a few words.
        told: The questions.
        prepare: Brings the fresh cloud into the state.
        access: The name of the access to use; None is the one that can do the most.
        fields: What is typed beside or instead of its fields; None leaves one out.
    """

    name: str
    told: Sequence[Told]
    prepare: Callable[[Any], None] | None = None
    access: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan worked out by hand from what the cloud holds and the service documents.

    Attributes:
        name: The situation, in a few words.
        request: What is asked for.
        prepare: Brings the cloud into the situation, whatever plans before it have left there;
            None is the fresh cloud.
        called: The deployment's name in the plan; None is not compared, here and below.
        version: Of the model.
        sku: How it deploys.
        capacity: In the SKU's unit.
        region: Where it will stand, as the service calls the place.
        quota: Limit, what is in use, and what is requested.
        actions: The kinds of all actions it must name.
        changes: Whether it changes what stands.
        says: What its warnings, changes, instructions and costs must have in them; of a refusal,
            its text.
        unsaid: What they must not have in them.
        refused: The class of the error, where there can be no plan.
        meanwhile: What happens in the cloud between plan and deploy, after which nothing may be
            written any more.
        met: The kinds of all actions that deploying comes back with, where only trying tells them.
    """

    name: str
    request: DeploymentRequest
    prepare: Callable[[Any], None] | None = None
    called: str | None = None
    version: str | None = None
    sku: str | None = None
    capacity: int | None = None
    region: str | None = None
    quota: tuple[int | None, int | None, int | None] | None = None
    actions: Collection[ActionKind] = ()
    changes: bool = False
    says: Collection[str] = ()
    unsaid: Collection[str] = ()
    refused: type[ProviderError] | None = None
    meanwhile: Callable[[Any], None] | None = None
    met: Collection[ActionKind] = ()
