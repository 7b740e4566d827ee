"""The bench a check works at: the plugin, its cloud, the wire, and time that is not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.clock import VirtualClock
from bonito_contract_tests.plugins import provider_of
from bonito_contract_tests.untouched import Findings
from bonito_contract_tests.violation import HarnessError
from bonito_providers import Capability, Connection, NetworkSettings, Provider

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Access, Harness
    from bonito_contract_tests.stage import Stage
    from bonito_emulators import Faults, RecordedRequest, RequestLog


class Bench:
    """What one check has to itself: a fresh cloud, and new connections to it.

    Attributes:
        harness: The author's.
        clock: What connections tell the time by; sleeping costs no time.
        stage: Where the cloud is.
        thorough: How many times more examples than an author's run takes.
        seed: What the examples are drawn by; None where they are the same in every run.
        tolerated: Hosts that are not the cloud's and that this check lets the plugin ask for.
        patience: Ends a check that is stuck; None where it is no coroutine.
        findings: What is known of the untouched cloud, also from checks before this one.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        thorough: int = 1,
        seed: int | None = None,
        findings: Findings | None = None,
    ) -> None:
        stage.renew()
        self.stage = stage
        self.harness: Harness[Any] = stage.harness
        self.clock = VirtualClock()
        self.thorough = thorough
        self.seed = seed if thorough > 1 else None
        self.tolerated: set[str] = set()
        self.patience: asyncio.Timeout | None = None
        self._lasting = self.findings = findings or Findings()
        self._opened = 0

    @cached_property
    def provider(self) -> Provider:
        """The plugin behind its typed face.

        Made at first use, so that a check of the plugin's form sees one that has none.

        Raises:
            PluginError: The plugin does not keep the contract's form.
        """
        return provider_of(self.harness)

    @property
    def cloud(self) -> Any:  # noqa: ANN401 - the author's own class
        """The author's cloud."""
        return self.stage.cloud

    @property
    def log(self) -> RequestLog:
        """What the cloud saw."""
        return self.stage.log

    @property
    def faults(self) -> Faults:
        """What shall go wrong, in front of the author's cloud."""
        return self.stage.faults

    @property
    def wire(self) -> list[RecordedRequest]:
        """The requests that reached the cloud, in order."""
        return self.log.requests

    def renew(self) -> None:
        """Begin again with a fresh cloud, for a check that tries several things."""
        self.stage.renew()
        self.clock = VirtualClock()
        self.findings = self._lasting

    def forget(self) -> None:
        """Know nothing of the cloud any more, until there is a fresh one."""
        self.findings = Findings()

    @asynccontextmanager
    async def unhurried(self) -> AsyncIterator[None]:
        """Let no time count against the check meanwhile: what takes it is not the plugin's."""
        end = self.patience.when() if self.patience else None
        if self.patience is None or end is None:
            yield
            return
        loop = asyncio.get_running_loop()
        left = end - loop.time()
        self.patience.reschedule(None)
        try:
            yield
        finally:
            self.patience.reschedule(loop.time() + left)

    def network(self) -> NetworkSettings:
        """Return the way to the emulated cloud and nowhere else."""

        async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
            return [self.stage.emulation.resolve(host, port)]

        return NetworkSettings(
            tls=self.stage.tls,
            resolver=resolver,
            trusted_networks=("127.0.0.0/8",),
            clock=self.clock,
        )

    # A user types values of any type.
    def connect(self, access: Access | None = None, **changed: Any) -> Connection:  # noqa: ANN401
        """Open a connection, by default with the access that can do the most.

        Args:
            access: Which credentials.
            changed: Fields to replace; None leaves one out.
        """
        fields = {**(access or self.widest).fields, **changed}
        given = {name: value for name, value in fields.items() if value is not None}
        self._opened += 1
        return self.provider.connect(given, id=f"bench-{self._opened}", network=self.network())

    @property
    def widest(self) -> Access:
        """The access that can do the most."""
        return self.harness.accesses[-1]

    @property
    def narrowest(self) -> Access:
        """The access that can do the least."""
        return self.harness.accesses[0]

    @property
    def outermost(self) -> list[Access]:
        """The narrowest and the widest access; all of them where the bench is thorough."""
        first, *others = self.harness.accesses
        return [first, *(others if self.thorough > 1 else others[-1:])]

    def access(self, name: str | None) -> Access | None:
        """Return the access of that name.

        Raises:
            HarnessError: The harness has none of that name.
        """
        found = [each for each in self.harness.accesses if each.name == name]
        if name is not None and not found:
            raise HarnessError(f"the harness names an access {name!r} that it does not have")
        return found[0] if found else None

    def capabilities(self, access: Access) -> frozenset[Capability]:
        """Return what the plugin says that access can do."""
        return self.provider.read_credentials(access.fields).capabilities().available

    def offered(self) -> frozenset[Capability]:
        """Return what any access can do; deploying only where the plugin implements it."""
        every = frozenset().union(*map(self.capabilities, self.harness.accesses))
        without = frozenset({Capability.DEPLOY, Capability.ADOPT})
        return every if self.provider.deploys else every - without

    def put_outside(self, name: str, model: str) -> bool:
        """Let somebody else deploy; False where nobody can.

        Raises:
            HarnessError: The provider deploys, so that others can.
        """
        self.forget()
        return self._done("put_outside", self.harness.put_outside(self.cloud, name, model))

    def remove_outside(self, name: str) -> bool:
        """Let somebody else delete a deployment; False where nobody can.

        Raises:
            HarnessError: The provider deploys, so that others can.
        """
        self.forget()
        return self._done("remove_outside", self.harness.remove_outside(self.cloud, name))

    def _done(self, what: str, said: bool | None) -> bool:  # noqa: FBT001 - an answer
        if said is False and Capability.DEPLOY in self.offered():
            raise HarnessError(f"`{what}` says that nobody can, and the provider does: do it there")
        return said is not False

    def accesses_for(self, capability: Capability) -> list[Access]:
        """Return the accesses that can do it, the narrowest first."""
        return [each for each in self.harness.accesses if capability in self.capabilities(each)]
