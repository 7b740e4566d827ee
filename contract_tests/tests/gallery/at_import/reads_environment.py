"""Broken: takes its default region from the environment of whoever imports it."""

from __future__ import annotations

import os

from bonito_aviary.plugin import Aviary

REGION = os.environ.get("AVIARY_REGION", "north")
provider = Aviary()
