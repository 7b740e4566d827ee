"""How long `bonito-contract run` takes for each provider here, beside importing LiteLLM.

The import is measured in the same run, in a fresh interpreter before and after each provider, so
that a busy machine slows both. Nothing is promised; the ratio is for comparing machines and days.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROCESSES = 2
PROVIDERS = {
    "aviary": "bonito_aviary.conformance:AviaryHarness",
    "azure_foundry": "bonito_azure_foundry.conformance:FoundryHarness",
    "azure_openai": "bonito_azure_openai.conformance:OpenAIHarness",
}
BASELINE = [sys.executable, "-c", "import litellm"]


def suite(harness: str) -> Sequence[str]:
    """Return the command that tries every check on a harness."""
    command = str(Path(sys.executable).with_name("bonito-contract"))
    return [command, "run", harness, "--processes", str(PROCESSES)]


def seconds(command: Sequence[str]) -> float:
    """Run a command once and return how long it took.

    Raises:
        RuntimeError: It failed, and its time says nothing.
    """
    # Aviary is not installed: it is a stranger's package that this checkout has for its tests.
    paths = (str(ROOT), str(ROOT / "tests/third_party/aviary/src"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        message = f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
        raise RuntimeError(message)
    return time.perf_counter() - started


def main() -> int:
    """Measure and print."""
    imports = [seconds(BASELINE)]
    taken = {}
    for name, harness in PROVIDERS.items():
        taken[name] = seconds(suite(harness))
        imports.append(seconds(BASELINE))
    baseline = min(imports)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    print(f"importing LiteLLM: {baseline:.1f} s, the fastest of {len(imports)}")
    for name, duration in taken.items():
        ratio = duration / baseline
        print(f"{name}: {duration:.1f} s in {PROCESSES} processes, ratio {ratio:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
