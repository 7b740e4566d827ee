"""How much longer `bonito providers list` takes than importing what it cannot do without.

Runs both in turn, so that a busy machine slows both, and compares the fastest run of each.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 20
LIMIT = 1.6
IMPORTS = "from pydantic import BaseModel, SecretStr; import importlib.metadata, pluggy, click"
COMMANDS: dict[str, Sequence[str]] = {
    "baseline": [sys.executable, "-c", IMPORTS],
    "bonito providers list": [str(Path(sys.executable).with_name("bonito")), "providers", "list"],
}


def seconds(command: Sequence[str]) -> float:
    """Run a command once and return how long it took."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> int:
    """Measure, print, and return 1 if the limit is not kept."""
    fastest = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            fastest[name] = min(fastest[name], seconds(command))
    baseline, measured = fastest.values()
    ratio = measured / baseline
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    for name, duration in fastest.items():
        print(f"{name}: {duration * 1000:.0f} ms, the fastest of {RUNS}")
    print(f"ratio {ratio:.2f}, at most {LIMIT} is promised")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
