"""Run the whole suite again and again: ``python -m contract_tests.tests.repetition azure_openai``.

Each round is a run of pytest in an order of its own, and one of `bonito-contract`, which shares the
checks among processes as it comes. Whatever the order, every check must come to the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

SUITE = """
from bonito_contract_tests import ContractSuite
from bonito_contract_tests.harnesses import find_harness

conformance = ContractSuite(find_harness({harness!r}))
"""
REPORT = "report.json"
Outcomes = Mapping[str, Mapping[str, Any]]
"""What each check came to, by its id, without how long it took."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("harness", nargs="+", help="a provider's name, or module:Harness")
    parser.add_argument("--times", type=int, default=10, help="rounds")
    parser.add_argument("--seed", type=int, default=1, help="of the first order; then the next")
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.times)
    alike = [_told(harness, _differing(harness, seeds)) for harness in options.harness]
    return 0 if all(alike) else 1


def _told(harness: str, differing: Iterator[str]) -> bool:
    found = 0
    for line in differing:
        found += 1
        click.echo(line)
    click.echo(f"{harness}: {found} differences")
    return not found


def _differing(harness: str, seeds: range) -> Iterator[str]:
    """Yield each outcome that is another than in the first run."""
    first: Outcomes | None = None
    for seed in seeds:
        for how, command in _commands(harness, seed).items():
            outcomes = _outcomes(command, harness)
            click.echo(f"{harness}: {how}: {len(outcomes)} checks", err=True)
            first = outcomes if first is None else first
            for name in sorted({*first, *outcomes}):
                if first.get(name) != outcomes.get(name):
                    yield f"{how}: {name} is {outcomes.get(name)}, not {first.get(name)}"


def _commands(harness: str, seed: int) -> Mapping[str, list[str]]:
    """Return the ways to run the suite, by what they are called."""
    contract = str(Path(sys.executable).with_name("bonito-contract"))
    order = f"--randomly-seed={seed}"
    pytest = [sys.executable, "-m", "pytest", "-q", order, "--bonito-report", REPORT]
    return {
        f"pytest {order}": pytest,
        f"bonito-contract, time {seed}": [contract, "run", harness, "--json", REPORT],
    }


def _outcomes(command: list[str], harness: str) -> Outcomes:
    """Run the suite once, in an empty folder.

    Raises:
        RuntimeError: It wrote no report.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
        (place / "test_conformance.py").write_text(SUITE.format(harness=harness))
        ran = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        if not (place / REPORT).exists():
            message = f"{' '.join(command)} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}"
            raise RuntimeError(message)
        checks = json.loads((place / REPORT).read_text())["checks"]
    return {
        name: {key: value for key, value in row.items() if key != "seconds"}
        for name, row in checks.items()
    }


if __name__ == "__main__":
    sys.exit(main())
