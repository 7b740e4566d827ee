"""A process that tries checks for the command: ids come in by the line, outcomes go out.

python -m bonito_contract_tests.worker
    <number> <provider> <thorough> <seed, or nothing> [<LiteLLM's python>]
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from bonito_contract_tests.run import Run

INTERRUPTED = 130
YOUNG = 100_000
"""New objects at which garbage is looked for; at the usual 700 that is a tenth of the work."""


def main(
    number: str, provider: str, thorough: str, seed: str = "", litellm_python: str = ""
) -> int:
    """Answer until no more ids come; what a plugin prints goes to stderr, not among the answers."""
    from bonito_contract_tests.catalogue import all_checks
    from bonito_contract_tests.harnesses import find_harness
    from bonito_contract_tests.processors import keep_to_one
    from bonito_contract_tests.run import Run
    from bonito_contract_tests.signals import termination_raises

    keep_to_one(int(number))
    # What a plugin and its SDK log is judged, not shown: in a run full of faults it is a flood.
    logging.getLogger().addHandler(logging.NullHandler())
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # The suite is loaded beforehand, the harness by the first id: whoever asks loads it as well,
    # and says alone what may be wrong with it.
    all_checks()
    first = sys.stdin.readline()
    if not first:
        return 0
    try:
        with termination_raises():
            run = Run(
                find_harness(provider),
                thorough=int(thorough),
                seed=int(seed) if seed else None,
                litellm_python=Path(litellm_python) if litellm_python else None,
            )
            with closing(run):
                _answer(run, chain([first], sys.stdin), answers)
    except (KeyboardInterrupt, BrokenPipeError):
        # Also where whoever asked is gone: nobody is left to tell.
        return INTERRUPTED
    finally:
        with suppress(BrokenPipeError):
            answers.close()
    return 0


def _answer(run: Run, ids: Iterable[str], answers: TextIO) -> None:
    from bonito_contract_tests.collection import checks_for
    from bonito_contract_tests.judgement import row_of

    checks = {check.id: check for check in checks_for(run.harness)}
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.freeze()
    gc.set_threshold(YOUNG)
    for line in ids:
        result = run.result(checks[line.strip()])
        row = asdict(row_of(result, run.harness))
        print(json.dumps({"row": row, "text": result.text()}), file=answers, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
