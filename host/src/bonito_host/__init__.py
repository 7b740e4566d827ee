"""The reference host of bonito-providers: the `bonito` command and its gateway."""

from __future__ import annotations

__version__ = "1.0.0"
