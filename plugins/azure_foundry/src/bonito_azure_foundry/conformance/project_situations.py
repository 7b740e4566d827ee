"""What a project's listing tells: page by page, row by row, and never beyond its own host.

Source: REST reference of the project's deployments (api-version v1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import answered, sent, told_otherwise
from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_foundry.conformance.deployment_situations import PROJECT
from bonito_azure_foundry.conformance.endpoints import SERVICES
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import deployments, meeting
from bonito_contract_tests.situations import Ask
from bonito_emulators.azure import AzureCloud
from bonito_emulators.faults import Fault, Respond

_PATH = "/api/projects/team/deployments"
_NEXT = f"{SERVICES}{_PATH}?api-version=v1&skip=1"
_MANY = 2000
"""More deployments than any resource has; beyond these a listing is cut, and says so."""
_WRITER = {
    "name": "writer",
    "type": "ModelDeployment",
    "modelName": "gpt-4o-mini",
    "modelVersion": "2024-07-18",
    "modelPublisher": "Somebody",
    "sku": {"name": "Standard", "capacity": 1},
}
_ROWS: tuple[object, ...] = (
    _WRITER,
    {"name": "bare", "type": "ModelDeployment"},
    {"name": "none", "type": "ModelDeployment", "sku": {"capacity": 0}},
    {"name": "true", "type": "ModelDeployment", "sku": {"capacity": True}},
    {"name": "agent", "type": "AgentDeployment"},
    {"type": "ModelDeployment"},
    5,
)


def _page(*rows: object, link: object = None) -> dict[str, Any]:
    return {"value": list(rows), "nextLink": link}


async def _listed(scene: Scene) -> object:
    return {"found": await deployments(scene), "sent": sent(scene)}


def _paged(*pages: Mapping[str, Any], times: int | None = 1) -> Ask:
    """Return what lists while the project answers with these pages, each that many times."""
    answers = (Respond(200, body=page) for page in pages)
    return meeting(
        _listed, *(Fault(action=each, path_prefix=_PATH, times=times) for each in answers)
    )


_READ = (
    Told(
        name="page by page",
        ask=_listed,
        tells={
            "found.complete": True,
            "found.notes": [],
            "found.source": "The deployments of project team.",
            "found.items.0.ref.name": "DeepSeek-V3.1",
            "found.items.0.model.publisher": "DeepSeek",
            "found.items.0.sku": "GlobalStandard",
            "found.items.0.capacity": 50,
            "found.items.0.surfaces.1.answers": True,
            "found.items.10.ref.name": "vectors",
            "found.items.10.model.version": "1",
            "found.items.10.source": "The deployments of project team.",
            "sent.0.path": _PATH,
            "sent.0.query": "api-version=v1",
            "sent.0.headers.authorization": f"Bearer {KEY}",
            "sent.0.headers.api-key": None,
            "sent.1.path": _PATH,
            "sent.1.query": "api-version=v1&skip=6",
        },
    ),
    Told(
        name="rows of many sorts",
        ask=answered(deployments, _page(*_ROWS), path=_PATH),
        tells={
            "items.0.ref.name": "bare",
            "items.0.model.name": None,
            "items.0.sku": None,
            "items.0.capacity": None,
            "items.1.ref.name": "none",
            "items.1.capacity": None,
            "items.2.ref.name": "true",
            "items.2.capacity": None,
            "items.3.ref.name": "writer",
            "items.3.endpoint": SERVICES,
            "items.3.model.name": "gpt-4o-mini",
            "items.3.model.version": "2024-07-18",
            "items.3.model.publisher": "Somebody",
            "items.3.sku": "Standard",
            "items.3.capacity": 1,
            "skipped.0.id": "agent",
            "skipped.1.id": "(no name)",
            "skipped.2.id": "(no name)",
            "complete": True,
        },
        says=("AgentDeployment", "has no name"),
    ),
    Told(
        name="an operator knows what a model is for",
        ask=told_otherwise(
            answered(deployments, _page(_WRITER), path=_PATH), match="gpt-4o-mini", kind="audio"
        ),
        tells={"items.0.model.kind": "audio"},
    ),
    Told(
        name="as many rows as are read, and one on a further page",
        ask=_paged(_page(*[5] * _MANY, link=_NEXT), _page({**_WRITER, "name": "too many"})),
        tells={"found.complete": False, "sent.1.query": "api-version=v1&skip=1"},
        says=(f"has {_MANY + 1} rows; only {_MANY} are read",),
        unsaid=("too many",),
    ),
    Told(
        name="pages without end",
        ask=_paged(_page(_WRITER, link=_NEXT), times=None),
        tells={"found.complete": False, "found.items.0.ref.name": "writer"},
        says=("more than 50 pages",),
    ),
)
_ELSEWHERE = (
    "https://evil.test/api/projects/team/deployments?skip=2",
    f"{SERVICES}:8443/api/projects/team/deployments",
    f"{SERVICES}/api/../openai/deployments",
    f"{SERVICES}/api/projects\n",
    f"{SERVICES}/api/é",
    f"{SERVICES}/api/{'x' * 20_000}",
    f"{SERVICES}/openai/deployments",
    7,
)
"""What names no further page of the listing that was asked."""


def _kept_back(link: object) -> Told:
    return Told(
        name=f"a further page at {link!r:.60}",
        ask=_paged(_page(_WRITER, link=link), _page({**_WRITER, "name": "elsewhere"})),
        tells={"found.complete": False, "found.items.0.ref.name": "writer"},
        says=("the key was not sent there",),
        unsaid=("elsewhere",),
    )


def _in_two_pages(cloud: AzureCloud) -> None:
    cloud.account("contoso").project_page_size = 6


PROJECTS = (
    Situation(
        name="deployments of a project",
        access="key",
        fields={"endpoint": PROJECT},
        prepare=_in_two_pages,
        told=(*_READ, *map(_kept_back, _ELSEWHERE)),
    ),
)
