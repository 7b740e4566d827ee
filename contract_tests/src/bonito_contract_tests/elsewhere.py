"""Deploying by a stored plan in another process, which has nothing but the plan and the cloud."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import deploy_probe
from bonito_contract_tests.importing import LONGEST, name_of
from bonito_contract_tests.violation import Violation
from bonito_providers import Deployment

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access


async def deployed_elsewhere(bench: Bench, access: Access, stored: str) -> Deployment:
    """Return what a new process says that deploys by a plan that was stored as JSON.

    It takes a second, most of it for imports.

    Raises:
        Violation: Deploying failed there.
        HarnessError: The plugin cannot be found by name.
    """
    emulation = bench.stage.emulation
    request = {
        **name_of(bench.harness.plugin),
        "path": sys.path,
        "fields": dict(access.fields),
        "plan": stored,
        "port": emulation.port,
        "certificate_authority": str(emulation.certificate_authority),
    }
    result = await asyncio.to_thread(_probed, json.dumps(request))
    if "error" in result:
        raise Violation(
            f"in another process the stored plan failed with {result['error']}",
            expected="the deployment of the plan",
        )
    return Deployment.model_validate_json(result["deployment"])


def _probed(request: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the suite, and a file of it
        [sys.executable, deploy_probe.__file__ or ""],
        input=request,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
        check=False,
        cwd=Path.cwd(),
    )
    _, mark, told = done.stdout.rpartition(deploy_probe.MARK)
    if not mark:
        return {"error": f"the end of the process, with status {done.returncode}"}
    result: dict[str, Any] = json.loads(told)
    return result
