"""ERR, continued: successes that are none, and answers without measure."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bonito_contract_tests.alterations import with_half_characters
from bonito_contract_tests.answer_shapes import NOT_OBJECTS, SUCCESSES, with_wrong_types
from bonito_contract_tests.checks.errors import ERRORS
from bonito_contract_tests.exercises import exercises, taking_turns, told
from bonito_contract_tests.hostile_answers import Huge, bomb, compressed
from bonito_contract_tests.interceptions import Altered
from bonito_contract_tests.outcomes import must_raise, outcome_under
from bonito_contract_tests.violation import must
from bonito_emulators import Action, Respond
from bonito_providers import CredentialReport, Listing
from bonito_providers.errors import MalformedAnswer, PluginError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench

OK = 200
_TOO_LARGE = 256
_MOST_MEMORY = 160
"""Megabytes; the core takes 32 of an answer, and a plugin a few copies of that."""
_HUGE = 33
"""One more than the core takes."""


@ERRORS.check(
    3,
    rule="A success whose body cannot be read is a MalformedAnswer: never a result made up from "
    "nothing, never an empty listing called complete, never a crash.",
    mend="Read answers by `answers.json_object` and `answers.json_list` or a model of the row, "
    "and let what they raise pass.",
)
async def unreadable_successes_are_malformed_answers(bench: Bench) -> None:
    unreadable: list[tuple[str, Action]] = [
        (each.name, Respond(200, each.headers, each.body)) for each in SUCCESSES
    ]
    unreadable.append(("members of other types", Altered(with_wrong_types)))
    async with taking_turns(bench, unreadable) as turns:
        for turn in turns:
            name, action = turn.situation
            seen = len(bench.wire)
            outcome = await outcome_under(bench, action, turn.call, turn.connection)
            # Where the cloud truly refuses the call, nothing was unreadable.
            if any(each.status == OK for each in bench.wire[seen:]):
                when = f"200 with {name} in {turn.hook}, {turn.access}"
                _must_see_that(name, outcome, when=when)


def _must_see_that(unreadable: str, outcome: object, *, when: str) -> None:
    if isinstance(outcome, CredentialReport):
        hopeless = unreadable in {each.name for each in NOT_OBJECTS}
        must(
            not (hopeless and outcome.usable),
            seen=f"{when}: the report says that the credentials are accepted",
            expected="an item that failed",
        )
    elif not _owns_up(outcome):
        must_raise(outcome, MalformedAnswer, when=when)


def _owns_up(outcome: object) -> bool:
    """Whether a listing says itself that it is not everything."""
    return isinstance(outcome, Listing) and (not outcome.complete or bool(outcome.skipped))


@ERRORS.check(
    9,
    rule="An answer that is too large, damaged or in an unknown coding is refused as a "
    "MalformedAnswer before it fills the memory.",
    mend="Call through `connection.http`, which bounds every answer; give an SDK that transport.",
)
async def answers_are_bounded(bench: Bench) -> None:
    calls = await exercises(bench)
    listing = next(hook for hook in ("list_deployments", "list_models", *calls) if hook in calls)
    answers: list[tuple[str, Action]] = [
        ("a body that claims to be gzip", compressed(b'{"items": []}', "gzip")),
        ("a body in a coding of its own", compressed(b"\x00\x01", "x-suite")),
        (f"a body of {_HUGE} MB", Huge(_HUGE)),
    ]
    async with bench.connect() as connection:
        await calls["check_credentials"](connection)
        # Only what unpacks can fill the memory; measuring makes what streams twice as slow.
        outcome, peak = await _measured(
            outcome_under(bench, bomb(_TOO_LARGE), calls[listing], connection)
        )
        when = f"a body that unpacks to {_TOO_LARGE} MB in {listing}"
        must_raise(outcome, MalformedAnswer, when=when)
        must(
            peak < _MOST_MEMORY,
            seen=f"{when}: {peak} MB of memory",
            expected=f"less than {_MOST_MEMORY} MB",
        )
        for name, action in answers:
            outcome = await outcome_under(bench, action, calls[listing], connection)
            must_raise(outcome, MalformedAnswer, when=f"{name} in {listing}")


async def _measured(work: Any) -> tuple[object, int]:  # noqa: ANN401 - something to await
    tracemalloc.start(1)
    try:
        outcome = await work
        return outcome, tracemalloc.get_traced_memory()[1] // 1024 // 1024
    finally:
        tracemalloc.stop()


@ERRORS.check(
    14,
    rule="Whatever a service answers, no hook crashes: what comes out is an error of the tree or "
    "a value of the contract, which can be written as JSON.",
    mend="Read each member with its type checked; `[]`, `null` and text stand everywhere, and a "
    "text may end in half a character.",
)
async def no_answer_crashes_a_hook(bench: Bench) -> None:
    calls = await exercises(bench)
    async with bench.connect() as connection:
        for change in (_with_nulls, _with_texts, _with_lists, with_half_characters):
            for hook, call in calls.items():
                outcome = await outcome_under(bench, Altered(change), call, connection)
                must(
                    not isinstance(outcome, PluginError) and _can_be_written(outcome),
                    seen=f"{change.__name__.strip('_').replace('_', ' ')} in {hook}: "
                    f"{told(outcome)}",
                    expected="another error of the tree, or a value that can be written",
                )


def _can_be_written(outcome: object) -> bool:
    """Whether a value can be stored and shown; half a character cannot."""
    try:
        text = outcome.model_dump_json() if isinstance(outcome, BaseModel) else str(outcome)
        text.encode()
    except ValueError:
        return False
    return True


def _with_nulls(document: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    return _replaced(document, None, depth)


def _with_texts(document: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    return _replaced(document, "?", depth)


def _with_lists(document: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    return _replaced(document, [], depth)


def _replaced(document: Any, value: object, depth: int) -> Any:  # noqa: ANN401 - JSON
    """Replace everything within the rows of lists, and leave the frame around them."""
    if isinstance(document, dict):
        inner = depth + bool(depth)
        kept = {name: _replaced(each, value, inner) for name, each in document.items()}
        # The two outer levels are the envelope, and stay.
        return kept if depth < 2 else dict.fromkeys(document, value)  # noqa: PLR2004
    if isinstance(document, list):
        return [_replaced(each, value, 2) for each in document]
    return document
