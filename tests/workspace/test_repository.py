from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workspace.distributions import ROOT

# Where packages come from is the business of whoever installs, not of this repository.
_REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|index[-_]url|find[-_]links", re.IGNORECASE
)

# A path that exists on one machine only; a path of a URL has something in front of its slash.
_MACHINE = re.compile(r"(?:file://|(?<![\w.})/-]))/(?:home|opt|root|tmp|Users|work)/\w")


def offences(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern in (_REGISTRY, _MACHINE):
            if found := pattern.search(line):
                yield f"{number}: {found.group()}"


def committed_files() -> list[Path]:
    """What git has or would take; a container's other owner of the folder is no obstacle."""
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(
        [*git, "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(),
    reason="only git knows what is committed, and this is no checkout or has no git",
)
def test_no_committed_file_names_a_registry_or_a_path_of_one_machine() -> None:
    files = committed_files()
    assert ROOT / "Makefile" in files
    found = [
        f"{path.relative_to(ROOT)}:{offence}"
        for path in files
        for offence in offences(path.read_text(errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "https://pypi" + ".org/simple",
        "https://files.python" + "hosted.org/x.whl",
        "--index" + "-url https://mirror.example",
        "PIP_FIND" + "_LINKS=x",
        "cd " + "/work" + "/main",
        'path = "' + "/home" + '/someone"',
        "(" + "/tmp" + "/report.json)",
        "file://" + "/root" + "/wheels",
    ],
)
def test_a_planted_registry_or_path_is_found(planted: str) -> None:
    assert list(offences(f"first\n{planted}\n")), planted


@pytest.mark.parametrize(
    "honest", ["https://api.example/opt/items", "../root/x", "homework/tmp/x", "a/root/b"]
)
def test_other_addresses_and_paths_are_left_alone(honest: str) -> None:
    assert list(offences(honest)) == []
