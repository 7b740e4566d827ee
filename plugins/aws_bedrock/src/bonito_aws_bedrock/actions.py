"""What a person has to do at AWS when software cannot."""

from __future__ import annotations

from collections.abc import Mapping

from bonito_providers.actions import Action, ActionKind

AGREEMENT = "aws_model_agreement"
"""Consent to accept a model's offer in the customer's name."""
USE_CASE_FORM = "aws_use_case_form"
"""Consent to send the use-case form in the customer's name."""
HOURLY = "aws_hourly_billing"
"""Consent to provisioned throughput, which costs by the hour whether it is used or not."""
COMMITMENT = "aws_commitment"
"""Consent to a commitment, which cannot be ended before its time."""

FORM: Mapping[str, str] = {
    "company_name": "companyName",
    "company_website": "companyWebsite",
    "intended_users": "intendedUsers",
    "industry": "industryOption",
    "other_industry": "otherIndustryOption",
    "use_cases": "useCases",
}
"""Fields of a request to members of the form; the other industry may stay empty."""

CONSOLE = "https://console.aws.amazon.com/bedrock/home"

PERMISSION = Action(
    kind=ActionKind.GRANT_PERMISSION,
    title="Grant the permission",
    instruction="Let a policy of this user or role allow the action that was refused; service "
    "control policies of the organisation may forbid it as well.",
    url="https://console.aws.amazon.com/iam/home",
)
MARKETPLACE = Action(
    kind=ActionKind.GRANT_PERMISSION,
    title="Allow the subscription",
    instruction="Allow aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions, check that "
    "the account has a valid payment method, and try again after two minutes.",
    url="https://console.aws.amazon.com/iam/home",
)
USE_CASE = Action(
    kind=ActionKind.SUBMIT_USE_CASE,
    title="Send the use-case form",
    instruction="Anthropic asks once for each account what its models are used for. Fill in the "
    f"form in the console, or give its fields and the consent {USE_CASE_FORM}. It takes up to 15 "
    "minutes to be known.",
    url=CONSOLE,
    consent=USE_CASE_FORM,
    fields=tuple(FORM),
)
QUOTA = Action(
    kind=ActionKind.REQUEST_QUOTA,
    title="Ask for model units",
    instruction="AWS support grants model units for provisioned throughput; ask for them there, or "
    "end throughput that is not needed.",
    url="https://console.aws.amazon.com/support/home",
)
OTHER_REGION = Action(
    kind=ActionKind.CONTACT_SUPPORT,
    title="Ask AWS, or use another region",
    instruction="AWS does not let this account use the model here. Ask AWS support, or use another "
    "region.",
    url="https://console.aws.amazon.com/support/home",
)


def terms(legal_url: str | None, rates: str) -> Action:
    """Return the action for an offer that has to be accepted, with what it says."""
    return Action(
        kind=ActionKind.ACCEPT_TERMS,
        title="Accept the model's terms",
        instruction=f"The model is sold through AWS Marketplace.{rates} Read its terms, then give "
        f"the consent {AGREEMENT}.",
        url=legal_url if legal_url and legal_url.startswith("https://") else None,
        consent=AGREEMENT,
    )


def hourly(text: str, *, consent: str) -> Action:
    """Return the action for capacity that costs by the hour."""
    return Action(
        kind=ActionKind.ACCEPT_TERMS,
        title="Agree to be billed by the hour",
        instruction=text,
        url="https://aws.amazon.com/bedrock/pricing/",
        consent=consent,
    )


def otherwise(text: str) -> Action:
    """Return the action for a wish that Bedrock does not fulfil."""
    return Action(
        kind=ActionKind.ENABLE_IN_CONSOLE,
        title="Choose otherwise",
        instruction=text,
        url=CONSOLE,
    )
