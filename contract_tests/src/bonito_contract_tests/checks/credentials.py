"""CRED: whether the report on credentials says what the cloud saw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family
from bonito_contract_tests.reports import (
    authentication,
    failed,
    is_named,
    must_blame_no_key,
    passed,
    report_of,
    report_without_network,
    shown,
    wrong_secrets,
)
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Fault, Reset, Respond
from bonito_providers import Verdict, errors

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_emulators import RecordedRequest
    from bonito_providers import CheckItem, CredentialReport

CREDENTIALS = Family("CRED", "Checking credentials")

READING = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
"""Methods a check may use; a token is asked for by POST."""
PAUSE = 7
"""Seconds that a service asks for: more than the first retry would wait of itself."""


@CREDENTIALS.check(
    1,
    rule="Good credentials are usable: `authenticate` and every essential item passes, and items "
    "have names of their own.",
    mend="Check only what the credentials need for their capabilities; mark others not essential.",
)
async def good_credentials_are_usable(bench: Bench) -> None:
    for access in bench.harness.accesses:
        report = await report_of(bench, access)
        names = [each.name for each in report.items]
        twice = sorted({each for each in names if names.count(each) > 1})
        must(not twice, seen=f"items named twice: {twice}", expected="names of their own")
        odd = [each for each in names if not re.fullmatch(r"[a-z][a-z0-9_]*", each)]
        must(not odd, seen=f"items named {odd}", expected="names like list_models")
        authentication(report)
        short = [
            f"{each.name}: {each.verdict}, {each.reason}"
            for each in report.items
            if each.essential and each.verdict is not Verdict.PASSED
        ]
        must(
            report.usable and not short,
            seen=f"with the good {access.name}: {'; '.join(short) or 'not usable'}",
            expected="every essential item passed",
        )


@CREDENTIALS.check(
    2,
    rule="Nothing passes that no answer of the cloud confirmed.",
    mend="Set PASSED only after the answer was read; let every exception fail its item.",
)
async def nothing_passes_unconfirmed(bench: Bench) -> None:
    for access in bench.harness.accesses:
        bench.renew()
        bench.faults.add(Fault(action=Reset(), times=None))
        broken = passed(await report_of(bench, access))
        must(
            not broken,
            seen=f"passed while the cloud broke every connection: {', '.join(broken)}",
            expected="no item passed",
        )
        bench.renew()
        names = passed(await report_of(bench, access))
        confirmed = [each for each in bench.wire if each.status and each.status < 300]  # noqa: PLR2004 - HTTP's successes
        must(
            confirmed or not names,
            seen=f"passed without a successful answer: {', '.join(names)}",
            expected="a request behind every verdict",
        )


@CREDENTIALS.check(
    3,
    rule="Every refusal shows: where the cloud turns one request of the check away, the report "
    "differs from that on good credentials.",
    mend="Give each request an item, or a note, and set it from that request's own answer.",
)
async def every_refusal_shows(bench: Bench) -> None:
    tried: set[tuple[str, str, str]] = set()
    for access in bench.harness.accesses:
        bench.renew()
        good = _content(await report_of(bench, access))
        for request in bench.wire:
            asked = (request.host, request.method, request.path)
            if asked in tried:
                continue
            tried.add(asked)
            bench.renew()
            bench.faults.add(_refusing(request))
            must(
                _content(await report_of(bench, access)) != good,
                seen=f"the same report although {request.method} {request.path} was refused",
                expected="an item or a note that tells",
            )


def _content(report: CredentialReport) -> str:
    items = [each.model_copy(update={"seconds": None}) for each in report.items]
    return f"{items} {report.notes} {report.facts} {report.proposals}"


def _refusing(request: RecordedRequest) -> Fault:
    body = {"error": {"code": "Forbidden", "message": "Not allowed."}}
    return Fault(
        action=Respond(403, body=body),
        host=request.host,
        method=request.method,
        path_prefix=request.path,
        times=None,
    )


@CREDENTIALS.check(
    4,
    rule="A wrong secret fails with the name of an AuthenticationError and without the secret; "
    "where nothing else authenticates, `authenticate` fails and what follows is not checked.",
    mend="Put `error.kind` of the refusal into the item, and stop at what it makes pointless.",
)
async def a_wrong_secret_is_told(bench: Bench) -> None:
    for access, name, value in wrong_secrets(bench):
        bench.renew()
        report = await report_of(bench, access, **{name: value})
        told = [each for each in failed(report) if is_named(each, errors.AuthenticationError)]
        must(
            told,
            seen=f"{access.name} with a wrong {name}: {shown(report)}, errors "
            f"{[each.error for each in failed(report)]}",
            expected="an item that failed with the name of an AuthenticationError",
        )
        must(
            value not in report.model_dump_json(),
            seen=f"the report shows the wrong {name}",
            expected="no secret",
        )
        if access is bench.narrowest:
            _must_stop_at_authentication(report, name)


def _must_stop_at_authentication(report: CredentialReport, secret: str) -> None:
    item = authentication(report)
    must(
        item.verdict is Verdict.FAILED and not report.usable,
        seen=f"with a wrong {secret}, authenticate is {item.verdict}",
        expected="failed",
    )
    must(
        is_named(item, errors.AuthenticationError),
        seen=f"with a wrong {secret}, authenticate failed with {item.error}",
        expected="the name of an AuthenticationError",
    )
    later = report.items[report.items.index(item) + 1 :]
    tried = [f"{each.name} {each.verdict}" for each in later if each.essential]
    wrongly = [each for each in tried if not each.endswith(Verdict.NOT_CHECKED)]
    wrongly += [f"{each.name} passed" for each in later if each.verdict is Verdict.PASSED]
    must(
        not wrongly,
        seen=f"after authenticate failed: {', '.join(wrongly)}",
        expected="not checked",
    )


@CREDENTIALS.check(
    5,
    rule="A host that cannot be reached is told as such: `reach` fails where there is one, "
    "`authenticate` is not held against the key, and nothing passes.",
    mend="Catch `TemporaryError` apart from `AuthenticationError`, and leave the rest NOT_CHECKED.",
)
async def an_unreachable_host_is_told(bench: Bench) -> None:
    for access in bench.harness.accesses:
        report = await report_without_network(bench, access)
        must_blame_no_key(report, when="without a network")
        must(
            not passed(report),
            seen=f"without a network passed: {', '.join(passed(report))}",
            expected="nothing passed",
        )
        reach = [each for each in report.items if each.name == "reach"]
        must(
            not reach
            or (reach[0].verdict, authentication(report).verdict)
            == (Verdict.FAILED, Verdict.NOT_CHECKED),
            seen=f"without a network: {shown(report)}",
            expected="reach failed, authenticate not checked",
        )


@CREDENTIALS.check(
    6,
    rule="A service that fails is not a wrong key: with 500, 503 and 429 nothing is said of the "
    "credentials.",
    mend="Decide by the class of the error, never by there being one.",
)
async def a_failing_service_is_no_wrong_key(bench: Bench) -> None:
    for status in (500, 503, 429):
        bench.renew()
        bench.faults.add(Fault(action=Respond(status, body={"error": {"code": "x"}}), times=None))
        report = await report_of(bench, bench.narrowest)
        must_blame_no_key(report, when=f"with {status} for every request")


@CREDENTIALS.check(
    7,
    rule="Checking changes nothing in the cloud and sends nothing that could.",
    mend="Read only; that something may be written is learnt from roles, or when it is written.",
)
async def checking_changes_nothing(bench: Bench) -> None:
    for access in bench.harness.accesses:
        bench.renew()
        before = bench.harness.standing(bench.cloud)
        await report_of(bench, access)
        writes = [f"{each.method} {each.path}" for each in bench.wire if each.method not in READING]
        must(not writes, seen=f"the check sent {', '.join(writes)}", expected="reading only")
        after = bench.harness.standing(bench.cloud)
        changed = sorted({*before, *after} if before != after else ())
        must(not changed, seen=f"other deployments than before: {changed}", expected="the same")


@CREDENTIALS.check(
    8,
    rule="What failed or was not checked says why, and an action says what to do.",
    mend="Take the reason from the error's message, and write a sentence for what was left out.",
)
async def verdicts_are_explained(bench: Bench) -> None:
    reports = [await report_of(bench, access) for access in bench.harness.accesses]
    reports += [
        await report_of(bench, access, **{name: value})
        for access, name, value in wrong_secrets(bench)
    ]
    reports.append(await report_without_network(bench, bench.widest))
    for item in (item for report in reports for item in report.items):
        must(
            item.verdict is Verdict.PASSED or len(item.reason.split()) > 1,
            seen=f"{item.name} {item.verdict} with the reason {item.reason!r}",
            expected="a reason in words",
        )
        must(
            item.verdict is not Verdict.FAILED or item.error,
            seen=f"{item.name} failed without the name of an error",
            expected="the name of a class of `bonito_providers.errors`",
        )
        must(
            not item.error or is_named(item, errors.ProviderError),
            seen=f"{item.name} names the error {item.error}",
            expected="the name of a class of `bonito_providers.errors`",
        )
        must(
            item.action is None or (item.action.title and item.action.instruction),
            seen=f"the action of {item.name} has no words",
            expected="a title and an instruction",
        )


@CREDENTIALS.check(
    9,
    rule="Times are real: the connection's clock dates the report, an item took what its calls "
    "took, and None where nothing was called.",
    mend="Take `connection.clock.now()` and differences of `connection.clock.monotonic()`.",
)
async def times_are_real(bench: Bench) -> None:
    for access in bench.harness.accesses:
        bench.renew()
        bench.clock.advance(1_000_000)
        wait = Fault(action=Respond(429, headers={"retry-after": f"{PAUSE}"}), method="GET")
        bench.faults.add(wait)
        started, begun = bench.clock.now(), bench.clock.monotonic()
        report = await report_of(bench, access)
        took = bench.clock.monotonic() - begun
        must(
            started <= report.observed_at <= bench.clock.now(),
            seen=f"observed at {report.observed_at}, on the clock it was {started}",
            expected="the time of the connection's clock",
        )
        times = {each.name: each.seconds for each in report.items if each.seconds is not None}
        idle = [
            each.name
            for each in report.items
            if each.verdict is Verdict.NOT_CHECKED and each.seconds
        ]
        must(not idle, seen=f"not checked, with a time: {idle}", expected="None")
        absurd = {name: each for name, each in times.items() if not 0 <= each <= took}
        must(not absurd, seen=f"{absurd} in {took:g} seconds", expected="what it really took")
        must(
            sum(times.values()) >= (PAUSE if took >= PAUSE else 0),
            seen=f"{times} although a call waited {PAUSE} seconds",
            expected="the item that waited says so",
        )


@CREDENTIALS.check(
    10,
    rule="A check is made anew each time: a connection tells what the cloud says now, also after "
    "it said otherwise.",
    mend="Keep clients and tokens with the connection, never reports or failures.",
)
async def each_check_is_made_anew(bench: Bench) -> None:
    for access in bench.harness.accesses:
        bench.renew()
        async with bench.connect(access) as connection:
            good = shown(await bench.provider.check_credentials(connection))
            bench.faults.add(Fault(action=Respond(401, body={"error": {"code": "x"}}), times=None))
            refused = await bench.provider.check_credentials(connection)
            must(
                not refused.usable,
                seen=f"{access.name} is usable although the cloud refuses everything by now",
                expected="a report of now",
            )
            bench.faults.clear()
            again = shown(await bench.provider.check_credentials(connection))
        if again != good:
            raise Violation(f"first {good}, after a refusal {again}", expected="the same outcome")


@CREDENTIALS.check(
    11,
    rule="What is told while a check goes on is what the report then says, each item once; a check "
    "may tell nothing early.",
    mend="Call `connection.tell(item)` with the item as it goes into the report, unchanged.",
)
async def what_is_told_stands(bench: Bench) -> None:
    tries: list[tuple[Access, dict[str, str]]] = [(each, {}) for each in bench.harness.accesses]
    tries += [(access, {name: value}) for access, name, value in wrong_secrets(bench)]
    for access, changed in tries:
        bench.renew()
        heard: list[CheckItem] = []
        async with bench.connect(access, **changed) as opened:
            report = await bench.provider.check_credentials(opened, progress=heard.append)
        strays = [each.name for each in heard if each not in report.items]
        must(
            not strays,
            seen=f"{access.name} was told of {', '.join(strays)} otherwise than is reported",
            expected="nothing told that the report does not say",
        )
        names = [each.name for each in heard]
        must(
            sorted(names) == sorted(each.name for each in report.items),
            seen=f"told: {', '.join(names)}",
            expected="each item of the report once",
        )
