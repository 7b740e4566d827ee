"""SEC: where secrets may be, and everywhere else."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING
from unittest import mock

from pydantic import Secret, SecretBytes, SecretStr

from bonito_contract_tests.audits import watched
from bonito_contract_tests.captures import captured
from bonito_contract_tests.check import Family
from bonito_contract_tests.exercises import attempt, exercises, told
from bonito_contract_tests.hostile_answers import Echo
from bonito_contract_tests.kept import made_once
from bonito_contract_tests.outcomes import outcome_under
from bonito_contract_tests.plugins import plugin_of
from bonito_contract_tests.secret_search import (
    Secrets,
    SecretsSeen,
    secrets_of_access,
    texts_of_error,
    texts_of_value,
    tokens_in,
)
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Action, Reset
from bonito_providers import Capability
from bonito_providers.errors import BonitoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bonito_contract_tests.audits import Deeds
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection, GatewayEntry

SECRETS = Family("SEC", "Secrets")

_AMISS: tuple[tuple[str, Action], ...] = (
    ("401 that quotes the request", Echo(401)),
    ("400 that quotes the request", Echo(400)),
    ("500 that quotes the request", Echo(500)),
    ("a reset", Reset()),
)
_COLD = ("check_credentials", "list_models", "invoke_model")
"""Hooks tried without a token as well, so that the call that fetches it is the one that fails."""
_TELLING_HEADERS = ("referer", "user-agent", "cookie", "origin", "x-forwarded-for")
_NOWHERE = "no secret, in no form"


@SECRETS.check(
    1,
    rule="No value that a hook returns shows a secret, or a token got with one, whatever the "
    "service quotes.",
    mend="Keep secrets in `SecretStr`; add a token to `connection.redact` as soon as it is there.",
)
async def returned_values_show_no_secret(bench: Bench) -> None:
    async with aclosing(_sweep(bench, _AMISS[:1])) as sweep:
        async for when, outcome, secrets in sweep:
            if not isinstance(outcome, BaseException):
                _must_not_show(secrets, texts_of_value(outcome), when=when)


@SECRETS.check(
    2,
    rule="No error shows a secret, or a token got with one, in text, attributes, notes, causes or "
    "the variables an error tracker records.",
    mend="Raise errors of the tree with texts of your own; add a token to `connection.redact` as "
    "soon as it is there, and before anything can fail.",
)
async def errors_show_no_secret(bench: Bench) -> None:
    async with aclosing(_sweep(bench)) as sweep:
        async for when, outcome, secrets in sweep:
            if isinstance(outcome, BaseException):
                _must_not_show(secrets, texts_of_error(outcome), when=when)


@SECRETS.check(
    3,
    rule="No secret, and no token got with one, is logged at any level, warned of or printed.",
    mend="Log names, never headers, bodies or values; name loggers of an SDK in "
    "`redaction.redact_logs`.",
)
async def nothing_said_aside_shows_a_secret(bench: Bench) -> None:
    with captured() as said:
        async with aclosing(_sweep(bench, (_AMISS[0], _AMISS[3]))) as sweep:
            async for _ in sweep:
                pass
    secrets = _known(bench, *bench.harness.accesses)
    _must_not_show(secrets, said.texts(), when="hooks called, with and without failures")


async def _sweep(
    bench: Bench, amiss: tuple[tuple[str, Action], ...] = _AMISS
) -> AsyncGenerator[tuple[str, object, Secrets]]:
    """Call every hook while all is well and while much is amiss; yield what each came to."""
    for access in bench.outermost:
        calls = await exercises(bench, access)
        wide = access is bench.widest
        for hook in calls if wide else ("check_credentials",):
            seen = _seen(bench, access)
            async with bench.connect(access) as connection:
                # The same connection again, so that what it keeps is what then fails.
                outcome = await attempt(calls[hook], connection)
                yield f"{hook} with {access.name}", outcome, seen.now()
                for name, action in amiss:
                    outcome = await outcome_under(bench, action, calls[hook], connection)
                    yield f"{name} in {hook}, {access.name}", outcome, seen.now()
        for hook in (each for each in _COLD if each in calls):
            for name, action in amiss[:3]:
                seen = _seen(bench, access)
                async with bench.connect(access) as connection:
                    outcome = await outcome_under(bench, action, calls[hook], connection)
                yield f"{name} in a first {hook}, {access.name}", outcome, seen.now()


def _seen(bench: Bench, access: Access) -> SecretsSeen:
    return SecretsSeen(secrets_of_access(bench.provider, access), bench.log)


def _known(bench: Bench, *accesses: Access) -> Secrets:
    """Return the secrets of accesses, and every token that was got up to now."""
    typed = [pair for each in accesses for pair in secrets_of_access(bench.provider, each)]
    return Secrets([*typed, *tokens_in(bench.wire)])


def _must_not_show(secrets: Secrets, texts: Iterable[tuple[str, str]], *, when: str) -> None:
    for where, text in texts:
        found = secrets.found_in(text)
        if found is not None:
            raise Violation(f"{when}: {where} shows {found}", expected=_NOWHERE)


@SECRETS.check(
    4,
    rule="Secrets travel in the headers made for them and in bodies, never in an address, nor in "
    "Referer, User-Agent or a cookie: servers and proxies log those.",
    mend="Send a key by header; a service that wants it in the query has a header for it too.",
)
async def secrets_travel_where_nobody_logs_them(bench: Bench) -> None:
    for access in bench.outermost:
        calls = await exercises(bench, access)
        async with bench.connect(access) as connection:
            for call in calls.values():
                await attempt(call, connection)
        secrets = _known(bench, access)
        for each in bench.wire:
            address = f"https://{each.host}{each.path}?{each.query}"
            headers = [(f"the header {name}", each.header(name) or "") for name in _TELLING_HEADERS]
            when = f"{each.method} to {each.host}"
            _must_not_show(secrets, [("the address", address), *headers], when=when)


@SECRETS.check(
    5,
    rule="Connection, credentials and plugin show no secret when they are printed, nor does what "
    "they hold, after use as before.",
    mend="Keep a token as `SecretStr`, also within the object that `connection.once` keeps.",
)
async def nothing_kept_shows_a_secret_when_printed(bench: Bench) -> None:
    plugin = plugin_of(bench.harness)
    for access in bench.outermost:
        calls = await exercises(bench, access)
        async with bench.connect(access) as connection:
            made = made_once(connection)
            for call in calls.values():
                await attempt(call, connection)
            secrets = _known(bench, access)
            when = f"after use, {access.name}"
            _must_not_show(secrets, _shown(connection, plugin), when=when)
            _must_not_show(secrets, _shown_of(made), when=when)


def _shown(connection: Connection, plugin: object) -> Iterator[tuple[str, str]]:
    for name, each in (
        ("the connection", connection),
        ("the credentials", connection.credentials),
        ("the plugin", plugin),
    ):
        yield f"repr of {name}", f"{each!r} {each!s}"
    for name, each in (("the connection", connection), ("the plugin", plugin)):
        for attribute, value in vars(each).items():
            if not attribute.startswith("__"):
                yield f"{attribute} of {name}", repr(value)


def _shown_of(made: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield how what a connection keeps is printed, and each of its attributes on its own."""
    for key, value in made.items():
        where = f"what the connection keeps as {key}"
        yield where, f"{value!r} {value!s}"
        # What hides its value when printed holds it in an attribute, as it must.
        if not isinstance(value, SecretStr | SecretBytes | Secret) and hasattr(value, "__dict__"):
            yield where, repr(vars(value))


