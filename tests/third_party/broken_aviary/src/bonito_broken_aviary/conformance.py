"""Aviary's harness, for the twin."""

from __future__ import annotations

from bonito_aviary.conformance import AviaryHarness


class BrokenAviaryHarness(AviaryHarness):
    """The same cloud, the same credentials, another plugin."""

    plugin = "bonito_broken_aviary.plugin:provider"
