"""Vertex AI's hosts: which call is meant, and whether the caller may make it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bonito_emulators.gcp import endpoints, garden, prediction, refusals
from bonito_emulators.gcp.request import Reply, page

if TYPE_CHECKING:
    from bonito_emulators.gcp.cloud import GoogleCloud
    from bonito_emulators.gcp.identities import ServiceAccount
    from bonito_emulators.gcp.projects import Project
    from bonito_emulators.gcp.request import Request

_VERSION = re.compile(r"/(v1|v1beta1)/(.+)")
_LIST = re.compile(r"publishers/([^/]+)/models")
_MODEL = re.compile(r"publishers/([^/]+)/models/([^/:]+)")
_PROJECT = re.compile(r"projects/([^/]+)/(.+)")
_PLACE = re.compile(r"locations/([^/:]+)(:deploy|/.+)")
_LISTING = ("pageSize", "pageToken", "filter", "listAllVersions", "view", "orderBy", "languageCode")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that belongs to a location of the project.

    Attributes:
        place: The location that the host serves.
        rest: The path behind the project, then behind the location.
    """

    cloud: GoogleCloud
    project: Project
    account: ServiceAccount
    request: Request
    version: str
    place: str
    rest: str

    def require(self, permission: str, resource: str) -> None:
        """Lets a call pass that the caller's roles allow.

        Raises:
            Refusal: They do not hold the permission.
        """
        if permission in self.account.denied:
            name = f"projects/{self.project.id}/locations/{self.place}/{resource}"
            raise refusals.permission_denied(permission, name)


def answer(
    cloud: GoogleCloud, account: ServiceAccount, request: Request, *, location: str
) -> Reply:
    """Answers a call to one of Vertex AI's hosts.

    Raises:
        Refusal: It does not know the call, or does not let this caller make it.
    """
    if not cloud.project.called_enabled():
        raise refusals.service_disabled(cloud.project.id)
    match = _VERSION.fullmatch(request.path)
    if match is None:
        raise request.no_such_route()
    version, rest = match[1], match[2]
    if found := _PROJECT.fullmatch(rest):
        host = Call(
            cloud=cloud,
            project=cloud.project,
            account=account,
            request=request,
            version=version,
            place=location,
            rest=found[2],
        )
        return _in_project(host, named=found[1])
    return _catalogue(cloud, account, request, version, rest)


def _catalogue(
    cloud: GoogleCloud, account: ServiceAccount, request: Request, version: str, rest: str
) -> Reply:
    if request.method != "GET":
        raise request.no_such_route()
    if "aiplatform.publisherModels.get" in account.denied:
        raise refusals.permission_denied("aiplatform.publisherModels.get", rest)
    # Only v1beta1 has the list.
    if (found := _LIST.fullmatch(rest)) and version == "v1beta1":
        query = request.read_query(*_LISTING)
        rows = [each.row() for each in cloud.catalogue.models if found[1] in ("*", each.publisher)]
        if not rows:
            raise refusals.not_found(rest)
        return page(request, rows, size=cloud.page_size, key="publisherModels", query=query)
    if found := _MODEL.fullmatch(rest):
        request.read_query("view", "languageCode")
        model = cloud.catalogue.find(found[1], found[2])
        if model is None or not model.described:
            raise refusals.model_not_found(rest)
        return Reply(model.row())
    raise request.no_such_route()


def _in_project(call: Call, *, named: str) -> Reply:
    project, request = call.project, call.request
    if named not in (project.id, project.number):
        raise refusals.permission_denied("aiplatform.endpoints.predict", f"projects/{named}")
    if not project.billed:
        raise refusals.billing_disabled(project.number)
    if call.rest in ("modelGardenEula:check", "modelGardenEula:accept"):
        return _licence(call, call.rest.partition(":")[2])
    place = _PLACE.fullmatch(call.rest)
    if place is None:
        raise request.no_such_route()
    if place[1] != call.place:
        request.violation(f"the host serves {call.place}, and the path names {place[1]}")
        raise refusals.invalid(f"Invalid location: {place[1]}")
    return _placed(replace(call, rest=place[2]))


def _placed(call: Call) -> Reply:
    if call.rest == ":deploy":
        return garden.deploy(call)
    kind = call.rest.strip("/").partition("/")[0]
    if kind in ("endpoints", "models", "operations"):
        return endpoints.answer(call)
    if kind == "publishers":
        return prediction.answer(call)
    raise call.request.no_such_route()


def _licence(call: Call, verb: str) -> Reply:
    if call.request.method != "POST":
        raise call.request.no_such_route()
    model = str(call.request.json_object(frozenset({"publisherModel"})).get("publisherModel"))
    if verb == "accept":
        call.project.licences.add(model)
    content: dict[str, Any] = {"projectNumber": call.project.number, "publisherModel": model}
    # The field is left out when it is false.
    if model in call.project.licences:
        content["publisherModelEulaAcked"] = True
    return Reply(content)
