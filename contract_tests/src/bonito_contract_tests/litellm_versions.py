"""The LiteLLM releases by which entries are proved, and why others are not among them.

Measured in November 2026 with the gateway family of this suite: each release installed by itself
into an empty environment, called on every route of several providers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Release:
    """One release.

    Attributes:
        version: As it is installed: exactly this one, since two releases were compromised.
        reason: Why it is, or is not, among those that entries must work with.
    """

    version: str
    reason: str


PINNED: Final = "1.105.3"
"""What this distribution depends on, and every run calls."""

SUPPORTED: Final = (
    Release("1.101.6", "the oldest that takes azure_ai/ at its word on that prefix's own host"),
    Release("1.102.4", "installs, and every route arrives as documented"),
    Release("1.103.7", "installs, and every route arrives as documented"),
    Release("1.104.5", "installs, and every route arrives as documented"),
    Release(PINNED, "the newest that installs and takes tools without further packages"),
)
"""The oldest first; it and the pinned one are tried, the others were when the list was made."""

UNFIT: Final = (
    Release("1.82.7", "compromised: steals credentials"),
    Release("1.82.8", "compromised: steals credentials at every start of Python"),
    Release("1.91.5", "sends azure_ai/gpt-4o to another path, by the deployment's name"),
    Release("1.99.4", "sends azure_ai/gpt-4o to another path, by the deployment's name"),
    Release("1.100.5", "sends azure_ai/gpt-4o to another path, by the deployment's name"),
    Release("1.106.2", "raises on every call with tools unless the package mcp is there"),
    Release("1.109.1", "asks for a certifi that is not published"),
)
"""Releases that somebody might think of, and what keeps them out."""
