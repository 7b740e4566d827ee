"""Provisioned throughput: billed by the hour from the moment it is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_emulators.aws import errors
from bonito_emulators.aws.holdings import Throughput
from bonito_emulators.aws.pages import page
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.authentication import Principal
    from bonito_emulators.aws.cloud import AWSCloud
    from bonito_emulators.aws.request import Request

_NAME = re.compile(r"([0-9a-zA-Z][_-]?)+")
_LONGEST = 63
_COMMITMENTS = (None, "OneMonth", "SixMonths")


def created(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Makes one; the same token again gives the same one.

    Raises:
        Refusal: the arguments are wrong, the name is taken, or AWS granted no such units.
    """
    body = request.json_object(
        required=("provisionedModelName", "modelId", "modelUnits"),
        known=("clientRequestToken", "commitmentDuration", "tags"),
    )
    name, units = body["provisionedModelName"], body["modelUnits"]
    if not _NAME.fullmatch(str(name)) or len(name) > _LONGEST:
        raise errors.validation("provisionedModelName failed to satisfy constraint")
    if body.get("commitmentDuration") not in _COMMITMENTS:
        raise errors.validation("commitmentDuration is no member of the enum")
    if not isinstance(units, int) or units < 1:
        raise errors.validation("modelUnits must be at least 1")
    model = cloud.catalogue.model(request.region, str(body["modelId"]))
    if model is None or "PROVISIONED" not in model.types:
        raise errors.validation("The provided model does not support provisioned throughput.")
    held = principal.account.throughputs
    token = body.get("clientRequestToken")
    for each in held:
        if token is not None and (each.token, each.region) == (token, request.region):
            return Reply({"provisionedModelArn": each.arn}, status=201)
    if any((each.name, each.region) == (name, request.region) for each in held):
        raise errors.conflict(f"A provisioned model with the name {name} already exists.")
    if sum(each.units for each in held) + units > principal.account.model_units:
        raise errors.quota_exceeded(
            "The number of model units exceeds the limit for this account. Request an increase in "
            "AWS Support Center."
        )
    identity = cloud.identity()
    made = Throughput(
        name=name,
        id=identity,
        arn=f"arn:aws:bedrock:{request.region}:{principal.account.id}:provisioned-model/{identity}",
        region=request.region,
        model=model.id,
        units=units,
        commitment=body.get("commitmentDuration"),
        token=token,
        tags={tag["key"]: tag["value"] for tag in body.get("tags", ())},
        looks=cloud.build_looks,
        failing=cloud.fail_builds,
    )
    held.append(made)
    cloud.charge(principal.account, "created", made.name, made.model, hourly=True)
    return Reply({"provisionedModelArn": made.arn}, status=201)


def listed(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Lists them; each listing is a look."""
    arguments = request.arguments(
        *("nameContains", "statusEquals", "modelArnEquals", "maxResults", "nextToken"),
        *("sortBy", "sortOrder"),
    )
    found = [each for each in principal.account.throughputs if each.region == request.region]
    found = [each for each in found if arguments.get("nameContains", "") in each.name]
    for each in found if "nextToken" not in arguments else ():
        each.look()
    rows = [each.shown for each in found]
    return page(request, "provisionedModelSummaries", rows, arguments, size=cloud.page_size)


def shown(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Shows one, by its name or ARN."""
    found = _find(principal, request)
    found.look()
    reason = {"failureMessage": cloud.failure} if found.status == "Failed" else {}
    return Reply({**found.shown, **reason})


def deleted(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Ends one, unless a commitment still runs."""
    found = _find(principal, request)
    if found.commitment is not None:
        raise errors.conflict("The commitment of the provisioned model has not ended.")
    principal.account.throughputs.remove(found)
    cloud.charge(principal.account, "deleted", found.name, found.model, hourly=True)
    return Reply({})


def _find(principal: Principal, request: Request) -> Throughput:
    wanted = request.segments[1]
    for each in principal.account.throughputs:
        if each.region == request.region and wanted in (each.name, each.arn):
            return each
    raise errors.not_found("The provisioned model is not found.")
