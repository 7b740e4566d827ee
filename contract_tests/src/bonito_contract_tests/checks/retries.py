"""ERR, continued: how often and how long something is tried again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.errors import ERRORS
from bonito_contract_tests.exercises import READING, exercises, lasting, sampled, told
from bonito_contract_tests.outcomes import must_raise, outcome_under
from bonito_contract_tests.violation import must
from bonito_emulators import Action, AfterApplied, Reset, Respond, Truncate
from bonito_providers import Capability
from bonito_providers.errors import ProviderError, TemporaryError
from bonito_providers.provider import DEADLINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.exercises import Call
    from bonito_emulators import RecordedRequest

_ATTEMPTS = 3
_SHORT, _LONG = 7, 3600
"""Seconds: one the core waits for, and one it tells the caller of."""
_FORMS = ("seconds", "a date", "milliseconds")
_ROUNDING = 1.0
"""A date has no fractions of seconds."""


@ERRORS.check(
    4,
    rule="While a service fails, a hook sends at most three times the requests of a good call, "
    "and no longer than its deadline.",
    mend="Do not retry: the connection's client does. Switch off the retries of an SDK.",
)
async def requests_are_bounded(bench: Bench) -> None:
    calls = await exercises(bench)
    failures: list[tuple[str, Action]] = [
        ("500", Respond(500)),
        ("429", Respond(429, {"retry-after": str(_LONG)})),
        ("a reset", Reset()),
    ]
    for hook, call in calls.items():
        good = await _requests_of(bench, call, None)
        for name, action in failures:
            slept = sum(bench.clock.slept)
            sent = await _requests_of(bench, call, action)
            when = f"{name} for ever in {hook}"
            allowed = _ATTEMPTS * max(len(good), 1)
            must(
                len(sent) <= allowed,
                seen=f"{when}: {len(sent)} requests, and {len(good)} when all is well",
                expected=f"at most {allowed}",
            )
            if hook != "check_credentials":
                _must_be_few_each(sent, good, when=when)
            waited = sum(bench.clock.slept) - slept
            must(
                waited <= DEADLINES[hook],
                seen=f"{when}: {waited:.0f} seconds of waiting",
                expected=f"at most the deadline, {DEADLINES[hook]:.0f}",
            )


async def _requests_of(bench: Bench, call: Call, action: Action | None) -> list[RecordedRequest]:
    """Return what a new connection's call sends."""
    seen = len(bench.wire)
    async with bench.connect() as connection:
        if action is None:
            await call(connection)
        else:
            await outcome_under(bench, action, call, connection)
    return bench.wire[seen:]


def _must_be_few_each(
    sent: list[RecordedRequest], good: list[RecordedRequest], *, when: str
) -> None:
    usual = Counter(map(_target, good))
    for target, count in Counter(map(_target, sent)).items():
        allowed = _ATTEMPTS * max(usual[target], 1)
        must(
            count <= allowed,
            seen=f"{when}: {target} was asked {count} times",
            expected=f"at most {allowed} times",
        )


def _target(request: RecordedRequest) -> str:
    return f"{request.method} {request.host}{request.path}"


@ERRORS.check(
    5,
    rule="A pause that the service asks for, in seconds, in milliseconds or as a date, is waited "
    "for, or told to the caller in `retry_after`.",
    mend="Pass `answers.retry_after(response.headers, now=connection.clock.now())` to the error.",
)
async def pauses_are_kept(bench: Bench) -> None:
    calls = await exercises(bench)
    hooks = [hook for hook in ("list_deployments", "invoke_model") if hook in calls]
    async with bench.connect() as connection:
        for hook in hooks:
            await calls[hook](connection)
            for status in (429, 503):
                for name, seconds in (("short", _SHORT), ("long", _LONG)):
                    for form in _FORMS:
                        started = bench.clock.monotonic()
                        headers = _pause(bench, seconds, form)
                        answer = Respond(status, headers, {"error": {"code": "slow"}})
                        outcome = await outcome_under(
                            bench, answer, calls[hook], connection, times=1
                        )
                        waited = bench.clock.monotonic() - started
                        when = f"{status} with a {name} pause as {form} in {hook}"
                        _must_keep(outcome, seconds, waited, when=when)


def _pause(bench: Bench, seconds: int, form: str) -> Mapping[str, str]:
    if form == "milliseconds":
        return {"retry-after-ms": str(seconds * 1000)}
    date = bench.clock.now() + timedelta(seconds=seconds)
    return {
        "retry-after": str(seconds) if form == "seconds" else format_datetime(date, usegmt=True)
    }


def _must_keep(outcome: object, seconds: int, waited: float, *, when: str) -> None:
    if not isinstance(outcome, ProviderError):
        must(
            waited >= seconds - _ROUNDING,
            seen=f"{when}: tried again after {waited:.1f} seconds",
            expected=f"{seconds} seconds of waiting, or an error that tells of them",
        )
        return
    must_raise(outcome, TemporaryError, when=when)
    told_pause = outcome.retry_after
    must(
        told_pause is not None and abs(told_pause - seconds) <= _ROUNDING,
        seen=f"{when}: raised with retry_after {told_pause!r}",
        expected=f"retry_after {seconds}",
    )
    must(
        waited < _LONG,
        seen=f"{when}: waited {waited:.0f} seconds and raised all the same",
        expected="the error at once",
    )


@ERRORS.check(
    6,
    rule="One passing failure does not show: what a hook then returns equals what it returns when "
    "all is well.",
    mend="Read by GET, or mark a POST that only reads by `extensions={'idempotent': True}`; do "
    "not catch what the client could not mend.",
)
async def one_passing_failure_does_not_show(bench: Bench) -> None:
    calls = await exercises(bench)
    passing: list[tuple[str, Action]] = [
        *((str(status), Respond(status)) for status in (429, 500, 502, 503)),
        ("a reset", Reset()),
    ]
    async with bench.connect() as connection:
        reading = {hook: calls[hook] for hook in (*READING, "plan_deployment") if hook in calls}
        good = {hook: lasting(await call(connection)) for hook, call in reading.items()}
        for (name, action), hook, call in sampled(bench, passing, reading):
            outcome = await outcome_under(bench, action, call, connection, times=1)
            must(
                lasting(outcome) == good[hook],
                seen=f"{name} once in {hook}: {told(outcome)}",
                expected="the same as without it",
            )


@ERRORS.check(
    7,
    rule="A call to a model is sent once: an answer that is lost or a failure does not repeat it, "
    "since the customer pays for each.",
    mend="Call by POST without marking it idempotent, and do not loop over attempts or surfaces "
    "after a failure that may have come after the work.",
    needs=(Capability.INVOKE,),
)
async def calls_to_models_are_never_repeated(bench: Bench) -> None:
    call = (await exercises(bench))["invoke_model"]
    failures: list[tuple[str, Action]] = [
        *((str(status), AfterApplied(Respond(status))) for status in (408, 500, 502, 503, 504)),
        ("a lost answer", AfterApplied(Reset())),
        ("an answer that breaks off", Truncate(10)),
    ]
    async with bench.connect() as connection:
        await call(connection)
        seen = len(bench.wire)
        await call(connection)
        good = len(bench.wire) - seen
        for name, action in failures:
            seen = len(bench.wire)
            outcome = await outcome_under(bench, action, call, connection)
            sent = len(bench.wire) - seen
            must(
                sent <= good,
                seen=f"{name}: {sent} requests, and {good} when all is well",
                expected="no repetition",
            )
            must_raise(outcome, TemporaryError, when=name)
