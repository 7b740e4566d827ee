"""Vertex AI keeps the contract: every check of the suite, against the emulated cloud."""

from __future__ import annotations

from bonito_contract_tests import ContractSuite
from bonito_gcp_vertex.conformance import VertexHarness

conformance = ContractSuite(VertexHarness())
