"""Deployments in ARM: what is answered when they are listed, made, changed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import arm_deployment_errors, arm_errors
from bonito_emulators.azure.arm_deployment_changes import change, create, remove
from bonito_emulators.azure.arm_deployment_rules import check_name, check_order, check_sku
from bonito_emulators.azure.arm_deployment_wire import (
    read_order,
    read_patch,
    read_sku,
    read_tags,
    shown,
)
from bonito_emulators.azure.arm_operations import header_of
from bonito_emulators.azure.arm_pages import listing as page_of
from bonito_emulators.azure.deployments import Deployment

if TYPE_CHECKING:
    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.arm_call import ArmCall
    from bonito_emulators.azure.arm_catalogue import Entry
    from bonito_emulators.azure.arm_deployment_wire import Order
    from bonito_emulators.azure.errors import Refusal


def listing(call: ArmCall) -> Response:
    """Serves `GET accounts/{account}/deployments`."""
    account = call.account(parent=True)
    for deployment in account.standing():
        _look(deployment)
    return page_of(call, [_shown(call, account, each) for each in account.standing()])


def get(call: ArmCall) -> Response:
    """Serves `GET deployments/{deployment}`; a look at an operation under way."""
    account = call.account(parent=True)
    if (deployment := _find(call, account)) is not None:
        _look(deployment)
    return _reply(call, account, _standing(call, account), status=200)


def put(call: ArmCall) -> Response:
    """Serves `PUT deployments/{deployment}`: makes it, or changes what stands.

    Assumed: a change is done at once, and one of what failed is a new attempt.
    """
    account = call.account(parent=True)
    check_name(call.parameters["deployment"])
    order = read_order(call)
    _refuse_while_busy(account)
    standing = _find(call, account)
    entry, capacity = check_order(call, account, order, standing=standing)
    wanted = _ordered(call, entry, order, capacity)
    if standing is None or standing.provisioning_state == "Failed":
        operation = create(call, account, wanted, entry)
        response = _reply(call, account, wanted, status=201 if standing is None else 200)
        if operation is not None:
            response.headers.update(header_of(call.state, operation))
        return response
    change(
        call,
        account,
        standing,
        version=wanted.version,
        sku=wanted.sku,
        capacity=wanted.capacity,
        tags=wanted.tags,
        rai_policy=wanted.rai_policy,
        version_upgrade_option=wanted.version_upgrade_option,
    )
    return _reply(call, account, standing, status=200)


def patch(call: ArmCall) -> Response:
    """Serves `PATCH deployments/{deployment}`: tags, or the capacity of its SKU."""
    account = call.account(parent=True)
    body = read_patch(call)
    tags, (sku, given) = read_tags(body), read_sku(call, body)
    _refuse_while_busy(account)
    standing = _standing(call, account)
    name, capacity = sku or standing.sku, standing.capacity
    entry = call.state.entry_of(account, standing)
    if "sku" in body and entry is not None:
        capacity = check_sku(call, account, entry, name, given, standing=standing)
    kept = standing.tags if tags is None else tags
    change(call, account, standing, sku=name, capacity=capacity, tags=kept)
    return _reply(call, account, standing, status=200)


def delete(call: ArmCall) -> Response:
    """Serves `DELETE deployments/{deployment}`: 200 without a body, 204 when none stands."""
    account = call.account(parent=True)
    _refuse_while_busy(account)
    deployment = _find(call, account)
    if deployment is None:
        return Response(status_code=204)
    operation = remove(call, account, deployment)
    if operation is None:
        return Response(status_code=200)
    by_code = account.deletion.shape == "location"
    return Response(status_code=202, headers=header_of(call.state, operation, by_code=by_code))


def _ordered(call: ArmCall, entry: Entry, order: Order, capacity: int) -> Deployment:
    return Deployment(
        name=call.parameters["deployment"],
        model=entry.name,
        version=entry.version,
        sku=order.sku or "",
        capacity=capacity,
        tags=order.tags,
        rai_policy=order.rai_policy,
        version_upgrade_option=order.upgrade,
        created_at=int(call.state.clock.now().timestamp()),
        created_by=call.token.application.client_id,
    )


def _reply(call: ArmCall, account: Account, deployment: Deployment, *, status: int) -> Response:
    return JSONResponse(_shown(call, account, deployment), status_code=status)


def _shown(call: ArmCall, account: Account, deployment: Deployment) -> dict[str, Any]:
    entry = call.state.entry_of(account, deployment)
    return shown(account, deployment, entry, api_version=call.api_version)


def _find(call: ArmCall, account: Account) -> Deployment | None:
    """Finds the deployment in the path; upper and lower case are the same to ARM."""
    wanted = call.parameters["deployment"].lower()
    return next((each for each in account.standing() if each.name.lower() == wanted), None)


def _standing(call: ArmCall, account: Account) -> Deployment:
    deployment = _find(call, account)
    if deployment is None:
        raise _not_found(call)
    return deployment


def _not_found(call: ArmCall) -> Refusal:
    name = f"accounts/{call.parameters['account']}/deployments/{call.parameters['deployment']}"
    return arm_errors.resource_not_found(name, call.parameters["group"])


def _look(deployment: Deployment) -> None:
    if deployment.operation is not None:
        deployment.operation.look()


def _refuse_while_busy(account: Account) -> None:
    if account.writes.busy():
        raise arm_deployment_errors.another_operation(account.id)
