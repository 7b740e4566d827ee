from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).parents[1] / "README.md"


SAID = (
    "This is DeepSeek-V3.1. You said: Hello\n",
    "[('created', 'partner')]\n",
    "anthropic.claude-opus-5\n",
    "publishers/google/models/gemini-4-argon\n",
)
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("code", "said"), [*zip(BLOCKS, SAID, strict=True)], ids=["calls", "management", "aws", "gcp"]
)
def test_the_lines_of_use_run(code: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    exec(compile(code, str(README), "exec"), names)
    assert capsys.readouterr().out == said
