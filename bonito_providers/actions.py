"""What a person has to do when software cannot: accept terms, ask for quota, grant a role."""

from __future__ import annotations

from enum import StrEnum

from bonito_providers.values import Value


class ActionKind(StrEnum):
    """The kinds of action a page can offer."""

    ACCEPT_TERMS = "accept_terms"
    SUBMIT_USE_CASE = "submit_use_case"
    ENABLE_API = "enable_api"
    ENABLE_IN_CONSOLE = "enable_in_console"
    GRANT_PERMISSION = "grant_permission"
    REQUEST_QUOTA = "request_quota"
    DATA_SHARING = "data_sharing"
    ADD_CREDENTIALS = "add_credentials"
    CONTACT_SUPPORT = "contact_support"


class Action(Value):
    """One thing a person can do, with the words and the link for it.

    Attributes:
        kind: What sort of action it is, so that a page can pick an icon or a form.
        title: A few words, for a button.
        instruction: One or two sentences that say what to do and where.
        url: Where to do it, if there is such a place.
        consent: What to put into `DeploymentRequest.consents` to agree to it here, so that a form
            can draw a box; None where that is done elsewhere.
        fields: What to fill into `DeploymentRequest.fields`, so that a form can draw inputs.
    """

    kind: ActionKind
    title: str
    instruction: str
    url: str | None = None
    consent: str | None = None
    fields: tuple[str, ...] = ()
