"""Failover groups: one name for one model in several places."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.api.documents import Document, Input
from bonito_host.web.failover import Group, accept, groups, withdraw
from bonito_host.web.services import services_of

router = APIRouter(prefix="/gateway/groups", tags=["gateway"])
Order = Annotated[
    list[Annotated[str, Field(max_length=500)]],
    Field(max_length=100, description="Names of routes, the first to be tried first."),
]


class OrderInput(Input):
    """Who is tried, and when."""

    order: Order


class GroupInput(OrderInput):
    """A group to accept."""

    name: str = Field(max_length=200, description="What callers will say.")


class GroupDocument(Document):
    """A group and its members, each with region, SKU, version and price as far as known."""

    name: str
    members: list[dict[str, Any]]
    others: list[dict[str, Any]] = Field(
        description="Further places of the same model, which an accepted group does without."
    )

    @classmethod
    def of(cls, group: Group) -> GroupDocument:
        """Return it as JSON takes it."""
        members = [each.document() for each in group.members]
        others = [each.document() for each in group.others]
        return cls(name=group.name, members=members, others=others)


class GroupsDocument(Document):
    """What was accepted, and what may be."""

    accepted: list[GroupDocument]
    proposed: list[GroupDocument]


@router.get("")
async def show(request: Request) -> GroupsDocument:
    """Return accepted and proposed groups, their members side by side."""
    found = await groups(services_of(request))
    return GroupsDocument(
        accepted=[GroupDocument.of(each) for each in found.accepted],
        proposed=[GroupDocument.of(each) for each in found.proposed],
    )


@router.post("", status_code=201)
async def accept_group(request: Request, given: GroupInput) -> GroupDocument:
    """Accept a group; callers may say its name when this answers."""
    return GroupDocument.of(await accept(services_of(request), given.name, given.order))


@router.put("/{name}")
async def replace_group(request: Request, name: str, given: OrderInput) -> GroupDocument:
    """Accept a group in place of the one of that name, if there is one."""
    group = await accept(services_of(request), name, given.order, replace=True)
    return GroupDocument.of(group)


@router.delete("/{name}", status_code=204, response_class=Response)
async def withdraw_group(request: Request, name: str) -> None:
    """Forget a group; its routes stay under their own names."""
    await withdraw(services_of(request), name)
