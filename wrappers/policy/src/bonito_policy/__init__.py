"""Refuses deployments by rules from a file: SKU, capacity, region, publisher."""

from __future__ import annotations

from bonito_policy.policy import Policy

__all__ = ["Policy"]
