"""What an author tells the suite: which plugin, its cloud, good and bad credentials, the truth.

A harness describes an emulated cloud in a known state. The suite compares what the plugin says
with what the harness knows, and with what the cloud saw on its sockets.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from bonito_emulators import Cloud
from bonito_providers import CONTRACT

if TYPE_CHECKING:
    from datetime import datetime

    from bonito_contract_tests.situations import Planned, Situation
    from bonito_providers import ActionKind, Capacity, DeploymentRequest
    from bonito_providers.errors import ProviderError

AnyCloud = TypeVar("AnyCloud", bound=Cloud)


class GapKind(StrEnum):
    """Why a provider does not pass a check."""

    UNSUPPORTED = "unsupported"
    """The cloud cannot do it."""
    NOT_IMPLEMENTED = "not-implemented"
    """The plugin does not do it yet."""
    BUG = "bug"
    """The plugin does it wrongly."""


@dataclass(frozen=True)
class Gap:
    """A check that a provider is known not to pass. One that passes after all is a failure."""

    kind: GapKind
    reason: str


@dataclass(frozen=True, kw_only=True)
class Access:
    """One level of credentials.

    Attributes:
        name: Short: ``key``, ``management``.
        fields: What a user types; the cloud accepts it.
        wrong: For each secret the cloud judges, a value of the right form that it refuses.
    """

    name: str
    fields: Mapping[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A deployment that the cloud holds.

    Attributes:
        model: The model's name at the service.
        owned: Whether the cloud marks it as made by this project; None where the cloud has no
            marks.
        ready: Whether it answers calls.
        kind: What it is for.
        sku: How it is deployed; None where the cloud has no SKUs.
        capacity: In the SKU's unit; None where there is none.
        listed: Whether a listing has to show it. What the service tells of to nobody but who calls
            it is adopted by its name.
    """

    model: str
    owned: bool | None = None
    ready: bool = True
    kind: str = "chat"
    sku: str | None = None
    capacity: int | None = None
    listed: bool = True


@dataclass(frozen=True, kw_only=True)
class ModelTruth:
    """What is true of a model the cloud lists; what is None is not compared.

    Attributes:
        kind: What it is for.
        publisher: Who made it.
        sold_by: ``first_party`` or ``partner``.
        terms_needed: Whether a person must accept terms before it can be deployed.
        context_window: Tokens.
        lifecycle: The service's own word, as the plane writes it that the access asks.
        retires_at: When it goes out of service.
        skus: The names of the ways in which it can be deployed.
        capacities: SKU to the bounds of its capacity.
        price_key: Where the price source finds it.
        shown: Which of these the service itself shows with that access, so that a listing has to
            tell them.
    """

    kind: str | None = None
    publisher: str | None = None
    sold_by: str | None = None
    terms_needed: bool | None = None
    context_window: int | None = None
    lifecycle: str | None = None
    retires_at: datetime | None = None
    skus: Collection[str] | None = None
    capacities: Mapping[str, Capacity] | None = None
    price_key: str | None = None
    shown: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """A request whose plan a person has to unblock first.

    Attributes:
        request: What is asked for.
        action: The kind of action the plan must name.
        unblocked: The same request with what the action asks for, where a request can carry it.
    """

    request: DeploymentRequest
    action: ActionKind
    unblocked: DeploymentRequest | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer of the service, from its documentation, and the error that stands for it.

    Attributes:
        name: What it is, in a few words.
        status: HTTP status.
        body: The body as the service writes it; a mapping is sent as JSON.
        raises: The class the plugin must raise.
        hooks: The hooks that may meet it; one of them is tried for each.
        code: The service's own code, where the plugin must pass it on.
        retry_after: Seconds, where the headers ask for a pause that the plugin must pass on.
        request_id: What support asks for, where the headers name it and the plugin must pass it on.
        headers: Further headers of the answer.
        path_prefix: Which requests are answered so; the path alone.
        host: The host that answers so; None is any.
        access: The name of the access to use; None is the one that can do the most.
    """

    name: str
    status: int
    body: Mapping[str, Any] | str | bytes
    raises: type[ProviderError]
    hooks: tuple[str, ...]
    code: str | None = None
    retry_after: float | None = None
    request_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    path_prefix: str = "/"
    host: str | None = None
    access: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """A value that people paste into a field.

    Attributes:
        field: The credential field.
        value: What is pasted.
        same_as: The value it must mean the same as; None where it must be refused.
        says: What the refusal must have in it.
    """

    field: str
    value: str
    same_as: str | None
    says: str = ""


Operation = Literal["chat", "stream", "tools", "embedding"]


@dataclass(frozen=True, kw_only=True)
class ExpectedRequest:
    """What LiteLLM must put on the wire, written from the service's documentation.

    What is asked is in `bonito_contract_tests.questions`, for the body to quote.

    Attributes:
        method: The HTTP method.
        host: The host.
        path: The path, encoded as sent.
        query: The whole query, as sent.
        headers: Header name to its value, or to a pattern of it where the value is a token of the
            cloud's; ``None`` says that it must be absent.
        body: Members the JSON body must have; ``None`` says that one must be absent.
    """

    host: str
    path: str
    method: str = "POST"
    query: str = ""
    headers: Mapping[str, str | re.Pattern[str] | None] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call through the gateway to something that stands in the fresh cloud.

    Attributes:
        deployment: Its name in the listing.
        operation: What is asked.
        expected: What arrives; None where the entry must say that it is not supported.
        access: The name of the access to use; None is the narrowest.
    """

    deployment: str
    operation: Operation
    expected: ExpectedRequest | None
    access: str | None = None


