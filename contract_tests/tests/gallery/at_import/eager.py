"""Broken: loads an HTTP client at its top."""

from __future__ import annotations

import httpx

from bonito_aviary.plugin import Aviary

TIMEOUT = httpx.Timeout(30)
provider = Aviary()
