"""An account with OpenAI as the contract suite finds it, and the truth about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from bonito_contract_tests import (
    Access,
    Harness,
    ModelTruth,
    Pasted,
    Refusal,
    Route,
    Situation,
    Standing,
)
from bonito_openai_compatible.conformance.emulator import KEY, WRONG_KEY, CompatibleCloud, Offered
from bonito_openai_compatible.conformance.situations import SITUATIONS
from bonito_openai_compatible.conformance.tables import HOST, PASTED, REFUSALS, ROUTES

_CONTOSO = "ft:"
"""What a fine-tune's name begins with; it is its customer's."""


class OpenAICompatibleHarness(Harness[CompatibleCloud]):
    """OpenAI, with a key."""

    plugin = "bonito_openai_compatible.plugin"
    accesses: ClassVar[Sequence[Access]] = (
        Access(
            name="key",
            fields={"base_url": f"https://{HOST}/v1", "api_key": KEY},
            wrong={"api_key": WRONG_KEY},
        ),
    )
    situations: ClassVar[Sequence[Situation]] = SITUATIONS
    refusals: ClassVar[Sequence[Refusal]] = REFUSALS
    pasted: ClassVar[Sequence[Pasted]] = PASTED
    routes: ClassVar[Sequence[Route]] = ROUTES

    def cloud(self) -> CompatibleCloud:
        """Return an account with every known service."""
        return CompatibleCloud()

    def models(self, cloud: CompatibleCloud, access: Access) -> Collection[str]:
        """Return the ids of the catalogue."""
        return [each.id for each in cloud.accounts[HOST].catalogue]

    def described(self, cloud: CompatibleCloud, access: Access) -> Mapping[str, ModelTruth]:
        """Return what is true of the models; the service shows nothing but their names."""
        return {each.id: _truth(each) for each in cloud.accounts[HOST].catalogue}

    def standing(self, cloud: CompatibleCloud) -> Mapping[str, Standing]:
        """Return what can be called: every model of the catalogue."""
        catalogue = cloud.accounts[HOST].catalogue
        return {each.id: Standing(model=each.id, owned=False, kind=each.kind) for each in catalogue}

    def creations(self, cloud: CompatibleCloud) -> Sequence[str]:
        """Nothing is ever created."""
        return ()

    def fill_catalogue(self, cloud: CompatibleCloud, count: int) -> bool:
        """Offer that many more models."""
        more = [Offered(f"gpt-4o-copy-{number:03}") for number in range(count)]
        cloud.accounts[HOST].catalogue += more
        return True

    def put_outside(self, cloud: CompatibleCloud, name: str, model: str) -> bool:
        """Nobody deploys here: the catalogue is the service's own."""
        return False

    def remove_outside(self, cloud: CompatibleCloud, name: str) -> bool:
        """Nobody deletes here."""
        return False


def _truth(model: Offered) -> ModelTruth:
    own = not model.id.startswith(_CONTOSO)
    return ModelTruth(
        kind=model.kind,
        publisher="OpenAI" if own else None,
        sold_by="first_party" if own else None,
        price_key=model.id,
    )
