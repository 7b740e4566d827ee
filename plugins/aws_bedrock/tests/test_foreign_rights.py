"""No request carries rights of the host, in boto3 and in LiteLLM, wherever the host keeps them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Imports LiteLLM in another process.
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What was heard of a host that has variables, files, a container's rights and a machine's."""
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-m", "plugins.aws_bedrock.tests.foreign_calls"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_no_call_of_a_connection_or_of_its_routes_carries_anything_of_the_hosts(
    heard: dict[str, dict[str, Any]],
) -> None:
    own = heard["own"]
    assert own["callers"] == ["bonito", "key of bonito", "role"]
    assert own["foreign"] == own["metadata"] == own["refused_names"] == own["violations"] == []
    called = {each.rpartition("/")[2] for each in own["paths"] if each.startswith("/model/")}
    assert called == {"converse", "invoke"}


@pytest.mark.parametrize(
    ("calls", "caller"),
    [
        ("bearer", "key of variables"),
        ("litellm", "key of variables"),
        ("litellm alone", "variables"),
        ("variables", "variables"),
        ("files", "files"),
        ("container", "container"),
        ("instance", "instance"),
    ],
)
def test_each_of_the_hosts_rights_would_have_been_taken(
    heard: dict[str, dict[str, Any]], calls: str, caller: str
) -> None:
    assert heard[calls]["callers"] == [caller]
    assert heard[calls]["foreign"]
    assert bool(heard[calls]["metadata"]) == (caller in ("container", "instance"))
