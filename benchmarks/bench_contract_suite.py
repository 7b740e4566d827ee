"""How long `bonito-contract run` takes for each provider here, beside importing LiteLLM.

The import is measured in the same run, in a fresh interpreter before and after each provider, so
that a busy machine slows both. Beside the time there is the processor time of all processes, which
says more where others work at the same time; the ratio is for comparing machines and days.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROCESSES = 2
TIMES = 2
"""Runs of each, of which the faster counts, as the fastest import does."""
PROVIDERS = {
    "aviary": "bonito_aviary.conformance:AviaryHarness",
    "azure_foundry": "bonito_azure_foundry.conformance:FoundryHarness",
    "azure_openai": "bonito_azure_openai.conformance:OpenAIHarness",
    "aws_bedrock": "bonito_aws_bedrock.conformance:BedrockHarness",
    "gcp_vertex": "bonito_gcp_vertex.conformance:VertexHarness",
}
BASELINE = [sys.executable, "-c", "import litellm"]


@dataclass(frozen=True)
class Taken:
    """How long something took.

    Attributes:
        seconds: By the clock.
        processor: Of the processor, in all its processes.
    """

    seconds: float
    processor: float


def suite(harness: str) -> Sequence[str]:
    """Return the command that tries every check on a harness."""
    command = str(Path(sys.executable).with_name("bonito-contract"))
    return [command, "run", harness, "--processes", str(PROCESSES)]


def taken_by(command: Sequence[str]) -> Taken:
    """Run a command once and return how long it took.

    Raises:
        RuntimeError: It failed, and its time says nothing.
    """
    # Aviary is not installed: it is a stranger's package that this checkout has for its tests.
    paths = (str(ROOT), str(ROOT / "tests/third_party/aviary/src"))
    # As the suite imports LiteLLM: otherwise it asks the network for prices, in a thread that
    # importing may not survive.
    ours = {"PYTHONPATH": os.pathsep.join(paths), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    environment = {**os.environ, **ours}
    started, used = time.perf_counter(), processor_seconds()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        message = (
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr[-2000:]}"
        )
        raise RuntimeError(message)
    return Taken(time.perf_counter() - started, processor_seconds() - used)


def processor_seconds() -> float:
    """Return the processor time of every process that was started from here and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Measure and print."""
    imports = [taken_by(BASELINE)]
    taken: dict[str, Taken] = {}
    for name, harness in list(PROVIDERS.items()) * TIMES:
        run = taken_by(suite(harness))
        taken[name] = min(run, taken.get(name, run), key=lambda each: each.seconds)
        imports.append(taken_by(BASELINE))
    baseline = min(each.seconds for each in imports)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    print(f"importing LiteLLM: {baseline:.1f} s, the fastest of {len(imports)}")
    for name, each in taken.items():
        print(
            f"{name}: {each.seconds:.1f} s in {PROCESSES} processes, without the import "
            f"{each.seconds - baseline:.1f} s, ratio {each.seconds / baseline:.1f}, "
            f"{each.processor:.1f} s of the processor"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
