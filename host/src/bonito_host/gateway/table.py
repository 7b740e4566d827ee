"""Which name leads to which deployments, changed a connection at a time.

A whole `GatewayConfig` of ten thousand routes takes seconds to build. A change builds and compares
only what it can touch: the changed deployments, those that claim the same name, and the other
members of their failover groups. Aliases and what was left out follow with the next whole one.
"""

from __future__ import annotations

from collections.abc import Iterable

from bonito_host.accepted_groups import built
from bonito_providers.gateway import (
    ConfigDiff,
    FailoverGroup,
    GatewayConfig,
    RoutableDeployment,
    diff,
)

Candidates = dict[str, RoutableDeployment]
"""What a connection offers, by the deployment's name."""


class RoutingTable:
    """The names callers may use.

    Attributes:
        config: The last whole configuration: aliases, proposals, what was left out.
        version: Grows with every change of what is offered or accepted, even one that changes no
            route, and only then: a whole configuration is outdated when it grows.
    """

    def __init__(self) -> None:
        self.config = GatewayConfig(routes=())
        self.version = 0
        self._candidates: dict[str, Candidates] = {}
        self._groups: tuple[FailoverGroup, ...] = ()
        self._named: dict[str, dict[str, RoutableDeployment]] = {}

    def routes(self, name: str) -> tuple[RoutableDeployment, ...]:
        """Return where a name or alias leads; empty for one that leads nowhere."""
        found = self._named.get(name) or self._named.get(self.config.aliases.get(name, ""), {})
        return tuple(found.values())

    def names(self) -> list[str]:
        """Return every name and alias that leads somewhere."""
        aliases = {alias for alias, name in self.config.aliases.items() if name in self._named}
        return sorted(aliases | self._named.keys())

    def connections(self) -> list[str]:
        """Return the connections whose deployments are in the table."""
        return sorted(self._candidates)

    def everything(self) -> tuple[list[RoutableDeployment], tuple[FailoverGroup, ...]]:
        """Return what a whole configuration is built from."""
        return [each for account in self._candidates.values() for each in account.values()], (
            self._groups
        )

    def load(
        self,
        candidates: Iterable[RoutableDeployment],
        groups: Iterable[FailoverGroup] = (),
    ) -> None:
        """Take everything at once, in place of what was there; slow, so do it in a thread."""
        found: dict[str, Candidates] = {}
        for each in candidates:
            found.setdefault(each.connection, {})[each.deployment] = each
        groups = tuple(groups)
        self.config = built(
            (each for account in found.values() for each in account.values()), groups
        )
        self._candidates, self._groups, self._named = found, groups, {}
        self._enter(self.config.routes)
        self.version += 1

    def replace(self, connection: str, candidates: Iterable[RoutableDeployment]) -> ConfigDiff:
        """Take a connection's deployments as they are now, and say what that changes."""
        new = {each.deployment: each for each in candidates}
        old = self._candidates.get(connection, {})
        changed = [
            each
            for name in old.keys() | new.keys()
            for each in (old.get(name), new.get(name))
            if each is not None and old.get(name) != new.get(name)
        ]
        touched = {each.route_name for each in changed}
        before = self._config_of(touched)
        if new:
            self._candidates[connection] = new
        else:
            self._candidates.pop(connection, None)
        if changed:
            self.version += 1
        return self._changed(before, self._config_of(touched))

    def put(self, candidate: RoutableDeployment) -> ConfigDiff:
        """Take one deployment as it is now, and say what that changes."""
        account = self._candidates.get(candidate.connection, {})
        new = {**account, candidate.deployment: candidate}
        return self.replace(candidate.connection, new.values())

    def drop(self, connection: str, deployment: str) -> ConfigDiff:
        """Take one deployment out, and say what that changes."""
        account = self._candidates.get(connection, {})
        left = [each for name, each in account.items() if name != deployment]
        return self.replace(connection, left)

    def regroup(self, groups: Iterable[FailoverGroup]) -> ConfigDiff:
        """Take the accepted failover groups as they are now, and say what that changes."""
        new = tuple(groups)
        members = {member for group in {*self._groups} ^ {*new} for member in group.members}
        before = self._config_of(members)
        if new != self._groups:
            self.version += 1
        self._groups = new
        return self._changed(before, self._config_of(members))

    def _config_of(self, touched: set[str]) -> GatewayConfig:
        """Build what the routes of these names, and the groups they are in, come to."""
        groups = [group for group in self._groups if touched.intersection(group.members)]
        names = touched.union(*(group.members for group in groups))
        homes = {name.partition("/")[0] for name in names}
        candidates = [
            each
            for home in homes
            for each in self._candidates.get(home, {}).values()
            if each.route_name in names
        ]
        return built(candidates, groups)

    def _changed(self, before: GatewayConfig, after: GatewayConfig) -> ConfigDiff:
        found = diff(before, after)
        # A changed route may have another name than before.
        outdated = {identity(route) for route in (*found.removed, *found.changed)}
        for route in before.routes:
            if identity(route) in outdated:
                self._leave(route)
        self._enter((*found.changed, *found.added))
        return found

    def _leave(self, route: RoutableDeployment) -> None:
        known = self._named[route.entry.model_name]
        del known[identity(route)]
        if not known:
            del self._named[route.entry.model_name]

    def _enter(self, routes: Iterable[RoutableDeployment]) -> None:
        for route in routes:
            self._named.setdefault(route.entry.model_name, {})[identity(route)] = route


def identity(route: RoutableDeployment) -> str:
    """Return the id LiteLLM knows a route by."""
    return str(route.entry.model_info["id"])
