"""The harness of the fake provider: the smallest that an author writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bonito_contract_tests import Access, Harness, Pasted, Standing
from bonito_providers import DeploymentRequest
from tests.conftest import FIELDS, MANAGING
from tests.fake_provider import plugin
from tests.toy_service import Standing as ToyStanding
from tests.toy_service import ToyService

WRONG = "toy/key+ffffffffffffffffffffffffffffffff=="


class ToyHarness(Harness[ToyService]):
    plugin = plugin
    accesses = (
        Access(name="key", fields=FIELDS, wrong={"api_key": WRONG}),
        Access(name="management", fields=MANAGING, wrong={"api_key": WRONG}),
    )
    deployable = (DeploymentRequest(model="parrot-1"), DeploymentRequest(model="raven-1"))
    adoptable = ("old-raven",)
    unknown_model = DeploymentRequest(model="dodo-1")
    pasted = (Pasted(field="endpoint", value="https://contoso.other.example", same_as=None),)

    def cloud(self) -> ToyService:
        return ToyService(deployments={"old-raven": ToyStanding("raven-1", "someone")})

    def models(self, cloud: ToyService, access: Access) -> Collection[str]:
        return cloud.models

    def standing(self, cloud: ToyService) -> Mapping[str, Standing]:
        return {
            name: Standing(
                model=each.model,
                owned=each.owner == "bonito",
                ready=each.polls_until_ready <= 0,
            )
            for name, each in cloud.deployments.items()
        }

    def fill_catalogue(self, cloud: ToyService, count: int) -> bool:
        cloud.models = (*cloud.models, *(f"sparrow-{number:03}" for number in range(count)))
        return True

    def put_outside(self, cloud: ToyService, name: str, model: str) -> None:
        cloud.deployments[name] = ToyStanding(model, "someone")

    def remove_outside(self, cloud: ToyService, name: str) -> None:
        cloud.deployments.pop(name, None)

    def creations(self, cloud: ToyService) -> Sequence[str]:
        return tuple(cloud.created)

    def paginate(self, cloud: ToyService, size: int) -> bool:
        cloud.page_size = size
        return True

    def slow_down(self, cloud: ToyService) -> bool:
        cloud.slowness = 2
        return True

    def be_busy(self, cloud: ToyService) -> bool:
        cloud.busy = 1
        return True

    def finish(self, cloud: ToyService) -> None:
        for each in cloud.deployments.values():
            each.polls_until_ready = 0
