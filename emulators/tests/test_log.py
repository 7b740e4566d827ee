from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING

import pytest

from bonito_emulators import Emulation, RequestLog

if TYPE_CHECKING:
    import httpx

HOST = "acme.services.ai.azure.com"


def record(log: RequestLog, path: str = "/", *, host: str = HOST, method: str = "GET") -> int:
    return log.arrived(host=host, method=method, path=path, query="", headers=(), body=b"")


def test_a_request_is_recorded_as_it_was_sent(
    emulation: Emulation, client: httpx.Client, key: str
) -> None:
    answer = client.post(
        "/openai/deployments/a%20b/chat/completions?api-version=2024-10-21&x=%41",
        headers={"API-Key": key, "User-Agent": "tester/1", "X-Twice": "1"},
        json={"messages": []},
    )
    [request] = emulation.log.requests
    assert request.method == "POST"
    assert request.host == HOST
    assert request.path == "/openai/deployments/a%20b/chat/completions"
    assert request.query == "api-version=2024-10-21&x=%41"
    assert request.header("api-KEY") == key
    assert ("x-twice", "1") in request.headers
    assert request.header("absent") is None
    assert request.user_agent == "tester/1"
    assert request.json() == {"messages": []}
    assert request.status == answer.status_code == 404
    assert dict(request.response_headers) == dict(answer.headers)


def test_requests_are_selected_by_all_that_is_asked() -> None:
    log = RequestLog()
    record(log, "/a", method="POST")
    record(log, "/a/b")
    record(log, "/a", host="other")
    assert [r.sequence for r in log.select()] == [1, 2, 3]
    assert [r.sequence for r in log.select(HOST)] == [1, 2]
    assert [r.sequence for r in log.select(path="/a")] == [1, 3]
    assert [r.sequence for r in log.select(path_prefix="/a/")] == [2]
    assert [r.sequence for r in log.select(HOST, method="POST", path_prefix="/a")] == [1]
    assert log.select("nobody") == []


def test_a_record_cannot_be_changed() -> None:
    log = RequestLog()
    record(log)
    with pytest.raises(dataclasses.FrozenInstanceError):
        log.requests[0].status = 200  # type: ignore[misc]  # frozen: the point


def test_clearing_forgets_even_what_is_under_way() -> None:
    log = RequestLog()
    sequence = record(log)
    log.violated("something")
    log.refused("name")
    log.clear()
    log.answered(sequence, status=200, headers=())
    assert (log.requests, log.violations, log.refused_names) == ([], [], [])
    assert record(log) > sequence


def test_many_threads_record_without_loss() -> None:
    log = RequestLog()

    def work() -> None:
        for _ in range(200):
            log.answered(record(log), status=204, headers=())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [r.sequence for r in log.requests] == list(range(1, 1601))
    assert {r.status for r in log.requests} == {204}


def test_requests_are_counted_by_method_and_path() -> None:
    log = RequestLog()
    record(log, "/a")
    record(log, "/a")
    record(log, "/a", method="POST")
    record(log, "/a", host="elsewhere.example")
    assert log.counts() == {"GET /a": 3, "POST /a": 1}
    assert log.counts("elsewhere.example") == {"GET /a": 1}
