"""What may be written, and what becomes of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import Field

from bonito_aviary.emulator.request import Refusal, Reply
from bonito_aviary.emulator.schema import Strict, read_body
from bonito_aviary.emulator.state import (
    API_VERSION,
    MANAGE,
    Charge,
    Deployment,
    model_of,
    sku_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_aviary.emulator.request import Request
    from bonito_aviary.emulator.service import AviaryService
    from bonito_aviary.emulator.state import Account

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_FAILURES = {
    "quota_exceeded": "the quota was used up in the meantime",
    "terms_required": "the partner's terms were withdrawn",
}


class Order(Strict):
    """The body of a PUT."""

    model: str
    version: str
    sku: str
    capacity: int = Field(ge=1)
    tags: dict[str, str] = Field(default_factory=dict)
    accept_terms: bool = False


def answer(service: AviaryService, account: Account, request: Request, name: str) -> Reply:
    """Answer a call to one deployment.

    Raises:
        Refusal: The service does not do that.
    """
    if request.method == "PUT":
        return _put(service, account, name, read_body(request, Order))
    if request.method not in ("GET", "DELETE"):
        request.no_such_path()
    if request.method == "DELETE":
        return _delete(service, account, name)
    found = account.looked_at(name)
    if found is None:
        raise Refusal(404, "deployment_not_found", f"there is no deployment {name}")
    return Reply(_with_operation(account, found))


def operation(account: Account, identity: str, *, ticket: str) -> Reply:
    """Tell how the building of a deployment stands.

    Raises:
        Refusal: There is no such operation, or the ticket is not its own.
    """
    found = next((each for each in account.deployments.values() if _id(each) == identity), None)
    if found is None:
        raise Refusal(404, "operation_not_found", "the operation is forgotten")
    if ticket != found.ticket:
        raise Refusal(403, "bad_ticket", "the ticket is not the operation's")
    if found.state != "failed":
        status = "running" if found.state == "building" else "succeeded"
        return Reply({"status": status, "error": None})
    code = found.failure or "internal"
    message = _FAILURES.get(code, "the model did not start")
    return Reply({"status": "failed", "error": {"code": code, "message": message}})


def shown(deployment: Deployment) -> dict[str, Any]:
    """Return a deployment as management shows it."""
    return {
        "name": deployment.name,
        "model": deployment.model,
        "version": deployment.version,
        "kind": deployment.kind,
        "sku": deployment.sku,
        "capacity": deployment.capacity,
        "tags": dict(deployment.tags),
        "state": deployment.state,
    }


def _with_operation(account: Account, deployment: Deployment) -> dict[str, Any]:
    if deployment.state not in ("building", "failed"):
        return shown(deployment)
    path = f"/accounts/{account.id}/operations/{_id(deployment)}"
    query = f"version={API_VERSION}&ticket={deployment.ticket}"
    return {**shown(deployment), "operation": f"https://{MANAGE}{path}?{query}"}


def _put(service: AviaryService, account: Account, name: str, order: Order) -> Reply:
    if not _NAME.fullmatch(name):
        raise Refusal(400, "bad_name", "2 to 40 small letters, digits and hyphens")
    if service.busy > 0:
        service.busy -= 1
        raise Refusal(409, "busy", "another write is under way on this account")
    model = _model(service, order)
    standing = account.deployments.get(name)
    if standing is not None and standing.model != order.model:
        raise Refusal(409, "taken", f"{name} is a deployment of {standing.model}")
    if standing is not None and standing.state != "failed" and _same(standing, order):
        return Reply(_with_operation(account, standing))
    if standing is not None and standing.state in ("building", "removing"):
        raise Refusal(409, "busy", f"another write is under way on {name}")
    _refuse_quota(service, account, order, standing)
    made = _built(service, name, order, kind=str(model["kind"]))
    if standing is not None:
        made.tags = standing.tags
    account.deployments[name] = made
    if standing is None or standing.sku != made.sku or standing.state == "failed":
        service.bill.append(Charge("created", account.name, name, made.sku))
    return Reply(_with_operation(account, made), status=200 if standing else 201)


def _built(service: AviaryService, name: str, order: Order, *, kind: str) -> Deployment:
    service.writes += 1
    return Deployment(
        name=name,
        model=order.model,
        version=order.version,
        kind=kind,
        sku=order.sku,
        capacity=order.capacity,
        tags=order.tags,
        looks=service.build_looks,
        failure=service.fail_build,
        number=service.writes,
    )


def _delete(service: AviaryService, account: Account, name: str) -> Reply:
    standing = account.deployments.get(name)
    if standing is None:
        raise Refusal(404, "deployment_not_found", f"there is no deployment {name}")
    if service.busy > 0:
        service.busy -= 1
        raise Refusal(409, "busy", "another write is under way on this account")
    if standing.state != "removing":
        standing.state, standing.looks = "removing", service.removal_looks
        service.bill.append(Charge("deleted", account.name, name, standing.sku))
    return Reply(shown(standing), status=202)


def _model(service: AviaryService, order: Order) -> Mapping[str, Any]:
    """Return the row of the model that is ordered, if it can be had that way."""
    row = model_of(service.catalogue, order.model)
    if row is None:
        raise Refusal(404, "model_not_found", f"there is no model {order.model}")
    if order.version not in {each["version"] for each in row["versions"]}:
        raise Refusal(404, "model_not_found", f"{order.model} has no version {order.version}")
    if row["lifecycle"] == "retired":
        raise Refusal(400, "model_retired", f"{order.model} is retired")
    if row["terms"] and not order.accept_terms:
        raise Refusal(403, "terms_required", f"the terms of {row['publisher']} are not accepted")
    _refuse_sku(service, row, order)
    return row


def _refuse_sku(service: AviaryService, row: Mapping[str, Any], order: Order) -> None:
    # Where the catalogue does not tell, the model is shared.
    if row["skus"] is None and order.sku == "shared":
        return
    sku = sku_of(service.catalogue, order.model, order.sku)
    if sku is None:
        raise Refusal(400, "sku_not_offered", f"{order.model} is not offered as {order.sku}")
    bounds = sku["capacity"]
    fits = bounds["min"] <= order.capacity <= bounds["max"]
    if not fits or (order.capacity - bounds["min"]) % bounds["step"]:
        raise Refusal(400, "capacity_out_of_bounds", f"the bounds are {bounds}")


def _refuse_quota(
    service: AviaryService, account: Account, order: Order, standing: Deployment | None
) -> None:
    key = (sku_of(service.catalogue, order.model, order.sku) or {}).get("quota_key")
    if key is None:
        return
    held = standing.capacity if standing is not None and standing.sku == order.sku else 0
    used = account.used(key, service.catalogue) - held
    limit = account.quota.get(key, 0)
    if used + order.capacity > limit:
        text = f"{key}: {used} of {limit} in use, {order.capacity} asked for"
        raise Refusal(403, "quota_exceeded", text)


def _same(standing: Deployment, order: Order) -> bool:
    asked = (order.model, order.version, order.sku, order.capacity)
    stands = (standing.model, standing.version, standing.sku, standing.capacity)
    return asked == stands and standing.state != "removing"


def _id(deployment: Deployment) -> str:
    return f"op-{deployment.number}"
