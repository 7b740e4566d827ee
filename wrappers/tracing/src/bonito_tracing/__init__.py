"""OpenTelemetry spans around every call to a provider."""

from __future__ import annotations

from bonito_tracing.tracing import Tracing

__all__ = ["Tracing"]
