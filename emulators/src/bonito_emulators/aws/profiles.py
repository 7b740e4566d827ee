"""Inference profiles: those of the service, and an account's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bonito_emulators.aws import errors
from bonito_emulators.aws.holdings import Profile
from bonito_emulators.aws.pages import page
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.authentication import Principal
    from bonito_emulators.aws.cloud import AWSCloud
    from bonito_emulators.aws.request import Request

_NAME = re.compile(r"([0-9a-zA-Z][ _-]?)+")
_DESCRIPTION = re.compile(r"([0-9a-zA-Z:.][ _-]?)+")
_LONGEST, _LONGEST_DESCRIPTION = 64, 200
_TYPES = ("SYSTEM_DEFINED", "APPLICATION")


def rows(cloud: AWSCloud, principal: Principal, region: str) -> list[dict[str, Any]]:
    """Gives all profiles that can be called in a region."""
    own = [each.shown for each in principal.account.profiles if each.region == region]
    return [*cloud.catalogue.profiles_of(region, principal.account.id), *own]


def listed(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Lists them; the service defines some, the account the others."""
    arguments = request.arguments("type", "maxResults", "nextToken")
    wanted = arguments.get("type", "SYSTEM_DEFINED")
    if wanted not in _TYPES:
        raise errors.validation("type is unknown")
    found = [each for each in rows(cloud, principal, request.region) if each["type"] == wanted]
    return page(request, "inferenceProfileSummaries", found, arguments, size=cloud.page_size)


def shown(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Shows one, by its id or ARN."""
    identity = request.segments[1].rpartition("/")[2]
    for each in rows(cloud, principal, request.region):
        if each["inferenceProfileId"] == identity:
            return Reply(each)
    raise errors.not_found("The provided inference profile identifier is not found.")


def created(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Makes one; that names are unique is assumed, since a conflict is all the reference tells.

    Raises:
        Refusal: the name is wrong or taken, or there is nothing to copy from.
    """
    body = request.json_object(
        required=("inferenceProfileName", "modelSource"),
        known=("description", "clientRequestToken", "tags"),
    )
    name, description = body["inferenceProfileName"], body.get("description")
    if not _NAME.fullmatch(str(name)) or len(name) > _LONGEST:
        raise errors.validation("inferenceProfileName failed to satisfy constraint")
    if description is not None and not (
        _DESCRIPTION.fullmatch(str(description)) and len(description) <= _LONGEST_DESCRIPTION
    ):
        raise errors.validation("description failed to satisfy constraint")
    source = str(dict(body["modelSource"]).get("copyFrom"))
    model, models = _copied(cloud, principal, request.region, source)
    held = principal.account.profiles
    if cloud.unique_names and any((e.name, e.region) == (name, request.region) for e in held):
        raise errors.conflict(f"An inference profile with the name {name} already exists.")
    identity = cloud.identity()
    arn = (
        f"arn:aws:bedrock:{request.region}:{principal.account.id}"
        f":application-inference-profile/{identity}"
    )
    made = Profile(
        name=name,
        id=identity,
        arn=arn,
        region=request.region,
        model=model,
        models=models,
        description=description,
        tags={tag["key"]: tag["value"] for tag in body.get("tags", ())},
    )
    held.append(made)
    cloud.charge(principal.account, "created", made.name, made.model)
    return Reply({"inferenceProfileArn": arn, "status": "ACTIVE"}, status=201)


def deleted(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Takes one of the account's own away."""
    identity = request.segments[1].rpartition("/")[2]
    for each in principal.account.profiles:
        if (each.id, each.region) == (identity, request.region):
            principal.account.profiles.remove(each)
            cloud.charge(principal.account, "deleted", each.name, each.model)
            return Reply({})
    raise errors.not_found("The provided inference profile identifier is not found.")


def _copied(
    cloud: AWSCloud, principal: Principal, region: str, source: str
) -> tuple[str, list[str]]:
    """Gives model and destinations of what a new profile copies."""
    for model in cloud.catalogue.models_of(region):
        if source == model.arn(region):
            if "ON_DEMAND" not in model.types:
                raise errors.validation("The model does not support on-demand throughput.")
            return model.id, [source]
    for each in cloud.catalogue.profiles_of(region, principal.account.id):
        if source == each["inferenceProfileArn"]:
            arns = [row["modelArn"] for row in each["models"]]
            return arns[0].rpartition("/")[2], arns
    raise errors.validation("The provided model source is invalid.")
