"""Bedrock keeps the contract: every check of the suite, against the emulated cloud."""

from __future__ import annotations

from bonito_aws_bedrock.conformance import BedrockHarness
from bonito_contract_tests import ContractSuite

conformance = ContractSuite(BedrockHarness())
