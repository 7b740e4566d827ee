"""How the contract suite gets at Azure OpenAI: `bonito-contract run azure_openai`.

Nothing else of this package imports it: it needs the extra `conformance`.
"""

from __future__ import annotations

from bonito_azure_openai.conformance.harness import OpenAIHarness

__all__ = ["OpenAIHarness"]
