"""How the contract suite gets at the plugin: `bonito-contract run openai_compatible`.

Nothing else of this package imports it: it needs the extra `conformance`.
"""

from __future__ import annotations

from bonito_openai_compatible.conformance.harness import OpenAICompatibleHarness

__all__ = ["OpenAICompatibleHarness"]
