"""Microsoft Foundry, formerly Azure AI Foundry, as a provider: one endpoint, every publisher."""
