"""Every hook that calls out, with arguments that make sense, ready to be called again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel

from bonito_contract_tests import untouched
from bonito_contract_tests.violation import HarnessError
from bonito_providers import Capability, InvocationRequest, State
from bonito_providers.errors import BonitoError, PluginError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection, Deployment, DeploymentPlan, DeploymentRequest

Call = Callable[["Connection"], Awaitable[Any]]
Situation = TypeVar("Situation")

READING = ("list_models", "list_deployments", "get_deployment")
"""Hooks that only read, and say what they read."""
_OF_THE_MOMENT = frozenset(
    {"created_at", "digest", "expires_at", "observed_at", "request_id", "seconds"}
)
"""What differs between two calls that saw the same."""


async def exercises(bench: Bench, access: Access | None = None) -> dict[str, Call]:
    """Return what the access can do: hook to a call of it, in the order of a deployment's life.

    The arguments were worked out by the plugin itself, while nothing is wrong.

    Raises:
        HarnessError: Nothing in the fresh cloud can be called.
    """
    access = access or bench.widest
    offered = bench.capabilities(access)
    provider = bench.provider
    found: dict[str, Call] = {"check_credentials": provider.check_credentials}
    listed = await untouched.listed(bench, access)
    if Capability.LIST_MODELS in offered:
        found["list_models"] = provider.list_models
    if Capability.LIST_DEPLOYMENTS in offered:
        found["list_deployments"] = provider.list_deployments
    request = request_for(bench, access)
    if request is not None and provider.deploys:
        found["plan_deployment"] = partial(provider.plan_deployment, request=request)
        plan = await untouched.planned(bench, access, request)
        found |= _life(bench, plan, listed, deletes=Capability.DEPLOY in offered)
    if Capability.INVOKE in offered:
        found["invoke_model"] = _invocation(bench, listed)
    return found


def request_for(bench: Bench, access: Access) -> DeploymentRequest | None:
    """Return what that access can deploy, else what it can adopt; None where it can do neither."""
    from bonito_providers import DeploymentRequest

    offered = bench.capabilities(access)
    if Capability.DEPLOY in offered and bench.harness.deployable:
        return bench.harness.deployable[0]
    if Capability.ADOPT in offered and bench.harness.adoptable:
        return DeploymentRequest(name=bench.harness.adoptable[0], adopt=True)
    return None


async def attempt(call: Call, connection: Connection) -> Any:  # noqa: ANN401 - of any hook
    """Return what a hook returns, or the error it raises; a broken contract is one as well."""
    try:
        return await call(connection)
    except BonitoError as error:
        return error


def told(outcome: object) -> str:
    """Return an outcome in a few words, for a person."""
    if isinstance(outcome, PluginError):
        return f"PluginError: {outcome}"
    if isinstance(outcome, BonitoError):
        return f"{type(outcome).__name__}: {str(outcome)[:200]}"
    items = getattr(outcome, "items", None)
    if isinstance(items, tuple):
        complete = getattr(outcome, "complete", None)
        said = "" if complete is None else ", complete" if complete else ", not complete"
        return f"{type(outcome).__name__} of {len(items)} items{said}"
    state = getattr(outcome, "state", None)
    return f"{type(outcome).__name__}{f' in state {state}' if state else ''}"


def lasting(value: object) -> object:
    """Return what two calls must agree on: everything but times and ids of the moment."""
    if isinstance(value, BaseModel):
        return lasting(dict(value))
    if isinstance(value, Mapping):
        return {name: lasting(each) for name, each in value.items() if name not in _OF_THE_MOMENT}
    if isinstance(value, list | tuple):
        return [lasting(each) for each in value]
    return value


def sampled(
    bench: Bench,
    situations: Sequence[Situation],
    calls: Mapping[str, Call],
) -> Iterator[tuple[Situation, str, Call]]:
    """Yield situations with hooks: every second pair, like the fields of one colour of a board.

    Each situation meets hooks and each hook situations, in half the time; a thorough bench has
    them all.
    """
    for row, situation in enumerate(situations):
        for column, (hook, call) in enumerate(calls.items()):
            if bench.thorough > 1 or (row + column) % 2 == 0:
                yield situation, hook, call


@dataclass(frozen=True)
class Turn(Generic[Situation]):
    """A hook that meets a situation.

    Attributes:
        situation: What it meets.
        hook: Its name.
        access: The name of the access that calls it.
        call: A call of it.
        connection: An open one of that access, which has been used.
    """

    situation: Situation
    hook: str
    access: str
    call: Call
    connection: Connection


@asynccontextmanager
async def taking_turns(
    bench: Bench, situations: Sequence[Situation]
) -> AsyncIterator[list[Turn[Situation]]]:
    """Give every situation with every hook, called by the outermost accesses that have it in turns.

    A thorough bench has each pair with each access.
    """
    ready: dict[str, tuple[Connection, Mapping[str, Call]]] = {}
    async with AsyncExitStack() as opened:
        for access in bench.outermost:
            calls = await exercises(bench, access)
            connection = await opened.enter_async_context(bench.connect(access))
            await calls["check_credentials"](connection)
            ready[access.name] = connection, calls
        hooks = dict.fromkeys(hook for _, calls in ready.values() for hook in calls)
        turns: list[Turn[Situation]] = []
        for row, situation in enumerate(situations):
            for column, hook in enumerate(hooks):
                able = [name for name, (_, calls) in ready.items() if hook in calls]
                if bench.thorough == 1:
                    able = [able[(row + column) % len(able)]]
                for name in able:
                    connection, able_calls = ready[name]
                    turns.append(Turn(situation, hook, name, able_calls[hook], connection))
        yield turns


def callable_in(listed: Sequence[Deployment], kind: str) -> list[Deployment]:
    """Return the deployments of that kind that answer calls."""
    return [each for each in listed if each.state is State.READY and each.model.kind == kind]


def _life(
    bench: Bench, plan: DeploymentPlan, listed: Sequence[Deployment], *, deletes: bool
) -> dict[str, Call]:
    provider = bench.provider
    standing = listed[0].ref if listed else plan.ref
    life: dict[str, Call] = {
        "deploy": partial(provider.deploy, plan=plan),
        "get_deployment": partial(provider.get_deployment, ref=standing),
    }
    if deletes:
        life["delete_deployment"] = partial(provider.delete_deployment, ref=plan.ref)
    return life


def _invocation(bench: Bench, listed: Sequence[Deployment]) -> Call:
    for kind in ("chat", "embedding"):
        for deployment in callable_in(listed, kind):
            request = InvocationRequest.model_validate({"kind": kind})
            return partial(bench.provider.invoke_model, deployment=deployment, request=request)
    message = (
        "no deployment of kind chat or embedding is listed as ready: let one stand in the fresh "
        "cloud, since the plugin says that it can call models"
    )
    raise HarnessError(message)
