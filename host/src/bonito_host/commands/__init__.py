"""The subcommands, one module each, imported when one is called."""

from __future__ import annotations
