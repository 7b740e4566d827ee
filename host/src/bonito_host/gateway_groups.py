"""Failover groups: what is proposed and accepted, side by side, and what may be accepted."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from bonito_host.accepted_groups import reasons_to_leave
from bonito_host.gateway_places import Place
from bonito_providers.errors import InvalidRequest
from bonito_providers.gateway import FailoverGroup, GatewayConfig, RoutableDeployment
from bonito_providers.prices import Price, find_price

HEAD = ("ORDER", "ROUTE", "SERVICE", "WHERE", "MODEL", "VERSION", "SKU", "$/1M IN", "$/1M OUT")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", re.ASCII)


class GroupRefused(InvalidRequest):
    """A group that cannot work.

    Attributes:
        field: What about it is wrong: its name or its order.
    """

    def __init__(self, field: Literal["name", "order"], problem: str, *, hint: str) -> None:
        super().__init__(f"{field}: {problem}", hint=hint)
        self.field = field

    @property
    def problem(self) -> str:
        """What is wrong, without the field."""
        return self.message.removeprefix(f"{self.field}: ")


@dataclass(frozen=True)
class Member:
    """One member of a group; without a place, or with a reason, the group does without it.

    Attributes:
        route: The route's name.
        place: Where it leads.
        price: What the price source knows.
        reason: Why the group does not call it although it is routed.
    """

    route: str
    place: Place | None
    price: Price | None
    reason: str = ""

    def row(self, order: int | None) -> tuple[object, ...]:
        """Return it as a row of the table."""
        if self.place is None:
            return (order, self.route, "not routed now", *("",) * (len(HEAD) - 3))
        deployment = self.place.deployment
        return (
            "-" if order is None else order,
            self.route,
            self.place.service,
            deployment.ref.resource,
            deployment.model.name,
            deployment.model.version,
            deployment.sku,
            _rate(self.price.input_per_million if self.price else None),
            _rate(self.price.output_per_million if self.price else None),
        )

    def document(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        if self.place is None:
            return {"route": self.route, "routed": False}
        deployment = self.place.deployment
        return {
            "route": self.route,
            "routed": not self.reason,
            "reason": self.reason,
            "service": self.place.service,
            "resource": deployment.ref.resource,
            "model": deployment.model.model_dump(mode="json"),
            "sku": deployment.sku,
            "capacity": deployment.capacity,
            "billing": deployment.billing,
            "price": self.price and self.price.model_dump(mode="json"),
        }


def members_of(group: FailoverGroup, places: Sequence[Place]) -> list[Member]:
    """Return a group's members in its order, each with what is known of its place."""
    by_name = {place.route.route_name: place for place in places}
    models = {name: place.route.canonical_name for name, place in by_name.items()}
    reasons = reasons_to_leave(group, models)
    return [_member(name, by_name.get(name), reasons.get(name, "")) for name in group.members]


def _member(name: str, place: Place | None, reason: str) -> Member:
    price = find_price(place.deployment.model.price_key) if place else None
    return Member(name, place, price, reason)


def open_proposals(config: GatewayConfig, groups: Sequence[FailoverGroup]) -> list[FailoverGroup]:
    """Return the proposals with a member that no accepted group has yet."""
    taken = {member for group in groups for member in group.members}
    return [each for each in config.proposals if not taken.issuperset(each.members)]


def require_acceptable(
    name: str, members: Sequence[str], routes: Iterable[RoutableDeployment]
) -> str:
    """Return the model that a group is for; refuse one that cannot work, and say what mends it.

    Raises:
        GroupRefused: The name is none, or a member is unknown, named twice, not routed, or of
            another model than the others.
    """
    if not _NAME.fullmatch(name):
        raise GroupRefused(
            "name",
            f"{name[:60]!r} cannot name a group.",
            hint="Use letters, digits, dots, hyphens and underscores; routes have the slash.",
        )
    _require_distinct(members)
    known = {route.route_name: route for route in routes}
    for member in members:
        _require_routed(member, known)
    return _one_model(members, known)


def _require_distinct(members: Sequence[str]) -> None:
    twice = [member for member, count in Counter(members).items() if count > 1]
    if twice:
        raise GroupRefused(
            "order",
            f"{twice[0]} is named {members.count(twice[0])} times.",
            hint="Name each route once; the first is tried first.",
        )
    if len(members) < 2:  # noqa: PLR2004 - one to fail, one to go on with
        raise GroupRefused(
            "order",
            f"a group has two members or more, not {len(members)}.",
            hint="Name two routes or more, the first to be tried first.",
        )


def _require_routed(member: str, known: dict[str, RoutableDeployment]) -> None:
    if member not in known:
        close = difflib.get_close_matches(member, known, n=3, cutoff=0.4)
        like = f"Did you mean {', '.join(close)}?" if close else ""
        hint = like or "Choose among the routes that are proposed."
        raise GroupRefused("order", f"there is no route {member[:100]!r}.", hint=hint)
    entry = known[member].entry
    if not entry.supported:
        raise GroupRefused(
            "order",
            f"LiteLLM cannot route {member}: {entry.reason}",
            hint="Leave it out, or mend what the reason says.",
        )


def _one_model(members: Sequence[str], known: dict[str, RoutableDeployment]) -> str:
    models: dict[str, str] = {}
    for member in members:
        model = known[member].canonical_name
        if model is None:
            raise GroupRefused(
                "order",
                f"which model {member} is elsewhere is not known.",
                hint="Leave it out: a group answers with one model, wherever it is called.",
            )
        models[member] = model
    if len(set(models.values())) > 1:
        told = ", ".join(f"{member} is {model}" for member, model in models.items())
        raise GroupRefused(
            "order",
            f"these are not one model: {told}.",
            hint="Accept a group for each model.",
        )
    return models[members[0]]


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:f}"
