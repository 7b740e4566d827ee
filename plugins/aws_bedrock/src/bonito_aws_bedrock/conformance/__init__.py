"""How the contract suite gets at Bedrock: `bonito-contract run aws_bedrock`.

Nothing else of this package imports it: it needs the extra `conformance`.
"""

from __future__ import annotations

from bonito_aws_bedrock.conformance.harness import BedrockHarness

__all__ = ["BedrockHarness"]
