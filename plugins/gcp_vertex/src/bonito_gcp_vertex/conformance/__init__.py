"""How the contract suite judges this provider; needs the extra ``conformance``."""

from __future__ import annotations

from bonito_gcp_vertex.conformance.harness import VertexHarness

__all__ = ["VertexHarness"]