@SECRETS.check(
    6,
    rule="A gateway entry holds secrets as `SecretStr` among LiteLLM's parameters and nowhere "
    "else, so that it can be printed, and exported with references in their place.",
    mend="Hand the credentials' own `SecretStr` on; put nothing secret in `model_info` or names.",
    needs=(Capability.ROUTE, Capability.LIST_DEPLOYMENTS),
)
async def gateway_entries_show_no_secret(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.LIST_DEPLOYMENTS):
        async with bench.connect(access) as connection:
            listed = (await bench.provider.list_deployments(connection)).items
            entries = [
                bench.provider.build_gateway_entry(connection.credentials, each) for each in listed
            ]
        secrets = _known(bench, access)
        for entry in entries:
            when = f"the entry {entry.model_name}, {access.name}"
            _must_not_show(secrets, _texts_of_entry(entry), when=when)


def _texts_of_entry(entry: GatewayEntry) -> Iterator[tuple[str, str]]:
    yield from texts_of_value(entry)
    yield "the export", repr(entry.to_export(lambda name: f"os.environ/{name.upper()}"))
    yield "model_info", repr(entry.model_info)


@SECRETS.check(
    7,
    rule="Nothing in the environment fills in for a connection's own credentials or way out.",
    mend="Read no environment variable; hand an SDK every credential explicitly, and name in "
    "`ProviderInfo.environment` what it would read.",
)
async def the_environment_lends_nothing(bench: Bench) -> None:
    strangers = dict.fromkeys(bench.provider.info.environment, _STRANGER)
    ready = [(access, await exercises(bench, access)) for access in bench.outermost]
    with mock.patch.dict("os.environ", {**strangers, **_PROXIES}):
        for access, calls in ready:
            async with bench.connect(access) as connection:
                for hook, call in calls.items():
                    outcome = await attempt(call, connection)
                    must(
                        not isinstance(outcome, BonitoError),
                        seen=f"{hook} in a strange environment, {access.name}: {told(outcome)}",
                        expected="the same as without",
                    )
    lent = Secrets([("a variable of the environment", _STRANGER)])
    for each in bench.wire:
        texts = [
            ("the address", f"{each.path}?{each.query}"),
            *((f"the header {name}", value) for name, value in each.headers),
            ("the body", each.body.decode("latin-1")),
        ]
        _must_not_show(lent, texts, when=f"{each.method} to {each.host}")


