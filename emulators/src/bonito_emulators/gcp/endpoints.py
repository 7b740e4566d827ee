"""Endpoints, uploaded models and long operations: reading them, and taking them away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bonito_emulators.gcp import garden, openai_chat, refusals
from bonito_emulators.gcp.projects import Removal
from bonito_emulators.gcp.request import Reply, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_emulators.gcp.projects import Endpoint
    from bonito_emulators.gcp.vertex import Call

_PATH = re.compile(r"/(endpoints|models|operations)(?:/([^/:]+)(:[a-zA-Z]+|/.+)?)?")
_OPERATION = re.compile(r"/(?:endpoints|models)/[^/:]+/operations/([0-9]+)")
_PREFIX = "type.googleapis.com/google.cloud.aiplatform.v1beta1"


def answer(call: Call) -> Reply:
    """Answers a call to one of the three collections.

    Raises:
        Refusal: There is no such call, or nothing of that name.
    """
    if found := _OPERATION.fullmatch(call.rest):
        return _removal(call, found[1])
    match = _PATH.fullmatch(call.rest)
    if match is None:
        raise call.request.no_such_route()
    kind, name, verb = match[1], match[2], match[3] or ""
    if kind == "endpoints" and verb == "/chat/completions":
        return openai_chat.answer(call, endpoint=name)
    if verb == ":undeployModel" and kind == "endpoints" and call.request.method == "POST":
        return _undeploy(call, name)
    if verb or call.request.method not in ("GET", "DELETE"):
        raise call.request.no_such_route()
    if name is None:
        return _listed(call, kind)
    if call.request.method == "DELETE":
        call.request.read_query()
        call.require(f"aiplatform.{kind}.delete", f"{kind}/{name}")
        return _delete_endpoint(call, name) if kind == "endpoints" else _delete_model(call, name)
    return Reply(_one(call, kind, name))


def _listed(call: Call, kind: str) -> Reply:
    query = call.request.read_query("pageSize", "pageToken", "filter", "orderBy")
    call.require(f"aiplatform.{kind}.list", kind)
    if call.request.method != "GET":
        raise call.request.no_such_route()
    standing = [each for each in call.project.endpoints.values() if each.location == call.place]
    for each in standing:
        each.look()
    if kind == "endpoints":
        rows = [_endpoint(call, each) for each in standing]
    elif kind == "operations":
        rows = [garden.operation(call, each) for each in standing if each.operation]
    else:
        places = sorted(call.project.uploaded)
        rows = [_model(call, name) for place, name in places if place == call.place]
    return page(call.request, rows, size=call.cloud.page_size, key=kind, query=query)


def _one(call: Call, kind: str, name: str) -> dict[str, Any]:
    call.request.read_query()
    call.require(f"aiplatform.{kind}.get", f"{kind}/{name}")
    if kind == "models":
        return _model(call, name)
    if kind == "endpoints":
        endpoint = _require(call, name)
        endpoint.look()
        return _endpoint(call, endpoint)
    for each in call.project.endpoints.values():
        if each.operation == name:
            each.look()
            return garden.operation(call, each)
    raise refusals.not_found(f"{call.project.parent(call.place)}/operations/{name}")


def _require(call: Call, name: str) -> Endpoint:
    found = call.project.endpoints.get((call.place, name))
    if found is None:
        parent = f"projects/{call.project.id}/locations/{call.place}"
        raise refusals.not_found(f"{parent}/endpoints/{name}")
    return found


def _endpoint(call: Call, endpoint: Endpoint) -> dict[str, Any]:
    parent = call.project.parent(call.place)
    row: dict[str, Any] = {
        "name": f"{parent}/endpoints/{endpoint.id}",
        "displayName": endpoint.display_name,
        "createTime": "2026-11-01T09:00:00Z",
        "updateTime": "2026-11-01T09:20:00Z",
    }
    if endpoint.state == "deployed":
        resources = {"machineSpec": endpoint.machine, "minReplicaCount": 1, "maxReplicaCount": 1}
        row["deployedModels"] = [
            {
                "id": "4400000000000000001",
                "model": f"{parent}/models/{endpoint.model_id}",
                "displayName": endpoint.publisher_model.rpartition("@")[2],
                "dedicatedResources": resources,
            }
        ]
    return row


def _model(call: Call, name: str) -> dict[str, Any]:
    published = call.project.uploaded.get((call.place, name))
    resource = f"{call.project.parent(call.place)}/models/{name}"
    if published is None:
        raise refusals.not_found(resource)
    return {
        "name": resource,
        "displayName": name,
        "baseModelSource": {"modelGardenSource": {"publicModelName": published}},
    }


def _undeploy(call: Call, name: str) -> Reply:
    call.request.read_query()
    call.require("aiplatform.endpoints.undeploy", f"endpoints/{name}")
    body = call.request.json_object(frozenset({"deployedModelId", "trafficSplit"}))
    endpoint = _require(call, name)
    if endpoint.state != "deployed" or body.get("deployedModelId") != "4400000000000000001":
        raise refusals.not_found(f"deployed model {body.get('deployedModelId')}")
    call.project.charge("deleted", endpoint.id, endpoint.model_name)

    def undeploy() -> None:
        endpoint.state = "undeployed"

    return _begun(call, f"endpoints/{name}", "UndeployModelResponse", undeploy)


def _delete_endpoint(call: Call, name: str) -> Reply:
    endpoint = _require(call, name)
    if endpoint.state in ("deployed", "deploying"):
        raise refusals.failed_precondition(
            f'The Endpoint "{call.project.parent(call.place)}/endpoints/{name}" has deployed or '
            "being-deployed DeployedModel(s)."
        )
    standing, key = call.project.endpoints, (call.place, name)
    return _begun(call, f"endpoints/{name}", "Empty", lambda: standing.pop(key, None))


def _delete_model(call: Call, name: str) -> Reply:
    _model(call, name)
    serving = [
        each
        for each in call.project.endpoints.values()
        if each.model_id == name and each.state in ("deployed", "deploying")
    ]
    if serving:
        raise refusals.failed_precondition(f"The Model {name} is deployed to an Endpoint.")
    uploaded, key = call.project.uploaded, (call.place, name)
    return _begun(call, f"models/{name}", "Empty", lambda: uploaded.pop(key, None))


def _begun(call: Call, resource: str, response: str, apply: Callable[[], object]) -> Reply:
    """Answers with the operation that takes something away, and keeps it."""
    identity = str(8_000_000_000_000_000_000 + len(call.project.removals))
    removal = Removal(
        name=f"{call.project.parent(call.place)}/{resource}/operations/{identity}",
        response=f"{_PREFIX}.{response}",
        apply=apply,
        looks=call.cloud.removal_looks,
    )
    if not removal.looks:
        removal.finish()
    call.project.removals[identity] = removal
    return Reply(removal.content)


def _removal(call: Call, identity: str) -> Reply:
    found = call.project.removals.get(identity)
    if found is None or call.request.method != "GET":
        raise refusals.not_found(f"operations/{identity}")
    found.look()
    return Reply(found.content)
