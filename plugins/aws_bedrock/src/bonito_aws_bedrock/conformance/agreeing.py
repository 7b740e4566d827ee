"""What stands between an account and a model, and what a consent is given to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.conformance.asking import account, at_write, counted, denying, refusal
from bonito_aws_bedrock.conformance.places import RESOURCE
from bonito_aws_bedrock.conformance.requests import AGREED, CLAUDE, EMBED, FORM, NOVA, asked
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import after, deploying, instead, meeting, planning
from bonito_providers import ActionKind, State
from bonito_providers.errors import PlanRefused

if TYPE_CHECKING:
    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_emulators.aws import AWSCloud
    from bonito_providers import Deployment

_CONSOLE = "https://console.aws.amazon.com/bedrock/home"
_SUPPORT = "https://console.aws.amazon.com/support/home"
_LEGAL = "https://example.invalid/terms.pdf"
_AVAILABILITY, _OFFERS = "/foundation-model-availability", "/list-foundation-model-agreement-offers"
_AGREEING = "/create-foundation-model-agreement"
_FORM = "/use-case-for-model-access"
_ROUTES = "routes requests to eu-central-1, eu-north-1, eu-west-1, eu-west-3."
_WISH = asked(CLAUDE, consents=AGREED, fields=FORM)
_DENIED = refusal(403, "AccessDeniedException", "No.")
_MARKETPLACE = refusal(
    403,
    "AccessDeniedException",
    "Model access is denied due to IAM user or service role is not authorized to perform the "
    "required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, "
    "aws-marketplace:Subscribe) to enable access to this model.",
)
_DEARER = {
    "offerId": "offer-emulated",
    "offerToken": f"offer-token-of-{CLAUDE.model}",
    "termDetails": {
        "usageBasedPricingTerm": {"rateCard": [{"description": "1K words", "price": "5.00"}]}
    },
}


def _slowly(cloud: AWSCloud) -> None:
    """Let a subscription come into force after three looks."""
    account(cloud).pending_looks = 3


def _available(ask: Ask, **found: Any) -> Ask:  # noqa: ANN401 - any JSON
    """Ask while the service says this of a model's availability."""
    green = {
        "modelId": NOVA.model,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }
    return meeting(ask, instead({**green, **found}, path=_AVAILABILITY, times=None))


async def _cleared_since(scene: Scene) -> Deployment:
    """Deploy a plan that names actions after somebody did what they ask for."""
    held = account(scene.cloud)
    plan = await scene.provider.plan_deployment(scene.connection, CLAUDE)
    held.use_case, held.agreements[CLAUDE.model or ""] = b"{}", "AVAILABLE"
    made = await scene.provider.deploy(scene.connection, plan)
    held.use_case, held.agreements = None, {}
    return made


async def _offered_otherwise(scene: Scene) -> Deployment:
    """Deploy a plan after the offer that it shows became another one."""
    plan = await scene.provider.plan_deployment(scene.connection, _WISH)
    ask = meeting(
        lambda scene: scene.provider.deploy(scene.connection, plan),
        instead({"modelId": CLAUDE.model, "offers": [_DEARER]}, path=_OFFERS, times=None),
    )
    return await ask(scene)  # type: ignore[no-any-return]  # what `deploy` returns


def _accepted_by_another(scene: Scene) -> None:
    account(scene.cloud).agree(EMBED.model or "")


