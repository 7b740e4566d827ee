"""Broken: builds a table at its top for which nobody has asked."""

from __future__ import annotations

import time

from bonito_aviary.plugin import Aviary

_END = time.process_time() + 0.9
TABLE: list[str] = []
while time.process_time() < _END:
    TABLE[:] = sorted(str(number) for number in range(1000))
provider = Aviary()
