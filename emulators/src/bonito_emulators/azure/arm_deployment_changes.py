"""How deployments come, change and go, at once or in a long operation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from bonito_emulators.azure.clock import Pace, Progress
from bonito_emulators.azure.operations import Creation, Failure, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.arm_call import ArmCall
    from bonito_emulators.azure.arm_catalogue import Entry
    from bonito_emulators.azure.deployments import Deployment

# About what it took in the one report: Azure-Samples/claude#62.
_MARKETPLACE_PACE = Pace(seconds=320)


def create(
    call: ArmCall, account: Account, deployment: Deployment, entry: Entry
) -> Operation | None:
    """Deploys; gives the operation where its header has to be polled."""
    creation = _creation(call, account, deployment, entry)
    clock = call.state.clock
    _serve(account, entry)

    def ended(succeeded: bool) -> None:  # noqa: FBT001 - the signature is the operation's
        deployment.provisioning_state = "Succeeded" if succeeded else "Failed"
        deployment.propagation = Progress(creation.propagation, clock=clock)
        deployment.wiring = Progress(creation.wiring, clock=clock)
        call.state.bill.add("created" if succeeded else "failed", account, deployment)

    account.add(deployment)
    account.writes.hold(account.settling)
    if creation.shape == "immediate":
        ended(succeeded=True)
        return None
    operation = _begin(
        call,
        account,
        deployment,
        state=creation.pending_state,
        pace=creation.pace,
        failure=creation.failure,
        ended=ended,
    )
    return operation if creation.shape == "header" else None


def change(call: ArmCall, account: Account, deployment: Deployment, **attributes: Any) -> None:  # noqa: ANN401 - as many types as attributes
    """Changes attributes of what stands; nothing happens when they are as they were."""
    if all(getattr(deployment, name) == value for name, value in attributes.items()):
        return
    for name, value in attributes.items():
        setattr(deployment, name, value)
    deployment.modified_at = call.state.clock.now()
    account.writes.hold(account.settling)
    call.state.bill.add("updated", account, deployment)


def remove(call: ArmCall, account: Account, deployment: Deployment) -> Operation | None:
    """Deletes; gives the operation where it takes a while."""

    def ended(_succeeded: bool) -> None:  # noqa: FBT001 - the signature is the operation's
        account.remove(deployment.name)
        call.state.bill.add("deleted", account, deployment)

    account.writes.hold(account.settling)
    deletion = account.deletion
    if deletion.shape == "immediate":
        ended(_succeeded=True)
        return None
    return _begin(
        call,
        account,
        deployment,
        state="Deleting",
        pace=deletion.pace,
        failure=None,
        ended=ended,
    )


def _begin(
    call: ArmCall,
    account: Account,
    deployment: Deployment,
    *,
    state: str,
    pace: Pace,
    failure: Failure | None,
    ended: Callable[[bool], None],
) -> Operation:
    operation = Operation(
        subscription=call.subscription.id,
        location=call.state.location(account.region) or account.region,
        pending=state,
        pace=pace,
        clock=call.state.clock,
        failure=failure,
        ended=ended,
    )
    deployment.provisioning_state, deployment.operation = state, operation
    account.writes.begin(operation)
    return operation


def _creation(call: ArmCall, account: Account, deployment: Deployment, entry: Entry) -> Creation:
    """Gives how it goes on; where buying fails, that is said minutes later and by the header."""
    creation = account.creations.get(deployment.name, account.creation)
    failure = call.subscription.marketplace_failure
    if failure is None or not entry.marketplace:
        return creation
    pace = _MARKETPLACE_PACE if creation.shape == "immediate" else creation.pace
    return dataclasses.replace(creation, shape="header", pace=pace, failure=failure)


def _serve(account: Account, entry: Entry) -> None:
    """Lets the data planes answer for a model that only ARM's catalogue had."""
    served = entry.served_model()
    if not any(
        (each.name, each.version) == (served.name, served.version) for each in account.catalogue
    ):
        account.catalogue = (*account.catalogue, served)
