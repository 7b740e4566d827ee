"""Serving on loopback until somebody asks the process to end; streams are finished first."""

from __future__ import annotations

import asyncio
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

ADDRESS = "127.0.0.1"
GRACE = 30
"""Seconds that answers under way may take once the process was asked to end."""


def listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback; port 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((ADDRESS, port))
        # Whoever reads the address comes at once, and waits until the application has started.
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def serve(app: FastAPI, bound: socket.socket) -> None:
    """Serve until a signal comes; a second one does not wait for answers under way."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # What a proxy says of its clients would decide who is rate limited.
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=GRACE,
    )
    _Server(config, app.state.services.stopping).run(sockets=[bound])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take the signal in, and let endless answers know."""
        super().handle_exit(sig, frame)
        self._stopping.set()
