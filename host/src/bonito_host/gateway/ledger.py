"""What was called, by whom, for how much: counted at once, stored a batch at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import DataError, IntegrityError

from bonito_host.gateway.answers import Answer, Usage, cost_of
from bonito_host.gateway.metrics import Metrics
from bonito_host.gateway.refusals import GONE, refusal_of
from bonito_host.gateway.request_refused import cleaned
from bonito_host.store.calls import Call, StoredCalls
from bonito_providers.gateway import RoutableDeployment

_log = logging.getLogger(__name__)
_PAUSE = 1.0
"""Seconds between two batches: what a killed process has not written yet is lost."""
_WAITING = 100_000
"""How many calls may wait for a store that cannot be written; more push out the oldest."""
_OF_THE_CALL = (ValueError, TypeError, OverflowError, DataError, IntegrityError)
"""What a store raises for what a call holds, and would raise for ever; other errors may pass."""


@dataclass(kw_only=True)
class Metered:
    """A call under way; what is learnt of it is noted here.

    Attributes:
        caller: Whose key, by its id.
        model: The name the caller used.
        kind: ``chat`` or ``embedding``.
        streamed: Whether it is answered as it comes.
        routes: Where the name leads.
        route: Which route answered, or failed last.
        usage: What was counted.
        status: What the caller is answered.
        failure: The class of the error, or None.
    """

    caller: str
    model: str
    kind: str
    streamed: bool
    routes: dict[str, RoutableDeployment] = field(default_factory=dict)
    route: RoutableDeployment | None = None
    usage: Usage = field(default_factory=Usage)
    status: int = 200
    failure: str | None = None
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    started: float = field(default_factory=time.perf_counter)

    def take(self, answer: Answer) -> Answer:
        """Note what an answer, or a piece of one, tells, and return it."""
        if answer.route is not None:
            self.route = self.routes.get(answer.route, self.route)
        counted = answer.usage
        self.usage = Usage(
            input_tokens=counted.input_tokens or self.usage.input_tokens,
            output_tokens=counted.output_tokens or self.usage.output_tokens,
        )
        return answer

    def failed(self, route: str | None) -> None:
        """Note which route failed, as far as that is known."""
        self.route = self.routes.get(route or "", self.route)

    def finished(self) -> Call:
        """Return the call as it is kept."""
        route = self.route
        if route is None and len(self.routes) == 1:
            # Nothing came back that names it, but there was no other.
            (route,) = self.routes.values()
        return Call(
            at=self.at,
            caller=self.caller,
            model=self.model,
            connection=route.connection if route else None,
            deployment=route.deployment if route else None,
            kind=self.kind,
            streamed=self.streamed,
            status=self.status,
            failure=self.failure,
            seconds=time.perf_counter() - self.started,
            input_tokens=self.usage.input_tokens,
            output_tokens=self.usage.output_tokens,
            cost=cost_of(route, self.usage),
        )


class Ledger:
    """Keeps account of calls.

    Args:
        stored: Where they are kept.
        metrics: What counts them.
    """

    def __init__(self, stored: StoredCalls, metrics: Metrics) -> None:
        self._stored = stored
        self._metrics = metrics
        self._waiting: deque[Call] = deque(maxlen=_WAITING)

    @contextmanager
    def metered(self, *, caller: str, model: str, kind: str, streamed: bool) -> Iterator[Metered]:
        """Meter a call for the length of a block, however the block ends."""
        # The name is whatever a caller wrote: refused ones are recorded too.
        call = Metered(caller=caller, model=cleaned(model), kind=kind, streamed=streamed)
        self._metrics.begin()
        try:
            yield call
        except Exception as error:
            call.status, call.failure = refusal_of(error).status, type(error).__name__
            raise
        except BaseException:
            # Cancelled, or a stream closed half read: whoever asked has left.
            call.status, call.failure = GONE, "CallerGone"
            raise
        finally:
            self._note(call.finished())

    async def recent(self, limit: int = 100) -> list[Call]:
        """Return the last calls, the newest first."""
        await self.flush()
        return await asyncio.to_thread(self._stored.recent, limit)

    async def run(self) -> None:
        """Write batches until cancelled."""
        while True:
            await asyncio.sleep(_PAUSE)
            await self.flush()

    async def flush(self) -> None:
        """Write what waits; what cannot be written yet goes on waiting."""
        batch = list(self._waiting)
        if not batch:
            return
        self._waiting.clear()
        left = await asyncio.to_thread(self._write, batch)
        self._waiting.extendleft(reversed(left))

    def _write(self, batch: list[Call]) -> list[Call]:
        """Write a batch and return what must wait."""
        try:
            self._stored.add(batch)
        except _OF_THE_CALL as error:
            if len(batch) == 1:
                _log.warning("a call cannot be recorded and is dropped: %s", type(error).__name__)
                return []
        except Exception as error:  # noqa: BLE001 - a full disk must not stop the gateway
            _log.warning("%d calls cannot be recorded yet: %s", len(batch), type(error).__name__)
            return batch
        else:
            return []
        # One of them is at fault, and must not keep the others.
        return [left for call in batch for left in self._write([call])]

    def _note(self, call: Call) -> None:
        self._waiting.append(call)
        self._metrics.end(call)
        _log.info(
            "call",
            extra={
                "caller": call.caller,
                "model": call.model,
                "connection": call.connection,
                "deployment": call.deployment,
                "status": call.status,
                "failure": call.failure,
                "seconds": round(call.seconds, 4),
                "input_tokens": call.input_tokens,
                "output_tokens": call.output_tokens,
                "cost": call.cost,
            },
        )
