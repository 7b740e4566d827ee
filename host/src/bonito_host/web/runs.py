"""Deployments and deletions that go on while nobody watches, and whoever watches them.

A run is a task of the host over a stored intent: leaving the page ends nothing, and what a restart
interrupted is taken up again at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from bonito_host.activation import carry_out
from bonito_host.removal import remove
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_host.store.store import Store
from bonito_providers.connections import Connections
from bonito_providers.deployment import Deployment, DeploymentRef, State
from bonito_providers.errors import BonitoError, Conflict
from bonito_providers.redaction import redact_live

_log = logging.getLogger(__name__)

Changed = Callable[[str], Awaitable[None]]
"""Told the id of a connection in whose account something has changed."""


@dataclass
class Run:
    """One deployment or deletion on its way.

    Attributes:
        connection: Whose.
        ref: What.
        deleting: Whether it is to go.
        plan: The id of the plan that is carried out.
        seen: The last state seen.
        error: What it ended with, in words.
        ended: Whether it is over.
        begun: When it was begun here, on the monotonic clock.
        task: What carries it out, once the intent is stored.
    """

    connection: str
    ref: DeploymentRef
    deleting: bool
    plan: str | None = None
    seen: Deployment | None = None
    error: BonitoError | None = None
    ended: bool = False
    begun: float = field(default_factory=monotonic)
    task: asyncio.Task[None] | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _version: int = 0

    @property
    def seconds(self) -> float:
        """How long it has been going on here."""
        return monotonic() - self.begun

    @property
    def asking(self) -> bool:
        """Whether a request to make it may be on its way: the first, or one that is sent again."""
        return self.seen is None or self.seen.state is State.QUEUED

    async def follow(self) -> AsyncGenerator[Run, None]:
        """Yield itself now and at every change, until it is over."""
        shown = -1
        while True:
            async with self._news:
                while self._version == shown:
                    await self._news.wait()
                shown = self._version
            yield self
            if self.ended:
                return

    async def tell(self) -> None:
        """Let those who follow know that something has changed."""
        async with self._news:
            self._version += 1
            self._news.notify_all()


class Runs:
    """Everything on its way in this process, by connection and deployment.

    Args:
        store: Where the intents are.
        connections: Where to call.
        changed: Told of each connection when a run of it is over.
    """

    def __init__(self, store: Store, connections: Connections, *, changed: Changed) -> None:
        self._store = store
        self._connections = connections
        self._changed = changed
        self._runs: dict[tuple[str, str], Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def find(self, connection: str, name: str) -> Run | None:
        """Return the last run for a deployment, over or not."""
        return self._runs.get((connection, name))

    async def deploy(self, stored: StoredPlan) -> Run:
        """Begin to carry out a plan; one that is going on already is not begun twice.

        Raises:
            Conflict: Something else is going on under the name; nothing was written.
        """
        run = Run(stored.connection, stored.plan.ref, deleting=False, plan=stored.id)
        going = self._going(run)
        if going is not None:
            if going.plan != stored.id:
                raise _occupied(going)
            return going

        async def work() -> Deployment:
            async with self._connections.use(stored.connection) as connection:
                return await carry_out(
                    self._store, connection, stored, progress=lambda seen: self._note(run, seen)
                )

        return await self._begin(run, work, lambda: self._store.plans.start(stored.id))

    async def delete(
        self,
        connection: str,
        ref: DeploymentRef,
        stored: StoredPlan | None,
        *,
        include_unowned: bool = False,
    ) -> Run:
        """Begin to delete a deployment, after ending what waits for it to be made.

        Raises:
            Conflict: The cloud was asked to make it and has not answered yet.
        """
        run = Run(connection, ref, deleting=True)
        while (going := self._going(run)) is not None:
            if going.deleting:
                return going
            if going.asking or going.task is None:
                # Whether there is anything to delete can be told only once it has answered.
                raise _occupied(going)
            await self._end(going)

        async def work() -> Deployment:
            async with self._connections.use(connection) as opened:
                return await remove(
                    self._store,
                    opened,
                    ref,
                    stored,
                    include_unowned=include_unowned,
                    progress=lambda seen: self._note(run, seen),
                )

        def intend() -> None:
            if stored is not None:
                self._store.plans.start(stored.id, PlanStatus.DELETING)

        return await self._begin(run, work, intend)

    async def resume(self) -> None:
        """Take up again what the end of an earlier process left open."""
        for record in await asyncio.to_thread(self._store.connections.all):
            for stored in await asyncio.to_thread(self._store.plans.unsettled, record.id):
                try:
                    if stored.status is PlanStatus.DELETING:
                        await self.delete(record.id, stored.plan.ref, stored)
                    else:
                        await self.deploy(stored)
                except Conflict as error:
                    _log.warning("plan %s waits for the next start: %s", stored.id, error.message)

    async def aclose(self) -> None:
        """Let go of everything; it goes on in the cloud and at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _going(self, run: Run) -> Run | None:
        found = self._runs.get((run.connection, run.ref.name))
        return None if found is None or found.ended else found

    async def _begin(
        self, run: Run, work: Callable[[], Awaitable[Deployment]], intend: Callable[[], object]
    ) -> Run:
        """Take the place, store the intent, and only then begin."""
        place = run.connection, run.ref.name
        before = self._runs.get(place)
        self._runs[place] = run
        try:
            await asyncio.to_thread(intend)
        except BaseException:
            run.ended = True
            self._runs.pop(place)
            if before is not None:
                self._runs[place] = before
            raise
        run.task = asyncio.create_task(self._carried(run, work))
        self._tasks.add(run.task)
        run.task.add_done_callback(self._tasks.discard)
        return run

    async def _end(self, run: Run) -> None:
        """Stop following what is being made; the cloud goes on with it."""
        if run.task is not None:
            run.task.cancel()
            await asyncio.wait([run.task])
        run.ended = True
        await run.tell()

    async def _carried(self, run: Run, work: Callable[[], Awaitable[Deployment]]) -> None:
        try:
            run.seen = await work()
        except BonitoError as error:
            run.error = error
        except Exception as error:  # noqa: BLE001 - nobody awaits the task: it ends here
            _log.error("a run ended with %s", redact_live(f"{type(error).__name__}: {error}"))
            run.error = BonitoError("This host failed.", hint="Its log says more.")
        # Whoever is told that it is over looks at what is there now, not at what was before.
        with contextlib.suppress(BonitoError):
            await self._changed(run.connection)
        run.ended = True
        await run.tell()

    def _note(self, run: Run, seen: Deployment) -> None:
        run.seen = seen
        task = asyncio.ensure_future(run.tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _occupied(run: Run) -> Conflict:
    doing = "deleted" if run.deleting else "deployed by another plan"
    if not run.deleting and run.asking:
        doing = "asked for"
    return Conflict(
        f"{run.ref.name} is being {doing} right now.",
        hint="Wait until that is over, then look at what stands.",
    )
