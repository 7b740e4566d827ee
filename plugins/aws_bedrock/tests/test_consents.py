"""What a consent is given to: the offer that the plan shows, and no other."""

from __future__ import annotations

import pytest

from bonito_emulators import Fault
from bonito_emulators.aws import Account, AWSCloud
from bonito_emulators.faults import Respond
from bonito_providers import Connection
from bonito_providers.errors import PlanRefused
from plugins.aws_bedrock.tests.journey import CLAUDE

pytestmark = pytest.mark.anyio


async def test_an_offer_is_accepted_only_as_the_plan_shows_it(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    plan = await connection.provider.plan_deployment(connection, CLAUDE)
    assert any("https://example.invalid/terms.pdf" in each for each in plan.warnings)
    assert any("0.005 USD for 1K input tokens" in each for each in plan.warnings)
    dearer = {"description": "1K input tokens", "price": "5.00"}
    offer = {
        "offerId": "offer-emulated",
        "offerToken": f"offer-token-of-{CLAUDE.model}",
        "termDetails": {"usageBasedPricingTerm": {"rateCard": [dearer]}},
    }
    place = "/list-foundation-model-agreement-offers"
    answer = Respond(200, {}, {"offers": [offer]})
    cloud.faults.add(Fault(action=answer, path_prefix=place, times=None))
    with pytest.raises(PlanRefused, match="not the one that the plan shows"):
        await connection.provider.deploy(connection, plan)
    assert account.bill == []
    shown = await connection.provider.plan_deployment(connection, CLAUDE)
    assert any("5.00 USD" in each for each in shown.warnings)
    await connection.provider.deploy(connection, shown)
    assert "agreed" in [each.happening for each in account.bill]


async def test_an_offer_that_comes_up_after_the_plan_is_accepted_by_no_consent_given_before(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    green = {"modelId": CLAUDE.model, "agreementAvailability": {"status": "AVAILABLE"}}
    place = "/foundation-model-availability"
    cloud.faults.add(Fault(action=Respond(200, {}, green), path_prefix=place))
    plan = await connection.provider.plan_deployment(connection, CLAUDE)
    with pytest.raises(PlanRefused, match="not the one that the plan shows"):
        await connection.provider.deploy(connection, plan)
    assert account.bill == []


async def test_another_token_for_the_same_offer_is_the_same_offer(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    place = "/list-foundation-model-agreement-offers"
    offer = {"offerId": "one", "termDetails": {"legalTerm": {"url": "https://example.invalid/"}}}
    for token in ("of-another-look", f"offer-token-of-{CLAUDE.model}"):
        answer = Respond(200, {}, {"offers": [{**offer, "offerToken": token}]})
        cloud.faults.add(Fault(action=answer, path_prefix=place))
    plan = await connection.provider.plan_deployment(connection, CLAUDE)
    await connection.provider.deploy(connection, plan)
    assert "agreed" in [each.happening for each in account.bill]
