"""`bonito doctor` as people run it: its words, its JSON, its report and its exit code."""

from __future__ import annotations

from pathlib import Path

from bonito_emulators import RequestLog
from bonito_emulators.azure import Account
from host.tests.conftest import KEY
from host.tests.running import Bonito


def test_the_worst_comes_first_with_why_and_the_mend(bonito: Bonito, account: Account) -> None:
    account.deployments = []
    done = bonito.run("doctor", BONITO_CREDENTIAL_API_KEY="wrong-key-0123456789abcdef")
    assert done.code == 3, done.stderr
    first, why, mend = done.stdout.splitlines()[:3]
    assert first.startswith("fault")
    assert first.endswith("[credentials-rejected]")
    assert why.strip() == "It is wrong, revoked or of another resource."
    assert mend.strip().startswith("→ ")
    assert "wrong-key" not in done.stdout + done.stderr


def test_json_is_one_document_with_findings_and_facts(bonito: Bonito, account: Account) -> None:
    account.deployments = []
    done = bonito.run("doctor", "--json")
    assert done.code == 0, done.stderr
    assert {each["weight"] for each in done.document["findings"]} <= {"note", "warning"}
    assert done.document["facts"]["connection"]["fields"] == ["api_key", "azure_mode", "endpoint"]
    assert KEY not in done.stdout + done.stderr


def test_the_report_can_be_pasted(
    bonito: Bonito, account: Account, log: RequestLog, tmp_path: Path
) -> None:
    account.deployments = []
    done = bonito.run("doctor", "--report", BONITO_STORE=str(tmp_path / "store.db"))
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("### What I did")
    assert done.stdout.count("```") == 2
    assert "~/store.db" in done.stdout
    for private in (KEY, "contoso", str(tmp_path)):
        assert private not in done.stdout
    assert log.violations == []
