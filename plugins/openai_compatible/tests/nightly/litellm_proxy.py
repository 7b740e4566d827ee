"""The LiteLLM Proxy, a server of the API that others wrote, as a process of its own.

Its models answer from a text, so that it needs no network. It speaks plain HTTP on a port of its
own, as a self-hosted endpoint does: what reaches it is what an operator has allowed.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

PYTHON = Path(__file__).parents[4] / ".build" / "litellm_proxy" / "bin" / "python"
"""Of the environment that `make litellm-proxy` builds: the proxy has a hundred dependencies."""
MASTER_KEY = "sk-of-the-nightly-run"
ANSWER = "Hello from a server that others wrote."
PATIENCE = 300.0
"""Seconds that it may take to start."""
_CONFIGURATION = f"""
model_list:
  - model_name: gpt-4o
    litellm_params: {{model: openai/gpt-4o, api_key: none, mock_response: "{ANSWER}"}}
  - model_name: team/chat
    litellm_params: {{model: openai/of-our-own, api_key: none, mock_response: "{ANSWER}"}}
  - model_name: vectors
    litellm_params:
      {{model: openai/text-embedding-3-small, api_key: none, mock_response: [0.1, 0.2, 0.3]}}
general_settings: {{master_key: {MASTER_KEY}}}
"""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run the proxy while the context is open, and yield its address once it is ready.

    Args:
        folder: What it takes for its home.
    """
    if not PYTHON.exists():
        message = "the proxy is not there; `make litellm-proxy` installs it and runs this"
        raise FileNotFoundError(message)
    configuration, log = folder / "config.yaml", folder / "proxy.log"
    configuration.write_text(_CONFIGURATION)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [PYTHON, PYTHON.with_name("litellm"), "--config", configuration]
    with log.open("w") as written:
        process = subprocess.Popen(
            [*map(str, command), "--host", "127.0.0.1", "--port", str(port)],
            # Nothing of this machine's, and no price file from elsewhere.
            env={"PATH": os.defpath, "HOME": str(folder), "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            cwd=folder,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_ready(f"http://127.0.0.1:{port}", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _await_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/health/readiness", trust_env=False).status_code == 200:
                return
        if process.poll() is not None or time.monotonic() > give_up:
            raise TimeoutError(f"the proxy does not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.25)
