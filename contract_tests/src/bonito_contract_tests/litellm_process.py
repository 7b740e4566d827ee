"""The real LiteLLM beside the suite: a child process, started once, that calls emulated clouds.

LiteLLM reads its trust, its proxy and much else from the environment when it is imported, and
takes seconds for it; a child has an environment of its own, and the import can be overlapped.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import site
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from bonito_contract_tests import litellm_calls
from bonito_contract_tests.processors import release
from bonito_contract_tests.questions import question
from bonito_contract_tests.violation import HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests.harness import Operation

_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT", "VIRTUAL_ENV")
"""Nothing else of this process's environment: LiteLLM would fill in for a missing credential."""
_IMPORT_SECONDS = 300.0
"""A child that dies is noticed at once; on a machine with much to do one that lives takes long."""
_CALL_SECONDS = litellm_calls.SECONDS + 10


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a call through the gateway brought.

    Attributes:
        text: What the model said.
        tools: The name and the arguments, as JSON text, of each tool it wants called.
        finish_reason: Why it stopped.
        pieces: How many pieces of text a stream had.
        dimensions: The length of each vector.
    """

    text: str = ""
    tools: tuple[tuple[str, str], ...] = ()
    finish_reason: str | None = None
    pieces: int = 0
    dimensions: tuple[int, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """Return the answer that the child wrote."""
        tools = tuple((name, arguments) for name, arguments in raw.get("tools", ()))
        return cls(**{**raw, "tools": tools, "dimensions": tuple(raw.get("dimensions", ()))})


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What LiteLLM raised instead of answering; the message may quote secrets.

    Attributes:
        kind: The name of the exception's class.
        status: The HTTP status LiteLLM gives it.
        message: Its text.
    """

    kind: str
    status: int | None
    message: str


class LiteLLMProcess:
    """One child with LiteLLM in it, started by the first call or by `start`.

    Args:
        environment: How to reach the emulated cloud, and it alone.
        python: An interpreter that has LiteLLM; by default this one.
    """

    def __init__(self, environment: Mapping[str, str], *, python: Path | None = None) -> None:
        self._environment = dict(environment)
        self._python = str(Path(python or sys.executable).absolute())
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._version: str | None = None

    def start(self) -> None:
        """Let LiteLLM's import begin; returns at once, and does nothing the second time."""
        with self._lock:
            self._start()

    @property
    def version(self) -> str:
        """The version of the LiteLLM that answers.

        Raises:
            HarnessError: It did not start.
        """
        with self._lock:
            return self._ready()

    def call(
        self,
        entry: Mapping[str, Any],
        operation: Operation,
        *,
        lent: Mapping[str, str] | None = None,
    ) -> Answer | Failure:
        """Route one call by a `model_list` item with its secrets in clear, and wait for it.

        Args:
            entry: The item.
            operation: What is asked.
            lent: Variables of the environment for the time of the call.

        Raises:
            HarnessError: LiteLLM could not be started, or its process came to an end.
        """
        request = {
            "entry": entry,
            "operation": operation,
            "question": question(operation),
            "lent": dict(lent or {}),
        }
        with self._lock:
            self._ready()
            said = self._exchange(json.dumps(request))
        if "error" in said:
            return Failure(**said["error"])
        return Answer.read(said["answer"])

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _start(self) -> None:
        if self._child is not None:
            return
        self._folder = tempfile.TemporaryDirectory(prefix="bonito-litellm-")
        self._complaints = Path(self._folder.name) / "stderr"
        with self._complaints.open("wb") as complaints:
            self._child = self._spawned(complaints)
        release(self._child.pid)
        self._lines = queue.Queue()
        self._reading = threading.Thread(
            target=_read_all, args=(self._child, self._lines), name="bonito-litellm", daemon=True
        )
        self._reading.start()

    def _spawned(self, complaints: IO[bytes]) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(  # noqa: S603 - our own file, no shell
                # -P: the file's neighbours have names that would hide modules LiteLLM imports.
                [self._python, "-P", litellm_calls.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                encoding="utf-8",
                cwd=self._folder.name,
                env=self._variables(),
            )
        except OSError as error:
            self._folder.cleanup()
            raise HarnessError(f"{self._python} cannot be run: {error.strerror}") from error

    def _variables(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # SDKs read credentials in the home directory; packages installed there stay importable.
        home = dict.fromkeys(("HOME", "USERPROFILE"), self._folder.name)
        ours = {"PYTHONUSERBASE": site.getuserbase(), "LITELLM_MODE": "PRODUCTION"}
        return {**kept, **home, **ours, **self._environment}

    def _ready(self) -> str:
        self._start()
        if self._version is None:
            self._version = str(self._next(_IMPORT_SECONDS)["litellm"])
        return self._version

    def _exchange(self, line: str) -> dict[str, Any]:
        stdin = self._child.stdin if self._child else None
        with contextlib.suppress(OSError):  # it has ended; the answer that does not come says so
            if stdin is not None:
                stdin.write(f"{line}\n")
                stdin.flush()
        return self._next(_CALL_SECONDS)

    def _next(self, seconds: float) -> dict[str, Any]:
        """Return what the child says next.

        Raises:
            HarnessError: Nothing, or that it ended.
        """
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            line = None
        if line is None:
            said = self._complaints.read_text("utf-8", "replace").strip().splitlines()[-1:]
            self._end()
            raise HarnessError(
                f"the process with LiteLLM ({self._python}) does not answer: "
                f"{''.join(said) or 'it said nothing'}"
            )
        found: dict[str, Any] = json.loads(line)
        return found

    def _end(self) -> None:
        child, self._child, self._version = self._child, None, None
        if child is None:
            return
        child.kill()  # it has nothing to finish
        child.wait()
        self._reading.join()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):  # what was not written any more
                if pipe is not None:
                    pipe.close()
        self._folder.cleanup()


def _read_all(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    """Pass on each line, then None; a pipe has no reading with a time limit."""
    if child.stdout is not None:
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def version_with(python: Path | None) -> str | None:
    """Return the version of LiteLLM that an interpreter has; None for this one's own.

    Raises:
        HarnessError: It has none, or cannot be run.
    """
    if python is None:
        return None
    asked = "import importlib.metadata as found; print(found.version('litellm'))"
    try:
        done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 - the user's own interpreter
    except (OSError, subprocess.CalledProcessError) as error:
        raise HarnessError(f"{python} has no LiteLLM: {type(error).__name__}") from None
    return done.stdout.strip()
