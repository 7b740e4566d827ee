"""Whether the account may use a model, what stands in the way, and clearing it with consent.

Availability is a hint: it was seen all green while the model refused every call. What it forbids
is explained; what it allows is proved by a call alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock import wire
from bonito_aws_bedrock.actions import (
    AGREEMENT,
    FORM,
    OTHER_REGION,
    USE_CASE,
    USE_CASE_FORM,
    otherwise,
    terms,
)
from bonito_aws_bedrock.facts import facts_of, overrides_of
from bonito_providers.deployment import DeploymentRequest
from bonito_providers.errors import AuthenticationError, Conflict, DeploymentNotFound, ProviderError

if TYPE_CHECKING:
    from bonito_providers.actions import Action
    from bonito_providers.connection import Connection

OPTIONAL = "other_industry"
PENDING_PAUSE = 15.0
"""Seconds between looks at a subscription that comes into force; it may take 15 minutes."""


@dataclass(frozen=True)
class Access:
    """What stands between an account and a model.

    Attributes:
        actions: What a person has to do first.
        warnings: What could not be found out.
        accepts: Whether the offer has to be accepted, and the consent is there.
        submits: Whether the form has to be sent, and the consent is there.
        pending: Whether a subscription is on its way.
        offer: The token by which the offer is accepted.
        terms: A digest of what the offer says: a plan carries it, so that nothing is accepted
            that nobody was shown.
    """

    actions: tuple[Action, ...] = ()
    warnings: tuple[str, ...] = ()
    accepts: bool = False
    submits: bool = False
    pending: bool = False
    offer: str = ""
    terms: str = ""


async def observe(connection: Connection, model: str, request: DeploymentRequest) -> Access:
    """Return what stands in the way of a model; reads only."""
    found, failure = await wire.optional(
        wire.call(connection, "bedrock", "GetFoundationModelAvailability", modelId=model)
    )
    form = await _form(connection, model, request)
    if found is None:
        if not isinstance(failure, AuthenticationError):
            raise failure or AssertionError
        unseen = "Whether the account may use the model is not shown to these credentials."
        return Access(form.actions, (*form.warnings, unseen), submits=form.submits)
    agreement = await _agreement(connection, model, found, request)
    return Access(
        actions=(*form.actions, *agreement.actions, *_forbidden(model, found)),
        warnings=(*form.warnings, *agreement.warnings),
        accepts=agreement.accepts,
        submits=form.submits,
        pending=agreement.pending,
        offer=agreement.offer,
        terms=agreement.terms,
    )


async def clear(
    connection: Connection, model: str, access: Access, request: DeploymentRequest
) -> None:
    """Send the form and accept the offer, as far as the request consents to each."""
    if access.submits:
        document = json.dumps(
            {wire_name: request.fields.get(name, "") for name, wire_name in FORM.items()}
        )
        await wire.call(
            connection, "bedrock", "PutUseCaseForModelAccess", formData=document.encode()
        )
    if access.accepts:
        try:
            await wire.call(
                connection,
                "bedrock",
                "CreateFoundationModelAgreement",
                offerToken=access.offer,
                modelId=model,
            )
        except Conflict:
            return  # somebody accepted it in the meantime


def _forbidden(model: str, found: Mapping[str, Any]) -> tuple[Action, ...]:
    if found.get("regionAvailability") == "NOT_AVAILABLE":
        return (otherwise(f"{model} is not available in this region; use another one."),)
    if found.get("authorizationStatus") == "NOT_AUTHORIZED":
        return (OTHER_REGION,)
    return ()


async def _agreement(
    connection: Connection, model: str, found: Mapping[str, Any], request: DeploymentRequest
) -> Access:
    agreement = found.get("agreementAvailability")
    status = agreement.get("status") if isinstance(agreement, Mapping) else None
    if status == "PENDING":
        note = "The subscription to the model is coming into force, which may take 15 minutes."
        return Access(warnings=(note,), pending=True)
    if status == "ERROR":
        return Access(actions=(OTHER_REGION,))
    if status != "NOT_AVAILABLE":
        return Access()
    offers, failure = await wire.optional(
        wire.call(connection, "bedrock", "ListFoundationModelAgreementOffers", modelId=model)
    )
    if offers is None:
        return Access(actions=(terms(None, ""),), warnings=_told(failure))
    offer: Mapping[str, Any] = next(iter(offers.get("offers") or ()), {})
    token = str(offer.get("offerToken") or "")
    url, rates = _said(offer)
    if AGREEMENT in request.consents and token:
        told = f"Deploying accepts the model's terms{f' at {url}' if url else ''}.{rates}"
        return Access(warnings=(told,), accepts=True, offer=token, terms=_digest(offer))
    return Access(actions=(terms(url, rates),))


def _digest(offer: Mapping[str, Any]) -> str:
    """Return a digest of what an offer says; its token may be another one at every look."""
    said = {name: value for name, value in offer.items() if name != "offerToken"}
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _said(offer: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return the address of an offer's terms and its rates in a sentence."""
    details = offer.get("termDetails") or {}
    card = (details.get("usageBasedPricingTerm") or {}).get("rateCard") or ()
    rates = [f"{row.get('price')} USD for {row.get('description')}" for row in card[:4]]
    url = (details.get("legalTerm") or {}).get("url")
    return url, f" It costs {', '.join(rates)}." if rates else ""


async def _form(connection: Connection, model: str, request: DeploymentRequest) -> Access:
    if not facts_of(model, overrides_of(connection)).use_case:
        return Access()
    try:
        await wire.call(connection, "bedrock", "GetUseCaseForModelAccess")
    except DeploymentNotFound:
        complete = all(request.fields.get(name) for name in FORM if name != OPTIONAL)
        if complete and USE_CASE_FORM in request.consents:
            return Access(submits=True)
        return Access(actions=(USE_CASE,))
    except AuthenticationError:
        unseen = "Whether the use-case form was sent is not shown to these credentials."
        return Access(warnings=(unseen,))
    return Access()


def _told(failure: ProviderError | None) -> tuple[str, ...]:
    return (f"The offer could not be read: {failure.message}",) if failure else ()
