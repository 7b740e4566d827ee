"""The record of what reached an emulation, for tests and demonstrations to read."""

from __future__ import annotations

import dataclasses
import itertools
import json
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class RecordedRequest:
    """One request as it came over the socket, and how it was answered.

    `path` and `query` are raw, as sent. `status` is None while no answer has started, and
    stays None when the connection was broken instead.
    """

    sequence: int
    host: str
    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    status: int | None = None
    response_headers: Headers = ()

    def header(self, name: str) -> str | None:
        """Gives the first header of that name, in any case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    def json(self) -> Any:  # noqa: ANN401 - JSON is what the client made it
        """Parses the body.

        Raises:
            ValueError: the body is no JSON.
        """
        return json.loads(self.body)

    @property
    def user_agent(self) -> str:
        """The client's own name for itself; empty when it gave none."""
        return self.header("user-agent") or ""


class RequestLog:
    """Collects requests, violations and refused names from every thread; reading copies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sequence = itertools.count(1)
        self._requests: dict[int, RecordedRequest] = {}
        self._violations: list[str] = []
        self._failures: list[str] = []
        self._refused_names: list[str] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests in the order of arrival."""
        with self._lock:
            return list(self._requests.values())

    @property
    def violations(self) -> list[str]:
        """What clients sent that the emulated service does not know, a sentence each."""
        with self._lock:
            return list(self._violations)

    @property
    def failures(self) -> list[str]:
        """Where an emulated cloud itself broke down, a sentence each; violations name them too."""
        with self._lock:
            return list(self._failures)

    @property
    def refused_names(self) -> list[str]:
        """Hosts that were asked for and are not emulated."""
        with self._lock:
            return list(self._refused_names)

    def select(
        self,
        host: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        path_prefix: str | None = None,
    ) -> list[RecordedRequest]:
        """Gives the requests that match everything that is asked for."""
        return [
            request
            for request in self.requests
            if host in (None, request.host)
            and method in (None, request.method)
            and path in (None, request.path)
            and request.path.startswith(path_prefix or "")
        ]

    def counts(self, host: str | None = None) -> Counter[str]:
        """Counts the requests by method and path, as `GET /models/info`."""
        return Counter(f"{each.method} {each.path}" for each in self.select(host))

    def clear(self) -> None:
        """Forgets everything; a request still under way is forgotten too."""
        with self._lock:
            self._requests.clear()
            self._violations.clear()
            self._failures.clear()
            self._refused_names.clear()

    def arrived(
        self, *, host: str, method: str, path: str, query: str, headers: Headers, body: bytes
    ) -> int:
        """Records a request before it is served and gives its sequence number."""
        with self._lock:
            sequence = next(self._sequence)
            self._requests[sequence] = RecordedRequest(
                sequence=sequence,
                host=host,
                method=method,
                path=path,
                query=query,
                headers=headers,
                body=body,
            )
            return sequence

    def answered(self, sequence: int, *, status: int, headers: Headers) -> None:
        """Adds the start of the answer, before the client can see any of it."""
        with self._lock:
            if request := self._requests.get(sequence):
                self._requests[sequence] = dataclasses.replace(
                    request, status=status, response_headers=headers
                )

    def failed(self, sentence: str) -> None:
        """Records that a cloud itself broke down."""
        with self._lock:
            self._failures.append(sentence)
            self._violations.append(sentence)

    def violated(self, sentence: str) -> None:
        """Adds a violation."""
        with self._lock:
            self._violations.append(sentence)

    def refused(self, name: str) -> None:
        """Adds a name that was not served."""
        with self._lock:
            self._refused_names.append(name)
