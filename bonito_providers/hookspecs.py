"""The contract: what a provider plugin implements. Every author reads this file once.

A plugin is a module, or any object, whose functions carry `@hookimpl` and the names below, and
an entry point of the group ``bonito_providers`` named like `ProviderInfo.name`:

    [project.entry-points.bonito_providers]
    acme = "bonito_acme.plugin"

Rules that hold for all of them:

* The first three hooks answer without any call and are plain functions; the others are
  ``async def``. None is a generator.
* The module imports no SDK and no LiteLLM at its top; heavy things load at first use.
* Outward calls go through `connection.http`, or through an SDK given that transport.
* Raise errors of `bonito_providers.errors`; anything else is reported as a defect of the plugin.
  What a person can mend (no quota, terms not accepted) is a state with an action, not an error.
* Nothing is kept outside the connection: two connections share nothing.
* `plan_deployment`, `deploy`, `get_deployment` and `delete_deployment` come together or not at
  all. A provider without them offers what already exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pluggy

# The types are for readers and checkers: discovery does without them and is the faster for it.
if TYPE_CHECKING:
    from bonito_providers.catalog import Listing, Model
    from bonito_providers.connection import Connection
    from bonito_providers.credentials import Credentials
    from bonito_providers.deployment import (
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
    )
    from bonito_providers.gateway import GatewayEntry
    from bonito_providers.info import ProviderInfo
    from bonito_providers.invocation import Invocation, InvocationRequest
    from bonito_providers.report import CredentialReport

PROJECT = "bonito_providers"
"""pluggy's project name and the entry-point group in one."""

LATER: Mapping[str, tuple[str, ...]] = {}
"""By hook, the arguments that joined it after 1.0: what was written before leaves them out."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def provider_info() -> ProviderInfo:
    """Return the provider's name card.

    Answers without any call, and always the same.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def credential_schema() -> type[Credentials]:
    """Return the pydantic class that reads, describes and draws this provider's credentials.

    Its JSON Schema is the form, the API and the command line alike, so titles, hints and
    examples belong on its fields. Secrets have the type `SecretStr`.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    """Return the LiteLLM route to a deployment, worked out from these two values alone.

    What LiteLLM cannot route comes back with ``supported=False`` and the reason, never as an
    exception and never as a route that would fail.

    Args:
        credentials: Read by the provider's own schema.
        deployment: From a listing, from `get_deployment`, or as a host has stored it.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def check_credentials(connection: Connection) -> CredentialReport:
    """Try the credentials out, item by item, changing nothing.

    A failing item is an entry of the report, not an exception; what an earlier failure made
    pointless is "not checked". Only `connection` itself being unusable raises. An item may be shown
    the moment it is known, by `connection.tell(item)`; the report has the last word.

    Args:
        connection: What to try out.

    Raises:
        ProviderError: The connection cannot be used at all; what merely fails is an item.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def list_models(connection: Connection) -> Listing[Model]:
    """Return what the connection could deploy or call, one item per model and version.

    What is left out is named with a reason; what cannot be known is None. Bounded in count.

    Args:
        connection: Whose models.

    Raises:
        AuthenticationError: The service does not know the caller, or does not let it list.
        CapabilityUnavailable: These credentials cannot list; the error names what is missing.
        MalformedAnswer: The service's answer cannot be read as a list.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """Return what is callable now in the customer's account, whoever created it.

    Args:
        connection: Whose account.

    Raises:
        AuthenticationError: The service does not know the caller, or does not let it list.
        CapabilityUnavailable: These credentials cannot list; the error names what is missing.
        MalformedAnswer: The service's answer cannot be read as a list.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Work out what `deploy` would do, changing nothing: this is the dry run.

    What stands in the way is an action of the plan, not an exception; only a request that can
    mean nothing (an unknown model) raises.

    Args:
        connection: Where to deploy.
        request: What somebody wants, or what to take over.

    Raises:
        ModelNotFound: There is no such model or version for this connection.
        DeploymentNotFound: What was to be taken over is not there.
        Conflict: Another model stands under that name.
        InvalidRequest: A field, name, SKU or capacity is none that the service takes.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Carry the plan out, or take over what it names, and return at once.

    The same plan twice gives the same reference, the second time with ``created=False``, and one
    resource in the cloud. Long operations go on in the cloud.

    Args:
        connection: Where to deploy: the one the plan was made with.
        plan: From `plan_deployment`, intact and not expired: the typed face has seen to that.

    Raises:
        PlanRefused: The plan no longer agrees with what stands, or would change it unasked.
        Conflict: Something else stands there.
        AuthenticationError: The service does not let the caller write.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return the deployment as it is now; gone is ``State.ABSENT``. Never calls the model.

    Args:
        connection: Where it is.
        ref: From a plan, a deployment, or a host's store.

    Raises:
        InvalidRequest: The reference belongs to another account or region.
        AuthenticationError: The service does not let the caller look.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def delete_deployment(
    connection: Connection, ref: DeploymentRef, include_unowned: bool
) -> Deployment:
    """Remove the deployment; removing what is gone already succeeds.

    Ownership is read from the cloud at that moment. Unless `include_unowned` is set, what this
    project did not create, or may not have created, is refused.

    Args:
        connection: Where it is.
        ref: What to remove.
        include_unowned: Whether somebody said to remove it though others may have created it.

    Raises:
        Conflict: It is not known to be this project's own.
        InvalidRequest: The reference belongs to another account or region.
        AuthenticationError: The service does not let the caller remove it.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the model once, straight at the provider, and return its answer.

    Nothing is repeated that may have been billed, and no more is sent than what was asked for.

    Args:
        connection: Where it is.
        deployment: What to call.
        request: What to ask, and for how many tokens of answer at the most.

    Raises:
        DeploymentNotFound: There is no such deployment, or it is too new to answer.
        ContentFiltered: The service refuses the prompt or the answer.
        RateLimited: Too many calls or tokens for now.
        AuthenticationError: The service does not let the caller call it.
    """
    raise NotImplementedError
