"""A plugin that nobody can take for honest: a run that does not catch it proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_aviary.conformance import AviaryHarness
from bonito_aviary.plugin import Aviary
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome, run_check

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_contract_tests.stage import Stage
    from bonito_providers import Connection, Listing, Model

CHECK = "LIST-01"


class Canary(Aviary):
    """Lists no model, and calls that complete."""

    async def models(self, connection: Connection) -> Listing[Model]:
        """Return an empty listing."""
        return (await super().models(connection)).model_copy(update={"items": ()})


def must_catch_the_canary(stage: Stage, canary: Callable[[], object] = Canary) -> None:
    """Go on only if a check passes the honest plugin and fails the canary, by its verdict.

    Args:
        stage: Where the run will take place.
        canary: Makes the planted plugin.

    Raises:
        RuntimeError: It does not: whatever this run says of other plugins is void.
    """
    check = next(each for each in all_checks() if each.id == CHECK)
    honest, planted = AviaryHarness(), AviaryHarness()
    made: Any = canary()
    planted.plugin = made
    found = []
    for stage.harness in (honest, planted):
        found.append(run_check(check, stage).outcome)
    if found != [Outcome.PASSED, Outcome.FAILED]:
        message = f"VOID: {CHECK} came to {found} for the honest plugin and the canary"
        raise RuntimeError(message)
