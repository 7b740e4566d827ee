"""By which id a model is called: chosen among what the API returned, by a policy.

No prefix is known here. A model that has ``ON_DEMAND`` is called by its own id; every active
profile that contains it is another way; the policy orders them and the customer's regions rule
some out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bonito_aws_bedrock.credentials import BedrockCredentials
from bonito_aws_bedrock.rows import ModelRow, ProfileRow

ON_DEMAND, GEO, GLOBAL, PROVISIONED = "on_demand", "geo", "global", "provisioned"
SCOPES = (GEO, GLOBAL, ON_DEMAND)


@dataclass(frozen=True)
class Source:
    """One way to call a model.

    Attributes:
        scope: `geo`, `global` or `on_demand`.
        id: What is called.
        arn: What an application profile copies from.
        regions: Where requests may be routed; the empty name is everywhere.
    """

    scope: str
    id: str
    arn: str
    regions: frozenset[str]


def sources_of(
    model: ModelRow, profiles: Iterable[ProfileRow], *, region: str
) -> tuple[Source, ...]:
    """Return every way to call a model, the narrowest of each scope first."""
    found = [
        Source(profile.scope, profile.id, profile.arn, profile.regions)
        for profile in profiles
        if profile.status == "ACTIVE" and model.id in {each.model for each in profile.models}
    ]
    if ON_DEMAND.upper() in (model.types or ()):
        found.append(Source(ON_DEMAND, model.id, model.arn, frozenset({region})))
    return tuple(sorted(found, key=lambda each: (each.scope, len(each.regions), each.id)))


def permitted(sources: Iterable[Source], credentials: BedrockCredentials) -> tuple[Source, ...]:
    """Return those that keep to the customer's regions, the preferred scope first."""
    allowed = credentials.destinations
    kept = [each for each in sources if allowed is None or each.regions <= allowed]
    order = (credentials.prefer, *(each for each in SCOPES if each != credentials.prefer))
    return tuple(sorted(kept, key=lambda each: order.index(each.scope)))


def scopes_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the scopes of these sources, each once, in their order."""
    return tuple(dict.fromkeys(each.scope for each in sources))
