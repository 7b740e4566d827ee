"""What a deployment is doing, on stderr: its real state and the time since the command began."""

from __future__ import annotations

import sys
import threading
from time import monotonic
from types import TracebackType
from typing import Self

from bonito_host.output import Output, printable
from bonito_providers.deployment import Deployment

_TICK = 1.0


class Progress:
    """A line for every change; on a terminal, one line whose time goes on.

    Args:
        name: What is being waited for.
        output: Where lines go.
    """

    def __init__(self, name: str, output: Output) -> None:
        self._name = name
        self._output = output
        self._begun = monotonic()
        self._live = sys.stderr.isatty()
        self._words = ""
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        if self._live:
            self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._live:
            self._ticker.join()
            self._draw(end="\n" if self._words else "")

    def show(self, deployment: Deployment) -> None:
        """Tell what was seen of the deployment."""
        words = _words(deployment)
        if words == self._words:
            return
        self._words = words
        if self._live:
            self._draw()
        else:
            self._output.progress(self._line())

    def _tick(self) -> None:
        while not self._ended.wait(_TICK):
            self._draw()

    def _draw(self, end: str = "") -> None:
        if self._words:
            sys.stderr.write(f"\r\x1b[K{self._line()}{end}")
            sys.stderr.flush()

    def _line(self) -> str:
        return f"{monotonic() - self._begun:5.0f} s  {printable(self._name)}: {self._words}"


def _words(deployment: Deployment) -> str:
    asked = deployment.retry_after
    pause = "" if asked is None else f", asked again in {asked:g} s"
    error = "" if not deployment.error else f", {printable(deployment.error)}"
    return f"{deployment.state.value.replace('_', ' ')}{pause}{error}"
