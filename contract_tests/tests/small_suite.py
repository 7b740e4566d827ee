"""An author's project, and a release of the suite that has six quick checks, as programs run it.

The plumbing is the real one; only the checks and the manifest are others, so that a test can say
what each check comes to: by `behaviour` of the harness.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bonito_contract_tests

ROOT = Path(__file__).parents[2]
LISTED = ("LIST-01", "LIST-02", "LIST-03", "LIST-04", "LIST-05")


CHECKS = """
import os
from hypothesis import given, strategies as st
from bonito_contract_tests.examples import drawing
from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.violation import HarnessError, must
from bonito_providers import Capability
from bonito_providers.errors import PluginError

SMALL = Family("LIST", "Small checks")
NOTHING = dict(mend="Mend it.")

def behave(bench, name):
    how = bench.harness.behaviour.get(name, "pass")
    if how == "crash":
        raise PluginError("the plugin fell over")
    if how == "harness":
        raise HarnessError("add what is missing")
    if how == "raise the key":
        raise RuntimeError(f"no luck with {bench.widest.fields}")
    if how == "interrupt":
        raise KeyboardInterrupt
    if how == "linger":
        time.sleep(60)
    if how == "die":
        os._exit(3)
    if how == "draw":
        drawn = []
        drawing(bench, examples=2)(given(st.integers(0, 2**60))(lambda it: drawn.append(it)))()
        must(False, seen=f"drew {drawn}", expected="nothing")
    if how == "print the key":
        print("the key is", bench.widest.fields["api_key"])
        how = "violate"
    must(how == "pass", seen=f"{name} did it wrongly", expected="it rightly")

@SMALL.check(1, rule="The first rule.", **NOTHING)
def first(bench): behave(bench, "LIST-01")

@SMALL.check(2, rule="The second rule.", **NOTHING)
async def second(bench): behave(bench, "LIST-02")

@SMALL.check(3, rule="The third rule.", **NOTHING)
def third(bench): behave(bench, "LIST-03")

@SMALL.check(4, rule="The advice.", level=Level.SHOULD, **NOTHING)
def fourth(bench): behave(bench, "LIST-04")

@SMALL.check(5, rule="The rule of deploying.", needs=(Capability.DEPLOY,), **NOTHING)
def fifth(bench): behave(bench, "LIST-05")

@SMALL.check(6, rule="The rule of tomorrow.", since=(1, 1), **NOTHING)
def sixth(bench): behave(bench, "LIST-06")
"""

COMMAND = "from bonito_contract_tests.command import main; main()"

HARNESS = """
from bonito_contract_tests import ContractSuite, Gap, GapKind
from contract_tests.tests.toy_harness import ToyHarness

class Acme(ToyHarness):
    accesses = ToyHarness.accesses[:1]
    behaviour = {behaviour!r}
    gaps = {gaps}
"""

_OUTCOME = re.compile(r"::(\w+)::(LIST-\d\d) (PASSED|FAILED|SKIPPED|XFAIL|ERROR)")


@dataclass(frozen=True)
class Ran:
    """What a program did."""

    code: int
    out: str
    error: str

    @property
    def outcomes(self) -> dict[str, str]:
        """What pytest said of each check of the suite `conformance`, in the order it ran them."""
        return self.outcomes_of("conformance")

    def outcomes_of(self, suite: str) -> dict[str, str]:
        found = _OUTCOME.findall(self.out)
        return {name: outcome for owner, name, outcome in found if owner == suite}

    @property
    def conclusion(self) -> str:
        """What stands below the line `conformance`."""
        after = re.split(r"=+ conformance =+\n", self.out)
        return after[1].split("\n=")[0] if len(after) > 1 else ""

    def conclusion_of(self, suite: str) -> str:
        """What stands there for one suite: its verdict and counts, and what is noted below."""
        start = f"toy (test_conformance.py::{suite}): "
        _, _, after = self.conclusion.partition(start)
        return after.partition("\ntoy (")[0]

    def failure_of(self, suite: str, check: str) -> str:
        """What pytest shows of a failed check."""
        _, _, after = self.out.partition(f"_ {suite}::{check} _")
        return re.split(r"\n[_=]{5,}", after.partition("\n")[2])[0]


@dataclass(frozen=True)
class Author:
    """An author's folder.

    Attributes:
        folder: Where tests and harness are, and programs run.
        listed: What the suite's manifest lists.
    """

    folder: Path
    listed: tuple[str, ...] = LISTED

    def __post_init__(self) -> None:
        suite = self.folder / "site" / "bonito_contract_tests"
        source = Path(bonito_contract_tests.__file__).parent
        shutil.copytree(source, suite, ignore=shutil.ignore_patterns("__pycache__", "checks"))
        (suite / "checks").mkdir()
        (suite / "checks" / "__init__.py").write_text("")
        (suite / "checks" / "small.py").write_text(CHECKS)
        (suite / "manifest.json").write_text(json.dumps({"1.0": self.listed}))
        (self.folder / "pytest.ini").write_text(
            "[pytest]\nfilterwarnings = error\nmarkers = slow\n"
        )

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def harness(self, *, gaps: str = "{}", **behaviour: str) -> None:
        """Write the harness `acme:Acme`, whose checks behave as told (``LIST_01="crash"``)."""
        told = {name.replace("_", "-"): how for name, how in behaviour.items()}
        self.write("acme.py", HARNESS.format(behaviour=told, gaps=gaps))

    def suite(self, *, gaps: str = "{}", **behaviour: str) -> None:
        """Write the harness, and the tests that bring in the suite for it."""
        self.harness(gaps=gaps, **behaviour)
        self.write(
            "test_conformance.py",
            "from acme import *\nconformance = ContractSuite(Acme())\n",
        )

    def mark(self, check: str, mark: str) -> None:
        """Write a hook that puts a mark on a check."""
        self.write(
            "conftest.py",
            "import pytest\n"
            "def pytest_itemcollected(item):\n"
            f"    if item.name == {check!r}: item.add_marker({mark!r})\n",
        )

    def suites(self, **behaviours: Mapping[str, str]) -> None:
        """Write tests with several suites, whose checks behave as told."""
        lines = ["from acme import *"]
        for name, told in behaviours.items():
            lines += [f"class {name.title()}(Acme):", f"    behaviour = {dict(told)!r}"]
            lines += [f"{name} = ContractSuite({name.title()}())"]
        self.harness()
        self.write("test_conformance.py", "\n".join(lines) + "\n")

    def pytest(self, *arguments: str) -> Ran:
        fixed = ("-v", "-p", "no:cacheprovider", "-rs")
        return self.run("-m", "pytest", *fixed, *arguments)

    def contract(self, *arguments: str) -> Ran:
        """Run `bonito-contract`."""
        return self.run("-c", COMMAND, *arguments)

    def run(self, *arguments: str) -> Ran:
        process = self.start(*arguments)
        out, error = process.communicate()
        return Ran(process.returncode, out, error)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        paths = (self.folder / "site", self.folder, ROOT)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
        environment |= {"COLUMNS": "200", "PY_COLORS": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTEST_ADDOPTS", None)
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def document(self, name: str) -> Any:
        """Return the report in a file, without what may differ between equal runs."""
        report = json.loads((self.folder / name).read_text())
        del report["date"]
        for check in report["checks"].values():
            del check["seconds"]
        return report
