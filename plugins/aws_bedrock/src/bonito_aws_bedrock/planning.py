"""The dry run: which source, under which name, at what cost, and what stands in the way."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock import access, catalogue, deployments, wire
from bonito_aws_bedrock.access import Access
from bonito_aws_bedrock.actions import COMMITMENT, FORM, HOURLY, hourly, otherwise
from bonito_aws_bedrock.adoption import LIFETIME
from bonito_aws_bedrock.catalogue import OWNER, OWNER_TAG
from bonito_aws_bedrock.facts import overrides_of
from bonito_aws_bedrock.models import describe, retirement
from bonito_aws_bedrock.rows import ModelRow, ProfileRow, ThroughputRow
from bonito_aws_bedrock.sources import (
    PROVISIONED,
    SCOPES,
    Source,
    permitted,
    scopes_of,
    sources_of,
)
from bonito_providers.deployment import DeploymentPlan, DeploymentRef, DeploymentRequest
from bonito_providers.errors import Conflict, InvalidRequest, ModelNotFound

if TYPE_CHECKING:
    from bonito_aws_bedrock.deployments import Standing
    from bonito_providers.actions import Action
    from bonito_providers.connection import Connection

COMMITMENTS = ("OneMonth", "SixMonths")
_NAME = re.compile(r"([0-9a-zA-Z][_-]?){1,63}")
_LONGEST = 63
_MOST_UNITS = 2**31 - 1
_TAGS = [{"key": OWNER_TAG, "value": OWNER}]


@dataclass(frozen=True)
class Observed:
    """What planning read: everything a plan follows from."""

    resource: str
    model: ModelRow
    profiles: Sequence[ProfileRow]
    standing: Standing | None
    access: Access


@dataclass(frozen=True)
class Choice:
    """How a model would be deployed; while there is an action, nothing is."""

    sku: str | None = None
    source: Source | None = None
    capacity: int | None = None
    actions: tuple[Action, ...] = ()


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Return what deploying would do.

    Raises:
        ModelNotFound: The region lists no such model, or it has no versions.
        InvalidRequest: Name, fields or capacity are none that Bedrock knows.
        Conflict: Another model stands under the name.
    """
    return draft(connection, request, await observe(connection, request))


async def observe(connection: Connection, request: DeploymentRequest) -> Observed:
    """Read what a plan follows from, and refuse what can mean nothing."""
    name = _name(request)
    _require_known_fields(request)
    async with wire.together() as group:
        listing = group.create_task(catalogue.models(connection))
        profiles = group.create_task(catalogue.service_profiles(connection))
        found = group.create_task(deployments.find(connection, name))
    listed, standing = listing.result().rows, found.result()
    resource = await deployments.own_resource(connection)
    model = next((row for row in listed if row.id == request.model), None)
    if model is None or request.version is not None:
        raise _unknown(connection, request, [row.id for row in listed])
    if standing is not None and standing.model != model.id:
        raise Conflict(f"{name} stands already, for {standing.model}.", hint="Choose another name.")
    if standing is not None:  # what is there needs no access to be made
        seen = Access()
    else:
        seen = await access.observe(connection, model.id, request)
    return Observed(resource, model, profiles.result().rows, standing, seen)