ASKED = (
    Told(
        name="planning without a consent",
        ask=planning(CLAUDE),
        tells={
            "actions.0.kind": ActionKind.SUBMIT_USE_CASE,
            "actions.0.url": _CONSOLE,
            "actions.0.consent": "aws_use_case_form",
            "actions.0.fields": [
                *("company_name", "company_website", "intended_users", "industry"),
                *("other_industry", "use_cases"),
            ],
            "actions.1.kind": ActionKind.ACCEPT_TERMS,
            "actions.1.url": _LEGAL,
            "actions.1.consent": "aws_model_agreement",
            "preview.before": [],
            "preview.operation": "CreateInferenceProfile",
            "sku": "geo",
            "warnings": [f"eu.{CLAUDE.model} {_ROUTES}"],
        },
        says=("It costs 0.005 USD for 1K input tokens.",),
    ),
    Told(
        name="deploying that plan after all was cleared",
        ask=counted(_cleared_since),
        tells={"answer.state": State.NEEDS_ACTION, "answer.created": False, "writes": []},
    ),
    Told(
        name="planning with a form that is not complete",
        ask=planning(asked(_WISH, fields={**FORM, "industry": ""})),
        tells={
            "actions.0.kind": ActionKind.SUBMIT_USE_CASE,
            "preview.before": ["CreateFoundationModelAgreement"],
        },
    ),
    Told(
        name="planning with every consent",
        ask=planning(_WISH),
        tells={
            "actions": [],
            "preview.before": ["PutUseCaseForModelAccess", "CreateFoundationModelAgreement"],
            "preview.body": {
                "inferenceProfileName": "anthropic-claude-opus-5",
                "modelSource": {"copyFrom": f"{RESOURCE}:inference-profile/eu.{CLAUDE.model}"},
                "tags": [{"key": "managed-by", "value": "bonito-providers"}],
            },
            "cost": "Billed by the token; the profile itself costs nothing.",
        },
        says=(f"Deploying accepts the model's terms at {_LEGAL}. It costs 0.005 USD",),
    ),
    Told(
        name="planning where neither form nor offer is shown",
        ask=meeting(planning(_WISH), instead(_DENIED, path=_FORM), instead(_DENIED, path=_OFFERS)),
        tells={"actions.0.kind": ActionKind.ACCEPT_TERMS, "actions.0.url": None},
        says=("Whether the use-case form was sent is not shown", "The offer could not be read"),
    ),
    Told(
        name="planning where there is nothing to be accepted with",
        ask=meeting(planning(_WISH), instead({"offers": []}, path=_OFFERS)),
        tells={"actions.0.kind": ActionKind.ACCEPT_TERMS, "actions.0.url": None},
    ),
    Told(
        name="an offer that is not the one of the plan",
        ask=_offered_otherwise,
        refused=PlanRefused,
        says=("is not the one that the plan shows", "Plan again, and read the terms."),
    ),
)
ACCEPTED = (
    Told(
        name="a subscription that may not be made",
        ask=counted(meeting(deploying(_WISH), instead(_MARKETPLACE, path=_AGREEING))),
        tells={
            "answer.state": State.NEEDS_ACTION,
            "answer.created": False,
            "answer.retry_after": 120,
            "answer.actions.0.kind": ActionKind.GRANT_PERMISSION,
            "answer.actions.0.url": "https://console.aws.amazon.com/iam/home",
            "writes": [f"POST {_FORM}", f"POST {_AGREEING}"],
        },
        says=("aws-marketplace:Subscribe",),
    ),
    Told(
        name="a subscription that comes into force",
        ask=counted(deploying(_WISH)),
        tells={
            "answer.state": State.QUEUED,
            "answer.created": False,
            "answer.retry_after": 15,
            "writes": [f"POST {_AGREEING}"],
        },
    ),
    Told(
        name="planning meanwhile",
        ask=planning(_WISH),
        tells={"actions": [], "preview.before": []},
        says=("is coming into force, which may take 15 minutes",),
    ),
    Told(
        name="deploying once it is in force",
        ask=counted(deploying(_WISH)),
        tells={
            "answer.state": State.READY,
            "answer.created": True,
            "answer.owned": True,
            "writes": ["POST /inference-profiles"],
        },
    ),
    Told(
        name="an offer that somebody else accepts meanwhile",
        ask=at_write(
            deploying(asked(EMBED, name="vectors", consents=AGREED)),
            _accepted_by_another,
            path=_AGREEING,
        ),
        tells={"state": State.QUEUED, "created": False},
    ),
)
AVAILABLE = (
    Told(
        name="an agreement that failed",
        ask=_available(planning(NOVA), agreementAvailability={"status": "ERROR"}),
        tells={"actions.0.kind": ActionKind.CONTACT_SUPPORT, "actions.0.url": _SUPPORT},
    ),
    Told(
        name="a model that is not in the region",
        ask=_available(planning(NOVA), regionAvailability="NOT_AVAILABLE"),
        tells={"actions.0.kind": ActionKind.ENABLE_IN_CONSOLE, "actions.0.url": _CONSOLE},
        says=("is not available in this region",),
    ),
    Told(
        name="availability that is not shown",
        ask=after(denying("bedrock:GetFoundationModelAvailability"), planning(NOVA)),
        tells={"actions": []},
        says=("is not shown to these credentials",),
    ),
)
AGREEING = (
    Situation(
        name="a model with terms and a form",
        told=(*ASKED, *ACCEPTED, *AVAILABLE),
        prepare=_slowly,
        access="access_key",
    ),
)
