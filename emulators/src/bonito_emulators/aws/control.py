"""Bedrock's control plane: routes, models, inference profiles and tags."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bonito_emulators.aws import access, errors, profiles, throughput
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.authentication import Principal
    from bonito_emulators.aws.cloud import AWSCloud
    from bonito_emulators.aws.request import Request

Serve = Callable[["AWSCloud", "Principal", "Request"], Reply]


def answer(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Answers a call to `bedrock.<region>`.

    Raises:
        Refusal: there is no such operation, or this principal may not use it.
    """
    first, *rest = request.segments
    found = _ROUTES.get((request.method, first, len(rest)))
    if found is None:
        request.violation("Bedrock has no such operation")
        raise errors.unknown_operation()
    action, serve = found
    principal.require(f"bedrock:{action}")
    return serve(cloud, principal, request)


def _models(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    request.arguments("byProvider", "byCustomizationType", "byOutputModality", "byInferenceType")
    rows = [each.shown(request.region) for each in cloud.catalogue.models_of(request.region)]
    return Reply({"modelSummaries": rows})


def _model(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    identity = request.segments[1].rpartition("foundation-model/")[2]
    model = cloud.catalogue.model(request.region, identity)
    if model is None:
        raise errors.not_found("The provided model identifier is not found.")
    return Reply({"modelDetails": model.shown(request.region)})


def _tags(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    arn = request.json_object(required=("resourceARN",), known=())["resourceARN"]
    held: list[Any] = [*principal.account.profiles, *principal.account.throughputs]
    for each in held:
        if each.arn == arn:
            return Reply({"tags": [{"key": k, "value": v} for k, v in each.tags.items()]})
    raise errors.not_found(f"The resource {re.sub('[^a-z0-9:/-]', '', str(arn))} does not exist.")


_ROUTES: dict[tuple[str, str, int], tuple[str, Serve]] = {
    ("GET", "foundation-models", 0): ("ListFoundationModels", _models),
    ("GET", "foundation-models", 1): ("GetFoundationModel", _model),
    ("GET", "inference-profiles", 0): ("ListInferenceProfiles", profiles.listed),
    ("POST", "inference-profiles", 0): ("CreateInferenceProfile", profiles.created),
    ("GET", "inference-profiles", 1): ("GetInferenceProfile", profiles.shown),
    ("DELETE", "inference-profiles", 1): ("DeleteInferenceProfile", profiles.deleted),
    ("POST", "listTagsForResource", 0): ("ListTagsForResource", _tags),
    ("GET", "foundation-model-availability", 1): (
        "GetFoundationModelAvailability",
        access.availability,
    ),
    ("GET", "list-foundation-model-agreement-offers", 1): (
        "ListFoundationModelAgreementOffers",
        access.offers,
    ),
    ("POST", "create-foundation-model-agreement", 0): (
        "CreateFoundationModelAgreement",
        access.agree,
    ),
    ("GET", "use-case-for-model-access", 0): ("GetUseCaseForModelAccess", access.use_case),
    ("POST", "use-case-for-model-access", 0): ("PutUseCaseForModelAccess", access.put_use_case),
    ("POST", "provisioned-model-throughput", 0): (
        "CreateProvisionedModelThroughput",
        throughput.created,
    ),
    ("GET", "provisioned-model-throughput", 1): (
        "GetProvisionedModelThroughput",
        throughput.shown,
    ),
    ("DELETE", "provisioned-model-throughput", 1): (
        "DeleteProvisionedModelThroughput",
        throughput.deleted,
    ),
    ("GET", "provisioned-model-throughputs", 0): (
        "ListProvisionedModelThroughputs",
        throughput.listed,
    ),
}
