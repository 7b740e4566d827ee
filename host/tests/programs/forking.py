"""Run the command in forked processes, so that each starts with everything already imported.

Reads a JSON job a line; answers the process's id, then its status.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import store_steps  # type: ignore[import-not-found] # beside this program, in no package

PRELOADED = (
    "azure.identity.aio",
    "azure.mgmt.cognitiveservices.aio",
    "bonito_azure_foundry.check",
    "bonito_azure_foundry.invoke",
    "bonito_azure_foundry.management",
    "bonito_host.commands.connect",
    "bonito_host.commands.delete",
    "bonito_host.commands.deploy",
    "bonito_host.store.store",
    "bonito_providers.network",
    "boto3",
    "google.oauth2.service_account",
    "sqlalchemy.dialects.sqlite",
)


def run(job: dict[str, Any]) -> None:
    from bonito_host.cli import main

    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    # Its standard input is none of the jobs' that follow.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    if "record" in job:
        store_steps.at_each_step(store_steps.counting(job["record"]))
    if "dies_at" in job:
        store_steps.at_each_step(store_steps.dying(job["dies_at"]))
    main(job["arguments"])


def serve() -> None:
    for name in PRELOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(json.loads(line))
        answer(child)
        _, status = os.waitpid(child, 0)
        answer(os.waitstatus_to_exitcode(status))


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
