"""Failover groups for pages and API: what is accepted and proposed, and what becomes of an order.

No cloud is asked: places are shown as the gateway saw them last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bonito_host.accepted_groups import AcceptedGroup
from bonito_host.gateway_groups import Member, members_of, open_proposals, require_acceptable
from bonito_host.gateway_places import Place
from bonito_host.store.store import Store
from bonito_host.web.services import Services
from bonito_providers.gateway import FailoverGroup, RoutableDeployment

_MOST_MEMBERS = 100
"""How many places of a model are offered at once."""


@dataclass(frozen=True)
class Group:
    """A failover group with what is known of its members.

    Attributes:
        name: What callers say, or would.
        members: In their order.
        others: Further places of the same model, which an accepted group does without.
    """

    name: str
    members: tuple[Member, ...]
    others: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Groups:
    """What the operator accepted, and what may be accepted."""

    accepted: tuple[Group, ...] = field(default=())
    proposed: tuple[Group, ...] = field(default=())


async def groups(services: Services) -> Groups:
    """Return accepted and proposed groups, each member with its place."""
    accepted = await asyncio.to_thread(services.store.groups.all)
    names = {each.name for each in accepted}
    proposed = [
        each
        for each in open_proposals(services.gateway.config, accepted)
        if each.name not in names  # its further places stand beside the accepted one
    ]
    offered = [_bounded(each) for each in proposed]
    others = [_others(services, each) for each in accepted]
    wanted = {member for each in (*accepted, *offered, *others) for member in each.members}
    routes = [each for each in services.gateway.candidates() if each.route_name in wanted]
    places = await asyncio.to_thread(_places, services.store, routes)
    return Groups(
        accepted=tuple(
            Group(each.name, (*members_of(each, places),), (*members_of(more, places),))
            for each, more in zip(accepted, others, strict=True)
        ),
        proposed=tuple(Group(each.name, (*members_of(each, places),)) for each in offered),
    )


async def accept(
    services: Services, name: str, order: Sequence[str], *, replace: bool = False
) -> Group:
    """Accept a group; the gateway routes by it when this returns.

    Args:
        services: Of this host.
        name: What callers will say.
        order: Names of routes, the first to be tried first.
        replace: Whether a group of that name gets this order.

    Raises:
        GroupRefused: It cannot work.
        RecordExists: The name is taken.
    """
    routes = services.gateway.candidates()
    # Saying what an unknown route may have meant compares it with all there are.
    model = await asyncio.to_thread(require_acceptable, name, order, routes)
    save = services.store.groups.save
    await asyncio.to_thread(save, name, order, model=model, replace=replace)
    await services.gateway.regroup()
    group = AcceptedGroup(name=name, members=tuple(order), model=model)
    members = [each for each in routes if each.route_name in group.members]
    places = await asyncio.to_thread(_places, services.store, members)
    return Group(name, (*members_of(group, places),))


async def withdraw(services: Services, name: str) -> None:
    """Forget a group; its routes stay under their own names.

    Raises:
        RecordMissing: There is none of that name.
    """
    await asyncio.to_thread(services.store.groups.remove, name)
    await services.gateway.regroup()


def _bounded(group: FailoverGroup) -> FailoverGroup:
    return FailoverGroup(name=group.name, members=group.members[:_MOST_MEMBERS])


def _others(services: Services, group: AcceptedGroup) -> FailoverGroup:
    """Return the places of a group's model that it does without."""
    members, proposals = set(group.members), services.gateway.config.proposals
    alike = [
        each
        for each in proposals
        if (each.name == group.model if group.model else members & {*each.members})
    ]
    found = [name for each in alike for name in each.members if name not in members]
    return _bounded(FailoverGroup(name=group.name, members=tuple(found)))


def _places(store: Store, routes: Iterable[RoutableDeployment]) -> list[Place]:
    titles = {each.id: each.title for each in store.connections.all()}
    wanted: dict[str, dict[str, RoutableDeployment]] = {}
    for route in routes:
        wanted.setdefault(route.connection, {})[route.deployment] = route
    return [
        Place(mine[seen.ref.name], seen, titles.get(id, id))
        for id, mine in wanted.items()
        for seen in store.listings.named(id, mine.keys())
    ]
