"""OUT: where requests go, and where they never go, whoever names the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.audits import watched
from bonito_contract_tests.check import Family
from bonito_contract_tests.exercises import attempt, exercises, sampled, told
from bonito_contract_tests.hostile_answers import Rewritten
from bonito_contract_tests.outcomes import must_raise, outcome_under
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Redirect
from bonito_providers import CredentialReport, Listing
from bonito_providers.errors import (
    BonitoError,
    InvalidCredentials,
    MalformedAnswer,
    PluginError,
    RequestError,
)
from bonito_providers.guard import HostPolicy

if TYPE_CHECKING:
    from bonito_contract_tests.audits import Deeds
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection

EGRESS = Family("OUT", "Where requests go")

_EVIL = "evil.example"
_NEIGHBOUR = "a-neighbour-of-nobody"
_MARK = "/led-astray"
_PAGE = 3
"""Rows of a page, so that there are further ones, by an address where the cloud names them so."""
_STATUSES = (301, 302, 303, 307, 308)
_ADDRESS = re.compile(r'https:(//|\\/\\/)([A-Za-z0-9.-]+)((?::\d+)?[^\s"\'<>\\]*)')
"""An address in a header or in JSON, where slashes may be escaped."""

_LURES: dict[str, Callable[[str, str], str]] = {
    "another host": lambda _, rest: f"https://{_EVIL}{rest}",
    "plain http": lambda host, rest: f"http://{host}{rest}",
    "this machine": lambda _, rest: f"https://127.0.0.1{rest}",
    "a host that begins alike": lambda host, rest: f"https://{host}.{_EVIL}{rest}",
    "a host that ends alike": lambda host, rest: f"https://evil-{_EVIL}.{host}.{_EVIL}{rest}",
    "a user name before another host": lambda host, rest: f"https://{host}@{_EVIL}{rest}",
    "another port": lambda host, rest: f"https://{host}:8443{rest}",
}
"""What is wrong with an address, to how it is made from a good one."""


@EGRESS.check(
    1,
    rule="Every request goes by https on port 443 to a host that the provider names in "
    "`host_suffixes`, in whatever way it is sent.",
    mend="Call through `connection.http` alone; name every host the service has in `ProviderInfo`.",
)
async def requests_go_to_the_named_hosts(bench: Bench) -> None:
    bench.forget()  # so that what is asked to begin with is watched too
    with _watched(bench), watched() as deeds:
        for access in bench.outermost:
            calls = await exercises(bench, access)
            async with bench.connect(access) as connection:
                for hook, call in calls.items():
                    outcome = await attempt(call, connection)
                    must(
                        not isinstance(outcome, BonitoError),
                        seen=f"{hook} with {access.name}: {told(outcome)}",
                        expected="a result, since all is well",
                    )
                    _must_stay_home(bench, when=f"{hook} with {access.name}")
                    _must_send_nothing_aside(bench, deeds, when=f"{hook} with {access.name}")


@EGRESS.check(
    2,
    rule="A redirect is never followed, wherever it leads: credentials would travel along.",
    mend="Leave `follow_redirects` off; treat 3xx as what it is, a refusal.",
)
async def redirects_are_not_followed(bench: Bench) -> None:
    calls = await exercises(bench)
    with _watched(bench):
        async with bench.connect() as connection:
            await calls["check_credentials"](connection)
            own = bench.wire[0].host
            targets = (f"https://{_EVIL}{_MARK}", f"https://{own}{_MARK}", f"http://{own}{_MARK}")
            for column, (hook, call) in enumerate(calls.items()):
                for row, target in enumerate(targets):
                    status = _STATUSES[(row + column) % len(_STATUSES)]
                    redirect = Redirect(target, status)
                    outcome = await outcome_under(bench, redirect, call, connection)
                    when = f"{status} to {target} in {hook}"
                    _must_stay_home(bench, when=when)
                    if isinstance(outcome, CredentialReport):
                        must(
                            not outcome.usable,
                            seen=f"{when}: the report says that the credentials are accepted",
                            expected="a failing item",
                        )
                    else:
                        must_raise(outcome, RequestError, MalformedAnswer, when=when)


@EGRESS.check(
    3,
    rule="An address in an answer is followed only where it leads to the provider's own hosts: no "
    "request goes elsewhere, and what was not read is not called complete.",
    mend="Let the guard of `connection.http` refuse it, and pass HostRefused on or return the "
    "listing with `complete=False` and a note.",
)
async def addresses_in_answers_lead_nowhere_else(bench: Bench) -> None:
    calls = await exercises(bench)
    bench.harness.paginate(bench.cloud, _PAGE)
    with _watched(bench):
        async with bench.connect() as connection:
            good = {hook: await calls[hook](connection) for hook in calls if "list" in hook}
            for (lure, made), hook, call in sampled(bench, list(_LURES.items()), calls):
                change = Rewritten(_luring(_policy(bench), made))
                outcome = await outcome_under(bench, change, call, connection)
                when = f"addresses of {lure} in {hook}"
                _must_stay_home(bench, when=when)
                _must_own_up(outcome, good.get(hook), when=when)


@EGRESS.check(
    5,
    rule="An address in an answer that leads to another customer's host is not followed, although "
    "it is one of the provider's: credentials would travel along.",
    mend="Bind each token and key to the host it is for, and compare an address with that host.",
)
async def addresses_in_answers_lead_to_no_neighbour(bench: Bench) -> None:
    suffixes = [each for each in bench.provider.info.host_suffixes if each.startswith(".")]
    calls = await exercises(bench)
    bench.harness.paginate(bench.cloud, _PAGE)
    bench.harness.slow_down(bench.cloud)
    if "deploy" in calls:
        # While it is being made, services name the address at which to ask how far it is.
        ref = getattr(calls["deploy"], "keywords")["plan"].ref  # noqa: B009 - a partial
        calls = {**calls, "get_deployment": partial(bench.provider.get_deployment, ref=ref)}
    with _watched(bench):
        async with bench.connect() as connection:
            for suffix in suffixes[:1]:
                away = _luring(_policy(bench), partial(_to_neighbour, suffix))
                for body in (False, True):
                    for hook, call in calls.items():
                        change = Rewritten(away, body=body)
                        await outcome_under(bench, change, call, connection)
                        _must_stay_home(bench, when=f"addresses of {_NEIGHBOUR}{suffix} in {hook}")


def _to_neighbour(suffix: str, _host: str, rest: str) -> str:
    return f"https://{_NEIGHBOUR}{suffix}{rest}"


def _luring(policy: HostPolicy, made: Callable[[str, str], str]) -> Callable[[str], str]:
    """Return what rewrites the addresses of the provider's own hosts in a text."""

    def one(found: re.Match[str]) -> str:
        slashes, host, rest = found.groups()
        return made(host, rest).replace("//", slashes) if policy.allows_host(host) else found[0]

    return lambda text: _ADDRESS.sub(one, text)


