"""Starts the real LiteLLM Proxy with an exported configuration and calls every route of it.

A program and no test: the proxy has a proprietary dependency and a hundred others, so that it gets
an environment of its own. `make litellm-proxy` makes that, and runs this with the proxy's command.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openai
import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Deployment
from host.tests.conftest import CREDENTIALS, KEY
from host.tests.running import PATIENCE, Bonito

MASTER_KEY = "sk-of-the-nightly-run"
NAMES = ("gpt-4o-mini", "DeepSeek-V3.1", "claude-sonnet-4-5", "text-embedding-3-small")


@contextmanager
def proxy(command: Path, config: Path, environment: dict[str, str]) -> Iterator[str]:
    """Run the proxy until the block ends; yields its address once it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = config.with_suffix(".log")
    arguments = ["--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
    with log.open("w") as written:
        process = subprocess.Popen(
            [command, *arguments], env=environment, stdout=written, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        give_up = time.monotonic() + PATIENCE
        while not _is_ready(url):
            if process.poll() is not None or time.monotonic() > give_up:
                raise SystemExit(f"the proxy does not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _is_ready(url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{url}/health/readiness", trust_env=False).status_code == 200
    return False


def call(client: openai.OpenAI, name: str) -> str:
    """Call one route, and say what came back."""
    if "embedding" in name:
        answer = client.embeddings.create(model=name, input=["hello"])
        return f"{len(answer.data[0].embedding)} numbers"
    stream = client.chat.completions.create(
        model=name, messages=[{"role": "user", "content": "hello"}], stream=True
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def main(command: Path) -> int:
    """Export, start, call; return 1 if a route did not answer."""
    deployments = [Deployment(name=name, model=name) for name in NAMES]
    account = Account(name="contoso", keys=(KEY, KEY[::-1]), deployments=deployments)
    with (
        tempfile.TemporaryDirectory(prefix="bonito-proxy-") as folder,
        Emulation(AzureCloud([account])) as emulation,
    ):
        here = Path(folder)
        bonito = Bonito(here, {**emulation.environment(), **CREDENTIALS})
        exported = bonito.run("gateway", "export", "--cloud", "azure", "--output", "config.yaml")
        if exported.code:
            raise SystemExit(exported.stderr)
        emulation.log.clear()
        keys = {"BONITO_AZURE_FOUNDRY_API_KEY": KEY, "LITELLM_MASTER_KEY": MASTER_KEY}
        with proxy(command, here / "config.yaml", bonito.environment(**keys)) as url:
            client = openai.OpenAI(
                base_url=f"{url}/v1",
                api_key=MASTER_KEY,
                max_retries=0,
                http_client=httpx.Client(trust_env=False, timeout=PATIENCE),
            )
            routes = yaml.safe_load((here / "config.yaml").read_text())["model_list"]
            answers = {each["model_name"]: call(client, each["model_name"]) for each in routes}
            listed = {each.id for each in client.models.list()}
        violations = emulation.log.violations
    sys.stdout.write(f"{json.dumps({'answers': answers, 'violations': violations}, indent=1)}\n")
    complete = len(answers) == len(NAMES) and all(answers.values()) and set(answers) <= listed
    return 0 if complete and not violations else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
