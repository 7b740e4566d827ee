"""What no API tells, from `facts.json`: who publishes a model, who sells it, what it is for."""

from __future__ import annotations

from bonito_azure_arm.facts import OPENAI, DataFile, openai_price_key


def price_key(name: str, version: str | None, format: str | None) -> str | None:
    """Return the row of LiteLLM's price file: ``azure/`` for OpenAI's models, else ``azure_ai/``.

    LiteLLM prices OpenAI's models by version where the version is a date.
    """
    if format is None:
        return None
    return openai_price_key(name, version) if format == OPENAI else f"azure_ai/{name.lower()}"


DATA = DataFile("bonito_azure_foundry", price_key)

facts_of = DATA.facts_of
describe = DATA.describe