def _must_own_up(outcome: object, good: Listing[Any] | None, *, when: str) -> None:
    must(
        not isinstance(outcome, PluginError),
        seen=f"{when}: {told(outcome)}",
        expected="an error of the tree, or what could be read",
    )
    if isinstance(outcome, Listing) and good is not None:
        must(
            not outcome.complete or len(outcome.items) >= len(good.items),
            seen=f"{when}: {told(outcome)}, and {len(good.items)} when all is well",
            expected="complete=False, or an error",
        )


@EGRESS.check(
    4,
    rule="Whatever a user pastes into a field, requests go to the provider's own hosts, or none "
    "is sent: the field is refused by name, or the call is.",
    mend="Validate the field against the form the service gives it, before it becomes part of an "
    "address; quote what becomes part of a path.",
)
async def pasted_values_lead_nowhere_else(bench: Bench) -> None:
    secret = {name for access in bench.harness.accesses for name in access.wrong}
    with _watched(bench):
        for name, good in _texts(bench.widest):
            if name in secret:
                continue
            for value in _hostile(good):
                await _try_pasted(bench, name, value)


async def _try_pasted(bench: Bench, name: str, value: str) -> None:
    when = f"{value!r} pasted into {name}"
    try:
        opened = bench.connect(bench.widest, **{name: value})
    except InvalidCredentials as error:
        fields = [each.partition(".")[0] for each in error.problems]
        must(
            name in fields,
            seen=f"{when}: refused for {', '.join(fields)}",
            expected=f"{name} named as the field at fault",
        )
        return
    async with opened as connection:
        for hook in _telling(bench):
            await attempt(hook, connection)
    # Another customer's host is one of the provider's as well, if there is one of that name.
    bench.tolerated |= {
        each for each in bench.log.refused_names if _policy(bench).allows_host(each)
    }
    _must_stay_home(bench, when=when)


