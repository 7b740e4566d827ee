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
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def check_credentials(connection: Connection) -> CredentialReport:
    """Try the credentials out, item by item, changing nothing.

    A failing item is an entry of the report, not an exception; what an earlier failure made
    pointless is "not checked". Only `connection` itself being unusable raises.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def list_models(connection: Connection) -> Listing[Model]:
    """Return what the connection could deploy or call, one item per model and version.

    What is left out is named with a reason; what cannot be known is None. Bounded in count.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """Return what is callable now in the customer's account, whoever created it."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Work out what `deploy` would do, changing nothing: this is the dry run.

    What stands in the way is an action of the plan, not an exception; only a request that can
    mean nothing (an unknown model) raises.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Carry the plan out, or take over what it names, and return at once.

    The same plan twice gives the same reference, the second time with ``created=False``, and one
    resource in the cloud. Long operations go on in the cloud.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return the deployment as it is now; gone is ``State.ABSENT``. Never calls the model."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def delete_deployment(
    connection: Connection, ref: DeploymentRef, include_unowned: bool
) -> Deployment:
    """Remove the deployment; removing what is gone already succeeds.

    Ownership is read from the cloud at that moment. Unless `include_unowned` is set, what this
    project did not create, or may not have created, is refused.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the model once, straight at the provider, with as few tokens as will do."""
    raise NotImplementedError
