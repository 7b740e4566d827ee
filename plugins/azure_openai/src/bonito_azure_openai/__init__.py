"""Azure OpenAI as a provider, in the form that predates Microsoft Foundry."""
