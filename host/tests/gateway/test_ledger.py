"""The record of calls, when something in it cannot be kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bonito_host.gateway.ledger import Ledger
from bonito_host.gateway.metrics import Metrics
from bonito_host.store.calls import Call, StoredCalls
from bonito_host.store.store import Store


def note(ledger: Ledger, model: str) -> None:
    with ledger.metered(caller="c", model=model, kind="chat", streamed=False):
        pass


def models(calls: list[Call]) -> list[str]:
    return [call.model for call in calls]


def test_a_name_that_no_store_takes_is_kept_cleaned(tmp_path: Path) -> None:
    ledger = Ledger(Store(tmp_path / "bonito.db").calls, Metrics())
    note(ledger, "a\ud800\x00" + "b" * 400)
    assert models(asyncio.run(ledger.recent())) == ["a\ufffd\ufffd" + "b" * 297]


def test_a_call_that_cannot_be_kept_is_dropped_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stored = Store(tmp_path / "bonito.db").calls
    add = stored.add

    def spoilt(made: list[Call]) -> None:
        add([replace(call, model="\ud800") if call.model == "bad" else call for call in made])

    monkeypatch.setattr(stored, "add", spoilt)
    ledger = Ledger(stored, Metrics())
    for model in ("first", "bad", "last"):
        note(ledger, model)
    assert models(asyncio.run(ledger.recent())) == ["last", "first"]
    assert caplog.text.count("is dropped: UnicodeEncodeError") == 1
    assert models(asyncio.run(ledger.recent())) == ["last", "first"]


def test_calls_wait_for_a_store_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(Store(tmp_path / "bonito.db").calls, Metrics())
    for model in ("first", "last"):
        note(ledger, model)

    def full(self: StoredCalls, made: list[Call]) -> None:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(StoredCalls, "add", full)
        assert asyncio.run(ledger.recent()) == []
    assert models(asyncio.run(ledger.recent())) == ["last", "first"]
