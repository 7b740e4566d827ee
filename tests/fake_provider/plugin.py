"""A complete provider for the toy service: what an author writes, and no more."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from pydantic import Field, SecretStr, field_validator

from bonito_providers import (
    Capability,
    CheckItem,
    Connection,
    CredentialReport,
    Credentials,
    DeployedModel,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    FieldGroup,
    GatewayEntry,
    Invocation,
    InvocationRequest,
    Listing,
    Model,
    ProviderInfo,
    Skipped,
    State,
    Verdict,
    hookimpl,
)
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    ModelNotFound,
    ProviderError,
)
from tests.fake_provider.wire import ask

_MANAGEMENT = FieldGroup(
    name="management",
    title="Management",
    summary="Lets models be deployed, not only called.",
    fields=("manager_id", "manager_secret"),
    enables=frozenset({Capability.DEPLOY}),
)


class ToyCredentials(Credentials):
    endpoint: str = Field(
        title="Endpoint",
        description="As the console shows it.",
        examples=["https://contoso.toy.example"],
        pattern=r"^https://[a-z0-9-]+\.toy\.example$",
    )
    api_key: SecretStr = Field(title="Key", description="Either of the two.", min_length=8)
    manager_id: str | None = Field(
        None, title="Manager", description="The manager's id: Console > Managers.", examples=["m1"]
    )
    manager_secret: SecretStr | None = Field(
        None, title="Secret", description="Shown once, when the manager is made."
    )

    base_capabilities = frozenset(Capability) - {Capability.DEPLOY}
    field_groups = (_MANAGEMENT,)

    @field_validator("api_key", "manager_secret")
    @classmethod
    def _pasted(cls, secret: SecretStr | None) -> SecretStr | None:
        return secret and SecretStr(secret.get_secret_value().strip())


@hookimpl
def provider_info() -> ProviderInfo:
    return ProviderInfo(
        name="toy",
        cloud="toyland",
        title="Toy cloud",
        summary="Birds that repeat what they hear.",
        host_suffixes=(".toy.example",),
        environment=("TOY_KEY",),
        links={"Console": "https://console.toy.example"},
    )


@hookimpl
def credential_schema() -> type[Credentials]:
    return ToyCredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    toy = cast("ToyCredentials", credentials)
    name = deployment.ref.name
    return GatewayEntry(
        model_name=name,
        litellm_params={
            "model": f"openai/{name}",
            "api_base": f"{toy.endpoint}/v1",
            "api_key": toy.api_key,
        },
        model_info={"base_model": deployment.model.name},
        surface="v1",
    )


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    started = connection.clock.monotonic()
    refusal: ProviderError | None = None
    try:
        await ask(connection, "GET", "/v1/deployments")
    except ProviderError as error:
        refusal = error
    item = CheckItem(
        name="authenticate",
        title="The key is accepted",
        verdict=Verdict.FAILED if refusal else Verdict.PASSED,
        reason=refusal.message if refusal else "",
        error=type(refusal).__name__ if refusal else None,
        seconds=connection.clock.monotonic() - started,
    )
    return CredentialReport(items=(item,), observed_at=connection.clock.now())


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    pages: dict[str, list[str]] = {}
    path: str | None = "/v1/models"
    while path and path not in pages:
        page = await ask(connection, "GET", path)
        pages[path] = page["models"]
        path = page.get("next")
    names = dict.fromkeys(name for each in pages.values() for name in each)
    return Listing(
        items=tuple(Model(id=name, name=name, kind="chat") for name in names),
        complete=not path,
        notes=("The pages lead back to one that was read.",) if path else (),
        source="the toy catalogue",
        observed_at=connection.clock.now(),
    )


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    answer = await ask(connection, "GET", "/v1/deployments")
    rows = answer["deployments"]
    return Listing(
        items=tuple(_read(connection, each) for each in rows if "name" in each),
        skipped=tuple(
            Skipped(id="(no name)", reason="The row has no name.")
            for each in rows
            if "name" not in each
        ),
        complete=True,
        source="the account",
        observed_at=connection.clock.now(),
    )


@hookimpl
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    model = request.model
    if request.adopt:
        listing = await list_deployments(connection)
        standing = {each.ref.name: each.model.name for each in listing.items}
        if request.name not in standing:
            hint = f"There are: {', '.join(standing)}."
            raise DeploymentNotFound(f"There is no {request.name}.", hint=hint)
        model = standing[request.name]
    elif model not in {each.id for each in (await list_models(connection)).items}:
        raise ModelNotFound(f"There is no model {model}.")
    without = [name for name in ("version", "sku", "capacity") if getattr(request, name)]
    now = connection.clock.now()
    return DeploymentPlan(
        ref=_ref(connection, request.name or model),
        request=request,
        model=DeployedModel(name=model, kind="chat"),
        preview={"model": model},
        warnings=tuple(f"The toy cloud knows no {name}; it is left out." for name in without),
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )


@hookimpl
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    _require_own(connection, plan.ref)
    if plan.request.adopt:
        adopted = await get_deployment(connection, plan.ref)
        return adopted.model_copy(update={"created": False})
    found = await get_deployment(connection, plan.ref)
    body = {"model": plan.model.name}
    try:
        answer = await ask(connection, "PUT", f"/v1/deployments/{plan.ref.name}", body=body)
    except Conflict as error:
        if error.code != "busy":
            raise
        now = connection.clock.now()
        return Deployment(ref=plan.ref, state=State.QUEUED, retry_after=5, observed_at=now)
    # A PUT that the network repeated answers 200, and is still the one that created it.
    created = found.state is State.ABSENT
    return _read(connection, answer).model_copy(update={"created": created})


@hookimpl
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    _require_own(connection, ref)
    try:
        return _read(connection, await ask(connection, "GET", f"/v1/deployments/{ref.name}"))
    except DeploymentNotFound:
        return Deployment(ref=ref, state=State.ABSENT, observed_at=connection.clock.now())


@hookimpl
async def delete_deployment(
    connection: Connection,
    ref: DeploymentRef,
    include_unowned: bool,  # noqa: FBT001 - the contract's own signature
) -> Deployment:
    found = await get_deployment(connection, ref)
    if found.state is State.ABSENT:
        return found
    if not (found.owned or include_unowned):
        raise Conflict(f"{ref.name} was created by somebody else.")
    with suppress(DeploymentNotFound):  # a repeated DELETE whose first answer was lost
        await ask(connection, "DELETE", f"/v1/deployments/{ref.name}")
    return found.model_copy(update={"state": State.ABSENT})


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    path = f"/v1/deployments/{deployment.ref.name}/chat"
    answer = await ask(connection, "POST", path, body={"prompt": request.prompt})
    sent, received = answer["tokens"]
    return Invocation(
        text=answer["answer"], input_tokens=sent, output_tokens=received, surface="v1"
    )


def _read(connection: Connection, answer: dict[str, Any]) -> Deployment:
    ready = answer["state"] == "ready"
    return Deployment(
        ref=_ref(connection, answer["name"]),
        model=DeployedModel(name=answer["model"], kind="chat"),
        state=State.READY if ready else State.PROVISIONING,
        owned=answer["owner"] == "bonito",
        source="the account",
        observed_at=connection.clock.now(),
    )


def _ref(connection: Connection, name: str | None) -> DeploymentRef:
    endpoint = cast("ToyCredentials", connection.credentials).endpoint
    return DeploymentRef(provider="toy", resource=endpoint, name=name or "")


def _require_own(connection: Connection, ref: DeploymentRef) -> None:
    if ref != _ref(connection, ref.name):
        raise InvalidRequest(f"{ref.name} belongs to {ref.resource}, not to this connection.")
