"""`serviceusage.googleapis.com`: whether a project has an API enabled, and enabling it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.gcp.identities import ServiceAccount
    from bonito_emulators.gcp.projects import Project
    from bonito_emulators.gcp.request import Request

HOST = "serviceusage.googleapis.com"
_PREFIX = "type.googleapis.com/google.api.serviceusage.v1"
_SERVICE = re.compile(r"/v1/projects/([^/]+)/services/([^/:]+)(:enable)?")
_OPERATION = re.compile(r"/v1/operations/(acat\.[a-z0-9.-]+)")


def answer(project: Project, account: ServiceAccount, request: Request) -> Reply:
    """Answers a call about the project's services.

    Raises:
        Refusal: The service does not know the call, or does not let this caller make it.
    """
    request.read_query()
    if match := _OPERATION.fullmatch(request.path):
        return Reply(_operation(project, match[1]))
    match = _SERVICE.fullmatch(request.path)
    wanted = "POST" if match and match[3] else "GET"
    if match is None or request.method != wanted or match[2] != refusals.SERVICE:
        raise request.no_such_route()
    permission = f"serviceusage.services.{'enable' if match[3] else 'get'}"
    resource = f"projects/{match[1]}/services/{match[2]}"
    if match[1] not in (project.id, project.number) or permission in account.denied:
        raise refusals.permission_denied(permission, resource, service=HOST)
    if match[3]:
        return Reply(_enabled(project, request))
    return Reply(_service(project))


def _service(project: Project) -> dict[str, Any]:
    parent = f"projects/{project.number}"
    return {
        "name": f"{parent}/services/{refusals.SERVICE}",
        "config": {"name": refusals.SERVICE, "title": "Vertex AI API"},
        "state": "ENABLED" if project.looked_enabled() else "DISABLED",
        "parent": parent,
    }


def _enabled(project: Project, request: Request) -> dict[str, Any]:
    request.json_object(frozenset())
    if project.api_enabled:
        return _done(project, "operations/noop.DONE_OPERATION")
    if not project.billed:
        raise refusals.billing_not_found(project.number)
    project.begin_enabling()
    return {
        "name": f"operations/{_identity(project)}",
        "metadata": {
            "@type": f"{_PREFIX}.OperationMetadata",
            "resourceNames": [f"services/{refusals.SERVICE}"],
        },
    }


def _operation(project: Project, identity: str) -> dict[str, Any]:
    if identity != _identity(project) or not project.enabling_asked:
        raise refusals.not_found(f"operations/{identity}")
    name = f"operations/{identity}"
    return _done(project, name) if project.looked_enabled() else {"name": name}


def _done(project: Project, name: str) -> dict[str, Any]:
    service = {"@type": f"{_PREFIX}.EnableServiceResponse", "service": _service(project)}
    return {"name": name, "done": True, "response": service}


def _identity(project: Project) -> str:
    return f"acat.p2-{project.number}-3f0c2b1e"
