"""The typed face of a provider: what a host calls, and what stands between it and a plugin.

Each method here is one hook. The face checks that the connection can do what is asked, calls
through the operator's wrappers under a deadline, checks the type of the result, and turns
whatever a plugin raises into an error of this package without secrets in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from bonito_providers import blame, hookspecs
from bonito_providers.conformity import TOGETHER, problems_of
from bonito_providers.connection import Connection
from bonito_providers.crashes import ends_the_program
from bonito_providers.credentials import Capability, Credentials
from bonito_providers.errors import (
    BonitoError,
    CapabilityUnavailable,
    DeadlineExceeded,
    PlanRefused,
    PluginError,
)
from bonito_providers.info import ProviderInfo
from bonito_providers.redaction import Redactor, redacted
from bonito_providers.telling import Progress, telling_to
from bonito_providers.wrappers import Call, Proceed, Wrapper, call_through

# Values load where a call needs them: listing the plugins calls nothing.
if TYPE_CHECKING:
    from bonito_providers.catalog import Listing, Model
    from bonito_providers.deployment import (
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
    )
    from bonito_providers.gateway import GatewayEntry
    from bonito_providers.invocation import Invocation, InvocationRequest
    from bonito_providers.network import NetworkSettings
    from bonito_providers.report import CredentialReport

Result = TypeVar("Result")

DEADLINES: Mapping[str, float] = {
    "check_credentials": 90,
    "list_models": 120,
    "list_deployments": 60,
    "plan_deployment": 60,
    "deploy": 120,
    "get_deployment": 60,
    "delete_deployment": 120,
    "invoke_model": 90,
}
"""Seconds each hook may take, retries and paging included."""


class Provider:
    """One provider, ready to be called.

    Args:
        plugin: A module or object with `@hookimpl` functions.
        wrappers: What to call through, the first one outermost.
        data_overrides: The operator's rows for the plugin's data file.

    Raises:
        PluginError: The plugin does not keep the contract; the text says where and how to mend.
    """

    def __init__(
        self,
        plugin: object,
        *,
        wrappers: Sequence[Wrapper] = (),
        data_overrides: Mapping[str, Any] | None = None,
    ) -> None:
        problems = problems_of(plugin)
        if problems:
            raise PluginError(f"The plugin breaks the contract: {'; '.join(problems)}.")
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._manager.register(plugin)
        self._manager.check_pending()
        self.wrappers = tuple(wrappers)
        self.data_overrides = dict(data_overrides or {})
        self.info = self._plain("provider_info", ProviderInfo)
        self.schema: type[Credentials] = self._plain_schema()
        self.deploys = bool(self._manager.hook.deploy.get_hookimpls())

    def __repr__(self) -> str:
        return f"<Provider {self.info.name}>"

    def read_credentials(self, raw: Mapping[str, Any]) -> Credentials:
        """Read what a user gave.

        Raises:
            InvalidCredentials: Fields are missing, unknown, empty or wrong, each by its name.
            PluginError: The schema crashed.
        """
        try:
            return self.schema.read(raw, provider=self.info.name)
        finally:
            del raw  # error trackers record the variables of every frame

    def connect(
        self,
        credentials: Credentials | Mapping[str, Any],
        *,
        id: str = "default",
        network: NetworkSettings | None = None,
    ) -> Connection:
        """Return a connection; nothing is called before it is used.

        Raises:
            InvalidCredentials: As `read_credentials`.
        """
        if network is None:
            from bonito_providers.network import (
                NetworkSettings,
            )

            network = NetworkSettings()
        try:
            if not isinstance(credentials, Credentials):
                credentials = self.read_credentials(credentials)
            return Connection(self, credentials, id=id, network=network)
        finally:
            del credentials  # as in `read_credentials`

    async def check_credentials(
        self, connection: Connection, *, progress: Progress | None = None
    ) -> CredentialReport:
        """Try the credentials out, item by item, changing nothing.

        Args:
            connection: What to try out.
            progress: Called with each item once: when the plugin tells it, or else at the end, in
                the report's order. An item that was told otherwise than the report has it comes
                once more. Whatever it raises is logged and ends nothing.
        """
        from bonito_providers.report import CredentialReport

        with telling_to(connection, progress) as told:
            report = await self._call("check_credentials", connection, CredentialReport)
            if told is not None:
                told.finish(report)
        return report

    async def list_models(self, connection: Connection) -> Listing[Model]:
        """Return what the connection could deploy or call."""
        from bonito_providers.catalog import Listing, Model

        listing = await self._call("list_models", connection, Listing, Capability.LIST_MODELS)
        return self._listed("list_models", listing, Model)

    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        """Return what is callable now in the customer's account."""
        from bonito_providers.catalog import Listing
        from bonito_providers.deployment import Deployment

        needs = Capability.LIST_DEPLOYMENTS
        listing = await self._call("list_deployments", connection, Listing, needs)
        listed = self._listed("list_deployments", listing, Deployment)
        return listed.model_copy(update={"items": tuple(map(_unverified, listed.items))})

    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        """Work out what `deploy` would do, changing nothing."""
        from bonito_providers.deployment import DeploymentPlan

        needs = Capability.ADOPT if request.adopt else Capability.DEPLOY
        plan = await self._call(
            "plan_deployment", connection, DeploymentPlan, needs, request=request
        )
        return plan.sealed()

    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        """Carry the plan out, or take over what it names, and return at once.

        Raises:
            PlanRefused: The plan was altered or has expired.
        """
        from bonito_providers.deployment import Deployment

        if not plan.intact:
            refusal = PlanRefused("The plan was altered after it was made.", hint="Plan again.")
            raise blame.filled(refusal, self.info.name, "deploy")
        if plan.expires_at <= connection.clock.now():
            expired = f"The plan expired at {plan.expires_at:%H:%M:%S} UTC."
            refusal = PlanRefused(expired, hint="Plan again.")
            raise blame.filled(refusal, self.info.name, "deploy")
        needs = Capability.ADOPT if plan.request.adopt else Capability.DEPLOY
        found = await self._call("deploy", connection, Deployment, needs, plan=plan)
        return _unverified(found)

    async def get_deployment(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        """Return the deployment as it is now. Never calls the model."""
        from bonito_providers.deployment import Deployment

        return _unverified(await self._call("get_deployment", connection, Deployment, ref=ref))

    async def delete_deployment(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool = False
    ) -> Deployment:
        """Remove the deployment; removing what is gone already succeeds."""
        from bonito_providers.deployment import Deployment

        found = await self._call(
            "delete_deployment",
            connection,
            Deployment,
            Capability.DEPLOY,
            ref=ref,
            include_unowned=include_unowned,
        )
        return _unverified(found)

    async def invoke_model(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        """Call the model once, straight at the provider."""
        from bonito_providers.invocation import Invocation

        needs = Capability.INVOKE
        return await self._call(
            "invoke_model", connection, Invocation, needs, deployment=deployment, request=request
        )

    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        """Return the LiteLLM route to a deployment, worked out without any call.

        Raises:
            PluginError: The entry carries a parameter that neither every entry nor this provider
                may carry; LiteLLM would send it to the service.
        """
        from bonito_providers.gateway import COMMON_PARAMETERS, GatewayEntry

        entry = self._plain(
            "build_gateway_entry", GatewayEntry, credentials=credentials, deployment=deployment
        )
        allowed = COMMON_PARAMETERS | set(self.info.gateway_parameters)
        surplus = sorted(set(entry.litellm_params) - allowed)
        if surplus:
            what = f"parameters not declared: {', '.join(surplus)}"
            raise blame.defect(what, self.info.name, "build_gateway_entry")
        return entry

    async def _call(
        self,
        hook: str,
        connection: Connection,
        result_type: type[Result],
        needs: Capability | None = None,
        /,
        **arguments: object,
    ) -> Result:
        self._require(hook, connection, needs)

        def settled(ask: Proceed, who: str) -> Awaitable[Result]:
            return self._settled(hook, connection, result_type, ask, who)

        def ask_plugin() -> Awaitable[Result]:
            return settled(lambda: self._within_deadline(hook, connection, arguments), blame.PLUGIN)

        if not self.wrappers:
            return await ask_plugin()
        call = Call(
            provider=self.info.name,
            hook=hook,
            connection=connection.id,
            arguments=MappingProxyType(redacted(arguments, connection.redact)),
        )
        return await settled(lambda: call_through(self.wrappers, call, ask_plugin), blame.WRAPPER)

    async def _settled(
        self,
        hook: str,
        connection: Connection,
        result_type: type[Result],
        ask: Proceed,
        who: str,
        /,
    ) -> Result:
        """Return what was asked for, or raise an error of this package; no secret in either."""
        failure: BonitoError
        try:
            result = await ask()
        except BaseException as error:
            if ends_the_program(error):
                raise
            failure = blame.named(error, self._name(), hook, who=who)
        else:
            if isinstance(result, result_type):
                return redacted(result, connection.redact)
            failure = blame.mistyped(result, result_type, self._name(), hook, who=who)
            del result  # error trackers record a frame's variables, and it may hold the key
        failure.redact(connection.redact)
        # Raised outside the handler and without a cause: what a plugin or an SDK raised may hold
        # requests, and requests hold keys.
        raise failure

    async def _within_deadline(
        self, hook: str, connection: Connection, arguments: Mapping[str, Any]
    ) -> object:
        import asyncio

        seconds = DEADLINES[hook]
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                return await getattr(self._manager.hook, hook)(connection=connection, **arguments)
        except TimeoutError:
            if not deadline.expired():
                raise
        raise DeadlineExceeded(
            f"{hook} of {self.info.name} took longer than {seconds:g} seconds.",
            hint="Try again; the service may be slow at the moment.",
        )

    def _require(self, hook: str, connection: Connection, needs: Capability | None) -> None:
        if not self.deploys and hook in TOGETHER:
            message = f"{self.info.title} offers what exists and deploys nothing."
            refusal = CapabilityUnavailable(hook, message=message)
            raise blame.filled(refusal, self.info.name, hook)
        capabilities = connection.credentials.capabilities()
        if needs is not None and needs not in capabilities.available:
            missing = capabilities.missing.get(needs, ())
            refusal = CapabilityUnavailable(needs.value, missing=missing)
            raise blame.filled(refusal, self.info.name, hook)

    def _listed(self, hook: str, listing: Listing[Any], item_type: type) -> Listing[Any]:
        wrong = {type(item).__name__ for item in listing.items if not isinstance(item, item_type)}
        if wrong:
            what = f"lists {', '.join(sorted(wrong))}, not {item_type.__name__}"
            raise blame.defect(what, self.info.name, hook)
        return listing

    def _plain(self, hook: str, result_type: type[Result], **arguments: object) -> Result:
        failure: BonitoError
        try:
            result = getattr(self._manager.hook, hook)(**arguments)
        except BaseException as error:
            if ends_the_program(error):
                raise
            failure = blame.named(error, self._name(), hook)
        else:
            if isinstance(result, result_type):
                return result
            failure = blame.mistyped(result, result_type, self._name(), hook)
            del result  # as in `_call`
        credentials = arguments.get("credentials")
        if isinstance(credentials, Credentials):
            failure.redact(Redactor(credentials.secrets()))
        raise failure

    def _plain_schema(self) -> type[Credentials]:
        schema = self._plain("credential_schema", type)
        if not issubclass(schema, Credentials):
            what = f"{schema.__name__} is no Credentials class"
            raise blame.defect(what, self._name(), "credential_schema")
        return schema

    def _name(self) -> str:
        info = getattr(self, "info", None)
        return info.name if isinstance(info, ProviderInfo) else "(unnamed)"


def _unverified(deployment: Deployment) -> Deployment:
    # Only `wait` and `verify` say that a call succeeded.
    return deployment.model_copy(update={"verified": None, "verified_reason": ""})