class Harness(ABC, Generic[AnyCloud]):
    """How the suite gets at one provider and its cloud. Make one subclass and fill it in.

    The methods from `models` on tell the truth about the cloud, which the suite compares with
    what the plugin says; those from `paginate` on steer it.

    Attributes:
        plugin: The plugin, or the name of the module that is one, as its entry point names it.
        accesses: The levels of credentials, the narrowest first.
        deployable: Requests that the widest access can deploy at once; at least two, for
            different models.
        names: Two names that a deployment may have and that are free in the fresh cloud.
        adoptable: Names of deployments in the fresh cloud that may be adopted.
        unknown_model: A request for a model that does not exist.
        blocked: Requests that need a person first.
        planned: Plans worked out by hand.
        situations: What else was worked out by hand.
        hourly: Names of the SKUs that are billed while they stand, used or not.
        refusals: The service's own refusals.
        pasted: What people paste.
        routes: Calls through the gateway.
        operations: What the service can be asked through the gateway; leave out what it has not,
            as streams or tools.
        gaps: Check id to the known gap.
        contract: The contract the plugin was written for; newer checks are a preview.
    """

    plugin: Any
    accesses: ClassVar[Sequence[Access]]
    deployable: ClassVar[Sequence[DeploymentRequest]] = ()
    names: ClassVar[Sequence[str]] = ("contract-one", "contract-two")
    adoptable: ClassVar[Sequence[str]] = ()
    unknown_model: ClassVar[DeploymentRequest | None] = None
    blocked: ClassVar[Sequence[Blocked]] = ()
    planned: ClassVar[Sequence[Planned]] = ()
    situations: ClassVar[Sequence[Situation]] = ()
    hourly: ClassVar[Sequence[str]] = ()
    refusals: ClassVar[Sequence[Refusal]] = ()
    pasted: ClassVar[Sequence[Pasted]] = ()
    routes: ClassVar[Sequence[Route]] = ()
    operations: ClassVar[Collection[str]] = ("chat", "stream", "tools", "embedding")
    gaps: ClassVar[Mapping[str, Gap]] = {}
    contract: ClassVar[tuple[int, int]] = CONTRACT

    @abstractmethod
    def cloud(self) -> AnyCloud:
        """Return a fresh cloud, always in the same state.

        Ids are the same as well: a reference that was found in one is used in the next.
        """

    @abstractmethod
    def models(self, cloud: AnyCloud, access: Access) -> Collection[str]:
        """Return the ids that a complete listing has with that access."""

    @abstractmethod
    def standing(self, cloud: AnyCloud) -> Mapping[str, Standing]:
        """Return the deployments the cloud holds, by name."""

    def skipped(self, cloud: AnyCloud, access: Access) -> Collection[str]:
        """Return the ids of what the cloud lists and a plugin must leave out, with a reason."""
        return ()

    def described(self, cloud: AnyCloud, access: Access) -> Mapping[str, ModelTruth]:
        """Return what is true of models, by the ids that `models` gives with that access."""
        return {}

    def creations(self, cloud: AnyCloud) -> Sequence[str]:
        """Return the name of every deployment made since the start, once for each time."""
        message = (
            "add `creations` to the harness: return the name of every deployment that was made "
            "in the cloud since the start, once for each time"
        )
        raise NotImplementedError(message)

    def paginate(self, cloud: AnyCloud, size: int) -> bool:
        """Let the cloud's lists come in pages of that many; False where it has no pages."""
        return False

    def fill_catalogue(self, cloud: AnyCloud, count: int) -> bool:
        """Let the cloud list that many more models; False where that cannot be."""
        return False

    def put_outside(self, cloud: AnyCloud, name: str, model: str) -> bool | None:
        """Deploy a model, by its name at the service, as somebody else would.

        False where nobody can, since what stands is the cloud's own; of a provider that deploys
        that cannot be true.
        """
        message = (
            "add `put_outside` to the harness: deploy a model in the cloud under a name, as "
            "somebody else would, or return False where nobody can"
        )
        raise NotImplementedError(message)

    def remove_outside(self, cloud: AnyCloud, name: str) -> bool | None:
        """Delete a deployment as somebody else would, at once; False where nobody can."""
        message = (
            "add `remove_outside` to the harness: take a deployment out of the cloud, as somebody "
            "else would, or return False where nobody can"
        )
        raise NotImplementedError(message)

    def slow_down(self, cloud: AnyCloud) -> bool:
        """Let new deployments take a few looks until they are ready; False where it cannot be."""
        return False

    def fail_builds(self, cloud: AnyCloud, reason: str) -> bool:
        """Let new deployments fail after they were accepted; False where it cannot be."""
        return False

    def be_busy(self, cloud: AnyCloud) -> bool:
        """Turn the next write away because another is under way; False where it cannot be."""
        return False

    def hide_deployments(self, cloud: AnyCloud) -> bool:
        """Let no listing of deployments answer but that of who deploys, as where there is none.

        False where there always is one.
        """
        return False

    def expire_tokens(self, cloud: AnyCloud) -> bool:
        """Refuse every token given out so far, as when its time is over.

        The connection's clock is moved on by a day as well. False where there are no tokens, or
        where an SDK tells the time by a clock of its own and would not notice.
        """
        return False

    def finish(self, cloud: AnyCloud) -> None:
        """Let everything under way end now."""
