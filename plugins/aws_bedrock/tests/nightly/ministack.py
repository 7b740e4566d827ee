"""MiniStack, an emulator of AWS that others wrote, as a process of its own; and the way to it.

It speaks plain HTTP on an address of its own. Here it stands behind the emulations' TLS server
under AWS's real names, so that the plugin and LiteLLM reach it as they reach AWS.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bonito_aws_bedrock.regions import SERVICES, regions

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PYTHON = Path(__file__).parents[4] / ".build" / "ministack" / "bin" / "python"
"""Of the environment that `make ministack` builds: MiniStack pins another botocore than ours."""
PATIENCE = 60.0
"""Seconds that it may take to start and to answer."""
_HOP_BY_HOP = frozenset({b"connection", b"content-length", b"transfer-encoding"})


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Run MiniStack while the context is open, and yield its address.

    Args:
        folder: What it takes for its home.
    """
    if not PYTHON.exists():
        message = "MiniStack is not there; `make ministack` installs it and runs this"
        raise FileNotFoundError(message)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        descriptor = listening.fileno()
        process = subprocess.Popen(
            [PYTHON, "-m", "hypercorn", "ministack.app:app", "--bind", f"fd://{descriptor}"],
            pass_fds=(descriptor,),
            # Nothing of this machine's: neither foreign credentials nor a place to keep anything.
            env={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder)},
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            # Connections wait in the socket's queue until the process takes them.
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait()


class MiniStack:
    """The server as a cloud, which an emulation serves under AWS's names.

    Args:
        address: Where it runs.
    """

    name = "ministack"
    host_patterns = tuple(f"*.{region}.amazonaws.com" for region in regions())

    def __init__(self, address: str) -> None:
        self.address = address

    def knows(self, host: str) -> bool:
        """Tell whether a host is one of those the plugin may call."""
        return any(host.startswith(f"{service}.") for service in SERVICES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on as it came, and the answer as it comes."""
        request = httpx.Request(
            scope["method"],
            self.address + _target(scope),
            headers=scope["headers"],
            content=(await receive())["body"],
        )
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            answer = await client.send(request, stream=True)
            headers = [(name.lower(), value) for name, value in answer.headers.raw]
            kept = [each for each in headers if each[0] not in _HOP_BY_HOP]
            start = {"type": "http.response.start", "status": answer.status_code, "headers": kept}
            await send(start)
            async for piece in answer.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def told(self, path: str, *, region: str) -> Any:
        """Return what a path of Bedrock answers, asked directly."""
        host = {"host": f"bedrock.{region}.amazonaws.com"}
        return httpx.get(
            f"{self.address}{path}", headers=host, trust_env=False, timeout=PATIENCE
        ).json()

    def forget(self) -> None:
        """Forget everything that was made."""
        url = f"{self.address}/_ministack/reset"
        httpx.post(url, trust_env=False, timeout=PATIENCE).raise_for_status()


def _target(scope: Scope) -> str:
    """Return path and query as they were sent, but for one name that MiniStack reads wrongly.

    The service model writes `typeEquals` of ListInferenceProfiles as ``type``; MiniStack 1.5.33
    looks for the member's own name, and would mix its own profiles into the account's.
    """
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    if path == "/inference-profiles":
        query = query.replace("type=", "typeEquals=")
    return f"{path}?{query}" if query else path
