"""The host as its users run it: `bonito serve` in a process of its own, and a client for it."""

from __future__ import annotations

import html
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from host.tests.running import BONITO, PATIENCE

_REFRESH = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')
_CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Site:
    """A host that serves.

    Attributes:
        address: Where.
        token: What opens it.
        process: What runs it.
        log: What it wrote to stderr.
    """

    address: str
    token: str
    process: subprocess.Popen[str]
    log: Path
    _browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """Somebody who has signed in, as a browser without JavaScript."""
        found = Browser(self)
        self._browsers.append(found)
        return found

    def programme(self) -> httpx.Client:
        """A program that brings the operator's secret along."""
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=PATIENCE)

    def stop(self) -> int:
        """Ask it to end and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        for browser in self._browsers:
            browser.client.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()


class Browser:
    """Sends what a browser sends: cookies, ``Origin``, and the token of the last page."""

    def __init__(self, site: Site) -> None:
        self.client = httpx.Client(
            base_url=site.address,
            headers={"accept": "text/html"},
            follow_redirects=True,
            timeout=PATIENCE,
        )
        self.client.headers["origin"] = site.address
        signed_in = self.client.post("/sign-in", data={"secret": site.token, "next": "/plugins"})
        assert signed_in.status_code == 200
        self.csrf = _CSRF.findall(signed_in.text)[0]

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        answer = self.client.post(path, data={"csrf": self.csrf, **fields})
        onwards = _REFRESH.search(answer.text)
        return self.get(html.unescape(onwards[1])) if onwards else answer


@contextmanager
def serving(
    folder: Path, *options: str, variables: Mapping[str, str] | None = None
) -> Iterator[Site]:
    """Serve until the block ends."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    log = folder / "serve.log"
    with log.open("a") as stderr:
        process = subprocess.Popen(
            [str(BONITO), "serve", "--port", "0", "--json", *options],
            env={**own, **(variables or {})},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, log.read_text()
    said: dict[str, Any] = json.loads(line)
    site = Site(said["address"], said["token"] or "", process, log)
    try:
        yield site
    finally:
        site.close()
