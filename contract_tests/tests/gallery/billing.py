"""Plans that cost while nobody calls."""

from __future__ import annotations

from bonito_aviary.choosing import Choice
from bonito_aviary.plugin import Aviary
from bonito_aviary.rows import ModelRow, SkuRow
from bonito_providers import Action, DeploymentRequest
from contract_tests.tests.gallery.broken import broken


class Agreeing(Aviary):
    """Honest so far, but for agreeing to the hour in the customer's name."""

    def consents_for(
        self, row: ModelRow, sku: SkuRow | None, request: DeploymentRequest
    ) -> tuple[Action, ...]:
        needed = super().consents_for(row, sku, request)
        return tuple(each for each in needed if "hour" not in each.title)


@broken(
    "PLAN-16",
    incident="A model was deployed on reserved capacity, and billed day and night without a call.",
    source="monolith: services/model_activation.py, provisioned throughput as the way to deploy",
)
class PrefersTheHour(Agreeing):
    def sku_for(self, row: ModelRow, asked: str | None) -> Choice[SkuRow]:
        offered = {each.name for each in row.skus or ()}
        unasked = "dedicated" if "dedicated" in offered else None
        return super().sku_for(row, asked or unasked)


@broken(
    "PLAN-16",
    incident="Where a model was offered by the hour alone, nobody was asked before it was paid.",
    source="aws_gcp: custom models want provisioned throughput, billed by the hour",
)
class TakesTheHourWhereThereIsNothingElse(Agreeing):
    """Asks neither while planning nor while deploying."""
