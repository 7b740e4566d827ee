"""Run the command by ``python -m bonito_host``."""

from __future__ import annotations

from bonito_host.cli import main

main()
