"""Broken: greets on stdout, in the middle of a command's JSON."""

from __future__ import annotations

from bonito_aviary.plugin import Aviary

print("aviary: loaded")  # noqa: T201 - what is wrong with it
provider = Aviary()