def _telling(bench: Bench) -> Iterator[Callable[[Connection], Any]]:
    yield bench.provider.check_credentials
    yield bench.provider.list_models
    yield bench.provider.list_deployments


def _texts(access: Access) -> Iterator[tuple[str, str]]:
    for name, value in access.fields.items():
        if isinstance(value, str):
            yield name, value


def _hostile(good: str) -> Iterator[str]:
    """Yield values that fool parsers, some made from the good one."""
    host = good.removeprefix("https://").rstrip("/")
    for authority in (
        _EVIL,
        "127.0.0.1",
        "2130706433",
        "[::1]",
        "169.254.169.254",
        "localhost",
        f"{host}.{_EVIL}",
        f"evil-{host.replace('.', '-')}.{_EVIL}",
        f"{host}@{_EVIL}",
        f"user:password@{host}",
        f"{_EVIL}#@{host}",
        f"{_EVIL}?{host}",
        f"{_EVIL}/{host}",
        f"{_EVIL}\\@{host}",
        f"{_EVIL}%2f.{host}",
        f"{_EVIL}%00.{host}",
        f"{host}:8443",
        f"{host}\t.{_EVIL}",
        f"{host}\u200b.{_EVIL}",
        f"{_EVIL}/#.{host}",
    ):
        yield f"https://{authority}"
        yield authority
    yield f"http://{host}"
    yield f"//{_EVIL}"
    yield f"../../{_EVIL}"


def _watched(bench: Bench) -> Any:  # noqa: ANN401 - a context
    """Let clients that a plugin may have of its own reach the emulated cloud, and be seen."""
    return bench.stage.emulation.in_process()


def _policy(bench: Bench) -> HostPolicy:
    return HostPolicy(bench.provider.info.host_suffixes)


def _must_send_nothing_aside(bench: Bench, deeds: Deeds, *, when: str) -> None:
    """Go on only if every socket led to the emulated cloud, however it was addressed."""
    cloud = ("127.0.0.1", bench.stage.emulation.port)
    aside = sorted({repr(each) for each in deeds.addressed if each != cloud})
    must(
        not aside,
        seen=f"{when}: a socket was opened to {', '.join(aside)}",
        expected="connections to the provider's own hosts alone",
    )


def _must_stay_home(bench: Bench, *, when: str) -> None:
    strange = sorted(set(bench.log.refused_names) - bench.tolerated)
    if strange:
        raise Violation(f"{when}: {', '.join(strange)} was asked for", expected="no request there")
    policy = _policy(bench)
    for each in bench.wire:
        must(
            policy.allows_host(each.host),
            seen=f"{when}: a request went to {each.host}",
            expected=f"hosts of {', '.join(policy.suffixes)} only",
        )
        must(
            not each.path.startswith(_MARK),
            seen=f"{when}: {each.method} {each.host}{each.path}",
            expected="a redirect that is not followed",
        )
