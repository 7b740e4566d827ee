"""What a person has to do, each with the page of the console where it is done."""

from __future__ import annotations

from urllib.parse import quote

from bonito_providers.actions import Action, ActionKind

_CONSOLE = "https://console.cloud.google.com"


def console(page: str, project: str | None) -> str:
    """Return a page of the console; without a project it shows the one used last."""
    url = f"{_CONSOLE}/{page}"
    return f"{url}?project={quote(project, safe=':')}" if project else url


def model_page(publisher: str, model: str, project: str | None) -> str:
    """Return a model's page, where its terms and licence are and where it is enabled."""
    return console(
        f"vertex-ai/publishers/{publisher}/model-garden/{model.partition('@')[0]}", project
    )


ENABLE_CONSENT = "enable_api"
"""Consent to enable the API for a project."""


def enable_api(project: str | None, *, url: str | None = None) -> Action:
    """Return the action for a project that has not enabled the API."""
    return Action(
        kind=ActionKind.ENABLE_API,
        title="Enable the Vertex AI API",
        instruction="Enable the Vertex AI API of the project in the console, or give the consent "
        f"{ENABLE_CONSENT}.",
        url=url or console("apis/library/aiplatform.googleapis.com", project),
        consent=ENABLE_CONSENT,
    )


def enable_billing(project: str | None) -> Action:
    """Return the action for a project that no billing account pays for."""
    return Action(
        kind=ActionKind.ENABLE_IN_CONSOLE,
        title="Enable billing",
        instruction="Link a billing account to the project in the console; it takes a few minutes "
        "until every service knows.",
        url=console("billing/linkedaccount", project),
    )


def enable_partner(publisher: str, model: str, project: str | None) -> Action:
    """Return the action for a partner's model that nobody has enabled; no API can do it."""
    return Action(
        kind=ActionKind.ENABLE_IN_CONSOLE,
        title="Enable the model in Model Garden",
        instruction="Open the model's page in Model Garden, accept the publisher's terms and "
        "enable it, then deploy again.",
        url=model_page(publisher, model, project),
    )


def share_data(publisher: str, model: str | None, project: str | None) -> Action:
    """Return the action for a publisher that wants to see what is asked of its models."""
    garden = console("vertex-ai/model-garden", project)
    return Action(
        kind=ActionKind.DATA_SHARING,
        title="Agree to sharing data",
        instruction=f"The publisher {publisher} serves this model only to projects that share "
        "prompts and answers with it. Agree on the model's page, or choose another model.",
        url=model_page(publisher, model, project) if model else garden,
    )


def accept_licence(publisher: str, model: str, project: str, *, consent: str) -> Action:
    """Return the action for weights that are under somebody else's licence."""
    return Action(
        kind=ActionKind.ACCEPT_TERMS,
        title="Accept the model's licence",
        instruction="Read the licence on the model's page in Model Garden, then give the consent "
        f"{consent}.",
        url=model_page(publisher, model, project),
        consent=consent,
    )


def pay_by_the_hour(*, consent: str) -> Action:
    """Return the action for an endpoint, which costs while it stands."""
    return Action(
        kind=ActionKind.ACCEPT_TERMS,
        title="Agree to billing by the hour",
        instruction="An endpoint is billed by the hour while it stands, called or not. "
        f"Give the consent {consent} if that is what you want.",
        url="https://cloud.google.com/vertex-ai/pricing",
        consent=consent,
    )


def more_quota(project: str | None) -> Action:
    """Return the action for a quota that is used up or zero."""
    return Action(
        kind=ActionKind.REQUEST_QUOTA,
        title="Ask for quota",
        instruction="Ask for more quota of the Vertex AI API in the console.",
        url=console("iam-admin/quotas", project),
    )


def grant(permission: str, project: str | None) -> Action:
    """Return the action for a permission that the service account's roles do not hold."""
    which = f"a role with {permission}" if permission else "the role Vertex AI User"
    return Action(
        kind=ActionKind.GRANT_PERMISSION,
        title="Grant a role",
        instruction=f"Grant the service account {which} in the project.",
        url=console("iam-admin/iam", project),
    )