_STRANGER = "another-customers-secret-0123456789"
_PROXIES = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
"""Nobody listens there: who asks it reaches nothing."""


@SECRETS.check(
    8,
    rule="A plugin leaves nothing behind on the machine: it writes no file, starts no program and "
    "changes no variable of the environment, which other customers' calls would find.",
    mend="Keep what is worth keeping in `connection.once`; turn off the file caches of an SDK and "
    "hand it values instead of variables.",
)
async def nothing_is_left_on_the_machine(bench: Bench) -> None:
    must(
        not bench.stage.changed,
        seen=f"in checks before this one, variables were changed: {sorted(bench.stage.changed)}",
        expected="the environment as it was",
    )
    bench.forget()  # so that what is asked to begin with is watched too
    with mock.patch.dict("os.environ"):
        before = dict(os.environ)
        for access in bench.outermost:
            with watched() as deeds:
                calls = await exercises(bench, access)
            _must_leave_nothing(deeds, before, when=f"being asked what {access.name} can do")
            async with bench.connect(access) as connection:
                for hook, call in calls.items():
                    with watched() as deeds:
                        await attempt(call, connection)
                    _must_leave_nothing(deeds, before, when=f"{hook} with {access.name}")


def _must_leave_nothing(deeds: Deeds, before: Mapping[str, str], *, when: str) -> None:
    changed = sorted({name for name, _ in before.items() ^ os.environ.items()})
    left = [
        *(f"the file {each} was written" for each in deeds.written),
        *(f"a program was started ({each})" for each in deeds.started),
        *(f"the variable {each} was changed" for each in changed),
    ]
    must(
        not left,
        seen=f"{when}: {', '.join(dict.fromkeys(left))}",
        expected="nothing outside the connection",
    )