def draft(connection: Connection, request: DeploymentRequest, seen: Observed) -> DeploymentPlan:
    """Return the plan that follows from what was read; no call."""
    name = _name(request)
    choice = _choose(connection, request, seen)
    now = connection.clock.now()
    ref = DeploymentRef(provider=deployments.PROVIDER, resource=seen.resource, name=name)
    made = DeploymentPlan(
        ref=ref,
        request=request,
        model=describe(seen.model.id, seen.model, overrides=overrides_of(connection)),
        sku=choice.sku,
        capacity=choice.capacity,
        region=wire.own(connection).region,
        cost=_cost(choice),
        warnings=(*seen.access.warnings, *retirement(seen.model, now), *_routing(choice)),
        actions=(*seen.access.actions, *choice.actions),
        changes=differences(seen.standing, choice.sku, choice.capacity),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    return made.model_copy(update={"preview": _preview(made, choice, seen.access)})


def differences(
    standing: Standing | None, sku: str | None, capacity: int | None
) -> tuple[str, ...]:
    """Say how what stands differs from what is wanted."""
    if standing is None:
        return ()
    stands = PROVISIONED if isinstance(standing, ThroughputRow) else standing.scope
    found = [f"It is routed as {stands}, wanted is {sku}."] if sku not in (None, stands) else []
    if isinstance(standing, ThroughputRow) and capacity not in (None, standing.units):
        found.append(f"It has {standing.units} model units, wanted are {capacity}.")
    return tuple(found)


def is_name(text: str) -> bool:
    """Tell whether profiles and throughput may be called so."""
    return len(text) <= _LONGEST and _NAME.fullmatch(text) is not None


def body_of(plan: DeploymentPlan) -> Mapping[str, Any]:
    """Return the body by which a plan is carried out, as the preview shows it."""
    body = plan.preview.get("body")
    return body if isinstance(body, Mapping) else {}


def shown_terms(plan: DeploymentPlan) -> str:
    """Return the digest of the offer that a plan shows and accepts; empty for none."""
    return str(plan.preview.get("terms") or "")


def _choose(connection: Connection, request: DeploymentRequest, seen: Observed) -> Choice:
    given = wire.own(connection)
    every = sources_of(seen.model, seen.profiles, region=given.region)
    sources = permitted(every, given)
    offered = [*scopes_of(sources)]
    if PROVISIONED.upper() in (seen.model.types or ()):
        offered.append(PROVISIONED)
    if request.sku == PROVISIONED and PROVISIONED in offered:
        return _bought(request)
    if request.capacity is not None:
        raise InvalidRequest(
            "Only provisioned throughput has a capacity, in model units.",
            hint=f"Leave the capacity out, or ask for the SKU {PROVISIONED}.",
        )
    wanted = [each for each in sources if request.sku in (None, each.scope)]
    if wanted:
        return Choice(wanted[0].scope, wanted[0])
    return Choice(actions=(otherwise(_no_way(seen.model.id, offered, every, request)),))


def _no_way(
    model: str, offered: Sequence[str], every: Sequence[Source], request: DeploymentRequest
) -> str:
    if offered and request.sku is not None:
        return f"{model} is offered as {', '.join(offered)}, not as {request.sku[:40]!r}."
    if offered:
        return (
            f"{model} can be used with {PROVISIONED} throughput only, which costs by the hour: ask "
            f"for that SKU, if it is what you want."
        )
    if every:
        return f"Every way to call {model} leaves the allowed regions of this connection."
    return f"{model} is listed in this region, but there is no way to call it from here."


def _bought(request: DeploymentRequest) -> Choice:
    units = request.capacity or 1
    if units > _MOST_UNITS:
        raise InvalidRequest(
            f"{units} model units are more than Bedrock counts.",
            hint="Ask for as many as the account's quota has.",
        )
    commitment = request.fields.get("commitment")
    actions = []
    if HOURLY not in request.consents:
        text = f"{units} model units cost by the hour, used or not. Give the consent {HOURLY}."
        actions.append(hourly(text, consent=HOURLY))
    if commitment is not None and COMMITMENT not in request.consents:
        text = f"The term {commitment} cannot be ended early. Give the consent {COMMITMENT}."
        actions.append(hourly(text, consent=COMMITMENT))
    return Choice(PROVISIONED, capacity=units, actions=tuple(actions))


def _preview(plan: DeploymentPlan, choice: Choice, seen: Access) -> dict[str, Any]:
    before = ["PutUseCaseForModelAccess"] if seen.submits else []
    before += ["CreateFoundationModelAgreement"] if seen.accepts else []
    body: dict[str, Any]
    if choice.sku == PROVISIONED:
        operation = "CreateProvisionedModelThroughput"
        body = {
            "modelUnits": choice.capacity,
            "provisionedModelName": plan.ref.name,
            "modelId": plan.model.name,
            "tags": _TAGS,
        }
        if commitment := plan.request.fields.get("commitment"):
            body["commitmentDuration"] = commitment
    elif choice.source is not None:
        operation = "CreateInferenceProfile"
        body = {
            "inferenceProfileName": plan.ref.name,
            "modelSource": {"copyFrom": choice.source.arn},
            "tags": _TAGS,
        }
    else:
        return {}
    terms = {"terms": seen.terms} if seen.accepts else {}
    return {"operation": operation, "body": body, "before": before, **terms}


def _cost(choice: Choice) -> str | None:
    if choice.sku == PROVISIONED:
        return f"By the hour for {choice.capacity} model units, used or not, from now on."
    return deployments.PER_TOKEN if choice.source else None


def _routing(choice: Choice) -> tuple[str, ...]:
    if choice.sku == PROVISIONED:
        return ("Whether AWS has granted the model units is seen when they are asked for.",)
    if choice.source is None or choice.sku not in SCOPES[:2]:
        return ()
    regions = sorted(choice.source.regions - {""})
    where = "any region" if "" in choice.source.regions else ", ".join(regions)
    return (f"{choice.source.id} routes requests to {where}.",)


def _name(request: DeploymentRequest) -> str:
    """Return the name asked for, else one made from the model's id by the service's own rule."""
    if request.name is None:
        made = re.sub(r"[^0-9a-zA-Z]+", "-", request.model or "").strip("-")
        name = f"{made}-provisioned" if request.sku == PROVISIONED else made
        return name[-_LONGEST:].strip("-")
    if not is_name(request.name):
        raise InvalidRequest(
            "The name is none that Bedrock takes.",
            hint=f"Use letters and digits with single - or _ between them, {_LONGEST} at the most.",
        )
    return request.name


def _require_known_fields(request: DeploymentRequest) -> None:
    unknown = sorted(set(request.fields) - {"commitment", *FORM})
    if unknown:
        raise InvalidRequest(
            f"There is no such field: {', '.join(unknown)[:200]!r}.",
            hint=f"There are commitment, {', '.join(FORM)}.",
        )
    if request.fields.get("commitment", COMMITMENTS[0]) not in COMMITMENTS:
        raise InvalidRequest(
            "There is no such commitment.",
            hint=f"There are {' and '.join(COMMITMENTS)}; leave it out for none.",
        )


def _unknown(
    connection: Connection, request: DeploymentRequest, known: Sequence[str]
) -> ModelNotFound:
    region = wire.own(connection).region
    if request.model in known:
        return ModelNotFound(
            f"{request.model} has no versions: the version is part of its id.",
            hint="Leave the version out.",
        )
    close = difflib.get_close_matches(request.model or "", known, n=3, cutoff=0.4)
    return ModelNotFound(
        f"{region} lists no model {(request.model or '')[:100]!r}.",
        hint=f"Did you mean {', '.join(close)}?" if close else "List the models.",
    )
