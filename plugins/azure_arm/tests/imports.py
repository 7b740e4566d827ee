"""What a statement loads, in an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
{statement}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded(statement: str) -> set[str]:
    """Gives the packages that are loaded afterwards."""
    program = PROGRAM.format(statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout))
