"""An endpoint of the operator's own is gone to as it is called: by its scheme, on its port."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from host.tests.doctor.bench import LOOPBACK, Bench
from host.tests.doctor.preparing import closed_port
from host.tests.test_own_endpoint import NAME, served


@pytest.fixture
def address() -> Iterator[str]:
    with served() as address:
        yield address


def choose(bench: Bench, address: str) -> None:
    bench.choose_file(json.dumps({"base_url": address}))
    bench.environment["BONITO_EXTRA_HOSTS"] = address
    bench.environment["BONITO_TRUSTED_NETWORKS"] = LOOPBACK


@pytest.mark.slow  # loads LiteLLM in a process of its own
def test_nothing_is_wrong_with_a_healthy_one(bench: Bench, address: str) -> None:
    choose(bench, address)
    diagnosis = bench.examine().diagnosis
    assert diagnosis.findings == ()
    facts = diagnosis.document()["facts"]
    assert facts["endpoint"]["calls first"] == [address]
    assert facts["network"] == {
        address: "127.0.0.1, allowed by the guard; connected, without TLS",
    }
    assert facts["gateway"] == {NAME: [f"POST {address}/v1/chat/completions"]}


def test_one_that_nobody_serves_is_named_with_its_port(bench: Bench) -> None:
    port = closed_port()
    choose(bench, f"http://127.0.0.1:{port}")
    first = bench.examine().diagnosis.findings[0]
    assert first.kind == "port-closed"
    assert f"http://127.0.0.1:{port} takes no connection" in first.what
    assert f"port {port}" in first.mend


def test_one_by_https_on_a_port_of_its_own_is_asked_for_tls_there(
    bench: Bench, address: str
) -> None:
    secure = address.replace("http://", "https://")
    choose(bench, secure)
    first = bench.examine().diagnosis.findings[0]
    assert first.kind == "tls-broken"
    assert secure in first.what
