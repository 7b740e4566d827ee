"""How the contract suite gets at Foundry: `bonito-contract run azure_foundry`.

Nothing else of this package imports it: it needs the extra `conformance`.
"""

from __future__ import annotations

from bonito_azure_foundry.conformance.harness import FoundryHarness

__all__ = ["FoundryHarness"]
