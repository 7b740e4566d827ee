"""The typed face: what a plugin may do wrong, and what a caller sees of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import wraps
from typing import Any, ClassVar, cast

import pytest
from pydantic import SecretStr

from bonito_providers import (
    Capability,
    Connection,
    Credentials,
    Deployment,
    DeploymentPlan,
    DeploymentRequest,
    FieldGroup,
    GatewayEntry,
    Listing,
    ProviderInfo,
)
from bonito_providers.conformity import HOOKS as RULES
from bonito_providers.conformity import TOGETHER
from bonito_providers.errors import (
    CapabilityUnavailable,
    CredentialsRejected,
    DeadlineExceeded,
    InvalidCredentials,
    PlanRefused,
    PluginError,
    RateLimited,
)
from bonito_providers.provider import DEADLINES, Provider
from tests.core.calls import CALLS, PLAN, REQUEST
from tests.core.plugins import (
    CANARY,
    HOOKS,
    READY,
    REF,
    Panic,
    connected,
    info,
    plugin_with,
    provider_with,
    raising,
    returning,
)
from tests.virtual_time import START, VirtualClock, VirtualLoop

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": VirtualLoop}


def test_every_call_has_a_deadline_and_a_test() -> None:
    awaited = {name for name, rule in RULES.items() if rule.is_async}
    assert awaited == set(DEADLINES) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
async def test_what_a_plugin_answers_is_what_the_caller_gets(name: str) -> None:
    async with connected() as connection:
        assert await CALLS[name](connection) is not None


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("value", [None, {}, "text", REF, object], ids=str)
async def test_an_answer_of_another_type_is_a_defect_of_the_plugin(name: str, value: Any) -> None:
    async with connected(**{name: returning(name, value)}) as connection:
        with pytest.raises(PluginError) as caught:
            await CALLS[name](connection)
    error = caught.value
    assert f"The plugin acme failed in {name}: returned {type(value).__name__}" in str(error)
    assert (error.provider, error.operation) == ("acme", name)
    assert "report it to its author" in error.hint


@pytest.mark.parametrize("name", ["list_models", "list_deployments"])
async def test_a_listing_of_something_else_is_a_defect_of_the_plugin(name: str) -> None:
    listing = Listing[Any](items=("text", 1), complete=True, source="a test", observed_at=START)
    async with connected(**{name: returning(name, listing)}) as connection:
        with pytest.raises(PluginError, match=f"failed in {name}: lists int, str, not"):
            await CALLS[name](connection)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "error",
    [
        KeyError("id"),
        TimeoutError("slow"),
        ExceptionGroup("g", [OSError()]),
        SystemExit(3),
        Panic("unwrapped"),
    ],
)
async def test_a_foreign_error_is_named_with_plugin_hook_cause_and_place(
    name: str, error: BaseException
) -> None:
    async with connected(**{name: raising(name, error)}) as connection:
        with pytest.raises(PluginError) as caught:
            await CALLS[name](connection)
    assert f"The plugin acme failed in {name}: {type(error).__name__} at " in str(caught.value)
    assert "plugins.py:" in str(caught.value)
    assert str(error) in str(caught.value)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "wish",
    [KeyboardInterrupt(), asyncio.CancelledError(), BaseExceptionGroup("g", [KeyboardInterrupt()])],
)
async def test_a_wish_to_stop_is_no_crash_of_the_plugin(name: str, wish: BaseException) -> None:
    async with connected(**{name: raising(name, wish)}) as connection:
        with pytest.raises(type(wish)):
            await CALLS[name](connection)


async def test_an_error_that_cannot_even_be_printed_is_still_named() -> None:
    class Unprintable(Exception):
        def __str__(self) -> str:
            message = "not this time"
            raise RuntimeError(message)

    async with connected(list_models=raising("list_models", Unprintable())) as connection:
        with pytest.raises(PluginError, match="acme failed in list_models: Unprintable at "):
            await connection.provider.list_models(connection)


async def test_an_error_of_the_contract_passes_with_provider_and_hook_filled_in() -> None:
    error = RateLimited("too many", retry_after=7, code="429", request_id="r")
    async with connected(list_models=raising("list_models", error)) as connection:
        with pytest.raises(RateLimited) as caught:
            await connection.provider.list_models(connection)
    assert caught.value is error
    assert (error.provider, error.operation, error.retry_after) == ("acme", "list_models", 7)


async def test_what_a_plugin_says_of_an_error_is_not_overwritten() -> None:
    error = CredentialsRejected("no", provider="acme-login", operation="token")
    async with connected(list_models=raising("list_models", error)) as connection:
        with pytest.raises(CredentialsRejected):
            await connection.provider.list_models(connection)
    assert (error.provider, error.operation) == ("acme-login", "token")


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_that_never_ends_ends_at_its_deadline(name: str) -> None:
    async def forever(*_: object) -> None:
        await asyncio.Event().wait()

    hook: Any = wraps(HOOKS[name])(forever)
    async with connected(**{name: hook}) as connection:
        started = asyncio.get_running_loop().time()
        with pytest.raises(DeadlineExceeded) as caught:
            await CALLS[name](connection)
        elapsed = asyncio.get_running_loop().time() - started
    assert DEADLINES[name] <= elapsed < DEADLINES[name] + 5
    assert f"{name} of acme took longer than {DEADLINES[name]:g} seconds" in str(caught.value)
    assert (caught.value.provider, caught.value.operation) == ("acme", name)


async def test_cancelling_a_call_cancels_it_and_is_no_error_of_the_plugin() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def endless(connection: Connection) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with connected(list_models=endless) as connection:
        call = asyncio.create_task(CALLS["list_models"](connection))
        await started.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    assert ended.is_set()


@pytest.mark.parametrize("name", TOGETHER)
async def test_a_provider_that_deploys_nothing_says_so(name: str) -> None:
    async with connected(without=TOGETHER) as connection:
        assert not connection.provider.deploys
        with pytest.raises(CapabilityUnavailable, match="Acme offers what exists and deploys"):
            await CALLS[name](connection)


class Limited(Credentials):
    """Allows nothing by itself, and less than everything with its group."""

    api_key: str
    secret: str | None = None

    base_capabilities: ClassVar = frozenset[Capability]()
    field_groups: ClassVar = (
        FieldGroup(
            name="more",
            title="More",
            summary="Allows more.",
            fields=("secret",),
            enables=frozenset(Capability) - {Capability.INVOKE},
        ),
    )


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("list_models", ("secret",)),
        ("list_deployments", ("secret",)),
        ("plan_deployment", ("secret",)),
        ("deploy", ("secret",)),
        ("delete_deployment", ("secret",)),
        ("invoke_model", ()),
    ],
)
async def test_what_credentials_cannot_do_is_refused_before_the_plugin_is_asked(
    name: str, missing: tuple[str, ...]
) -> None:
    hook = raising(name, AssertionError("the plugin was asked"))
    async with connected(credential_schema=lambda: Limited, **{name: hook}) as connection:
        with pytest.raises(CapabilityUnavailable) as caught:
            await CALLS[name](connection)
    assert caught.value.missing == missing
    assert (caught.value.provider, caught.value.operation) == ("acme", name)
    assert ("secret" in caught.value.hint) == bool(missing)


async def test_adopting_needs_another_capability_than_deploying() -> None:
    class Adopting(Limited):
        base_capabilities: ClassVar = frozenset({Capability.ADOPT})

    async with connected(credential_schema=lambda: Adopting) as connection:
        provider = connection.provider
        adopting = DeploymentRequest(name="bird", adopt=True)
        plan = await provider.plan_deployment(connection, adopting)
        assert await provider.deploy(connection, plan) == READY
        with pytest.raises(CapabilityUnavailable):
            await provider.plan_deployment(connection, REQUEST)


@pytest.mark.parametrize("change", [{"sku": "dearer"}, {"digest": ""}, {"digest": "0" * 64}])
async def test_a_plan_that_was_altered_is_refused(change: dict[str, str]) -> None:
    async with connected(deploy=raising("deploy", AssertionError("asked"))) as connection:
        with pytest.raises(PlanRefused, match="altered") as caught:
            await connection.provider.deploy(connection, PLAN.model_copy(update=change))
    assert (caught.value.provider, caught.value.operation) == ("acme", "deploy")


async def test_a_plan_is_refused_from_the_moment_it_expires() -> None:
    clock = VirtualClock()
    async with connected(clock=clock) as connection:
        clock.elapsed = timedelta(hours=1).total_seconds() - 1
        assert await connection.provider.deploy(connection, PLAN) == READY
        clock.elapsed += 1
        with pytest.raises(PlanRefused, match="expired at 01:00:00 UTC"):
            await connection.provider.deploy(connection, PLAN)


async def test_a_plan_comes_sealed_whatever_the_plugin_put_there() -> None:
    forged = PLAN.model_copy(update={"digest": "forged"})
    async with connected(plan_deployment=returning("plan_deployment", forged)) as connection:
        assert (await connection.provider.plan_deployment(connection, REQUEST)).intact


async def test_a_plan_that_cannot_be_stored_is_a_defect_of_the_plugin() -> None:
    async def planning(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        return DeploymentPlan.model_validate({**dict(PLAN), "preview": {"body": object()}})

    async with connected(plan_deployment=planning) as connection:
        with pytest.raises(PluginError, match="acme failed in plan_deployment: ValidationError"):
            await connection.provider.plan_deployment(connection, REQUEST)


@pytest.mark.parametrize(
    "name", ["deploy", "get_deployment", "delete_deployment", "list_deployments"]
)
async def test_a_plugin_cannot_call_a_deployment_verified(name: str) -> None:
    claimed = READY.model_copy(update={"verified": True, "verified_reason": "trust me"})
    listing = Listing[Deployment](
        items=(claimed,), complete=True, source="a test", observed_at=START
    )
    answer = listing if name == "list_deployments" else claimed
    async with connected(**{name: returning(name, answer)}) as connection:
        found = await CALLS[name](connection)
    [deployment] = found.items if isinstance(found, Listing) else (cast("Deployment", found),)
    assert (deployment.verified, deployment.verified_reason) == (None, "")


async def test_an_entry_may_carry_only_what_it_declared() -> None:
    def entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        params = {"model": "m", "ad_token": SecretStr("t"), "seed": 1}
        return GatewayEntry(model_name="m", litellm_params=params, surface="v1")

    def card() -> ProviderInfo:
        return info(gateway_parameters=("ad_token", "seed"))

    async with connected(build_gateway_entry=entry) as connection:
        with pytest.raises(PluginError, match="parameters not declared: ad_token, seed"):
            connection.provider.build_gateway_entry(connection.credentials, READY)
    async with connected(build_gateway_entry=entry, provider_info=card) as connection:
        found = connection.provider.build_gateway_entry(connection.credentials, READY)
    assert set(found.litellm_params) == {"model", "ad_token", "seed"}


@pytest.mark.parametrize(
    ("name", "hook", "said"),
    [
        ("provider_info", lambda: "acme", "failed in provider_info: returned str"),
        ("provider_info", lambda: info(name="A b"), "failed in provider_info: ValidationError"),
        ("provider_info", lambda: 1 / 0, "failed in provider_info: ZeroDivisionError"),
        ("credential_schema", lambda: "acme", "failed in credential_schema: returned str"),
        ("credential_schema", lambda: int, "int is no Credentials class"),
    ],
)
def test_a_plugin_whose_own_description_fails_is_refused(name: str, hook: Any, said: str) -> None:
    with pytest.raises(PluginError, match=said):
        provider_with(**{name: hook})


def test_a_plugin_that_breaks_the_contract_hears_everything_at_once() -> None:
    with pytest.raises(PluginError) as caught:
        Provider(plugin_with(without=("list_models", "invoke_model")))
    assert "list_models is missing" in str(caught.value)
    assert "invoke_model is missing" in str(caught.value)


def test_credentials_are_read_by_the_plugins_schema() -> None:
    with pytest.raises(InvalidCredentials, match="acme credentials refused: api_key: is required"):
        provider_with().connect({})


def test_two_providers_share_no_hook() -> None:
    one = provider_with(provider_info=lambda: info(name="one"))
    other = provider_with(provider_info=lambda: info(name="other"))
    assert (one.info.name, other.info.name) == ("one", "other")


def test_a_method_that_is_no_hook_does_not_make_a_provider_deploy() -> None:
    plugin = plugin_with(without=TOGETHER, plan_for_later=lambda: None)
    assert not Provider(plugin).deploys
    assert Provider(plugin_with()).deploys


async def test_names_and_connections_show_no_key() -> None:
    async with connected() as connection:
        shown = f"{connection!r} {connection.provider!r} {connection.credentials!r}"
    assert shown.startswith("<Connection 'here' to acme> <Provider acme>")
    assert CANARY not in shown
