"""The provider keeps the contract: every check of the suite, against the emulated services."""

from __future__ import annotations

from bonito_contract_tests import ContractSuite
from bonito_openai_compatible.conformance import OpenAICompatibleHarness

conformance = ContractSuite(OpenAICompatibleHarness())
