"""Gateway entries: what LiteLLM needs to route to a deployment, of one or many connections."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import Field, SecretStr, field_validator

from bonito_providers.prices import Price, find_price
from bonito_providers.values import Value

Parameter = str | bool | int | float | SecretStr
"""A LiteLLM parameter; a SecretStr is revealed only on the way into LiteLLM."""

COMMON_PARAMETERS = frozenset(
    {
        "model",
        "api_base",
        "api_key",
        "api_version",
        "timeout",
        "stream_timeout",
        "max_retries",
        "rpm",
        "tpm",
        "order",
        "weight",
    }
)
"""What any entry may carry. LiteLLM copies parameters it does not know into the request body,
secrets among them, so anything else must be named in `ProviderInfo.gateway_parameters`."""

NO_KEY = SecretStr("none")
"""The `api_key` of an endpoint that asks for none. LiteLLM sends nothing without a key, and would
look for one in the environment: the operator's own. It hides nothing, so exports show it."""

_SECRET = re.compile(r"key|secret|token|password").search
"""Names of parameters that hold something to hide, in LiteLLM's vocabulary."""


class GatewayEntry(Value):
    """One item of LiteLLM's `model_list`, typed.

    Attributes:
        model_name: The name callers use; a `GatewayConfig` makes it unique.
        aliases: Further names callers may use.
        litellm_params: What LiteLLM is given, `model` first; empty where not supported.
        model_info: What LiteLLM keeps beside it: base model, prices in USD per token.
        surface: Which of the provider's surfaces the route uses.
        supported: Whether LiteLLM can route it rightly.
        reason: Why it cannot, or why another surface than the usual one is used.
    """

    model_name: str
    aliases: tuple[str, ...] = ()
    litellm_params: Mapping[str, Parameter] = Field(default_factory=dict)
    model_info: Mapping[str, Any] = Field(default_factory=dict)
    surface: str
    supported: bool = True
    reason: str = ""

    @field_validator("litellm_params")
    @classmethod
    def _credentials_are_secret(cls, params: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
        # An empty text hides nothing: it keeps LiteLLM from looking in its own environment.
        texts = [name for name, value in params.items() if isinstance(value, str) and value]
        bare = [name for name in texts if _SECRET(name)]
        if bare:
            message = f"{', '.join(bare)} must be a SecretStr"
            raise ValueError(message)
        return params

    def to_litellm(self) -> dict[str, Any]:
        """Return the `model_list` item with secrets in clear, for LiteLLM's eyes only."""
        return self._written(lambda _name, secret: secret.get_secret_value())

    def to_export(self, reference: Callable[[str], str]) -> dict[str, Any]:
        """Return the `model_list` item with references in place of secrets.

        Args:
            reference: Parameter name to what stands for its secret, such as
                ``os.environ/CONTOSO_API_KEY``. Not asked for `NO_KEY`.
        """

        # A variable that stands for no key stays unset, which LiteLLM takes for a missing key.
        def shown(name: str, secret: SecretStr) -> str:
            return secret.get_secret_value() if secret == NO_KEY else reference(name)

        return self._written(shown)

    def _written(self, write: Callable[[str, SecretStr], str]) -> dict[str, Any]:
        params = {
            name: write(name, value) if isinstance(value, SecretStr) else value
            for name, value in self.litellm_params.items()
        }
        return {
            "model_name": self.model_name,
            "litellm_params": params,
            "model_info": dict(self.model_info),
        }


class RoutableDeployment(Value):
    """An entry with the connection and deployment it leads to: what a config is built from."""

    connection: str
    deployment: str
    entry: GatewayEntry
    canonical_name: str | None = None

    @property
    def id(self) -> str:
        """Stable across restarts and the same for no other deployment."""
        text = json.dumps([self.connection, self.deployment])
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    @property
    def route_name(self) -> str:
        """The name callers can always use, whatever other connections come and go."""
        return f"{self.connection}/{self.entry.model_name}"


class LeftOut(Value):
    """A deployment or alias that is not routed, and why."""

    connection: str
    deployment: str
    reason: str


class FailoverGroup(Value):
    """Routes to the same model in several places, proposed or accepted as one name."""

    name: str
    members: tuple[str, ...]


class GatewayConfig(Value):
    """The routes of all connections, in a stable order, and what was left out.

    Attributes:
        routes: What LiteLLM is given; each `model_name` is unique unless a group was accepted.
        aliases: Short name to route name.
        left_out: Every deployment and alias that is not routed, each with its reason.
        proposals: Failover groups an operator may accept.
    """

    routes: tuple[RoutableDeployment, ...]
    aliases: Mapping[str, str] = Field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    proposals: tuple[FailoverGroup, ...] = ()

    @classmethod
    def build(
        cls,
        candidates: Iterable[RoutableDeployment],
        *,
        groups: Iterable[FailoverGroup] = (),
        price: Callable[[str | None], Price | None] = find_price,
    ) -> GatewayConfig:
        """Collect the entries of all connections.

        Every route is called ``<connection>/<name>``, so that a new connection never changes an
        old name. Bare names and aliases are given where exactly one route claims them.

        Args:
            candidates: Entries with where they lead.
            groups: Accepted failover groups; members are route names, first is tried first.
            price: Finds the price of an entry's `base_model`; what it does not know stays out,
                since LiteLLM takes zero for free.
        """
        ordered = sorted(candidates, key=lambda each: (each.connection, each.deployment))
        routable, left_out = [], []
        seen: set[str] = set()
        for each in ordered:
            reason = ""
            if not each.entry.supported:
                reason = each.entry.reason or "LiteLLM cannot route it"
            elif each.route_name in seen:
                reason = f"another deployment is routed as {each.route_name}"
            if reason:
                left_out.append(_left_out(each, reason))
                continue
            seen.add(each.route_name)
            routable.append(_priced(each, price))
        accepted = tuple(groups)
        aliases, refused = _aliases(routable, names=seen | {group.name for group in accepted})
        routes = [_named(each, each.route_name) for each in routable]
        for group in accepted:
            routes += _grouped(group, routable, taken=seen)
            seen.add(group.name)
            refused += _absent(group, routable)
        return cls(
            routes=tuple(routes),
            aliases=aliases,
            left_out=(*left_out, *refused),
            proposals=_proposals(routable),
        )

    def to_litellm(self) -> list[dict[str, Any]]:
        """Return LiteLLM's `model_list` with secrets in clear, for LiteLLM's eyes only."""
        return [route.entry.to_litellm() for route in self.routes]


class ConfigDiff(Value):
    """What has to change in a running router, by route id."""

    added: tuple[RoutableDeployment, ...]
    removed: tuple[RoutableDeployment, ...]
    changed: tuple[RoutableDeployment, ...]


_fingerprint_key = secrets.token_bytes(32)


def diff(old: GatewayConfig, new: GatewayConfig) -> ConfigDiff:
    """Say what turns the old config into the new one.

    Routes are compared by a digest keyed for this process, so that no secret is compared or
    kept in clear.
    """
    before = {_identity(route): route for route in old.routes}
    after = {_identity(route): route for route in new.routes}
    return ConfigDiff(
        added=tuple(route for key, route in after.items() if key not in before),
        removed=tuple(route for key, route in before.items() if key not in after),
        changed=tuple(
            route
            for key, route in after.items()
            if key in before and _fingerprint(before[key]) != _fingerprint(route)
        ),
    )


def _identity(route: RoutableDeployment) -> str:
    return str(route.entry.model_info["id"])


def _fingerprint(route: RoutableDeployment) -> str:
    text = json.dumps(route.entry.to_litellm(), sort_keys=True, default=str)
    return hmac.new(_fingerprint_key, text.encode(), hashlib.sha256).hexdigest()


def _named(each: RoutableDeployment, name: str, **params: Parameter) -> RoutableDeployment:
    entry = each.entry
    identity = each.id if name == each.route_name else f"{each.id}-{name}"
    changed = entry.model_copy(
        update={
            "model_name": name,
            "litellm_params": {**entry.litellm_params, **params},
            "model_info": {**entry.model_info, "id": identity},
        }
    )
    return each.model_copy(update={"entry": changed})


def _priced(
    each: RoutableDeployment, price: Callable[[str | None], Price | None]
) -> RoutableDeployment:
    known = price(each.entry.model_info.get("base_model"))
    if known is None:
        return each
    # What a plugin states of itself comes before what the price file says.
    info = {**known.per_token(), **each.entry.model_info}
    return each.model_copy(update={"entry": each.entry.model_copy(update={"model_info": info})})


def _aliases(
    routes: list[RoutableDeployment], *, names: set[str]
) -> tuple[dict[str, str], list[LeftOut]]:
    claims = [
        (alias, route)
        for route in routes
        for alias in dict.fromkeys((route.entry.model_name, *route.entry.aliases))
    ]
    count = Counter(alias for alias, _ in claims)
    aliases, refused = {}, []
    for alias, route in claims:
        if alias in names:
            refused.append(_left_out(route, f"the alias {alias} is the name of another route"))
        elif count[alias] > 1:
            refused.append(_left_out(route, f"{count[alias]} routes claim the alias {alias}"))
        else:
            aliases[alias] = route.route_name
    return aliases, refused


def _left_out(each: RoutableDeployment, reason: str) -> LeftOut:
    return LeftOut(connection=each.connection, deployment=each.deployment, reason=reason)


def _proposals(routes: list[RoutableDeployment]) -> tuple[FailoverGroup, ...]:
    places: dict[str, list[str]] = {}
    for route in routes:
        if route.canonical_name:
            places.setdefault(route.canonical_name, []).append(route.route_name)
    return tuple(
        FailoverGroup(name=name, members=tuple(members))
        for name, members in sorted(places.items())
        if len(members) > 1
    )


def _grouped(
    group: FailoverGroup, routes: list[RoutableDeployment], *, taken: set[str]
) -> list[RoutableDeployment]:
    if group.name in taken:
        message = f"the failover group {group.name} has the name of a route or another group"
        raise ValueError(message)
    by_name = {route.route_name: route for route in routes}
    members = [by_name[member] for member in group.members if member in by_name]
    return [_named(each, group.name, order=place) for place, each in enumerate(members, start=1)]


def _absent(group: FailoverGroup, routes: list[RoutableDeployment]) -> list[LeftOut]:
    known = {route.route_name for route in routes}
    reason = f"the failover group {group.name} names it, but it is not routed"
    places = [member.partition("/") for member in group.members if member not in known]
    return [
        LeftOut(connection=connection, deployment=deployment, reason=reason)
        for connection, _, deployment in places
    ]
