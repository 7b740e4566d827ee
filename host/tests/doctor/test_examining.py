"""What the doctor does not do: change anything, call anything it need not, stop half way."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from host.tests.doctor import preparing, steps
from host.tests.doctor.bench import Bench
from host.tests.managed import KEY


def contents(folder: Path) -> dict[str, str]:
    """Every file but SQLite's own side files, which any reader may leave behind."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)


def test_nothing_is_wrong_with_a_healthy_connection(bench: Bench) -> None:
    bench.serve()
    bench.choose_management()
    diagnosis = bench.examine().diagnosis
    assert diagnosis.findings == ()
    assert diagnosis.code == 0
    facts = diagnosis.document()["facts"]
    assert facts["endpoint"]["understood as"] == [
        "The endpoint was understood as https://contoso.services.ai.azure.com."
    ]
    assert "contoso.services.ai.azure.com" in facts["network"]
    assert "TLSv1.3" in facts["network"]["contoso.services.ai.azure.com"]
    assert any("/openai/v1/models → 200" in call for call in facts["check"]["calls"])
    assert bench.emulation.log.violations == []


def test_a_store_is_looked_at_and_not_made(bench: Bench) -> None:
    bench.choose_stored()
    bench.examine()
    assert not bench.path.parent.exists()


def test_a_store_is_looked_at_and_not_changed(bench: Bench) -> None:
    bench.store()
    bench.sql("UPDATE alembic_version SET version_num = '0002'")
    before = contents(bench.path.parent)
    bench.choose_stored()
    bench.examine()
    assert contents(bench.path.parent) == before


def test_what_a_crash_has_left_is_not_written_back(bench: Bench) -> None:
    bench.store()
    holder = sqlite3.connect(bench.path)
    try:
        holder.execute("SELECT * FROM stores").fetchall()  # who stays keeps the log
        bench.store("other")
        left = {each.name: each.read_bytes() for each in bench.path.parent.iterdir()}
    finally:
        holder.close()
    assert left["bonito.db-wal"]
    for each in bench.path.parent.iterdir():
        each.unlink()
    for name, content in left.items():
        if not name.endswith("-shm"):
            write_bytes(bench.path.with_name(name), content)
    bench.examine()
    now = {name: bench.path.with_name(name).read_bytes() for name in ("bonito.db", "bonito.db-wal")}
    assert now == {name: left[name] for name in now}


def test_an_interrupted_rotation_is_left_to_other_commands(bench: Bench) -> None:
    preparing.open_rotation(bench)
    before = contents(bench.path.parent)
    bench.examine()
    assert contents(bench.path.parent) == before


def test_offline_calls_nothing_and_still_says_what_the_endpoint_means(bench: Bench) -> None:
    bench.serve()
    bench.choose(endpoint="https://contoso.services.ai.azure.com/api/projects/team")
    diagnosis = bench.examine(offline=True).diagnosis
    assert bench.emulation.log.requests == []
    assert bench.emulation.log.refused_names == []
    facts = diagnosis.document()["facts"]
    assert "https://contoso.services.ai.azure.com" in facts["endpoint"]["understood as"][0]
    assert facts["endpoint"]["calls first"] == ["contoso.services.ai.azure.com"]
    assert "check" not in facts


def test_offline_a_store_on_a_server_is_left_alone(bench: Bench) -> None:
    steps.by_server_nobody_runs(bench)
    bench.choose_stored()
    diagnosis = bench.examine(offline=True).diagnosis
    assert diagnosis.findings == ()
    facts = diagnosis.document()["facts"]
    assert facts["store"]["state"] == "not looked at offline"
    assert "not looked at" in facts["connection"]["state"]


def test_a_broken_wrapper_is_not_got_round(bench: Bench) -> None:
    bench.serve()
    bench.choose()
    bench.environment["BONITO_WRAPPERS"] = "audit"
    diagnosis = bench.examine().diagnosis
    assert diagnosis.findings[0].kind == "wrapper-unusable"
    assert bench.emulation.log.requests == []
    assert "azure_foundry" in str(diagnosis.document()["facts"]["providers"])


def test_what_stands_on_a_fault_is_not_tried(bench: Bench) -> None:
    preparing.served(bench, endpoint="https://nobody.services.ai.azure.com")
    facts = bench.examine().diagnosis.document()["facts"]
    assert "network" in facts
    assert "check" not in facts


def test_no_value_of_a_field_but_what_was_called_is_told(bench: Bench) -> None:
    bench.serve()
    bench.choose()
    assert KEY not in str(bench.examine().diagnosis.document())
