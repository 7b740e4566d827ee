"""Broken: looks its service up when it is imported."""

from __future__ import annotations

import socket

from bonito_aviary.plugin import Aviary

ADDRESSES = socket.getaddrinfo("localhost", 443)
provider = Aviary()
