"""A plugin that works without a network, and ways to change single hooks of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import wraps
from types import SimpleNamespace
from typing import Any

from pydantic import SecretStr

from bonito_providers import (
    Connection,
    CredentialReport,
    Credentials,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    GatewayEntry,
    Invocation,
    InvocationRequest,
    Listing,
    Model,
    NetworkSettings,
    Provider,
    ProviderInfo,
    State,
    Wrapper,
    hookimpl,
)
from tests.virtual_time import START, VirtualClock

CANARY = "canary-key-0123456789abcdefABCDEF"
REF = DeploymentRef(provider="acme", resource="https://one.acme.example", name="bird")
READY = Deployment(ref=REF, state=State.READY, observed_at=START)


class AcmeCredentials(Credentials):
    """One field, which is secret."""

    api_key: SecretStr


def info(**changes: Any) -> ProviderInfo:
    """Return a name card with these fields changed."""
    given = {
        "name": "acme",
        "cloud": "acmeland",
        "title": "Acme",
        "summary": "Answers without a network.",
        "host_suffixes": (".acme.example",),
    }
    return ProviderInfo.model_validate(given | changes)


@hookimpl
def provider_info() -> ProviderInfo:
    return info()


@hookimpl
def credential_schema() -> type[Credentials]:
    return AcmeCredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    return GatewayEntry(model_name=deployment.ref.name, surface="v1")


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    return CredentialReport(items=(), observed_at=START)


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    return Listing(items=(), complete=True, source="nowhere", observed_at=START)


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    return Listing(items=(), complete=True, source="nowhere", observed_at=START)


@hookimpl
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    now = connection.clock.now()
    later = now + timedelta(hours=1)
    return DeploymentPlan(ref=REF, request=request, created_at=now, expires_at=later)


@hookimpl
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    return READY


@hookimpl
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    return READY


@hookimpl
async def delete_deployment(
    connection: Connection,
    ref: DeploymentRef,
    include_unowned: bool,  # noqa: FBT001 - the contract's own signature
) -> Deployment:
    return READY.model_copy(update={"state": State.ABSENT})


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    return Invocation(text=request.prompt, surface="v1")


HOOKS: Mapping[str, Callable[..., Any]] = {
    "provider_info": provider_info,
    "credential_schema": credential_schema,
    "build_gateway_entry": build_gateway_entry,
    "check_credentials": check_credentials,
    "list_models": list_models,
    "list_deployments": list_deployments,
    "plan_deployment": plan_deployment,
    "deploy": deploy,
    "get_deployment": get_deployment,
    "delete_deployment": delete_deployment,
    "invoke_model": invoke_model,
}
MANAGING = ("plan_deployment", "deploy", "get_deployment", "delete_deployment")


def plugin_with(*, without: tuple[str, ...] = (), **changes: Callable[..., Any]) -> SimpleNamespace:
    """Return a working plugin with hooks taken away, replaced or added."""
    kept = {name: hook for name, hook in HOOKS.items() if name not in without}
    return SimpleNamespace(**{**kept, **changes})


def provider_with(
    *, without: tuple[str, ...] = (), wrappers: tuple[Wrapper, ...] = (), **changes: Any
) -> Provider:
    """Return the typed face of a plugin with these hooks changed."""
    marked = {name: hookimpl(hook) for name, hook in changes.items()}
    return Provider(plugin_with(without=without, **marked), wrappers=wrappers)


@asynccontextmanager
async def connected(
    *,
    without: tuple[str, ...] = (),
    wrappers: tuple[Wrapper, ...] = (),
    clock: VirtualClock | None = None,
    **changes: Any,
) -> AsyncIterator[Connection]:
    """Open a connection to a plugin with these hooks changed; its key is the canary."""
    provider = provider_with(without=without, wrappers=wrappers, **changes)
    network = NetworkSettings(clock=clock or VirtualClock())
    async with provider.connect({"api_key": CANARY}, id="here", network=network) as connection:
        yield connection


class Panic(BaseException):
    """What extension modules written in Rust raise: no `Exception`."""


def raising(name: str, error: BaseException) -> Any:
    """Return the hook of that name, made to raise."""

    @wraps(HOOKS[name])
    async def hook(*_: object) -> None:
        raise error

    return hook


def returning(name: str, value: object) -> Any:
    """Return the hook of that name, made to answer with this value."""

    @wraps(HOOKS[name])
    async def hook(*_: object) -> object:
        return value

    return hook
