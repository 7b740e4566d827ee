"""ISO: whether two customers ever meet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family
from bonito_contract_tests.exercises import attempt, exercises, told
from bonito_contract_tests.fields import different, meaning
from bonito_contract_tests.kept import secrets_kept
from bonito_contract_tests.plugins import plugin_of
from bonito_contract_tests.reading import extremes, reads
from bonito_contract_tests.reports import report_of, shown, wrong_secrets
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers import Capability
from bonito_providers.errors import BonitoError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_emulators import RecordedRequest
    from bonito_providers import Connection, Deployment

ISOLATION = Family("ISO", "Customers apart")

ROUNDS = 4
"""How many pairs of a good and a wrong connection are used at once."""
SAME_ID = "one-name-for-two"
SHORTEST = 8
"""A text shorter than this turns up by chance."""


@ISOLATION.check(
    1,
    rule="Many connections at once, good and wrong ones mixed, find what each finds alone, and "
    "each request carries the secrets of one.",
    mend="Keep clients, tokens and headers with the connection: `connection.once`.",
)
async def many_connections_find_what_each_finds_alone(bench: Bench) -> None:
    by_secret = {name: (access, wrong) for access, name, wrong in wrong_secrets(bench)}
    for name, (access, wrong) in by_secret.items():
        bench.renew()
        alone = [
            shown(await report_of(bench, access)),
            shown(await report_of(bench, access, **{name: wrong})),
        ]
        must(
            alone[0] != alone[1],
            seen=f"{access.name} with a wrong {name} finds what it found with the good one before",
            expected="something refused",
        )
        bench.log.clear()
        reports = await asyncio.gather(
            *(report_of(bench, access, **changed) for changed in [{}, {name: wrong}] * ROUNDS)
        )
        for number, report in enumerate(reports):
            must(
                shown(report) == alone[number % 2],
                seen=f"{access.name} {'with a wrong ' + name if number % 2 else ''}, among "
                f"{2 * ROUNDS} at once: {shown(report)}; alone: {alone[number % 2]}",
                expected="what it finds alone",
            )
        _must_not_mix(bench, str(access.fields[name]), wrong, name)


def _must_not_mix(bench: Bench, good: str, wrong: str, name: str) -> None:
    for request in bench.wire:
        sent = _text(request)
        must(
            not (good in sent and wrong in sent),
            seen=f"{request.method} {request.path} carried {name} of two connections",
            expected="one connection's secrets",
        )


def _text(request: RecordedRequest) -> str:
    headers = " ".join(value for _, value in request.headers)
    return f"{request.path} {request.query} {headers} {request.body.decode('utf-8', 'replace')}"


@ISOLATION.check(
    2,
    rule="Closing one connection leaves the others working.",
    mend="Share no client, token or pool between connections.",
)
async def closing_one_leaves_the_others(bench: Bench) -> None:
    for access in extremes(bench):
        for hook, read in reads(bench, access).items():
            first, second = bench.connect(access), bench.connect(access)
            async with second:
                async with first:
                    await asyncio.gather(read(first), read(second))
                outcome = await attempt(read, second)
            must(
                not isinstance(outcome, BonitoError),
                seen=f"{hook} after another connection was closed: {told(outcome)}",
                expected="as before",
            )


@ISOLATION.check(
    3,
    rule="A listing of deployments is of now and of this account: neither an earlier connection's "
    "nor an earlier listing stands in for it.",
    mend="Cache no listing in the plugin; what is cached at all belongs to a connection.",
    needs=(Capability.LIST_DEPLOYMENTS,),
)
async def a_listing_is_of_now_and_of_this_account(bench: Bench) -> None:
    model = _model(bench)
    for access in bench.accesses_for(Capability.LIST_DEPLOYMENTS):
        bench.renew()
        await _must_list(bench, access, None, "a fresh cloud")
        async with bench.connect(access) as standing:
            await bench.provider.list_deployments(standing)
            put = "put-outside" if bench.put_outside("put-outside", model) else None
            names = {each.ref.name for each in (await _listed(bench, standing))}
            must(
                put is None or put in names,
                seen=f"with {access.name}, the second listing of a connection has {sorted(names)}",
                expected="what was deployed in the meantime",
            )
        await _must_list(bench, access, put, "the same cloud, changed")
        bench.renew()
        await _must_list(bench, access, None, "another cloud")


def _model(bench: Bench) -> str:
    standing = bench.harness.standing(bench.cloud)
    if not standing:
        raise HarnessError("let a deployment stand in the fresh cloud")
    return next(iter(standing.values())).model


async def _must_list(bench: Bench, access: Access, put: str | None, where: str) -> None:
    """Go on only if a connection of always the same name lists what stands, and nothing else."""
    network = bench.network()
    connection = bench.provider.connect(dict(access.fields), id=SAME_ID, network=network)
    async with connection:
        names = {each.ref.name for each in await _listed(bench, connection)}
    there = set(bench.harness.standing(bench.cloud))
    must(
        names <= there and (put is None or put in names),
        seen=f"{where}: lists {sorted(names)}, and there stand {sorted(there)}",
        expected="what stands there now",
    )


async def _listed(bench: Bench, connection: Connection) -> tuple[Deployment, ...]:
    return (await bench.provider.list_deployments(connection)).items


@ISOLATION.check(
    4,
    rule="A stranger with a wrong secret gets nothing of what a customer got before, whatever the "
    "two have in common.",
    mend="Key every cache by the connection, never by host, region, account or connection id.",
)
async def a_stranger_gets_nothing(bench: Bench) -> None:
    for access, name, wrong in wrong_secrets(bench):
        if access is not bench.narrowest:
            continue
        fields = dict(access.fields)
        for hook, read in reads(bench, access).items():
            if hook == "check_credentials":
                continue
            bench.renew()
            for secret, allowed in ((fields[name], True), (wrong, False)):
                given = {**fields, name: secret}
                connection = bench.provider.connect(given, id=SAME_ID, network=bench.network())
                async with connection:
                    outcome = await attempt(read, connection)
                must(
                    isinstance(outcome, BonitoError) is not allowed,
                    seen=f"{hook} with a {'good' if allowed else 'wrong'} {name}: {told(outcome)}",
                    expected="a value" if allowed else "the cloud's refusal",
                )


@ISOLATION.check(
    5,
    rule="The plugin keeps no secret and no token once its connections are closed.",
    mend="Hold nothing in module variables, classes, the plugin or `functools.cache`.",
)
async def the_plugin_keeps_no_secret(bench: Bench) -> None:
    secrets = set()
    for access in bench.harness.accesses:
        bench.renew()
        calls = await exercises(bench, access)
        async with bench.connect(access) as connection:
            for call in calls.values():
                await attempt(call, connection)
            secrets |= {each.get_secret_value() for each in connection.credentials.secrets()}
        secrets |= set(_tokens(bench))
        del connection
    kept = secrets_kept(
        plugin_of(bench.harness), {each for each in secrets if len(each) >= SHORTEST}
    )
    must(not kept, seen=f"secrets are kept in {', '.join(kept)}", expected="nothing kept")


def _tokens(bench: Bench) -> Iterator[str]:
    for request in bench.wire:
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        yield token or scheme


@ISOLATION.check(
    6,
    rule="Credentials stay as the customer gave them, however they are used.",
    mend="Work out what is needed in the connection's cache, and leave `credentials` alone.",
)
async def credentials_stay_as_they_were_given(bench: Bench) -> None:
    for access in extremes(bench):
        bench.renew()
        calls = await exercises(bench, access)
        async with bench.connect(access) as connection:
            before = meaning(connection.credentials)
            for hook, call in calls.items():
                await attempt(call, connection)
                changed = different(before, meaning(connection.credentials))
                if changed:
                    raise Violation(
                        f"{hook} changed {', '.join(changed)}", expected="the fields as given"
                    )
