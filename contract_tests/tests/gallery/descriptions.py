"""Models told to be what they are not."""

from __future__ import annotations

from typing import Any

from bonito_aviary.plugin import Aviary
from bonito_aviary.rows import CardRow, ModelRow
from bonito_providers import Connection, Model
from contract_tests.tests.gallery.broken import broken


class Told(Aviary):
    """Honest so far; its children tell something else of every model."""

    def told(self, model: Model) -> dict[str, Any]:
        raise NotImplementedError

    def model(self, connection: Connection, row: ModelRow, version: str | None) -> Model:
        model = super().model(connection, row, version)
        return model.model_copy(update=self.told(model))


@broken(
    "LIST-18",
    incident="Everything was taken for a chat, also what draws and what embeds.",
    source="monolith: providers/gcp_vertex.py, list_models, aws_gcp row 15",
)
class EverythingChats(Told):
    def told(self, model: Model) -> dict[str, Any]:
        return {"kind": "chat"}


@broken(
    "LIST-18",
    incident="Context windows were twice what the model took, and long calls failed.",
    source="monolith: context windows written by hand",
)
class DoublesTheWindow(Told):
    def told(self, model: Model) -> dict[str, Any]:
        return {"context_window": 2 * model.context_window if model.context_window else None}


@broken(
    "LIST-18",
    incident="Partners' models were shown as the cloud's own, with no terms to accept.",
    source="azure: marketplace models look like all others in the catalogue",
)
class PartnersAreOurOwn(Told):
    def told(self, model: Model) -> dict[str, Any]:
        return {"sold_by": "first_party", "terms_needed": False}


@broken(
    "LIST-18",
    incident="Models that nobody had a price for were shown with the price of a cheap one.",
    source="monolith: gateway.py compute_request_cost matches substrings (row 22)",
)
class BorrowsAPrice(Told):
    def told(self, model: Model) -> dict[str, Any]:
        return {"price_key": model.price_key or "aviary/finch"}


@broken(
    "LIST-18",
    incident="A key saw models by another maker than the account that held it.",
    source="peers: two catalogues that are joined by nothing",
)
class TellsAKeySomethingElse(Aviary):
    def card(self, connection: Connection, row: CardRow) -> Model:
        return super().card(connection, row).model_copy(update={"canonical_name": "bird"})


@broken(
    "LIST-18",
    incident="A SKU that was named in an example was offered for every model.",
    source="peers: Standard written into code, and refused in half of the regions",
)
class OffersWhatIsNotOffered(Told):
    def told(self, model: Model) -> dict[str, Any]:
        return {"skus": None if model.skus is None else model.skus[:1] * 2}
