"""GATE: the route to a deployment as a value, worked out from two others and hiding the secret."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bonito_contract_tests.check import Family
from bonito_contract_tests.questions import OPERATIONS
from bonito_contract_tests.routing import Routing
from bonito_contract_tests.violation import HarnessError, must
from bonito_providers import Capability, Deployment, Redactor, find_price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access, Operation
    from bonito_providers import GatewayEntry

GATEWAY = Family("GATE", "Gateway entries, proved by the real LiteLLM")
NEEDS = (Capability.ROUTE,)
_MODEL = re.compile(r"[a-z][a-z0-9_]*/.+")
_COST = re.compile(r"cost|price")


@GATEWAY.check(
    1,
    rule="An entry names LiteLLM's provider first (`model: provider/name`), and what is secret in "
    "it stands in a SecretStr alone.",
    mend="Begin `litellm_params` with `model`; hand secrets on as the SecretStr they are, and put "
    "them into no address, name or `model_info`.",
    needs=NEEDS,
)
async def entries_are_typed(bench: Bench) -> None:
    routing = Routing(bench)
    for access in routing.accesses():
        secrets = Redactor(bench.provider.read_credentials(access.fields).secrets())
        for deployment, entry in await routing.entries(access):
            name = deployment.ref.name
            first = next(iter(entry.litellm_params.items()), ("model", "none/none"))
            must(
                first[0] == "model" and _MODEL.fullmatch(str(first[1])),
                seen=f"the entry of {name} begins with {first[0]!r}, not with a LiteLLM model",
                expected="`model` first, in the form provider/name",
            )
            bare = _bare(entry, secrets)
            must(
                not bare,
                seen=f"with {access.name}, the entry of {name} has a secret in {', '.join(bare)}",
                expected="secrets as SecretStr in `litellm_params` alone",
            )


def _bare(entry: GatewayEntry, secrets: Redactor) -> list[str]:
    """Return the parts that hold a secret anybody can read."""
    params = {
        f"litellm_params.{name}": value
        for name, value in entry.litellm_params.items()
        if not isinstance(value, SecretStr)
    }
    info = {f"model_info.{name}": value for name, value in entry.model_info.items()}
    said = {name: getattr(entry, name) for name in ("model_name", "aliases", "surface", "reason")}
    return [name for name, part in {**params, **info, **said}.items() if _holds(part, secrets)]


def _holds(part: object, secrets: Redactor) -> bool:
    text = part.get_secret_value() if isinstance(part, SecretStr) else str(part)
    return any(form in text for form in secrets.forms)


@GATEWAY.check(
    2,
    rule="An entry follows from credentials and deployment alone: the same two give an equal "
    "entry, in another thread and after the deployment was stored, and nothing is asked.",
    mend="Let `build_gateway_entry` read its two arguments and nothing else; what has to be asked "
    "belongs into the deployment, when it is listed.",
    needs=NEEDS,
)
async def entries_are_pure(bench: Bench) -> None:
    routing = Routing(bench)
    for access in routing.accesses():
        for deployment, first in await routing.entries(access):
            asked, sought = len(bench.wire), len(bench.log.refused_names)
            # A hook that calls would be led to the emulated cloud, and would be seen there.
            with bench.stage.emulation.in_process():
                second = await asyncio.to_thread(_rebuilt, bench, access, deployment)
            name = deployment.ref.name
            must(
                (asked, sought) == (len(bench.wire), len(bench.log.refused_names)),
                seen=f"building the entry of {name} sent a request",
                expected="an entry worked out without any call",
            )
            must(
                first == second,
                seen=f"with {access.name}, two entries of {name} differ",
                expected="equal entries from equal credentials and deployments",
            )


def _rebuilt(bench: Bench, access: Access, deployment: Deployment) -> GatewayEntry:
    stored = Deployment.model_validate_json(deployment.model_dump_json(exclude={"operation"}))
    credentials = bench.provider.read_credentials(access.fields)
    return bench.provider.build_gateway_entry(credentials, stored)


@GATEWAY.check(
    9,
    rule="What LiteLLM cannot route says so: not supported, with a sentence why and no parameters; "
    "only what chats or embeds is supported.",
    mend="Return `supported=False` with a `reason` that says what a person can do instead.",
    needs=NEEDS,
)
async def what_cannot_be_routed_says_why(bench: Bench) -> None:
    routing = Routing(bench)
    hopeless = {
        (each.access or bench.narrowest.name, each.deployment)
        for each in bench.harness.routes
        if each.expected is None
    }
    for access in routing.accesses():
        for deployment, entry in await routing.entries(access):
            name, kind = deployment.ref.name, deployment.model.kind
            can = (access.name, name) not in hopeless and kind in (None, *OPERATIONS)
            must(
                can or not entry.supported,
                seen=f"with {access.name}, the entry of {name}, of kind {kind}, is supported",
                expected="an entry that is not, since LiteLLM has no route that works",
            )
            must(
                entry.supported or (" " in entry.reason.strip() and not entry.litellm_params),
                seen=f"the entry of {name} is not supported, with the reason {entry.reason!r} and "
                f"the parameters {sorted(entry.litellm_params)}",
                expected="a sentence, and no parameters",
            )


@GATEWAY.check(
    10,
    rule="Every deployment that is listed has an entry under a name of its own; its aliases are "
    "no other's name or alias; every way in which entries route is proved by a call.",
    mend="Name entries by their deployments, which are unique, and not by their models; give no "
    "aliases but such as are unique as well.",
    needs=NEEDS,
)
async def every_deployment_has_an_entry(bench: Bench) -> None:
    routing = Routing(bench)
    if not bench.harness.routes:
        raise HarnessError("the provider routes, and the harness has no `routes`")
    tried: set[tuple[tuple[str, ...], Operation]] = set()
    for route in routing.routes(*_PROVED):
        went = way(await routing.supported_entry(route))
        tried |= {(went, route.operation), (went[:2], route.operation)}
    _put_another_of_one(bench)
    for access in routing.accesses():
        entries = await routing.entries(access)
        _must_be_told_apart(access, entries)
        for deployment, entry in entries:
            wanted = _wanted(bench, deployment, way(entry))
            untried = [each for each in wanted if each not in tried]
            if entry.supported and untried:
                raise HarnessError(
                    f"no route proves {untried[0][1]} for {deployment.ref.name} with "
                    f"{access.name}, whose entry goes by {', '.join(untried[0][0])}: add one"
                )


def _must_be_told_apart(access: Access, entries: Sequence[tuple[Deployment, GatewayEntry]]) -> None:
    """Go on only if each name leads to one deployment: LiteLLM chooses among those that share."""
    names = Counter(
        name
        for deployment, entry in entries
        for name in {entry.model_name, *entry.aliases, deployment.ref.name}
    )
    twice = [name for _, entry in entries for name, n in Counter(entry.aliases).items() if n > 1]
    shared = sorted({*twice, *(name for name, n in names.items() if n > 1 or not name.strip())})
    must(
        not shared,
        seen=f"with {access.name}, several entries or nameless ones: {shared}",
        expected="one entry for each name and each alias",
    )


def _wanted(
    bench: Bench, deployment: Deployment, went: tuple[str, ...]
) -> list[tuple[tuple[str, ...], Operation]]:
    """Return what must have been tried: every operation on its surface, one with its parameters."""
    offered = OPERATIONS.get(deployment.model.kind or "chat", ())
    operations = [each for each in offered if each in bench.harness.operations]
    surface = [(went[:2], each) for each in operations if each in _PROVED]
    return [*surface, *((went, each) for each in operations[:1])]


def _put_another_of_one(bench: Bench) -> None:
    """Let two deployments of one model stand, which only their names tell apart, if they can."""
    standing = bench.harness.standing(bench.cloud)
    named = next((each.deployment for each in bench.harness.routes), "")
    if named not in standing:
        raise HarnessError(f"a route names {named}, which does not stand in the fresh cloud")
    bench.put_outside(f"{named}-2", standing[named].model)


_PROVED: tuple[Operation, ...] = ("chat", "stream", "embedding")
"""Some services have models that take no tools, on the way that others take."""


def way(entry: GatewayEntry) -> tuple[str, ...]:
    """Return what makes LiteLLM send alike: surface, its provider, and which parameters."""
    prefix, slash, _ = str(entry.litellm_params.get("model", "")).partition("/")
    return (entry.surface, f"{prefix}/" if slash else "/", *sorted(entry.litellm_params))


@GATEWAY.check(
    13,
    rule="An entry can be written down as JSON with references in place of its secrets, and says "
    "the same when it is read again.",
    mend="Put only what JSON knows into `model_info`, and secrets nowhere but in SecretStr "
    "parameters.",
    needs=NEEDS,
)
async def entries_can_be_exported(bench: Bench) -> None:
    routing = Routing(bench)
    for access in routing.accesses():
        secrets = Redactor(bench.provider.read_credentials(access.fields).secrets())
        for deployment, entry in await routing.entries(access):
            written = entry.to_export(lambda name: f"os.environ/{name.upper()}")
            text = _json(written)
            must(
                text is not None and json.loads(text) == written,
                seen=f"the entry of {deployment.ref.name} is another after JSON: "
                f"model_info has {_types(entry)}",
                expected="texts, numbers, booleans, lists and mappings",
            )
            must(
                not _holds(text, secrets),
                seen=f"the export of {deployment.ref.name} with {access.name} holds a secret",
                expected="references alone",
            )


def _json(value: object) -> str | None:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return None


def _types(entry: GatewayEntry) -> str:
    parts = [f"{name}: {type(value).__name__}" for name, value in entry.model_info.items()]
    return ", ".join(parts) or "nothing"


@GATEWAY.check(
    14,
    rule="An entry's price is the model's own or unknown: its base model costs what the "
    "deployment's `price_key` does, and no cost in it is zero.",
    mend="Set `base_model` from `price_key` and leave it out where that is unknown; leave out "
    "costs that nobody knows.",
    needs=NEEDS,
)
async def unknown_prices_stay_unknown(bench: Bench) -> None:
    routing = Routing(bench)
    for access in routing.accesses():
        for deployment, entry in await routing.entries(access):
            name, key = deployment.ref.name, deployment.model.price_key
            base = entry.model_info.get("base_model")
            must(
                not entry.supported or find_price(base) == find_price(key) or base == key,
                seen=f"the entry of {name} has the price of {base!r}, its model that of {key!r}",
                expected="one price, or none",
            )
            stated = {**entry.litellm_params, **entry.model_info}
            free = [each for each in stated if _COST.search(each) and not stated[each]]
            must(
                not free,
                seen=f"the entry of {name} says that nothing is paid: {', '.join(free)}",
                expected="no cost where it is unknown",
            )
