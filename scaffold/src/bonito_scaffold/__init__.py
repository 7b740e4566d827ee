"""Writes a new provider package that is conformant as written.

`TEMPLATE` is a copier template: ``copier copy`` takes it as well as ``bonito new-provider`` does.
"""

from __future__ import annotations

from pathlib import Path

TEMPLATE = Path(__file__).parent / "template"
"""The folder with the template and its questions, `copier.yml`."""

__all__ = ["TEMPLATE"]
