"""Foundry keeps the contract: every check of the suite, against the emulated cloud."""

from __future__ import annotations

from bonito_azure_foundry.conformance import FoundryHarness
from bonito_contract_tests import ContractSuite

conformance = ContractSuite(FoundryHarness())
