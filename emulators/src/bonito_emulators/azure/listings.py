"""The listings of the data planes: base models twice, deployments twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import authentication, errors
from bonito_emulators.azure.accounts import serves_foundry
from bonito_emulators.azure.openai import admit_classic, admit_v1
from bonito_emulators.azure.replies import json_reply

if TYPE_CHECKING:
    from starlette.responses import Response

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.call import Call
    from bonito_emulators.azure.catalogue import CatalogueModel
    from bonito_emulators.azure.deployments import Deployment

# The last version that serves the listing of deployments; later ones give 404.
LISTING_API_VERSION = "2023-03-15-preview"
PROJECT_API_VERSION = "v1"
_CREATED = 1_760_000_000
_PROJECT_QUERY = frozenset({"modelPublisher", "modelName", "deploymentType", "skip"})


def v1_models(call: Call) -> Response:
    """Serves `GET /openai/v1/models`: the region's base models, not the deployments."""
    admit_v1(call)
    data = [
        {**_base_model(model), "created": _CREATED, "owned_by": "organization-owner"}
        for model in call.account.catalogue
    ]
    return json_reply({"object": "list", "data": data})


def classic_models(call: Call) -> Response:
    """Serves `GET /openai/models`: the same in the classic shape."""
    admit_classic(call)
    data = [
        {**_base_model(model), "status": "succeeded", "created_at": _CREATED}
        for model in call.account.catalogue
    ]
    return json_reply({"object": "list", "data": data})


def deployments(call: Call) -> Response:
    """Serves `GET /openai/deployments`, the undocumented way to see what stands."""
    authentication.authenticate(call, authentication.LISTING)
    version = call.query_value("api-version")
    if not call.account.legacy_listing or version != LISTING_API_VERSION:
        raise errors.resource_not_found()
    data = [
        {
            "id": deployment.name,
            "model": deployment.model,
            "status": deployment.listed_status,
            "object": "deployment",
            "created_at": deployment.created_at,
            "updated_at": deployment.created_at,
            "owner": "organization-owner",
            "scale_settings": {"scale_type": "standard"},
        }
        for deployment in call.account.standing()
    ]
    return json_reply({"object": "list", "data": data})


def project_deployments(call: Call) -> Response:
    """Serves `GET /api/projects/{project}/deployments`, page by page."""
    if not serves_foundry(call.exchange.host):
        raise errors.resource_not_found()
    presented = authentication.authenticate(call, authentication.PROJECT)
    if presented == "key" and not call.account.project_listing_accepts_key:
        raise errors.access_denied()
    if call.query_value("api-version", allowed=_PROJECT_QUERY) != PROJECT_API_VERSION:
        raise errors.api_version_not_supported()
    if call.parameters["project"] not in call.account.projects:
        raise errors.resource_not_found()
    return json_reply(_page(call, _matching(call)))


def _matching(call: Call) -> list[dict[str, Any]]:
    items = [_project_item(call.account, item) for item in call.account.standing()]
    filters = {"modelPublisher": "modelPublisher", "modelName": "modelName"}
    for parameter, key in filters.items():
        wanted = call.query_value(parameter, allowed=_PROJECT_QUERY | {"api-version"})
        items = [item for item in items if wanted in (None, item[key])]
    return items


def _page(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Cuts one page; the link to the next is absolute and to be followed as it is."""
    skip = call.query_value("skip", allowed=_PROJECT_QUERY | {"api-version"}) or "0"
    start = int(skip) if skip.isdecimal() else 0
    end = start + call.account.project_page_size
    page: dict[str, Any] = {"value": items[start:end]}
    if end < len(items):
        kept = [part for part in call.query.split("&") if not part.startswith("skip=")]
        query = "&".join([*kept, f"skip={end}"])
        page["nextLink"] = f"https://{call.exchange.host}{call.path}?{query}"
    return page


def _project_item(account: Account, deployment: Deployment) -> dict[str, Any]:
    model = account.model_of(deployment)
    flags = {"chat_completion": model.kind == "chat", "embeddings": model.kind == "embeddings"}
    return {
        "name": deployment.name,
        "type": "ModelDeployment",
        "modelName": model.name,
        "modelVersion": model.version,
        "modelPublisher": model.format,
        "capabilities": {name: "true" for name, present in flags.items() if present},
        "sku": {"name": deployment.sku, "capacity": deployment.capacity},
    }


def _base_model(model: CatalogueModel) -> dict[str, Any]:
    retirement = model.retirement
    return {
        "id": model.id,
        "object": "model",
        "capabilities": model.capabilities(),
        "lifecycle_status": model.lifecycle_status,
        "deprecation": {} if retirement is None else {"inference": retirement},
    }
