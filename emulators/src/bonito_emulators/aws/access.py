"""What stands between an account and a model: availability, agreements, the use-case form."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from bonito_emulators.aws import errors
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.authentication import Principal
    from bonito_emulators.aws.catalogue import CatalogueModel
    from bonito_emulators.aws.cloud import AWSCloud
    from bonito_emulators.aws.request import Request

FORM = (
    "companyName",
    "companyWebsite",
    "intendedUsers",
    "industryOption",
    "otherIndustryOption",
    "useCases",
)
_TOKEN = "offer-token-of-"  # noqa: S105 - it opens nothing


def availability(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Tells how far the account may use a model; a hint, as with the real service."""
    model = _model(cloud, request, request.segments[1])
    agreed = principal.account.agreement(model.id) if model.agreement else "AVAILABLE"
    return Reply(
        {
            "modelId": model.id,
            "agreementAvailability": {"status": agreed},
            "authorizationStatus": "AUTHORIZED",
            "entitlementAvailability": "AVAILABLE" if agreed != "NOT_AVAILABLE" else agreed,
            "regionAvailability": "AVAILABLE",
        }
    )


def offers(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Lists the offers to be accepted."""
    request.arguments("offerType")
    model = _model(cloud, request, request.segments[1])
    offer = {
        "offerId": "offer-emulated",
        "offerToken": f"{_TOKEN}{model.id}",
        "termDetails": {
            "usageBasedPricingTerm": {
                "rateCard": [
                    {
                        "dimension": "InputTokenCount",
                        "price": "0.005",
                        "description": "1K input tokens",
                        "unit": "Units",
                    }
                ]
            },
            "legalTerm": {"url": "https://example.invalid/terms.pdf"},
            "supportTerm": {"refundPolicyDescription": "No refunds"},
        },
    }
    return Reply({"modelId": model.id, "offers": [offer] if model.agreement else []})


def agree(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Accepts an offer.

    Raises:
        Refusal: the offer is another model's, or was accepted before.
    """
    body = request.json_object(required=("offerToken", "modelId"), known=())
    model = _model(cloud, request, str(body["modelId"]))
    principal.require("aws-marketplace:Subscribe")
    if body["offerToken"] != f"{_TOKEN}{model.id}":
        raise errors.validation("The offer token is invalid.")
    if model.id in principal.account.agreements:
        raise errors.conflict("The agreement already exists.")
    principal.account.agree(model.id)
    cloud.charge(principal.account, "agreed", model.id, model.id)
    return Reply({"modelId": model.id}, status=202)


def use_case(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Shows the form that was sent."""
    if principal.account.use_case is None:
        raise errors.not_found("Use case details have not been submitted.")
    return Reply({"formData": base64.b64encode(principal.account.use_case).decode()})


def put_use_case(cloud: AWSCloud, principal: Principal, request: Request) -> Reply:
    """Takes the form.

    Raises:
        Refusal: it is not base64 of a JSON object with the form's members.
    """
    body = request.json_object(required=("formData",), known=())
    try:
        form = base64.b64decode(str(body["formData"]), validate=True)
        given = json.loads(form)
    except (binascii.Error, ValueError):
        raise errors.validation("formData is no JSON in base64.") from None
    if not isinstance(given, dict) or set(given) != set(FORM):
        request.violation("the form has other members than the console's")
        raise errors.validation("The form is not complete.")
    principal.account.use_case = form
    cloud.charge(principal.account, "use case", "form", "")
    return Reply(None, status=201)


def _model(cloud: AWSCloud, request: Request, identity: str) -> CatalogueModel:
    model = cloud.catalogue.model(request.region, identity)
    if model is None:
        raise errors.not_found("The provided model identifier is not found.")
    return model
