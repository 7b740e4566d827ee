"""A plugin that nobody can take for honest: a run that does not catch it proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.plugins import plugin_of
from bonito_contract_tests.runner import Outcome, run_check
from bonito_providers import Connection, Listing, Model, hookimpl
from bonito_providers.conformity import HOOKS

if TYPE_CHECKING:
    from bonito_contract_tests.stage import Stage
    from contract_tests.tests.gallery.bases import Base

CHECK = "LIST-01"


def listing_nothing(honest: Any) -> object:
    """Return the same plugin, which lists no model and calls that complete."""

    @hookimpl
    async def list_models(connection: Connection) -> Listing[Model]:
        found: Listing[Model] = await honest.list_models(connection)
        return found.model_copy(update={"items": ()})

    hooks = {name: getattr(honest, name) for name in HOOKS if hasattr(honest, name)}
    return SimpleNamespace(**{**hooks, "list_models": list_models})


def must_catch_the_canary(
    stage: Stage, base: Base, canary: Callable[[Any], object] = listing_nothing
) -> None:
    """Go on only if a check passes the honest plugin and fails the canary, by its verdict.

    Args:
        stage: Where the run will take place.
        base: The honest provider.
        canary: Makes the planted plugin of the honest one.

    Raises:
        RuntimeError: It does not: whatever this run says of other plugins is void.
    """
    check = next(each for each in all_checks() if each.id == CHECK)
    honest, planted = base.harness(), base.harness()
    made: Any = canary(plugin_of(honest))
    planted.plugin = made
    found = []
    for stage.harness in (honest, planted):
        found.append(run_check(check, stage).outcome)
    if found != [Outcome.PASSED, Outcome.FAILED]:
        message = f"VOID: {CHECK} came to {found} for the honest {base.name} and the canary"
        raise RuntimeError(message)
