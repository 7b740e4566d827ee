"""Bedrock's runtime: which model an identifier leads to, and whether it may be called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_emulators.aws import converse, embeddings, errors, profiles
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.authentication import Principal
    from bonito_emulators.aws.catalogue import CatalogueModel
    from bonito_emulators.aws.cloud import AWSCloud
    from bonito_emulators.aws.request import Request

_ACTIONS = {
    "converse": "InvokeModel",
    "converse-stream": "InvokeModelWithResponseStream",
    "invoke": "InvokeModel",
}
_PARTS = 3


def answer(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Answers `POST /model/<id>/<operation>`.

    Raises:
        Refusal: there is no such operation or model, or the account may not call it.
    """
    parts = request.segments
    known = len(parts) == _PARTS and parts[0] == "model" and parts[2] in _ACTIONS
    if not known or request.method != "POST":
        request.violation("the runtime has no such operation")
        raise errors.unknown_operation()
    _, identity, operation = parts
    principal.require(f"bedrock:{_ACTIONS[operation]}", identity)
    model = _behind(cloud, principal, request.region, identity)
    _require_access(principal, model)
    if operation == "invoke":
        reply = embeddings.invoked(request, model)
    else:
        reply = converse.answered(request, model, streaming=operation == "converse-stream")
    cloud.charge(principal.account, "called", identity, model.id)
    return reply


def _behind(cloud: AWSCloud, principal: Principal, region: str, identity: str) -> CatalogueModel:
    """Finds the model: by its own id, a profile, or provisioned throughput."""
    model = cloud.catalogue.model(region, identity.rpartition("foundation-model/")[2])
    if model is not None:
        if "ON_DEMAND" not in model.types:
            raise errors.needs_profile(identity)
        return model
    for each in principal.account.throughputs:
        if each.arn == identity and each.region == region:
            if each.status != "InService":
                raise errors.not_ready()
            return _known(cloud, region, each.model)
    for row in profiles.rows(cloud, principal, region):
        if identity in (row["inferenceProfileId"], row["inferenceProfileArn"]):
            return _known(cloud, region, row["models"][0]["modelArn"].rpartition("/")[2])
    raise errors.invalid_model()


def _known(cloud: AWSCloud, region: str, identity: str) -> CatalogueModel:
    model = cloud.catalogue.model(region, identity)
    if model is None:
        raise errors.invalid_model()
    return model


def _require_access(principal: Principal, model: CatalogueModel) -> None:
    account = principal.account
    if model.id in account.restricted:
        raise errors.not_allowed()
    if model.legacy:
        raise errors.legacy()
    if model.provider == "Anthropic" and account.use_case is None:
        raise errors.use_case_missing()
    if model.agreement and account.agreements.get(model.id) is None:
        # Since October 2025 the first call starts the subscription, where the caller may.
        if "aws-marketplace:Subscribe" in principal.denied:
            raise errors.marketplace_denied()
        account.agree(model.id)
