from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).parents[1] / "README.md"


def test_the_lines_of_use_run(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    for code in blocks:
        names: dict[str, Any] = {}
        exec(compile(code, str(README), "exec"), names)
    assert capsys.readouterr().out == (
        "This is DeepSeek-V3.1. You said: Hello\n[('created', 'partner')]\n"
    )
