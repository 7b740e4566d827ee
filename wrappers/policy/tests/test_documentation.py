"""The page about the policy: its file is one, and it tells of every condition."""

from __future__ import annotations

import re
from pathlib import Path

from bonito_policy.reading import read_rules
from bonito_policy.rules import Conditions
from tests.workspace.distributions import ROOT

PAGE = (ROOT / "docs" / "how-to" / "trace-and-restrict.md").read_text(encoding="utf-8")


def test_the_file_of_the_page_is_a_policy(tmp_path: Path) -> None:
    [block] = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    path = tmp_path / "policy.toml"
    path.write_text(block, encoding="utf-8")
    assert len(read_rules(path).deny) == block.count("[[deny]]")


def test_the_page_tells_of_every_condition_and_of_no_other() -> None:
    table = PAGE.partition("| condition |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Conditions.model_fields)
