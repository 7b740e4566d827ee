"""One emulation for many checks: a cloud is taken off the stage and a fresh one put there."""

from __future__ import annotations

import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from bonito_contract_tests.litellm_process import LiteLLMProcess
from bonito_emulators import Emulation, Faults

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from starlette.types import Receive, Scope, Send

    from bonito_contract_tests.harness import Harness
    from bonito_emulators import Cloud, RequestLog


class FaultyCloud:
    """Stands in front of an author's cloud, so that faults need nothing of it.

    Attributes:
        behind: The author's cloud.
        faults: What shall go wrong.
    """

    def __init__(self, behind: Cloud) -> None:
        self.behind = behind
        self.faults = Faults()
        self.name = behind.name
        self.host_patterns = behind.host_patterns

    def knows(self, host: str) -> bool:
        """Tell whether the author's cloud has that host."""
        return self.behind.knows(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or do to it what a fault orders."""
        await self.faults.serve(self.behind, scope, receive, send)


class Stage:
    """A harness's cloud, served under its real host names while the context is open.

    Args:
        harness: The author's.
        litellm_python: An interpreter that has another LiteLLM than this one's.

    Attributes:
        harness: The same.
        changed: Variables of the environment that checks on this stage found changed and put back.
    """

    def __init__(self, harness: Harness[Any], *, litellm_python: Path | None = None) -> None:
        self.harness = harness
        self.changed: set[str] = set()
        self._litellm_python = litellm_python
        self._gateway: LiteLLMProcess | None = None
        self._front = FaultyCloud(harness.cloud())
        self._emulation = Emulation(self._front)

    @property
    def emulation(self) -> Emulation:
        """What serves the cloud."""
        return self._emulation

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The trust anchors by which the cloud is reached."""
        return self._emulation.client_context()

    @property
    def gateway(self) -> LiteLLMProcess:
        """The real LiteLLM, for which this cloud is all there is; `start` begins its import."""
        if self._gateway is None:
            environment = self._emulation.environment()
            self._gateway = LiteLLMProcess(environment, python=self._litellm_python)
        return self._gateway

    @property
    def log(self) -> RequestLog:
        """What was asked and answered since the last fresh cloud."""
        return self._emulation.log

    @property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return self._front.faults

    @property
    def cloud(self) -> Any:  # noqa: ANN401 - the author's own class
        """The author's cloud."""
        return self._front.behind

    def renew(self) -> None:
        """Put a fresh cloud on the stage and forget what was seen."""
        self._front.faults.clear()
        self._front.behind = self.harness.cloud()
        self._emulation.log.clear()

    def __enter__(self) -> Self:
        self._emulation.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._gateway is not None:
            self._gateway.close()
        self._emulation.__exit__(kind, error, trace)
