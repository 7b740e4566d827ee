"""HOOK: whether the hooks have the form that the contract gives them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, cast

from bonito_contract_tests.check import Family
from bonito_contract_tests.importing import imported
from bonito_contract_tests.plugins import plugin_of
from bonito_contract_tests.violation import Violation, must
from bonito_providers import (
    Capability,
    CredentialReport,
    Credentials,
    Deployment,
    Listing,
    Model,
    ProviderInfo,
)
from bonito_providers.conformity import problems_of
from bonito_providers.errors import BonitoError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection

HOOKS = Family("HOOK", "The form of the hooks")


@HOOKS.check(
    1,
    rule="Every hook has the contract's name, arguments and kind, the required ones are there, and "
    "those that come together are complete.",
    mend="Copy the signature from `bonito_providers.hookspecs`, below `@hookimpl`.",
)
def hooks_have_the_form_of_the_contract(bench: Bench) -> None:
    problems = problems_of(plugin_of(bench.harness))
    must(not problems, seen="; ".join(problems), expected="the signatures of the contract")


@HOOKS.check(
    2,
    rule="Name card, form and reading credentials answer from memory: no network, thread, program, "
    "file, or environment variable.",
    mend="Ask the service in `check_credentials` or a listing; lists of regions belong in a file.",
)
def plain_hooks_answer_from_memory(bench: Bench) -> None:
    did = imported(bench).answering
    must(not did, seen=f"the plugin {'; '.join(did)}", expected="answers from memory")


@HOOKS.check(
    3,
    rule="Each hook returns the contract's own type.",
    mend="Return the value that the signature in `bonito_providers.hookspecs` names.",
)
async def hooks_return_the_types_of_the_contract(bench: Bench) -> None:
    plugin = plugin_of(bench.harness)
    _must_be(ProviderInfo, _called(plugin, "provider_info"), "provider_info")
    schema = _called(plugin, "credential_schema")
    must(
        isinstance(schema, type) and issubclass(schema, Credentials),
        seen=f"credential_schema returned {_shown(schema)}",
        expected="a subclass of Credentials",
    )
    for access in bench.harness.accesses:
        async with bench.connect(access) as connection:
            report = await _awaited(plugin, "check_credentials", connection)
            _must_be(CredentialReport, report, "check_credentials")
            if Capability.LIST_MODELS in bench.capabilities(access):
                await _must_list(plugin, "list_models", connection, Model)
            if Capability.LIST_DEPLOYMENTS in bench.capabilities(access):
                await _must_list(plugin, "list_deployments", connection, Deployment)


async def _must_list(plugin: object, hook: str, connection: Connection, kind: type) -> None:
    listing = await _awaited(plugin, hook, connection)
    _must_be(Listing, listing, hook)
    for item in cast("Listing[object]", listing).items:
        _must_be(kind, item, f"an item of {hook}")


def _must_be(kind: type, value: object, hook: str) -> None:
    must(isinstance(value, kind), seen=f"{hook} returned {_shown(value)}", expected=kind.__name__)


def _shown(value: object) -> str:
    """Return what a value is, without its content: that may hold a secret."""
    return value.__qualname__ if isinstance(value, type) else f"a {type(value).__name__}"


async def _awaited(plugin: object, hook: str, connection: Connection) -> object:
    try:
        return await cast("Awaitable[object]", _called(plugin, hook, connection=connection))
    except BonitoError as error:
        raise Violation(f"{hook} raised {type(error).__name__}", expected="a value") from None


def _called(plugin: object, hook: str, **arguments: object) -> object:
    """Call a hook as the host does: by the names of its arguments."""
    return getattr(plugin, hook)(**arguments)
