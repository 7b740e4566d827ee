"""ERR: what a refusal of the service means to the one who has to do something about it."""

from __future__ import annotations

import itertools
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.answer_shapes import NOT_OBJECTS, REFUSALS, STATUSES, Shape, reaction
from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.exercises import READING, attempt, exercises
from bonito_contract_tests.outcomes import errors_in, must_raise, outcome_under, texts_of
from bonito_contract_tests.violation import HarnessError, must
from bonito_emulators import Fault, Respond
from bonito_providers import CredentialReport, Deployment, Listing, State
from bonito_providers.errors import (
    AuthenticationError,
    CapabilityUnavailable,
    HostUnreachable,
    ProviderError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.exercises import Call
    from bonito_contract_tests.harness import Access, Refusal
    from bonito_providers import Connection

ERRORS = Family("ERR", "Errors")

GONE = 404
_LOOKING = "get_deployment"
_HOOKS = (*READING, "invoke_model", "check_credentials")
_LONGEST = 1000
"""Characters of an error's text; a page shows it as it is."""
_MARKUP = ("<html", "<!doctype", "</", "<body", "<head")


@ERRORS.check(
    1,
    rule="Each documented refusal of the service is raised as the error that stands for it, with "
    "status, code, request id and pause as the service gave them, and with provider and hook.",
    mend="Map status and code of the service's error body to a class of `bonito_providers.errors`; "
    "pass `status`, `code`, `request_id` and `retry_after` on.",
)
async def documented_refusals_have_their_own_error(bench: Bench) -> None:
    if not bench.harness.refusals:
        message = "name the service's refusals: write `refusals`, from its documentation"
        raise HarnessError(message)
    calls = {each.name: await exercises(bench, each) for each in bench.harness.accesses}
    for refusal in bench.harness.refusals:
        access = bench.access(refusal.access) or bench.widest
        for hook in refusal.hooks:
            if hook not in calls[access.name]:
                message = f"{refusal.name!r} names {hook}, which {access.name} cannot do"
                raise HarnessError(message)
            await _try_refusal(bench, refusal, access, hook, calls[access.name][hook])


async def _try_refusal(
    bench: Bench, refusal: Refusal, access: Access, hook: str, call: Call
) -> None:
    answer = Respond(refusal.status, refusal.headers, refusal.body)
    async with bench.connect(access) as connection:
        bench.faults.add(
            Fault(
                action=answer,
                path_prefix=refusal.path_prefix,
                host=refusal.host,
                times=None,
            )
        )
        outcome = await attempt(call, connection)
    bench.faults.clear()
    when = f"{refusal.name} ({refusal.status}) in {hook}"
    must_raise(outcome, refusal.raises, when=when)
    if isinstance(outcome, CredentialReport):
        found = list(errors_in(outcome, when=when))
        must(
            refusal.raises in found,
            seen=f"{when}: {', '.join(each.__name__ for each in found)}",
            expected=refusal.raises.__name__,
        )
    else:
        _must_carry(outcome, refusal, bench.provider.info.name, hook, when=when)


def _must_carry(
    error: ProviderError, refusal: Refusal, provider: str, hook: str, *, when: str
) -> None:
    expected: dict[str, Any] = {
        "kind": refusal.raises.__name__,
        "status": refusal.status,
        "provider": provider,
        "operation": hook,
    }
    if refusal.code is not None:
        expected["code"] = refusal.code
    if refusal.retry_after is not None:
        expected["retry_after"] = refusal.retry_after
    if refusal.request_id is not None:
        expected["request_id"] = refusal.request_id
    for name, value in expected.items():
        found = getattr(error, name)
        must(found == value, seen=f"{when}: {name} is {found!r}", expected=f"{name} {value!r}")


@ERRORS.check(
    2,
    rule="A refusal is raised as what its status means to the caller, whatever its body is: "
    "re-authenticate (401, 403), ask the user (other 4xx), or wait and try again (408, 429, 5xx).",
    mend="Decide by the status first; read the body defensively, it may be anything at all.",
)
async def every_status_with_every_body_means_one_thing(bench: Bench) -> None:
    async with AsyncExitStack() as opened:
        ready: dict[tuple[str, str], tuple[Call, Connection]] = {}
        for access in bench.outermost:
            connection = await opened.enter_async_context(bench.connect(access))
            calls = await exercises(bench, access)
            for hook in (each for each in _HOOKS if each in calls):
                await calls[hook](connection)
                ready[access.name, hook] = calls[hook], connection
        for cell in _grid(list(ready), whole=bench.thorough > 1):
            await _try_cell(bench, *ready[cell.access, cell.hook], cell)


@dataclass(frozen=True)
class _Cell:
    status: int
    shape: Shape
    access: str
    hook: str

    def __str__(self) -> str:
        return f"{self.status} with {self.shape.name} in {self.hook}, {self.access}"


def _grid(hooks: list[tuple[str, str]], *, whole: bool) -> Iterator[_Cell]:
    """Yield every status with every shape in every hook, or a half of them over hooks in turn."""
    for row, status in enumerate(STATUSES):
        for column, shape in enumerate(REFUSALS):
            place = row + column
            if whole:
                yield from (_Cell(status, shape, *hook) for hook in hooks)
                continue
            if place % 2 == 0:
                yield _Cell(status, shape, *hooks[place // 2 % len(hooks)])
            if status == GONE:
                # Whether something is gone is what only the service itself can say.
                yield from (_Cell(status, shape, *hook) for hook in hooks if hook[1] == _LOOKING)


async def _try_cell(bench: Bench, call: Call, connection: Connection, cell: _Cell) -> None:
    answer = Respond(cell.status, cell.shape.headers, cell.shape.body)
    before = len(bench.wire)
    outcome = await outcome_under(bench, answer, call, connection)
    must(len(bench.wire) > before, seen=f"{cell}: nothing was asked", expected="a request")
    if cell.status == GONE and _is_absent(outcome) and cell.shape not in _IN_ITS_PLACE:
        return
    if cell.status == GONE and _admits_a_gap(outcome):
        return
    allowed = (reaction(cell.status), *_documented(bench, cell.status, cell.hook))
    must_raise(outcome, *allowed, when=str(cell))
    # That the credentials cannot do it is a verdict of the plugin's own, which has no status.
    if isinstance(outcome, ProviderError) and not isinstance(outcome, CapabilityUnavailable):
        must(
            outcome.status == cell.status,
            seen=f"{cell}: the error's status is {outcome.status!r}",
            expected=f"status {cell.status}",
        )


def _admits_a_gap(outcome: object) -> bool:
    """Tell whether a listing says that something is missing: its route may not exist any more."""
    return isinstance(outcome, Listing) and not outcome.complete and bool(outcome.notes)


_IN_ITS_PLACE = tuple(each for each in NOT_OBJECTS if each.body)
"""What no service of this kind answers: something else stands in its place, and knows nothing."""


def _is_absent(outcome: object) -> bool:
    return isinstance(outcome, Deployment) and outcome.state is State.ABSENT


def _documented(bench: Bench, status: int, hook: str) -> list[type[ProviderError]]:
    """Return what the service's own documentation says otherwise of a status."""
    return [
        each.raises
        for each in bench.harness.refusals
        if each.status == status and hook in each.hooks and each.code is None
    ]


@ERRORS.check(
    12,
    rule="What an error says is short, without markup and without the body it was made from.",
    mend="Take the service's message if it is a short text, else name the status; never put the "
    "raw body into an error.",
)
async def error_texts_are_short_and_plain(bench: Bench) -> None:
    async with aclosing(_failures(bench)) as failures:
        async for when, outcome in failures:
            for text in texts_of(outcome):
                lower = text.lower()
                found = [each for each in _MARKUP if each in lower]
                must(not found, seen=f"{when}: the text has {found[:1]}", expected="plain text")
                must(
                    len(text) <= _LONGEST,
                    seen=f"{when}: a text of {len(text)} characters",
                    expected=f"at most {_LONGEST}",
                )
                must(
                    text.isprintable(),
                    seen=f"{when}: line breaks or control characters in {text[:80]!r}",
                    expected="one line of text",
                )


@ERRORS.check(
    13,
    level=Level.SHOULD,
    rule="An error's text is a sentence, and those a person can mend say how: wrong or missing "
    "rights, and a host that is not there.",
    mend="Give `hint` to the error: where the key is found, which role is missing.",
)
async def errors_say_what_happened_and_what_to_do(bench: Bench) -> None:
    async with aclosing(_failures(bench)) as failures:
        async for when, outcome in failures:
            if not isinstance(outcome, ProviderError):
                continue
            said = outcome.message.strip()
            must(
                " " in said and said == outcome.message,
                seen=f"{when}: the text is {said[:80]!r}",
                expected="a sentence",
            )
            if isinstance(outcome, AuthenticationError | HostUnreachable):
                must(outcome.hint, seen=f"{when}: no hint", expected="what to do about it")


async def _failures(bench: Bench) -> AsyncGenerator[tuple[str, object]]:
    """Yield what each hook comes to while services answer with what people should not read."""
    calls = await exercises(bench)
    statuses = itertools.cycle((400, 401, 404, 500, 403))
    async with bench.connect() as connection:
        for shape in (*NOT_OBJECTS[:2], *REFUSALS[-1:], _SEVERAL_LINES):
            for hook, call in calls.items():
                status = next(statuses)
                answer = Respond(status, shape.headers, shape.body)
                outcome = await outcome_under(bench, answer, call, connection)
                yield f"{status} with {shape.name} in {hook}", outcome


_SEVERAL_LINES = Shape(
    "a message of several lines", b'{"error": {"code": "x", "message": "No.\\n\\n\\tNever."}}'
)
